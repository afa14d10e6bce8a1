import type { Answer, Api, Json } from '../support/client.js';
import { soldContract, type ContractWanted, type SoldContract } from '../support/contract.js';
import { person, type Person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let admin: Api;
let finance: Person;

beforeAll(async () => {
  service = await startService({ clock: '2026-07-10T03:00:00Z' });
  finance = await person(service, 'finance');
});
afterAll(() => service.stop());

const reports = [
  'usage-lines',
  'usage-summary',
  'entitlements',
  'expired-hours',
  'renewals',
  'utilisation',
  'travel-expenses',
];
const formats = ['csv', 'xlsx', 'json', 'ndjson'];

async function contract(wanted: Partial<ContractWanted> = {}): Promise<SoldContract> {
  const sold = await soldContract(service, { package: 'premier', ...wanted });
  ({ admin } = sold);
  const allocations = sold.consultantIds.map((consultantId) => ({
    consultantId,
    productLineId: sold.productLineIds[0],
    minutes: 0,
  }));
  const path = `/v1/subscriptions/${sold.id}/allocations`;
  expect((await sold.csm.put(path, { allocations }, { 'if-match': '"0"' })).status).toBe(200);
  return sold;
}

const entry = (sold: SoldContract, workDate: string, minutes: number, change: object = {}): object => ({
  workDate,
  minutes,
  consultantId: sold.consultantIds[0],
  productLineId: sold.productLineIds[0],
  activity: 'health-check',
  delivery: 'remote',
  summary: '設定の確認',
  ...change,
});

/** Returns the body of an answer, and throws if the request failed. */
async function expectSuccess(answer: Promise<Answer>): Promise<Json> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(JSON.stringify(body));
  return body;
}

async function log(sold: SoldContract, workDate: string, minutes: number, change: object = {}): Promise<string> {
  const path = `/v1/subscriptions/${sold.id}/time-entries`;
  return (await expectSuccess(sold.csm.post(path, entry(sold, workDate, minutes, change)))).entry.id as string;
}

/** Changes the current version of a resource. */
async function change(path: string, body: object, by: Api = admin): Promise<void> {
  const { headers } = await by.get(path);
  await expectSuccess(by.patch(path, body, { 'if-match': headers.get('etag')! }));
}

/** The bytes of all seven reports in all formats on the basis `closed`, for each month and for all five together. */
async function files(csmId: string): Promise<Map<string, string>> {
  const periods = ['03', '04', '05', '06', '07'].map((month) => [
    `2026-${month}-01`,
    `2026-${month}-${month === '04' || month === '06' ? 30 : 31}`,
  ]);
  const queries = [...periods, ['2026-03-01', '2026-07-31']].map(([from, to]) => `from=${from}&to=${to}&basis=closed`);
  queries.push(`${queries.at(-1)}&csmId=${csmId}&headings=ja`, `${queries.at(-1)}&package=premier`);
  const read = new Map<string, string>();
  for (const query of queries) {
    for (const report of reports) {
      for (const format of formats) {
        const path = `/v1/reports/${report}?${query}&format=${format}`;
        const response = await fetch(service.baseUrl + path, { headers: { authorization: `Bearer ${finance.token}` } });
        const bytes = Buffer.from(await response.arrayBuffer());
        if (response.status !== 200) throw new Error(`${path}: ${bytes.toString()}`);
        read.set(path, bytes.toString(format === 'xlsx' ? 'base64' : 'utf8'));
      }
    }
  }
  return read;
}

const rows = async (query: string): Promise<Json[]> =>
  (await expectSuccess(finance.get(`/v1/reports/${query}`))).data as Json[];

test('all seven reports of closed months stay byte for byte the same in all formats after any later change', async () => {
  // Its first term ended on 31 March 2026. The notice deadline of its second term is 30 January 2027.
  const ended = await contract({ startsOn: '2025-04-01' });
  const reversedLater = await log(ended, '2026-03-10', 60);
  const correctedLater = await log(ended, '2026-03-11', 90);
  await expectSuccess(
    ended.csm.post(`/v1/time-entries/${await log(ended, '2026-03-12', 30)}/reversal`, { reason: 'R' }),
  );
  const annulled = await contract({ startsOn: '2026-06-01' });
  // The notice deadline of its term is 2 July 2026.
  const renewing = await contract({ startsOn: '2025-09-01' });
  await expectSuccess(
    renewing.csm.post(`/v1/subscriptions/${renewing.id}/seats`, { learnerName: 'Aoi', learnerEmail: 'aoi@c.example' }),
  );
  const visit = await expectSuccess(
    renewing.csm.post(`/v1/subscriptions/${renewing.id}/visits`, {
      startsOn: '2026-06-02',
      endsOn: '2026-06-03',
      place: '大阪',
      consultantIds: renewing.consultantIds,
    }),
  );
  const onsite = await log(renewing, '2026-06-02', 120, { delivery: 'onsite', visitId: visit.id });
  const ticket = { amount: '13870', currency: 'JPY', description: '新幹線' };
  const expense = await expectSuccess(renewing.csm.post(`/v1/visits/${visit.id}/expenses`, ticket));
  await log(renewing, '2026-07-01', 45);
  await expectSuccess(finance.post('/v1/periods/2026-07/close', { early: true }));
  const before = await files(renewing.csm.id);
  const march = await rows(`expired-hours?from=2026-03-01&to=2026-03-31&basis=closed&customerId=${ended.customerId}`);
  expect(march).toMatchObject([{ expiredMinutes: 11_520 - 150, month: '2026-03', adjustsMonth: null }]);
  expect(
    await rows(`renewals?from=2026-07-01&to=2026-07-31&basis=closed&customerId=${renewing.customerId}`),
  ).toMatchObject([{ renewalState: 'locked', remainingMinutes: 11_520 - 165, seatsInUse: 1, package: 'premier' }]);

  const [successor, other] = [await person(service, 'csm'), await person(service, 'csm')];
  await expectSuccess(ended.csm.post(`/v1/time-entries/${reversedLater}/reversal`, { reason: 'late' }));
  await expectSuccess(
    ended.csm.post(`/v1/time-entries/${correctedLater}/correction`, {
      reason: 'late',
      ...entry(ended, '2026-03-11', 80),
    }),
  );
  const adjustment = { reason: 'late', subscriptionId: renewing.id, ...entry(renewing, '2026-05-11', 25) };
  await expectSuccess(finance.post('/v1/periods/2026-05/adjustments', adjustment));
  await expectSuccess(renewing.csm.post(`/v1/time-entries/${onsite}/reversal`, { reason: 'late' }));
  await expectSuccess(renewing.csm.post(`/v1/expenses/${expense.id}/reversal`, { reason: 'late' }));
  await expectSuccess(renewing.csm.post(`/v1/visits/${visit.id}/expenses`, ticket));
  await expectSuccess(renewing.csm.post(`/v1/visits/${visit.id}/cancel`));
  await expectSuccess(
    renewing.csm.post(`/v1/subscriptions/${renewing.id}/upgrade`, { package: 'enterprise', effectiveOn: '2026-06-01' }),
  );
  // On the basis `corrected`, an entry shows the package that is now in force on its work day.
  // A closed month shows the package that was in force at the closing.
  const juneOf = `customerId=${renewing.customerId}&from=2026-06-01&to=2026-06-30`;
  for (const [basis, packageCode] of [
    ['corrected', 'enterprise'],
    ['closed', 'premier'],
  ]) {
    const june = await rows(`usage-lines?${juneOf}&basis=${basis}`);
    expect([...new Set(june.map((row) => row.package))]).toEqual([packageCode]);
    const summed = await rows(`usage-summary?${juneOf}&basis=${basis}&package=${packageCode}`);
    expect(summed).toMatchObject([{ lines: june.length }]);
  }
  expect((await expectSuccess(admin.get(`/v1/time-entries/${onsite}`))).package).toBe('enterprise');
  await expectSuccess(
    renewing.csm.post(`/v1/subscriptions/${renewing.id}/seats`, { learnerName: 'Ken', learnerEmail: 'ken@c.example' }),
  );
  await contract({ startsOn: '2025-02-01' });
  await expectSuccess(admin.post(`/v1/subscriptions/${annulled.id}/annulment`, { reason: 'entered twice' }));
  for (const sold of [ended, renewing]) {
    await change(`/v1/customers/${sold.customerId}`, {
      name: '新しい社名',
      code: `C-${sold.customerId.slice(-6)}`,
      timeZone: 'America/Los_Angeles',
    });
    await change(`/v1/consultants/${sold.consultantIds[0]}`, { name: '改姓 太郎' });
    await change(`/v1/users/${sold.csm.id}`, { name: 'Renamed CSM' });
    await change(`/v1/subscriptions/${sold.id}`, { csmId: successor.id, contractNumber: `N-${sold.id.slice(-6)}` });
    const { currentTerm } = (await admin.get(`/v1/subscriptions/${sold.id}`)).body;
    await change(`/v1/terms/${currentTerm.id}`, { purchaseOrder: 'PO-1' });
    await change(`/v1/subscriptions/${sold.id}`, { csmId: other.id });
  }
  expect(
    [...(await files(renewing.csm.id))].filter(([path, file]) => file !== before.get(path)).map(([path]) => path),
  ).toEqual([]);
  await expectSuccess(admin.post('/v1/clock/advance', { to: '2026-09-02T12:00:00Z' }));
  expect((await admin.get(`/v1/subscriptions/${renewing.id}`)).body.currentTerm.number).toBe(1);
  const after = await files(renewing.csm.id);
  expect([...after].filter(([path, file]) => file !== before.get(path)).map(([path]) => path)).toEqual([]);

  // The 70 minutes that came back to the closed term expired again. They count in August, the first open month.
  const august = await rows(`expired-hours?from=2026-08-01&to=2026-08-31&basis=closed&customerId=${ended.customerId}`);
  expect(august).toMatchObject([
    { endsOn: '2026-03-31', expiredMinutes: 70, seatsExpired: 0, month: '2026-08', adjustsMonth: '2026-03' },
  ]);
  const [total] = await rows(`expired-hours?customerId=${ended.customerId}`);
  expect(total.expiredMinutes).toBe(11_520 - 150 + 70);
});

test('on the basis `closed`, a change of the CSM moves only the rows of open months', async () => {
  const sold = await contract({ startsOn: '2026-08-01' });
  await log(sold, '2026-08-20', 15);
  await expectSuccess(finance.post('/v1/periods/2026-08/close'));
  await log(sold, '2026-09-01', 20);
  const successor = await person(service, 'csm');
  await change(`/v1/subscriptions/${sold.id}`, { csmId: successor.id });
  const minutes = async (csmId: string, basis: string): Promise<number[]> =>
    (await rows(`usage-lines?csmId=${csmId}&basis=${basis}`)).map((row) => row.minutes as number);
  expect(await minutes(sold.csm.id, 'closed')).toEqual([15]);
  expect(await minutes(successor.id, 'closed')).toEqual([20]);
  expect(await minutes(sold.csm.id, 'corrected')).toEqual([]);
  expect(await minutes(successor.id, 'corrected')).toEqual([15, 20]);
});

test.each([
  [`update closed_subscriptions set csm_id = gen_random_uuid()`, 'closed_subscriptions_append_only'],
  [`delete from closed_subscriptions`, 'closed_subscriptions_stay'],
  [`delete from closed_terms`, 'closed_terms_stay'],
  [`delete from closed_term_ends`, 'closed_term_ends_stay'],
  [`delete from closed_visits`, 'closed_visits_stay'],
  [`delete from closed_renewals`, 'closed_renewals_stay'],
  [`update closed_renewals set remaining_minutes = 0`, 'closed_renewals_append_only'],
  [`truncate closed_visits`, 'closed_visits_append_only'],
  [
    `insert into closed_terms select month, t.id from accounting_periods cross join terms t limit 1`,
    'closed_terms_stay',
  ],
])('the database refuses to change the stored facts of a closed month: %s', async (sql, constraint) => {
  await expect(service.database.write((tx) => tx.query(sql))).rejects.toMatchObject({ constraint });
});
