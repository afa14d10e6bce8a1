import { api, type Answer, type Api } from '../support/client.js';
import { soldContract, type SoldContract } from '../support/contract.js';
import { person, type Person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let admin: Api;
let customerId: string;

beforeAll(async () => {
  service = await startService({ clock: '2026-04-01T00:00:00Z' });
  admin = api(service.baseUrl, service.adminToken);
  const customer = { name: 'Aoi', locale: 'ja', timeZone: 'Asia/Tokyo' };
  customerId = (await admin.post('/v1/customers', customer)).body.id as string;
});
afterAll(() => service.stop());

let numbers = 0;

async function owned(csm: Person, startsOn = '2026-04-01'): Promise<string> {
  const contractNumber = `C-${++numbers}`;
  const request = { customerId, package: 'basic', csmId: csm.id, startsOn, contractNumber };
  return (await admin.post('/v1/subscriptions', request)).body.id as string;
}

const handOver = (from: string, body: object, query = ''): Promise<Answer> =>
  admin.post(`/v1/users/${from}/hand-over${query}`, body);

const idsOf = (answer: Answer): string[] =>
  (answer.body.subscriptions as { subscriptionId: string }[]).map(({ subscriptionId }) => subscriptionId);

const csmOf = async (id: string): Promise<unknown> => (await admin.get(`/v1/subscriptions/${id}`)).body.csmId;

test('all active subscriptions of a user get another CSM, and the next deadlines are named first', async () => {
  const [from, to] = [await person(service, 'csm'), await person(service, 'csm')];
  const later = await owned(from, '2026-05-01');
  const sooner = await owned(from, '2026-04-01');
  const preview = await handOver(from.id, { toUserId: to.id }, '?dryRun=true');
  expect([preview.status, idsOf(preview)]).toEqual([200, [sooner, later]]);
  expect(await csmOf(later)).toBe(from.id);

  const done = await handOver(from.id, { toUserId: to.id });
  expect([done.status, done.body]).toEqual([200, preview.body]);
  expect(done.body).toMatchObject({ fromUserId: from.id, toUserId: to.id });
  expect(done.body.subscriptions[0]).toEqual({
    subscriptionId: sooner,
    customerId,
    customer: 'Aoi',
    contractNumber: 'C-2',
    package: 'basic',
    noticeDeadline: '2027-01-30',
    endsOn: '2027-03-31',
  });
  expect([await csmOf(later), await csmOf(sooner)]).toEqual([to.id, to.id]);
  expect((await to.get(`/v1/subscriptions/${later}`)).headers.get('etag')).toBe('"2"');
  expect((await from.get(`/v1/subscriptions/${later}`)).status).toBe(404);
  const nothing = await handOver(from.id, { toUserId: to.id });
  expect([nothing.status, nothing.body.code]).toEqual([409, 'nothing-to-hand-over']);
  expect((await admin.patch(`/v1/users/${from.id}`, { active: false }, { 'if-match': '"1"' })).status).toBe(200);
});

test('some subscriptions can be handed over, all or none', async () => {
  const [from, to, third] = [
    await person(service, 'csm'),
    await person(service, 'admin'),
    await person(service, 'csm'),
  ];
  const [one, other, foreign] = [await owned(from), await owned(from), await owned(third)];
  const refused = await handOver(from.id, { toUserId: to.id, subscriptionIds: [one, foreign, customerId] });
  expect([refused.status, refused.body.code]).toEqual([422, 'rules-violated']);
  expect(refused.body.violations).toMatchObject([
    { code: 'subscription-not-owned', pointer: '/subscriptionIds/1' },
    { code: 'subscription-not-owned', pointer: '/subscriptionIds/2' },
  ]);
  expect(await csmOf(one)).toBe(from.id);
  expect(idsOf(await handOver(from.id, { toUserId: to.id, subscriptionIds: [one] }))).toEqual([one]);
  expect([await csmOf(one), await csmOf(other)]).toEqual([to.id, from.id]);
});

test('a wrong target is refused by name', async () => {
  const [from, gone, finance] = [
    await person(service, 'csm'),
    await person(service, 'csm'),
    await person(service, 'finance'),
  ];
  const id = await owned(from);
  await admin.patch(`/v1/users/${gone.id}`, { active: false }, { 'if-match': '"1"' });
  for (const [toUserId, code] of [
    [from.id, 'hand-over-to-same'],
    [gone.id, 'user-inactive'],
    [finance.id, 'not-a-csm'],
    [customerId, 'not-a-csm'],
  ] as const) {
    const refused = await handOver(from.id, { toUserId });
    expect([toUserId, refused.status, refused.body.code]).toEqual([toUserId, 422, code]);
  }
  expect((await handOver(customerId, { toUserId: from.id })).status).toBe(404);
  expect((await handOver(from.id, { toUserId: gone.id, subscriptionIds: [] })).status).toBe(400);
  expect((await handOver(from.id, { toUserId: gone.id, subscriptionIds: [id, id] })).status).toBe(400);
  expect((await from.post(`/v1/users/${from.id}/hand-over`, { toUserId: gone.id })).status).toBe(403);
});

test('a request that is sent again moves nothing again', async () => {
  const [from, to] = [await person(service, 'csm'), await person(service, 'csm')];
  await admin.patch(`/v1/users/${to.id}`, { locale: 'ja' }, { 'if-match': '"1"' });
  const id = await owned(from);
  const key = { 'idempotency-key': 'hand-over-1' };
  const first = await admin.post(`/v1/users/${from.id}/hand-over`, { toUserId: to.id }, key);
  const later = await owned(from);
  const again = await admin.post(`/v1/users/${from.id}/hand-over`, { toUserId: to.id }, key);
  expect([again.status, again.body]).toEqual([200, first.body]);
  expect([idsOf(again), await csmOf(later)]).toEqual([[id], from.id]);

  await admin.post('/v1/jobs/mail-delivery/run');
  const mails = await service.database.read((tx) =>
    tx.query<{ userId: string; locale: string; status: string; facts: { subscriptions: object[] } }>(
      `select user_id as "userId", locale, status, facts from mails where kind = 'portfolio-handed-over' and user_id = any($1::uuid[])`,
      [[from.id, to.id]],
    ),
  );
  const expected = [
    [from.id, 'en', 'sent'],
    [to.id, 'ja', 'sent'],
  ];
  expect(mails.map(({ userId, locale, status }) => [userId, locale, status]).sort()).toEqual(expected.sort());
  for (const { facts } of mails) expect(facts.subscriptions).toMatchObject([{ subscriptionId: id }]);
});

test('of two hand-overs at the same time, one moves the subscriptions', async () => {
  for (let round = 0; round < 5; round++) {
    const [from, one, other] = [
      await person(service, 'csm'),
      await person(service, 'csm'),
      await person(service, 'csm'),
    ];
    const ids = [await owned(from), await owned(from)];
    const answers = await Promise.all([one, other].map((to) => handOver(from.id, { toUserId: to.id })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const winner = answers[0]!.status === 200 ? one : other;
    expect(await Promise.all(ids.map(csmOf))).toEqual([winner.id, winner.id]);
  }
});

test('closed months keep the CSM whom they had at closing', async () => {
  const contract: SoldContract = await soldContract(service, { package: 'premier', startsOn: '2026-02-01' });
  const [consultantId, productLineId] = [contract.consultantIds[0], contract.productLineIds[0]];
  const path = `/v1/subscriptions/${contract.id}`;
  const allocations = [{ consultantId, productLineId, minutes: 600 }];
  await contract.csm.put(`${path}/allocations`, { allocations }, { 'if-match': '"0"' });
  const work = { workDate: '2026-03-30', minutes: 60, consultantId, productLineId };
  const entry = { ...work, activity: 'health-check', delivery: 'remote', summary: 'x' };
  expect((await contract.csm.post(`${path}/time-entries`, entry)).status).toBe(201);
  const lines = async (csmId: string, basis: string): Promise<number> => {
    const query = `from=2026-03-01&to=2026-03-31&format=json&basis=${basis}&csmId=${csmId}`;
    return (await admin.get(`/v1/reports/usage-lines?${query}`)).body.rowCount as number;
  };
  await admin.post('/v1/periods/2026-03/close');
  const to = await person(service, 'csm');
  expect((await handOver(contract.csm.id, { toUserId: to.id })).status).toBe(200);
  expect([await lines(contract.csm.id, 'closed'), await lines(to.id, 'closed')]).toEqual([1, 0]);
  expect([await lines(contract.csm.id, 'corrected'), await lines(to.id, 'corrected')]).toEqual([0, 1]);
  expect((await to.post(`${path}/time-entries?dryRun=true`, { ...entry, workDate: '2026-04-01' })).status).toBe(200);
});
