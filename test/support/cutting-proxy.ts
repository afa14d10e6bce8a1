import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface CuttingProxy {
  /** The address of the database through the proxy. */
  url: string;
  /** The next `COMMIT` after a statement with this text reaches the server, but the proxy drops the connection before the answer. */
  cutAtCommitAfter(statement: string): void;
  /** The number of connections that the proxy has dropped. */
  readonly cuts: number;
  close(): void;
}

/** A proxy before a database that can lose the answer to a commit, like a failing network. */
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
      // The answer of the server shows that it has committed, so the proxy drops the connection only now.
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
