import { createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * Where a server stops: it never greets; it greets and says no more; it greets byte by byte for ever; it answers the recipient so;
 * it takes a message and never answers; it answers a message byte by byte for ever.
 */
export type Hang =
  | 'never-greets'
  | 'greets-and-hangs'
  | 'drips-its-greeting'
  | 'drips-at-the-recipient'
  | 'hangs-after-the-message'
  | 'drips-after-the-message';

const dripEveryMs = 20;

/** A TCP server that begins to speak SMTP and then keeps its clients waiting. */
export class HangingMailServer {
  /** How many connections were made to it. */
  connections = 0;
  /** How many messages it has read to the end. */
  messages = 0;
  readonly #open = new Set<Socket>();
  readonly #server = createServer((socket) => this.#serve(socket));

  private constructor(private readonly hang: Hang) {}

  /** `port` 0 is any that is free. */
  static async start(hang: Hang, port = 0): Promise<HangingMailServer> {
    const server = new HangingMailServer(hang);
    await new Promise<void>((resolve) => server.#server.listen(port, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** How many clients wait for it now. */
  get waiting(): number {
    return this.#open.size;
  }

  /** May be called twice. */
  async stop(): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(socket: Socket): void {
    this.connections++;
    this.#open.add(socket);
    socket.on('error', () => undefined).once('close', () => this.#open.delete(socket));
    if (this.hang === 'never-greets') return void socket.resume();
    if (this.hang === 'drips-its-greeting') return this.#drip(socket, '220-');
    socket.write('220 here\r\n');
    if (this.hang === 'greets-and-hangs') return void socket.resume();
    this.#converse(socket);
  }

  #converse(socket: Socket): void {
    let text = '';
    let isMessage = false;
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      for (;;) {
        const end = isMessage ? '\r\n.\r\n' : '\r\n';
        const at = text.indexOf(end);
        if (at < 0) return;
        const command = text.slice(0, at).toUpperCase();
        text = text.slice(at + end.length);
        if (isMessage) {
          this.messages++;
          if (this.hang === 'drips-after-the-message') this.#drip(socket, '250-');
          return;
        }
        if (command.startsWith('RCPT') && this.hang === 'drips-at-the-recipient') return this.#drip(socket, '250-');
        isMessage = command === 'DATA';
        socket.write(isMessage ? '354 go on\r\n' : '250 ok\r\n');
      }
    });
  }

  /** An answer of many lines without an end: the socket is never idle. */
  #drip(socket: Socket, start: string): void {
    socket.resume();
    const line = `${start}wait\r\n`;
    let at = 0;
    const timer = setInterval(() => socket.write(line[at++ % line.length]!), dripEveryMs);
    socket.once('close', () => clearInterval(timer));
  }
}
