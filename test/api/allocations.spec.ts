import { RollOverService } from '../../src/features/subscriptions/roll-over.service.js';
import type { Api } from '../support/client.js';
import { soldContract, type SoldContract } from '../support/contract.js';
import { person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';
import { runDue } from '../support/due-work.js';

let service: TestService;

beforeAll(async () => {
  service = await startService({ clock: '2026-04-10T03:00:00Z' });
});
afterAll(() => service.stop());

type Line = { consultantId: string; productLineId: string; minutes: number; primary?: boolean };

const allocationsOf = ({ id }: SoldContract, query = '') => `/v1/subscriptions/${id}/allocations${query}`;

/** A line for the consultant and the product line at these places. */
const line = (contract: SoldContract, consultant: number, productLine: number, minutes: number): Line => ({
  consultantId: contract.consultantIds[consultant]!,
  productLineId: contract.productLineIds[productLine]!,
  minutes,
});

/** Replaces the set as somebody who has just read it. */
async function replace(contract: SoldContract, allocations: Line[], who: Api = contract.csm) {
  const { headers } = await who.get(allocationsOf(contract));
  return who.put(allocationsOf(contract), { allocations }, { 'if-match': headers.get('etag') ?? '' });
}

async function work(contract: SoldContract, { consultantId, productLineId }: Line, minutes: number) {
  const entry = { workDate: '2026-04-09', minutes, activity: 'upgrade', delivery: 'remote', summary: 'S' };
  const path = `/v1/subscriptions/${contract.id}/time-entries`;
  const logged = await contract.csm.post(path, { ...entry, consultantId, productLineId });
  expect(logged.status).toBe(201);
}

const codes = ({ violations }: { violations: { code: string }[] }) => violations.map(({ code }) => code);

test('before a set there is an empty one, whose ETag the first set takes', async () => {
  const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  const { csm } = contract;
  const empty = await csm.get(allocationsOf(contract));
  expect(empty.body).toEqual({
    termId: expect.any(String) as string,
    fromOn: null,
    grantedMinutes: 11_520,
    unallocatedMinutes: 11_520,
    allocations: [],
    version: 0,
  });
  expect(empty.headers.get('etag')).toBe('"0"');

  const allocations = [line(contract, 0, 0, 6000), line(contract, 1, 1, 0)];
  const first = await csm.put(allocationsOf(contract), { allocations }, { 'if-match': '"0"' });
  expect(first.status).toBe(200);
  expect(first.headers.get('etag')).toBe('"1"');
  expect(first.body).toEqual({
    termId: empty.body.termId,
    fromOn: '2026-04-01',
    grantedMinutes: 11_520,
    unallocatedMinutes: 5520,
    allocations: [
      { ...allocations[0], primary: true, usedMinutes: 0, drawnFromUnallocatedMinutes: 0 },
      { ...allocations[1], primary: false, usedMinutes: 0, drawnFromUnallocatedMinutes: 0 },
    ],
    version: 1,
  });
  expect((await csm.get(allocationsOf(contract))).body).toEqual(first.body);
});

test('the first set holds from the first day, a later one from the day it is set, and each stays readable', async () => {
  const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  const { csm } = contract;
  await replace(contract, [line(contract, 0, 0, 1000)]);
  const marked = [line(contract, 0, 0, 1000), { ...line(contract, 1, 0, 2000), primary: true }];
  expect((await replace(contract, marked)).body).toMatchObject({
    fromOn: '2026-04-10',
    version: 2,
    allocations: [{ primary: false }, { primary: true }],
  });

  const on = async (day: string) => (await csm.get(allocationsOf(contract, `?on=${day}`))).body;
  expect(await on('2026-04-09')).toMatchObject({ fromOn: '2026-04-01', version: 1, allocations: [{ minutes: 1000 }] });
  expect(await on('2026-04-10')).toMatchObject({ fromOn: '2026-04-10', version: 2 });
  expect(await on('2027-03-31')).toMatchObject({ version: 2 });
  expect(await on('2027-04-01')).toMatchObject({ status: 422, code: 'term-not-found' });
  expect(await on('2026-02-30')).toMatchObject({ status: 400, errors: [{ pointer: '/on' }] });
});

test('a set of a term that is still to come holds from its first day', async () => {
  const contract = await soldContract(service, { package: 'premier', startsOn: '2026-06-01' });
  for (const minutes of [100, 200]) {
    expect((await replace(contract, [line(contract, 0, 0, minutes)])).body).toMatchObject({ fromOn: '2026-06-01' });
  }
  expect((await contract.csm.get(allocationsOf(contract, '?on=2026-06-01'))).body.allocations).toMatchObject([
    { minutes: 200 },
  ]);
});

test('a set is replaced with the ETag of the present one only', async () => {
  const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  const put = (ifMatch?: string) =>
    contract.csm.put(
      allocationsOf(contract),
      { allocations: [line(contract, 0, 0, 100)] },
      ifMatch === undefined ? {} : { 'if-match': ifMatch },
    );
  const without = await put();
  expect([without.status, without.body.code]).toEqual([428, 'etag-required']);
  for (const ifMatch of ['"1"', 'W/"0"', '"x"', '0']) {
    const stale = await put(ifMatch);
    expect([stale.status, stale.body.code]).toEqual([412, 'etag-stale']);
  }
  expect((await put('"0"')).status).toBe(200);
  expect((await put('"0"')).status).toBe(412);
  expect((await contract.csm.get(allocationsOf(contract))).body.version).toBe(1);
});

test('of many who replace one set exactly one does', async () => {
  const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  const answers = await Promise.all(
    Array.from({ length: 16 }, (_, at) =>
      contract.csm.put(
        allocationsOf(contract),
        { allocations: [line(contract, 0, 0, 100 + at)] },
        { 'if-match': '"0"' },
      ),
    ),
  );
  const [won, ...others] = answers.filter(({ status }) => status === 200);
  expect(others).toEqual([]);
  expect(answers.filter(({ status }) => status === 412)).toHaveLength(15);
  expect((await contract.csm.get(allocationsOf(contract))).body).toEqual(won!.body);
});

test('what is used comes from the allocation first, then from what is unallocated', async () => {
  const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  const { csm } = contract;
  const [first, second] = [line(contract, 0, 0, 100), line(contract, 1, 1, 0)];
  await replace(contract, [first, second]);
  await work(contract, first, 130);
  await work(contract, second, 60);
  expect((await csm.get(allocationsOf(contract))).body).toMatchObject({
    unallocatedMinutes: 11_520 - 130 - 60,
    allocations: [
      { minutes: 100, usedMinutes: 100, drawnFromUnallocatedMinutes: 30 },
      { minutes: 0, usedMinutes: 0, drawnFromUnallocatedMinutes: 60 },
    ],
  });

  const lowered = await replace(contract, [{ ...first, minutes: 99 }, second]);
  expect([lowered.status, lowered.body.code]).toEqual([422, 'allocation-below-used']);
  expect(lowered.body.violations).toMatchObject([{ consultantId: first.consultantId, minutes: 99, usedMinutes: 100 }]);

  // The pair that is left out is closed: what it worked stays used, and the other pair may take all the rest.
  const taken = await replace(contract, [{ ...second, minutes: 11_390 }]);
  expect(taken.body).toMatchObject({ unallocatedMinutes: 0, allocations: [{ usedMinutes: 60 }] });
  const tooMuch = await replace(contract, [{ ...second, minutes: 11_391 }]);
  expect(tooMuch.body).toMatchObject({
    code: 'allocations-exceed-grant',
    violations: [{ minutes: 11_521, limitMinutes: 11_520, usedMinutes: 190 }],
  });
});

test('everything that stands against a set is said at once, and nothing is written', async () => {
  const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01', consultants: 3 });
  const other = await soldContract(service, { package: 'basic', startsOn: '2026-04-01' });
  const refused = await replace(contract, [
    { ...line(contract, 0, 0, 11_000), primary: true },
    { ...line(contract, 1, 0, 1000), primary: true },
    { ...line(contract, 2, 0, 0), productLineId: other.productLineIds[0]! },
    line(contract, 0, 0, 1),
  ]);
  expect([refused.status, refused.body.code]).toEqual([422, 'rules-violated']);
  expect(codes(refused.body).sort()).toEqual([
    'allocations-exceed-grant',
    'duplicate-allocation',
    'product-line-not-enrolled',
    'several-primaries',
    'too-many-consultants',
  ]);
  expect((await contract.csm.get(allocationsOf(contract))).body).toMatchObject({
    version: 0,
    unallocatedMinutes: 11_520,
  });
});

test('a consultant who was left out no longer counts', async () => {
  const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01', consultants: 3 });
  await replace(contract, [line(contract, 0, 0, 100), line(contract, 1, 0, 100)]);
  const refused = await replace(
    contract,
    [0, 1, 2].map((consultant) => line(contract, consultant, 0, 100)),
  );
  expect(refused.body).toMatchObject({ code: 'too-many-consultants', violations: [{ count: 3, limit: 2 }] });
  const moved = await replace(contract, [line(contract, 2, 1, 11_520), line(contract, 0, 0, 0)]);
  expect(moved.body).toMatchObject({ unallocatedMinutes: 0, allocations: [{ primary: true }, { primary: false }] });
  expect((await replace(contract, [])).body).toMatchObject({ unallocatedMinutes: 11_520, allocations: [] });
});

test('what a line names must exist', async () => {
  const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  const known = line(contract, 0, 0, 1);
  const refused = await replace(contract, [
    known,
    { ...known, consultantId: contract.customerId, productLineId: contract.id },
  ]);
  expect(refused.status).toBe(422);
  expect(refused.body.violations).toMatchObject([
    { code: 'reference-unknown', pointer: '/allocations/1/consultantId', field: 'consultantId' },
    { code: 'reference-unknown', pointer: '/allocations/1/productLineId', id: contract.id },
  ]);
});

test.each<[string, (known: Line) => unknown, string]>([
  ['no set', () => ({}), '/allocations'],
  ['a set that is no list', () => ({ allocations: {} }), '/allocations'],
  ['null for a line', () => ({ allocations: [null] }), '/allocations/0'],
  ['too many lines', (known) => ({ allocations: Array(101).fill(known) }), '/allocations'],
  ['a line without minutes', (known) => one({ ...known, minutes: undefined }), '/allocations/0/minutes'],
  ['a fraction', (known) => one({ ...known, minutes: 0.5 }), '/allocations/0/minutes'],
  ['fewer than none', (known) => one({ ...known, minutes: -1 }), '/allocations/0/minutes'],
  ['a huge number', (known) => one({ ...known, minutes: 1e300 }), '/allocations/0/minutes'],
  ['a text for minutes', (known) => one({ ...known, minutes: '60' }), '/allocations/0/minutes'],
  ['an id that is none', (known) => one({ ...known, consultantId: 'me' }), '/allocations/0/consultantId'],
  ['a text for a mark', (known) => one({ ...known, primary: 'yes' }), '/allocations/0/primary'],
  ['an unknown field', (known) => one({ ...known, usedMinutes: 1 }), '/allocations/0/usedMinutes'],
])('%s is malformed', async (_, body, pointer) => {
  const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  const refused = await contract.csm.put(allocationsOf(contract), body(line(contract, 0, 0, 1)), { 'if-match': '"0"' });
  expect(refused.status).toBe(400);
  expect(refused.body.errors).toContainEqual({ pointer, detail: expect.any(String) as string });
  expect((await contract.csm.get(allocationsOf(contract))).body.version).toBe(0);
});

const one = (allocation: object) => ({ allocations: [allocation] });

test('a customer and finance read the set, strangers see none', async () => {
  const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  const other = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  const finance = await person(service, 'finance');
  const allocations = [line(contract, 0, 0, 60)];
  expect((await replace(contract, allocations, contract.admin)).status).toBe(200);

  for (const reader of [contract.customer, finance]) {
    expect((await reader.get(allocationsOf(contract))).body.allocations).toMatchObject(allocations);
    expect((await reader.put(allocationsOf(contract), { allocations }, { 'if-match': '"1"' })).status).toBe(403);
  }
  for (const stranger of [other.customer, other.csm]) {
    expect((await stranger.get(allocationsOf(contract))).status).toBe(404);
  }
  expect((await other.csm.put(allocationsOf(contract), { allocations }, { 'if-match': '"1"' })).status).toBe(404);
});

test('the database refuses to change a past set, and to commit more than was granted', async () => {
  const contract = await soldContract(service, { package: 'basic', startsOn: '2026-04-01' });
  await replace(contract, [line(contract, 0, 0, 60)]);
  const run = (sql: string) => service.database.write((tx) => tx.query(sql));
  await expect(run('update allocations set minutes = 1')).rejects.toMatchObject({
    constraint: 'allocations_append_only',
  });
  await expect(run('delete from allocation_sets')).rejects.toMatchObject({ constraint: 'allocation_sets_append_only' });
  await expect(
    run(`update pair_balances set allocated_minutes = 5761 where consultant_id = '${contract.consultantIds[0]}'`),
  ).rejects.toMatchObject({ constraint: 'balances_commitments_within_grant' });
});

describe('at the end of the term', () => {
  test('the set is carried on, scaled to what the next term grants and as far as its package reaches', async () => {
    const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
    const untouched = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
    const ended = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
    const { csm } = contract;
    const kept = line(contract, 0, 0, 1001);
    await replace(contract, [{ ...kept, primary: true }, line(contract, 1, 0, 3000), line(contract, 1, 1, 1000)]);
    await work(contract, kept, 500);
    await replace(ended, [line(ended, 0, 0, 10)]);
    await service.database.write((tx) =>
      tx.query(`update terms set renewal_state = 'declined' where subscription_id = $1`, [ended.id]),
    );
    const { headers } = await csm.get(`/v1/subscriptions/${contract.id}`);
    const next = { package: 'basic' };
    await csm.put(`/v1/subscriptions/${contract.id}/next-package`, next, { 'if-match': headers.get('etag') ?? '' });
    const before = await csm.get(allocationsOf(contract));

    await service.clock.advanceTo(new Date('2027-03-31T15:00:00Z'));
    expect(await runDue(service, RollOverService)).toMatchObject({ setAside: 0 });

    const after = await csm.get(allocationsOf(contract));
    expect(after.body).toEqual({
      termId: expect.any(String) as string,
      fromOn: '2027-04-01',
      grantedMinutes: 5760,
      unallocatedMinutes: 5260,
      allocations: [{ ...kept, minutes: 500, primary: true, usedMinutes: 0, drawnFromUnallocatedMinutes: 0 }],
      version: 2,
    });
    expect(after.body.termId).not.toBe(before.body.termId);
    expect((await csm.get(allocationsOf(contract, '?on=2027-03-31'))).body).toEqual(before.body);
    // What was read in the old term names nothing in the new one.
    const stale = await csm.put(
      allocationsOf(contract),
      { allocations: [kept] },
      { 'if-match': before.headers.get('etag') ?? '' },
    );
    expect(stale.status).toBe(412);
    expect((await replace(contract, [kept])).body).toMatchObject({ fromOn: '2027-04-01', version: 3 });

    expect((await untouched.csm.get(allocationsOf(untouched))).body).toMatchObject({ version: 0, fromOn: null });
    const refused = await replace(ended, []);
    expect([refused.status, refused.body.code]).toEqual([409, 'subscription-ended']);
  });
});
