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

const hana = { learnerName: '山田 花', learnerEmail: 'hana@aoi.example' };
const ken = { learnerName: 'Ken', learnerEmail: 'ken@aoi.example' };
const mei = { learnerName: 'Mei', learnerEmail: 'mei@aoi.example' };

const seatsOf = ({ id }: SoldContract, query = '') => `/v1/subscriptions/${id}/seats${query}`;

const seatBalance = async ({ id, csm }: SoldContract) => (await csm.get(`/v1/subscriptions/${id}/balance`)).body.seats;

const rollOver = () => runDue(service, RollOverService);

test('a seat can be assigned, listed and released, and is free again at once', async () => {
  const contract = await soldContract(service, { package: 'basic', startsOn: '2026-04-01' });
  const { csm } = contract;

  const assigned = await csm.post(seatsOf(contract), hana);
  expect(assigned.status).toBe(201);
  expect(assigned.body).toEqual({
    id: expect.any(String) as string,
    subscriptionId: contract.id,
    termId: expect.any(String) as string,
    ...hana,
    status: 'in-use',
    assignedAt: '2026-04-10T03:00:00.000Z',
    endedAt: null,
  });
  expect((await csm.get(seatsOf(contract))).body).toEqual({ data: [assigned.body], nextCursor: null });
  expect(await seatBalance(contract)).toEqual({ used: 1, max: 1 });

  const refused = await csm.post(seatsOf(contract), ken);
  expect(refused.status).toBe(422);
  expect(refused.body).toMatchObject({ code: 'seats-exhausted', violations: [{ used: 1, limit: 1 }] });

  const released = await csm.delete(`/v1/seats/${assigned.body.id}`);
  expect([released.status, released.body]).toEqual([204, undefined]);
  expect((await csm.post(seatsOf(contract), ken)).status).toBe(201);
  expect((await csm.get(seatsOf(contract))).body.data).toMatchObject([{ ...ken, status: 'in-use' }]);
  expect((await csm.get(seatsOf(contract, '?includeEnded=true'))).body.data).toMatchObject([
    { ...hana, status: 'released', endedAt: '2026-04-10T03:00:00.000Z' },
    { ...ken, status: 'in-use' },
  ]);

  const again = await csm.delete(`/v1/seats/${assigned.body.id}`, { 'if-match': '"1"' });
  expect([again.status, again.body.code]).toEqual([409, 'already-released']);
});

test('a learner can hold only one seat of a subscription, also if the address has other capital letters', async () => {
  const contract = await soldContract(service, { package: 'basic', startsOn: '2026-04-01' });
  await contract.csm.post(seatsOf(contract), hana);
  const again = await contract.csm.post(seatsOf(contract), { ...hana, learnerEmail: 'HANA@Aoi.Example' });
  expect([again.status, again.body.code]).toEqual([422, 'rules-violated']);
  expect(again.body.violations.map(({ code }: { code: string }) => code)).toEqual([
    'seat-already-held',
    'seats-exhausted',
  ]);
});

test('a customer can assign and release its own seats, finance can only read them, and others do not find them', async () => {
  const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  const other = await soldContract(service, { package: 'basic', startsOn: '2026-04-01' });
  const finance = await person(service, 'finance');

  const assigned = await contract.customer.post(seatsOf(contract), hana);
  expect(assigned.status).toBe(201);
  const path = `/v1/seats/${assigned.body.id}`;

  for (const stranger of [other.customer, other.csm]) {
    expect((await stranger.get(seatsOf(contract))).status).toBe(404);
    expect((await stranger.post(seatsOf(contract), ken)).status).toBe(404);
    expect((await stranger.delete(path)).status).toBe(404);
  }
  expect((await finance.get(seatsOf(contract))).body.data).toHaveLength(1);
  expect((await finance.post(seatsOf(contract), ken)).status).toBe(403);
  expect((await finance.delete(path)).status).toBe(403);
  expect((await contract.admin.get(seatsOf(contract))).body.data).toHaveLength(1);
  expect((await contract.customer.delete(path)).status).toBe(204);
});

test('24 concurrent requests for 6 free seats assign exactly 6', async () => {
  const contract = await soldContract(service, { package: 'dedicated', startsOn: '2026-04-01' });
  const answers = await Promise.all(
    Array.from({ length: 24 }, (_, at) =>
      contract.csm.post(seatsOf(contract), { learnerName: `L${at}`, learnerEmail: `l${at}@aoi.example` }),
    ),
  );
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(6);
  expect(answers.filter(({ body }) => body.code === 'seats-exhausted')).toHaveLength(18);
  expect(await seatBalance(contract)).toEqual({ used: 6, max: 6 });
});

test('12 concurrent requests for one learner assign one seat', async () => {
  const contract = await soldContract(service, { package: 'dedicated', startsOn: '2026-04-01' });
  const addresses = Array.from({ length: 12 }, (_, at) => (at % 2 ? 'hana@aoi.example' : 'Hana@Aoi.Example'));
  const answers = await Promise.all(
    addresses.map((learnerEmail) => contract.csm.post(seatsOf(contract), { ...hana, learnerEmail })),
  );
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(answers.filter(({ body }) => body.code === 'seat-already-held')).toHaveLength(11);
});

test('exactly one of 8 concurrent releases of a seat succeeds', async () => {
  const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  const { body: seat } = await contract.csm.post(seatsOf(contract), hana);
  const answers = await Promise.all(Array.from({ length: 8 }, () => contract.csm.delete(`/v1/seats/${seat.id}`)));
  expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
  expect(answers.filter(({ body }) => body?.code === 'already-released')).toHaveLength(7);
  expect(await seatBalance(contract)).toEqual({ used: 0, max: 2 });
});

test('seats are listed page by page in the order of assignment', async () => {
  const contract = await soldContract(service, { package: 'enterprise', startsOn: '2026-04-01' });
  for (const learner of [hana, ken, mei]) await contract.csm.post(seatsOf(contract), learner);
  const first = await contract.csm.get(seatsOf(contract, '?limit=2'));
  expect(first.body.data).toMatchObject([hana, ken]);
  expect(first.headers.get('link')).toContain('rel="next"');
  const second = await contract.csm.get(seatsOf(contract, `?limit=2&cursor=${first.body.nextCursor}`));
  expect(second.body).toMatchObject({ data: [mei], nextCursor: null });
});

test.each<[string, unknown, string]>([
  ['a body without a learner', {}, '/learnerName'],
  ['a blank name', { ...hana, learnerName: '  ' }, '/learnerName'],
  ['a name with NUL', { ...hana, learnerName: 'a\0b' }, '/learnerName'],
  ['a name with a lone surrogate', { ...hana, learnerName: 'a\ud800' }, '/learnerName'],
  ['a name of a million characters', { ...hana, learnerName: 'x'.repeat(1_000_000) }, '/learnerName'],
  ['a number as name', { ...hana, learnerName: 1 }, '/learnerName'],
  ['an address without a domain', { ...hana, learnerEmail: 'hana' }, '/learnerEmail'],
  ['an address with a line break', { ...hana, learnerEmail: 'hana@aoi.example\nBcc: x@y.example' }, '/learnerEmail'],
  ['null as address', { ...hana, learnerEmail: null }, '/learnerEmail'],
  ['an unknown field', { ...hana, seats: 2 }, '/seats'],
])('%s is refused as malformed', async (_, body, pointer) => {
  const contract = await soldContract(service, { package: 'basic', startsOn: '2026-04-01' });
  const refused = await contract.csm.post(seatsOf(contract), body);
  expect(refused.status).toBe(400);
  expect(refused.body.errors).toContainEqual({ pointer, detail: expect.any(String) as string });
  expect(await seatBalance(contract)).toEqual({ used: 0, max: 1 });
});

test('an unknown id is not found, and a malformed filter is refused', async () => {
  const contract = await soldContract(service, { package: 'basic', startsOn: '2026-04-01' });
  expect((await contract.csm.delete(`/v1/seats/${contract.id}`)).status).toBe(404);
  expect((await contract.csm.delete('/v1/seats/1')).status).toBe(404);
  expect((await contract.csm.post(`/v1/subscriptions/${contract.customerId}/seats`, hana)).status).toBe(404);
  expect((await contract.csm.get(seatsOf(contract, '?includeEnded=perhaps'))).status).toBe(400);
});

test('a repeated request with the same idempotency key assigns one seat', async () => {
  const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  const key = { 'idempotency-key': 'seat-of-hana' };
  const first = await contract.csm.post(seatsOf(contract), hana, key);
  const again = await contract.csm.post(seatsOf(contract), hana, key);
  expect([first.status, again.status]).toEqual([201, 201]);
  expect(again.body).toEqual(first.body);
  expect(again.headers.get('idempotency-replayed')).toBe('true');
});

describe('at the roll-over', () => {
  test('the seats expire, and the first learners get new seats, up to the limit of the next package', async () => {
    const contract = await soldContract(service, { package: 'enterprise', startsOn: '2026-04-01' });
    const declined = await soldContract(service, { package: 'basic', startsOn: '2026-04-01' });
    const { csm } = contract;
    const { body: released } = await csm.post(seatsOf(contract), mei);
    await csm.delete(`/v1/seats/${released.id}`);
    for (const learner of [ken, hana, mei]) await csm.post(seatsOf(contract), learner);
    const { body: before } = await csm.get(seatsOf(contract));
    await declined.csm.post(seatsOf(declined), hana);
    await service.database.write((tx) =>
      tx.query(`update terms set renewal_state = 'declined' where subscription_id = $1`, [declined.id]),
    );
    const { headers } = await csm.get(`/v1/subscriptions/${contract.id}`);
    const next = { package: 'premier' };
    await csm.put(`/v1/subscriptions/${contract.id}/next-package`, next, { 'if-match': headers.get('etag') ?? '' });

    await service.clock.advanceTo(new Date('2027-03-31T15:00:00Z'));
    expect(await rollOver()).toMatchObject({ setAside: 0 });

    const { body: after } = await csm.get(seatsOf(contract));
    expect(after.data).toMatchObject([
      { ...ken, status: 'in-use', assignedAt: '2027-03-31T15:00:00.000Z' },
      { ...hana, status: 'in-use' },
    ]);
    expect(after.data[0].termId).not.toBe(before.data[0].termId);
    expect(await seatBalance(contract)).toEqual({ used: 2, max: 2 });
    expect((await csm.get(seatsOf(contract, '?includeEnded=true'))).body.data).toMatchObject([
      { ...mei, status: 'released' },
      { ...ken, status: 'expired', endedAt: '2027-03-31T15:00:00.000Z' },
      { ...hana, status: 'expired' },
      { ...mei, status: 'expired' },
      { ...ken, status: 'in-use' },
      { ...hana, status: 'in-use' },
    ]);
    const expired = await csm.delete(`/v1/seats/${before.data[0].id}`);
    expect([expired.status, expired.body.code]).toEqual([409, 'term-closed']);

    expect((await declined.csm.get(seatsOf(declined))).body.data).toEqual([]);
    const refused = await declined.csm.post(seatsOf(declined), ken);
    expect([refused.status, refused.body.code]).toEqual([409, 'subscription-ended']);
  });
});
