import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, type QueryResultRow } from 'pg';
import { dataFolderOf } from '../src/platform/embedded-postgres/data-folder.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../src/platform/embedded-postgres/start.js';
import { migrate } from '../src/platform/database/migrations.js';
import { grantToService, ownsTables } from '../src/platform/database/service-role.js';
import { asService, emptyDatabase, testDatabase, type TestDatabase } from './support/database.js';
import { ServiceProcess } from './support/process.js';
import { superuserUrl } from './support/superuser.js';

// Someone who has the service's database password can book like the service, but cannot change what was booked.

async function on<Row extends QueryResultRow>(url: string, sql: string, values: unknown[] = []): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

/** The tables whose triggers refuse every update, or every deletion, of a row. */
const refusing = (event: 'update' | 'delete') => `
  select distinct t.tgrelid::regclass::text as name from pg_trigger t join pg_proc p on p.oid = t.tgfoid
  where p.proname = 'refuse_change' and t.tgqual is null and t.tgattr = '' and t.tgtype & 3 = 3 and t.tgtype & ${event === 'update' ? 16 : 8} > 0
  order by name`;

describe('the role of the service', () => {
  let test: TestDatabase;
  let service: string;

  beforeAll(async () => {
    test = await testDatabase();
    service = asService(test.url);
  });
  afterAll(() => test.drop());

  it.each([
    'alter table ledger_entries disable trigger all',
    'alter table ledger_entries disable trigger ledger_entries_append_only',
    'alter table ledger_entries add column forged integer',
    'alter table balances drop constraint balances_never_overdrawn',
    'set session_replication_role = replica',
    'truncate ledger_entries',
    'truncate time_entries cascade',
    'truncate idempotency_keys',
    'drop table ledger_entries',
    'drop trigger ledger_entries_append_only on ledger_entries',
    'drop function refuse_change() cascade',
    'create or replace function refuse_change() returns trigger language plpgsql as $$ begin return new; end $$',
    'create trigger mine before insert on ledger_entries for each row execute function refuse_change()',
    'create table mine ()',
    'create schema mine',
    'update ledger_entries set minutes = 0',
    'delete from ledger_entries',
    'update time_entries set minutes = 1',
    'delete from mails',
    'update balances set used_minutes = 0, granted_minutes = 1000',
    'insert into balances (term_id, onsite_cap_minutes, max_seats, granted_minutes) values (gen_random_uuid(), 0, 0, 1000)',
    'delete from balances',
    'update term_days set used_minutes = 0',
    "update accounting_periods set status = 'open'",
    `create temporary table mine (term_id uuid, sequence integer, kind text, minutes integer, onsite_minutes integer,
       effective_on date, balance_after_minutes integer);
     create trigger mine after insert on mine referencing new table as posted
       for each statement execute function post_to_balances()`,
    `create temporary table mine ();
     create function pg_temp.deep() returns trigger language plpgsql as $$ begin
       update accounting_periods set status = 'open';
       return null;
     end $$;
     create trigger mine after insert on mine for each statement execute function pg_temp.deep();
     insert into mine default values`,
    "insert into migrations (timestamp, name) values (1, 'mine')",
    'set role trm_owner',
    'grant trm_owner to trm_service',
    'alter role trm_service superuser',
    'alter database postgres set session_replication_role = replica',
    "copy (select 1) to program 'true'",
    "select pg_read_file('PG_VERSION')",
  ])('may not execute: %s', async (statement) => {
    await expect(on(service, statement)).rejects.toMatchObject({ code: expect.stringMatching(/^42501$/) as string });
  });

  it('may not update or delete rows of append-only tables, and may truncate no table', async () => {
    for (const event of ['update', 'delete'] as const) {
      const tables = await on<{ name: string }>(test.url, refusing(event));
      expect(tables.map(({ name }) => name)).toEqual(expect.arrayContaining(['ledger_entries', 'time_entries']));
      for (const { name } of tables) {
        const [may] = await on<{ may: boolean }>(service, 'select has_table_privilege($1, $2) as may', [name, event]);
        expect([name, event, may!.may]).toEqual([name, event, false]);
      }
    }
    const rights = `select c.oid::regclass::text as name from pg_class c
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        and has_table_privilege(c.oid, 'truncate, references, trigger')`;
    expect(await on(service, rights)).toEqual([]);
  });

  it('owns no table', async () => {
    expect(await ownsTables(service)).toBe(false);
    expect(await ownsTables(test.url)).toBe(true);
    const owned = `select c.oid::regclass from pg_class c where pg_has_role('trm_service', c.relowner, 'member')`;
    expect(await on(test.url, owned)).toEqual([]);
  });
});

describe('a start', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'trm-roles-'));
  const databases: TestDatabase[] = [];
  afterAll(async () => {
    for (const database of databases) await database.drop();
    rmSync(dataDir, { recursive: true });
  });
  const database = async (make = emptyDatabase): Promise<string> => {
    const made = await make();
    databases.push(made);
    return made.url;
  };
  const start = (env: NodeJS.ProcessEnv): ServiceProcess =>
    new ServiceProcess({ DATA_DIR: dataDir, SECRET_KEY: 's'.repeat(32), JOBS: 'off', ...env }, { roles: false });
  const ended = async (service: ServiceProcess): Promise<string> => {
    service.signal('SIGTERM');
    await service.ended;
    return service.output;
  };

  it('migrates an empty database as the owner, and serves requests as the service user', async () => {
    const url = await database();
    const service = start({ DATABASE_URL: asService(url), DATABASE_OWNER_URL: url });
    await service.ready();
    const [user] = await on<{ name: string }>(
      url,
      `select distinct usename as name from pg_stat_activity where application_name = 'trm-service' and datname = current_database()`,
    );
    expect(user).toEqual({ name: 'trm_service' });
    expect(await ended(service)).not.toContain('owns the tables');
  });

  it('warns if one user is both owner and service user', async () => {
    const service = start({ DATABASE_URL: await database(testDatabase) });
    await service.ready();
    expect(await ended(service)).toContain('The database user of DATABASE_URL owns the tables');
  });

  it('reports two addresses that name different databases', async () => {
    const service = start({
      DATABASE_URL: asService(await database(testDatabase)),
      DATABASE_OWNER_URL: await database(),
    });
    expect(await service.ended).toBe(78);
    expect(service.output).toMatch(/^DATABASE_OWNER_URL and DATABASE_URL name different databases/);
  });

  it('names the variable with the wrong password', async () => {
    const url = await database(testDatabase);
    const wrong = Object.assign(new URL(url), { password: 'wrong' }).href;
    const service = start({ DATABASE_URL: asService(url), DATABASE_OWNER_URL: wrong });
    expect(await service.ended).toBe(78);
    expect(service.output).toMatch(/refuses the user or the password of DATABASE_OWNER_URL/);
  });
});

describe('the embedded PostgreSQL', () => {
  let folder: string;
  let dataDir: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'trm-embedded-roles-'));
    chmodSync(folder, 0o755);
    dataDir = join(folder, 'data');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function running<T>(work: (postgres: EmbeddedPostgres) => Promise<T>): Promise<T> {
    const postgres = await startEmbeddedPostgres({ dataDir, fsync: false });
    try {
      return await work(postgres);
    } finally {
      await postgres.stop();
    }
  }
  const rolesFile = () => join(dataFolderOf(dataDir, () => undefined).folder, 'roles.json');
  const owners = `select distinct tableowner as name from pg_tables where schemaname = 'public'`;

  it('gives the data of an earlier version without roles to the owner role', async () => {
    await running(async (postgres) => {
      const superuser = superuserUrl(postgres, dataDir);
      await migrate(superuser);
      await on(
        superuser,
        `insert into product_lines (id, code, name, created_at) values (gen_random_uuid(), 'A', 'A', now())`,
      );
      // The earlier version left the database like this.
      await on(
        superuser,
        `alter database trm owner to trm; drop owned by trm_owner, trm_service; drop role trm_owner, trm_service`,
      );
      expect(await on(superuser, owners)).toEqual([{ name: 'trm' }]);
    });
    rmSync(rolesFile());

    await running(async ({ url, ownerUrl }) => {
      expect(await migrate(ownerUrl)).toEqual([]);
      await grantToService(ownerUrl, url);
      expect(await on(url, 'select code from product_lines')).toEqual([{ code: 'A' }]);
      expect(await on(ownerUrl, owners)).toEqual([{ name: 'trm_owner' }]);
      expect(await ownsTables(url)).toBe(false);
      await expect(on(url, 'truncate product_lines')).rejects.toThrow('permission denied');
      await expect(on(ownerUrl, 'set session_replication_role = replica')).rejects.toThrow('permission denied');
      // The owner may still change tables, for example to revert the newest migration.
      await on(ownerUrl, 'alter table product_lines add column more integer');
    });
  });

  it('needs the superuser’s password only for the first start', async () => {
    const { before } = await running(async (postgres) => {
      await on(superuserUrl(postgres, dataDir), `alter role trm password 'changed by the operator'`);
      return { before: readFileSync(rolesFile(), 'utf8') };
    });
    await running(async ({ url }) => {
      expect(await on(url, 'select current_user::text as name')).toEqual([{ name: 'trm_service' }]);
    });
    expect(readFileSync(rolesFile(), 'utf8')).toBe(before);
  });
});
