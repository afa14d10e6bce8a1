import { Client } from 'pg';
import { Snapshot } from '../../src/platform/database/snapshot.js';
import { soldContract, type SoldContract } from '../support/contract.js';
import { person, type Person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';
import { primaryWithStandby, type PrimaryWithStandby } from '../support/standby.js';

let servers: PrimaryWithStandby;
let service: TestService;
let standby: Client;
let sold: SoldContract;
let finance: Person;

beforeAll(async () => {
  servers = await primaryWithStandby(5);
  service = await startService({
    clock: '2026-07-10T03:00:00Z',
    databaseUrl: servers.primaryUrl,
    env: { DATABASE_REPLICA_URL: servers.standbyUrl },
  });
  standby = new Client({ connectionString: servers.standbyUrl });
  // The standby is stopped while this connection is open.
  standby.on('error', () => undefined);
  await standby.connect();
  sold = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  finance = await person(service, 'finance');
  const allocations = [{ consultantId: sold.consultantIds[0], productLineId: sold.productLineIds[0], minutes: 0 }];
  await sold.csm.put(`/v1/subscriptions/${sold.id}/allocations`, { allocations }, { 'if-match': '"0"' });
});
afterAll(async () => {
  await service.stop();
  await standby.end();
  await servers.stop();
});

async function log(workDate: string, minutes: number): Promise<string> {
  const { status, body } = await sold.csm.post(`/v1/subscriptions/${sold.id}/time-entries`, {
    workDate,
    minutes,
    consultantId: sold.consultantIds[0],
    productLineId: sold.productLineIds[0],
    activity: 'health-check',
    delivery: 'remote',
    summary: 'S',
  });
  expect(status).toBe(201);
  return body.entry.id as string;
}

/** The month and minutes of each line of the report. */
async function lines(basis: string): Promise<string[]> {
  const { status, body } = await finance.get(`/v1/reports/usage-lines?basis=${basis}`);
  expect(status).toBe(200);
  return (body.data as { month: string; minutes: number }[]).map(({ month, minutes }) => `${month} ${minutes}`);
}

const close = async (month: string): Promise<void> =>
  expect((await finance.post(`/v1/periods/${month}/close`)).status).toBe(200);

/** Pauses the standby, so that it certainly lags behind. */
const pauseStandby = (): Promise<unknown> => standby.query('select pg_wal_replay_pause()');

/** Waits until the standby has applied everything that the primary has written so far. */
async function catchUp(): Promise<void> {
  await standby.query('select pg_wal_replay_resume()');
  const [row] = await service.database.read((tx) =>
    tx.query<{ position: string }>('select pg_current_wal_insert_lsn()::text as position'),
  );
  const reached = 'select pg_last_wal_replay_lsn() >= $1::pg_lsn as reached';
  while (!(await standby.query<{ reached: boolean }>(reached, [row!.position])).rows[0]!.reached) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Whether a snapshot that must be current reads from the standby. */
async function readsFromStandby(): Promise<boolean> {
  const snapshot = await Snapshot.takeCurrent(service.database, 'reader');
  const asked = { sql: 'select pg_is_in_recovery() as "fromStandby"', values: [] };
  const [row] = await snapshot.query<{ fromStandby: boolean }>(asked);
  await snapshot.end();
  return row!.fromStandby;
}

describe('with a standby that applies changes five seconds late', () => {
  test('an export of a month that was closed just now is complete', async () => {
    await log('2026-05-04', 30);
    await close('2026-04');
    await log('2026-05-05', 60);
    await close('2026-05');
    expect(await lines('closed')).toEqual(['2026-05 30', '2026-05 60']);
  });

  test('a booking after a closing is reported in the month in which it counts, even if the standby does not have it yet', async () => {
    await catchUp();
    await pauseStandby();
    const entry = await log('2026-06-01', 45);
    await close('2026-06');
    const again = await finance.get('/v1/reports/usage-lines?basis=corrected');
    expect(again.body.rowCount).toBe(2);
    expect((await sold.csm.post(`/v1/time-entries/${entry}/reversal`, { reason: 'late' })).status).toBe(201);
    const forgotten = {
      reason: 'late',
      subscriptionId: sold.id,
      workDate: '2026-06-02',
      minutes: 15,
      consultantId: sold.consultantIds[0],
      productLineId: sold.productLineIds[0],
      activity: 'health-check',
      delivery: 'remote',
      summary: 'S',
    };
    expect((await finance.post('/v1/periods/2026-06/adjustments', forgotten)).status).toBe(201);
    const expected = ['2026-05 30', '2026-05 60', '2026-06 45', '2026-07 -45', '2026-07 15'];
    expect((await lines('closed')).sort()).toEqual(expected.sort());
    expect(await readsFromStandby()).toBe(false);

    // After the reopening, the adjustments stay in the month in which they were counted.
    const reopened = await sold.admin.post('/v1/periods/2026-06/reopen', { reason: 'R' });
    expect(reopened.body.changedMonths).toEqual(['2026-06']);
    await log('2026-06-03', 5);
    expect(await lines('closed')).toContain('2026-06 5');
  });

  test('a report reads from the standby once the standby has caught up', async () => {
    await catchUp();
    // The primary itself writes to its log at any time, so the standby may have to catch up more than once.
    while (!(await readsFromStandby())) await catchUp();
    expect(await lines('closed')).toContain('2026-06 5');
  });

  test('if the standby is down, a closed report comes from the primary, and a corrected one is refused with 503', async () => {
    await servers.stopStandby();
    expect(await lines('closed')).toContain('2026-06 5');
    expect((await finance.get('/v1/reports/usage-lines?basis=corrected')).status).toBe(503);
  });
});
