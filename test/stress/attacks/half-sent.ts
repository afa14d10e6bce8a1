import { connect, type Socket } from 'node:net';
import type { Attack, Underway } from './attack.js';

/** Connections that send the beginning of a request and then nothing more. */

const heads = 200;
const strangers = 200;
const bodies = 300;
const bodyBytes = 2 * 1024 * 1024;

/** Two hundred requests whose head never ends. */
export const halfSentHeads: Attack = {
  name: 'half-sent heads',
  sentence: `${heads} connections send half a head`,
  begin: (_scene, { port }) => held(port, heads, () => ['GET /v1/packages HTTP/1.1\r\nHost: localhost\r\nX-Slow: ']),
};

/** Bodies that never end: of senders without a token, and large ones of somebody with a token. */
export const halfSentBodies: Attack = {
  name: 'half-sent bodies',
  sentence: `${strangers} strangers and ${bodies} signed-in senders of 2 MiB send half a body`,
  begin: (scene, { port }) => {
    const part = Buffer.alloc(bodyBytes / 2, ' ');
    return held(port, strangers + bodies, (index) => {
      const head = `POST /v1/time-entries/batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${bodyBytes}\r\n`;
      if (index < strangers) return [`${head}\r\n{`];
      return [`${head}Authorization: Bearer ${scene.attacker.token}\r\n\r\n`, part];
    });
  },
};

/** Keeps connections open after their first bytes. */
async function held(port: number, count: number, bytesOf: (index: number) => (string | Buffer)[]): Promise<Underway> {
  const sockets: Socket[] = [];
  let closed = 0;
  for (let index = 0; index < count; index++) {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.on('error', () => undefined).on('close', () => closed++);
    socket.resume();
    for (const bytes of bytesOf(index)) socket.write(bytes);
    sockets.push(socket);
    // A few at a time, as the queue of connections that the system keeps is short.
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
