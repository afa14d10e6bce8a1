import { connect, type Socket } from 'node:net';

export interface HttpAnswer {
  status: number;
  replayed: boolean;
  body: unknown;
}

/**
 * A connection of HTTP/1.1 on which requests can be sent before the answers to earlier ones have arrived. Node's own clients do not
 * pipeline, and undici pipelines no POST.
 */
export class PipelinedConnection {
  readonly #socket: Socket;
  readonly #waiting: ((answer: HttpAnswer | undefined) => void)[] = [];
  #received = Buffer.alloc(0);

  private constructor(
    socket: Socket,
    private readonly token: string,
  ) {
    this.#socket = socket.setNoDelay(true);
    socket.on('data', (bytes) => this.#receive(bytes));
    // A reset ends the connection as a close does.
    socket.on('error', () => undefined);
    socket.once('close', () => this.#waiting.splice(0).forEach((resolve) => resolve(undefined)));
  }

  /** Undefined if nobody listens there. */
  static async open(url: string, token: string): Promise<PipelinedConnection | undefined> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    const connected = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    return connected ? new PipelinedConnection(socket, token) : undefined;
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed && this.#socket.writable;
  }

  /** Undefined if the connection ends before the answer. */
  send(method: string, path: string, body?: unknown, key?: string): Promise<HttpAnswer | undefined> {
    if (!this.isOpen) return Promise.resolve(undefined);
    const text = body === undefined ? '' : JSON.stringify(body);
    const head = [
      `${method} ${path} HTTP/1.1`,
      'Host: trm',
      `Authorization: Bearer ${this.token}`,
      ...(key === undefined ? [] : [`Idempotency-Key: ${key}`]),
      ...(body === undefined ? [] : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(text)}`]),
    ];
    const answer = new Promise<HttpAnswer | undefined>((resolve) => this.#waiting.push(resolve));
    // Requests that are sent together also arrive together.
    this.#socket.cork();
    this.#socket.write(`${head.join('\r\n')}\r\n\r\n${text}`);
    process.nextTick(() => this.#socket.uncork());
    return answer;
  }

  end(): void {
    this.#socket.destroy();
  }

  #receive(bytes: Buffer): void {
    this.#received = Buffer.concat([this.#received, bytes]);
    for (;;) {
      const headEnd = this.#received.indexOf('\r\n\r\n');
      if (headEnd < 0) return;
      const head = this.#received.toString('latin1', 0, headEnd);
      const length = /^content-length: (\d+)$/im.exec(head)?.[1];
      if (length === undefined) throw new Error(`An answer without a length: ${head}`);
      const end = headEnd + 4 + Number(length);
      if (this.#received.length < end) return;
      const body: unknown = JSON.parse(this.#received.toString('utf8', headEnd + 4, end));
      this.#received = this.#received.subarray(end);
      const answer = { status: Number(head.slice(9, 12)), replayed: /^idempotency-replayed: true$/im.test(head), body };
      this.#waiting.shift()!(answer);
    }
  }
}
