import { busySubscription, type BusySubscription } from '../support/busy-subscription.js';
import { consoleClient } from '../support/console.js';
import { startService, type TestService } from '../support/service.js';

// The terms of a subscription: purchase orders, statements and evidence.

let service: TestService;
let subscription: BusySubscription;
let path: string;

beforeAll(async () => {
  service = await startService({ clock: '2026-12-28T00:00:00Z' });
  subscription = await busySubscription(service);
  path = `/console/subscriptions/${subscription.id}/terms`;
});
afterAll(() => service.stop());

const linkTo = (html: string, end: string): string => new RegExp(`href="([^"]*/${end})"`).exec(html)![1]!;

test('a purchase order is entered, and an outdated form is refused with what was typed', async () => {
  const csm = await consoleClient(service, subscription.csm);
  const edit = linkTo((await csm.get(path)).html, 'purchase-order');
  const page = await csm.get(edit);
  const version = /name="version" value="(\d+)"/.exec(page.html)![1]!;
  const saved = await csm.follow(await csm.submit(page, edit, { version, purchaseOrder: 'PO-2027-1' }));
  expect(saved.text).toContain('The purchase order of term 1 is saved.');
  const refused = await csm.submit(await csm.get(edit), edit, { version, purchaseOrder: 'PO-other' });
  expect(refused.status).toBe(412);
  expect(refused.html).toContain('value="PO-other"');
});

test('the statement and the evidence are downloads', async () => {
  const csm = await consoleClient(service, subscription.csm);
  const { html } = await csm.get(path);
  const statement = await csm.get(linkTo(html, 'statement'));
  expect([statement.status, statement.headers.get('content-type')]).toEqual([200, 'application/pdf']);
  expect(statement.headers.get('content-disposition')).toMatch(/^attachment/);
  const evidence = await csm.get(linkTo(html, 'evidence'));
  expect([evidence.status, evidence.headers.get('content-type')]).toEqual([200, 'application/zip']);
});

test('a customer gets the statement, and no evidence', async () => {
  const customer = await consoleClient(service, subscription.customer);
  const { html, text } = await customer.get(path);
  expect(text).not.toContain('Evidence');
  expect((await customer.get(linkTo(html, 'statement'))).status).toBe(200);
  expect((await customer.get(linkTo(html, 'statement').replace(/statement$/, 'evidence'))).status).toBe(403);
});
