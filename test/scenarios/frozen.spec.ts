import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { contractToBookOn, fileOf, logOn } from '../support/booking.js';
import { api, type Answer } from '../support/client.js';
import { ServiceProcess } from '../support/process.js';
import { startService, type TestService } from '../support/service.js';

jest.setTimeout(120_000);

const startOfTests = '2026-07-10T03:00:00Z';
const today = '2026-07-10';
let service: TestService;
/** Another instance on the same database, in a process that can be frozen. */
let other: ServiceProcess;
let otherUrl: string;
let folder: string;

beforeAll(async () => {
  service = await startService({ clock: startOfTests });
  folder = mkdtempSync(join(tmpdir(), 'trm-frozen-'));
  chmodSync(folder, 0o755);
  other = new ServiceProcess({
    DATABASE_URL: service.databaseUrl,
    DATA_DIR: folder,
    SECRET_KEY: service.config.secretKey,
    ADMIN_TOKEN: service.adminToken,
    CLOCK: `simulated:${startOfTests}`,
    RATE_LIMIT_PER_MINUTE: '0',
    JOBS: 'off',
  });
  otherUrl = await other.ready();
});
afterAll(async () => {
  other.signal('SIGTERM');
  await other.ended;
  await service.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function connected(): Promise<Client> {
  const client = new Client({ connectionString: service.databaseUrl });
  await client.connect();
  return client;
}

const send = (baseUrl: string, file: string): Promise<Answer> =>
  api(baseUrl, service.adminToken).send('POST', '/v1/time-entries/import', file, { 'content-type': 'text/csv' });

it('an import on an instance that freezes loses its locks and is interrupted; sent again, it books each row once', async () => {
  const contracts = [await contractToBookOn(service), await contractToBookOn(service), await contractToBookOn(service)];
  const [free, ...imported] = contracts;
  const [first, last] = imported.sort((some, another) => (some.id < another.id ? -1 : 1));
  const file = fileOf([first!, last!], today);
  const blocker = await connected();
  const watcher = await connected();
  try {
    // The chunk has locked one subscription and waits for the other. The process freezes at this moment.
    await blocker.query('begin');
    await blocker.query('select from subscriptions where id = $1 for update', [last!.id]);
    const interrupted = send(otherUrl, file);
    const found = async (condition: string): Promise<boolean> => {
      const { rows } = await watcher.query(
        `select from pg_stat_activity where datname = current_database() and application_name = 'trm-service' and ${condition}`,
      );
      return rows.length > 0;
    };
    while (!(await found(`wait_event_type = 'Lock'`)));
    other.signal('SIGSTOP');
    await blocker.query('rollback');
    while (!(await found(`state = 'idle in transaction'`)));

    expect((await logOn(free!, today)).status).toBe(201);
    const logOnFrozen = () => logOn(first!, today, { summary: 'Not in the file' });
    let answer = await logOnFrozen();
    while (answer.status === 503) {
      expect(answer.body.code).toBe('subscription-busy');
      expect((await logOn(free!, today)).status).toBe(201);
      answer = await logOnFrozen();
    }
    expect([answer.status, answer.body.balance.usedMinutes]).toEqual([201, 1]);

    other.signal('SIGCONT');
    const { status, body } = await interrupted;
    expect([status, body.code]).toEqual([503, 'import-interrupted']);
    expect((await send(otherUrl, file)).body).toMatchObject({ accepted: 2, present: 0, refused: 0 });
    expect((await send(otherUrl, file)).body).toMatchObject({ accepted: 0, present: 2, refused: 0 });
    for (const [sold, usedMinutes] of [
      [first!, 2],
      [last!, 1],
    ] as const) {
      expect((await sold.csm.get(`/v1/subscriptions/${sold.id}/balance`)).body.usedMinutes).toBe(usedMinutes);
      expect((await sold.csm.post(`/v1/subscriptions/${sold.id}/verify`)).body.consistent).toBe(true);
    }
  } finally {
    other.signal('SIGCONT');
    await blocker.end();
    await watcher.end();
  }
});
