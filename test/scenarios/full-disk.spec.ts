import { RollOverService } from '../../src/features/subscriptions/roll-over.service.js';
import { api, type Json } from '../support/client.js';
import { soldContract, type SoldContract } from '../support/contract.js';
import { renewalStates, renewingContract } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';
import { runDue } from '../support/due-work.js';

/** When the disk of the database is full, the service loses nothing, and continues when there is space again. */

let service: TestService;
let sold: SoldContract;

beforeAll(async () => {
  service = await startService({ clock: '2026-04-01T03:00:00Z' });
  sold = await soldContract(service, { package: 'dedicated', startsOn: '2026-04-01' });
  const [consultantId, productLineId] = [sold.consultantIds[0]!, sold.productLineIds[0]!];
  const allocations = [{ consultantId, productLineId, minutes: 0 }];
  await sold.csm.put(`/v1/subscriptions/${sold.id}/allocations`, { allocations }, { 'if-match': '"0"' });
});
afterAll(() => service.stop());

const sql = <Row>(text: string, values?: unknown[]): Promise<Row[]> =>
  service.database.write((tx) => tx.query<Row>(text, values));

/** Runs `work` while every insert into a table fails with PostgreSQL's error for a full disk. */
async function whileFull<T>(table: string, work: () => Promise<T>): Promise<T> {
  await sql(`create function disk_is_full() returns trigger language plpgsql as $$
    begin raise exception 'could not extend file: No space left on device' using errcode = 'disk_full'; end $$`);
  await sql(`create trigger disk_is_full before insert on ${table} for each statement execute function disk_is_full()`);
  try {
    return await work();
  } finally {
    await sql('drop function disk_is_full cascade');
  }
}

const entryOf = (minutes: number, summary = 'x') => ({
  workDate: '2026-04-01',
  minutes,
  consultantId: sold.consultantIds[0]!,
  productLineId: sold.productLineIds[0]!,
  activity: 'upgrade',
  delivery: 'remote',
  summary,
});
const entries = async (): Promise<number> =>
  ((await sold.csm.get(`/v1/subscriptions/${sold.id}/time-entries?limit=200`)).body.data as Json[]).length;

test('a booking is refused with 503, and booked once when it is sent again with its idempotency key', async () => {
  const path = `/v1/subscriptions/${sold.id}/time-entries`;
  const key = { 'idempotency-key': 'a-full-disk' };
  const answers = await whileFull('time_entries', () =>
    Promise.all([sold.csm.post(path, entryOf(10), key), sold.csm.post(path, entryOf(11))]),
  );
  for (const { status, body, headers } of answers) {
    expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'storage-full', '60']);
  }
  expect(await entries()).toBe(0);
  expect((await sold.csm.post(path, entryOf(10), key)).status).toBe(201);
  const replay = await sold.csm.post(path, entryOf(10), key);
  expect([replay.status, replay.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
  expect(await entries()).toBe(1);
});

test('any other change is refused in the same way', async () => {
  const admin = api(service.baseUrl, service.adminToken);
  const customer = { name: 'Aoi', locale: 'en', timeZone: 'Asia/Tokyo', contacts: [] };
  const { status, body } = await whileFull('customers', () => admin.post('/v1/customers', customer));
  expect([status, body.code]).toEqual([503, 'storage-full']);
});

test('an import reports that it was interrupted, and succeeds when the file is sent again', async () => {
  const before = await entries();
  const rows = Array.from({ length: 60 }, (_, at) =>
    Object.values({ subscriptionId: sold.id, ...entryOf(1, `row ${at}`) }).join(),
  );
  const file = ['subscriptionId', ...Object.keys(entryOf(1))].join() + `\n${rows.join('\n')}\n`;
  const send = () => sold.csm.send('POST', '/v1/time-entries/import', file, { 'content-type': 'text/csv' });
  const { status, body, headers } = await whileFull('time_entries', send);
  expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'import-interrupted', '5']);
  expect(await entries()).toBe(before);
  const [record] = (await sold.csm.get('/v1/imports')).body.data as Json[];
  expect(record).toMatchObject({ status: 'interrupted' });
  expect((await send()).body).toMatchObject({ rows: 60, accepted: 60 });
  expect(await entries()).toBe(before + 60);
});

test('a job ends with the error, quarantines no subscription, and does its work later', async () => {
  const contract = await renewingContract(service, { startsOn: '2026-04-01' });
  await service.clock.advanceTo(new Date('2027-04-02T00:00:00Z'));
  const rollOver = (): Promise<unknown> => runDue(service, RollOverService);
  await whileFull('terms', () => expect(rollOver()).rejects.toMatchObject({ code: 'storage-full' }));
  expect((await renewalStates(contract)).length).toBe(1);
  expect(await sql('select from set_asides')).toEqual([]);
  await rollOver();
  expect((await renewalStates(contract)).length).toBe(2);
});
