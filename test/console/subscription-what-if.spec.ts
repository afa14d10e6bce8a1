import { busySubscription, type BusySubscription } from '../support/busy-subscription.js';
import { consoleClient, type ConsoleClient } from '../support/console.js';
import { startService, type TestService } from '../support/service.js';

// What changes of a term would lead to, beside the present figures.

let service: TestService;
let subscription: BusySubscription;
let path: string;
let csm: ConsoleClient;

beforeAll(async () => {
  service = await startService({ clock: '2026-12-28T00:00:00Z' });
  subscription = await busySubscription(service);
  path = `/console/subscriptions/${subscription.id}/what-if`;
  csm = await consoleClient(service, subscription.csm);
});
afterAll(() => service.stop());

test('without a question, the page shows the present figures and the mails that will follow', async () => {
  const { status, text } = await csm.get(path);
  expect(status).toBe(200);
  expect(text).toContain('Granted 212 h');
  expect(text).toContain('30 January 2027: Renewal reminder, 60 days before the end (customer, CSM)');
});

test('an answer stands beside the present figures, at an address that can be sent on', async () => {
  const { text, html } = await csm.get(
    `${path}?package=enterprise&packageOn=2027-01-10&topUpHours=10&topUpOn=&monthlyHours=&noticeOn=`,
  );
  expect(text).toMatch(/Granted 212 h 26\d h/);
  expect(html).toMatch(/id="topUpHours"[^>]*value="10"/);
});

test('a late notice is said to have no effect, and one in time ends the subscription', async () => {
  expect((await csm.get(`${path}?noticeOn=2027-01-30`)).text).toContain('In time: the subscription ends');
  expect((await csm.get(`${path}?noticeOn=2027-01-31`)).text).toContain('Late: without effect');
});

test('an impossible question is refused in place, and an unreadable amount at its field', async () => {
  const impossible = await csm.get(`${path}?package=basic`);
  expect([impossible.status, impossible.html.includes('role="alert"')]).toEqual([200, true]);
  const unreadable = await csm.get(`${path}?topUpHours=many`);
  expect(unreadable.text).toContain('must be an amount of time');
});

test('customers do not have this page', async () => {
  const customer = await consoleClient(service, subscription.customer);
  expect((await customer.get(path)).status).toBe(403);
});
