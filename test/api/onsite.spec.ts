import { RollOverService } from '../../src/features/subscriptions/roll-over.service.js';
import { soldContract, type SoldContract } from '../support/contract.js';
import { person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';
import { runDue } from '../support/due-work.js';

let service: TestService;

beforeAll(async () => {
  service = await startService({ clock: '2026-04-10T03:00:00Z' });
});
afterAll(() => service.stop());

const visitsOf = ({ id }: SoldContract, query = '') => `/v1/subscriptions/${id}/visits${query}`;

const visit = ({ consultantIds }: SoldContract, change: object = {}) => ({
  startsOn: '2026-05-11',
  endsOn: '2026-05-13',
  place: '大阪',
  consultantIds,
  ...change,
});

const visitsUsed = async ({ id, csm }: SoldContract) =>
  (await csm.get(`/v1/subscriptions/${id}/balance`)).body.onsite.visitsUsed;

/** Logs an hour of onsite work for a visit, and returns the id of the time entry. */
async function logHour({ id, csm, consultantIds, productLineIds }: SoldContract, visitId: string, workDate: string) {
  const pair = { consultantId: consultantIds[0], productLineId: productLineIds[0] };
  const allocations = { allocations: [{ ...pair, minutes: 0 }] };
  await csm.put(`/v1/subscriptions/${id}/allocations`, allocations, { 'if-match': '"0"' });
  const entry = { ...pair, workDate, minutes: 60, activity: 'health-check', delivery: 'onsite', visitId, summary: 'S' };
  const logged = await csm.post(`/v1/subscriptions/${id}/time-entries`, entry);
  expect(logged.status).toBe(201);
  return logged.body.entry.id as string;
}

test('a visit is planned, listed and completed', async () => {
  const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  const { csm, consultantIds } = contract;

  const planned = await csm.post(visitsOf(contract), visit(contract, { purpose: 'Health check' }));
  expect(planned.status).toBe(201);
  expect(planned.body).toEqual({
    id: expect.any(String) as string,
    subscriptionId: contract.id,
    termId: expect.any(String) as string,
    startsOn: '2026-05-11',
    endsOn: '2026-05-13',
    place: '大阪',
    purpose: 'Health check',
    consultantIds,
    status: 'planned',
    createdAt: '2026-04-10T03:00:00.000Z',
    version: 1,
  });
  expect((await csm.get(visitsOf(contract))).body).toEqual({ data: [planned.body], nextCursor: null });
  expect(await visitsUsed(contract)).toBe(1);

  const done = await csm.post(`/v1/visits/${planned.body.id}/complete`);
  expect([done.status, done.body]).toEqual([200, { ...planned.body, status: 'done', version: 2 }]);
  expect(await visitsUsed(contract)).toBe(1);
});

test('a cancelled visit no longer counts towards the limit of visits', async () => {
  const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  const { csm } = contract;
  const { body: first } = await csm.post(visitsOf(contract), visit(contract));
  await csm.post(visitsOf(contract), visit(contract));

  const refused = await csm.post(visitsOf(contract), visit(contract));
  expect(refused.status).toBe(422);
  expect(refused.body).toMatchObject({ code: 'visits-exhausted', violations: [{ used: 2, limit: 2 }] });

  const cancelled = await csm.post(`/v1/visits/${first.id}/cancel`);
  expect([cancelled.status, cancelled.body.status]).toEqual([200, 'cancelled']);
  expect(await visitsUsed(contract)).toBe(1);
  expect((await csm.post(visitsOf(contract), visit(contract))).status).toBe(201);
  expect((await csm.get(visitsOf(contract))).body.data).toMatchObject([
    { status: 'cancelled' },
    { status: 'planned' },
    { status: 'planned' },
  ]);
});

test.each`
  before        | event         | status | code
  ${'cancel'}   | ${'cancel'}   | ${409} | ${'already-cancelled'}
  ${'cancel'}   | ${'complete'} | ${409} | ${'already-cancelled'}
  ${'complete'} | ${'complete'} | ${409} | ${'already-completed'}
  ${'complete'} | ${'cancel'}   | ${200} | ${undefined}
`('after $before, $event gets $status $code', async ({ before, event, status, code }) => {
  const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  const { body: planned } = await contract.csm.post(visitsOf(contract), visit(contract));
  await contract.csm.post(`/v1/visits/${planned.id}/${before}`);
  const answer = await contract.csm.post(`/v1/visits/${planned.id}/${event}`);
  expect([answer.status, answer.body.code]).toEqual([status, code]);
});

test('a visit with time entries can be cancelled only after they are reversed', async () => {
  const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  const { csm } = contract;
  const days = { startsOn: '2026-04-08', endsOn: '2026-04-09' };
  const { body: planned } = await csm.post(visitsOf(contract), visit(contract, days));
  const entryId = await logHour(contract, planned.id, '2026-04-08');

  const refused = await csm.post(`/v1/visits/${planned.id}/cancel`);
  expect([refused.status, refused.body.code]).toEqual([422, 'visit-has-entries']);
  expect(await visitsUsed(contract)).toBe(1);

  await csm.post(`/v1/time-entries/${entryId}/reversal`, { reason: 'Other visit' });
  expect((await csm.post(`/v1/visits/${planned.id}/cancel`)).status).toBe(200);
});

test.each`
  days                                                | codes
  ${{ startsOn: '2026-03-31', endsOn: '2026-04-02' }} | ${['visit-outside-term']}
  ${{ startsOn: '2027-03-30', endsOn: '2027-04-01' }} | ${['visit-outside-term']}
  ${{ startsOn: '2027-04-01', endsOn: '2027-04-02' }} | ${['visit-outside-term']}
  ${{ startsOn: '2026-05-02', endsOn: '2026-05-01' }} | ${['dates-out-of-order']}
  ${{ startsOn: '2027-05-02', endsOn: '2027-05-01' }} | ${['dates-out-of-order', 'visit-outside-term']}
`('refuses a visit from $days.startsOn to $days.endsOn with $codes', async ({ days, codes }) => {
  const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  const refused = await contract.csm.post(visitsOf(contract), visit(contract, days));
  expect(refused.status).toBe(422);
  expect(refused.body.violations.map(({ code }: { code: string }) => code)).toEqual(codes);
  expect(await visitsUsed(contract)).toBe(0);
});

test.each`
  startsOn        | endsOn
  ${'2026-04-01'} | ${'2026-04-01'}
  ${'2027-03-31'} | ${'2027-03-31'}
  ${'2026-04-01'} | ${'2027-03-31'}
`('accepts a visit from $startsOn to $endsOn, within the term', async (days) => {
  const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  expect((await contract.csm.post(visitsOf(contract), visit(contract, days))).status).toBe(201);
});

test('Basic includes no visits, and Dedicated includes any number', async () => {
  const basic = await soldContract(service, { package: 'basic', startsOn: '2026-04-01' });
  const refused = await basic.csm.post(visitsOf(basic), visit(basic), { 'accept-language': 'ja' });
  expect([refused.status, refused.body.code]).toEqual([422, 'onsite-not-included']);
  expect(refused.body.title).toBe('訪問支援は含まれていません');

  const dedicated = await soldContract(service, { package: 'dedicated', startsOn: '2026-04-01' });
  for (let at = 0; at < 6; at++) {
    expect((await dedicated.csm.post(visitsOf(dedicated), visit(dedicated))).status).toBe(201);
  }
});

test('the refusal of an unknown consultant names its position in the list', async () => {
  const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  const consultantIds = [contract.consultantIds[0], contract.customerId];
  const refused = await contract.csm.post(visitsOf(contract), visit(contract, { consultantIds }));
  expect(refused.status).toBe(422);
  expect(refused.body).toMatchObject({
    code: 'reference-unknown',
    violations: [{ code: 'reference-unknown', pointer: '/consultantIds/1', id: contract.customerId }],
  });
});

test('of 20 visits planned at once, exactly the 4 that the package includes are accepted', async () => {
  const contract = await soldContract(service, { package: 'enterprise', startsOn: '2026-04-01' });
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => contract.csm.post(visitsOf(contract), visit(contract))),
  );
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(4);
  expect(answers.filter(({ body }) => body.code === 'visits-exhausted')).toHaveLength(16);
  expect(await visitsUsed(contract)).toBe(4);
});

test('of several cancellations of one visit at once, one succeeds', async () => {
  const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  const { body: planned } = await contract.csm.post(visitsOf(contract), visit(contract));
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => contract.csm.post(`/v1/visits/${planned.id}/cancel`)),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ body }) => body.code === 'already-cancelled')).toHaveLength(7);
  expect(await visitsUsed(contract)).toBe(0);
});

test('the list of visits has pages, in the order in which the visits were entered', async () => {
  const contract = await soldContract(service, { package: 'enterprise', startsOn: '2026-04-01' });
  for (const place of ['A', 'B', 'C']) await contract.csm.post(visitsOf(contract), visit(contract, { place }));
  const first = await contract.csm.get(visitsOf(contract, '?limit=2'));
  expect(first.body.data).toMatchObject([{ place: 'A' }, { place: 'B' }]);
  const second = await contract.csm.get(visitsOf(contract, `?limit=2&cursor=${first.body.nextCursor}`));
  expect(second.body).toMatchObject({ data: [{ place: 'C' }], nextCursor: null });
  expect((await contract.csm.get(visitsOf(contract, '?cursor=nothing'))).status).toBe(400);
});

test('the customer and finance may only read visits; strangers get 404', async () => {
  const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  const other = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  const finance = await person(service, 'finance');
  const { body: planned } = await contract.csm.post(visitsOf(contract), visit(contract));

  for (const reader of [contract.customer, finance]) {
    expect((await reader.get(visitsOf(contract))).body.data).toEqual([planned]);
    expect((await reader.post(visitsOf(contract), visit(contract))).status).toBe(403);
    expect((await reader.post(`/v1/visits/${planned.id}/cancel`)).status).toBe(403);
    expect((await reader.post(`/v1/visits/${planned.id}/complete`)).status).toBe(403);
  }
  expect((await other.customer.get(visitsOf(contract))).status).toBe(404);
  expect((await other.csm.get(visitsOf(contract))).status).toBe(404);
  expect((await other.csm.post(visitsOf(contract), visit(contract))).status).toBe(404);
  expect((await other.csm.post(`/v1/visits/${planned.id}/cancel`)).status).toBe(404);
  expect((await contract.csm.post(`/v1/visits/${contract.id}/cancel`)).status).toBe(404);
});

test.each<[string, object, string]>([
  ['a day that does not exist', { startsOn: '2026-02-30' }, '/startsOn'],
  ['an instant where a day is required', { endsOn: '2026-05-13T00:00:00Z' }, '/endsOn'],
  ['a number where a day is required', { endsOn: 20260513 }, '/endsOn'],
  ['no place', { place: undefined }, '/place'],
  ['a NUL byte in the place', { place: 'a\0' }, '/place'],
  ['a place of a megabyte', { place: 'x'.repeat(1_000_000) }, '/place'],
  ['no consultants', { consultantIds: [] }, '/consultantIds'],
  ['a consultant id that is not a UUID', { consultantIds: ['me'] }, '/consultantIds/0'],
  ['one consultant where a list is required', { consultantIds: 'me' }, '/consultantIds'],
  ['a purpose that is null', { purpose: null }, '/purpose'],
  ['an unknown field', { status: 'done' }, '/status'],
])('refuses a visit with %s as malformed', async (_, change, pointer) => {
  const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  const refused = await contract.csm.post(visitsOf(contract), visit(contract, change));
  expect(refused.status).toBe(400);
  expect(refused.body.errors).toContainEqual({ pointer, detail: expect.any(String) as string });
  expect(await visitsUsed(contract)).toBe(0);
});

test('refuses a visit that names one consultant twice as malformed', async () => {
  const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  const [id] = contract.consultantIds;
  const refused = await contract.csm.post(visitsOf(contract), visit(contract, { consultantIds: [id, id] }));
  expect([refused.status, refused.body.errors[0].pointer]).toEqual([400, '/consultantIds']);
});

test('the visits of a closed term can be planned and completed while its late entries are accepted', async () => {
  const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-10' });
  const { csm } = contract;
  const days = { startsOn: '2027-04-08', endsOn: '2027-04-09' };
  const { body: planned } = await csm.post(visitsOf(contract), visit(contract, days));

  await service.clock.advanceTo(new Date('2027-04-19T14:59:59Z'));
  await runDue(service, RollOverService);
  expect((await csm.post(`/v1/visits/${planned.id}/complete`)).body).toMatchObject({ status: 'done' });
  const late = await csm.post(visitsOf(contract), visit(contract, days));
  expect([late.status, late.body.termId]).toEqual([201, planned.termId]);
  expect((await csm.post(visitsOf(contract), visit(contract, days))).body.code).toBe('visits-exhausted');
  expect(await visitsUsed(contract)).toBe(0);

  await service.clock.advanceTo(new Date('2027-04-19T15:00:00Z'));
  for (const path of [`/v1/visits/${late.body.id}/complete`, `/v1/visits/${late.body.id}/cancel`]) {
    const refused = await csm.post(path);
    expect([refused.status, refused.body.code]).toEqual([409, 'term-closed']);
  }
  const refused = await csm.post(visitsOf(contract), visit(contract, days));
  expect([refused.status, refused.body.code]).toEqual([409, 'term-closed']);
});

describe('a change of a visit', () => {
  const changed = ({ csm }: SoldContract, id: string, change: object, version = 1) =>
    csm.patch(`/v1/visits/${id}`, change, { 'if-match': `"${version}"` });

  async function planned(startsOn = '2026-04-06', endsOn = '2026-04-10') {
    const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
    const { body } = await contract.csm.post(visitsOf(contract), visit(contract, { startsOn, endsOn }));
    return { contract, id: body.id as string };
  }

  test('sets its days, place, consultants and purpose, and needs the current version', async () => {
    const { contract, id } = await planned();
    const read = await contract.csm.get(`/v1/visits/${id}`);
    expect([read.status, read.headers.get('etag'), read.body.place]).toEqual([200, '"1"', '大阪']);
    const change = { startsOn: '2026-05-11', endsOn: '2026-05-12', place: '京都', purpose: 'Upgrade' };
    const consultantIds = contract.consultantIds.slice(1);
    const answer = await changed(contract, id, { ...change, consultantIds });
    expect([answer.status, answer.headers.get('etag')]).toEqual([200, '"2"']);
    expect(answer.body).toEqual({ ...read.body, ...change, consultantIds, version: 2 });
    expect((await contract.csm.get(`/v1/visits/${id}`)).body).toEqual(answer.body);
    expect((await changed(contract, id, { purpose: null }, 2)).body.purpose).toBeNull();
    const balance = await contract.csm.get(`/v1/subscriptions/${contract.id}/balance?on=2026-05-20`);
    expect(balance.body.onsite.visitsUsed).toBe(1);

    expect((await changed(contract, id, { place: '神戸' })).body.code).toBe('etag-stale');
    expect((await contract.csm.patch(`/v1/visits/${id}`, { place: '神戸' })).status).toBe(428);
    const stranger = await person(service, 'csm');
    expect((await stranger.get(`/v1/visits/${id}`)).status).toBe(404);
    expect((await contract.customer.get(`/v1/visits/${id}`)).status).toBe(200);
  });

  test('must keep the days and consultants of its time entries; the refusal names those entries', async () => {
    const { contract, id } = await planned();
    const entryId = await logHour(contract, id, '2026-04-08');
    const entries = [{ id: entryId, workDate: '2026-04-08', consultantId: contract.consultantIds[0] }];
    for (const change of [
      { endsOn: '2026-04-07' },
      { startsOn: '2026-04-09' },
      { consultantIds: contract.consultantIds.slice(1) },
    ]) {
      const { status, body } = await changed(contract, id, change);
      expect([status, body.code, body.violations[0].entries]).toEqual([422, 'visit-leaves-entries', entries]);
      expect(body.detail).toContain(entryId);
    }
    expect((await changed(contract, id, { startsOn: '2026-04-08', endsOn: '2026-04-08' })).status).toBe(200);
    await contract.csm.post(`/v1/time-entries/${entryId}/reversal`, { reason: 'R' });
    expect((await changed(contract, id, { startsOn: '2026-05-08', endsOn: '2026-05-08' }, 2)).status).toBe(200);
  });

  test.each([
    ['days out of order', { endsOn: '2026-04-01' }, 422, 'dates-out-of-order'],
    ['a day outside its term', { endsOn: '2027-04-01' }, 422, 'visit-outside-term'],
    ['another term', { startsOn: '2027-04-05', endsOn: '2027-04-06' }, 422, 'visit-outside-term'],
    ['no consultants', { consultantIds: [] }, 400, 'malformed-body'],
    ['an unknown consultant', { consultantIds: ['0190f5a0-0000-7000-8000-00000000dead'] }, 422, 'reference-unknown'],
  ])('is refused if it sets %s', async (_, change, status, code) => {
    const { contract, id } = await planned();
    const answer = await changed(contract, id, change);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  test('is refused after the visit was cancelled', async () => {
    const { contract, id } = await planned();
    await contract.csm.post(`/v1/visits/${id}/cancel`);
    expect((await changed(contract, id, { place: '京都' }, 2)).body.code).toBe('already-cancelled');
  });

  test('cannot move the first day to another month once the visit has travel expenses', async () => {
    const { contract, id } = await planned();
    const expense = { amount: '100', currency: 'JPY', description: 'Ticket' };
    expect((await contract.csm.post(`/v1/visits/${id}/expenses`, expense)).status).toBe(201);
    const refused = await changed(contract, id, { startsOn: '2026-05-11', endsOn: '2026-05-11' });
    expect([refused.status, refused.body.code]).toEqual([422, 'visit-has-expenses']);
    expect((await changed(contract, id, { startsOn: '2026-04-07' })).status).toBe(200);
  });
});
