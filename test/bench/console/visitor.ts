import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { newId } from '../../../src/platform/ids.js';
import { statement } from '../service.js';

/** An answer as it came over the wire. */
export interface WireAnswer {
  status: number;
  /** The bytes of the body, compressed as the service sent them. */
  bytes: number;
  encoding: string | undefined;
  body: Buffer;
  ms: number;
}

/** A signed-in browser without a screen. It keeps its connection. */
export interface Visitor {
  readonly token: string;
  get(path: string): Promise<WireAnswer>;
  close(): void;
}

/** Signs a user in, as a link in a mail would. */
export async function visitorOf(databaseUrl: string, port: number, userId: string, now: Date): Promise<Visitor> {
  const token = randomBytes(32).toString('base64url');
  await statement(
    databaseUrl,
    `insert into sessions (id, user_id, token_hash, opened_with, created_at, last_seen_at, address)
     values ($1, $2, $3, 'link', $4, $4, '127.0.0.1')`,
    [newId(), userId, createHash('sha256').update(token).digest(), now],
  );
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const headers = { cookie: `trm=${token}`, accept: 'text/html', 'accept-encoding': 'br, gzip' };
  return {
    token,
    get: async (path) => {
      const startedAt = performance.now();
      const sent = request({ port, host: '127.0.0.1', path, agent, headers }).end();
      const [answer] = (await once(sent, 'response')) as [IncomingMessage];
      const parts: Buffer[] = [];
      for await (const part of answer as AsyncIterable<Buffer>) parts.push(part);
      const ms = performance.now() - startedAt;
      const body = Buffer.concat(parts);
      const encoding = answer.headers['content-encoding'];
      return { status: answer.statusCode!, bytes: body.length, encoding, body, ms };
    },
    close: () => agent.destroy(),
  };
}
