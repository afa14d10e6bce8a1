import type { Json } from '../support/client.js';
import { person, type Person } from '../support/people.js';
import { advance, renewingContract, type RenewingContract } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let contract: RenewingContract;
let finance: Person;

beforeAll(async () => {
  service = await startService({ clock: '2026-04-20T03:00:00Z' });
  contract = await renewingContract(service, { package: 'premier', startsOn: '2026-04-01' });
  finance = await person(service, 'finance');
});
afterAll(() => service.stop());

const path = (of = contract): string => `/v1/subscriptions/${of.id}/outlook`;
const ifMatch = (version: number) => ({ 'if-match': `"${version}"` });
const state = (body: object, version: number, of = contract, by: Pick<Person, 'put'> = of.csm) =>
  by.put(path(of), body, ifMatch(version));

const unsure = { expectation: 'unsure', reason: 'A new CIO', nextStep: 'Meet the CIO', nextStepOn: '2026-05-10' };

async function reported(query = ''): Promise<Json> {
  const { body } = await finance.get(`/v1/reports/renewals?customerId=${contract.customerId}${query}`);
  return body.data[0];
}

test('without an outlook, lists and reports have none', async () => {
  const { body, headers } = await contract.csm.get(path());
  expect([body, headers.get('etag')]).toEqual([{ outlook: null, version: 0, data: [], nextCursor: null }, '"0"']);
  const renewals = await contract.csm.get('/v1/renewals');
  expect(renewals.body.data).toMatchObject([{ outlook: null }]);
  expect(await reported()).toMatchObject({ outlook: null, outlookReason: null, nextStep: null, nextStepOn: null });
});

test('the first PUT needs the ETag of the empty history', async () => {
  expect((await contract.csm.put(path(), unsure)).status).toBe(428);
  expect((await state(unsure, 1)).status).toBe(412);
  const { status, body, headers } = await state(unsure, 0);
  expect([status, headers.get('etag')]).toEqual([200, '"1"']);
  expect(body).toMatchObject({
    ...unsure,
    termNumber: 0,
    recordedAt: '2026-04-20T03:00:00.000Z',
    recordedBy: { id: contract.csm.id },
    version: 1,
  });
});

test('an equal outlook adds nothing, and a changed one adds a row', async () => {
  const first = (await contract.csm.get(path())).body.outlook;
  const again = await state(unsure, 1);
  expect([again.status, again.body.version, again.body.id]).toEqual([200, 1, first.id]);
  const admin = contract.admin;
  const changed = await state({ expectation: 'upgrades' }, 1, contract, admin);
  expect(changed.body).toMatchObject({ expectation: 'upgrades', reason: null, nextStep: null, version: 2 });
  expect((await state(unsure, 1)).status).toBe(412);
  const { body } = await finance.get(`${path()}?limit=1`);
  expect(body).toMatchObject({ outlook: { expectation: 'upgrades' }, version: 2, data: [{ expectation: 'upgrades' }] });
  const next = await finance.get(`${path()}?limit=1&cursor=${body.nextCursor}`);
  expect(next.body).toMatchObject({ outlook: { expectation: 'upgrades' }, data: [first], nextCursor: null });
});

test('the outlook stands in renewals, in the report and in the forecast', async () => {
  expect((await state({ ...unsure, reason: '=1+1' }, 2)).status).toBe(200);
  const { body } = await contract.csm.get('/v1/renewals');
  expect(body.data[0].outlook).toMatchObject({ ...unsure, reason: '=1+1', recordedBy: { id: contract.csm.id } });
  expect(await reported()).toMatchObject({
    outlook: 'unsure',
    outlookReason: '=1+1',
    nextStep: 'Meet the CIO',
    nextStepOn: '2026-05-10',
  });
  const csv = await finance.get(
    `/v1/reports/renewals?customerId=${contract.customerId}&format=csv&headings=ja&delimiter=semicolon`,
  );
  const [header, row] = (csv.body as string).split('\r\n');
  expect(header).toMatch(/更新の見込み;見込みの理由;次の対応;次の対応予定日$/);
  expect(row).toMatch(/未定;'=1\+1;Meet the CIO;2026-05-10$/);
});

test('the forecast sums up terms and minutes by month and expectation', async () => {
  const { csm } = contract;
  const others = [
    { startsOn: '2026-04-15', package: 'basic' },
    { startsOn: '2025-08-01', package: 'enterprise' },
    { startsOn: '2026-04-10', package: 'basic', declined: true },
  ];
  for (const { declined, startsOn, package: sold } of others) {
    const subscription = { customerId: contract.customerId, package: sold, startsOn };
    const { body } = await csm.post('/v1/subscriptions', subscription);
    if (declined !== true) continue;
    const notice = { party: 'customer', signedBy: 'A. Aoi', channel: 'email' };
    await csm.post(`/v1/subscriptions/${body.id}/non-renewal-notices`, notice);
  }
  const first = await csm.get('/v1/forecast?until=2027-12-31&limit=1');
  expect(first.body.expected).toEqual([
    { month: '2026-07', expectation: 'none', terms: 1, minutes: 23_040 },
    { month: '2027-03', expectation: 'unsure', terms: 1, minutes: 11_520 },
    { month: '2027-04', expectation: 'none', terms: 1, minutes: 5_760 },
  ]);
  const second = await csm.get(`/v1/forecast?until=2027-12-31&limit=1&cursor=${first.body.nextCursor}`);
  expect(second.body.expected).toBeNull();
  expect((await csm.get('/v1/forecast?until=2026-12-31')).body.expected).toHaveLength(1);
});

test('a CSM states it for the own portfolio, finance reads it, and a customer may do neither', async () => {
  const stranger = await person(service, 'csm');
  expect((await stranger.get(path())).status).toBe(404);
  expect((await state(unsure, 3, contract, stranger)).status).toBe(404);
  expect((await finance.get(path())).status).toBe(200);
  expect((await state(unsure, 3, contract, finance)).status).toBe(403);
  expect((await contract.customer.get(path())).status).toBe(403);
  expect((await state(unsure, 3, contract, contract.customer)).status).toBe(403);
});

test.each<[string, object, number, string]>([
  ['no expectation', { reason: 'R' }, 400, 'malformed-body'],
  ['an unknown expectation', { expectation: 'maybe' }, 400, 'malformed-body'],
  ['an unknown field', { expectation: 'renews', probability: 80 }, 400, 'malformed-body'],
  ['a day that does not exist', { ...unsure, nextStepOn: '2026-02-30' }, 400, 'malformed-body'],
  ['a day without a next step', { expectation: 'renews', nextStepOn: '2026-05-10' }, 422, 'next-step-missing'],
])('an outlook with %s is refused', async (_, body, status, code) => {
  const before = (await contract.csm.get(path())).body;
  const answer = await state(body, before.version);
  expect([answer.status, answer.body.code]).toEqual([status, code]);
  expect((await contract.csm.get(path())).body).toEqual(before);
});

test('the database keeps the history', async () => {
  const run = (sql: string) => service.database.write((tx) => tx.query(sql));
  for (const sql of [`update outlooks set expectation = 'renews'`, 'delete from outlooks', 'truncate outlooks']) {
    await expect(run(sql)).rejects.toMatchObject({ constraint: 'outlooks_append_only' });
  }
});

test('a new term has no outlook yet, and an ended or annulled subscription takes none', async () => {
  const [renewing, ending, mistaken] = await Promise.all(
    [1, 2, 3].map(() => renewingContract(service, { startsOn: '2025-08-01' })),
  );
  for (const one of [renewing!, ending!]) expect((await state(unsure, 0, one)).status).toBe(200);
  const notice = { party: 'customer', signedBy: 'A. Aoi', channel: 'portal' };
  expect((await ending!.customer.post(`/v1/subscriptions/${ending!.id}/non-renewal-notices`, notice)).status).toBe(201);
  const annulled = await mistaken!.admin.post(`/v1/subscriptions/${mistaken!.id}/annulment`, { reason: 'Twice' });
  expect(annulled.status).toBe(200);
  await advance(service, '2026-08-02T00:00:00Z');

  const { body } = await renewing!.csm.get(path(renewing));
  expect(body).toMatchObject({ outlook: null, version: 1, data: [{ ...unsure, termNumber: 0 }] });
  const stated = await state({ expectation: 'renews' }, 1, renewing);
  expect(stated.body).toMatchObject({ expectation: 'renews', termNumber: 1, version: 2 });

  const refused = await state({ expectation: 'leaves' }, 1, ending);
  expect([refused.status, refused.body.code]).toEqual([409, 'subscription-ended']);
  expect((await ending!.csm.get(path(ending))).body).toMatchObject({ outlook: unsure, version: 1 });
  const onAnnulled = await state(unsure, 0, mistaken);
  expect([onAnnulled.status, onAnnulled.body.code]).toEqual([409, 'subscription-annulled']);
});

test('on the basis closed, a closed month shows no outlook and stays the same file', async () => {
  const closed = `/v1/reports/renewals?basis=closed&from=2027-01-01&to=2027-01-31&customerId=${contract.customerId}`;
  const row = async (): Promise<Json> => (await finance.get(closed)).body.data[0];
  expect(await row()).toMatchObject({ outlook: 'unsure' });
  await advance(service, '2027-02-02T00:00:00Z');
  expect((await finance.post('/v1/periods/2027-01/close')).status).toBe(200);
  const file = (await finance.get(`${closed}&format=csv`)).body as string;
  expect(await row()).toMatchObject({ outlook: null, outlookReason: null, nextStep: null, nextStepOn: null });
  expect((await state({ expectation: 'renews' }, 3)).status).toBe(200);
  expect((await finance.get(`${closed}&format=csv`)).body).toBe(file);
  expect(await reported()).toMatchObject({ outlook: 'renews' });
});
