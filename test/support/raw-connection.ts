import { connect, type Socket } from 'node:net';

/** A client that sends what it likes, as slowly as it likes, and keeps everything that it is sent. */
export class RawConnection {
  readonly #socket: Socket;
  readonly closed: Promise<void>;
  received = '';

  private constructor(socket: Socket) {
    this.#socket = socket.setEncoding('latin1').on('data', (text: string) => (this.received += text));
    // A connection that is torn down is closed too.
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
  }

  /** @param localAddress one of 127.0.0.0/8, for a client with another address */
  static async open(url: string, localAddress?: string): Promise<RawConnection> {
    const { hostname, port } = new URL(url);
    const socket = connect({ port: Number(port), host: hostname, localAddress });
    const connection = new RawConnection(socket);
    await new Promise((resolve) => socket.once('connect', resolve).once('error', resolve));
    return connection;
  }

  send(text: string): void {
    this.#socket.write(text, 'latin1');
  }

  /** Reads nothing any more. */
  pause(): void {
    this.#socket.pause();
  }

  /** Resolves when what was received matches. */
  async has(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.received);
      if (match) return match;
      if (this.#socket.destroyed) throw new Error(`Closed before ${pattern.source}: ${this.received}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  end(): void {
    this.#socket.destroy();
  }
}

/** The head of a request, with the empty line after it. */
export const head = (line: string, headers: Readonly<Record<string, string | number>>): string =>
  [
    `${line} HTTP/1.1`,
    'Host: trm',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    '',
    '',
  ].join('\r\n');
