import { connect, type Socket } from 'node:net';

/** A TCP connection on which a test sends any bytes at any speed, and which stores everything it receives. */
export class RawConnection {
  readonly #socket: Socket;
  readonly closed: Promise<void>;
  received = '';

  private constructor(socket: Socket) {
    this.#socket = socket.setEncoding('latin1').on('data', (text: string) => (this.received += text));
    // A reset connection emits an error before it closes.
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

  /** Stops reading. */
  pause(): void {
    this.#socket.pause();
  }

  /** Waits until the received text matches. */
  async has(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.received);
      if (match) return match;
      if (this.#socket.destroyed)
        throw new Error(`The connection closed before it received ${pattern.source}: ${this.received}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  end(): void {
    this.#socket.destroy();
  }
}

/** The head of a request, including the empty line at its end. */
export const head = (line: string, headers: Readonly<Record<string, string | number>>): string =>
  [
    `${line} HTTP/1.1`,
    'Host: trm',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    '',
    '',
  ].join('\r\n');
