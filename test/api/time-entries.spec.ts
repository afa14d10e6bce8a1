import { newId } from '../../src/platform/ids.js';
import type { Answer } from '../support/client.js';
import { soldContract, type ContractWanted, type SoldContract } from '../support/contract.js';
import { person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;

beforeAll(async () => {
  service = await startService({ clock: '2026-07-10T03:00:00Z' });
});
afterAll(() => service.stop());

/** Sells a subscription, and allocates the minutes to each of its consultants on the first product line. */
async function contract(wanted: Partial<ContractWanted> = {}, minutes = 0): Promise<SoldContract> {
  const sold = await soldContract(service, { package: 'premier', startsOn: '2026-04-01', ...wanted });
  const allocations = sold.consultantIds.map((consultantId) => ({
    consultantId,
    productLineId: sold.productLineIds[0],
    minutes,
  }));
  const set = await sold.csm.put(`/v1/subscriptions/${sold.id}/allocations`, { allocations }, { 'if-match': '"0"' });
  if (set.status !== 200) throw new Error(JSON.stringify(set.body));
  return sold;
}

const entry = (sold: SoldContract, change: object = {}) => ({
  workDate: '2026-07-10',
  minutes: 60,
  consultantId: sold.consultantIds[0],
  productLineId: sold.productLineIds[0],
  activity: 'technical-advice',
  delivery: 'remote',
  summary: 'Advice on indexes',
  ...change,
});

const log = (sold: SoldContract, change: object = {}, headers = {}, query = ''): Promise<Answer> =>
  sold.csm.post(`/v1/subscriptions/${sold.id}/time-entries${query}`, entry(sold, change), headers);

const balance = async (sold: SoldContract) => (await sold.csm.get(`/v1/subscriptions/${sold.id}/balance`)).body;

async function consistent(sold: SoldContract): Promise<void> {
  expect((await sold.csm.post(`/v1/subscriptions/${sold.id}/verify`)).body).toEqual({
    consistent: true,
    differences: [],
  });
}

describe('the reason of a reversal', () => {
  it('is shown only to staff; the customer sees the note for the customer instead', async () => {
    const sold = await contract();
    const { id } = (await log(sold)).body.entry;
    const why = { reason: 'The consultant mixed up two customers', customerNote: '別のお客様の作業でした' };
    const { reversed } = (await sold.csm.post(`/v1/time-entries/${id}/reversal`, why)).body;
    expect(reversed.reversal).toMatchObject(why);
    expect((await sold.csm.get(`/v1/time-entries/${id}`)).body.reversal).toMatchObject(why);
    const shown = (await sold.customer.get(`/v1/time-entries/${id}`)).body.reversal;
    expect(shown).toMatchObject({ reason: null, customerNote: why.customerNote });
    const { data } = (await sold.customer.get(`/v1/subscriptions/${sold.id}/time-entries`)).body;
    expect(data[0].reversal).toEqual(shown);
  });

  it('can have a note for the customer in a correction too', async () => {
    const sold = await contract();
    const { id } = (await log(sold)).body.entry;
    const path = `/v1/time-entries/${id}/correction`;
    const { body } = await sold.csm.post(path, {
      ...entry(sold, { minutes: 30 }),
      reason: 'typo',
      customerNote: '訂正',
    });
    expect([body.reversed.reversal.customerNote, body.entry.correctsEntryId]).toEqual(['訂正', id]);
    const none = await sold.csm.post(`/v1/time-entries/${body.entry.id}/reversal`, { reason: 'R' });
    expect(none.body.reversed.reversal.customerNote).toBeNull();
  });

  it.each([[''], [5], ['x'.repeat(2_001)]])(
    'is refused as malformed with the customer note %p',
    async (customerNote) => {
      const sold = await contract();
      const { id } = (await log(sold)).body.entry;
      const answer = await sold.csm.post(`/v1/time-entries/${id}/reversal`, { reason: 'R', customerNote });
      expect([answer.status, answer.body.errors[0].pointer]).toEqual([400, '/customerNote']);
    },
  );
});

describe('a time entry', () => {
  it('is stored, and answered with the balance after it', async () => {
    const sold = await contract({}, 1_000);
    const answer = await log(sold, { reference: 'CASE-77', severity: 2 });
    expect(answer.status).toBe(201);
    expect(answer.body.entry).toMatchObject({
      subscriptionId: sold.id,
      workDate: '2026-07-10',
      minutes: 60,
      activity: 'technical-advice',
      delivery: 'remote',
      visitId: null,
      reference: 'CASE-77',
      severity: 2,
      package: 'premier',
      accountingMonth: '2026-07',
      adjustsMonth: null,
      recordedAt: '2026-07-10T03:00:00.000Z',
      recordedBy: sold.csm.id,
      reversal: null,
    });
    expect(answer.body.balance).toMatchObject({ grantedMinutes: 11_520, usedMinutes: 60, remainingMinutes: 11_460 });
    expect(answer.body.balance).toEqual(await balance(sold));
    expect(answer.body.warnings).toEqual([]);
    const read = await sold.customer.get(`/v1/time-entries/${answer.body.entry.id}`);
    expect(read.body).toEqual(answer.body.entry);
    const ledger = await sold.csm.get(`/v1/subscriptions/${sold.id}/ledger`);
    expect(
      ledger.body.data.map(({ kind, minutes, balanceAfterMinutes }: never) => [kind, minutes, balanceAfterMinutes]),
    ).toEqual([
      ['grant', 11_520, 11_520],
      ['use', -60, 11_460],
    ]);
    await consistent(sold);
  });

  it('draws from its allocation first, and warns when it draws from unallocated minutes', async () => {
    const sold = await contract({}, 1_000);
    const answer = await log(sold, { minutes: 1_100 });
    expect(answer.body.warnings.map(({ code }: never) => code)).toEqual(['drawn-from-unallocated']);
    expect(answer.body.warnings[0].detail).toContain('100 min');
    expect(answer.body.balance.unallocatedMinutes).toBe(11_520 - 1_100 - 1_000);
  });

  it('with dryRun gets the same answer, and is not stored', async () => {
    const sold = await contract();
    const dry = await log(sold, {}, { 'idempotency-key': 'dry-run' }, '?dryRun=true');
    expect(dry.status).toBe(200);
    expect(dry.body.balance.usedMinutes).toBe(60);
    expect((await balance(sold)).usedMinutes).toBe(0);
    const refused = await log(sold, { minutes: 20_000 }, {}, '?dryRun=true');
    expect(refused.status).toBe(422);
    expect((await log(sold, {}, { 'idempotency-key': 'dry-run' })).status).toBe(201);
    await consistent(sold);
  });

  it('is refused with every rule that it breaks, in the language of the request', async () => {
    const sold = await contract();
    const stranger = (await contract()).consultantIds[0];
    const body = { minutes: 20_000, consultantId: stranger, workDate: '2026-07-11' };
    const refused = await log(sold, body);
    expect(refused.status).toBe(422);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(refused.body).toMatchObject({ type: '/problems/rules-violated', code: 'rules-violated', status: 422 });
    expect(refused.body.violations).toMatchObject([
      { code: 'work-date-in-future', pointer: '/workDate' },
      { code: 'consultant-not-assigned', pointer: '/consultantId' },
      {
        code: 'hours-exhausted',
        limitMinutes: 11_520,
        usedMinutes: 0,
        remainingMinutes: 11_520,
        maxAcceptableMinutes: 11_520,
      },
      { code: 'consultant-day-exceeded', maxAcceptableMinutes: 1_440 },
    ]);
    expect(refused.body.maxAcceptableMinutes).toBeUndefined();
    const japanese = await log(sold, body, { 'accept-language': 'ja' });
    expect(japanese.body.violations[0].detail).toContain('作業日');
    expect((await balance(sold)).usedMinutes).toBe(0);
  });

  it.each([
    ['a consultant of another subscription', { consultantId: newId() }, 'consultant-not-assigned', '/consultantId'],
    [
      'a product line of another subscription',
      { productLineId: newId() },
      'product-line-not-enrolled',
      '/productLineId',
    ],
    ['a foreign visit', { delivery: 'onsite', visitId: newId() }, 'visit-required', '/visitId'],
  ])('with %s is refused, and the refusal names the field', async (_, change, code, pointer) => {
    const refused = await log(await contract(), change);
    expect(refused.status).toBe(422);
    expect(refused.body.violations).toContainEqual(expect.objectContaining({ code, pointer }));
  });

  it.each<[string, object, string]>([
    ['text for the minutes', { minutes: '60' }, '/minutes'],
    ['a fraction of a minute', { minutes: 1.5 }, '/minutes'],
    ['no minutes', { minutes: 0 }, '/minutes'],
    ['negative minutes', { minutes: -1 }, '/minutes'],
    ['a huge number of minutes', { minutes: 1e300 }, '/minutes'],
    ['a day that does not exist', { workDate: '2026-02-30' }, '/workDate'],
    ['an instant where a day is required', { workDate: '2026-02-03T00:00:00Z' }, '/workDate'],
    ['an unknown activity', { activity: 'lunch' }, '/activity'],
    ['an unknown field', { hours: 1 }, '/hours'],
    ['a NUL byte', { summary: 'a\0b' }, '/summary'],
    ['a lone surrogate', { summary: 'a\ud800' }, '/summary'],
    ['a blank summary', { summary: '  ' }, '/summary'],
    ['a summary of 2,001 characters', { summary: 'x'.repeat(2_001) }, '/summary'],
    ['a severity beyond 4', { severity: 5 }, '/severity'],
    ['a visit for remote work', { visitId: newId() }, '/visitId'],
    ['a consultant id that is not a UUID', { consultantId: 'sato' }, '/consultantId'],
  ])('with %s is malformed, and nothing is written', async (_, change, pointer) => {
    const sold = await contract();
    const answer = await log(sold, change);
    expect([answer.status, answer.body.errors?.map((error: { pointer: string }) => error.pointer)]).toEqual([
      400,
      [pointer],
    ]);
    expect((await balance(sold)).usedMinutes).toBe(0);
  });

  it('can be logged by the CSM of the subscription and administrators, not by finance, customers or other CSMs', async () => {
    const sold = await contract();
    const stranger = await person(service, 'csm');
    const finance = await person(service, 'finance');
    const path = `/v1/subscriptions/${sold.id}/time-entries`;
    expect((await stranger.post(path, entry(sold))).body.code).toBe('not-found');
    expect((await finance.post(path, entry(sold))).status).toBe(403);
    expect((await sold.customer.post(path, entry(sold))).status).toBe(403);
    expect((await sold.admin.post(path, entry(sold))).status).toBe(201);
    expect((await finance.get(path)).body.data).toHaveLength(1);
    expect((await stranger.get(path)).status).toBe(404);
  });
});

describe('an idempotency key', () => {
  it('stores one entry, even for two requests at once, and is refused with another body', async () => {
    const sold = await contract();
    const key = { 'idempotency-key': `key-${sold.id}` };
    const [first, second] = await Promise.all([log(sold, {}, key), log(sold, {}, key)]);
    const third = await log(sold, {}, key);
    expect([first.status, second.status, third.status]).toEqual([201, 201, 201]);
    expect(new Set([first, second, third].map(({ body }) => body.entry.id)).size).toBe(1);
    expect([first, second].filter(({ headers }) => headers.get('idempotency-replayed') === 'true')).toHaveLength(1);
    expect(third.headers.get('idempotency-replayed')).toBe('true');
    expect(third.body).toEqual(first.body);
    expect((await log(sold, { minutes: 61 }, key)).body.code).toBe('idempotency-key-reused');
    expect((await balance(sold)).usedMinutes).toBe(60);
  });

  it('repeats the refusal by a rule, but is not used up by a malformed body', async () => {
    const sold = await contract();
    const key = { 'idempotency-key': `refused-${sold.id}` };
    expect((await log(sold, { minutes: 'x' }, key)).status).toBe(400);
    const refused = await log(sold, { minutes: 20_000 }, key);
    expect(refused.status).toBe(422);
    const again = await log(sold, { minutes: 20_000 }, { ...key, 'accept-language': 'ja' });
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([422, 'true']);
    expect(again.body.violations.map(({ code }: never) => code)).toEqual(
      refused.body.violations.map(({ code }: never) => code),
    );
  });
});

describe('a reversal or a correction', () => {
  it('as a reversal gives all minutes back, once', async () => {
    const sold = await contract({}, 1_000);
    const before = await balance(sold);
    const { body } = await log(sold);
    const reversed = await sold.csm.post(`/v1/time-entries/${body.entry.id}/reversal`, { reason: 'wrong customer' });
    expect(reversed.status).toBe(201);
    expect(reversed.body.reversed).toMatchObject({ id: body.entry.id, reversal: { reason: 'wrong customer' } });
    expect(reversed.body.balance).toEqual(before);
    const again = await sold.csm.post(`/v1/time-entries/${body.entry.id}/reversal`, { reason: 'again' });
    expect([again.status, again.body.code]).toEqual([409, 'already-reversed']);
    const unknown = await sold.csm.post(`/v1/time-entries/${newId()}/reversal`, { reason: 'x' });
    expect(unknown.status).toBe(404);
    await consistent(sold);
  });

  it('as a correction replaces the entry in one step; if it is refused, nothing changes', async () => {
    const sold = await contract({}, 1_000);
    const { body } = await log(sold);
    const path = `/v1/time-entries/${body.entry.id}/correction`;
    const refused = await sold.csm.post(path, { reason: 'typo', ...entry(sold, { minutes: 20_000 }) });
    expect(refused.status).toBe(422);
    expect((await balance(sold)).usedMinutes).toBe(60);
    const corrected = await sold.csm.post(path, { reason: 'typo', ...entry(sold, { minutes: 90 }) });
    expect(corrected.status).toBe(201);
    expect(corrected.body.reversed.reversal.reason).toBe('typo');
    expect(corrected.body.entry).toMatchObject({ minutes: 90, correctsEntryId: body.entry.id });
    expect(corrected.body.balance.usedMinutes).toBe(90);
    expect((await sold.csm.post(path, { reason: 'typo', ...entry(sold) })).body.code).toBe('already-reversed');
    const listed = await sold.csm.get(`/v1/subscriptions/${sold.id}/time-entries`);
    expect(listed.body.data.map(({ minutes, reversal }: never) => [minutes, reversal === null])).toEqual([
      [60, false],
      [90, true],
    ]);
    await consistent(sold);
  });
});

describe('a batch', () => {
  const batch = (sold: SoldContract, atomic: boolean, entries: unknown[]): Promise<Answer> =>
    sold.csm.post('/v1/time-entries/batch', { atomic, entries });

  it('accepts each row that the rules allow after the accepted rows before it, and explains each refusal', async () => {
    const sold = await contract({ package: 'basic', consultants: 1, productLines: 1 });
    const other = await contract();
    const row = (change: object = {}) => ({ subscriptionId: sold.id, ...entry(sold, change) });
    const answer = await batch(sold, false, [
      row({ minutes: 1_000 }),
      row({ minutes: 'x' }),
      row({ minutes: 441 }),
      row({ workDate: '2026-07-09', minutes: 440 }),
      { subscriptionId: other.id, ...entry(other) },
      { ...row(), subscriptionId: newId() },
      null,
      'row',
    ]);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ accepted: 2, refused: 6 });
    expect(
      answer.body.results.map(({ status, problem }: never) => [
        status,
        (problem as { code?: string } | undefined)?.code,
      ]),
    ).toEqual([
      [201, undefined],
      [400, 'malformed-body'],
      [422, 'consultant-day-exceeded'],
      [201, undefined],
      [404, 'not-found'],
      [404, 'not-found'],
      [400, 'malformed-body'],
      [400, 'malformed-body'],
    ]);
    expect(answer.body.results[1].problem.errors[0].pointer).toBe('/minutes');
    expect((await balance(sold)).usedMinutes).toBe(1_440);
    await consistent(sold);
  });

  it('with atomic writes nothing if one row is refused', async () => {
    const sold = await contract();
    const rows = [60, 20_000, 60].map((minutes) => ({ subscriptionId: sold.id, ...entry(sold, { minutes }) }));
    const refused = await batch(sold, true, rows);
    expect(refused.status).toBe(422);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(refused.body.results.map(({ status }: never) => status)).toEqual([201, 422, 201]);
    expect((await balance(sold)).usedMinutes).toBe(0);
    expect((await batch(sold, true, rows.slice(0, 1))).body).toMatchObject({ accepted: 1, refused: 0 });
    await consistent(sold);
  });

  it('has 1 to 1,000 rows, even with long summaries', async () => {
    const sold = await contract({ package: 'dedicated' });
    const row = { subscriptionId: sold.id, ...entry(sold, { minutes: 1, summary: 'x'.repeat(1_200) }) };
    expect((await batch(sold, false, [])).status).toBe(400);
    expect(
      (
        await batch(
          sold,
          false,
          Array.from({ length: 1_001 }, () => row),
        )
      ).status,
    ).toBe(400);
    expect(
      (
        await batch(
          sold,
          true,
          Array.from({ length: 1_000 }, () => row),
        )
      ).body,
    ).toMatchObject({ accepted: 1_000 });
    expect((await balance(sold)).usedMinutes).toBe(1_000);
    await consistent(sold);
  });
});

describe('the list of time entries', () => {
  it('has filters and pages', async () => {
    const sold = await contract();
    for (const [workDate, minutes] of [
      ['2026-07-01', 10],
      ['2026-07-02', 20],
      ['2026-07-03', 30],
    ]) {
      await log(sold, { workDate, minutes });
    }
    const path = `/v1/subscriptions/${sold.id}/time-entries`;
    const first = await sold.csm.get(`${path}?limit=2`);
    expect(first.body.data.map(({ minutes }: never) => minutes)).toEqual([10, 20]);
    expect(first.headers.get('link')).toContain('rel="next"');
    const second = await sold.csm.get(`${path}?limit=2&cursor=${first.body.nextCursor}`);
    expect(second.body).toMatchObject({ data: [{ minutes: 30 }], nextCursor: null });
    const between = await sold.csm.get(`${path}?from=2026-07-02&to=2026-07-02`);
    expect(between.body.data).toHaveLength(1);
    expect((await sold.csm.get(`${path}?delivery=onsite`)).body.data).toEqual([]);
    expect((await sold.csm.get(`${path}?cursor=nonsense`)).status).toBe(400);
  });
});
