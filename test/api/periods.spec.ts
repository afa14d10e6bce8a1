import type { Api, Json } from '../support/client.js';
import { soldContract, type SoldContract } from '../support/contract.js';
import { person, type Person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let sold: SoldContract;
let admin: Api;
let finance: Person;

beforeAll(async () => {
  service = await startService({ clock: '2026-07-10T03:00:00Z' });
  sold = await soldContract(service, { package: 'premier', startsOn: '2026-04-10' });
  ({ admin } = sold);
  finance = await person(service, 'finance');
  const allocations = [{ consultantId: sold.consultantIds[0], productLineId: sold.productLineIds[0], minutes: 0 }];
  await sold.csm.put(`/v1/subscriptions/${sold.id}/allocations`, { allocations }, { 'if-match': '"0"' });
});
afterAll(() => service.stop());
afterEach(() => admin.post('/v1/periods/1950-01/reopen', { reason: 'between tests' }));

const close = (month: string, by: Api = finance, body?: object) => by.post(`/v1/periods/${month}/close`, body);
const early = { early: true };
const reopen = (month: string, by: Api = admin) => by.post(`/v1/periods/${month}/reopen`, { reason: 'A late receipt' });

async function log(workDate: string, minutes: number, more: object = {}): Promise<Json> {
  const [consultantId, productLineId] = [sold.consultantIds[0], sold.productLineIds[0]];
  const work = { consultantId, productLineId, activity: 'health-check', delivery: 'remote', summary: 'S' };
  return (await sold.csm.post(`/v1/subscriptions/${sold.id}/time-entries`, { ...work, workDate, minutes, ...more }))
    .body;
}

async function shown(): Promise<string[]> {
  const { data } = (await finance.get('/v1/periods')).body;
  return data.map(({ month, status }: Json) => `${month} ${status}`);
}

describe('the list of periods', () => {
  test('has every month from the start of the first subscription to the present month, newest first', async () => {
    expect(await shown()).toEqual(['2026-07 open', '2026-06 open', '2026-05 open', '2026-04 open']);
    const { body } = await finance.get('/v1/periods/2026-04');
    const { history, ...period } = body;
    expect(period).toEqual({ month: '2026-04', status: 'open', closedAt: null, closedBy: null, controlTotals: null });
    expect(Array.isArray(history)).toBe(true);
  });

  test('has pages', async () => {
    const first = await finance.get('/v1/periods?limit=3');
    expect(first.body.data).toHaveLength(3);
    expect(first.headers.get('link')).toContain('rel="next"');
    const second = await finance.get(`/v1/periods?limit=3&cursor=${first.body.nextCursor}`);
    expect(second.body).toMatchObject({ data: [{ month: '2026-04' }], nextCursor: null });
    expect((await finance.get('/v1/periods?cursor=xyz')).body.code).toBe('invalid-cursor');
  });

  test.each([
    ['2026-03', 404],
    ['2026-08', 404],
    ['2026-13', 400],
    ['202604', 400],
  ])('does not contain %s: reading it gets %i', async (month, status) => {
    expect((await finance.get(`/v1/periods/${month}`)).status).toBe(status);
  });
});

describe('closing a month', () => {
  test('closes all earlier months too, and records the totals of each, the person and the instant', async () => {
    const { entry } = await log('2026-04-20', 60);
    await sold.csm.post(`/v1/time-entries/${entry.id}/reversal`, { reason: 'wrong customer' });
    await log('2026-04-21', 45);
    await log('2026-06-30', 30);
    const april = { rows: 3, minutes: 45, onsiteMinutes: 0 };

    const answer = await close('2026-05');
    expect(answer.status).toBe(200);
    const at = '2026-07-10T03:00:00.000Z';
    const [by, reason, event] = [finance.id, null, 'closed'];
    const nothing = { rows: 0, minutes: 0, onsiteMinutes: 0 };
    expect(answer.body).toEqual({
      month: '2026-05',
      status: 'closed',
      closedAt: at,
      closedBy: finance.id,
      controlTotals: nothing,
      history: [{ event, askedMonth: '2026-05', at, by, reason, controlTotals: nothing }],
      changedMonths: ['2026-04', '2026-05'],
    });
    expect(await shown()).toEqual(['2026-07 open', '2026-06 open', '2026-05 closed', '2026-04 closed']);
    expect((await finance.get('/v1/periods/2026-04')).body).toEqual({
      month: '2026-04',
      status: 'closed',
      closedAt: at,
      closedBy: finance.id,
      controlTotals: april,
      history: [{ event, askedMonth: '2026-05', at, by, reason, controlTotals: april }],
    });

    expect((await close('2026-05')).body).toMatchObject({ status: 409, code: 'period-already-closed' });
    expect((await close('2026-04')).body).toMatchObject({ status: 409, code: 'period-already-closed' });
    expect((await close('2026-06')).body).toMatchObject({
      changedMonths: ['2026-06'],
      controlTotals: { rows: 1, minutes: 30, onsiteMinutes: 0 },
    });
  });

  test('is possible in the running month only with “early”, and never before the month begins in the vendor’s zone', async () => {
    for (const body of [undefined, {}, { early: false }]) {
      expect((await close('2026-07', finance, body)).body).toMatchObject({
        status: 422,
        code: 'period-not-over',
        violations: [{ code: 'period-not-over', month: '2026-07' }],
      });
    }
    for (const body of [undefined, early]) {
      expect((await close('2026-08', finance, body)).body).toMatchObject({
        status: 422,
        code: 'period-not-begun',
        violations: [{ code: 'period-not-begun', month: '2026-08' }],
      });
    }
    for (const body of [{ early: 'yes' }, { early: null }, { late: true }, []]) {
      expect((await close('2026-07', finance, body)).body.code).toBe('malformed-body');
    }
    expect((await close('2026-07', finance, early)).status).toBe(200);
    const { accountingMonth, adjustsMonth } = (await reverseEntryOf('2026-06-30')).reversed;
    expect([accountingMonth, adjustsMonth]).toEqual(['2026-06', null]);
  });

  /** Reverses the time entry of a day. */
  async function reverseEntryOf(day: string): Promise<Json> {
    const { data } = (await sold.csm.get(`/v1/subscriptions/${sold.id}/time-entries?from=${day}&to=${day}`)).body;
    return (await sold.csm.post(`/v1/time-entries/${data[0].id}/reversal`, { reason: 'R' })).body;
  }

  test('works for empty months, and closes the empty months before it', async () => {
    expect((await close('2025-11')).body).toMatchObject({ changedMonths: ['2025-11'], status: 'closed' });
    expect((await close('2026-04')).body.changedMonths).toEqual([
      '2025-12',
      '2026-01',
      '2026-02',
      '2026-03',
      '2026-04',
    ]);
  });

  test('also closes the earlier months of a subscription that is entered afterwards', async () => {
    expect((await close('2026-06')).status).toBe(200);
    const later = await soldContract(service, { package: 'basic', startsOn: '2025-09-01' });
    const { body } = await finance.get('/v1/periods/2025-10');
    expect(body).toMatchObject({ status: 'closed', closedBy: finance.id, controlTotals: { rows: 0 }, history: [] });
    expect((await close('2025-10')).body.code).toBe('period-already-closed');
    expect((await reopen('2025-10')).body).toMatchObject({ month: '2025-10', status: 'open' });
    expect((await later.csm.get('/v1/periods/2025-10')).body.status).toBe('open');
  });

  test.each([['2026-7'], ['2026-00'], ['1899-12'], ['2200-01'], ['abc'], ['2026-07-01'], ['%20'], ["'2026-07"]])(
    'is refused as malformed for the month %s, and so is reopening it',
    async (month) => {
      expect((await close(month)).status).toBe(400);
      expect((await reopen(month)).status).toBe(400);
    },
  );

  test('with a repeated idempotency key gets the first answer and does not close again', async () => {
    const headers = { 'idempotency-key': 'close-april' };
    const first = await finance.post('/v1/periods/2026-04/close', undefined, headers);
    await reopen('2026-04');
    const again = await finance.post('/v1/periods/2026-04/close', undefined, headers);
    expect([first.status, again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 200, 'true']);
    expect(again.body).toEqual(first.body);
    expect((await finance.get('/v1/periods/2026-04')).body.status).toBe('open');
  });

  test('sent four times at once succeeds once', async () => {
    const answers = await Promise.all([close('2026-05'), close('2026-05'), close('2026-05'), close('2026-05')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
  });
});

describe('a dry run', () => {
  const dryRun = (month: string, body?: object) => finance.post(`/v1/periods/${month}/close?dryRun=true`, body);

  test('of a closing lists the months, their totals and the subscriptions without an entry, and closes nothing', async () => {
    await log('2026-05-20', 60);
    const { entry } = await log('2026-06-11', 15);
    await sold.csm.post(`/v1/time-entries/${entry.id}/reversal`, { reason: 'wrong customer' });
    const before = await shown();
    const { status, body } = await dryRun('2026-06');
    expect(status).toBe(200);
    expect(body.months.map(({ month }: Json) => month).slice(-3)).toEqual(['2026-04', '2026-05', '2026-06']);
    const sum = (amount: string): number =>
      (body.months as Record<string, number>[]).reduce((total, one) => total + one[amount]!, 0);
    expect([body.rows, body.minutes, body.onsiteMinutes]).toEqual(['rows', 'minutes', 'onsiteMinutes'].map(sum));
    const { name } = (await admin.get(`/v1/customers/${sold.customerId}`)).body;
    const customer = { customerId: sold.customerId, customer: name as string };
    const csm = { csmId: sold.csm.id, csm: 'csm 1' };
    const silent = body.subscriptionsWithoutEntry.filter(({ subscriptionId }: Json) => subscriptionId === sold.id);
    expect(silent).toContainEqual({ month: '2026-06', subscriptionId: sold.id, ...customer, ...csm });
    expect(silent.map(({ month }: Json) => month)).not.toContain('2026-05');
    expect(body.subscriptionsWithoutEntryCount).toBe(body.subscriptionsWithoutEntry.length);
    expect(await shown()).toEqual(before);

    const closed = await close('2026-06');
    expect(closed.body.changedMonths).toEqual(body.months.map(({ month }: Json) => month));
    const { month: _, ...last } = body.months.at(-1);
    expect(closed.body.controlTotals).toEqual(last);
  });

  test('does not use up the idempotency key, so the closing that follows with it succeeds', async () => {
    const headers = { 'idempotency-key': 'preview-then-close' };
    const dry = await finance.post('/v1/periods/2026-05/close?dryRun=true', undefined, headers);
    expect([dry.status, dry.body.changedMonths]).toEqual([200, undefined]);
    expect((await finance.post('/v1/periods/2026-05/close', undefined, headers)).body.status).toBe('closed');
  });

  test.each([
    ['2026-07', undefined, 'period-not-over'],
    ['2026-08', early, 'period-not-begun'],
    ['2026-04', undefined, 'period-already-closed'],
  ])('of closing %s with %p is refused like the closing itself', async (month, body, code) => {
    await close('2026-05');
    expect((await dryRun(month, body)).body.code).toBe(code);
  });

  test('of a reopening lists all months that would be reopened', async () => {
    const dryReopen = (month: string) => admin.post(`/v1/periods/${month}/reopen?dryRun=true`, { reason: 'R' });
    expect((await dryReopen('2026-05')).body.code).toBe('period-not-closed');
    await close('2026-06');
    const { status, body } = await dryReopen('2026-05');
    expect([status, body.month, body.months.map(({ month }: Json) => month)]).toEqual([
      200,
      '2026-05',
      ['2026-05', '2026-06'],
    ]);
    expect((await finance.get('/v1/periods/2026-06')).body.status).toBe('closed');
  });
});

describe('reopening a month', () => {
  test('reopens all later months too, and records the person, the instant and the reason', async () => {
    await close('2026-07', finance, early);
    const answer = await reopen('2026-05');
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ month: '2026-05', status: 'open', closedAt: null, controlTotals: null });
    expect(answer.body.changedMonths).toEqual(['2026-05', '2026-06', '2026-07']);
    expect((await shown()).slice(0, 4)).toEqual(['2026-07 open', '2026-06 open', '2026-05 open', '2026-04 closed']);
    const { history } = (await finance.get('/v1/periods/2026-07')).body;
    expect(history.slice(-2)).toMatchObject([
      { event: 'closed', by: finance.id, reason: null, controlTotals: { rows: 0 } },
      { event: 'reopened', askedMonth: '2026-05', reason: 'A late receipt', controlTotals: null },
    ]);
  });

  test('is refused if the month is open, or without a reason', async () => {
    expect((await reopen('2026-05')).body).toMatchObject({ status: 409, code: 'period-not-closed' });
    expect((await admin.post('/v1/periods/2026-05/reopen', {})).body.code).toBe('malformed-body');
    expect((await admin.post('/v1/periods/2026-05/reopen', { reason: ' ' })).body.code).toBe('malformed-body');
  });

  test('is for administrators; finance may also close, CSMs may only read, and customers may do neither', async () => {
    expect((await reopen('2026-05', finance)).status).toBe(403);
    expect((await close('2026-05', sold.csm)).status).toBe(403);
    expect((await sold.csm.get('/v1/periods')).status).toBe(200);
    expect((await sold.customer.get('/v1/periods')).status).toBe(403);
    expect((await close('2026-05', admin)).status).toBe(200);
  });
});

describe('the database as the last guard', () => {
  /** Runs a statement in a transaction that is rolled back, and returns the name of the constraint that refused it. */
  async function refusedBy(sql: string, values: unknown[] = []): Promise<string | undefined> {
    const accepted = new Error('The database accepted the statement');
    const error: unknown = await service.database
      .write(async (tx) => {
        await tx.query(sql, values);
        throw accepted;
      })
      .catch((thrown: unknown) => thrown);
    if (error === accepted) return undefined;
    return (error as { constraint?: string }).constraint ?? String(error);
  }

  const insertCopy = (set: Record<string, string>): string => {
    const names = ['id', 'subscription_id', 'term_id', 'work_date', 'minutes', 'consultant_id', 'product_line_id'];
    names.push(
      'activity',
      'delivery',
      'summary',
      'package',
      'accounting_month',
      'adjusts_month',
      'adjustment_reason',
      'recorded_at',
      'recorded_by',
    );
    const values = names.map((name) => set[name] ?? (name === 'id' ? 'gen_random_uuid()' : name));
    return `insert into time_entries (${names.join()}) select ${values.join()} from time_entries where work_date = '2026-04-21'`;
  };
  const adjusting = { accounting_month: `'2026-06'`, adjusts_month: `'2026-04'`, adjustment_reason: `'forgotten'` };

  test('refuses every row for a closed month', async () => {
    await log('2026-04-21', 5);
    expect(await refusedBy(insertCopy({}))).toBeUndefined();
    expect(await refusedBy(insertCopy(adjusting))).toBeUndefined();
    await close('2026-06');
    expect(await refusedBy(insertCopy({}))).toBe('time_entries_month_open');
    expect(await refusedBy(insertCopy(adjusting))).toBe('time_entries_month_open');
    expect(await refusedBy(insertCopy({ ...adjusting, accounting_month: `'2026-07'` }))).toBeUndefined();
    const reversal = `insert into time_entry_reversals (id, time_entry_id, reason, accounting_month, adjusts_month, recorded_at, recorded_by)
      select gen_random_uuid(), id, 'R', $1, '2026-04', recorded_at, recorded_by from time_entries e
       where work_date = '2026-04-21' and not exists (select from time_entry_reversals r where r.time_entry_id = e.id)`;
    expect(await refusedBy(reversal, ['2026-06'])).toBe('time_entry_reversals_month_open');
    expect(await refusedBy(reversal, ['2026-07'])).toBeUndefined();
  });

  test.each<[string, Record<string, string>]>([
    ['in another month than its work day', { accounting_month: `'2026-05'` }],
    ['as an adjustment of another month', { ...adjusting, adjusts_month: `'2026-05'` }],
    ['as an adjustment within the month that it adjusts', { ...adjusting, accounting_month: `'2026-04'` }],
  ])('refuses an entry that counts %s', async (_, set) => {
    expect(await refusedBy(insertCopy(set))).toBe('time_entries_month_of_work');
  });

  test.each<[string, Record<string, string>]>([
    ['an adjustment without a reason that corrects no entry', { ...adjusting, adjustment_reason: 'null' }],
    ['a reason on an entry that is no adjustment', { adjustment_reason: `'forgotten'` }],
  ])('refuses %s', async (_, set) => {
    await log('2026-04-21', 5);
    expect(await refusedBy(insertCopy(set))).toBe('time_entries_adjustment_explained');
  });

  test.each([
    [
      `update accounting_periods set status = 'open', closed_at = null where month = '2026-06'`,
      'accounting_periods_by_events',
    ],
    [`update accounting_periods set counted_minutes = 1 where month = '2026-04'`, 'accounting_periods_by_events'],
    [`delete from accounting_periods`, 'accounting_periods_by_events'],
    [`truncate accounting_periods cascade`, 'accounting_periods_append_only'],
    [`update accounting_period_events set reason = 'x'`, 'accounting_period_events_append_only'],
    [`delete from accounting_period_events`, 'accounting_period_events_append_only'],
    [`truncate accounting_period_events`, 'accounting_period_events_append_only'],
    [`update closed_names set name = 'x'`, 'closed_names_append_only'],
    [`delete from closed_names where month = '2026-04'`, 'closed_names_stay'],
    [`insert into closed_names values ('2026-04', gen_random_uuid(), 'x')`, 'closed_names_stay'],
    [`truncate closed_names`, 'closed_names_append_only'],
  ])('refuses to change the history of a period: %s', async (sql, constraint) => {
    await close('2026-06');
    expect(await refusedBy(sql)).toBe(constraint);
  });

  test.each([
    ['2026-05', 'reopened', 'a later month is closed'],
    ['2026-06', 'closed', 'it is closed already'],
    ['2026-07', 'reopened', 'it is open'],
  ])('refuses an event by which %s is %s while %s', async (month, event) => {
    await close('2026-06');
    await service.database.write((tx) =>
      tx.query(`insert into accounting_periods values ('2026-07', 'open') on conflict do nothing`),
    );
    const sql = `insert into accounting_period_events select $1, 9999, $2, $1, now(), $3, case $2 when 'reopened' then 'R' end, n, n, n
      from (select case $2::text when 'closed' then 0 end as n) as counted`;
    expect(await refusedBy(sql, [month, event, finance.id])).toBe('accounting_periods_in_order');
  });
});
