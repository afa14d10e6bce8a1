import { connect } from 'node:net';

export interface LoadOptions {
  port: number;
  connections: number;
  seconds: number;
  /** The next request, whole, as bytes; asked for each time a connection is free. */
  next: () => Buffer;
}

export interface LoadResult {
  perSecond: number;
  /** How many answers there were of each status. */
  statuses: Map<number, number>;
  p50Ms: number;
  p99Ms: number;
}

const headersEnd = Buffer.from('\r\n\r\n');

/**
 * Keeps this number of keep-alive connections busy, one request at a time each, and counts the answers. It reads no more of an
 * answer than its status and length: what the client costs is taken from what the service can do on the same cores.
 */
export async function load({ port, connections, seconds, next }: LoadOptions): Promise<LoadResult> {
  const statuses = new Map<number, number>();
  const latencies: number[] = [];
  const startedAt = performance.now();
  const until = startedAt + seconds * 1_000;
  await Promise.all(
    Array.from({ length: connections }, () => {
      return new Promise<void>((resolve, reject) => {
        const socket = connect({ port, host: '127.0.0.1', noDelay: true });
        let pending = Buffer.alloc(0);
        let sentAt = 0;
        const send = (): void => {
          sentAt = performance.now();
          if (sentAt >= until) {
            socket.destroy();
            resolve();
          } else {
            socket.write(next());
          }
        };
        socket.on('connect', send);
        socket.on('error', reject);
        socket.on('data', (chunk) => {
          pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
          const end = pending.indexOf(headersEnd);
          if (end < 0) return;
          const head = pending.toString('latin1', 0, end).toLowerCase();
          const length = Number(/content-length: (\d+)/.exec(head)?.[1]);
          if (pending.length < end + 4 + length) return;
          const status = Number(head.slice(9, 12));
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
          latencies.push(performance.now() - sentAt);
          pending = Buffer.alloc(0);
          send();
        });
      });
    }),
  );
  latencies.sort((a, b) => a - b);
  return {
    perSecond: (latencies.length * 1_000) / (performance.now() - startedAt),
    statuses,
    p50Ms: latencies[Math.floor(latencies.length * 0.5)] ?? 0,
    p99Ms: latencies[Math.floor(latencies.length * 0.99)] ?? 0,
  };
}

/** A POST of a JSON body, as bytes. */
export function post(path: string, token: string, body: unknown): Buffer {
  const json = Buffer.from(JSON.stringify(body));
  const head =
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${json.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), json]);
}
