import { busySubscription, type BusySubscription } from '../support/busy-subscription.js';
import { consoleClient, type ConsoleClient, type Page } from '../support/console.js';
import { startService, type TestService } from '../support/service.js';

// Who works for how long on which product line: the numbers add up to what is granted.

let service: TestService;
let subscription: BusySubscription;
let path: string;
let csm: ConsoleClient;

beforeAll(async () => {
  service = await startService({ clock: '2026-12-28T00:00:00Z' });
  subscription = await busySubscription(service);
  path = `/console/subscriptions/${subscription.id}/allocations`;
  csm = await consoleClient(service, subscription.csm);
});
afterAll(() => service.stop());

/** All fields of the form as the page shows them. */
function fieldsOf({ html }: Page): Record<string, string> {
  const fields = [...html.matchAll(/name="(version|pair\d+|hours\d+)"[^>]*value="([^"]*)"/g)];
  const primary = /name="primary" value="([^"]*)" checked/.exec(html);
  return { ...Object.fromEntries(fields.map(([, name, value]) => [name!, value!])), primary: primary?.[1] ?? '' };
}

test('the parts add up to what is granted, with what is worked', async () => {
  const { status, text } = await csm.get(path);
  expect(status).toBe(200);
  expect(text).toContain('Allocated 150 h Worked beyond allocations + 0 min Unallocated + 62 h Granted = 212 h');
});

test('hours are typed as people write them, and the result says what is unallocated', async () => {
  const page = await csm.get(path);
  const saved = await csm.submit(page, path, { ...fieldsOf(page), hours0: '120', hours1: '40:30' });
  expect([saved.status, saved.location]).toEqual([303, path]);
  expect((await csm.follow(saved)).text).toContain('The allocations are saved. 51 h 30 are unallocated.');
});

test('less than what is worked is refused at its row, and everything typed stays', async () => {
  const page = await csm.get(path);
  const refused = await csm.submit(page, path, { ...fieldsOf(page), hours0: '1h', hours1: '41:00' });
  expect(refused.status).toBe(422);
  expect(refused.text).toContain('At least 37 h are already worked');
  expect(refused.html).toMatch(/name="hours0" value="1h"/);
  expect(refused.html).toMatch(/name="hours1" value="41:00"/);
  expect(refused.text).toContain('鈴木 一郎');
  expect(refused.text).not.toContain(subscription.consultantIds[0]);
});

test('more than what is granted is refused, and the sum says how much it is', async () => {
  const page = await csm.get(path);
  const refused = await csm.submit(page, path, { ...fieldsOf(page), hours0: '300' });
  expect(refused.status).toBe(422);
  expect(refused.text).toMatch(/more than granted/);
});

test('an amount that cannot be read is marked at its field', async () => {
  const page = await csm.get(path);
  const refused = await csm.submit(page, path, { ...fieldsOf(page), hours1: 'many' });
  expect(refused.status).toBe(400);
  expect(refused.html).toMatch(/name="hours1" value="many"[^>]*aria-invalid="true"/);
});

test('a row is removed, and a new one is added', async () => {
  const page = await csm.get(path);
  const removed = await csm.submit(page, path, { ...fieldsOf(page), removed1: 'true' });
  const after = await csm.follow(removed);
  expect(after.text).toContain('The allocations are saved.');
  const added = await csm.submit(after, path, {
    ...fieldsOf(after),
    newConsultantId: subscription.consultantIds[1]!,
    newProductLineId: subscription.productLineIds[1]!,
    newHours: '45h',
  });
  expect((await csm.follow(added)).html).toMatch(/name="hours1" value="45:00"/);
});

test('a page that is out of date says what to do, and shows the present state', async () => {
  const page = await csm.get(path);
  const refused = await csm.submit(page, path, { ...fieldsOf(page), version: '1' });
  expect(refused.status).toBe(412);
  expect(refused.text).toContain('Somebody else has changed this in the meantime');
});

test('the sum of what is typed is answered without a change', async () => {
  const query = new URLSearchParams({ ...fieldsOf(await csm.get(path)), hours0: '100', hours1: 'x' });
  const { status, text } = await csm.get(`${path}/sum?${query.toString()}`);
  expect(status).toBe(200);
  expect(text).toContain('Unallocated');
  expect(text).toContain('= 212 h');
});

test('finance and the customer read the allocations and cannot change them', async () => {
  for (const reader of [subscription.finance, subscription.customer]) {
    const { status, text, html } = await (await consoleClient(service, reader)).get(path);
    expect(status).toBe(200);
    expect(text).toContain('鈴木 一郎');
    expect(html).not.toContain('name="hours0"');
  }
});
