import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface TransactionPooler {
  /** The address of the database through the pooler. */
  url: string;
  close(): void;
}

/** The message ReadyForQuery. The byte after its length says whether a transaction is open (`I`: none is open). */
const readyForQuery = 'Z'.charCodeAt(0);
const idle = 'I'.charCodeAt(0);

/**
 * Assigns database sessions to transactions, like PgBouncer with `pool_mode = transaction`. Each connection logs in to a new session.
 * After that, each of its transactions runs in the session that became free last.
 */
export async function transactionPooler(databaseUrl: string): Promise<TransactionPooler> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const free: Session[] = [];
  const waiting: (() => void)[] = [];

  const release = (session: Session): void => {
    session.receiver = undefined;
    free.push(session);
    waiting.shift()?.();
  };

  const server = createServer((client) => {
    const own = new Session(connect(Number(target.port), target.hostname), release);
    let session: Session | undefined = own;
    const toClient = (bytes: Buffer): void => void client.write(bytes);
    own.receiver = toClient;
    let unsent: Buffer[] = [];
    const send = (): void => {
      if (unsent.length === 0) return;
      if (session?.receiver !== toClient) session = free.pop();
      if (session === undefined) return void waiting.push(send);
      session.receiver = toClient;
      for (const bytes of unsent) session.socket.write(bytes);
      unsent = [];
    };
    client.on('data', (bytes) => {
      // The message Terminate ends only the client's connection; the session stays in the pool.
      if (bytes[0] === 'X'.charCodeAt(0)) return;
      unsent.push(bytes);
      send();
    });
    for (const socket of [client, own.socket]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
    }
    client.on('end', () => client.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(databaseUrl);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** A database session that detects the end of each transaction. */
class Session {
  /** Gets the answers of the session; undefined while the session is free. */
  receiver?: (bytes: Buffer) => void;
  #rest = Buffer.alloc(0);

  constructor(
    readonly socket: Socket,
    release: (session: Session) => void,
  ) {
    socket.on('data', (bytes: Buffer) => {
      this.receiver?.(bytes);
      if (this.#endsTransaction(bytes)) release(this);
    });
  }

  /** Parses the messages of the server: one byte for the type, then a length that includes itself. */
  #endsTransaction(bytes: Buffer): boolean {
    let rest = Buffer.concat([this.#rest, bytes]);
    let ends = false;
    while (rest.length >= 5 && rest.length > rest.readUInt32BE(1)) {
      const end = 1 + rest.readUInt32BE(1);
      ends = rest[0] === readyForQuery && rest[5] === idle;
      rest = rest.subarray(end);
    }
    this.#rest = rest;
    return ends;
  }
}
