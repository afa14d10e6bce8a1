import { busySubscription, type BusySubscription } from '../support/busy-subscription.js';
import { consoleClient, type ConsoleClient } from '../support/console.js';
import { startService, type TestService } from '../support/service.js';

// The entries of a subscription: listed, filtered, logged, corrected and reversed, all by plain forms.

let service: TestService;
let subscription: BusySubscription;
let path: string;
let csm: ConsoleClient;

beforeAll(async () => {
  service = await startService({ clock: '2026-12-28T00:00:00Z' });
  subscription = await busySubscription(service);
  path = `/console/subscriptions/${subscription.id}/entries`;
  csm = await consoleClient(service, subscription.csm);
});
afterAll(() => service.stop());

const pairOf = (at: number): string => `${subscription.consultantIds[at]} ${subscription.productLineIds[at]}`;

const entry = () => ({
  workDate: '2027-01-04',
  hours: '1:30',
  pair: pairOf(0),
  activity: 'technical-advice',
  visitId: '',
  summary: 'Index review',
  reference: 'CASE-7',
  severity: '2',
  plannedSessionId: '',
});

test('the newest entries come first, and equal ones are marked', async () => {
  const { status, text } = await csm.get(path);
  expect(status).toBe(200);
  expect(text.indexOf('Health check before the holidays')).toBeLessThan(text.indexOf('Workshop for operators'));
  expect(text.split('Possible duplicate')).toHaveLength(3);
});

test('a filter keeps its values, and its empty fields mean nothing', async () => {
  const { status, text, html } = await csm.get(`${path}?from=2026-10-01&to=2026-10-31&activity=&consultantId=`);
  expect(status).toBe(200);
  expect(text).toContain('Workshop for operators');
  expect(text).not.toContain('Health check before');
  expect(html).toContain('value="2026-10-01"');
});

test('an unknown parameter is refused on a page', async () => {
  expect((await csm.get(`${path}?colour=red`)).status).toBe(400);
});

test('an entry is logged once, shows what is left, and can be undone', async () => {
  const page = await csm.get(`${path}/new`);
  const first = await csm.submit(page, `${path}/new`, entry());
  expect([first.status, first.location]).toEqual([303, path]);
  const list = await csm.follow(first);
  expect(list.text).toContain('1 h 30 logged for 4 January 2027. 142 h 30 left.');
  expect((await csm.submit(page, `${path}/new`, entry())).status).toBe(303);
  expect((await csm.get(path)).text.split('Index review')).toHaveLength(2);

  const undo = /action="([^"]*\/undo)"/.exec(list.html)![1]!;
  const undone = await csm.submit(list, undo);
  expect((await csm.follow(undone)).text).toContain('1 h 30 of 4 January 2027 are reversed. 144 h left.');
});

test('a small number is asked for, and what was typed stays', async () => {
  const page = await csm.get(`${path}/new`);
  const refused = await csm.submit(page, `${path}/new`, { ...entry(), hours: '2', summary: 'x & <y>' });
  expect(refused.status).toBe(400);
  expect(refused.text).toContain('Hours can mean hours or minutes: write 2h or 2m.');
  expect(refused.html).toContain('x &amp; &lt;y>');
  expect(refused.html).toMatch(/id="hours"[^>]*value="2"/);
});

test('too many hours are refused with the largest acceptable amount as a button, which logs it', async () => {
  const page = await csm.get(`${path}/new`);
  const refused = await csm.submit(page, `${path}/new`, { ...entry(), hours: '200h', summary: 'Too much' });
  expect(refused.status).toBe(422);
  const largest = /name="useHours" value="([^"]*)"/.exec(refused.html)![1]!;
  const logged = await csm.submit(refused, `${path}/new`, {
    ...entry(),
    hours: '200h',
    useHours: largest,
    summary: 'Less',
  });
  expect(logged.status).toBe(303);
});

describe('a correction', () => {
  test('begins with what stands, and says what changed', async () => {
    const address = `${path}/${subscription.entryIds[0]}/correction`;
    const page = await csm.get(address);
    expect(page.html).toMatch(/id="hours"[^>]*value="5:00"/);
    const fields = {
      ...entry(),
      workDate: '2026-04-14',
      hours: '6h',
      reason: 'One hour was missing',
      customerNote: '',
    };
    const corrected = await csm.submit(page, address, fields);
    expect((await csm.follow(corrected)).text).toContain('Corrected: 5 h became 6 h (+1 h).');
  });

  test('without a reason keeps what was typed', async () => {
    const address = `${path}/${subscription.entryIds[1]}/correction`;
    const refused = await csm.submit(await csm.get(address), address, { ...entry(), hours: '8:15', reason: '' });
    expect(refused.status).toBe(400);
    expect(refused.html).toMatch(/id="hours"[^>]*value="8:15"/);
    expect(refused.text).toContain('is required');
  });
});

test('a reversal needs a reason, and the second one is refused in place', async () => {
  const address = `${path}/${subscription.entryIds[2]}/reversal`;
  const page = await csm.get(address);
  const reversed = await csm.submit(page, address, { reason: 'Logged for the wrong customer', customerNote: '' });
  expect((await csm.follow(reversed)).text).toContain('6 h of 16 June 2026 are reversed.');
  const again = await csm.submit(await csm.get(address), address, { reason: 'Once more', customerNote: '' });
  expect(again.status).toBe(409);
  expect(again.html).toContain('Once more');
});

test('a customer reads the entries, sees no reasons of staff, and cannot change them', async () => {
  const customer = await consoleClient(service, subscription.customer);
  const { status, text, html } = await customer.get(path);
  expect(status).toBe(200);
  expect(text).toContain('Workshop for operators');
  expect(text).not.toContain('Logged for the wrong customer');
  expect(text).not.toContain('Possible duplicate');
  expect(html).not.toContain('/correction');
  expect((await customer.get(`${path}/new`)).status).toBe(403);
});

test('finance records what was forgotten in a closed month', async () => {
  await subscription.finance.post('/v1/periods/2026-05/close', {});
  const finance = await consoleClient(service, subscription.finance);
  const address = `${path}/adjustment`;
  const page = await finance.get(address);
  const open = { ...entry(), reason: 'Forgotten' };
  expect((await finance.submit(page, address, open)).status).toBe(409);
  const closed = await finance.submit(await finance.get(address), address, { ...open, workDate: '2026-05-20' });
  expect((await finance.follow(closed)).text).toContain('counted in June 2026');
});

test('an entry of another subscription is not found here', async () => {
  const { status } = await csm.get(
    `/console/subscriptions/${subscription.customerId}/entries/${subscription.entryIds[0]}/reversal`,
  );
  expect(status).toBe(404);
});

describe('while somebody types', () => {
  const typed = (fields: object): string =>
    new URLSearchParams({ workDate: '2027-01-02', pair: entry().pair, activity: 'upgrade', ...fields }).toString();

  test('the page says what would be left, by the same rules, and books nothing', async () => {
    const before = (await csm.get(path)).text;
    const { status, text } = await csm.get(`${path}/new/preview?${typed({ hours: '0:30' })}`);
    expect(status).toBe(200);
    expect(text).toMatch(/^30 min: .* will be left\.$/);
    expect((await csm.get(`${path}/new/preview?${typed({ hours: '500h' })}`)).html).toContain('class="fault"');
    expect((await csm.get(`${path}/new/preview?${typed({ hours: '' })}`)).text).toBe('');
    expect((await csm.get(path)).text).toBe(before);
  });

  test('a correction shows its difference', async () => {
    const address = `${path}/${subscription.entryIds[3]}/correction/preview`;
    const fields = typed({ hours: '11h', workDate: '2026-07-07', pair: pairOf(1) });
    expect((await csm.get(`${address}?${fields}`)).text).toContain('10 h → 11 h (+1 h)');
  });
});
