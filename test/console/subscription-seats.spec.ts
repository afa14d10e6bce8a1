import { busySubscription, type BusySubscription } from '../support/busy-subscription.js';
import { consoleClient } from '../support/console.js';
import { startService, type TestService } from '../support/service.js';

// The learning seats of a subscription, assigned and released by CSMs and by the customer.

let service: TestService;
let subscription: BusySubscription;
let path: string;

beforeAll(async () => {
  service = await startService({ clock: '2026-12-28T00:00:00Z' });
  subscription = await busySubscription(service);
  path = `/console/subscriptions/${subscription.id}/seats`;
});
afterAll(() => service.stop());

test('a customer assigns the last seat, and releases it again', async () => {
  const customer = await consoleClient(service, subscription.customer);
  const page = await customer.get(path);
  expect(page.text).toContain('1 of 2 seats assigned.');
  const refused = await customer.submit(page, path, { learnerName: 'Kim', learnerEmail: 'nobody' });
  expect(refused.status).toBe(400);
  expect(refused.html).toContain('value="Kim"');
  const assigned = await customer.follow(
    await customer.submit(refused, path, { learnerName: 'Kim', learnerEmail: 'kim@aoi.example' }),
  );
  expect(assigned.text).toContain('Kim has a seat now.');
  expect(assigned.text).toContain('All seats are assigned.');
  const release = /action="([^"]*\/release)"/.exec(assigned.html)![1]!;
  const released = await customer.follow(await customer.submit(assigned, release));
  expect(released.text).toContain('The seat of Kim is free again.');
  expect((await customer.get(`${path}?ended=true`)).text).toContain('Released');
});

test('a learner gets one seat only', async () => {
  const csm = await consoleClient(service, subscription.csm);
  const page = await csm.get(path);
  const held = /yamada-\d+@aoi\.example/.exec(page.text)![0];
  const refused = await csm.submit(page, path, { learnerName: 'Yamada', learnerEmail: held });
  expect(refused.status).toBe(422);
  expect(refused.html).toContain('role="alert"');
});

test('finance reads the seats only', async () => {
  const { status, html } = await (await consoleClient(service, subscription.finance)).get(path);
  expect(status).toBe(200);
  expect(html).not.toContain('learnerEmail');
});
