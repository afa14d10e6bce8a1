import { createServer, type AddressInfo, type Socket } from 'node:net';

/** At which step of SMTP the server stops answering (`hangs`), or answers one byte at a time without an end (`drips`). */
export type Hang =
  | 'never-greets'
  | 'greets-and-hangs'
  | 'drips-its-greeting'
  | 'drips-at-the-recipient'
  | 'hangs-after-the-message'
  | 'drips-after-the-message';

const dripEveryMs = 20;

/** A server that starts to speak SMTP and then keeps its clients waiting. */
export class HangingMailServer {
  /** The number of connections so far. */
  connections = 0;
  /** The number of messages that it has read completely. */
  messages = 0;
  readonly #open = new Set<Socket>();
  readonly #server = createServer((socket) => this.#serve(socket));

  private constructor(private readonly hang: Hang) {}

  /** @param port 0 chooses a free port */
  static async start(hang: Hang, port = 0): Promise<HangingMailServer> {
    const server = new HangingMailServer(hang);
    await new Promise<void>((resolve) => server.#server.listen(port, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The number of clients that are waiting now. */
  get waiting(): number {
    return this.#open.size;
  }

  /** Calling it twice is allowed. */
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

  /** Sends an endless answer of many lines, so that the socket is never idle. */
  #drip(socket: Socket, start: string): void {
    socket.resume();
    const line = `${start}wait\r\n`;
    let at = 0;
    const timer = setInterval(() => socket.write(line[at++ % line.length]!), dripEveryMs);
    socket.once('close', () => clearInterval(timer));
  }
}
