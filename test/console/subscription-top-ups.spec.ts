import { busySubscription, type BusySubscription } from '../support/busy-subscription.js';
import { consoleClient } from '../support/console.js';
import { startService, type TestService } from '../support/service.js';

// Hours that are added to a term after a preview, and taken back.

let service: TestService;
let subscription: BusySubscription;
let path: string;

beforeAll(async () => {
  service = await startService({ clock: '2026-12-28T00:00:00Z' });
  subscription = await busySubscription(service);
  path = `/console/subscriptions/${subscription.id}/top-ups`;
});
afterAll(() => service.stop());

test('a supplement is previewed, and added once with its order', async () => {
  const csm = await consoleClient(service, subscription.csm);
  const preview = await csm.get(`${path}?kind=supplement&hours=10&on=2027-01-04`);
  expect(preview.text).toContain('This is a preview. Nothing is recorded yet.');
  expect(preview.text).toContain('Granted 212 h 222 h');
  const fields = { kind: 'supplement', hours: '10:00', on: '2027-01-04' };
  const refused = await csm.submit(preview, path, { ...fields, orderNumber: '' });
  expect(refused.status).toBe(422);
  const added = await csm.submit(refused, path, { ...fields, orderNumber: 'PO-900' });
  expect((await csm.follow(added)).text).toContain('10 h were added. 154 h left.');
});

test('only an administrator gives a goodwill, and cancels it', async () => {
  const csm = await consoleClient(service, subscription.csm);
  expect((await csm.get(path)).html).not.toContain('value="goodwill"');
  const admin = await consoleClient(service, subscription.admin);
  const preview = await admin.get(`${path}?kind=goodwill&hours=2h&on=`);
  const fields = { kind: 'goodwill', hours: '2:00', on: '2027-01-05', reason: 'Delay of ours' };
  const given = await admin.follow(await admin.submit(preview, path, fields));
  expect(given.text).toContain('2 h were added.');
  const cancellation = [...given.html.matchAll(/href="([^"]*\/cancellation)"/g)].at(-1)![1]!;
  const cancelled = await admin.submit(await admin.get(cancellation), cancellation, { reason: 'Entered twice' });
  expect((await admin.follow(cancelled)).text).toMatch(/2 h were taken back\./);
});

test('a customer sees what was added, and no reason of staff', async () => {
  const { status, text, html } = await (await consoleClient(service, subscription.customer)).get(path);
  expect(status).toBe(200);
  expect(text).toContain('PO-778');
  expect(text).not.toContain('Delay of ours');
  expect(html).not.toContain('name="hours"');
});
