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

type Allocation = { consultantId: string; productLineId: string; minutes: number; primary?: boolean };

const allocationsOf = ({ id }: SoldContract, query = '') => `/v1/subscriptions/${id}/allocations${query}`;

/** An allocation for the consultant and the product line at these positions in the lists of the contract. */
const allocation = (contract: SoldContract, consultant: number, productLine: number, minutes: number): Allocation => ({
  consultantId: contract.consultantIds[consultant]!,
  productLineId: contract.productLineIds[productLine]!,
  minutes,
});

/** Reads the present set, and replaces it under its ETag. */
async function replace(contract: SoldContract, allocations: Allocation[], who: Api = contract.csm) {
  const { headers } = await who.get(allocationsOf(contract));
  return who.put(allocationsOf(contract), { allocations }, { 'if-match': headers.get('etag') ?? '' });
}

async function work(contract: SoldContract, { consultantId, productLineId }: Allocation, minutes: number) {
  const entry = { workDate: '2026-04-09', minutes, activity: 'upgrade', delivery: 'remote', summary: 'S' };
  const path = `/v1/subscriptions/${contract.id}/time-entries`;
  const logged = await contract.csm.post(path, { ...entry, consultantId, productLineId });
  expect(logged.status).toBe(201);
}

const codes = ({ violations }: { violations: { code: string }[] }) => violations.map(({ code }) => code);

test('a new subscription has an empty set, and the first set is stored under the ETag of the empty one', async () => {
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

  const allocations = [allocation(contract, 0, 0, 6000), allocation(contract, 1, 1, 0)];
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

test('the first set is effective from the first day, a later set from the present day, and both stay readable', async () => {
  const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  const { csm } = contract;
  await replace(contract, [allocation(contract, 0, 0, 1000)]);
  const marked = [allocation(contract, 0, 0, 1000), { ...allocation(contract, 1, 0, 2000), primary: true }];
  expect((await replace(contract, marked)).body).toMatchObject({
    fromOn: '2026-04-10',
    version: 2,
    allocations: [{ primary: false }, { primary: true }],
  });

  const setOn = async (day: string) => (await csm.get(allocationsOf(contract, `?on=${day}`))).body;
  expect(await setOn('2026-04-09')).toMatchObject({
    fromOn: '2026-04-01',
    version: 1,
    allocations: [{ minutes: 1000 }],
  });
  expect(await setOn('2026-04-10')).toMatchObject({ fromOn: '2026-04-10', version: 2 });
  expect(await setOn('2027-03-31')).toMatchObject({ version: 2 });
  expect(await setOn('2027-04-01')).toMatchObject({ status: 422, code: 'term-not-found' });
  expect(await setOn('2026-02-30')).toMatchObject({ status: 400, errors: [{ pointer: '/on' }] });
});

test('a set for a term in the future is effective from the first day of the term', async () => {
  const contract = await soldContract(service, { package: 'premier', startsOn: '2026-06-01' });
  for (const minutes of [100, 200]) {
    expect((await replace(contract, [allocation(contract, 0, 0, minutes)])).body).toMatchObject({
      fromOn: '2026-06-01',
    });
  }
  expect((await contract.csm.get(allocationsOf(contract, '?on=2026-06-01'))).body.allocations).toMatchObject([
    { minutes: 200 },
  ]);
});

test('a set can be replaced only under the ETag of the present set', async () => {
  const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  const put = (ifMatch?: string) =>
    contract.csm.put(
      allocationsOf(contract),
      { allocations: [allocation(contract, 0, 0, 100)] },
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

test('exactly one of 16 concurrent requests with the same ETag replaces the set', async () => {
  const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  const answers = await Promise.all(
    Array.from({ length: 16 }, (_, at) =>
      contract.csm.put(
        allocationsOf(contract),
        { allocations: [allocation(contract, 0, 0, 100 + at)] },
        { 'if-match': '"0"' },
      ),
    ),
  );
  const [won, ...others] = answers.filter(({ status }) => status === 200);
  expect(others).toEqual([]);
  expect(answers.filter(({ status }) => status === 412)).toHaveLength(15);
  expect((await contract.csm.get(allocationsOf(contract))).body).toEqual(won!.body);
});

test('used minutes draw from the allocation first, then from the unallocated minutes', async () => {
  const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  const { csm } = contract;
  const [first, second] = [allocation(contract, 0, 0, 100), allocation(contract, 1, 1, 0)];
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

  // The new set leaves out the first pair. Its 130 minutes stay used, and the second pair may have all the rest.
  const replaced = await replace(contract, [{ ...second, minutes: 11_390 }]);
  expect(replaced.body).toMatchObject({ unallocatedMinutes: 0, allocations: [{ usedMinutes: 60 }] });
  const tooMuch = await replace(contract, [{ ...second, minutes: 11_391 }]);
  expect(tooMuch.body).toMatchObject({
    code: 'allocations-exceed-grant',
    violations: [{ minutes: 11_521, limitMinutes: 11_520, usedMinutes: 190 }],
  });
});

test('the refusal of a set names all broken rules, and nothing is written', async () => {
  const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01', consultants: 3 });
  const other = await soldContract(service, { package: 'basic', startsOn: '2026-04-01' });
  const refused = await replace(contract, [
    { ...allocation(contract, 0, 0, 11_000), primary: true },
    { ...allocation(contract, 1, 0, 1000), primary: true },
    { ...allocation(contract, 2, 0, 0), productLineId: other.productLineIds[0]! },
    allocation(contract, 0, 0, 1),
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

test('a consultant who is not in the new set no longer counts towards the limit', async () => {
  const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01', consultants: 3 });
  await replace(contract, [allocation(contract, 0, 0, 100), allocation(contract, 1, 0, 100)]);
  const refused = await replace(
    contract,
    [0, 1, 2].map((consultant) => allocation(contract, consultant, 0, 100)),
  );
  expect(refused.body).toMatchObject({ code: 'too-many-consultants', violations: [{ count: 3, limit: 2 }] });
  const moved = await replace(contract, [allocation(contract, 2, 1, 11_520), allocation(contract, 0, 0, 0)]);
  expect(moved.body).toMatchObject({ unallocatedMinutes: 0, allocations: [{ primary: true }, { primary: false }] });
  expect((await replace(contract, [])).body).toMatchObject({ unallocatedMinutes: 11_520, allocations: [] });
});

test('an allocation with an unknown consultant or product line is refused', async () => {
  const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  const known = allocation(contract, 0, 0, 1);
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

test.each<[string, (known: Allocation) => unknown, string]>([
  ['a body without a set', () => ({}), '/allocations'],
  ['a set that is not a list', () => ({ allocations: {} }), '/allocations'],
  ['null as an allocation', () => ({ allocations: [null] }), '/allocations/0'],
  ['a set of 101 allocations', (known) => ({ allocations: Array(101).fill(known) }), '/allocations'],
  ['an allocation without minutes', (known) => bodyWith({ ...known, minutes: undefined }), '/allocations/0/minutes'],
  ['a fraction of a minute', (known) => bodyWith({ ...known, minutes: 0.5 }), '/allocations/0/minutes'],
  ['a negative number of minutes', (known) => bodyWith({ ...known, minutes: -1 }), '/allocations/0/minutes'],
  ['a huge number of minutes', (known) => bodyWith({ ...known, minutes: 1e300 }), '/allocations/0/minutes'],
  ['text as minutes', (known) => bodyWith({ ...known, minutes: '60' }), '/allocations/0/minutes'],
  ['a malformed id', (known) => bodyWith({ ...known, consultantId: 'me' }), '/allocations/0/consultantId'],
  ['text as primary', (known) => bodyWith({ ...known, primary: 'yes' }), '/allocations/0/primary'],
  ['an unknown field', (known) => bodyWith({ ...known, usedMinutes: 1 }), '/allocations/0/usedMinutes'],
])('%s is refused as malformed', async (_, body, pointer) => {
  const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  const refused = await contract.csm.put(allocationsOf(contract), body(allocation(contract, 0, 0, 1)), {
    'if-match': '"0"',
  });
  expect(refused.status).toBe(400);
  expect(refused.body.errors).toContainEqual({ pointer, detail: expect.any(String) as string });
  expect((await contract.csm.get(allocationsOf(contract))).body.version).toBe(0);
});

const bodyWith = (content: object) => ({ allocations: [content] });

test('the customer and finance can read the set but not replace it, and others do not find it', async () => {
  const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  const other = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  const finance = await person(service, 'finance');
  const allocations = [allocation(contract, 0, 0, 60)];
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

test('the database refuses to change a stored set, and to commit more minutes than were granted', async () => {
  const contract = await soldContract(service, { package: 'basic', startsOn: '2026-04-01' });
  await replace(contract, [allocation(contract, 0, 0, 60)]);
  const run = (sql: string) => service.database.write((tx) => tx.query(sql));
  await expect(run('update allocations set minutes = 1')).rejects.toMatchObject({
    constraint: 'allocations_append_only',
  });
  await expect(run('delete from allocation_sets')).rejects.toMatchObject({ constraint: 'allocation_sets_append_only' });
  await expect(
    run(`update pair_balances set allocated_minutes = 5761 where consultant_id = '${contract.consultantIds[0]}'`),
  ).rejects.toMatchObject({ constraint: 'balances_commitments_within_grant' });
});

describe('at the roll-over', () => {
  test('the set moves to the next term, scaled to its grant and cut to the limits of its package', async () => {
    const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
    const withoutSet = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
    const declined = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
    const { csm } = contract;
    const firstPair = allocation(contract, 0, 0, 1001);
    await replace(contract, [
      { ...firstPair, primary: true },
      allocation(contract, 1, 0, 3000),
      allocation(contract, 1, 1, 1000),
    ]);
    await work(contract, firstPair, 500);
    await replace(declined, [allocation(declined, 0, 0, 10)]);
    await service.database.write((tx) =>
      tx.query(`update terms set renewal_state = 'declined' where subscription_id = $1`, [declined.id]),
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
      allocations: [{ ...firstPair, minutes: 500, primary: true, usedMinutes: 0, drawnFromUnallocatedMinutes: 0 }],
      version: 2,
    });
    expect(after.body.termId).not.toBe(before.body.termId);
    expect((await csm.get(allocationsOf(contract, '?on=2027-03-31'))).body).toEqual(before.body);
    // An ETag of the old term is stale in the new term.
    const stale = await csm.put(
      allocationsOf(contract),
      { allocations: [firstPair] },
      { 'if-match': before.headers.get('etag') ?? '' },
    );
    expect(stale.status).toBe(412);
    expect((await replace(contract, [firstPair])).body).toMatchObject({ fromOn: '2027-04-01', version: 3 });

    expect((await withoutSet.csm.get(allocationsOf(withoutSet))).body).toMatchObject({ version: 0, fromOn: null });
    const refused = await replace(declined, []);
    expect([refused.status, refused.body.code]).toEqual([409, 'subscription-ended']);
  });
});
