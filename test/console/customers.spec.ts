import { consoleClient, type ConsoleClient } from '../support/console.js';
import type { Json } from '../support/client.js';
import { person } from '../support/people.js';
import { csmPortfolio, portfolioClock, type CsmPortfolio } from '../support/portfolio.js';
import { startService, type TestService } from '../support/service.js';

// Customers on pages: found, entered, edited by two people at once, and with a new subscription.

let service: TestService;
let portfolio: CsmPortfolio;
let csm: ConsoleClient;

const address = '/console/customers';

beforeAll(async () => {
  service = await startService({ clock: portfolioClock });
  portfolio = await csmPortfolio(service);
  csm = await consoleClient(service, portfolio.csm);
});
afterAll(() => service.stop());

const read = async (id: string): Promise<Json> => (await portfolio.csm.get(`/v1/customers/${id}`)).body;

test('the list is in the order of the names, and finds by a part of the name', async () => {
  const { text } = await csm.get(address);
  const names = ['Acme KK', 'Aozora', 'Hikari Soft', 'Midori Bank', 'Northwind Ltd'];
  const places = names.map((name) => text.indexOf(name));
  expect(places).toEqual([...places].sort((one, other) => one - other));
  expect(Math.min(...places)).toBeGreaterThan(0);
  const found = await csm.get(`${address}?search=ｂａｎｋ`);
  expect(found.text).toContain('Midori Bank');
  expect(found.text).not.toContain('Acme KK');
  expect((await csm.get(`${address}?search=nobody`)).text).toContain('No customer matches.');
});

test('the pages of the list follow each other', async () => {
  const first = await csm.get(`${address}?limit=3`);
  const next = /rel="next" href="([^"]*)"/.exec(first.html)![1]!.replaceAll('&amp;', '&');
  const second = await csm.get(next);
  expect(second.text).toContain('Midori Bank');
  expect(second.text).not.toContain('Hikari Soft');
});

test('a customer has facts, contacts, subscriptions, sessions and mails', async () => {
  const { text } = await csm.get(`${address}/${portfolio.customers['Acme KK']}`);
  expect(text).toContain('Premier · TRM-2026-0031 1 March 2026 – 28 February 2027');
  expect(text).toContain('behind plan 30 December 2026 Renewal open');
  expect(text).toContain('Sato Hanako sato@acme.example Renewal Usage');
  expect(text).toContain('Plan the upgrade to version 9');
  expect(text).toContain('Mails');
});

test('a customer is entered with its contacts', async () => {
  const page = await csm.get(`${address}/new`);
  const done = await csm.submit(page, `${address}/new`, {
    name: 'Sakura & <Sons>',
    code: 'C-100',
    locale: 'ja',
    timeZone: 'Asia/Tokyo',
    country: 'jp',
    contactName: ['Mori Aoi', '', ''],
    contactEmail: ['mori@sakura.example', '', ''],
    renewal: '0',
    billing: '0',
  });
  expect(done.status).toBe(303);
  const shown = await csm.follow(done);
  expect(shown.text).toContain('Sakura & <Sons> is entered. Now enter the subscription.');
  expect(shown.html).not.toContain('<Sons>');
  expect(await read(done.location!.split('/').at(-1)!)).toMatchObject({
    code: 'C-100',
    country: 'JP',
    contacts: [{ name: 'Mori Aoi', email: 'mori@sakura.example', roles: ['renewal', 'billing'] }],
  });
});

test('a refused form keeps all that was typed', async () => {
  const page = await csm.get(`${address}/new`);
  const fields = {
    name: 'Again',
    code: 'C-100',
    locale: 'en',
    timeZone: 'Asia/Tokyo',
    contactName: ['Ito', ''],
    contactEmail: ['not an address', ''],
    usage: '0',
  };
  const wrong = await csm.submit(page, `${address}/new`, fields);
  expect(wrong.status).toBe(400);
  expect(wrong.html).toContain('value="not an address"');
  expect(wrong.text).toContain('E-mail must be an e-mail address');
  expect(wrong.html).toMatch(/name="usage" value="0" checked/);
  const taken = await csm.submit(page, `${address}/new`, { ...fields, contactEmail: ['ito@again.example', ''] });
  expect(taken.status).toBe(409);
  expect(taken.html).toContain('value="ito@again.example"');
});

test('a change of an older page says what somebody else has changed, and keeps the typed text', async () => {
  const id = portfolio.customers['Midori Bank'];
  const path = `${address}/${id}/edit`;
  const page = await csm.get(path);
  const before = await read(id);
  const change = { name: 'Midori Bank Holdings', contacts: [] };
  const changed = await portfolio.csm.patch(`/v1/customers/${id}`, change, {
    'if-match': `"${before.version as number}"`,
  });
  expect(changed.status).toBe(200);
  const shownBefore = /name="before" value="([^"]*)"/
    .exec(page.html)![1]!
    .replaceAll('&#34;', '"')
    .replaceAll('&quot;', '"');
  const fields = {
    name: 'Midori Bank KK',
    locale: 'ja',
    timeZone: 'Asia/Tokyo',
    country: 'JP',
    contactName: ['Sato Hanako', ''],
    contactEmail: ['sato@midori.example', ''],
    renewal: '0',
    version: String(before.version),
    before: shownBefore,
  };
  const stale = await csm.submit(page, path, fields);
  expect(stale.status).toBe(412);
  expect(stale.text).toContain('Name: Midori Bank is now Midori Bank Holdings');
  expect(stale.text).toContain('Contacts: Sato Hanako <sato@midori.example> (renewal, usage) is now nothing');
  expect(stale.html).toContain('value="Midori Bank KK"');
  const version = /name="version" value="(\d+)"/.exec(stale.html)![1]!;
  const saved = await csm.submit(stale, path, { ...fields, version });
  expect((await csm.follow(saved)).text).toContain('The changes to Midori Bank KK are saved.');
  expect((await read(id)).contacts).toEqual([
    { name: 'Sato Hanako', email: 'sato@midori.example', roles: ['renewal'] },
  ]);
});

test('a new subscription shows its term and its last day for a notice before it is entered', async () => {
  const path = `${address}/${portfolio.customers.Aozora}/subscriptions/new`;
  const page = await csm.get(path);
  expect(page.text).toContain('2 December 2026 to 1 December 2027');
  const fields = {
    package: 'enterprise',
    startsOn: '2027-03-01',
    pacePolicy: 'advise',
    productLineIds: portfolio.productLineId,
  };
  const preview = await csm.submit(page, path, { ...fields, step: 'preview' });
  expect(preview.status).toBe(200);
  expect(preview.text).toContain('1 March 2027 to 29 February 2028 Last day for a notice 31 December 2027 Hours 384 h');
  expect(preview.html).toMatch(/name="productLineIds" value="[^"]*" checked/);
  const subscriptions = async (): Promise<Json[]> =>
    (await portfolio.csm.get(`/v1/subscriptions?customerId=${portfolio.customers.Aozora}`)).body.data as Json[];
  expect(await subscriptions()).toHaveLength(1);
  const entered = await csm.submit(page, path, { ...fields, contractNumber: 'TRM-2027-0001', step: 'enter' });
  expect(entered.location).toMatch(/^\/console\/subscriptions\//);
  expect((await subscriptions()).map(({ contractNumber }) => contractNumber as string | null)).toContain(
    'TRM-2027-0001',
  );
  const taken = await csm.submit(page, path, {
    ...fields,
    contractNumber: 'TRM-2027-0001',
    step: 'enter',
    purchaseOrder: 'PO 7',
  });
  expect([taken.status, taken.html.includes('value="PO 7"')]).toEqual([409, true]);
});

test('an administrator names the CSM of a new subscription', async () => {
  const admin = await consoleClient(service, await person(service, 'admin'));
  const path = `${address}/${portfolio.customers.Aozora}/subscriptions/new`;
  const page = await admin.get(path);
  expect(page.html).toContain(`<option value="${portfolio.csm.id}"`);
  const fields = { package: 'basic', startsOn: '2026-12-02', pacePolicy: 'advise', step: 'enter' };
  expect((await admin.submit(page, path, fields)).status).toBe(422);
  expect((await admin.submit(page, path, { ...fields, csmId: portfolio.csm.id })).status).toBe(303);
});

test('finance reads customers and writes nothing, and another CSM finds none', async () => {
  const finance = await consoleClient(service, portfolio.finance);
  const path = `${address}/${portfolio.customers['Acme KK']}`;
  const { text } = await finance.get(path);
  expect(text).toContain('Sato Hanako');
  expect(text).not.toMatch(/Edit customer|New subscription|Move|Resend/);
  for (const forbidden of [`${path}/edit`, `${address}/new`, `${path}/subscriptions/new`]) {
    expect([forbidden, (await finance.get(forbidden)).status]).toEqual([forbidden, 403]);
  }
  const stranger = await consoleClient(service, await person(service, 'csm'));
  expect((await stranger.get(path)).status).toBe(404);
  expect((await stranger.get(address)).text).toContain('There is no customer yet.');
});

test('a customer user sees the own company alone', async () => {
  const customer = await consoleClient(service, await person(service, 'customer', portfolio.customers['Acme KK']));
  expect((await customer.get(`${address}/${portfolio.customers['Acme KK']}`)).status).toBe(200);
  expect((await customer.get(`${address}/${portfolio.customers['Hikari Soft']}`)).status).toBe(404);
});

test('the page speaks Japanese', async () => {
  const { text } = await csm.get(`${address}/${portfolio.customers['Acme KK']}`, { 'accept-language': 'ja' });
  expect(text).toContain('基本情報');
  expect(text).toContain('更新未確定');
});
