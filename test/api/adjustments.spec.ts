import type { Answer, Api, Json } from '../support/client.js';
import { soldContract, type SoldContract } from '../support/contract.js';
import { person, type Person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let sold: SoldContract;
let admin: Api;
let finance: Person;

beforeAll(async () => {
  service = await startService({ clock: '2026-07-10T03:00:00Z' });
  sold = await soldContract(service, { package: 'premier', startsOn: '2026-04-10' });
  ({ admin } = sold);
  finance = await person(service, 'finance');
  const allocations = [{ consultantId: sold.consultantIds[0], productLineId: sold.productLineIds[0], minutes: 0 }];
  await sold.csm.put(`/v1/subscriptions/${sold.id}/allocations`, { allocations }, { 'if-match': '"0"' });
  expect((await finance.post('/v1/periods/2026-05/close')).status).toBe(200);
});
afterAll(() => service.stop());

const adjustmentWith = (change: object = {}): object => ({
  reason: 'The consultant was ill at the end of the month',
  subscriptionId: sold.id,
  workDate: '2026-05-20',
  minutes: 45,
  consultantId: sold.consultantIds[0],
  productLineId: sold.productLineIds[0],
  activity: 'health-check',
  delivery: 'remote',
  summary: '設定の確認',
  ...change,
});

interface Options {
  by?: Api;
  month?: string;
  query?: string;
  headers?: Record<string, string>;
}

const adjust = (change: object = {}, { by = finance, month = '2026-05', query = '', headers = {} }: Options = {}) =>
  by.post(`/v1/periods/${month}/adjustments${query}`, adjustmentWith(change), headers);

const usageLines = async (query: string): Promise<Json[]> =>
  (await finance.get(`/v1/reports/usage-lines?customerId=${sold.customerId}&${query}`)).body.data as Json[];

const usedMinutes = async (): Promise<number> =>
  (await finance.get(`/v1/subscriptions/${sold.id}/balance`)).body.usedMinutes as number;

describe('an adjustment for a closed month', () => {
  test('counts in the first open month, has its reason, and leaves the closed month unchanged', async () => {
    const may = 'from=2026-05-01&to=2026-05-31';
    const closedMay = await usageLines(`${may}&basis=closed`);
    const dryRun = await adjust({}, { query: '?dryRun=true' });
    expect([dryRun.status, await usedMinutes()]).toEqual([200, 0]);

    const { status, body } = await adjust();
    expect(status).toBe(201);
    expect(body.entry).toMatchObject({
      workDate: '2026-05-20',
      minutes: 45,
      accountingMonth: '2026-06',
      adjustsMonth: '2026-05',
      adjustmentReason: 'The consultant was ill at the end of the month',
      correctsEntryId: null,
      recordedBy: finance.id,
      reversal: null,
    });
    expect(body.balance.usedMinutes).toBe(45);
    expect((await finance.get(`/v1/time-entries/${body.entry.id}`)).body).toEqual(body.entry);
    expect((await sold.customer.get(`/v1/time-entries/${body.entry.id}`)).body.adjustmentReason).toBeNull();

    expect(await usageLines(`${may}&basis=closed`)).toEqual(closedMay);
    const june = await usageLines('from=2026-06-01&to=2026-06-30&basis=closed');
    expect(june).toMatchObject([
      { entryId: body.entry.id, kind: 'adjustment', month: '2026-06', adjustsMonth: '2026-05' },
    ]);
    expect(await usageLines(may)).toMatchObject([{ kind: 'adjustment', month: '2026-05', adjustsMonth: '2026-05' }]);
    expect((await finance.post(`/v1/subscriptions/${sold.id}/verify`)).body.consistent).toBe(true);
  });

  test('counts in the next month if the current month is closed too', async () => {
    expect((await finance.post('/v1/periods/2026-07/close', { early: true })).status).toBe(200);
    const { body } = await adjust();
    expect(body.entry).toMatchObject({ accountingMonth: '2026-08', adjustsMonth: '2026-05' });
    expect((await admin.post('/v1/periods/2026-06/reopen', { reason: 'R' })).status).toBe(200);
  });

  test('is booked once if the request is repeated with the same idempotency key', async () => {
    const headers = { 'idempotency-key': 'forgotten-1' };
    const before = await usedMinutes();
    const [first, again] = [await adjust({}, { headers }), await adjust({}, { headers })];
    expect([first.status, again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 201, 'true']);
    expect(again.body).toEqual(first.body);
    expect(await usedMinutes()).toBe(before + 45);
  });

  test('can be reversed like any other entry', async () => {
    const { entry } = (await adjust()).body;
    const { status, body } = await sold.csm.post(`/v1/time-entries/${entry.id}/reversal`, { reason: 'wrong day' });
    expect([status, body.reversed.reversal.adjustsMonth]).toEqual([201, '2026-05']);
  });
});

describe('an adjustment is refused', () => {
  const outcomeOf = ({ status, body }: Answer): unknown[] => [status, body.code, body.errors?.[0]?.pointer];

  test.each<[string, object, string, number, string, string | undefined]>([
    ['for an open month', { workDate: '2026-06-10' }, '2026-06', 409, 'period-not-closed', undefined],
    ['for a work day in another month', { workDate: '2026-04-20' }, '2026-05', 400, 'malformed-body', '/workDate'],
    ['without a reason', { reason: undefined }, '2026-05', 400, 'malformed-body', '/reason'],
    ['without a subscription', { subscriptionId: undefined }, '2026-05', 400, 'malformed-body', '/subscriptionId'],
    ['for a malformed month', {}, '2026-5', 400, 'malformed-month', undefined],
    ['for more minutes than a day has', { minutes: 1_441 }, '2026-05', 422, 'consultant-day-exceeded', undefined],
    ['for more minutes than the term has left', { minutes: 20_000 }, '2026-05', 422, 'rules-violated', undefined],
    ['for a work day before the first term', { workDate: '2026-04-09' }, '2026-04', 422, 'term-not-found', undefined],
    ['for onsite work without a visit', { delivery: 'onsite' }, '2026-05', 422, 'visit-required', undefined],
  ])('%s', async (_, change, month, status, code, pointer) => {
    expect(outcomeOf(await adjust(change, { month }))).toEqual([status, code, pointer]);
  });

  test('for a consultant who is not assigned', async () => {
    const answer = await adjust({ consultantId: sold.consultantIds[1] });
    expect(answer.body.code).toBe('consultant-not-assigned');
  });

  test('if a CSM or a customer sends it, but not if an administrator does', async () => {
    expect((await adjust({}, { by: sold.csm })).status).toBe(403);
    expect((await adjust({}, { by: sold.customer })).status).toBe(403);
    expect((await adjust({}, { by: admin, query: '?dryRun=true' })).status).toBe(200);
  });

  test('for a subscription that does not exist', async () => {
    expect((await adjust({ subscriptionId: '01890000-0000-7000-8000-000000000000' })).status).toBe(404);
  });
});
