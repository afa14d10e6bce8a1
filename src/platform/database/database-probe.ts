import { randomInt } from 'node:crypto';
import { Client, type QueryResultRow } from 'pg';
import { connectionLost } from './database-errors.js';
import { StartError, misconfigured } from '../settings/start-error.js';

/** The first number of the probe's advisory locks. The liveness locks use 1004. */
const lockSpace = 1_005;

const oldestVersion = 15;

/**
 * Checks whether the service can use this database, before the service changes anything. The check leaves nothing behind: it
 * creates only temporary tables, in transactions that it rolls back.
 * @throws StartError with exit code 78 if the database does not exist, refuses the user, has an encoding other than UTF-8, is
 *   read-only, or breaks a promise that the ledger relies on; with 1 if the database cannot be reached
 */
export async function probeDatabase(url: string): Promise<void> {
  const one = await connected(url);
  try {
    await probeServer(one);
    const other = await connected(url);
    try {
      await probePromises(one, other);
    } finally {
      await other.end();
    }
  } catch (error) {
    throw startErrorOf(url, error);
  } finally {
    await one.end();
  }
}

async function connected(url: string): Promise<Client> {
  const client = new Client({ connectionString: url, application_name: 'trm-service probe' });
  // The idle session may end. The next query reports it.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    throw startErrorOf(url, error);
  }
}

/** Explains a database error at the start in a sentence; `variable` holds the address. Returns other errors unchanged. */
export function startErrorOf(url: string, error: unknown, variable = 'DATABASE_URL'): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  if (error instanceof StartError) return error;
  const place = placeOf(url, variable);
  const code = 'code' in error ? error.code : undefined;
  if (code === '3D000')
    return misconfigured(
      `There is no database ${place.database} at ${place.server}. Create it, or correct ${variable}.`,
    );
  if (code === '28P01' || code === '28000' || error.message.startsWith('SASL:'))
    return misconfigured(`${place.server} refuses the user or the password of ${variable}: ${error.message}`);
  if (code === '42501')
    return misconfigured(
      `The database user ${place.user} lacks a right in the database ${place.database}: ${error.message}. Grant it, or make the user the owner of the database.`,
    );
  if (connectionLost(error) || (code === undefined && error.message.startsWith('The server does not support SSL')))
    return new StartError(`The database cannot be reached: ${error.message || error.name}`);
  if (code === '53300')
    return new StartError(`${place.server} has no connection left: ${error.message}. Raise max_connections there.`);
  return error;
}

/** The parts of the address that may be printed, so without the password. */
function placeOf(url: string, variable: string): { server: string; database: string; user: string } {
  const { host, pathname, username, searchParams } = new URL(url);
  return {
    // For a Unix socket, the query names its folder.
    server: host || searchParams.get('host') || 'the server',
    database: decodeURIComponent(pathname.slice(1)),
    user: decodeURIComponent(username) || `of ${variable}`,
  };
}

async function probeServer(client: Client): Promise<void> {
  const [server] = await rows<{ version: string; encoding: string; standby: boolean; readOnly: string }>(
    client,
    `select current_setting('server_version_num') as version, current_setting('server_encoding') as encoding,
       pg_is_in_recovery() as standby, current_setting('default_transaction_read_only') as "readOnly"`,
  );
  const { version, encoding, standby, readOnly } = server!;
  const major = Math.floor(Number(version) / 10_000);
  if (major < oldestVersion)
    throw misconfigured(`The database is PostgreSQL ${major}. The service needs PostgreSQL ${oldestVersion} or later.`);
  if (encoding !== 'UTF8')
    throw misconfigured(
      `The database stores text as ${encoding}, which cannot hold Japanese names. Create it with ENCODING 'UTF8' TEMPLATE template0.`,
    );
  if (standby || readOnly === 'on')
    throw misconfigured(
      'The database can only be read. DATABASE_URL must name the primary, where the service can write.',
    );
}

/**
 * Tests the promises that the ledger relies on, with two connections. Engines that only speak PostgreSQL's protocol lack some of
 * them, and a pooler that shares one session between transactions breaks session locks.
 */
async function probePromises(one: Client, other: Client): Promise<void> {
  const probes: readonly [promise: string, holds: () => Promise<boolean>][] = [
    ['each connection keeps a session of its own', () => sessionsAreKept(one, other)],
    ['an advisory lock excludes other sessions until its own lets go', () => locksExclude(one, other)],
    ['a trigger of a statement sees the rows of the statement', () => triggersSeeRows(one)],
    ['a deferred foreign key is checked at the end of the transaction', () => keysAreDeferred(one)],
    ['pg_xact_status knows what became of a transaction', () => transactionsAreKnown(one, other)],
  ];
  for (const [promise, holds] of probes) {
    const said = await holds().catch((error: unknown) => {
      if (connectionLost(error) || codeOf(error) === '42501') throw error;
      return error instanceof Error ? error.message : String(error);
    });
    if (said !== true)
      throw misconfigured(
        `The database at DATABASE_URL does not keep a promise of PostgreSQL that the service relies on: ${promise}${said === false ? '' : ` (${said})`}. DATABASE_URL must be a direct or session-pooled connection to PostgreSQL ${oldestVersion} or later, not a transaction pooler or another engine.`,
      );
  }
}

/** A transaction pooler gives the idle session of one connection to the transaction of the other. */
async function sessionsAreKept(one: Client, other: Client): Promise<boolean> {
  const session = async (client: Client): Promise<number> =>
    (await rows<{ pid: number }>(client, 'select pg_backend_pid() as pid'))[0]!.pid;
  const before = await session(one);
  return rolledBack(other, async () => {
    const ofOther = await session(other);
    return ofOther !== before && (await session(one)) === before;
  });
}

async function locksExclude(one: Client, other: Client): Promise<boolean> {
  const key = [lockSpace, randomInt(1, 2 ** 31 - 1)];
  const asked = async (client: Client, call: 'pg_try_advisory_lock' | 'pg_advisory_unlock'): Promise<boolean> =>
    (await rows<{ done: boolean }>(client, `select ${call}($1::integer, $2::integer) as done`, key))[0]!.done;
  const seen = `select from pg_locks
    where locktype = 'advisory' and classid = $1 and objid = $2 and objsubid = 2 and granted`;
  if (!(await asked(one, 'pg_try_advisory_lock'))) return false;
  const excludes = !(await asked(other, 'pg_try_advisory_lock'));
  const isSeen = (await rows(other, seen, key)).length === 1;
  const letsGo = await asked(one, 'pg_advisory_unlock');
  const isFree = await asked(other, 'pg_try_advisory_lock');
  await asked(other, 'pg_advisory_unlock');
  return excludes && isSeen && letsGo && isFree;
}

function triggersSeeRows(client: Client): Promise<boolean> {
  return rolledBack(client, async () => {
    await client.query(`
      create temporary table probe_lines (line integer);
      create temporary table probe_sums (lines integer);
      create function pg_temp.probe_sum() returns trigger language plpgsql as $$ begin
        insert into probe_sums select count(*) from added;
        return null;
      end $$;
      create trigger sums after insert on probe_lines referencing new table as added
        for each statement execute function pg_temp.probe_sum();
      insert into probe_lines values (1), (2), (3)`);
    const sums = await rows<{ lines: number }>(client, 'select lines from probe_sums');
    return sums.length === 1 && sums[0]!.lines === 3;
  });
}

function keysAreDeferred(client: Client): Promise<boolean> {
  return rolledBack(client, async () => {
    await client.query(`
      create temporary table probe_terms (id integer primary key);
      create temporary table probe_entries (
        term_id integer references probe_terms (id) deferrable initially deferred
      );
      insert into probe_entries values (1)`);
    const [refusal] = await Promise.allSettled([client.query('set constraints all immediate')]);
    return refusal.status === 'rejected' && codeOf(refusal.reason) === '23503';
  });
}

async function transactionsAreKnown(one: Client, other: Client): Promise<boolean> {
  const statusAfter = async (end: 'commit' | 'rollback'): Promise<string | null> => {
    await other.query('begin');
    const [transaction] = await rows<{ id: string }>(other, 'select pg_current_xact_id()::text as id');
    await other.query(end);
    const sql = 'select pg_xact_status($1::xid8) as status';
    return (await rows<{ status: string | null }>(one, sql, [transaction!.id]))[0]!.status;
  };
  return (await statusAfter('commit')) === 'committed' && (await statusAfter('rollback')) === 'aborted';
}

async function rolledBack<T>(client: Client, work: () => Promise<T>): Promise<T> {
  await client.query('begin');
  try {
    return await work();
  } finally {
    await client.query('rollback');
  }
}

const rows = async <Row extends QueryResultRow>(client: Client, sql: string, values: unknown[] = []): Promise<Row[]> =>
  (await client.query<Row>(sql, values)).rows;

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
