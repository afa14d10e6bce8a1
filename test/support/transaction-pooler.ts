import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface TransactionPooler {
  /** The database's address, through the pooler. */
  url: string;
  close(): void;
}

/** ReadyForQuery: the byte after its length says whether a transaction is open (`I`: no). */
const readyForQuery = 'Z'.charCodeAt(0);
const idle = 'I'.charCodeAt(0);

/**
 * Gives the sessions of a database to transactions, as PgBouncer does with `pool_mode = transaction`: every connection logs in to a
 * session of its own, and from then on each transaction runs in the session that came free last.
 */
export async function transactionPooler(databaseUrl: string): Promise<TransactionPooler> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const free: Session[] = [];
  const waiting: (() => void)[] = [];

  const release = (session: Session): void => {
    session.heard = undefined;
    free.push(session);
    waiting.shift()?.();
  };

  const server = createServer((client) => {
    const own = new Session(connect(Number(target.port), target.hostname), release);
    let session: Session | undefined = own;
    const toClient = (bytes: Buffer): void => void client.write(bytes);
    own.heard = toClient;
    let unsent: Buffer[] = [];
    const send = (): void => {
      if (unsent.length === 0) return;
      if (session?.heard !== toClient) session = free.pop();
      if (session === undefined) return void waiting.push(send);
      session.heard = toClient;
      for (const bytes of unsent) session.socket.write(bytes);
      unsent = [];
    };
    client.on('data', (bytes) => {
      // Terminate: the session stays in the pool.
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

/** A session of the database, which knows the ends of its transactions. */
class Session {
  /** Who gets its answers; undefined while it is free. */
  heard?: (bytes: Buffer) => void;
  #rest = Buffer.alloc(0);

  constructor(
    readonly socket: Socket,
    release: (session: Session) => void,
  ) {
    socket.on('data', (bytes: Buffer) => {
      this.heard?.(bytes);
      if (this.#endsTransaction(bytes)) release(this);
    });
  }

  /** Follows the messages of the server: a kind of one byte, then a length that counts itself. */
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
