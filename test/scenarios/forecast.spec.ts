import { ReminderService } from '../../src/features/renewals/reminder.service.js';
import { RenewalLockService } from '../../src/features/renewals/renewal-lock.service.js';
import { RollOverService } from '../../src/features/subscriptions/roll-over.service.js';
import { api, type Json } from '../support/client.js';
import { person } from '../support/people.js';
import { renewingContract, type RenewingContract } from '../support/renewal.js';
import type { DueCounts } from '../../src/features/due-work/due-job.js';
import { startService, type TestService } from '../support/service.js';
import { nextDueAfter, runDue } from '../support/due-work.js';

/** The forecast and the jobs use the same rules, so the events of the forecast are those that happen. */

// The tests simulate years, on a machine that runs other specs at the same time.
jest.setTimeout(120_000);

let service: TestService;

beforeAll(async () => {
  service = await startService({ clock: '2026-06-15T03:00:00Z' });
});
afterAll(() => service.stop());

const admin = () => api(service.baseUrl, service.adminToken);

/** All pages of the forecast. */
async function forecast(until: string, limit = 7, by = admin()): Promise<Json[]> {
  const events: Json[] = [];
  let cursor = '';
  do {
    const { status, body } = await by.get(`/v1/forecast?until=${until}&limit=${limit}${cursor}`);
    expect(status).toBe(200);
    events.push(...body.data);
    cursor = body.nextCursor && `&cursor=${body.nextCursor}`;
  } while (cursor);
  return events;
}

/** Advances the clock from one due time of the renewal jobs to the next, and runs only these jobs. All jobs would take too long. */
async function travel(to: string): Promise<void> {
  const { clock } = service;
  const jobs = [RenewalLockService, RollOverService, ReminderService] as const;
  for (let now = clock.now(); ;) {
    for (const job of jobs) await runDue<DueCounts>(service, job, now);
    const due = await Promise.all(jobs.map((job) => nextDueAfter(service, job, now)));
    const next = Math.min(...due.map((at) => at?.getTime() ?? Infinity));
    now = new Date(Math.min(next, new Date(to).getTime()));
    if (now <= clock.now()) return;
    await clock.advanceTo(now);
  }
}

/** One line for each event. Callers sort the lines, because events of one moment have no fixed order. */
const lineOf = ({ at, event, subscriptionId, termNumber, daysBefore, outcome }: Json): string =>
  [at, subscriptionId, termNumber, event, daysBefore ?? outcome].join(' ');

/** The events since a moment, read from the stored mails and terms. */
async function eventsSince(since: string): Promise<string[]> {
  const rows = await service.database.read((tx) =>
    tx.query<{ at: Date; subscriptionId: string; number: number; event: string; what: string }>(
      `select distinct m.queued_at as at, m.subscription_id as "subscriptionId", t.number, 'reminder' as event,
         substring(m.kind from '\\d+$') as what
       from mails m join terms t on t.id = m.term_id where m.kind like 'renewal-reminder-%' and m.queued_at > $1
       union all
       select distinct m.queued_at, m.subscription_id, t.number, 'lock', 'renews'
       from mails m join terms t on t.id = m.term_id where m.kind = 'renewal-locked' and m.queued_at > $1
       union all
       select closed_at, subscription_id, number, 'roll-over', case renewal_state when 'renewed' then 'renews' else 'ends' end
       from terms where closed_at > $1`,
      [new Date(since)],
    ),
  );
  return rows.map(({ at, subscriptionId, number, event, what }) =>
    [at.toISOString(), subscriptionId, number, event, what].join(' '),
  );
}

const portfolio: { startsOn: string; timeZone: string; package?: string }[] = [
  { startsOn: '2026-06-15', timeZone: 'Asia/Tokyo' },
  { startsOn: '2026-06-15', timeZone: 'Asia/Tokyo', package: 'premier' },
  { startsOn: '2026-04-01', timeZone: 'America/Los_Angeles' },
  { startsOn: '2025-09-01', timeZone: 'Europe/Berlin' },
  { startsOn: '2025-12-31', timeZone: 'America/Sao_Paulo' },
  { startsOn: '2024-02-29', timeZone: 'Australia/Lord_Howe' },
  { startsOn: '2026-03-01', timeZone: 'Pacific/Kiritimati' },
  // The first one missed reminders, the second one missed its lock, and the notice deadline of the third one is today.
  { startsOn: '2025-08-25', timeZone: 'Asia/Tokyo' },
  { startsOn: '2025-07-20', timeZone: 'Asia/Tokyo' },
  { startsOn: '2025-08-15', timeZone: 'Asia/Tokyo' },
];

test('exactly the events of the forecast happen in the next year and a half', async () => {
  const contracts: RenewingContract[] = [];
  for (const wanted of portfolio) contracts.push(await renewingContract(service, { ...wanted, contacts: 1 }));
  const notice = { party: 'customer', signedBy: 'A. Aoi', channel: 'portal' };
  const declined = contracts[3]!;
  expect((await declined.customer.post(`/v1/subscriptions/${declined.id}/non-renewal-notices`, notice)).status).toBe(
    201,
  );
  const bigger = contracts[0]!;
  const set = { package: 'premier' };
  const path = `/v1/subscriptions/${bigger.id}/next-package`;
  expect((await bigger.csm.put(path, set, { 'if-match': '"1"' })).status).toBe(200);

  // Overdue work is done first, so that the forecast contains only future events.
  await travel('2026-06-15T04:00:00Z');
  const until = '2027-12-15T04:00:00Z';
  const eventsAhead = await forecast(until);
  expect(await forecast(until, 200)).toEqual(eventsAhead);
  expect(eventsAhead.map(({ at }) => at)).toEqual(eventsAhead.map(({ at }) => at).sort());

  const eventsOf = (contract: RenewingContract) =>
    eventsAhead.filter(({ subscriptionId }) => subscriptionId === contract.id);
  expect(eventsOf(declined)).toMatchObject([{ event: 'roll-over', outcome: 'ends', termNumber: 0, renewsAs: null }]);
  expect(eventsOf(bigger).map(({ event, daysBefore, package: sold }) => [event, daysBefore, sold])).toEqual([
    ['reminder', 90, 'basic'],
    ['reminder', 75, 'basic'],
    ['reminder', 67, 'basic'],
    ['reminder', 60, 'basic'],
    ['lock', null, 'basic'],
    ['roll-over', null, 'basic'],
  ]);
  expect(eventsOf(bigger).at(-1)).toMatchObject({
    at: '2027-06-14T15:00:00.000Z',
    customerId: bigger.customerId,
    termId: expect.any(String) as string,
    outcome: 'renews',
    renewsAs: 'premier',
    expiringMinutes: 5_760,
  });
  expect(eventsOf(contracts[6]!).at(-1)).toMatchObject({ termId: null, termNumber: 1, expiringMinutes: null });

  await travel(until);
  expect((await eventsSince('2026-06-15T04:00:00Z')).sort()).toEqual(eventsAhead.map(lineOf).sort());
});

test('after an outage of years, the forecast lists overdue events at the present moment', async () => {
  const start = service.clock.now().toISOString();
  // The clock advances without a run of any job.
  await service.clock.advanceTo(new Date('2031-03-20T00:00:00Z'));
  const eventsAhead = await forecast('2031-03-20T00:00:00Z');
  expect(eventsAhead.every(({ at }) => at === '2031-03-20T00:00:00.000Z')).toBe(true);
  await travel('2031-03-20T00:00:00Z');
  // If a term is over or nearly over before its lock runs, no mail about the lock is sent. So locks are not compared.
  const eventsDone = (await eventsSince(start)).filter(
    (line) => line.includes(' roll-over ') || line.includes(' reminder '),
  );
  expect(eventsDone.sort()).toEqual(
    eventsAhead
      .filter(({ event }) => event !== 'lock')
      .map(lineOf)
      .sort(),
  );
});

test('the forecast shows a CSM their own portfolio, finance everything, and a customer nothing', async () => {
  const contract = await renewingContract(service, { startsOn: '2031-01-01' });
  const until = '2032-01-01';
  const own = await forecast(until, 50, contract.csm);
  expect(new Set(own.map(({ subscriptionId }) => subscriptionId))).toEqual(new Set([contract.id]));
  expect((await forecast(until, 50, await person(service, 'finance'))).length).toBeGreaterThan(own.length);
  expect((await contract.customer.get(`/v1/forecast?until=${until}`)).status).toBe(403);
});

test.each([
  ['2033-03-20', 200, undefined],
  ['2033-03-20T00:00:00Z', 200, undefined],
  ['2033-03-21', 422, 'forecast-too-far'],
  ['2033-03-20T00:00:00.001Z', 422, 'forecast-too-far'],
  ['2031-03-19', 200, undefined],
  ['2033-02-30', 400, 'invalid-query'],
  ['soon', 400, 'invalid-query'],
])('a forecast until %s answers %s %s', async (until, status, code) => {
  const answer = await admin().get(`/v1/forecast?until=${until}`);
  expect([answer.status, answer.body.code]).toEqual([status, code]);
});

test('a forecast without an end or with the cursor of another list is refused', async () => {
  expect((await admin().get('/v1/forecast')).status).toBe(400);
  const { nextCursor } = (await admin().get('/v1/renewals?limit=1')).body;
  const answer = await admin().get(`/v1/forecast?until=2031-04-01&cursor=${nextCursor}`);
  expect([answer.status, answer.body.code]).toEqual([400, 'invalid-cursor']);
});
