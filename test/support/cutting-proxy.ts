import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface CuttingProxy {
  /** The database's address, through the proxy. */
  url: string;
  /** The next `COMMIT` after such a statement reaches the server, but its answer is lost: the connection is cut. */
  cutAtCommitAfter(statement: string): void;
  /** How many connections have been cut. */
  readonly cuts: number;
  close(): void;
}

/** Stands between the service and its database, and can lose the answer to a commit as a failing network does. */
export async function cuttingProxy(databaseUrl: string): Promise<CuttingProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let armedFor: string | undefined;
  let cuts = 0;
  const server = createServer((client) => {
    const database = connect(Number(target.port), target.hostname);
    for (const socket of [client, database]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
      });
    }
    let cut = false;
    let armed = false;
    client.on('data', (data) => {
      armed ||= armedFor !== undefined && data.includes(armedFor);
      if (armed && data.includes('COMMIT')) {
        armed = false;
        armedFor = undefined;
        cut = true;
        cuts++;
      }
      database.write(data);
    });
    database.on('data', (data) => {
      // The server has answered: it has committed. Only now is the line cut.
      if (cut) client.destroy();
      else client.write(data);
    });
    client.on('close', () => database.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(databaseUrl);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    cutAtCommitAfter: (statement) => {
      armedFor = statement;
    },
    get cuts() {
      return cuts;
    },
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
