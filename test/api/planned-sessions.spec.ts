import { api, type Answer, type Api } from '../support/client.js';
import { soldContract, type SoldContract } from '../support/contract.js';
import { person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let contract: SoldContract;

beforeAll(async () => {
  service = await startService({ clock: '2026-04-10T03:00:00Z' });
  contract = await assigned(await soldContract(service, { package: 'premier', startsOn: '2026-04-01' }));
  await inJapan(contract);
});
afterAll(() => service.stop());

/** Assigns the first consultant on the first product line. */
async function assigned(sold: SoldContract): Promise<SoldContract> {
  const [consultantId, productLineId] = [sold.consultantIds[0], sold.productLineIds[0]];
  const allocations = [{ consultantId, productLineId, minutes: 0 }];
  const set = await sold.csm.put(`/v1/subscriptions/${sold.id}/allocations`, { allocations }, { 'if-match': '"0"' });
  expect(set.status).toBe(200);
  return sold;
}

async function inJapan({ csm, customerId }: SoldContract): Promise<void> {
  const { headers } = await csm.get(`/v1/customers/${customerId}`);
  const change = await csm.patch(
    `/v1/customers/${customerId}`,
    { country: 'JP' },
    { 'if-match': headers.get('etag')! },
  );
  expect(change.status).toBe(200);
}

const work = (plannedOn: string, change: object = {}, sold = contract) => ({
  plannedOn,
  minutes: 90,
  consultantId: sold.consultantIds[0],
  productLineId: sold.productLineIds[0],
  activity: 'health-check',
  delivery: 'remote',
  summary: 'Health check',
  ...change,
});

const plan = (body: object, sold = contract, by: Api = sold.csm, query = ''): Promise<Answer> =>
  by.post(`/v1/subscriptions/${sold.id}/planned-sessions${query}`, body);

async function planned(body: object, sold = contract): Promise<Answer['body']> {
  const answer = await plan(body, sold);
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  return answer.body;
}

const days = ({ body }: Answer): string[] => body.data.map(({ plannedOn }: { plannedOn: string }) => plannedOn);

describe('planning a session', () => {
  test('answers the session with its term, and an ETag', async () => {
    const answer = await plan(work('2026-05-12'));
    expect(answer.status).toBe(201);
    expect(answer.headers.get('etag')).toBe('"1"');
    const { sessions, skipped, ...session } = answer.body;
    expect(session).toEqual({
      id: expect.any(String),
      subscriptionId: contract.id,
      termId: expect.any(String),
      seriesId: null,
      ...work('2026-05-12'),
      status: 'open',
      fulfilledByEntryId: null,
      cancelledAt: null,
      createdAt: '2026-04-10T03:00:00.000Z',
      changedAt: null,
      version: 1,
    });
    expect({ sessions, skipped }).toEqual({ sessions: [session], skipped: [] });
    expect((await contract.csm.get(`/v1/planned-sessions/${session.id}`)).body).toEqual(session);
  });

  test('a series repeats on its weekday up to the end of the term, without public holidays', async () => {
    const other = await assigned(await soldContract(service, { package: 'premier', startsOn: '2026-04-01' }));
    await inJapan(other);
    const { sessions, skipped, seriesId } = await planned(
      work('2026-04-21', { series: { everyWeeks: 2, until: '2026-06-30' } }, other),
      other,
    );
    expect(sessions.map(({ plannedOn }: { plannedOn: string }) => plannedOn)).toEqual([
      '2026-04-21',
      '2026-05-19',
      '2026-06-02',
      '2026-06-16',
      '2026-06-30',
    ]);
    expect(skipped).toEqual([{ day: '2026-05-05', holiday: "Children's Day" }]);
    expect(new Set(sessions.map((session: { seriesId: string }) => session.seriesId))).toEqual(new Set([seriesId]));
    const wholeTerm = await planned(work('2026-04-22', { series: { everyWeeks: 4 } }, other), other);
    expect(wholeTerm.sessions.at(-1)).toMatchObject({ plannedOn: '2027-03-24' });
  });

  test('the names of holidays follow Accept-Language', async () => {
    const path = `/v1/subscriptions/${contract.id}/planned-sessions?dryRun=true`;
    const body = work('2026-05-05', { series: { everyWeeks: 1, until: '2026-05-12' } });
    const answer = await contract.csm.post(path, body, { 'accept-language': 'ja' });
    expect(answer).toMatchObject({ status: 200, body: { skipped: [{ day: '2026-05-05', holiday: 'こどもの日' }] } });
  });

  test('uses no minutes and limits nothing', async () => {
    const other = await assigned(
      await soldContract(service, { package: 'basic', startsOn: '2026-04-01', consultants: 1 }),
    );
    const balance = async () => (await other.csm.get(`/v1/subscriptions/${other.id}/balance`)).body;
    const before = await balance();
    const series = { everyWeeks: 1 };
    const { sessions } = await planned(work('2026-04-10', { minutes: 1_440, series }, other), other);
    expect(sessions.length * 1_440).toBeGreaterThan(before.grantedMinutes);
    const { remainingMinutes, unallocatedMinutes } = await balance();
    expect({ remainingMinutes, unallocatedMinutes }).toEqual({ remainingMinutes: 5_760, unallocatedMinutes: 5_760 });
  });

  test('a preview stores nothing', async () => {
    const list = async () => (await contract.csm.get(`/v1/subscriptions/${contract.id}/planned-sessions`)).body;
    const before = await list();
    const answer = await plan(
      work('2026-06-01', { series: { everyWeeks: 1 } }),
      contract,
      contract.csm,
      '?dryRun=true',
    );
    expect(answer.status).toBe(200);
    expect(answer.body.sessions.length).toBeGreaterThan(30);
    expect(await list()).toEqual(before);
  });

  test('the same request with one key plans once', async () => {
    const path = `/v1/subscriptions/${contract.id}/planned-sessions`;
    const send = () => contract.csm.post(path, work('2026-07-01'), { 'idempotency-key': 'plan-july' });
    const [first, second] = [await send(), await send()];
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
  });

  // prettier-ignore
  test.each<[string, string, object, number, string]>([
    ['on a day that has passed',           '2026-04-09', {},                                          422, 'planned-in-past'],
    ['after the term',                     '2027-04-01', {},                                          422, 'term-not-found'],
    ['before the term',                    '2026-03-31', {},                                          422, 'term-not-found'],
    ['of 0 minutes',                       '2026-05-12', { minutes: 0 },                              400, 'malformed-body'],
    ['of more than a day',                 '2026-05-12', { minutes: 1_441 },                          400, 'malformed-body'],
    ['every 0 weeks',                      '2026-05-12', { series: { everyWeeks: 0 } },               400, 'malformed-body'],
    ['up to a day before it begins',       '2026-05-12', { series: { everyWeeks: 1, until: '2026-05-11' } }, 422, 'dates-out-of-order'],
    ['up to a day after the term',         '2026-05-12', { series: { everyWeeks: 1, until: '2027-04-01' } }, 422, 'series-outside-term'],
    ['from a day after the term',          '2027-04-01', { series: { everyWeeks: 1 } },               422, 'term-not-found'],
    ['on holidays alone',                  '2026-05-05', { series: { everyWeeks: 1, until: '2026-05-06' } }, 422, 'series-without-days'],
  ])('is refused %s', async (_, day, change, status, code) => {
    expect(await plan(work(day, change))).toMatchObject({ status, body: { code } });
  });

  test('is refused for a consultant without an allocation, by name', async () => {
    const answer = await plan(work('2026-05-12', { consultantId: contract.consultantIds[1] }));
    expect(answer).toMatchObject({ status: 422, body: { code: 'consultant-not-assigned' } });
    expect(answer.body.detail).toContain('Consultant 1');
  });

  test('is refused on a line that leaves before the day, and so is the whole series', async () => {
    const other = await assigned(await soldContract(service, { package: 'premier', startsOn: '2026-04-01' }));
    const { headers } = await other.csm.get(`/v1/subscriptions/${other.id}`);
    const change = { effectiveOn: '2026-07-01', productLineIds: [other.productLineIds[1]] };
    const path = `/v1/subscriptions/${other.id}/product-lines`;
    expect(await other.csm.put(path, change, { 'if-match': headers.get('etag')! })).toMatchObject({ status: 200 });
    await planned(work('2026-06-30', {}, other), other);
    for (const body of [work('2026-07-01', {}, other), work('2026-06-24', { series: { everyWeeks: 1 } }, other)]) {
      expect(await plan(body, other)).toMatchObject({ status: 422, body: { code: 'product-line-not-enrolled' } });
    }
    const { body } = await other.csm.get(`/v1/subscriptions/${other.id}/planned-sessions`);
    expect(body.data).toHaveLength(1);
  });

  test('is refused onsite under Basic', async () => {
    const basic = await assigned(
      await soldContract(service, { package: 'basic', startsOn: '2026-04-01', consultants: 1 }),
    );
    const answer = await plan(work('2026-05-12', { delivery: 'onsite' }, basic), basic);
    expect(answer).toMatchObject({ status: 422, body: { code: 'onsite-not-included' } });
  });

  test('an upcoming term takes sessions too', async () => {
    const upcoming = await assigned(await soldContract(service, { package: 'premier', startsOn: '2026-10-01' }));
    expect((await planned(work('2026-10-01', {}, upcoming), upcoming)).plannedOn).toBe('2026-10-01');
    expect(await plan(work('2026-09-30', {}, upcoming), upcoming)).toMatchObject({ body: { code: 'term-not-found' } });
  });

  test('a subscription has at most 500 open sessions', async () => {
    const other = await assigned(await soldContract(service, { package: 'premier', startsOn: '2026-04-01' }));
    const series = work('2026-04-10', { series: { everyWeeks: 1 } }, other);
    for (let open = 51; open <= 459; open += 51) await planned(series, other);
    expect(await plan(series, other)).toMatchObject({ status: 422, body: { code: 'too-many-planned-sessions' } });
  });
});

describe('changing a session', () => {
  test('moves it, with If-Match', async () => {
    const { id } = await planned(work('2026-08-03'));
    const path = `/v1/planned-sessions/${id}`;
    const change = { plannedOn: '2026-08-05', minutes: 120 };
    expect((await contract.csm.patch(path, change)).status).toBe(428);
    expect((await contract.csm.patch(path, change, { 'if-match': '"7"' })).status).toBe(412);
    const moved = await contract.csm.patch(path, change, { 'if-match': '"1"' });
    expect(moved).toMatchObject({
      status: 200,
      body: { ...change, version: 2, changedAt: '2026-04-10T03:00:00.000Z' },
    });
    const same = await contract.csm.patch(path, change, { 'if-match': '"2"' });
    expect(same.body).toEqual(moved.body);
    expect((await contract.csm.get(path)).body).toEqual(moved.body);
    const toPast = await contract.csm.patch(path, { plannedOn: '2026-04-09' }, { 'if-match': '"2"' });
    expect(toPast).toMatchObject({ status: 422, body: { code: 'planned-in-past' } });
  });

  test('cancels one, or also the later ones of its series', async () => {
    const other = await assigned(await soldContract(service, { package: 'premier', startsOn: '2026-04-01' }));
    const series = { everyWeeks: 1, until: '2026-05-27' };
    const { sessions } = await planned(work('2026-04-29', { series }, other), other);
    const single = await planned(work('2026-06-03', {}, other), other);
    const open = async () => days(await other.csm.get(`/v1/subscriptions/${other.id}/planned-sessions?status=open`));
    expect(await open()).toEqual(['2026-04-29', '2026-05-06', '2026-05-13', '2026-05-20', '2026-05-27', '2026-06-03']);

    const cancel = (at: number, query = '') =>
      other.csm.delete(`/v1/planned-sessions/${sessions[at].id}${query}`, { 'if-match': '"1"' });
    expect((await cancel(1)).status).toBe(204);
    expect(await open()).toEqual(['2026-04-29', '2026-05-13', '2026-05-20', '2026-05-27', '2026-06-03']);
    expect((await cancel(2, '?series=following')).status).toBe(204);
    expect(await open()).toEqual(['2026-04-29', '2026-06-03']);
    expect(await cancel(3)).toMatchObject({ status: 409, body: { code: 'planned-session-cancelled' } });
    const read = await other.csm.get(`/v1/planned-sessions/${sessions[3].id}`);
    expect(read.body).toMatchObject({ status: 'cancelled', cancelledAt: '2026-04-10T03:00:00.000Z', version: 2 });
    const change = await other.csm.patch(
      `/v1/planned-sessions/${sessions[3].id}`,
      { minutes: 5 },
      { 'if-match': '"2"' },
    );
    expect(change).toMatchObject({ status: 409, body: { code: 'planned-session-cancelled' } });
    const alone = `/v1/planned-sessions/${single.id}?series=following`;
    expect((await other.csm.delete(alone, { 'if-match': '"1"' })).status).toBe(204);
  });
});

describe('the lists', () => {
  test('show what the reader may see, by day, with filters and pages', async () => {
    const mine = await assigned(await soldContract(service, { package: 'premier', startsOn: '2026-04-01' }));
    const others = await assigned(await soldContract(service, { package: 'premier', startsOn: '2026-04-01' }));
    for (const day of ['2027-03-31', '2027-03-27', '2027-03-29']) await planned(work(day, {}, mine), mine);
    await planned(work('2027-03-28', {}, others), others);
    const range = '/v1/planned-sessions?from=2027-03-27&to=2027-03-31';

    expect(days(await mine.csm.get(range))).toEqual(['2027-03-27', '2027-03-29', '2027-03-31']);
    expect(days(await mine.customer.get(range))).toEqual(['2027-03-27', '2027-03-29', '2027-03-31']);
    const finance = await person(service, 'finance');
    for (const reader of [finance, api(service.baseUrl, service.adminToken)]) {
      expect(days(await reader.get(range))).toEqual(['2027-03-27', '2027-03-28', '2027-03-29', '2027-03-31']);
    }
    const first = await mine.csm.get(`${range}&limit=2`);
    expect(days(first)).toEqual(['2027-03-27', '2027-03-29']);
    expect(days(await mine.csm.get(`${range}&limit=2&cursor=${first.body.nextCursor}`))).toEqual(['2027-03-31']);
    expect(days(await mine.csm.get(`${range}&consultantId=${mine.consultantIds[1]}`))).toEqual([]);
    expect(days(await finance.get(`${range}&consultantId=${others.consultantIds[0]}`))).toEqual(['2027-03-28']);
    expect(days(await mine.csm.get(`${range}&status=cancelled`))).toEqual([]);
    const ofMine = `/v1/subscriptions/${mine.id}/planned-sessions?from=2027-03-29`;
    expect(days(await mine.csm.get(ofMine))).toEqual(['2027-03-29', '2027-03-31']);
  });

  test('a customer reads but does not plan, and nobody sees what belongs to others', async () => {
    const other = await assigned(await soldContract(service, { package: 'premier', startsOn: '2026-04-01' }));
    const { id } = await planned(work('2026-05-12', {}, other), other);
    const finance = await person(service, 'finance');
    for (const reader of [other.customer, finance]) {
      expect((await reader.get(`/v1/planned-sessions/${id}`)).status).toBe(200);
      expect((await plan(work('2026-05-12', {}, other), other, reader)).status).toBe(403);
      expect((await reader.delete(`/v1/planned-sessions/${id}`, { 'if-match': '"1"' })).status).toBe(403);
    }
    for (const stranger of [contract.csm, contract.customer]) {
      expect((await stranger.get(`/v1/planned-sessions/${id}`)).status).toBe(404);
      expect((await stranger.get(`/v1/subscriptions/${other.id}/planned-sessions`)).status).toBe(404);
    }
    expect((await plan(work('2026-05-12', {}, other), other, contract.csm)).status).toBe(404);
    expect((await contract.csm.delete(`/v1/planned-sessions/${id}`, { 'if-match': '"1"' })).status).toBe(404);
  });
});

describe('the forecast', () => {
  test('has a second line: used and planned', async () => {
    const other = await assigned(
      await soldContract(service, { package: 'basic', startsOn: '2026-04-01', consultants: 1 }),
    );
    const path = `/v1/subscriptions/${other.id}`;
    const forecast = async (on = '') => (await other.csm.get(`${path}/balance${on}`)).body.forecast;
    expect((await forecast()).planned).toBeUndefined();
    await planned(work('2026-05-12', { minutes: 1_000 }, other), other);
    const last = await planned(work('2027-03-31', { minutes: 1_000 }, other), other);
    expect((await forecast()).planned).toEqual({ plannedMinutes: 2_000, expiringMinutes: 3_760, exhaustedOn: null });
    expect((await forecast('?on=2026-04-09')).planned).toBeUndefined();
    const plannedSessionId = last.id;
    const { plannedOn: _plannedOn, ...done } = work('', { minutes: 760 }, other);
    await other.csm.post(`${path}/time-entries`, { ...done, workDate: '2026-04-10', plannedSessionId });
    expect((await forecast()).planned).toEqual({ plannedMinutes: 1_000, expiringMinutes: 4_000, exhaustedOn: null });
  });
});

describe('a proposal', () => {
  const propose = (sold: SoldContract, body: object = {}, query = '') =>
    sold.csm.post(`/v1/subscriptions/${sold.id}/planned-sessions/proposal${query}`, body);
  const sum = (sessions: { minutes: number }[]): number => sessions.reduce((total, { minutes }) => total + minutes, 0);

  test('plans exactly the minutes that would expire, so that a second one is empty', async () => {
    const other = await assigned(await soldContract(service, { package: 'premier', startsOn: '2026-04-01' }));
    await inJapan(other);
    await planned(work('2026-05-12', { minutes: 137 }, other), other);
    const preview = await propose(other, {}, '?dryRun=true');
    expect(preview).toMatchObject({ status: 200, body: { expiringMinutes: 11_520 - 137 } });
    const { status, body } = await propose(other);
    expect(status).toBe(201);
    expect(body.expiringMinutes).toBe(preview.body.expiringMinutes);
    const figures = (answer: Answer) =>
      answer.body.sessions.map(({ plannedOn, minutes }: { plannedOn: string; minutes: number }) => [
        plannedOn,
        minutes,
      ]);
    expect(figures({ ...preview, body })).toEqual(figures(preview));
    expect(sum(body.sessions)).toBe(11_520 - 137);
    expect(body.sessions).toHaveLength(25);
    expect(body.sessions[0]).toMatchObject({ activity: 'technical-advice', delivery: 'remote', status: 'open' });
    expect(body.sessions[0].summary).toBe('残り時間の計画的な活用');
    const { forecast } = (await other.csm.get(`/v1/subscriptions/${other.id}/balance`)).body;
    expect(forecast.planned).toMatchObject({ plannedMinutes: 11_520, expiringMinutes: 0 });
    expect(await propose(other)).toMatchObject({ status: 201, body: { expiringMinutes: 0, sessions: [] } });
  });

  test('takes the wanted distance, activity and text', async () => {
    const other = await assigned(await soldContract(service, { package: 'premier', startsOn: '2026-04-01' }));
    const wanted = { everyWeeks: 1, activity: 'enablement', summary: 'Weekly enablement' };
    const { body } = await propose(other, wanted, '?dryRun=true');
    expect(body.sessions).toHaveLength(50);
    expect(body.sessions[7]).toMatchObject({ activity: 'enablement', summary: 'Weekly enablement' });
  });

  test('is refused without allocations, and to a customer', async () => {
    const other = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
    expect(await propose(other)).toMatchObject({ status: 422, body: { code: 'nobody-to-plan' } });
    expect((await propose(other, { everyWeeks: 0 })).status).toBe(400);
    expect((await other.customer.post(`/v1/subscriptions/${other.id}/planned-sessions/proposal`, {})).status).toBe(403);
  });
});
