import { soldContract, type SoldContract } from '../support/contract.js';
import { api, type Api, type Json } from '../support/client.js';
import { person, type Person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let admin: Api;
let csm: Person;

/** Noon in Tokyo. */
const now = '2026-10-01T03:00:00Z';

beforeAll(async () => {
  service = await startService({ clock: now });
  admin = api(service.baseUrl, service.adminToken);
  csm = await person(service, 'csm');
});
afterAll(() => service.stop());

const anId = expect.any(String) as string;
const missingId = '01900000-0000-7000-8000-000000000000';

async function customerOf(who: Api, timeZone = 'Asia/Tokyo'): Promise<string> {
  const { body } = await who.post('/v1/customers', { name: '株式会社サンプル', locale: 'ja', timeZone });
  return body.id as string;
}

let lines = 0;

async function productLines(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let at = 0; at < count; at++) {
    const { body } = await admin.post('/v1/product-lines', { code: `SUB-${++lines}`, name: `Line ${lines}` });
    ids.push(body.id as string);
  }
  return ids;
}

const pathOf = ({ id }: { id: string }, rest = '') => `/v1/subscriptions/${id}${rest}`;

const etagOf = async (id: string) => ({
  'if-match': (await admin.get(`/v1/subscriptions/${id}`)).headers.get('etag') ?? '',
});

const balanceOf = async (contract: SoldContract, query = ''): Promise<Json> =>
  (await contract.csm.get(pathOf(contract, `/balance${query}`))).body;

/** Allocates 1,000 minutes to the first consultant on the first product line, and logs remote work. */
async function log(contract: SoldContract, work: [workDate: string, minutes: number][]): Promise<string[]> {
  const pair = { consultantId: contract.consultantIds[0], productLineId: contract.productLineIds[0] };
  const path = pathOf(contract, '/allocations');
  const { headers } = await contract.csm.get(path);
  const set = await contract.csm.put(
    path,
    { allocations: [{ ...pair, minutes: 1000 }] },
    { 'if-match': headers.get('etag')! },
  );
  expect(set.status).toBe(200);
  const ids: string[] = [];
  for (const [workDate, minutes] of work) {
    const entry = { ...pair, workDate, minutes, activity: 'health-check', delivery: 'remote', summary: 'Check' };
    const { status, body } = await contract.csm.post(pathOf(contract, '/time-entries'), entry);
    expect(status).toBe(201);
    ids.push(body.entry.id as string);
  }
  return ids;
}

describe('entering a subscription', () => {
  test('returns the subscription with its first term and balance, just as a later request reads it', async () => {
    const customerId = await customerOf(csm);
    const [line] = await productLines(1);
    const entered = await csm.post('/v1/subscriptions', { customerId, package: 'premier', productLineIds: [line] });
    expect(entered.status).toBe(201);
    expect(entered.headers.get('etag')).toBe('"1"');
    expect(entered.body).toEqual({
      id: anId,
      customerId,
      customerName: expect.any(String) as string,
      csmId: csm.id,
      contractNumber: null,
      status: 'active',
      package: 'premier',
      nextPackage: null,
      pacePolicy: 'advise',
      startsOn: '2026-10-01',
      purchasedAt: '2026-10-01T03:00:00.000Z',
      enteredAt: '2026-10-01T03:00:00.000Z',
      productLines: [{ productLineId: line, fromOn: '2026-10-01', untilOn: null }],
      currentTerm: {
        id: anId,
        number: 0,
        package: 'premier',
        packageVersion: '1',
        startsOn: '2026-10-01',
        endsOn: '2027-09-30',
        noticeDeadline: '2027-08-01',
        status: 'open',
        renewalState: 'open',
        purchaseOrder: null,
        version: 1,
      },
      balance: {
        termId: entered.body.currentTerm.id,
        asOf: '2026-10-01',
        grantedMinutes: 11_520,
        usedMinutes: 0,
        expiredMinutes: 0,
        remainingMinutes: 11_520,
        drawnAheadMinutes: 0,
        unallocatedMinutes: 11_520,
        onsite: {
          capMinutes: 2_880,
          usedMinutes: 0,
          remainingMinutes: 2_880,
          drawnAheadMinutes: 0,
          visitsUsed: 0,
          maxVisits: 2,
        },
        seats: { used: 0, max: 2 },
        pace: { plannedMinutes: 30, differenceMinutes: -30, status: 'on-pace' },
        forecast: { exhaustedOn: null, expiringMinutes: 11_520, basis: { days: 1, minutes: 0 } },
      },
      annulment: null,
      version: 1,
    });
    expect((await csm.get(pathOf(entered.body))).body).toEqual(entered.body);
  });

  test.each([
    ['Asia/Tokyo', '2026-03-31T15:30:00Z', '2026-04-01'],
    ['America/New_York', '2026-04-01T03:30:00Z', '2026-03-31'],
    ['Pacific/Kiritimati', '2026-03-31T10:00:00Z', '2026-04-01'],
  ])('in the zone %s, purchased at %s, lets the first term start on %s', async (timeZone, purchasedAt, startsOn) => {
    const customerId = await customerOf(csm, timeZone);
    const { body } = await csm.post('/v1/subscriptions', { customerId, package: 'basic', purchasedAt });
    expect(body.currentTerm.startsOn).toBe(startsOn);
  });

  test.each([
    ['2016-09-30', 422],
    ['2016-10-01', 201],
    ['2027-10-01', 201],
    ['2027-10-02', 422],
  ])('with the first day %s gets %i', async (startsOn, status) => {
    const customerId = await customerOf(csm);
    const answer = await csm.post('/v1/subscriptions', { customerId, package: 'basic', startsOn });
    expect(answer.status).toBe(status);
    if (status === 422) {
      expect(answer.body).toMatchObject({
        code: 'starts-on-out-of-range',
        violations: [{ earliest: '2016-10-01', latest: '2027-10-01', pointer: '/startsOn' }],
      });
    }
  });

  test.each([
    ['2099-01-01T00:00:00Z', {}, 422],
    ['2026-10-01T03:00:01Z', { startsOn: '2026-10-01' }, 422],
    ['2026-10-01T03:00:00Z', { startsOn: '2027-04-01' }, 201],
    ['2015-10-01T00:00:00Z', { startsOn: '2016-10-01' }, 201],
    ['2015-09-30T23:59:59Z', { startsOn: '2016-10-01' }, 422],
  ])('purchased at %s with %j gets %i', async (purchasedAt, more, status) => {
    const customerId = await customerOf(csm);
    const answer = await csm.post('/v1/subscriptions', { customerId, package: 'basic', purchasedAt, ...more });
    expect(answer.status).toBe(status);
    if (status === 422) {
      const violations = [{ code: 'purchased-at-out-of-range', pointer: '/purchasedAt' }];
      expect(answer.body).toMatchObject({ code: 'purchased-at-out-of-range', violations });
      expect(answer.body.violations).toHaveLength(1);
    }
  });

  test('that started years ago creates all terms up to the current one', async () => {
    const customerId = await customerOf(csm);
    const { body } = await csm.post('/v1/subscriptions', { customerId, package: 'basic', startsOn: '2024-02-29' });
    expect(body).toMatchObject({
      status: 'active',
      currentTerm: { number: 2, startsOn: '2026-02-28', endsOn: '2027-02-27' },
    });
    expect((await csm.get(pathOf(body, '/terms'))).body).toMatchObject({
      data: [
        { number: 0, startsOn: '2024-02-29', endsOn: '2025-02-27', status: 'closed', renewalState: 'renewed' },
        { number: 1, startsOn: '2025-02-28', endsOn: '2026-02-27', status: 'closed', renewalState: 'renewed' },
        { number: 2, startsOn: '2026-02-28', endsOn: '2027-02-27', status: 'open', renewalState: 'open' },
      ],
      nextCursor: null,
    });
  });

  test('that starts later creates an upcoming term, which the balance shows', async () => {
    const customerId = await customerOf(csm);
    const { body } = await csm.post('/v1/subscriptions', { customerId, package: 'basic', startsOn: '2026-11-01' });
    expect(body.currentTerm).toMatchObject({ status: 'upcoming', renewalState: 'open' });
    expect((await csm.get(pathOf(body, '/balance'))).body).toMatchObject({
      termId: body.currentTerm.id,
      asOf: '2026-10-01',
      remainingMinutes: 5_760,
      pace: { plannedMinutes: 0, differenceMinutes: 0, status: 'on-pace' },
    });
    const upgrade = await csm.post(pathOf(body, '/upgrade'), { package: 'premier' });
    expect([upgrade.status, upgrade.body.code]).toEqual([409, 'term-not-open']);
  });

  test('is refused with everything that is wrong: CSM, product lines and their number', async () => {
    const customerId = await customerOf(csm);
    const [line, other] = await productLines(2);
    const finance = await person(service, 'finance');
    const request = { customerId, package: 'basic', csmId: finance.id, productLineIds: [line, missingId, other] };
    const { status, body } = await csm.post('/v1/subscriptions', request);
    expect([status, body.code]).toEqual([422, 'rules-violated']);
    expect(body.violations).toMatchObject([
      { code: 'not-a-csm', pointer: '/csmId' },
      { code: 'reference-unknown', pointer: '/productLineIds/1' },
      { code: 'too-many-product-lines', pointer: '/productLineIds', count: 3, limit: 1 },
    ]);
    expect((await csm.get(`/v1/subscriptions?customerId=${customerId}`)).body.data).toEqual([]);
  });

  test.each(['missing', 'of another CSM'])('is refused if the customer is %s', async (which) => {
    const customerId = which === 'missing' ? missingId : await customerOf(await person(service, 'csm'));
    const { status, body } = await csm.post('/v1/subscriptions', { customerId, package: 'basic' });
    expect([status, body.code, body.violations[0].pointer]).toEqual([422, 'customer-unknown', '/customerId']);
  });

  test.each([
    ['no customer', { customerId: undefined }, '/customerId'],
    ['a customer id that is not a UUID', { customerId: '1' }, '/customerId'],
    ['an unknown package', { package: 'gold' }, '/package'],
    ['a day that does not exist', { startsOn: '2026-02-30' }, '/startsOn'],
    ['a day where an instant is required', { purchasedAt: '2026-02-03' }, '/purchasedAt'],
    ['an unknown policy', { pacePolicy: 'never' }, '/pacePolicy'],
    ['one product line where a list is required', { productLineIds: missingId }, '/productLineIds'],
    ['the same product line twice', { productLineIds: [missingId, missingId] }, '/productLineIds'],
    ['a day that is null', { startsOn: null }, '/startsOn'],
    ['an unknown field', { price: 1 }, '/price'],
  ])('is refused as malformed with %s', async (_, change, pointer) => {
    const { status, body } = await csm.post('/v1/subscriptions', {
      customerId: missingId,
      package: 'basic',
      ...change,
    });
    expect([status, body.errors.map((error: { pointer: string }) => error.pointer)]).toEqual([400, [pointer]]);
  });
});

describe('owning and seeing a subscription', () => {
  test('a CSM who enters a subscription owns it, unless the request names another CSM', async () => {
    const other = await person(service, 'csm');
    const customerId = await customerOf(csm);
    const named = await csm.post('/v1/subscriptions', { customerId, package: 'basic', csmId: other.id });
    expect([named.status, named.body.csmId]).toEqual([201, other.id]);
    expect((await csm.get(pathOf(named.body))).status).toBe(404);
    expect((await other.get(pathOf(named.body))).status).toBe(200);
    expect((await other.get(`/v1/customers/${customerId}`)).status).toBe(200);
  });

  test('an administrator who enters a subscription must name a CSM', async () => {
    const customerId = await customerOf(csm);
    const request = { customerId, package: 'basic' };
    const unnamed = await admin.post('/v1/subscriptions', request);
    expect([unnamed.status, unnamed.body.code, unnamed.body.violations[0].pointer]).toEqual([
      422,
      'csm-required',
      '/csmId',
    ]);
    const named = await admin.post('/v1/subscriptions', { ...request, csmId: csm.id });
    expect([named.status, named.body.csmId]).toEqual([201, csm.id]);

    const lead = await person(service, 'admin');
    expect((await admin.post('/v1/subscriptions', { ...request, csmId: lead.id })).body.csmId).toBe(lead.id);
    for (const role of ['finance', 'customer'] as const) {
      const other = await person(service, role, role === 'customer' ? customerId : undefined);
      const refused = await admin.post('/v1/subscriptions', { ...request, csmId: other.id });
      expect([role, refused.status, refused.body.code]).toEqual([role, 422, 'not-a-csm']);
    }
  });

  test('only its CSM, finance, administrators and its customer see a subscription', async () => {
    const contract = await soldContract(service, { package: 'basic', productLines: 1 });
    const stranger = await person(service, 'csm');
    const finance = await person(service, 'finance');
    const otherCustomer = await person(service, 'customer', await customerOf(csm));
    const paths = ['', '/terms', '/balance', '/burn-down', '/ledger'];
    for (const rest of paths) {
      const statuses: number[] = [];
      for (const who of [admin, contract.csm, finance, contract.customer, stranger, otherCustomer]) {
        statuses.push((await who.get(pathOf(contract, rest))).status);
      }
      expect([rest, ...statuses]).toEqual([rest, 200, 200, 200, 200, 404, 404]);
    }
    expect((await contract.customer.get('/v1/subscriptions')).body.data).toHaveLength(1);
    expect((await stranger.get('/v1/subscriptions')).body.data).toEqual([]);
  });

  test('finance and customers cannot change a subscription, and finance can verify it', async () => {
    const contract = await soldContract(service, { package: 'basic', productLines: 1 });
    const finance = await person(service, 'finance');
    const stranger = await person(service, 'csm');
    const any = { 'if-match': '"1"' };
    for (const [who, status] of [
      [finance, 403],
      [contract.customer, 403],
      [stranger, 404],
    ] as const) {
      expect((await who.patch(pathOf(contract), { pacePolicy: 'enforce' }, any)).status).toBe(status);
      expect((await who.post(pathOf(contract, '/upgrade'), { package: 'premier' })).status).toBe(status);
      expect((await who.put(pathOf(contract, '/next-package'), { package: 'premier' }, any)).status).toBe(status);
      const change = { effectiveOn: '2026-10-01', productLineIds: [] };
      expect((await who.put(pathOf(contract, '/product-lines'), change, any)).status).toBe(status);
    }
    expect((await finance.post(pathOf(contract, '/verify'))).status).toBe(200);
    expect((await contract.customer.post(pathOf(contract, '/verify'))).status).toBe(403);
    expect((await stranger.post(pathOf(contract, '/verify'))).status).toBe(404);
  });
});

describe('the list of subscriptions', () => {
  test('has pages, in the order in which the subscriptions were entered', async () => {
    const owner = await person(service, 'csm');
    const customerId = await customerOf(owner);
    const ids: string[] = [];
    for (let at = 0; at < 3; at++) {
      ids.push((await owner.post('/v1/subscriptions', { customerId, package: 'basic' })).body.id as string);
    }
    const first = await owner.get('/v1/subscriptions?limit=2');
    expect(first.body.data.map(({ id }: Json) => id)).toEqual(ids.slice(0, 2));
    expect(first.headers.get('link')).toContain('rel="next"');
    const second = await owner.get(`/v1/subscriptions?limit=2&cursor=${first.body.nextCursor}`);
    expect([second.body.data.map(({ id }: Json) => id), second.body.nextCursor]).toEqual([ids.slice(2), null]);
  });

  test('has filters that can be combined', async () => {
    const owner = await person(service, 'csm');
    const customerId = await customerOf(owner);
    const enter = async (body: object) =>
      (await owner.post('/v1/subscriptions', { customerId, package: 'basic', ...body })).body.id as string;
    const early = await enter({ startsOn: '2026-02-01' });
    const premier = await enter({ package: 'premier' });
    const ids = async (query: string) =>
      (await owner.get(`/v1/subscriptions?${query}`)).body.data.map(({ id }: Json) => id as string);
    expect(await ids('package=premier')).toEqual([premier]);
    expect(await ids('endsBefore=2027-02-01')).toEqual([early]);
    expect(await ids('endsBefore=2027-01-31')).toEqual([]);
    expect(await ids(`customerId=${customerId}&csmId=${owner.id}&status=active&renewalState=open`)).toEqual([
      early,
      premier,
    ]);
    expect(await ids('status=ended')).toEqual([]);
    expect(await ids('renewalState=declined')).toEqual([]);
    expect(await ids(`customerId=${missingId}`)).toEqual([]);
    expect((await owner.get('/v1/subscriptions?package=gold')).status).toBe(400);
  });
});

describe('a change of a subscription', () => {
  test('needs the current version', async () => {
    const contract = await soldContract(service, { package: 'basic', productLines: 1 });
    const path = pathOf(contract);
    expect((await contract.csm.patch(path, { pacePolicy: 'enforce' })).status).toBe(428);
    expect((await contract.csm.patch(path, { pacePolicy: 'enforce' }, { 'if-match': '"7"' })).status).toBe(412);
    const changed = await contract.csm.patch(path, { pacePolicy: 'enforce' }, { 'if-match': '"1"' });
    expect([changed.status, changed.body.pacePolicy, changed.headers.get('etag')]).toEqual([200, 'enforce', '"2"']);
    expect((await contract.csm.patch(path, { pacePolicy: 'advise' }, { 'if-match': '"1"' })).status).toBe(412);
  });

  test('can name another CSM, but no user with another role', async () => {
    const contract = await soldContract(service, { package: 'basic', productLines: 1 });
    const successor = await person(service, 'csm');
    const refused = await contract.csm.patch(pathOf(contract), { csmId: contract.customer.id }, { 'if-match': '"1"' });
    expect([refused.status, refused.body.code]).toEqual([422, 'not-a-csm']);
    const reassigned = await contract.csm.patch(pathOf(contract), { csmId: successor.id }, { 'if-match': '"1"' });
    expect([reassigned.status, reassigned.body.csmId]).toEqual([200, successor.id]);
    expect((await contract.csm.get(pathOf(contract))).status).toBe(404);
    expect((await successor.get(pathOf(contract))).status).toBe(200);
  });

  test('is not what booking hours does: the ETag stays', async () => {
    const contract = await soldContract(service, { package: 'basic', startsOn: '2026-04-01', productLines: 1 });
    await log(contract, [['2026-09-30', 60]]);
    expect(await etagOf(contract.id)).toEqual({ 'if-match': '"1"' });
  });
});

describe('the balance on a day', () => {
  let contract: SoldContract;

  beforeAll(async () => {
    contract = await soldContract(service, { package: 'basic', startsOn: '2026-04-01' });
    const [, wrong] = await log(contract, [
      ['2026-04-10', 120],
      ['2026-05-20', 60],
      ['2026-09-30', 90],
    ]);
    const reversal = await contract.csm.post(`/v1/time-entries/${wrong}/reversal`, { reason: 'Wrong customer' });
    expect(reversal.status).toBe(201);
    await contract.csm.post(pathOf(contract, '/upgrade'), { package: 'premier', effectiveOn: '2026-10-01' });
  });

  test.each([
    [
      '2026-04-01',
      { grantedMinutes: 5_760, usedMinutes: 0, unallocatedMinutes: 4_760 },
      { maxVisits: 0, capMinutes: 0 },
    ],
    ['2026-04-10', { grantedMinutes: 5_760, usedMinutes: 120, remainingMinutes: 5_640 }, { maxVisits: 0 }],
    ['2026-05-20', { grantedMinutes: 5_760, usedMinutes: 120 }, { maxVisits: 0 }],
    ['2026-09-30', { grantedMinutes: 5_760, usedMinutes: 210 }, { maxVisits: 0 }],
    [
      '2026-10-01',
      { grantedMinutes: 8_633, usedMinutes: 210, unallocatedMinutes: 7_633 },
      { capMinutes: 2_158, maxVisits: 2 },
    ],
    ['2027-03-31', { grantedMinutes: 8_633, usedMinutes: 210, remainingMinutes: 8_423 }, { capMinutes: 2_158 }],
  ])('of %s counts the ledger up to that day', async (on, totals, onsite) => {
    expect(await balanceOf(contract, `?on=${on}`)).toMatchObject({ asOf: on, ...totals, onsite });
  });

  test('is the balance of today if the request names no day', async () => {
    expect(await balanceOf(contract)).toEqual(await balanceOf(contract, '?on=2026-10-01'));
    expect((await contract.csm.get(pathOf(contract))).body.balance).toEqual(await balanceOf(contract));
  });

  test.each(['2026-03-31', '2027-04-01'])('is refused for %s, outside every term', async (on) => {
    const { status, body } = await contract.csm.get(pathOf(contract, `/balance?on=${on}`));
    expect([status, body.code]).toEqual([422, 'term-not-found']);
  });

  test('contains a forecast from the use of the last 90 days', async () => {
    const basis = { days: 90, minutes: 90 };
    expect((await balanceOf(contract)).forecast).toEqual({ exhaustedOn: null, expiringMinutes: 8_423 - 181, basis });
    expect((await balanceOf(contract, '?on=2026-04-10')).forecast).toMatchObject({
      exhaustedOn: null,
      basis: { days: 10 },
    });
  });

  test('is never below 0 before an upgrade: minutes that the upgrade grants later are shown as drawn ahead', async () => {
    const drawn = await soldContract(service, { package: 'basic', startsOn: '2026-04-01' });
    const days = ['2026-09-25', '2026-09-26', '2026-09-27', '2026-09-28'];
    await log(
      drawn,
      days.map((day) => [day, 1_440]),
    );
    await drawn.csm.post(pathOf(drawn, '/upgrade'), { package: 'premier', effectiveOn: '2026-10-01' });
    const late = {
      consultantId: drawn.consultantIds[0],
      productLineId: drawn.productLineIds[0],
      workDate: '2026-09-29',
      minutes: 240,
      activity: 'health-check',
      delivery: 'remote',
      summary: 'Check',
    };
    expect((await drawn.csm.post(pathOf(drawn, '/time-entries'), late)).status).toBe(201);
    expect(await balanceOf(drawn, '?on=2026-09-30')).toMatchObject({
      grantedMinutes: 5_760,
      usedMinutes: 6_000,
      remainingMinutes: 0,
      drawnAheadMinutes: 240,
      unallocatedMinutes: 0,
      forecast: { exhaustedOn: '2026-09-30', expiringMinutes: 0 },
    });
    expect(await balanceOf(drawn, '?on=2026-09-28')).toMatchObject({ remainingMinutes: 0, drawnAheadMinutes: 0 });
    expect(await balanceOf(drawn, '?on=2026-10-01')).toMatchObject({ remainingMinutes: 2_633, drawnAheadMinutes: 0 });
  });

  test('comes with a burn-down by service month', async () => {
    const { status, body } = await contract.csm.get(pathOf(contract, '/burn-down'));
    expect(status).toBe(200);
    expect(body.months).toHaveLength(12);
    expect(body.months.slice(0, 2)).toEqual([
      {
        month: 0,
        startsOn: '2026-04-01',
        endsOn: '2026-04-30',
        plannedMinutes: 480,
        usedMinutes: 120,
        cumulativePlannedMinutes: 480,
        cumulativeUsedMinutes: 120,
      },
      expect.objectContaining({ month: 1, usedMinutes: 0, cumulativePlannedMinutes: 960, cumulativeUsedMinutes: 120 }),
    ]);
    expect(body.months[11]).toMatchObject({ cumulativePlannedMinutes: 8_633, cumulativeUsedMinutes: 210 });
    expect((await contract.csm.get(pathOf(contract, `/burn-down?termId=${missingId}`))).status).toBe(404);
  });

  test('comes from a ledger that is listed oldest first, in pages', async () => {
    const path = pathOf(contract, '/ledger');
    const { body } = await contract.csm.get(path);
    expect(
      body.data.map(({ kind, minutes, effectiveOn, balanceAfterMinutes }: Json) =>
        [kind, minutes, effectiveOn, balanceAfterMinutes].join(' '),
      ),
    ).toEqual([
      'grant 5760 2026-04-01 5760',
      'use -120 2026-04-10 5640',
      'use -60 2026-05-20 5580',
      'use -90 2026-09-30 5490',
      'reversal 60 2026-05-20 5550',
      'upgrade 2873 2026-10-01 8423',
    ]);
    expect(body.data[0]).not.toHaveProperty('timeEntryId');
    expect(body.data[1]).toMatchObject({ id: anId, timeEntryId: anId, onsiteMinutes: 0 });
    const first = await contract.csm.get(`${path}?limit=4`);
    const second = await contract.csm.get(`${path}?limit=4&cursor=${first.body.nextCursor}`);
    expect([...first.body.data, ...second.body.data]).toEqual(body.data);
    expect((await contract.csm.get(`${path}?termId=${missingId}`)).status).toBe(404);
    expect((await contract.csm.get(`${path}?cursor=nonsense`)).status).toBe(400);
  });
});

describe('verifying a subscription', () => {
  test('finds no difference, and after changes by SQL it finds each changed amount', async () => {
    const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
    await log(contract, [['2026-09-30', 90]]);
    const verify = async () => {
      const { status, body } = await contract.csm.post(pathOf(contract, '/verify'));
      expect(status).toBe(200);
      return body;
    };
    expect(await verify()).toEqual({ consistent: true, differences: [] });

    const { termId } = await balanceOf(contract);
    const pair = `pairs/${contract.consultantIds[0]}/${contract.productLineIds[0]}`;
    await service.database.write(async (tx) => {
      await tx.query(`update balances set used_minutes = 91, visits_used = 1, max_seats = 5 where term_id = $1`, [
        termId,
      ]);
      await tx.query(`update pair_balances set worked_minutes = 80 where term_id = $1`, [termId]);
      await tx.query(`update term_days set granted_minutes = 1 where term_id = $1 and used_minutes = 0`, [termId]);
    });
    expect(await verify()).toEqual({
      consistent: false,
      differences: [
        { termId, field: 'usedMinutes', stored: 91, rebuilt: 90 },
        { termId, field: 'timeEntryMinutes', stored: 91, rebuilt: 90 },
        { termId, field: 'visitsUsed', stored: 1, rebuilt: 0 },
        { termId, field: 'maxSeats', stored: 5, rebuilt: 2 },
        { termId, field: `${pair}/workedMinutes`, stored: 80, rebuilt: 90 },
        { termId, field: 'days/2026-04-01/grantedMinutes', stored: 1, rebuilt: 11_520 },
      ],
    });
  });
});

describe('product lines', () => {
  const change = async (contract: SoldContract, effectiveOn: string, productLineIds: (string | undefined)[]) =>
    contract.csm.put(pathOf(contract, '/product-lines'), { effectiveOn, productLineIds }, await etagOf(contract.id));

  test('join and leave from a given day on; the days before it stay as they were', async () => {
    const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
    const [first, second] = contract.productLineIds;
    const [third] = await productLines(1);
    const swapped = await change(contract, '2026-11-01', [third, first]);
    expect([swapped.status, swapped.headers.get('etag')]).toEqual([200, '"2"']);
    expect(swapped.body.productLines).toEqual([
      { productLineId: third, fromOn: '2026-11-01', untilOn: null },
      { productLineId: first, fromOn: '2026-04-01', untilOn: null },
      { productLineId: second, fromOn: '2026-04-01', untilOn: '2026-11-01' },
    ]);
    const stays = await change(contract, '2026-10-15', [first, second]);
    expect(stays.body.productLines).toEqual([
      { productLineId: first, fromOn: '2026-04-01', untilOn: null },
      { productLineId: second, fromOn: '2026-04-01', untilOn: null },
    ]);
  });

  test('never exceed the number of the package in force on any day', async () => {
    const tooMany = soldContract(service, { package: 'basic', startsOn: '2026-04-01', productLines: 2 });
    await expect(tooMany).rejects.toThrow('too-many-product-lines');
    const basic = await soldContract(service, { package: 'basic', startsOn: '2026-04-01', productLines: 1 });
    const [other] = await productLines(1);
    expect((await basic.csm.post(pathOf(basic, '/upgrade'), { package: 'premier' })).status).toBe(200);
    const early = await change(basic, '2026-09-30', [...basic.productLineIds, other]);
    expect([early.status, early.body.violations]).toMatchObject([422, [{ code: 'too-many-product-lines', limit: 1 }]]);
    expect((await change(basic, '2026-10-01', [...basic.productLineIds, other])).status).toBe(200);
  });

  test('cannot leave with allocated minutes left, or before a day on which they were worked on', async () => {
    const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
    await log(contract, [['2026-09-20', 90]]);
    const inUse = await change(contract, '2026-10-02', []);
    expect([inUse.status, inUse.body.violations]).toMatchObject([
      422,
      [{ code: 'product-line-in-use', productLineId: contract.productLineIds[0], remainingMinutes: 910 }],
    ]);
    const path = pathOf(contract, '/allocations');
    const { headers } = await contract.csm.get(path);
    await contract.csm.put(path, { allocations: [] }, { 'if-match': headers.get('etag')! });
    const worked = await change(contract, '2026-09-20', []);
    expect([worked.status, worked.body.violations]).toMatchObject([
      422,
      [{ code: 'effective-on-out-of-range', earliest: '2026-09-21', latest: '2027-03-31' }],
    ]);
    expect((await change(contract, '2026-09-21', [])).status).toBe(200);
  });

  test('that joined later, with work or minutes, cannot be removed by a change from an earlier day', async () => {
    const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01', productLines: 1 });
    const [first] = contract.productLineIds;
    const [second, third] = await productLines(2);
    expect((await change(contract, '2026-06-01', [first, second])).status).toBe(200);
    const path = pathOf(contract, '/allocations');
    const allocate = async (allocations: object[]) => {
      const { headers } = await contract.csm.get(path);
      return contract.csm.put(path, { allocations }, { 'if-match': headers.get('etag')! });
    };
    const pair = { consultantId: contract.consultantIds[0], productLineId: second };
    expect((await allocate([{ ...pair, minutes: 1_000 }])).status).toBe(200);
    const entry = {
      ...pair,
      workDate: '2026-06-20',
      minutes: 60,
      activity: 'upgrade',
      delivery: 'remote',
      summary: 'S',
    };
    expect((await contract.csm.post(pathOf(contract, '/time-entries'), entry)).status).toBe(201);

    for (const wanted of [[first], [first, third], []]) {
      const refused = await change(contract, '2026-05-01', wanted);
      expect([refused.status, refused.body.violations]).toMatchObject([
        422,
        [
          { code: 'effective-on-out-of-range', earliest: '2026-06-21' },
          { code: 'product-line-in-use', productLineId: second, remainingMinutes: 940 },
        ],
      ]);
    }
    // Without allocated minutes, only its work keeps the product line.
    expect((await allocate([])).status).toBe(200);
    expect((await change(contract, '2026-06-20', [first, third])).body.code).toBe('effective-on-out-of-range');
    const swapped = await change(contract, '2026-06-21', [first, third]);
    expect(swapped.body.productLines).toEqual([
      { productLineId: first, fromOn: '2026-04-01', untilOn: null },
      { productLineId: second, fromOn: '2026-06-01', untilOn: '2026-06-21' },
      { productLineId: third, fromOn: '2026-06-21', untilOn: null },
    ]);
  });

  test('that a change names again keep their first day, and lose a planned last day', async () => {
    const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
    const [first, second] = contract.productLineIds;
    const same = await change(contract, '2026-04-01', [first, second]);
    expect(same.body.productLines).toEqual([
      { productLineId: first, fromOn: '2026-04-01', untilOn: null },
      { productLineId: second, fromOn: '2026-04-01', untilOn: null },
    ]);
    await change(contract, '2026-06-01', [first]);
    const back = await change(contract, '2026-06-01', [second, first]);
    expect(back.body.productLines).toEqual([
      { productLineId: second, fromOn: '2026-04-01', untilOn: null },
      { productLineId: first, fromOn: '2026-04-01', untilOn: null },
    ]);
  });

  test('that will leave get no further allocated minutes', async () => {
    const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
    const [first, second] = contract.productLineIds;
    expect((await change(contract, '2026-12-01', [second])).status).toBe(200);
    const path = pathOf(contract, '/allocations');
    const allocate = (minutes: number) => {
      const allocations = [{ consultantId: contract.consultantIds[0], productLineId: first, minutes }];
      return contract.csm.put(path, { allocations }, { 'if-match': '"0"' });
    };
    const refused = await allocate(1_000);
    expect([refused.status, refused.body.violations]).toMatchObject([
      422,
      [{ code: 'product-line-leaving', productLineId: first, untilOn: '2026-12-01', remainingMinutes: 1_000 }],
    ]);
    expect((await allocate(0)).status).toBe(200);
  });

  test.each([
    [
      'to end an enrolment before work that was logged under it',
      'enrolments_keep_work',
      `update enrolments set until_on = '2026-09-20' where subscription_id = $1 and product_line_id = $2`,
    ],
    [
      'to delete such an enrolment',
      'enrolments_keep_work',
      `delete from enrolments where subscription_id = $1 and product_line_id = $2`,
    ],
    [
      'to add a third product line to a package of two',
      'enrolments_within_package',
      `insert into enrolments (id, subscription_id, product_line_id, position, from_on)
       select gen_random_uuid(), $1, id, 9, date '2026-05-01' from product_lines where $2::uuid is not null and not exists
         (select from enrolments e where e.subscription_id = $1 and e.product_line_id = product_lines.id) limit 1`,
    ],
  ])('are guarded by the database, which refuses %s', async (_, constraint, sql) => {
    const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
    await log(contract, [['2026-09-20', 90]]);
    const values = [contract.id, contract.productLineIds[0]];
    await expect(service.database.write((tx) => tx.query(sql, values))).rejects.toMatchObject({ constraint });
  });

  test.each(['2026-03-31', '2027-04-01'])('cannot change from a day outside the current term: %s', async (day) => {
    const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
    const { status, body } = await change(contract, day, contract.productLineIds);
    expect([status, body.code]).toEqual([422, 'effective-on-out-of-range']);
  });

  test('that do not exist are named in the refusal', async () => {
    const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
    const { status, body } = await change(contract, '2026-10-01', [missingId]);
    expect([status, body.violations]).toMatchObject([
      422,
      [{ code: 'reference-unknown', pointer: '/productLineIds/0' }],
    ]);
  });
});

describe('an upgrade', () => {
  const upgrade = (contract: SoldContract, body: object, query = '') =>
    contract.csm.post(pathOf(contract, `/upgrade${query}`), body);

  test('grants minutes for the rest of the term; its dry run returns the same and writes nothing', async () => {
    const contract = await soldContract(service, { package: 'basic', startsOn: '2026-04-01', productLines: 1 });
    const before = (await contract.csm.get(pathOf(contract))).body;
    const dryRun = await upgrade(contract, { package: 'premier' }, '?dryRun=true');
    expect(dryRun.status).toBe(200);
    expect(dryRun.body).toMatchObject({
      term: { id: before.currentTerm.id, package: 'premier', startsOn: '2026-04-01', endsOn: '2027-03-31' },
      balance: {
        grantedMinutes: 8_633,
        remainingMinutes: 8_633,
        onsite: { capMinutes: 2_158, maxVisits: 2 },
        seats: { max: 2 },
      },
      change: { from: 'basic', to: 'premier', grantedBeforeMinutes: 5_760, grantedAfterMinutes: 8_633 },
    });
    expect((await contract.csm.get(pathOf(contract))).body).toEqual(before);

    const done = await upgrade(contract, { package: 'premier' });
    expect([done.status, done.body]).toEqual([200, dryRun.body]);
    expect((await contract.csm.get(pathOf(contract))).body).toMatchObject({ package: 'premier', version: 2 });
    expect((await contract.csm.post(pathOf(contract, '/verify'))).body.consistent).toBe(true);
  });

  test('from the first day of the term grants the whole new package', async () => {
    const contract = await soldContract(service, { package: 'basic', startsOn: '2026-04-01', productLines: 1 });
    const { body } = await upgrade(contract, { package: 'premier', effectiveOn: '2026-04-01' });
    expect(body.change.grantedAfterMinutes).toBe(11_520);
  });

  test.each([
    [{ package: 'basic' }, 'not-an-upgrade'],
    [{ package: 'premier' }, 'not-an-upgrade'],
    [{ package: 'dedicated', effectiveOn: '2026-10-02' }, 'upgrade-in-future'],
    [{ package: 'dedicated', effectiveOn: '2026-08-31' }, 'effective-on-out-of-range'],
  ])('to %j after an upgrade to Premier on 2026-09-01 is refused with %s', async (wanted, code) => {
    const contract = await soldContract(service, { package: 'basic', startsOn: '2026-04-01', productLines: 1 });
    await upgrade(contract, { package: 'premier', effectiveOn: '2026-09-01' });
    for (const query of ['', '?dryRun=true']) {
      const refused = await upgrade(contract, wanted, query);
      expect([refused.status, refused.body.code]).toEqual([422, code]);
    }
  });

  test.each([
    ['premier', null],
    ['enterprise', null],
    ['dedicated', 'dedicated'],
  ])('to Enterprise drops a next package that is no higher: %s becomes %j', async (next, left) => {
    const contract = await soldContract(service, { package: 'basic', startsOn: '2026-04-01', productLines: 1 });
    const path = pathOf(contract, '/next-package');
    expect((await contract.csm.put(path, { package: next }, { 'if-match': '"1"' })).status).toBe(200);
    const droppedNextPackage = left === null ? next : null;
    const dryRun = await upgrade(contract, { package: 'enterprise' }, '?dryRun=true');
    expect(dryRun.body.change).toMatchObject({ droppedNextPackage });
    expect((await contract.csm.get(pathOf(contract))).body.nextPackage).toBe(next);
    expect((await upgrade(contract, { package: 'enterprise' })).body).toEqual(dryRun.body);
    expect((await contract.csm.get(pathOf(contract))).body).toMatchObject({ nextPackage: left, version: 3 });
  });

  test('requested five times at once happens once', async () => {
    const contract = await soldContract(service, { package: 'basic', startsOn: '2026-04-01', productLines: 1 });
    const answers = await Promise.all(Array.from({ length: 5 }, () => upgrade(contract, { package: 'premier' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422, 422, 422, 422]);
    expect((await balanceOf(contract)).grantedMinutes).toBe(8_633);
  });
});

describe('the next package', () => {
  test('is set, changed and deleted with the current version', async () => {
    const contract = await soldContract(service, { package: 'premier' });
    const path = pathOf(contract, '/next-package');
    expect((await contract.csm.put(path, { package: 'basic' })).status).toBe(428);
    const set = await contract.csm.put(path, { package: 'basic' }, { 'if-match': '"1"' });
    expect([set.status, set.body.nextPackage, set.headers.get('etag')]).toEqual([200, 'basic', '"2"']);
    expect((await contract.csm.put(path, { package: 'enterprise' }, { 'if-match': '"1"' })).status).toBe(412);
    expect((await contract.csm.put(path, { package: 'enterprise' }, { 'if-match': '"2"' })).status).toBe(200);
    const deleted = await contract.csm.delete(path, { 'if-match': '"3"' });
    expect([deleted.status, deleted.body.nextPackage]).toEqual([200, null]);
    const again = await contract.csm.delete(path, { 'if-match': '"4"' });
    expect([again.status, again.body.code]).toEqual([404, 'no-next-package']);
    expect((await contract.csm.put(path, { package: 'gold' }, { 'if-match': '"4"' })).status).toBe(400);
  });
});

test('when a customer moves to another time zone, the future instants of its terms move too', async () => {
  const contract = await soldContract(service, { package: 'basic', startsOn: '2026-10-02', productLines: 1 });
  const instants = async () => {
    const [row] = await service.database.read((tx) =>
      tx.query<{ startsAt: Date; endsAt: Date; lockAt: Date; nextReminderAt: Date }>(
        `select starts_at as "startsAt", ends_at as "endsAt", lock_at as "lockAt", next_reminder_at as "nextReminderAt"
         from terms where subscription_id = $1`,
        [contract.id],
      ),
    );
    return Object.values(row!).map((instant) => instant.toISOString());
  };
  expect(await instants()).toEqual([
    '2026-10-01T15:00:00.000Z',
    '2027-10-01T15:00:00.000Z',
    '2027-08-02T15:00:00.000Z',
    '2027-07-03T00:00:00.000Z',
  ]);
  const customer = `/v1/customers/${contract.customerId}`;
  const moved = await contract.csm.patch(customer, { timeZone: 'Europe/Berlin' }, { 'if-match': '"1"' });
  expect(moved.status).toBe(200);
  expect(await instants()).toEqual([
    '2026-10-01T22:00:00.000Z',
    '2027-10-01T22:00:00.000Z',
    '2027-08-02T22:00:00.000Z',
    '2027-07-03T07:00:00.000Z',
  ]);
});
