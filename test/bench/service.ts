import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { superuserUrl } from '../support/superuser.js';
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres/start.js';
import { freePort } from '../../src/platform/free-port.js';
import { projectPath } from '../../src/platform/project-root.js';

/** The unit of the processor times in `/proc`. */
const ticksPerSecond = 100;

/** The PostgreSQL of a bench, with fsync on. */
export interface Server {
  /** The URL of one of its databases. */
  urlOf: (database: string) => string;
  /** Runs a statement outside the databases of the bench, for example one that copies a database. */
  run: (sql: string) => Promise<void>;
  /** Stops the server and deletes its data, unless it is the server of `DATABASE_URL`. */
  stop: () => Promise<void>;
}

/** The built service in its own process. */
export interface Service {
  port: number;
  token: string;
  /** Sends a request, which must succeed. A string is sent unchanged, and every other body as JSON. */
  call: <Answer>(method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;
  residentMegabytes: () => number;
  /** The peak of the resident memory since the previous call. */
  peakMegabytes: () => number;
  /** The processor time so far. */
  cpuSeconds: () => number;
  signal: (name: NodeJS.Signals) => void;
  /** Stops the process with SIGTERM, and returns its exit code. */
  stop: () => Promise<number | null>;
}

export type Bench = Omit<Service, 'stop'> & { databaseUrl: string; stop: () => Promise<void> };

/** A service on a new database, on the server of `DATABASE_URL`, where there is one, else on a PostgreSQL of the bench's own. */
export async function startBench(clock: string): Promise<Bench> {
  const server = await startServer();
  const name = `trm_bench_${process.pid}`;
  await server.run(`create database ${name}`);
  const service = await startService(server.urlOf(name), { CLOCK: `simulated:${clock}` });
  const stop = async (): Promise<void> => {
    await service.stop();
    await server.stop();
  };
  return { ...service, databaseUrl: server.urlOf(name), stop };
}

/** Connects to the server of `DATABASE_URL`, or starts an embedded server with these settings. */
export async function startServer(settings: Record<string, string> = {}): Promise<Server> {
  const given = process.env['DATABASE_URL'];
  if (given !== undefined) return serverAt(given, () => Promise.resolve());
  const folder = mkdtempSync(join(tmpdir(), 'trm-bench-'));
  // If the bench runs as root, the server runs as another user. Without access, it would store its data elsewhere, and nothing would
  // delete it.
  chmodSync(folder, 0o755);
  const options = { dataDir: folder, maxConnections: 60 };
  let embedded = await startEmbeddedPostgres(options);
  for (const [name, value] of Object.entries(settings)) {
    await statement(superuserUrl(embedded, folder), `alter system set ${name} = '${value}'`);
  }
  if (Object.keys(settings).length > 0) {
    await embedded.stop();
    embedded = await startEmbeddedPostgres(options);
  }
  return serverAt(superuserUrl(embedded, folder), async () => {
    await embedded.stop();
    rmSync(folder, { recursive: true, force: true });
  });
}

/** Starts the service on a database. The settings add to or replace those of every bench. No jobs run by themselves. */
export async function startService(databaseUrl: string, settings: NodeJS.ProcessEnv): Promise<Service> {
  const port = await freePort('127.0.0.1');
  const token = 'bench-admin-token-of-enough-characters';
  const folder = mkdtempSync(join(tmpdir(), 'trm-bench-service-'));
  const profile = process.env['BENCH_PROFILE'];
  const flags = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const service = spawn(process.execPath, [...flags, projectPath('dist', 'src', 'main.js')], {
    cwd: folder,
    env: {
      ...process.env,
      PORT: String(port),
      DATABASE_URL: databaseUrl,
      DATA_DIR: folder,
      ADMIN_TOKEN: token,
      SECRET_KEY: 'bench-secret-key-of-enough-characters',
      JOBS: 'off',
      RATE_LIMIT_PER_MINUTE: '0',
      LOG_LEVEL: 'error',
      ...settings,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => service.on('exit', resolve));
  // If the bench fails, its services must not stay behind.
  const kill = (): boolean => service.kill('SIGKILL');
  process.once('exit', kill);
  service.once('exit', () => process.off('exit', kill));
  const call: Service['call'] = async (method, path, body, headers = {}) => {
    const answer = await answerOf(
      request({
        port,
        host: '127.0.0.1',
        method,
        path,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
      }).end(body === undefined || typeof body === 'string' ? body : JSON.stringify(body)),
    );
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return JSON.parse(answer.text) as never;
  };
  const memory = (line: string): number =>
    Number(new RegExp(`${line}:\\s+(\\d+)`).exec(readFileSync(`/proc/${service.pid}/status`, 'utf8'))?.[1]) / 1024;
  await ready(port);
  return {
    port,
    token,
    call,
    residentMegabytes: () => memory('VmRSS'),
    peakMegabytes: () => {
      const peak = memory('VmHWM');
      // This resets the peak on Linux.
      writeFileSync(`/proc/${service.pid}/clear_refs`, '5');
      return peak;
    },
    cpuSeconds: () => cpuSecondsOf(service.pid!),
    signal: (name) => service.kill(name),
    stop: async () => {
      service.kill('SIGTERM');
      const code = await ended;
      rmSync(folder, { recursive: true, force: true });
      return code;
    },
  };
}

/** Runs one statement on a new connection. */
export async function statement<Row>(databaseUrl: string, sql: string, values?: unknown[]): Promise<Row[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const result = await client.query(sql, values);
    return result.rows as Row[];
  } finally {
    await client.end();
  }
}

/** The processor time of a process; 0 if it does not run on this machine. */
export function cpuSecondsOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  } catch {
    return 0;
  }
}

/** The processor time of all open connections of a database. */
export async function backendCpuSeconds(databaseUrl: string): Promise<number> {
  const backends = await statement<{ pid: number }>(
    databaseUrl,
    'select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
  return backends.reduce((sum, { pid }) => sum + cpuSecondsOf(pid), 0);
}

function serverAt(url: string, stop: Server['stop']): Server {
  return {
    urlOf: (database) => {
      const other = new URL(url);
      other.pathname = `/${database}`;
      return other.href;
    },
    run: async (sql) => {
      await statement(url, sql);
    },
    stop,
  };
}

/** Reads an answer. The calls do not use `fetch`, which times out after five minutes: a job may take longer. */
async function answerOf(sent: ClientRequest): Promise<{ status: number; text: string }> {
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  let text = '';
  for await (const part of answer.setEncoding('utf8')) text += String(part);
  return { status: answer.statusCode!, text };
}

async function ready(port: number): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('The service did not become ready');
}
