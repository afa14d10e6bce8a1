import { api, type Api, type Json } from '../support/client.js';
import { soldContract, type SoldContract } from '../support/contract.js';
import { person, type Person } from '../support/people.js';
import { advance, allMails, renewingContract } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let admin: Api;
let finance: Person;

beforeEach(async () => {
  service = await startService({ clock: '2026-04-10T03:00:00Z' });
  admin = api(service.baseUrl, service.adminToken);
  finance = await person(service, 'finance');
});
afterEach(() => service.stop());

const annul = (id: string, by: Api = admin) =>
  by.post(`/v1/subscriptions/${id}/annulment`, { reason: 'Entered for the wrong customer' });

async function contract(startsOn = '2026-04-01'): Promise<SoldContract> {
  const sold = await soldContract(service, { package: 'premier', startsOn });
  const [consultantId, productLineId] = [sold.consultantIds[0], sold.productLineIds[0]];
  const allocations = [{ consultantId, productLineId, minutes: 0 }];
  const set = await sold.csm.put(`/v1/subscriptions/${sold.id}/allocations`, { allocations }, { 'if-match': '"0"' });
  expect(set.status).toBe(200);
  return sold;
}

const entry = ({ consultantIds, productLineIds }: SoldContract, change: object = {}) => ({
  workDate: '2026-04-09',
  minutes: 60,
  consultantId: consultantIds[0],
  productLineId: productLineIds[0],
  activity: 'health-check',
  delivery: 'remote',
  summary: 'S',
  ...change,
});

const log = (sold: SoldContract, change: object = {}) =>
  sold.csm.post(`/v1/subscriptions/${sold.id}/time-entries`, entry(sold, change));

async function reverse(logged: Awaited<ReturnType<typeof log>>): Promise<void> {
  expect(logged.status).toBe(201);
  const path = `/v1/time-entries/${logged.body.entry.id}/reversal`;
  expect((await admin.post(path, { reason: 'Wrong contract' })).status).toBe(201);
}

const visit = ({ consultantIds }: SoldContract) => ({
  startsOn: '2026-04-07',
  endsOn: '2026-04-09',
  place: '大阪',
  consultantIds,
});

/** The rows of a report, read by finance. */
async function rows(report: string, query = ''): Promise<Json[]> {
  const { status, body } = await finance.get(`/v1/reports/${report}?format=json${query}`);
  expect([report, status]).toEqual([report, 200]);
  return body.data as Json[];
}

describe('an annulled contract', () => {
  test('appears in no list, renewal, forecast, mail or report, and can still be read by its id', async () => {
    const wrong = await renewingContract(service, { startsOn: '2026-04-01', locale: 'en' });
    const right = await renewingContract(service, { startsOn: '2026-04-01', locale: 'en' });
    // The first of the four reminders has been sent.
    await advance(service, '2026-12-31T01:00:00Z');
    const sentBefore = (await allMails(service)).length;

    const annulled = await annul(wrong.id);
    const me = (await admin.get('/v1/me')).body.id as string;
    const annulment = {
      reason: 'Entered for the wrong customer',
      annulledAt: '2026-12-31T01:00:00.000Z',
      annulledBy: me,
    };
    expect([annulled.status, annulled.body.status, annulled.body.annulment]).toEqual([200, 'annulled', annulment]);
    expect(annulled.body.currentTerm).toMatchObject({ status: 'annulled', renewalState: 'ended' });
    for (const who of [admin, wrong.csm, finance]) {
      const read = await who.get(`/v1/subscriptions/${wrong.id}`);
      expect([read.status, read.body.annulment, read.body.balance.grantedMinutes]).toEqual([200, annulment, 5760]);
    }
    expect((await wrong.customer.get(`/v1/subscriptions/${wrong.id}`)).status).toBe(404);
    expect((await admin.get(`/v1/subscriptions/${wrong.id}/ledger`)).body.data).toMatchObject([{ kind: 'grant' }]);
    const verified = await admin.post(`/v1/subscriptions/${wrong.id}/verify`);
    expect(verified.body).toEqual({ consistent: true, differences: [] });

    const listed = async (path: string): Promise<string[]> =>
      (await admin.get(path)).body.data.map((row: Json) => (row.subscriptionId ?? row.id) as string);
    expect(await listed('/v1/subscriptions')).toEqual([right.id]);
    expect(await listed('/v1/subscriptions?status=annulled')).toEqual([wrong.id]);
    expect(await listed('/v1/renewals')).toEqual([right.id]);
    expect(new Set(await listed('/v1/forecast?until=2028-04-30'))).toEqual(new Set([right.id]));
    for (const report of ['entitlements', 'renewals']) {
      for (const basis of ['corrected', 'closed']) {
        const found = await rows(report, `&basis=${basis}`);
        expect([report, basis, found.map(({ subscriptionId }) => subscriptionId as string)]).toEqual([
          report,
          basis,
          [right.id],
        ]);
      }
    }

    const statement = `/v1/terms/${annulled.body.currentTerm.id}/usage-statement`;
    expect((await admin.get(statement)).status).toBe(404);

    // After the end of the term, the other contract has renewed. No mail about the annulled contract was sent.
    await advance(service, '2027-04-10T00:00:00Z');
    const mails = (await admin.get(`/v1/subscriptions/${wrong.id}/reminders?limit=200`)).body.data as Json[];
    expect(mails.filter(({ sentAt }) => sentAt > '2026-12-31T01:00:00.000Z')).toEqual([]);
    expect(mails.filter(({ status }) => status === 'planned')).toEqual([]);
    expect((await allMails(service)).length).toBeGreaterThan(sentBefore);
    expect((await admin.get(`/v1/subscriptions/${wrong.id}/terms`)).body.data).toHaveLength(1);
    expect((await admin.get(`/v1/subscriptions/${right.id}/terms`)).body.data).toHaveLength(2);
    expect(await rows('expired-hours')).toHaveLength(1);
  });

  test('sends none of its waiting mails, and staff cannot resend them', async () => {
    const wrong = await renewingContract(service, { startsOn: '2026-04-01' });
    await advance(service, '2026-12-31T01:00:00Z');
    const [{ id: sent }] = (await admin.get(`/v1/subscriptions/${wrong.id}/reminders`)).body.data;
    // This mail waits for its next attempt.
    await service.database.write((tx) =>
      tx.query(
        `insert into mails (id, kind, subscription_id, term_id, occasion, recipient_role, recipient_name, recipient_address,
           locale, message_id, facts, queued_at, next_attempt_at, status)
         select gen_random_uuid(), kind, subscription_id, term_id, 'again', recipient_role, recipient_name, recipient_address,
           locale, 'waiting@trm.test', facts, queued_at, queued_at + interval '1 hour', 'queued' from mails where id = $1`,
        [sent],
      ),
    );
    expect((await annul(wrong.id)).status).toBe(200);
    await advance(service, '2027-01-10T00:00:00Z');
    const mails = (await admin.get(`/v1/subscriptions/${wrong.id}/reminders?limit=200`)).body.data as Json[];
    const givenUp = mails.filter(({ status }) => status === 'failed');
    expect(givenUp).toHaveLength(1);
    expect(givenUp[0].lastError).toContain('annulled');
    expect((await admin.post(`/v1/reminders/${givenUp[0].id}/resend`)).body.code).toBe('mail-no-longer-true');
  });

  test('refuses every further change with 409', async () => {
    const sold = await contract();
    const { body: planned } = await sold.csm.post(`/v1/subscriptions/${sold.id}/visits`, visit(sold));
    await sold.csm.post(`/v1/visits/${planned.id}/cancel`);
    const { version } = (await annul(sold.id)).body as { version: number };
    const ifMatch = { 'if-match': `"${version}"` };
    const path = `/v1/subscriptions/${sold.id}`;
    const pair = { consultantId: sold.consultantIds[0], productLineId: sold.productLineIds[0] };
    const notice = { party: 'customer', signedBy: 'Sato', channel: 'email', receivedAt: '2026-04-10T00:00:00Z' };
    const lines = { effectiveOn: '2026-05-01', productLineIds: [] };
    const expense = { amount: '100', currency: 'JPY', description: 'Ticket' };
    const learner = { learnerName: 'L', learnerEmail: 'l@customer.example' };
    const requests: [string, Promise<{ status: number; body: Json }>][] = [
      ['annulment', annul(sold.id)],
      ['change', sold.csm.patch(path, { pacePolicy: 'enforce' }, ifMatch)],
      ['next package', sold.csm.put(`${path}/next-package`, { package: 'basic' }, ifMatch)],
      ['upgrade', sold.csm.post(`${path}/upgrade`, { package: 'enterprise' })],
      ['product lines', sold.csm.put(`${path}/product-lines`, lines, ifMatch)],
      ['allocations', sold.csm.put(`${path}/allocations`, { allocations: [{ ...pair, minutes: 5 }] }, ifMatch)],
      ['visit', sold.csm.post(`${path}/visits`, visit(sold))],
      ['cancellation', sold.csm.post(`/v1/visits/${planned.id}/cancel`)],
      ['expense', sold.csm.post(`/v1/visits/${planned.id}/expenses`, expense)],
      ['seat', sold.csm.post(`${path}/seats`, learner)],
      ['notice', sold.csm.post(`${path}/non-renewal-notices`, notice)],
      ['entry', log(sold)],
    ];
    for (const [what, answer] of requests) {
      const { status, body } = await answer;
      expect([what, status, body.code]).toEqual([what, 409, 'subscription-annulled']);
    }
    const batch = await sold.csm.post('/v1/time-entries/batch', {
      atomic: false,
      entries: [{ subscriptionId: sold.id, ...entry(sold) }],
    });
    expect(batch.body.results).toMatchObject([{ status: 409, problem: { code: 'subscription-annulled' } }]);
  });
});

describe('an annulment', () => {
  test('is possible only for an administrator, who must give a reason', async () => {
    const sold = await contract();
    for (const who of [sold.csm, finance, sold.customer]) expect((await annul(sold.id, who)).status).toBe(403);
    const withoutReason = await admin.post(`/v1/subscriptions/${sold.id}/annulment`, {});
    expect([withoutReason.status, withoutReason.body.errors[0].pointer]).toEqual([400, '/reason']);
    expect((await annul('00000000-0000-7000-8000-00000000dead')).status).toBe(404);
  });

  test('is refused while entries, visits, expenses or notices are in force, and accepted once all are undone', async () => {
    const sold = await contract();
    const logged = await log(sold);
    const { body: planned } = await sold.csm.post(`/v1/subscriptions/${sold.id}/visits`, visit(sold));
    const { body: expense } = await sold.csm.post(`/v1/visits/${planned.id}/expenses`, {
      amount: '1200',
      currency: 'JPY',
      description: 'Ticket',
    });
    const { body: notice } = await sold.csm.post(`/v1/subscriptions/${sold.id}/non-renewal-notices`, {
      party: 'customer',
      signedBy: 'Sato',
      channel: 'email',
    });
    const refused = await annul(sold.id);
    expect([refused.status, refused.body.code]).toEqual([422, 'rules-violated']);
    expect(refused.body.violations).toMatchObject([
      { code: 'subscription-has-entries', count: 1 },
      { code: 'subscription-has-visits', count: 1 },
      { code: 'subscription-has-expenses', count: 1 },
      { code: 'subscription-has-notices', count: 1 },
    ]);

    await reverse(logged);
    await sold.csm.post(`/v1/visits/${planned.id}/cancel`);
    await sold.csm.post(`/v1/expenses/${expense.id}/reversal`, { reason: 'Refunded' });
    const withdrawal = { signedBy: 'Sato', reason: 'Wrong contract' };
    expect((await sold.csm.post(`/v1/non-renewal-notices/${notice.id}/withdrawal`, withdrawal)).status).toBe(200);
    expect((await annul(sold.id)).status).toBe(200);
    expect((await admin.get(`/v1/subscriptions/${sold.id}/time-entries`)).body.data).toHaveLength(1);
    expect((await admin.get('/v1/time-entries')).body.data).toEqual([]);
    expect(await rows('usage-lines')).toEqual([]);
    expect(await rows('travel-expenses')).toEqual([]);
    expect((await annul(sold.id)).body.code).toBe('subscription-annulled');
  });

  test('is refused after the first renewal', async () => {
    const sold = await contract('2025-04-05');
    const { status, body } = await annul(sold.id);
    expect([status, body.code]).toEqual([422, 'subscription-already-renewed']);
  });

  test('answers the same when it is sent again with its idempotency key', async () => {
    const sold = await contract();
    const key = { 'idempotency-key': 'annul-once' };
    const path = `/v1/subscriptions/${sold.id}/annulment`;
    const first = await admin.post(path, { reason: 'Twice' }, key);
    const again = await admin.post(path, { reason: 'Twice' }, key);
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  test('and a booking at the same moment: exactly one of the two is accepted', async () => {
    for (let round = 0; round < 8; round++) {
      const sold = await contract();
      const [annulled, logged] = await Promise.all([annul(sold.id), log(sold)]);
      expect([
        [200, 409],
        [422, 201],
      ]).toContainEqual([annulled.status, logged.status]);
    }
  });

  test('frees the contract number for the right contract', async () => {
    const sold = await contract();
    const ifMatch = { 'if-match': '"1"' };
    const path = `/v1/subscriptions/${sold.id}`;
    expect((await sold.csm.patch(path, { contractNumber: 'C-1' }, ifMatch)).body.contractNumber).toBe('C-1');
    const right = { customerId: sold.customerId, package: 'premier', contractNumber: 'C-1' };
    expect((await sold.csm.post('/v1/subscriptions', right)).status).toBe(409);
    expect((await annul(sold.id)).body.contractNumber).toBe('C-1');
    expect((await sold.csm.post('/v1/subscriptions', right)).status).toBe(201);
  });

  test('lets an administrator give the CSM another role', async () => {
    const sold = await contract();
    const demote = () => admin.patch(`/v1/users/${sold.csm.id}`, { role: 'finance' }, { 'if-match': '"1"' });
    expect((await demote()).body.code).toBe('user-owns-subscriptions');
    await annul(sold.id);
    expect((await demote()).status).toBe(200);
  });
});

describe('a report on the basis `closed`', () => {
  const reports = ['usage-lines', 'usage-summary', 'entitlements', 'utilisation', 'travel-expenses'];
  const reportsOfMonth = (month: string, last: number) =>
    Promise.all(reports.map((report) => rows(report, `&basis=closed&from=${month}-01&to=${month}-${last}`)));

  test('shows a month closed before the annulment unchanged, and takes everything back in the next month', async () => {
    const sold = await contract();
    const other = await contract();
    const logged = await log(sold);
    await log(other, { minutes: 45 });
    const { body: planned } = await sold.csm.post(`/v1/subscriptions/${sold.id}/visits`, visit(sold));
    const expensePath = `/v1/visits/${planned.id}/expenses`;
    const { body: spent } = await sold.csm.post(expensePath, { amount: '12', currency: 'EUR', description: 'Tram' });
    await advance(service, '2026-05-04T00:00:00Z');
    expect((await finance.post('/v1/periods/2026-04/close')).status).toBe(200);
    const april = await reportsOfMonth('2026-04', 30);

    await reverse(logged);
    await sold.csm.post(`/v1/visits/${planned.id}/cancel`);
    await sold.csm.post(`/v1/expenses/${spent.id}/reversal`, { reason: 'Refunded' });
    expect((await annul(sold.id)).status).toBe(200);

    expect(await reportsOfMonth('2026-04', 30)).toEqual(april);
    const rowsOf = (found: Json[], { id }: SoldContract) => found.filter(({ subscriptionId }) => subscriptionId === id);
    const [lines, , terms, , expenses] = await reportsOfMonth('2026-05', 31);
    expect(rowsOf(lines!, sold)).toMatchObject([{ kind: 'adjustment', minutes: -60, adjustsMonth: '2026-04' }]);
    expect(rowsOf(terms!, sold)).toMatchObject([
      { openingMinutes: 11_460, grantedMinutes: -11_520, usedMinutes: 0, reversedMinutes: 60, closingMinutes: 0 },
    ]);
    expect(rowsOf(expenses!, sold)).toMatchObject([{ kind: 'adjustment', amount: '-12.00' }]);

    await advance(service, '2026-07-02T00:00:00Z');
    expect((await finance.post('/v1/periods/2026-05/close')).status).toBe(200);
    expect(await reportsOfMonth('2026-04', 30)).toEqual(april);
    const [, , june] = await reportsOfMonth('2026-06', 30);
    expect(june!.map(({ subscriptionId }) => subscriptionId as string)).toEqual([other.id]);
    expect(rowsOf(await rows('usage-lines'), sold)).toEqual([]);
    expect(rowsOf(await rows('entitlements'), sold)).toEqual([]);
  });

  test('shows no contract that was annulled before its month was closed', async () => {
    const sold = await contract();
    await reverse(await log(sold));
    expect((await annul(sold.id)).status).toBe(200);
    await advance(service, '2026-05-04T00:00:00Z');
    const closed = await finance.post('/v1/periods/2026-04/close');
    expect(closed.body.controlTotals).toEqual({ rows: 0, minutes: 0, onsiteMinutes: 0 });
    expect((await reportsOfMonth('2026-04', 30)).flat()).toEqual([]);
  });
});
