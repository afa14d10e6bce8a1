import { api, type Json } from '../support/client.js';
import { contractToBookOn, logOn } from '../support/booking.js';
import type { SoldContract } from '../support/contract.js';
import { person } from '../support/people.js';
import { advance } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';

/** A year of a Premier contract in Tokyo, 2026-04-01…2027-03-31: its reasons of attention come and go (§6). */

let service: TestService;
let contract: SoldContract;

beforeAll(async () => {
  service = await startService({ clock: '2026-04-01T03:00:00Z' });
  contract = await contractToBookOn(service, { productLines: 1 });
});
afterAll(() => service.stop());

/** The codes at noon in Tokyo on a day, from the list and for the subscription alone: both must be equal. */
async function codesOn(day: string): Promise<string[]> {
  await advance(service, `${day}T03:00:00Z`);
  const { body } = await contract.csm.get(`/v1/subscriptions/${contract.id}/attention`);
  const listed = (await contract.csm.get('/v1/attention')).body.data as Json[];
  expect(listed).toEqual(body.reasons.length === 0 ? [] : [body]);
  return (body.reasons as { code: string }[]).map(({ code }) => code);
}

async function log(workDate: string, change: object): Promise<void> {
  expect((await logOn(contract, workDate, change)).status).toBe(201);
}

const patchCustomer = async (change: object): Promise<void> => {
  const path = `/v1/customers/${contract.customerId}`;
  const { headers } = await contract.csm.get(path);
  await contract.csm.patch(path, change, { 'if-match': headers.get('etag')! });
};

test('no time is logged for three weeks, and then some', async () => {
  expect(await codesOn('2026-04-21')).toEqual([]);
  expect(await codesOn('2026-04-22')).toEqual(['no-entry-for']);
  await log('2026-04-22', { minutes: 300 });
  expect(await codesOn('2026-04-22')).toEqual([]);
  // 960 minutes a service month are planned.
  expect(await codesOn('2026-05-10')).toEqual(['behind-plan']);
  for (const workDate of ['2026-05-07', '2026-05-08']) await log(workDate, { minutes: 420 });
  expect(await codesOn('2026-05-10')).toEqual([]);
});

test('a session is planned, and does not take place', async () => {
  const path = `/v1/subscriptions/${contract.id}/planned-sessions`;
  const { body } = await contract.csm.post(path, {
    plannedOn: '2026-05-12',
    minutes: 120,
    consultantId: contract.consultantIds[0],
    productLineId: contract.productLineIds[0],
    activity: 'health-check',
    delivery: 'remote',
    summary: 'Health check',
  });
  expect(await codesOn('2026-05-15')).toEqual([]);
  expect(await codesOn('2026-05-16')).toEqual(['planned-session-overdue']);
  await log('2026-05-12', { minutes: 120, plannedSessionId: body.sessions[0].id });
  expect(await codesOn('2026-05-16')).toEqual([]);
});

test('a month passes without an entry, until finance closes it', async () => {
  await log('2026-05-16', { minutes: 900 });
  // June has no entry. The first of July is a Wednesday.
  expect(await codesOn('2026-07-01')).toEqual(['no-entry-for', 'month-closing-unlogged']);
  await log('2026-07-01', { minutes: 1_000 });
  expect(await codesOn('2026-07-01')).toEqual(['month-closing-unlogged']);
  const finance = await person(service, 'finance');
  expect((await finance.post('/v1/periods/2026-06/close', {})).status).toBe(200);
  expect(await codesOn('2026-07-01')).toEqual([]);
});

test('the renewal comes near, without a renewal contact', async () => {
  await codesOn('2026-12-30');
  await log('2026-12-30', { minutes: 1_440 });
  await log('2026-12-29', { minutes: 1_440 });
  await log('2026-12-28', { minutes: 1_440 });
  await log('2026-12-25', { minutes: 900 });
  await log('2026-11-25', { minutes: 700 });
  expect(await codesOn('2026-12-30')).toEqual([]);
  expect(await codesOn('2026-12-31')).toEqual([
    'notice-deadline-near',
    'no-renewal-contact',
    'visits-unused',
    'seats-unused',
  ]);
  await patchCustomer({ contacts: [{ name: 'Sato', email: 'sato@customer.example', roles: ['renewal'] }] });
  for (const learner of ['mori', 'kato']) {
    const seat = { learnerName: learner, learnerEmail: `${learner}@customer.example` };
    await contract.csm.post(`/v1/subscriptions/${contract.id}/seats`, seat);
  }
  expect(await codesOn('2026-12-31')).toEqual(['notice-deadline-near', 'visits-unused']);
});

test('a lower package is set, and the renewal locks', async () => {
  const path = `/v1/subscriptions/${contract.id}`;
  const { headers } = await contract.csm.get(path);
  await contract.csm.put(`${path}/next-package`, { package: 'basic' }, { 'if-match': headers.get('etag')! });
  expect(await codesOn('2027-01-19')).toEqual(['notice-deadline-near', 'visits-unused']);
  expect(await codesOn('2027-01-31')).toEqual(['no-entry-for', 'visits-unused', 'locked-downgrade']);
});

test('the term ends: the hours that expired can be logged for ten days', async () => {
  await codesOn('2027-03-31');
  expect(await codesOn('2027-04-06')).toEqual(['month-closing-unlogged']);
  expect(await codesOn('2027-04-07')).toEqual(['late-entry-window-closing', 'month-closing-unlogged']);
  const { body } = await contract.csm.get(`/v1/subscriptions/${contract.id}/attention`);
  expect(body.reasons[0]).toMatchObject({ since: '2027-04-07', figures: { lastEntryOn: '2027-04-10', days: 3 } });
  await log('2027-03-30', { minutes: 60 });
  expect(await codesOn('2027-04-07')).toEqual(['late-entry-window-closing']);
  expect(await codesOn('2027-04-11')).toEqual([]);
});

test('a deputy sees what the CSM sees, and only for the days named', async () => {
  const deputy = await person(service, 'csm');
  const path = `/v1/users/${contract.csm.id}/deputies`;
  const { headers } = await contract.csm.get(path);
  const deputies = [{ userId: deputy.id, from: '2027-04-30', to: '2027-05-01' }];
  const named = await contract.csm.put(path, { deputies }, { 'if-match': headers.get('etag') ?? '' });
  expect(named.status).toBe(200);
  const seenBy = async (day: string) => {
    await advance(service, `${day}T03:00:00Z`);
    return ((await api(service.baseUrl, deputy.token).get('/v1/attention')).body.data as Json[]).length;
  };
  expect([await seenBy('2027-04-29'), await seenBy('2027-04-30'), await seenBy('2027-05-02')]).toEqual([0, 1, 0]);
});
