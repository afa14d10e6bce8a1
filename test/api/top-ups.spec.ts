import type { Answer, Api } from '../support/client.js';
import { soldContract, type ContractWanted, type SoldContract } from '../support/contract.js';
import { person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;

beforeAll(async () => {
  service = await startService({ clock: '2026-10-01T03:00:00Z' });
});
afterAll(() => service.stop());

const pathOf = ({ id }: SoldContract, rest = '') => `/v1/subscriptions/${id}${rest}`;
const bought = { kind: 'supplement', minutes: 600, orderNumber: 'PO-77' };
const given = { kind: 'goodwill', minutes: 120, reason: 'Outage' };

const sell = (wanted: Partial<ContractWanted> = {}): Promise<SoldContract> =>
  soldContract(service, { package: 'premier', startsOn: '2026-04-01', ...wanted });

const enter = (contract: SoldContract, body: object, who: Api = contract.admin): Promise<Answer> =>
  who.post(pathOf(contract, '/top-ups'), body);
const cancel = ({ admin }: SoldContract, id: string, query = ''): Promise<Answer> =>
  admin.post(`/v1/top-ups/${id}/cancellation${query}`, { reason: 'By mistake' });

async function entered(contract: SoldContract, body: object): Promise<string> {
  const { status, body: topUp } = await enter(contract, body);
  expect(status).toBe(201);
  return topUp.id as string;
}

/** Assigns the first consultant without minutes, so that work draws from the unallocated minutes. */
async function assign(contract: SoldContract, minutes = 0): Promise<void> {
  const { headers } = await contract.csm.get(pathOf(contract, '/allocations'));
  const allocations = [{ consultantId: contract.consultantIds[0], productLineId: contract.productLineIds[0], minutes }];
  const set = await contract.csm.put(
    pathOf(contract, '/allocations'),
    { allocations },
    { 'if-match': headers.get('etag')! },
  );
  expect(set.status).toBe(200);
}

/** Books minutes on days of the past, each with at most 24 hours. */
async function work(contract: SoldContract, minutes: number, entry: object = {}): Promise<string[]> {
  const ids: string[] = [];
  for (let day = 1, left = minutes; left > 0; day++, left -= 1_440) {
    const workDate = new Date(Date.UTC(2026, 3, day)).toISOString().slice(0, 10);
    const [consultantId, productLineId] = [contract.consultantIds[0], contract.productLineIds[0]];
    const pair = { consultantId, productLineId, activity: 'enablement', delivery: 'remote', summary: 'S' };
    const body = { ...pair, workDate, minutes: Math.min(left, 1_440), ...entry };
    const logged = await contract.csm.post(pathOf(contract, '/time-entries'), body);
    expect(logged.status).toBe(201);
    ids.push(logged.body.entry.id as string);
  }
  return ids;
}

async function expectConsistent(contract: SoldContract): Promise<void> {
  const { body } = await contract.csm.post(pathOf(contract, '/verify'));
  expect(body).toEqual({ consistent: true, differences: [] });
}

describe('a top-up', () => {
  test('adds minutes from today; its dry run answers the same and writes nothing', async () => {
    const contract = await sell();
    const path = pathOf(contract, '/top-ups');
    const before = (await contract.csm.get(pathOf(contract))).body;
    const dryRun = await contract.csm.post(`${path}?dryRun=true`, bought);
    expect(dryRun.status).toBe(200);
    expect((await contract.csm.get(pathOf(contract))).body).toEqual(before);
    expect((await contract.csm.get(path)).body.data).toEqual([]);

    const done = await contract.csm.post(path, bought);
    expect(done.status).toBe(201);
    expect(done.body).toEqual({
      id: expect.any(String) as string,
      subscriptionId: contract.id,
      termId: before.currentTerm.id,
      kind: 'supplement',
      minutes: 600,
      effectiveOn: '2026-10-01',
      orderNumber: 'PO-77',
      reason: null,
      enteredAt: '2026-10-01T03:00:00.000Z',
      enteredBy: contract.csm.id,
      cancellation: null,
      balance: {
        ...before.balance,
        grantedMinutes: 12_120,
        remainingMinutes: 12_120,
        unallocatedMinutes: 12_120,
        onsite: { ...before.balance.onsite, capMinutes: 3_030, remainingMinutes: 3_030 },
        // 5,760 minutes of the package, 30 of the first day of October, and 600 ÷ 182 of the top-up.
        pace: { plannedMinutes: 5_793, differenceMinutes: -5_793, status: 'behind' },
        forecast: { ...before.balance.forecast, expiringMinutes: 12_120 },
      },
    });
    expect({ ...dryRun.body, id: done.body.id }).toEqual(done.body);
    const after = (await contract.csm.get(pathOf(contract))).body;
    expect([after.version, after.balance]).toEqual([before.version, done.body.balance]);
    const ledger = (await contract.csm.get(pathOf(contract, '/ledger'))).body.data;
    expect(ledger[1]).toMatchObject({
      kind: 'supplement',
      minutes: 600,
      onsiteMinutes: 0,
      effectiveOn: '2026-10-01',
      balanceAfterMinutes: 12_120,
    });
    await expectConsistent(contract);
  });

  test('of goodwill leaves the onsite cap', async () => {
    const contract = await sell();
    const { body } = await enter(contract, { ...given, effectiveOn: '2026-05-01' });
    expect(body).toMatchObject({
      ...given,
      effectiveOn: '2026-05-01',
      orderNumber: null,
      balance: { grantedMinutes: 11_640, onsite: { capMinutes: 2_880 } },
    });
    await expectConsistent(contract);
  });

  test('counts in the balance and the plan of a past day from its effective day on', async () => {
    const contract = await sell();
    await enter(contract, { ...bought, effectiveOn: '2026-07-01' });
    const balanceOn = async (on: string) => (await contract.csm.get(pathOf(contract, `/balance?on=${on}`))).body;
    expect(await balanceOn('2026-06-30')).toMatchObject({
      grantedMinutes: 11_520,
      onsite: { capMinutes: 2_880 },
      pace: { plannedMinutes: 2_880 },
    });
    expect(await balanceOn('2026-07-31')).toMatchObject({
      grantedMinutes: 12_120,
      onsite: { capMinutes: 3_030 },
      pace: { plannedMinutes: 3_840 + 67 },
    });
    const months = (await contract.csm.get(pathOf(contract, '/burn-down'))).body.months;
    expect(
      months.map(({ cumulativePlannedMinutes }: { cumulativePlannedMinutes: number }) => cumulativePlannedMinutes),
    ).toEqual([960, 1_920, 2_880, 3_907, 4_935, 5_961, 6_989, 8_015, 9_042, 10_070, 11_092, 12_120]);
  });

  test('can be worked and allocated like the minutes of the package', async () => {
    const contract = await sell({ package: 'basic' });
    await enter(contract, bought);
    await assign(contract, 6_360);
    await work(contract, 6_360);
    const { body } = await contract.csm.get(pathOf(contract, '/balance'));
    expect(body).toMatchObject({ remainingMinutes: 0, unallocatedMinutes: 0 });
    await expectConsistent(contract);
  });

  test('stays as it is through a later upgrade, which prorates packages only', async () => {
    const contract = await sell({ package: 'basic', productLines: 1 });
    await enter(contract, { ...bought, effectiveOn: '2026-06-01' });
    await enter(contract, given);
    const { body } = await contract.csm.post(pathOf(contract, '/upgrade'), { package: 'premier' });
    expect(body).toMatchObject({
      balance: { grantedMinutes: 9_353, onsite: { capMinutes: 2_308 } },
      change: { grantedBeforeMinutes: 6_480, grantedAfterMinutes: 9_353 },
    });
    await expectConsistent(contract);
  });

  test.each<[object, number, string]>([
    [{ ...bought, minutes: 0 }, 400, 'malformed-body'],
    [{ ...bought, minutes: -60 }, 400, 'malformed-body'],
    [{ ...bought, minutes: 0.5 }, 400, 'malformed-body'],
    [{ ...bought, kind: 'gift' }, 400, 'malformed-body'],
    [{ ...bought, effectiveOn: '2026-02-30' }, 400, 'malformed-body'],
    [{ ...bought, minutes: 115_201 }, 422, 'top-up-too-large'],
    [{ ...bought, effectiveOn: '2026-03-31' }, 422, 'effective-on-out-of-range'],
    [{ ...bought, effectiveOn: '2026-10-02' }, 422, 'effective-on-out-of-range'],
    [{ kind: 'supplement', minutes: 60 }, 422, 'order-number-required'],
    [{ kind: 'goodwill', minutes: 60 }, 422, 'reason-required'],
    [{ ...bought, reason: 'R' }, 422, 'field-of-other-top-up'],
    [{ ...given, orderNumber: 'PO-1' }, 422, 'field-of-other-top-up'],
    [{ ...given, orderNumber: 'PO-1', minutes: 115_201 }, 422, 'rules-violated'],
  ])('%j is refused with %i %s, and nothing is written', async (body, status, code) => {
    const contract = await sell();
    for (const query of ['', '?dryRun=true']) {
      const refused = await contract.admin.post(pathOf(contract, `/top-ups${query}`), body);
      expect([refused.status, refused.body.code]).toEqual([status, code]);
    }
    expect((await contract.csm.get(pathOf(contract, '/top-ups'))).body.data).toEqual([]);
    expect((await contract.csm.get(pathOf(contract, '/ledger'))).body.data).toHaveLength(1);
  });

  test('of ten packages is accepted; a larger one names the limit', async () => {
    const contract = await sell();
    expect((await enter(contract, { ...bought, minutes: 115_201 })).body).toMatchObject({
      violations: [{ code: 'top-up-too-large', limitMinutes: 115_200, maxAcceptableMinutes: 115_200 }],
      maxAcceptableMinutes: 115_200,
    });
    expect((await enter(contract, { ...bought, minutes: 115_200 })).status).toBe(201);
  });

  test('needs a term that has begun and a subscription that goes on', async () => {
    const upcoming = await sell({ startsOn: '2026-10-02' });
    expect((await enter(upcoming, bought)).body).toMatchObject({ status: 409, code: 'term-not-open' });
    const annulled = await sell();
    await annulled.admin.post(pathOf(annulled, '/annulment'), { reason: 'R' });
    expect((await enter(annulled, bought)).body).toMatchObject({ status: 409, code: 'subscription-annulled' });
  });

  test('sent twice with one key is one top-up', async () => {
    const contract = await sell();
    const send = (body: object) =>
      contract.csm.post(pathOf(contract, '/top-ups'), body, { 'idempotency-key': `key-${contract.id}` });
    const [first, second] = [await send(bought), await send(bought)];
    expect([first.status, second.status, second.headers.get('idempotency-replayed')]).toEqual([201, 201, 'true']);
    expect(second.body).toEqual(first.body);
    expect((await send({ ...bought, minutes: 601 })).body.code).toBe('idempotency-key-reused');
    expect((await contract.csm.get(pathOf(contract, '/top-ups'))).body.data).toHaveLength(1);
  });

  test('one of many at once, each counts', async () => {
    const contract = await sell();
    const answers = await Promise.all(Array.from({ length: 8 }, () => enter(contract, bought)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 201));
    expect((await contract.csm.get(pathOf(contract, '/balance'))).body.grantedMinutes).toBe(11_520 + 8 * 600);
    await expectConsistent(contract);
  });
});

describe('who may do what', () => {
  test('a CSM enters supplements in the own portfolio; an administrator enters both and cancels', async () => {
    const contract = await sell();
    const other = await person(service, 'csm');
    const finance = await person(service, 'finance');
    expect((await enter(contract, bought, contract.csm)).status).toBe(201);
    expect((await enter(contract, given, contract.csm)).status).toBe(403);
    expect((await enter(contract, bought, other)).status).toBe(404);
    const id = await entered(contract, given);
    for (const who of [contract.csm, other, finance, contract.customer]) {
      expect((await who.post(`/v1/top-ups/${id}/cancellation`, { reason: 'R' })).status).toBe(403);
    }
    for (const who of [finance, contract.customer]) expect((await enter(contract, bought, who)).status).toBe(403);
    expect((await other.get(pathOf(contract, '/top-ups'))).status).toBe(404);
    expect((await cancel(contract, id)).status).toBe(200);
  });

  test('all who see the subscription read the list; a customer reads no reasons', async () => {
    const contract = await sell();
    await entered(contract, bought);
    const id = await entered(contract, given);
    await cancel(contract, id);
    const finance = await person(service, 'finance');
    const path = pathOf(contract, '/top-ups');
    const { data } = (await finance.get(path)).body;
    expect(data).toMatchObject([
      { ...bought, reason: null, cancellation: null },
      {
        ...given,
        orderNumber: null,
        cancellation: { minutes: 120, reason: 'By mistake', cancelledAt: '2026-10-01T03:00:00.000Z' },
      },
    ]);
    const read = (await contract.customer.get(path)).body.data;
    expect(read).toEqual([
      data[0],
      { ...data[1], reason: null, cancellation: { ...data[1].cancellation, reason: null } },
    ]);
    const first = (await contract.csm.get(`${path}?limit=1`)).body;
    expect(first.data).toEqual([data[0]]);
    expect((await contract.csm.get(`${path}?limit=1&cursor=${first.nextCursor}`)).body).toEqual({
      data: [data[1]],
      nextCursor: null,
    });
  });
});

describe('the cancellation of a top-up', () => {
  test('takes an unused top-up back; its dry run answers the same and writes nothing', async () => {
    const contract = await sell();
    const before = (await contract.csm.get(pathOf(contract))).body.balance;
    const id = await entered(contract, bought);
    const listed = (await contract.csm.get(pathOf(contract, '/top-ups'))).body;
    const dryRun = await cancel(contract, id, '?dryRun=true');
    expect((await contract.csm.get(pathOf(contract, '/top-ups'))).body).toEqual(listed);
    const done = await cancel(contract, id);
    expect([done.status, done.body]).toEqual([200, dryRun.body]);
    expect(done.body).toMatchObject({
      id,
      minutes: 600,
      cancellation: { minutes: 600, reason: 'By mistake', cancelledAt: '2026-10-01T03:00:00.000Z' },
      balance: before,
    });
    const ledger = (await contract.csm.get(pathOf(contract, '/ledger'))).body.data;
    expect(ledger[2]).toMatchObject({
      kind: 'top-up-cancelled',
      minutes: -600,
      effectiveOn: '2026-10-01',
      balanceAfterMinutes: 11_520,
    });
    const again = await cancel(contract, id);
    expect([again.status, again.body.code]).toEqual([409, 'already-cancelled']);
    await expectConsistent(contract);
  });

  test('takes back what is not worked', async () => {
    const contract = await sell({ package: 'basic' });
    const id = await entered(contract, bought);
    await assign(contract);
    await work(contract, 6_000);
    const { body } = await cancel(contract, id);
    expect(body).toMatchObject({
      cancellation: { minutes: 360 },
      balance: { grantedMinutes: 6_000, remainingMinutes: 0 },
    });
    await expectConsistent(contract);
  });

  test('takes back what is not allocated', async () => {
    const contract = await sell();
    const id = await entered(contract, bought);
    await assign(contract, 12_000);
    const { body } = await cancel(contract, id);
    expect(body).toMatchObject({
      cancellation: { minutes: 120 },
      balance: { grantedMinutes: 12_000, unallocatedMinutes: 0 },
    });
    await expectConsistent(contract);
  });

  test('leaves an onsite cap that covers the onsite work', async () => {
    const contract = await sell();
    const id = await entered(contract, bought);
    await assign(contract);
    const [consultantId] = contract.consultantIds;
    const visit = { startsOn: '2026-04-01', endsOn: '2026-04-30', place: '東京', consultantIds: [consultantId] };
    const visitId = (await contract.csm.post(pathOf(contract, '/visits'), visit)).body.id as string;
    await work(contract, 3_000, { delivery: 'onsite', visitId });
    const { body } = await cancel(contract, id);
    expect(body).toMatchObject({
      cancellation: { minutes: 120 },
      balance: { grantedMinutes: 12_000, onsite: { capMinutes: 3_000, remainingMinutes: 0 } },
    });
    await expectConsistent(contract);
  });

  test('is refused if nothing is unused, and accepted after a reversal', async () => {
    const contract = await sell({ package: 'basic' });
    const id = await entered(contract, bought);
    await assign(contract);
    const entries = await work(contract, 6_360);
    const refused = await cancel(contract, id);
    expect([refused.status, refused.body]).toMatchObject([
      422,
      { code: 'top-up-used', violations: [{ code: 'top-up-used', limitMinutes: 600, remainingMinutes: 0 }] },
    ]);
    await contract.csm.post(`/v1/time-entries/${entries[0]}/reversal`, { reason: 'R' });
    expect((await cancel(contract, id)).body.cancellation.minutes).toBe(600);
    await expectConsistent(contract);
  });

  test('needs a reason and a top-up that exists', async () => {
    const contract = await sell();
    const id = await entered(contract, bought);
    expect((await contract.admin.post(`/v1/top-ups/${id}/cancellation`, {})).status).toBe(400);
    for (const unknown of ['nothing', contract.id]) expect((await cancel(contract, unknown)).status).toBe(404);
  });

  test('requested five times at once happens once', async () => {
    const contract = await sell();
    const id = await entered(contract, bought);
    const answers = await Promise.all(Array.from({ length: 5 }, () => cancel(contract, id)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409]);
    await expectConsistent(contract);
  });

  test('of several top-ups at the same time as bookings never overdraws the term', async () => {
    const contract = await sell({ package: 'basic' });
    const ids = [await entered(contract, bought), await entered(contract, given)];
    await assign(contract);
    await work(contract, 5_760);
    const [consultantId, productLineId] = [contract.consultantIds[0], contract.productLineIds[0]];
    const entry = {
      consultantId,
      productLineId,
      activity: 'enablement',
      delivery: 'remote',
      summary: 'S',
      minutes: 100,
    };
    const booked = Promise.all(
      Array.from({ length: 12 }, (_, at) =>
        contract.csm.post(pathOf(contract, '/time-entries'), { ...entry, workDate: `2026-06-${10 + at}` }),
      ),
    );
    const cancelled = await Promise.all(ids.map((id) => cancel(contract, id)));
    const accepted = (await booked).filter(({ status }) => status === 201).length;
    const taken = cancelled.reduce(
      (sum, { body }) => sum + ((body.cancellation?.minutes as number | undefined) ?? 0),
      0,
    );
    const { body: balance } = await contract.csm.get(pathOf(contract, '/balance'));
    expect(balance.usedMinutes).toBe(5_760 + 100 * accepted);
    expect(balance.grantedMinutes).toBe(6_480 - taken);
    expect(balance.remainingMinutes).toBe(720 - taken - 100 * accepted);
    await expectConsistent(contract);
  });
});

test('a term that closes takes the rest of its top-ups with it, and the next one has the package alone', async () => {
  const own = await startService({ clock: '2027-03-01T03:00:00Z' });
  try {
    const contract = await soldContract(own, { package: 'premier', startsOn: '2026-04-01' });
    const id = await entered(contract, bought);
    await own.clock.advanceTo(new Date('2027-03-31T15:00:00Z'));
    const supplement = await contract.csm.post(pathOf(contract, '/top-ups'), { ...bought, minutes: 60 });
    expect(supplement.body).toMatchObject({
      effectiveOn: '2027-04-01',
      balance: { grantedMinutes: 11_580, expiredMinutes: 0, onsite: { capMinutes: 2_895 } },
    });
    expect((await contract.csm.get(pathOf(contract, '/balance?on=2027-03-31'))).body).toMatchObject({
      grantedMinutes: 12_120,
      expiredMinutes: 12_120,
      remainingMinutes: 0,
    });
    const late = await cancel(contract, id);
    expect([late.status, late.body.code]).toEqual([409, 'term-closed']);
    await expectConsistent(contract);
  } finally {
    await own.stop();
  }
});
