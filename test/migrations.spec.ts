import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { migrate, revertNewest } from '../src/platform/migrations.js';
import { projectPath } from '../src/platform/project-root.js';
import { emptyDatabase, type TestDatabase } from './support/database.js';

describe('migrations', () => {
  let test: TestDatabase;

  beforeEach(async () => {
    test = await emptyDatabase();
  });
  afterEach(() => test.drop());

  const count = readdirSync(projectPath('migrations')).length;

  /** Everything that is not PostgreSQL's own, or TypeORM's record of migrations. */
  async function leftOver(): Promise<unknown[]> {
    const client = new Client({ connectionString: test.url });
    await client.connect();
    const { rows } = await client.query(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE '%migrations%'
                                                  AND relname NOT LIKE 'PK\\_%'
       UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND probin IS NULL
       UNION ALL SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype = 'e'`,
    );
    await client.end();
    return rows;
  }

  it('run once, also when several instances start at once', async () => {
    const done = await Promise.all([migrate(test.url), migrate(test.url), migrate(test.url)]);
    expect(done.map(({ length }) => length).sort()).toEqual([0, 0, count].sort());
  });

  it('can be taken back one by one, leave nothing, and run again', async () => {
    await migrate(test.url);
    for (let taken = 0; taken < count; taken++) await revertNewest(test.url);
    expect(await leftOver()).toEqual([]);
    expect(await migrate(test.url)).toHaveLength(count);
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
