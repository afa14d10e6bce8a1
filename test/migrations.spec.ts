import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { migrate, revertNewest } from '../src/platform/database/migrations.js';
import { projectPath } from '../src/platform/project-root.js';
import { emptyDatabase, type TestDatabase } from './support/database.js';

describe('migrations', () => {
  let test: TestDatabase;

  beforeEach(async () => {
    test = await emptyDatabase();
  });
  afterEach(() => test.drop());

  const files = readdirSync(projectPath('migrations')).sort();
  const count = files.length;

  async function query<Row extends object>(sql: string): Promise<Row[]> {
    const client = new Client({ connectionString: test.url });
    await client.connect();
    const { rows } = await client.query<Row>(sql);
    await client.end();
    return rows;
  }

  /** Columns, constraints, indexes, triggers, functions and views, without regard to white space. */
  async function schema(): Promise<string[]> {
    const rows = await query<{ part: string }>(
      `SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default) AS part
         FROM information_schema.columns WHERE table_schema = 'public'
       UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid))
         FROM pg_constraint WHERE connamespace = 'public'::regnamespace
       UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
       UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
       UNION ALL SELECT pg_get_functiondef(oid) FROM pg_proc
         WHERE pronamespace = 'public'::regnamespace AND probin IS NULL AND prokind = 'f'
       UNION ALL SELECT concat_ws(' ', viewname, definition) FROM pg_views WHERE schemaname = 'public'`,
    );
    return rows.map(({ part }) => part.replace(/\s+/g, ' ')).sort();
  }

  /** Everything in the schema, except extensions and TypeORM's record of migrations. */
  function leftOver(): Promise<object[]> {
    return query(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE '%migrations%'
                                                  AND relname NOT LIKE 'PK\\_%'
       UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND probin IS NULL
       UNION ALL SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype = 'e'`,
    );
  }

  it('run once, even if several instances start at the same time', async () => {
    const done = await Promise.all([migrate(test.url), migrate(test.url), migrate(test.url)]);
    expect(done.map(({ length }) => length).sort()).toEqual([0, 0, count].sort());
  });

  it('can be reverted one by one, restore each earlier schema, and run again', async () => {
    const folder = folderWith({});
    const before: string[][] = [];
    for (const file of files) {
      before.push(await schema());
      copyFileSync(projectPath('migrations', file), join(folder, file));
      await migrate(test.url, folder);
    }
    for (const expected of before.slice(1).reverse()) {
      await revertNewest(test.url);
      expect(await schema()).toEqual(expected);
    }
    await revertNewest(test.url);
    expect(await leftOver()).toEqual([]);
    expect(await migrate(test.url)).toHaveLength(count);
  });

  it('keep sent mails of a version that stored no messages, and cancel its waiting mails', async () => {
    const folder = folderWith({});
    for (const file of files.filter((name) => name < '0015'))
      copyFileSync(projectPath('migrations', file), join(folder, file));
    await migrate(test.url, folder);
    // These mails need no terms and no contracts.
    await query(`
      alter table mails drop constraint mails_term_fk;
      insert into mails (id, kind, subscription_id, term_id, recipient_role, recipient_name, recipient_address, locale,
        message_id, subject, text_body, queued_at, status, next_attempt_at, sent_at)
      select gen_random_uuid(), status, gen_random_uuid(), gen_random_uuid(), 'customer', 'Taro', 'taro@example.com', 'ja',
        status, 'About', 'Dear Taro', now(), status, case when status not in ('sent', 'failed') then now() end,
        case when status = 'sent' then now() end
      from unnest(array['queued', 'sending', 'uncertain', 'sent', 'failed']) as status`);
    await migrate(test.url);
    expect(
      await query('select kind, status, given_up_because is null as "canBeSentAgain" from mails order by kind'),
    ).toEqual([
      { kind: 'failed', status: 'failed', canBeSentAgain: false },
      { kind: 'queued', status: 'failed', canBeSentAgain: false },
      { kind: 'sending', status: 'failed', canBeSentAgain: false },
      { kind: 'sent', status: 'sent', canBeSentAgain: true },
      { kind: 'uncertain', status: 'failed', canBeSentAgain: false },
    ]);
  });

  it('stop at a month that was closed by hand in an early schema, and continue once it is open', async () => {
    await migrateThrough('0018');
    await query(soldAndBooked);
    await query(`insert into accounting_periods values ('2026-03', 'closed', '2026-04-01T00:00Z')`);
    await expect(migrate(test.url)).rejects.toThrow('accounting_periods_closed_when');
    await query(`update accounting_periods set status = 'open', closed_at = null`);
    await migrate(test.url);
    expect(await booked()).toMatchObject([{ granted: 5760, used: 90, entries: 1 }]);
  });

  async function migrateThrough(last: string): Promise<void> {
    const folder = folderWith({});
    for (const file of files.filter((name) => name.slice(0, 4) <= last))
      copyFileSync(projectPath('migrations', file), join(folder, file));
    await migrate(test.url, folder);
  }

  function booked(): Promise<object[]> {
    return query(`select granted_minutes as granted, used_minutes as used,
        (select count(*)::int from time_entries) as entries from balances`);
  }

  it('refuse a database that a newer version has changed', async () => {
    expect(await migrate(test.url, folderWith({ '0001-one': one, '0002-two': two }))).toEqual([
      'one-0000000000001',
      'two-0000000000002',
    ]);
    await expect(migrate(test.url, folderWith({ '0001-one': one }))).rejects.toThrow(/newer version.*two/);
  });

  it('write nothing of a migration that fails', async () => {
    const broken = folderWith({ '0001-one': one.replace('();', '(); SELECT 1 / 0;') });
    await expect(migrate(test.url, broken)).rejects.toThrow('division by zero');
    expect(await leftOver()).toEqual([]);
  });

  it('refuse a file without its two sections', async () => {
    await expect(migrate(test.url, folderWith({ '0001-one': 'CREATE TABLE one ();' }))).rejects.toThrow('0001-one.sql');
  });
});

const id = (number: number): string => `'00000000-0000-4000-8000-${String(number).padStart(12, '0')}'`;
const at = `'2026-04-02T00:00Z'`;

/** The rows that the service of schema 0014 wrote when a CSM sold a term and logged 90 minutes. */
const soldAndBooked = `
  begin;
  insert into users (id, name, email, role, created_at) values (${id(1)}, 'Tanaka Mika', 'tanaka@vendor.example', 'csm', ${at});
  insert into customers (id, name, locale, time_zone, country, contacts, created_at, entered_by) values (${id(2)}, 'Acme KK', 'ja',
    'Asia/Tokyo', 'JP', '[{"name":"Sato","email":"sato@acme.example","roles":["renewal","usage"]}]', ${at}, ${id(1)});
  insert into consultants (id, name, email, created_at) values (${id(3)}, 'Suzuki', 'suzuki@vendor.example', ${at});
  insert into product_lines (id, code, name, created_at) values (${id(4)}, 'DB', 'Database', ${at});
  insert into subscriptions (id, customer_id, csm_id, anchor_on, purchased_at, entered_at, entered_on, entered_by, status,
    pace_policy, current_term_id) values (${id(5)}, ${id(2)}, ${id(1)}, '2026-04-01', ${at}, ${at}, '2026-04-02', ${id(1)}, 'active',
    'advise', ${id(6)});
  insert into terms (id, subscription_id, number, starts_on, ends_on, starts_at, ends_at, notice_deadline_on, lock_at,
    next_reminder_at, package, package_version, status, renewal_state) values (${id(6)}, ${id(5)}, 0, '2026-04-01', '2027-03-31',
    '2026-03-31T15:00Z', '2027-03-31T15:00Z', '2027-01-30', '2027-01-30T15:00Z', '2026-12-31T00:00Z', 'basic', '1', 'open', 'open');
  insert into term_packages values (${id(6)}, 0, 'basic', '1', '2026-04-01', 5760, 0, 0, 1, 1, 1);
  insert into enrolments values (${id(7)}, ${id(5)}, ${id(4)}, 0, '2026-04-01', null);
  insert into balances (term_id, onsite_cap_minutes, max_visits, max_seats) values (${id(6)}, 0, 0, 1);
  insert into pair_balances (term_id, consultant_id, product_line_id) values (${id(6)}, ${id(3)}, ${id(4)});
  insert into ledger_entries (id, term_id, sequence, kind, minutes, effective_on, recorded_at, balance_after_minutes)
    values (${id(8)}, ${id(6)}, 1, 'grant', 5760, '2026-04-01', ${at}, 5760);
  insert into time_entries (id, subscription_id, term_id, work_date, minutes, consultant_id, product_line_id, activity, delivery,
    summary, package, accounting_month, recorded_at, recorded_by) values (${id(9)}, ${id(5)}, ${id(6)}, '2026-04-02', 90, ${id(3)},
    ${id(4)}, 'health-check', 'remote', 'Health check', 'basic', '2026-04', ${at}, ${id(1)});
  insert into ledger_entries (id, term_id, sequence, kind, minutes, effective_on, recorded_at, time_entry_id, balance_after_minutes)
    values (${id(10)}, ${id(6)}, 2, 'use', -90, '2026-04-02', ${at}, ${id(9)}, 5670);
  commit;`;

const one = '-- Why.\n-- up\nCREATE TABLE one ();\n-- down\nDROP TABLE one;\n';
const two = '-- Why.\n-- up\nCREATE TABLE two ();\n-- down\nDROP TABLE two;\n';

const folders: string[] = [];

function folderWith(migrations: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'trm-migrations-'));
  folders.push(folder);
  for (const [name, content] of Object.entries(migrations)) writeFileSync(join(folder, `${name}.sql`), content);
  return folder;
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});
