import { connect, type Socket } from 'node:net';
import type { Attack, Underway } from './attack.js';

/** Attacks by clients that read long answers slowly or not at all. */

const readers = 8;
const drip = { bytes: 4_096, everyMs: 100 };
const report = '/v1/reports/usage-lines?from=2026-07-01&to=2026-07-31&format=ndjson';

/** One user starts downloads and reads none. */
export const pausedReaders: Attack = {
  name: 'paused readers',
  sentence: `one user starts ${readers} reports and reads none`,
  begin: (scene, { port }) => reading(port, scene.attacker.token, () => undefined),
};

/** One user reads downloads so slowly that they last for the whole attack. */
export const drippingReaders: Attack = {
  name: 'dripping readers',
  sentence: `one user starts ${readers} reports and reads 40 kB a second of each`,
  begin: (scene, { port }) => reading(port, scene.attacker.token, (socket) => socket.read(drip.bytes)),
};

function reading(port: number, token: string, read: (socket: Socket) => unknown): Promise<Underway> {
  let closed = 0;
  const sockets = Array.from({ length: readers }, () => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.on('error', () => undefined).on('close', () => closed++);
    socket.pause();
    socket.write(`GET ${report} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`);
    return socket;
  });
  const timer = setInterval(() => sockets.forEach(read), drip.everyMs);
  return Promise.resolve({
    soFar: () => `the service closed ${closed} of ${readers} connections`,
    end: () => {
      clearInterval(timer);
      for (const socket of sockets) socket.destroy();
      return Promise.resolve();
    },
  });
}
