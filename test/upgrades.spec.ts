import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Client } from 'pg';
import { migrate } from '../src/platform/database/migrations.js';
import { grantToService } from '../src/platform/database/service-role.js';
import { projectPath } from '../src/platform/project-root.js';
import { api } from './support/client.js';
import { asService, emptyDatabase, type TestDatabase } from './support/database.js';
import { startService } from './support/service.js';

// Each file of test/upgrades holds the rows that the service of an earlier release wrote at its own schema. The rows are the first year of
// two contracts, entered through the REST interface. The changelog names these schemas.

type Rows = Readonly<Record<string, readonly object[]>>;

const folder = projectPath('test', 'upgrades');
const schemas = readdirSync(folder).map((file) => basename(file, '.json'));
const changelog = readFileSync(projectPath('.github', 'CHANGELOG.md'), 'utf8');

test('test/upgrades has rows for every schema that the changelog names', () => {
  expect([...changelog.matchAll(/, schema (\d{4})\)/g)].map(([, schema]) => schema!).sort()).toEqual(schemas.sort());
});

describe.each(schemas)('a database of the schema %s', (schema) => {
  const rows = JSON.parse(readFileSync(join(folder, `${schema}.json`), 'utf8')) as Rows;
  let database: TestDatabase;

  beforeAll(async () => {
    database = await emptyDatabase();
    const older = mkdtempSync(join(tmpdir(), 'trm-upgrade-'));
    for (const file of readdirSync(projectPath('migrations')).filter((name) => name.slice(0, 4) <= schema)) {
      copyFileSync(projectPath('migrations', file), join(older, file));
    }
    await migrate(database.url, older);
    rmSync(older, { recursive: true });
    await fill(database.url, rows);
    await migrate(database.url);
    await grantToService(database.url, asService(database.url));
  });
  afterAll(() => database.drop());

  it('keeps every customer, subscription, term, time entry, reversal and ledger entry', async () => {
    const tables = ['customers', 'subscriptions', 'terms', 'time_entries', 'time_entry_reversals', 'ledger_entries'];
    const counts = await query<{ count: number }>(
      database.url,
      tables.map((table) => `select count(*)::integer as count from ${table}`).join(' union all '),
    );
    expect(counts.map(({ count }) => count)).toEqual(tables.map((table) => rows[table]!.length));
  });

  it('works with the new version: ledgers are consistent, bookings succeed, and a closed month can be exported', async () => {
    const service = await startService({ databaseUrl: database.url, clock: '2027-04-04T00:00:00Z' });
    try {
      const admin = api(service.baseUrl, service.adminToken);
      const verified = await admin.post('/v1/jobs/ledger-verification/run');
      expect(verified.body).toMatchObject({ outcome: 'succeeded', counts: { subscriptions: 2, differences: 0 } });
      const statuses = (await admin.get('/v1/subscriptions')).body.data.map(({ status }: { status: string }) => status);
      expect(statuses.sort()).toEqual(['active', 'ended']);
      const [renewed] = (await admin.get('/v1/subscriptions?status=active')).body.data;
      const [{ consultantId, productLineId }] = (await admin.get(`/v1/subscriptions/${renewed.id}/time-entries`)).body
        .data;
      const booked = await admin.post(`/v1/subscriptions/${renewed.id}/time-entries`, {
        workDate: '2027-04-03',
        minutes: 30,
        consultantId,
        productLineId,
        activity: 'health-check',
        delivery: 'remote',
        summary: 'After the upgrade',
      });
      expect(booked.status).toBe(201);
      const report = await admin.get('/v1/reports/usage-lines?from=2026-04-01&to=2026-04-30&basis=closed');
      expect(report.status).toBe(200);
      expect(report.body.rowCount).toBeGreaterThan(0);
    } finally {
      await service.stop();
    }
  });
});

/** Inserts the rows without triggers, which already acted on them in the earlier release. */
async function fill(url: string, tables: Rows): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query('set session_replication_role = replica');
  for (const [table, all] of Object.entries(tables)) {
    const columns = Object.keys(all[0]!)
      .map((column) => `"${column}"`)
      .join(', ');
    // Some tables already have a row that a migration wrote.
    await client.query(`delete from ${table}`);
    await client.query(
      `insert into ${table} (${columns}) select ${columns} from json_populate_recordset(null::${table}, $1)`,
      [JSON.stringify(all)],
    );
  }
  await client.end();
}

async function query<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<Row>(sql);
  await client.end();
  return rows;
}
