import { Client } from 'pg';
import { api, type Answer, type Api, type Json } from '../support/client.js';
import { soldContract, type ContractWanted, type SoldContract } from '../support/contract.js';
import { person, type Person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';

const startOfTests = '2026-07-10T03:00:00Z';
let service: TestService;
/** A second instance on the same database. */
let twin: TestService;
let admin: Api;
let finance: Person;

beforeAll(async () => {
  service = await startService({ clock: startOfTests });
  twin = await startService({ clock: startOfTests, databaseUrl: service.databaseUrl });
  admin = api(service.baseUrl, service.adminToken);
  finance = await person(service, 'finance');
});
afterAll(async () => {
  await twin.stop();
  await service.stop();
});
afterEach(() => admin.post('/v1/periods/1950-01/reopen', { reason: 'between tests' }));

async function contract(wanted: Partial<ContractWanted> = {}): Promise<SoldContract> {
  const sold = await soldContract(service, { package: 'premier', startsOn: '2026-02-01', ...wanted });
  const allocations = sold.consultantIds.map((consultantId) => ({
    consultantId,
    productLineId: sold.productLineIds[0],
    minutes: 0,
  }));
  const path = `/v1/subscriptions/${sold.id}/allocations`;
  const set = await sold.csm.put(path, { allocations }, { 'if-match': '"0"' });
  expect(set.status).toBe(200);
  return sold;
}

const entry = (sold: SoldContract, change: object = {}) => ({
  workDate: '2026-03-10',
  minutes: 60,
  consultantId: sold.consultantIds[0],
  productLineId: sold.productLineIds[0],
  activity: 'health-check',
  delivery: 'remote',
  summary: '設定の確認',
  ...change,
});

const log = (sold: SoldContract, change: object = {}, at: TestService = service): Promise<Answer> =>
  api(at.baseUrl, sold.csm.token).post(`/v1/subscriptions/${sold.id}/time-entries`, entry(sold, change));

const entryId = async (answer: Promise<Answer>): Promise<string> => {
  const { status, body } = await answer;
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body.entry.id as string;
};

/** Closes a month, even if it is not over yet. */
const close = (month: string, by: Api = finance) => by.post(`/v1/periods/${month}/close`, { early: true });
const reopen = (month: string) => admin.post(`/v1/periods/${month}/reopen`, { reason: 'A late receipt' });
const reverse = (sold: SoldContract, id: string) =>
  sold.csm.post(`/v1/time-entries/${id}/reversal`, { reason: 'wrong' });
const correct = (sold: SoldContract, id: string, change: object) =>
  sold.csm.post(`/v1/time-entries/${id}/correction`, { reason: 'typo', ...entry(sold, change) });

async function sql(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: service.databaseUrl });
  await client.connect();
  try {
    return (await client.query(text, values)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

/** The bytes of a report on the basis `closed`. */
async function exported(query: string): Promise<string> {
  const response = await fetch(`${service.baseUrl}/v1/reports/${query}&basis=closed`, {
    headers: { authorization: `Bearer ${finance.token}` },
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  expect([query, response.status, response.status === 200 ? '' : bytes.toString()]).toEqual([query, 200, '']);
  return bytes.toString('base64');
}

const hoursReports = ['usage-lines', 'usage-summary', 'utilisation'];
const formats = ['csv', 'json', 'ndjson', 'xlsx'];

describe('a closed month', () => {
  it('is exported as the same bytes after any later change', async () => {
    // Its term ends in three weeks.
    const sold = await contract({ startsOn: '2025-08-01' });
    const visit = await sold.csm.post(`/v1/subscriptions/${sold.id}/visits`, {
      startsOn: '2026-03-12',
      endsOn: '2026-03-13',
      place: '大阪',
      consultantIds: sold.consultantIds,
    });
    const ticket = { amount: '13870', currency: 'JPY', description: '新幹線' };
    const expense = await sold.csm.post(`/v1/visits/${visit.body.id}/expenses`, ticket);
    expect(expense.status).toBe(201);
    const onsite = await entryId(
      log(sold, { workDate: '2026-03-12', minutes: 90, delivery: 'onsite', visitId: visit.body.id }),
    );
    const remote = await entryId(log(sold, { minutes: 25, summary: '=1+1' }));
    const other = await entryId(log(sold, { workDate: '2026-03-31', consultantId: sold.consultantIds[1] }));
    await reverse(sold, await entryId(log(sold, { workDate: '2026-03-11' })));
    const february = await entryId(log(sold, { workDate: '2026-02-27', minutes: 35 }));
    // February is closed first. The reversal of its entry is an adjustment in March, and is closed with March.
    await close('2026-02');
    expect((await reverse(sold, february)).body.reversed.reversal).toBeDefined();
    const closed = await close('2026-03');
    expect(closed.body.controlTotals).toEqual({ rows: 6, minutes: 90 + 25 + 60 - 35, onsiteMinutes: 90 });

    const queries = [...hoursReports, 'entitlements', 'travel-expenses'].flatMap((report) =>
      formats.flatMap((format) => [
        `${report}?from=2026-03-01&to=2026-03-31&format=${format}`,
        `${report}?from=2026-02-01&to=2026-03-31&format=${format}&headings=ja&customerId=${sold.customerId}`,
      ]),
    );
    const before = new Map<string, string>();
    for (const query of queries) before.set(query, await exported(query));
    const lines = async (more: string): Promise<Json> =>
      (await finance.get(`/v1/reports/usage-lines?basis=closed&customerId=${sold.customerId}${more}`)).body;
    expect(await lines('&from=2026-03-01&to=2026-03-31')).toMatchObject({ rowCount: 6, totalMinutes: 140 });

    await reverse(sold, onsite);
    expect((await sold.csm.post(`/v1/expenses/${expense.body.id}/reversal`, { reason: 'wrong' })).status).toBe(201);
    await sold.csm.post(`/v1/visits/${visit.body.id}/expenses`, ticket);
    await correct(sold, remote, { minutes: 20 });
    await log(sold, { workDate: '2026-04-01' });
    await reverse(sold, other);
    await rename(`/v1/customers/${sold.customerId}`, '新しい社名');
    await rename(`/v1/consultants/${sold.consultantIds[0]}`, '改姓 太郎');
    await rename(`/v1/users/${sold.csm.id}`, 'Renamed CSM');
    const line = await admin.get(`/v1/product-lines/${sold.productLineIds[0]}`);
    const recoded = await admin.patch(
      `/v1/product-lines/${sold.productLineIds[0]}`,
      { name: 'Renamed', code: 'RENAMED' },
      { 'if-match': line.headers.get('etag')! },
    );
    expect(recoded.status).toBe(200);
    const upgraded = await sold.csm.post(`/v1/subscriptions/${sold.id}/upgrade`, {
      package: 'enterprise',
      effectiveOn: '2026-03-01',
    });
    expect(upgraded.status).toBe(200);
    await close('2026-05');
    await reopen('2026-04');
    const successor = await person(service, 'csm');
    const subscription = await admin.get(`/v1/subscriptions/${sold.id}`);
    const moved = await admin.patch(
      `/v1/subscriptions/${sold.id}`,
      { csmId: successor.id },
      { 'if-match': subscription.headers.get('etag')! },
    );
    expect(moved.status).toBe(200);
    await admin.post('/v1/clock/advance', { to: '2026-08-02T00:00:00Z' });
    expect((await admin.get(`/v1/subscriptions/${sold.id}`)).body.currentTerm.number).toBe(1);

    for (const query of queries) {
      const same = (await exported(query)) === before.get(query);
      expect([query, same]).toEqual([query, true]);
    }
    // The changes after the closing count in April, the first open month, under the new names.
    const april = await lines('&from=2026-04-01&to=2026-04-30');
    const kinds: string[] = april.data.map((row: Json) => `${row.kind} ${row.minutes} ${row.adjustsMonth ?? ''}`);
    expect(kinds.sort()).toEqual([
      'adjustment -25 2026-03',
      'adjustment -60 2026-03',
      'adjustment -90 2026-03',
      'adjustment 20 2026-03',
      'entry 60 ',
    ]);
    expect(april.data[0]).toMatchObject({ customer: '新しい社名', consultant: '改姓 太郎', productLine: 'RENAMED' });
    const corrected = await finance.get(`/v1/reports/usage-lines?customerId=${sold.customerId}`);
    expect(corrected.body.totalMinutes).toBe((await lines('')).totalMinutes);
  });

  it('does not change when a grant, upgrade or expiry is booked for it later: that counts in the first open month', async () => {
    const upgraded = await contract();
    await close('2026-06');
    const june = 'from=2026-06-01&to=2026-06-30';
    const july = 'from=2026-07-01&to=2026-07-31';
    const files = async (period: string): Promise<string[]> => {
      const read: string[] = [];
      for (const format of formats) read.push(await exported(`entitlements?${period}&format=${format}`));
      return read;
    };
    const before = await files(june);
    const toEnterprise = { package: 'enterprise', effectiveOn: '2026-06-01' };
    expect((await upgraded.csm.post(`/v1/subscriptions/${upgraded.id}/upgrade`, toEnterprise)).status).toBe(200);
    // Its first term has ended and expired within the closed months.
    const backdated = await contract({ startsOn: '2025-05-15' });
    expect(await files(june)).toEqual(before);

    const rows = async (sold: SoldContract, query: string): Promise<string[]> => {
      const { body } = await finance.get(`/v1/reports/entitlements?customerId=${sold.customerId}&${query}`);
      return (body.data as Json[]).map(
        (row) =>
          `${row.termNumber} ${row.package} ${row.openingMinutes} + ${row.grantedMinutes} - ${row.expiredMinutes} = ${row.closingMinutes}`,
      );
    };
    // 120 of 365 days as premier, 245 as enterprise.
    const granted = Math.ceil((11_520 * 120 + 23_040 * 245) / 365);
    expect(await rows(upgraded, `${june}&basis=closed`)).toEqual(['0 premier 11520 + 0 - 0 = 11520']);
    expect(await rows(upgraded, `${june}&basis=corrected`)).toEqual([
      `0 enterprise 11520 + ${granted - 11_520} - 0 = ${granted}`,
    ]);
    const laterRows = async (): Promise<string[][]> => [
      await rows(upgraded, `${july}&basis=closed`),
      await rows(backdated, `${june}&basis=closed`),
      await rows(backdated, `${july}&basis=closed`),
    ];
    const expectedInJuly = [
      [`0 enterprise 11520 + ${granted - 11_520} - 0 = ${granted}`],
      [],
      ['0 premier 0 + 11520 - 11520 = 0', '1 premier 0 + 11520 - 0 = 11520'],
    ];
    expect(await laterRows()).toEqual(expectedInJuly);
    await close('2026-07');
    expect(await laterRows()).toEqual(expectedInJuly);
    const closed = await files(july);
    await rename(`/v1/customers/${backdated.customerId}`, '引き継いだ会社');
    expect(await files(july)).toEqual(closed);

    // The reopened month contains what was booked for it in the meantime, and keeps it when it is closed again.
    await reopen('2026-05');
    const expectedInMay = ['0 premier 0 + 11520 - 11520 = 0', '1 premier 0 + 11520 - 0 = 11520'];
    const may = 'from=2026-05-01&to=2026-05-31&basis=closed';
    expect(await rows(backdated, may)).toEqual(expectedInMay);
    await close('2026-07');
    expect(await rows(backdated, may)).toEqual(expectedInMay);
    expect(await rows(upgraded, `${june}&basis=closed`)).toEqual([
      `0 enterprise 11520 + ${granted - 11_520} - 0 = ${granted}`,
    ]);
  });

  async function rename(path: string, name: string): Promise<void> {
    const { headers } = await admin.get(path);
    const answer = await admin.patch(path, { name }, { 'if-match': headers.get('etag')! });
    expect([path, answer.status]).toEqual([path, 200]);
  }
});

describe('after a closing', () => {
  /** Month, minutes and adjusted month of each usage line of a contract, in the order of the report. */
  async function lines(sold: SoldContract, basis = 'closed'): Promise<string[]> {
    const { body } = await finance.get(`/v1/reports/usage-lines?basis=${basis}&customerId=${sold.customerId}`);
    return body.data.map(
      ({ month, minutes, adjustsMonth }: Json) => `${month} ${minutes}${adjustsMonth ? ` of ${adjustsMonth}` : ''}`,
    );
  }

  it('single entries, batches and corrections into the month are refused at once, on every instance', async () => {
    const sold = await contract();
    const april = await entryId(log(sold, { workDate: '2026-04-02' }));
    const march = await entryId(log(sold, { minutes: 30 }, twin));
    await close('2026-03');
    for (const at of [service, twin]) {
      expect((await log(sold, {}, at)).body).toMatchObject({ status: 422, code: 'period-closed' });
      expect((await log(sold, { workDate: '2026-02-28' }, at)).body.code).toBe('period-closed');
      const row = { subscriptionId: sold.id, ...entry(sold) };
      const batch = { atomic: false, entries: [row, { ...row, workDate: '2026-04-03' }] };
      const { body } = await api(at.baseUrl, sold.csm.token).post('/v1/time-entries/batch', batch);
      expect(body).toMatchObject({ accepted: 1, refused: 1, results: [{ status: 422 }, { status: 201 }] });
      expect(body.results[0].problem.code).toBe('period-closed');
    }
    const tried = await sold.csm.post(`/v1/subscriptions/${sold.id}/time-entries?dryRun=true`, entry(sold));
    expect(tried.body.code).toBe('period-closed');
    // No correction moves an entry into a closed month, neither from an open month nor from a closed one.
    expect((await correct(sold, april, { workDate: '2026-03-31' })).body.code).toBe('period-closed');
    expect((await correct(sold, march, { workDate: '2026-02-28' })).body.code).toBe('period-closed');
    // A correction that moves an entry out of a closed month writes an adjustment and an ordinary entry.
    const moved = await correct(sold, march, { workDate: '2026-05-04', minutes: 30 });
    expect(moved.body.entry).toMatchObject({ accountingMonth: '2026-05', adjustsMonth: null });
    expect(await lines(sold)).toEqual(
      expect.arrayContaining(['2026-03 30', '2026-04 -30 of 2026-03', '2026-05 30']) as string[],
    );
    expect(await lines(sold, 'corrected')).toEqual(
      expect.arrayContaining(['2026-03 30', '2026-03 -30 of 2026-03', '2026-05 30']) as string[],
    );
  });

  it('an adjustment stays in the month that took it, even if the adjusted month is reopened and closed again', async () => {
    const sold = await contract({ startsOn: '2026-03-01' });
    const [one, two] = [await entryId(log(sold, { minutes: 40 })), await entryId(log(sold, { minutes: 7 }))];
    const first = await close('2026-03');
    await correct(sold, one, { minutes: 35 });
    expect(await lines(sold)).toEqual(['2026-03 40', '2026-03 7', '2026-04 -40 of 2026-03', '2026-04 35 of 2026-03']);
    const { body } = await finance.get('/v1/periods/2026-03');
    expect(body.controlTotals).toEqual(first.body.controlTotals);

    await reopen('2026-03');
    await log(sold, { minutes: 5 });
    await reverse(sold, two);
    const again = await close('2026-03');
    const [{ rows, minutes }, before] = [again.body.controlTotals, first.body.controlTotals];
    expect([rows - before.rows, minutes - before.minutes]).toEqual([2, -2]);
    expect(again.body.history.map(({ event }: Json) => event).slice(-3)).toEqual(['closed', 'reopened', 'closed']);
    expect((await lines(sold)).slice(-2)).toEqual(['2026-04 -40 of 2026-03', '2026-04 35 of 2026-03']);
    expect((await lines(sold)).slice(0, -2).sort()).toEqual(['2026-03 -7', '2026-03 40', '2026-03 5', '2026-03 7']);
  });
});

describe('closing a month while others book', () => {
  it('counts every accepted entry and refuses all others, over two instances', async () => {
    const sold = await contract({ package: 'dedicated' });
    const book = (at: number) => log(sold, { minutes: 1, workDate: '2026-06-15' }, at % 2 ? service : twin);
    const before = Array.from({ length: 100 }, (_, at) => book(at));
    await Promise.race(before);
    const closing = close('2026-06', api(twin.baseUrl, finance.token));
    const after = Array.from({ length: 100 }, (_, at) => book(at));
    const answers = await Promise.all([...before, ...after]);
    const closed = await closing;
    expect(closed.status).toBe(200);
    const accepted = answers.filter(({ status }) => status === 201).length;
    const refused = answers.filter(({ body }) => body.code === 'period-closed').length;
    expect(accepted).toBeGreaterThan(0);
    expect(accepted + refused).toBe(200);
    expect(closed.body.controlTotals).toMatchObject({ rows: accepted, minutes: accepted });
    const report = await finance.get('/v1/reports/usage-lines?basis=closed&from=2026-06-01&to=2026-06-30');
    expect(report.body).toMatchObject({ rowCount: accepted, totalMinutes: accepted });
  });

  it('waits for a long booking without blocking other bookings', async () => {
    const sold = await contract();
    const long = await unfinishedBooking();
    const closing = close('2026-02');
    await pause(300);
    expect((await log(sold)).status).toBe(201);
    await long.end();
    expect((await closing).status).toBe(200);
  });

  it('closes nothing if its connection is lost', async () => {
    const sold = await contract();
    const long = await unfinishedBooking();
    const closing = close('2026-03');
    const cut = (): Promise<unknown[]> =>
      sql(
        `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = 1001 and not granted
           and mode = 'ExclusiveLock'`,
      );
    while ((await cut()).length === 0) await pause(10);
    expect((await closing).status).toBe(503);
    await long.end();
    expect((await finance.get('/v1/periods/2026-03')).body.status).toBe('open');
    expect((await log(sold)).status).toBe(201);
  });

  it('closes nothing if it fails', async () => {
    const sold = await contract();
    await log(sold);
    await sql(`create function fail() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$`);
    await sql('create trigger fails before insert on accounting_period_events for each row execute function fail()');
    expect((await close('2026-03')).status).toBe(500);
    await sql('drop function fail cascade');
    expect((await finance.get('/v1/periods/2026-03')).body.status).toBe('open');
    expect(await sql(`select from closed_names where month = '2026-03'`)).toEqual([]);
    expect((await log(sold)).status).toBe(201);
    expect((await close('2026-03')).status).toBe(200);
  });

  /** Takes the lock of a booking and keeps it until `end` is called. */
  async function unfinishedBooking(): Promise<{ end: () => Promise<void> }> {
    const client = new Client({ connectionString: service.databaseUrl });
    await client.connect();
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock_shared(1001)');
    return { end: () => client.end() };
  }

  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
});

describe('control totals', () => {
  it('prevent the export of a month whose entries were changed in the database', async () => {
    const sold = await contract();
    const id = await entryId(log(sold, { minutes: 33 }));
    const { controlTotals } = (await close('2026-03')).body;
    const usage = (by: Api, query: string) => by.get(`/v1/reports/usage-lines?basis=closed${query}`);
    const tamper = (change: string) =>
      sql(`alter table time_entries disable trigger time_entries_append_only;
        update time_entries set ${change} where id = '${id}';
        alter table time_entries enable trigger time_entries_append_only`);
    await tamper('minutes = 34');

    const refused = await usage(finance, `&customerId=${sold.customerId}`);
    expect(refused.body).toMatchObject({
      status: 409,
      code: 'control-totals-differ',
      violations: [
        { month: '2026-03', storedMinutes: controlTotals.minutes, foundMinutes: (controlTotals.minutes as number) + 1 },
      ],
    });
    expect(refused.body.detail).toContain(`${controlTotals.rows} rows`);
    for (const report of hoursReports) {
      const answer = await finance.get(`/v1/reports/${report}?basis=closed&from=2026-03-05&to=2026-03-06&format=csv`);
      expect([report, answer.status, answer.body.code]).toEqual([report, 409, 'control-totals-differ']);
    }
    // A user who may not see the hours of all customers gets no totals in the refusal either.
    const ofCustomer = await usage(sold.customer, '');
    expect([ofCustomer.status, ofCustomer.body.violations]).toEqual([409, undefined]);
    expect(ofCustomer.body.detail).not.toMatch(/[0-9] (rows|min)/);
    // Other months, and the basis `corrected`, are exported as before.
    expect((await usage(finance, '&from=2026-04-01')).status).toBe(200);
    expect((await usage(finance, '&to=2026-02-28')).status).toBe(200);
    expect((await finance.get('/v1/reports/usage-lines')).status).toBe(200);

    await tamper(`minutes = 33`);
    expect((await usage(finance, '')).status).toBe(200);
    await tamper(`work_date = '2026-04-01', accounting_month = '2026-04'`);
    expect((await usage(finance, '&from=2026-03-31&to=2026-04-30')).body.code).toBe('control-totals-differ');
    await tamper(`work_date = '2026-01-31', accounting_month = '2026-01'`);
    expect((await usage(finance, '&from=2026-01-01&to=2026-01-31')).body.code).toBe('control-totals-differ');
    await tamper(`work_date = '2026-03-10', accounting_month = '2026-03'`);
    expect((await usage(finance, '')).status).toBe(200);
  });

  it('are compared only for the customers that a report covers', async () => {
    const [sold, other] = [await contract(), await contract()];
    const id = await entryId(log(sold, { minutes: 45 }));
    await log(other, { minutes: 45 });
    await close('2026-03');
    const usage = (by: Api, query = '') =>
      by.get(`/v1/reports/usage-lines?basis=closed&from=2026-03-01&to=2026-03-31${query}`);
    const tamper = (change: string) =>
      sql(`alter table time_entries disable trigger time_entries_append_only;
        update time_entries set ${change} where id = '${id}';
        alter table time_entries enable trigger time_entries_append_only`);
    const statuses = async () => [
      (await usage(finance)).status,
      (await usage(sold.csm)).status,
      (await usage(sold.customer)).status,
      (await usage(finance, `&customerId=${other.customerId}`)).status,
    ];

    await tamper('minutes = 46');
    expect(await statuses()).toEqual([409, 409, 409, 200]);
    expect((await usage(other.customer)).body).toMatchObject({ rowCount: 1, totalMinutes: 45 });
    // An entry that is moved to another contract leaves the total of the whole month as it was.
    await sql(
      `alter table time_entries disable trigger user; alter table time_entries drop constraint time_entries_term_fk`,
    );
    await tamper(`minutes = 45, subscription_id = '${other.id}'`);
    const moved = await usage(finance, `&customerId=${other.customerId}`);
    expect(moved.body).toMatchObject({
      code: 'control-totals-differ',
      violations: [{ month: '2026-03', storedRows: 1, storedMinutes: 45, foundRows: 2, foundMinutes: 90 }],
    });
    expect((await usage(sold.csm)).status).toBe(409);
    await tamper(`subscription_id = '${sold.id}'`);
    await sql('alter table time_entries enable trigger user');
    expect(await statuses()).toEqual([200, 200, 200, 200]);
  });
});
