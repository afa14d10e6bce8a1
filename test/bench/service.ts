import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres/start.js';
import { freePort } from '../../src/platform/free-port.js';

/** The service as it is shipped, in a process of its own, on a new database with fsync on. */
export interface Bench {
  port: number;
  token: string;
  databaseUrl: string;
  /** A call that must succeed. */
  call: <Answer>(method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;
  residentMegabytes: () => number;
  stop: () => Promise<void>;
}

/** On the server of `DATABASE_URL`, where there is one, else on an embedded PostgreSQL of the bench's own. */
export async function startBench(clock: string): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), 'trm-bench-'));
  const given = process.env['DATABASE_URL'];
  const embedded =
    given === undefined ? await startEmbeddedPostgres({ dataDir: folder, maxConnections: 60 }) : undefined;
  const databaseUrl = await newDatabase(given ?? embedded!.url);
  const port = await freePort('127.0.0.1');
  const token = 'bench-admin-token-of-enough-characters';
  const service = spawn(process.execPath, [join(__dirname, '../../src/main.js')], {
    env: {
      ...process.env,
      PORT: String(port),
      DATABASE_URL: databaseUrl,
      DATA_DIR: folder,
      ADMIN_TOKEN: token,
      SECRET_KEY: 'bench-secret-key-of-enough-characters',
      CLOCK: `simulated:${clock}`,
      JOBS: 'off',
      RATE_LIMIT_PER_MINUTE: '0',
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise((resolve) => service.on('exit', resolve));
  const call: Bench['call'] = async (method, path, body, headers = {}) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as never;
  };
  const stop = async (): Promise<void> => {
    service.kill('SIGTERM');
    await ended;
    await embedded?.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  await ready(port);
  return {
    port,
    token,
    databaseUrl,
    call,
    stop,
    residentMegabytes: () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${service.pid}/status`, 'utf8'))?.[1]) / 1024,
  };
}

async function newDatabase(serverUrl: string): Promise<string> {
  const name = `trm_bench_${process.pid}`;
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function ready(port: number): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('The service did not become ready');
}
