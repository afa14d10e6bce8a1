import { connect, type Socket } from 'node:net';
import type { Attack, Underway } from './attack.js';

/** Attacks with connections that send only the start of a request. */

const heads = 200;
const strangers = 200;
const bodies = 300;
const bodyBytes = 2 * 1024 * 1024;

/** Sends requests whose head never ends. */
export const halfSentHeads: Attack = {
  name: 'half-sent heads',
  sentence: `${heads} connections send half of a request head`,
  begin: (_scene, { port }) =>
    openConnections(port, heads, () => ['GET /v1/packages HTTP/1.1\r\nHost: localhost\r\nX-Slow: ']),
};

/** Sends bodies that never end: from clients without a token, and large ones with a token. */
export const halfSentBodies: Attack = {
  name: 'half-sent bodies',
  sentence: `${strangers} clients without a token, and ${bodies} with one and a body of 2 MiB, send half of the body`,
  begin: (scene, { port }) => {
    const part = Buffer.alloc(bodyBytes / 2, ' ');
    return openConnections(port, strangers + bodies, (index) => {
      const head = `POST /v1/time-entries/batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${bodyBytes}\r\n`;
      if (index < strangers) return [`${head}\r\n{`];
      return [`${head}Authorization: Bearer ${scene.attacker.token}\r\n\r\n`, part];
    });
  },
};

/** Opens connections, sends the first bytes, and keeps them open. */
async function openConnections(
  port: number,
  count: number,
  bytesOf: (index: number) => (string | Buffer)[],
): Promise<Underway> {
  const sockets: Socket[] = [];
  let closed = 0;
  for (let index = 0; index < count; index++) {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.on('error', () => undefined).on('close', () => closed++);
    socket.resume();
    for (const bytes of bytesOf(index)) socket.write(bytes);
    sockets.push(socket);
    // The operating system queues few new connections, so these open in small groups.
    if (index % 20 === 19) await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return {
    soFar: () => `the service closed ${closed} of ${count} connections`,
    end: () => {
      for (const socket of sockets) socket.destroy();
      return Promise.resolve();
    },
  };
}
