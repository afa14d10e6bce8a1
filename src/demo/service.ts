import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { projectRoot } from './time-entries.js';

/**
 * The folder of all files of the demo: database, mails, log, reports, evidence, and hours to import. Tests name another folder, so that
 * they do not stop a demo that a developer has left running.
 */
export const demoFolder = process.env.DEMO_FOLDER ?? join(projectRoot(), '.demo');
export const mailbox = join(demoFolder, 'mailbox');

const program = join(__dirname, '..', 'main.js');
const log = join(demoFolder, 'service.log');
const running = join(demoFolder, 'demo.pid');

/** The first start creates a database, which takes some seconds on a slow machine. */
const startDeadlineMs = 40_000;
const stopDeadlineMs = 20_000;

export interface Service {
  url: string;
  adminToken: string;
  /** Resolves when the service is ready. */
  ready(): Promise<void>;
  /** Resolves when the process has ended. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

/** Starts the service in a child process, with an empty data folder and a simulated clock that stands at `now`. */
export function startService(now: string, port: number): Service {
  makeEmptyFolder();
  const url = `http://127.0.0.1:${port}`;
  const adminToken = randomBytes(24).toString('base64url');
  const output = openSync(log, 'w');
  const child = spawn(process.execPath, [program], {
    stdio: ['ignore', output, output],
    // This folder has no `.env`, so a developer's settings do not reach the demo.
    cwd: demoFolder,
    env: {
      // The environment may name other databases and mail servers; the demo must not use them.
      ...only(process.env, 'PATH', 'HOME', 'TMPDIR', 'LANG', 'TZ'),
      PORT: String(port),
      PUBLIC_URL: url,
      DATA_DIR: demoFolder,
      CLOCK: `simulated:${now}`,
      ADMIN_TOKEN: adminToken,
      RATE_LIMIT_PER_MINUTE: '0',
      LOG_LEVEL: 'warn',
    },
  });
  closeSync(output);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  writeFileSync(running, String(child.pid));

  return { url, adminToken, ready: () => ready(url, child), ended, stop: () => stopped(child, ended) };
}

/** The last lines of the service's log. */
export function endOfLog(): string {
  return existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').slice(-15).join('\n') : '';
}

async function ready(url: string, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + startDeadlineMs;
  while (performance.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('The service has not started.');
    if (await isReady(url)) return;
    await pause(50);
  }
  throw new Error(`The service was not ready within ${startDeadlineMs / 1000} seconds.`);
}

function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** Asks a process to stop, and kills it after the deadline. */
async function stopped(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.kill('SIGTERM');
  const impatience = setTimeout(() => child.kill('SIGKILL'), stopDeadlineMs);
  await ended;
  clearTimeout(impatience);
  rmSync(running, { force: true });
}

function makeEmptyFolder(): void {
  const pid = existsSync(running) ? Number(readFileSync(running, 'utf8')) : 0;
  if (pid > 0 && isService(pid)) {
    throw new Error(
      `A demo is still running (process ${pid}). Stop it with Ctrl-C where it was started, or: kill ${pid}`,
    );
  }
  // If the demo runs as root, the database may lie elsewhere. The data folder then says where.
  const note = join(demoFolder, 'postgres.location');
  if (existsSync(note)) rmSync(readFileSync(note, 'utf8').trim(), { recursive: true, force: true });
  rmSync(demoFolder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  mkdirSync(demoFolder, { mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
}

/** Whether the process runs, and is not another process with a reused id. */
function isService(pid: number): boolean {
  try {
    process.kill(pid, 0);
    const commandLine = `/proc/${pid}/cmdline`;
    return !existsSync('/proc/self') || readFileSync(commandLine, 'utf8').includes(program);
  } catch {
    return false;
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

function only(env: NodeJS.ProcessEnv, ...names: string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(names.filter((name) => name in env).map((name) => [name, env[name]]));
}
