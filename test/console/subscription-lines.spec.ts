import { busySubscription, type BusySubscription } from '../support/busy-subscription.js';
import { consoleClient } from '../support/console.js';
import { startService, type TestService } from '../support/service.js';

// The product lines of a subscription, changed from a day on.

let service: TestService;
let subscription: BusySubscription;
let path: string;

beforeAll(async () => {
  service = await startService({ clock: '2026-12-28T00:00:00Z' });
  subscription = await busySubscription(service);
  path = `/console/subscriptions/${subscription.id}/lines`;
});
afterAll(() => service.stop());

const versionOf = (html: string): string => /name="version" value="(\d+)"/.exec(html)![1]!;

test('the page says how many lines are enrolled and allowed', async () => {
  const { text } = await (await consoleClient(service, subscription.customer)).get(path);
  expect(text).toContain('2 of at most 2 lines on one day.');
  expect(text).toContain('no end');
  expect(text).not.toContain('Change the product lines');
});

test('a line with unused allocated hours cannot leave, and the choice stays', async () => {
  const csm = await consoleClient(service, subscription.csm);
  const page = await csm.get(path);
  const fields = { version: versionOf(page.html), effectiveOn: '2027-02-01' };
  const refused = await csm.submit(page, path, { ...fields, productLineIds: [subscription.productLineIds[0]!] });
  expect(refused.status).toBe(422);
  expect(refused.html).toContain('value="2027-02-01"');
  expect(refused.html).not.toMatch(new RegExp(`value="${subscription.productLineIds[1]}" checked`));
});

test('the same lines in another order are a change from a day on', async () => {
  const csm = await consoleClient(service, subscription.csm);
  const page = await csm.get(path);
  const productLineIds = subscription.productLineIds.toReversed();
  const changed = await csm.submit(page, path, {
    version: versionOf(page.html),
    effectiveOn: '2027-01-20',
    productLineIds,
  });
  expect((await csm.follow(changed)).text).toContain('The product lines change from 20 January 2027 on.');
  const outdated = await csm.submit(page, path, { version: '1', effectiveOn: '2027-01-21', productLineIds });
  expect(outdated.status).toBe(412);
});
