import { createServer, type AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { probeDatabase } from '../src/platform/database/database-probe.js';
import { migrate } from '../src/platform/database/migrations.js';
import { databaseUrl, emptyDatabase, onServer, testDatabase, type TestDatabase } from './support/database.js';
import { ServiceProcess } from './support/process.js';
import { transactionPooler } from './support/transaction-pooler.js';

// A service that cannot start prints the reason in a sentence. It ends with 78 if a person must change something first.

jest.setTimeout(120_000);

const dataDir = mkdtempSync(join(tmpdir(), 'trm-start-'));
const databases: TestDatabase[] = [];
const roles: string[] = [];

afterAll(async () => {
  for (const database of databases) await database.drop();
  for (const role of roles) await onServer(`DROP ROLE ${role}`);
  rmSync(dataDir, { recursive: true });
});

async function started(env: NodeJS.ProcessEnv): Promise<{ code: number | null; output: string }> {
  const settings = { DATA_DIR: dataDir, SECRET_KEY: 's'.repeat(32), JOBS: 'off', ...env };
  const service = new ServiceProcess(settings, { roles: false });
  const code = await service.ended;
  return { code, output: service.output };
}

async function database(prepare = '', make = emptyDatabase): Promise<string> {
  const made = await make();
  databases.push(made);
  if (prepare !== '') await on(made.url, prepare);
  return made.url;
}

async function on<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function latin1(): Promise<TestDatabase> {
  const name = `trm_latin1_${process.pid}`;
  await onServer(
    `CREATE DATABASE ${name} ENCODING LATIN1 LC_COLLATE 'C' LC_CTYPE 'C' LOCALE_PROVIDER libc TEMPLATE template0`,
  );
  return { url: databaseUrl(name), drop: () => onServer(`DROP DATABASE ${name} WITH (FORCE)`) };
}

/** The address for a user who may only log in. */
async function asStranger(url: string): Promise<string> {
  const role = `trm_stranger_${process.pid}_${roles.length}`;
  await onServer(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'`);
  roles.push(role);
  return changed(url, { username: role, password: 'secret' });
}

const changed = (url: string, parts: Partial<Pick<URL, 'username' | 'password' | 'pathname'>>): string =>
  Object.assign(new URL(url), parts).href;

/** Everything in the schema, every temporary table, and every advisory lock. */
const contentOf = (url: string) =>
  on(
    url,
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace OR relpersistence = 't'
     UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
     UNION ALL SELECT mode FROM pg_locks WHERE locktype = 'advisory'
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  );

describe('a service says in a sentence why it cannot start', () => {
  test.each<[situation: string, url: () => Promise<string>, sentence: RegExp]>([
    [
      'the database does not exist',
      async () => changed(await database(), { pathname: '/trm_absent' }),
      /^There is no database trm_absent at 127\.0\.0\.1:\d+\. Create it, or correct DATABASE_URL\.$/,
    ],
    [
      'the password is wrong',
      async () => changed(await database(), { password: 'wrong' }),
      /^127\.0\.0\.1:\d+ refuses the user or the password of DATABASE_URL: password authentication failed/,
    ],
    [
      'the password is missing',
      async () => changed(await database(), { password: '' }),
      /^127\.0\.0\.1:\d+ refuses the user or the password of DATABASE_URL: /,
    ],
    [
      'the user may not connect',
      async () => {
        const url = await database();
        await onServer(`REVOKE CONNECT ON DATABASE ${new URL(url).pathname.slice(1)} FROM PUBLIC`);
        return asStranger(url);
      },
      /^The database user trm_stranger_\S+ lacks a right in the database trm_\S+: permission denied for database/,
    ],
    [
      'the user may create no tables',
      async () => asStranger(await database()),
      /^The database user trm_stranger_\S+ may not create tables in the schema public: GRANT CREATE ON SCHEMA public TO/,
    ],
    [
      'the user may not use the tables',
      async () => asStranger(await database('', testDatabase)),
      /^The database user trm_stranger_\S+ lacks a right in the database trm_\S+: permission denied for table/,
    ],
    [
      'no schema of the search path exists',
      async () => {
        const url = await database();
        await on(url, `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET search_path = absent`);
        return url;
      },
      /^The database user trm may use no schema of its search_path/,
    ],
    [
      'the database is not in UTF-8',
      () => database('', latin1),
      /^The database stores text as LATIN1, which cannot hold Japanese names\. Create it with ENCODING 'UTF8'/,
    ],
    [
      'the database can only be read',
      async () => {
        const url = await database();
        await on(url, `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET default_transaction_read_only = on`);
        return url;
      },
      /^The database can only be read\. DATABASE_URL must name the primary/,
    ],
    [
      'the schema holds tables of another application',
      () => database('CREATE TABLE orders (); CREATE VIEW customers AS SELECT 1 AS id'),
      /^The schema public already holds tables of another application: customers, orders\. Give the service a database of its own\.$/,
    ],
    [
      'the schema holds the migrations of another application',
      () =>
        database(`CREATE TABLE migrations (id serial, "timestamp" bigint, name text);
                      INSERT INTO migrations VALUES (1, 1, 'something-1')`),
      /^The schema public already holds tables of another application: migrations\./,
    ],
    [
      'connections share sessions in a transaction pooler',
      async () => (await pooler(await database())).url,
      /not keep a promise of PostgreSQL .* session of its own.*must be a direct or session-pooled connection/,
    ],
  ])('%s', async (_, url, sentence) => {
    const { code, output } = await started({ DATABASE_URL: await url() });
    expect(output.trim()).toMatch(sentence);
    expect(output).not.toMatch(/^\s+at |secret/m);
    expect(code).toBe(78);
  });

  test('another program uses the port', async () => {
    const url = await database('', testDatabase);
    const program = createServer();
    await new Promise<void>((resolve) => program.listen(0, '127.0.0.1', resolve));
    const { port } = program.address() as AddressInfo;
    const { code, output } = await started({ DATABASE_URL: url, PORT: String(port) });
    await new Promise((resolve) => program.close(resolve));
    expect(output).toContain(
      `Another program already uses port ${port} on 127.0.0.1. Stop it, or set PORT to another one`,
    );
    expect(output).not.toMatch(/^\s+at /m);
    expect(code).toBe(78);
  });

  test.each(['192.0.2.1', 'absent.invalid'])('the host %s is no address of this machine', async (host) => {
    const { code, output } = await started({ DATABASE_URL: await database('', testDatabase), HOST: host });
    expect(output).toContain(`HOST ${host} is no address of this machine. Try 127.0.0.1, or 0.0.0.0 for all.`);
    expect(output).not.toMatch(/^\s+at /m);
    expect(code).toBe(78);
  });
});

describe('the migration of a database', () => {
  test('changes nothing if the schema holds tables of another application', async () => {
    const url = await database('CREATE TABLE orders ()');
    const before = await contentOf(url);
    await expect(migrate(url)).rejects.toThrow('already holds tables of another application: orders');
    expect(await contentOf(url)).toEqual(before);
  });

  test('creates nothing if one of the migrations fails', async () => {
    // The type has the name of a table that a later migration creates.
    const url = await database('CREATE TYPE time_entries AS ENUM ()');
    await expect(migrate(url)).rejects.toThrow('time_entries');
    expect(await contentOf(url)).toEqual([]);
  });

  test('ignores tables in other schemas', async () => {
    const url = await database('CREATE SCHEMA other; CREATE TABLE other.orders ()');
    expect((await migrate(url)).length).toBeGreaterThan(20);
  });
});

describe('the probe', () => {
  test('leaves nothing behind, and needs only the rights of the database owner', async () => {
    const url = await database();
    const owner = await asStranger(url);
    await onServer(`ALTER DATABASE ${new URL(url).pathname.slice(1)} OWNER TO ${new URL(owner).username}`);
    await probeDatabase(owner);
    expect(await contentOf(url)).toEqual([]);
  });

  test('passes on several instances that start at the same time', async () => {
    const url = await database();
    await Promise.all([1, 2, 3, 4].map(() => probeDatabase(url)));
  });

  const crippled = (path: string, sql: string) => async () => {
    const url = await database(`CREATE SCHEMA crippled; ${sql}`);
    await on(url, `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET search_path = ${path}`);
    return url;
  };
  /** Replaces a function of PostgreSQL by one in the schema `crippled`, which comes first in the search path. */
  const withFunction = (sql: string) => crippled('crippled, pg_catalog, public', `CREATE FUNCTION crippled.${sql}`);
  const whenever = (tag: string, sql: string) =>
    crippled(
      'public',
      `CREATE FUNCTION crippled.spoil() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN ${sql}; END $$;
       CREATE EVENT TRIGGER spoil ON ddl_command_end WHEN TAG IN ('${tag}') EXECUTE FUNCTION crippled.spoil()`,
    );

  test.each<[engine: string, url: () => Promise<string>, promise: RegExp]>([
    [
      'each transaction may run in another session',
      withFunction('pg_backend_pid() RETURNS integer LANGUAGE sql VOLATILE AS $$ SELECT (random() * 1e6)::integer $$'),
      /each connection keeps a session of its own/,
    ],
    [
      'an advisory lock excludes nobody',
      withFunction('pg_try_advisory_lock(integer, integer) RETURNS boolean LANGUAGE sql AS $$ SELECT true $$'),
      /an advisory lock excludes other sessions/,
    ],
    [
      'there are no advisory locks',
      withFunction(
        `pg_try_advisory_lock(integer, integer) RETURNS boolean LANGUAGE plpgsql AS
           $$ BEGIN RAISE 'not supported' USING ERRCODE = '0A000'; END $$`,
      ),
      /an advisory lock excludes other sessions .*\(not supported\)/,
    ],
    [
      'a statement trigger does not fire',
      whenever('CREATE TRIGGER', 'ALTER TABLE probe_lines DISABLE TRIGGER ALL'),
      /a trigger of a statement sees the rows/,
    ],
    [
      'transition tables are not supported',
      whenever('CREATE TRIGGER', `RAISE 'REFERENCING clause is not supported' USING ERRCODE = '0A000'`),
      /a trigger of a statement sees the rows .*\(REFERENCING clause is not supported\)/,
    ],
    [
      'a deferred foreign key is checked at once',
      whenever(
        'CREATE TABLE',
        `IF to_regclass('probe_entries') IS NOT NULL THEN
           ALTER TABLE probe_entries ALTER CONSTRAINT probe_entries_term_id_fkey NOT DEFERRABLE; END IF`,
      ),
      /a deferred foreign key is checked at the end/,
    ],
    [
      'pg_xact_status knows no transaction',
      withFunction('pg_xact_status(xid8) RETURNS text LANGUAGE sql AS $$ SELECT NULL::text $$'),
      /pg_xact_status knows what became of a transaction/,
    ],
  ])('notices that %s', async (_, url, promise) => {
    await expect(probeDatabase(await url())).rejects.toMatchObject({
      exitCode: 78,
      message: expect.stringMatching(promise) as string,
    });
  });
});

const poolers: { close(): void }[] = [];
afterAll(() => poolers.forEach((one) => one.close()));

async function pooler(url: string): ReturnType<typeof transactionPooler> {
  const made = await transactionPooler(url);
  poolers.push(made);
  return made;
}
