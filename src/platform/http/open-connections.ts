import type { BlockList, Server, Socket } from 'node:net';
import { clientAddress, isTrustedProxy } from '../client-address.js';
import type { HttpLimits } from '../settings/http-limits.js';

/**
 * Bounds the open connections. One address has half of them at most, so that it cannot keep all others out; the proxies in front
 * of the service are no clients and may have all.
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
