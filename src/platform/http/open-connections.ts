import type { BlockList, Server, Socket } from 'node:net';
import { clientAddress, isTrustedProxy } from '../client-address.js';
import type { HttpLimits } from '../settings/http-limits.js';

/**
 * Limits the number of open connections. One address may have at most half of them, so that it cannot lock out all
 * others. Trusted proxies are not limited, because they are not clients.
 */
export function limitConnections(server: Server, { connections }: HttpLimits, trustedProxies: BlockList): void {
  server.maxConnections = connections;
  const open = new Map<string, number>();
  server.prependListener('connection', (socket: Socket) => {
    const address = clientAddress(socket.remoteAddress, undefined, trustedProxies);
    if (isTrustedProxy(address, trustedProxies)) return;
    const count = (open.get(address) ?? 0) + 1;
    open.set(address, count);
    socket.once('close', () => {
      const left = open.get(address)! - 1;
      if (left === 0) open.delete(address);
      else open.set(address, left);
    });
    if (count > connections / 2) socket.destroy();
  });
}
