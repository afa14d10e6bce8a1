import { busySubscription, type BusySubscription } from '../support/busy-subscription.js';
import { consoleClient, type ConsoleClient } from '../support/console.js';
import { startService, type TestService } from '../support/service.js';

// Onsite visits: used and allowed, planned, done, cancelled, and their expenses.

let service: TestService;
let subscription: BusySubscription;
let path: string;
let csm: ConsoleClient;

beforeAll(async () => {
  service = await startService({ clock: '2026-12-28T00:00:00Z' });
  subscription = await busySubscription(service);
  path = `/console/subscriptions/${subscription.id}/visits`;
  csm = await consoleClient(service, subscription.csm);
});
afterAll(() => service.stop());

const visit = () => ({
  startsOn: '2027-02-03',
  endsOn: '2027-02-04',
  place: 'Nagoya <plant>',
  purpose: '',
  consultantIds: [subscription.consultantIds[0]!],
});

test('the page says how many visits are used and allowed', async () => {
  const { text } = await csm.get(path);
  expect(text).toContain('1 of 2 visits of this term are planned or done.');
  expect(text).toContain('Osaka office');
});

test('a visit outside the term is refused, keeps what was typed, and is then planned, done and cancelled', async () => {
  const page = await csm.get(path);
  const refused = await csm.submit(page, path, { ...visit(), endsOn: '2027-05-01' });
  expect(refused.status).toBe(422);
  expect(refused.html).toContain('value="Nagoya &lt;plant>"');
  const planned = await csm.follow(await csm.submit(refused, path, visit()));
  expect(planned.text).toContain('The visit is planned: Nagoya <plant>, Wed 3 Feb – Thu 4 Feb.');
  expect(planned.text).toContain('2 of 2 visits');

  const complete = [...planned.html.matchAll(/action="([^"]*\/complete)"/g)][0]![1]!;
  const done = await csm.follow(await csm.submit(planned, complete));
  expect(done.text).toContain('The visit is marked as done.');
  const cancelled = await csm.follow(await csm.submit(done, complete.replace('/complete', '/cancel')));
  expect(cancelled.text).toContain('The visit is cancelled.');
});

test('a visit with entries is not cancelled', async () => {
  const refused = await csm.submit(await csm.get(path), `${path}/${subscription.visitId}/cancel`);
  expect(refused.status).toBeGreaterThanOrEqual(400);
  expect(refused.html).toContain('role="alert"');
});

test('an expense is recorded and reversed', async () => {
  const address = `${path}/${subscription.visitId}/expenses`;
  const expense = { amount: '12,000', currency: 'JPY', description: 'Shinkansen' };
  const refused = await csm.submit(await csm.get(address), address, expense);
  expect(refused.status).toBe(400);
  expect(refused.html).toContain('value="12,000"');
  const recorded = await csm.follow(await csm.submit(refused, address, { ...expense, amount: '12000' }));
  expect(recorded.text).toContain('12000 JPY are recorded.');
  const reversal = /action="([^"]*\/reversal)"/.exec(recorded.html)![1]!;
  const reversed = await csm.follow(await csm.submit(recorded, reversal, { reason: 'Twice' }));
  expect(reversed.text).toContain('Reversed: Twice');
});

test('a customer sees the visits and never the expenses', async () => {
  const customer = await consoleClient(service, subscription.customer);
  const { status, text } = await customer.get(path);
  expect(status).toBe(200);
  expect(text).toContain('Osaka office');
  expect(text).not.toContain('Expenses');
  expect((await customer.get(`${path}/${subscription.visitId}/expenses`)).status).toBe(403);
});
