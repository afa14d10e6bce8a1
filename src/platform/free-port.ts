import { createServer, type AddressInfo } from 'node:net';

/** A TCP port that is free on `host` now. Another process may take it at any moment: then the caller reports an error or retries. */
export function freePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, host, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
