import { busySubscription, type BusySubscription } from '../support/busy-subscription.js';
import { consoleClient } from '../support/console.js';
import { person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';

// The settings of a subscription, and the annulment of one that was entered by mistake.

let service: TestService;
let subscription: BusySubscription;
let path: string;

beforeAll(async () => {
  service = await startService({ clock: '2026-12-28T00:00:00Z' });
  subscription = await busySubscription(service);
  path = `/console/subscriptions/${subscription.id}/settings`;
});
afterAll(() => service.stop());

const versionOf = (html: string): string => /name="version" value="(\d+)"/.exec(html)![1]!;

test('the number and the policy are changed, and an outdated form keeps what was typed', async () => {
  const csm = await consoleClient(service, subscription.csm);
  const page = await csm.get(path);
  const fields = { version: versionOf(page.html), csmId: subscription.csm.id, pacePolicy: 'enforce' };
  const saved = await csm.follow(await csm.submit(page, path, { ...fields, contractNumber: 'C-2000' }));
  expect(saved.text).toContain('The settings are saved.');
  expect(saved.text).toContain('Contract: C-2000');
  const refused = await csm.submit(await csm.get(path), path, { ...fields, contractNumber: 'C-3000' });
  expect(refused.status).toBe(412);
  expect(refused.html).toContain('value="C-3000"');
});

test('a CSM gives the subscription to another one, and is led to the portfolio', async () => {
  const other = await person(service, 'csm');
  const csm = await consoleClient(service, subscription.csm);
  const page = await csm.get(path);
  const fields = { version: versionOf(page.html), csmId: other.id, pacePolicy: 'advise', contractNumber: 'C-2000' };
  const given = await csm.submit(page, path, fields);
  expect([given.status, given.location]).toEqual([303, '/console/portfolio']);
  expect((await csm.get(path)).status).toBe(404);
});

test('a subscription with entries is not annulled, and the reason stays', async () => {
  const admin = await consoleClient(service, subscription.admin);
  const refused = await admin.submit(await admin.get(path), `${path}/annulment`, { reason: 'Entered twice' });
  expect(refused.status).toBeGreaterThanOrEqual(400);
  expect(refused.html).toContain('Entered twice');
});

test('an administrator annuls a subscription that was entered by mistake', async () => {
  const { customerId } = subscription;
  const entered = await subscription.admin.post('/v1/subscriptions', {
    customerId,
    package: 'basic',
    csmId: subscription.csm.id,
  });
  const { id } = entered.body as { id: string };
  const own = `/console/subscriptions/${id}/settings`;
  const admin = await consoleClient(service, subscription.admin);
  const annulled = await admin.submit(await admin.get(own), `${own}/annulment`, { reason: 'Wrong customer' });
  const after = await admin.follow(annulled);
  expect(after.text).toContain('The subscription is annulled.');
  expect(after.text).toContain('Wrong customer');
});

test('finance has no settings', async () => {
  expect((await (await consoleClient(service, subscription.finance)).get(path)).status).toBe(403);
});
