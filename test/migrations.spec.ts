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

  async function asked<Row extends object>(sql: string): Promise<Row[]> {
    const client = new Client({ connectionString: test.url });
    await client.connect();
    const { rows } = await client.query<Row>(sql);
    await client.end();
    return rows;
  }

  /** Columns, constraints, indexes, triggers, functions and views, however they are laid out. */
  async function schema(): Promise<string[]> {
    const rows = await asked<{ part: string }>(
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

  /** Everything that is not PostgreSQL's own, or TypeORM's record of migrations. */
  function leftOver(): Promise<object[]> {
    return asked(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE '%migrations%'
                                                  AND relname NOT LIKE 'PK\\_%'
       UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND probin IS NULL
       UNION ALL SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype = 'e'`,
    );
  }

  it('run once, also when several instances start at once', async () => {
    const done = await Promise.all([migrate(test.url), migrate(test.url), migrate(test.url)]);
    expect(done.map(({ length }) => length).sort()).toEqual([0, 0, count].sort());
  });

  it('can be taken back one by one, leave what was there before, and run again', async () => {
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

  it('keep the mails of a version that had no messages: sent ones as they are, and what waited as given up', async () => {
    const folder = folderWith({});
    for (const file of files.filter((name) => name < '0015'))
      copyFileSync(projectPath('migrations', file), join(folder, file));
    await migrate(test.url, folder);
    // Their terms and contracts do not matter here.
    await asked(`
      alter table mails drop constraint mails_term_fk;
      insert into mails (id, kind, subscription_id, term_id, recipient_role, recipient_name, recipient_address, locale,
        message_id, subject, text_body, queued_at, status, next_attempt_at, sent_at)
      select gen_random_uuid(), status, gen_random_uuid(), gen_random_uuid(), 'customer', 'Taro', 'taro@example.com', 'ja',
        status, 'About', 'Dear Taro', now(), status, case when status not in ('sent', 'failed') then now() end,
        case when status = 'sent' then now() end
      from unnest(array['queued', 'sending', 'uncertain', 'sent', 'failed']) as status`);
    await migrate(test.url);
    expect(
      await asked('select kind, status, given_up_because is null as "canBeSentAgain" from mails order by kind'),
    ).toEqual([
      { kind: 'failed', status: 'failed', canBeSentAgain: false },
      { kind: 'queued', status: 'failed', canBeSentAgain: false },
      { kind: 'sending', status: 'failed', canBeSentAgain: false },
      { kind: 'sent', status: 'sent', canBeSentAgain: true },
      { kind: 'uncertain', status: 'failed', canBeSentAgain: false },
    ]);
  });

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
