import { api, type Answer, type Json } from '../support/client.js';
import { person } from '../support/people.js';
import { advance } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';
import { use, usedContract, type UsedContract } from '../support/usage.js';

jest.setTimeout(60_000);

// 2026-10-07 is a Wednesday.
let service: TestService;
beforeAll(async () => {
  service = await startService({ clock: '2026-10-07T01:00:00Z' });
});
afterAll(() => service.stop());

const path = '/v1/me/today';

function must({ status, body }: Answer, wanted = 200): Json {
  if (status !== wanted) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return body;
}

async function planned({ id, csm, consultantId, productLineIds }: UsedContract, plannedOn: string): Promise<void> {
  const work = { consultantId, productLineId: productLineIds[0], activity: 'enablement', delivery: 'remote' };
  const session = { ...work, plannedOn, minutes: 120, summary: 'Workshop' };
  must(await csm.post(`/v1/subscriptions/${id}/planned-sessions`, session), 201);
}

test('shows the portfolio of a CSM, and nothing of other portfolios', async () => {
  const csm = await person(service, 'csm', undefined, { timeZone: 'Asia/Tokyo' });
  const quiet = await usedContract(service, { csm, startsOn: '2026-09-01' });
  // Its last day is 2026-10-31, its last day for a notice 2026-09-01.
  const ending = await usedContract(service, { csm, startsOn: '2025-11-01' });
  // Its last day for a notice is 2026-10-20.
  const deciding = await usedContract(service, { csm, startsOn: '2025-12-20' });
  await use(quiet, '2026-10-04', 30);
  await use(quiet, '2026-10-05', 60);
  await use(quiet, '2026-10-07', 45);
  await use(deciding, '2026-10-07', 200);
  const mistaken = await use(deciding, '2026-10-06', 500);
  must(await csm.post(`/v1/time-entries/${mistaken.id}/reversal`, { reason: 'Wrong customer' }), 201);
  for (const day of ['2026-10-14', '2026-10-07', '2026-10-15']) await planned(quiet, day);
  const other = await usedContract(service, { startsOn: '2025-12-20' });
  await use(other, '2026-10-07', 90);

  const today = must(await csm.get(path));
  expect(today).toMatchObject({
    date: '2026-10-07',
    week: { startsOn: '2026-10-05', endsOn: '2026-10-11', minutes: 305 },
    failedMails: [],
  });
  expect((today.week.days as Json[]).map(({ minutes }) => minutes as number)).toEqual([60, 0, 245, 0, 0, 0, 0]);
  expect((today.week.byCustomer as Json[]).map(({ customerId, minutes }) => [customerId, minutes])).toEqual([
    [deciding.customerId, 200],
    [quiet.customerId, 105],
  ]);
  expect((today.plannedSessions as Json[]).map(({ plannedOn, status }) => `${plannedOn} ${status}`)).toEqual([
    '2026-10-07 open',
    '2026-10-14 open',
  ]);
  expect((today.deadlines as Json[]).map(({ kind, date, subscriptionId }) => [kind, date, subscriptionId])).toEqual([
    ['notice', '2026-10-20', deciding.id],
    ['term-end', '2026-10-31', ending.id],
  ]);
  const listed = must(await csm.get('/v1/attention'));
  expect(today.attention).toEqual(listed.data);
  expect(today.attentionCount).toBe((listed.data as Json[]).length);
  expect(today.attentionCount).toBeGreaterThan(0);

  // A planned session is overdue after three further days, in the order of its day.
  await advance(service, '2026-10-12T01:00:00Z');
  const later = must(await csm.get(path));
  expect(later).toMatchObject({ date: '2026-10-12', week: { startsOn: '2026-10-12', minutes: 0, byCustomer: [] } });
  expect((later.plannedSessions as Json[]).map(({ plannedOn, status }) => `${plannedOn} ${status}`)).toEqual([
    '2026-10-07 overdue',
    '2026-10-14 open',
    '2026-10-15 open',
  ]);

  // After the roll-over, the work of the closed term can be logged until 10 November.
  await advance(service, '2026-11-02T01:00:00Z');
  expect((must(await csm.get(path)).deadlines as Json[]).slice(0, 1)).toMatchObject([
    { kind: 'late-entries', date: '2026-11-10', subscriptionId: ending.id },
  ]);
});

test('counts all subscriptions that need the CSM, and shows the first ten', async () => {
  const csm = await person(service, 'csm');
  for (let at = 0; at < 11; at++) await usedContract(service, { csm, startsOn: '2026-02-01', usageContacts: 0 });
  const { attention, attentionCount } = must(await csm.get(path));
  expect([attentionCount, (attention as Json[]).length]).toEqual([11, 10]);
});

test('takes the day of the user’s zone, and texts in the language of the caller', async () => {
  const csm = await person(service, 'csm', undefined, { timeZone: 'America/Los_Angeles' });
  await usedContract(service, { csm, startsOn: '2026-02-01' });
  const { date, week, attention } = must(await csm.get(path, { 'accept-language': 'ja' }));
  expect([date, week.startsOn]).toEqual(['2026-11-01', '2026-10-26']);
  expect((attention as Json[])[0]!.reasons[0].detail).toMatch(/[ぁ-ん]/);
});

test('is for CSMs; an administrator sees the subscriptions of which he or she is the CSM', async () => {
  const admin = api(service.baseUrl, service.adminToken);
  const nothing = { attention: [], attentionCount: 0, plannedSessions: [], deadlines: [], failedMails: [] };
  expect(must(await admin.get(path))).toMatchObject({ ...nothing, week: { minutes: 0, byCustomer: [] } });
  const { customerId } = await usedContract(service, { startsOn: '2026-02-01' });
  expect((await (await person(service, 'finance')).get(path)).status).toBe(403);
  expect((await (await person(service, 'customer', customerId)).get(path)).status).toBe(403);
  expect((await admin.get(`${path}?limit=1`)).status).toBe(400);
});
