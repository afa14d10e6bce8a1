import { api, type Api } from '../support/client.js';
import { consoleClient, sessionOf, type ConsoleClient, type Page } from '../support/console.js';
import { person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';
import { newestLink } from '../support/sign-in-mails.js';
import { newBrowser } from '../support/signing-in.js';
import { soldContract } from '../support/contract.js';

let service: TestService;
let admin: Api;
let client: ConsoleClient;

beforeAll(async () => {
  service = await startService();
  admin = api(service.baseUrl, service.adminToken);
  client = await consoleClient(service, await person(service, 'admin'));
});
afterAll(() => service.stop());

const base = '/console/people';

let users = 0;
const address = (): string => `colleague-${++users}@trm.example`;

const versionOn = ({ html }: Page): string => /name="version" value="(\d+)"/.exec(html)![1]!;

test.each(['csm', 'finance'] as const)('a user with the role %s sees nothing of it', async (role) => {
  const other = await consoleClient(service, await person(service, role));
  for (const path of [base, `${base}/new`, `${base}/01a0b5c2-7d3e-7f10-9a4b-000000000001`]) {
    expect([path, (await other.get(path)).status]).toEqual([path, 403]);
  }
  expect((await other.get('/console/keys')).html).not.toContain(`href="${base}"`);
});

test('a new user is added and invited in one step', async () => {
  const email = address();
  const page = await client.get(`${base}/new`);
  const fields = { name: 'Hana <Ito>', email, role: 'csm', locale: 'ja', timeZone: 'Asia/Tokyo', invite: 'true' };
  const added = await client.submit(page, base, fields);
  expect(added.status).toBe(303);
  const shown = await client.follow(added);
  expect(shown.text).toContain('Hana <Ito> is added and invited by mail.');
  expect(shown.text).toContain('Invited until 8 April 2026, 09:00 (UTC+09:00)');
  const again = await client.submit(page, base, fields);
  expect(again.location).toBe(added.location);

  const browser = newBrowser(service);
  const link = await newestLink(service, email);
  await browser.post(link, {});
  expect((await browser.get('/console')).location).toBe('/console/today');
  expect((await client.get(`${base}?search=${email}`)).text).toContain('Last seen 1 April 2026, 09:00 (UTC+09:00)');
});

test('what was typed stays after a refusal', async () => {
  const page = await client.get(`${base}/new`);
  const taken = address();
  await admin.post('/v1/users', { name: 'First', email: taken, role: 'csm' });
  const refused = await client.submit(page, base, { name: 'Second', email: taken, role: 'csm' });
  expect(refused.status).toBe(409);
  expect(refused.html).toContain('value="Second"');

  const withoutCustomer = await client.submit(page, base, { name: 'Third', email: address(), role: 'customer' });
  expect(withoutCustomer.status).toBe(422);
  expect(withoutCustomer.html).toContain('role="alert"');

  const mistyped = await client.submit(page, base, { name: 'Fourth', email: 'no address', role: 'csm' });
  expect(mistyped.status).toBe(400);
  expect(mistyped.html).toContain('id="email-fault"');
});

test('a user of a customer is added from the customer', async () => {
  const customer = await admin.post('/v1/customers', { name: 'Acme & Co', locale: 'en', timeZone: 'Europe/London' });
  const { id } = customer.body as { id: string };
  const page = await client.get(`${base}/new?customerId=${id}`);
  expect(page.html).toContain(`<option value="${id}" selected>Acme &amp; Co</option>`);
  const fields = { name: 'Zoe', email: address(), role: 'customer', customerId: id };
  await client.follow(await client.submit(page, base, fields));
  expect((await client.get(`${base}?search=Zoe`)).text).toContain('Customer: Acme & Co');
});

test('the list is searched and paged', async () => {
  const { baseUrl } = service;
  for (const name of ['Paged A', 'Paged B', 'Paged C']) {
    await api(baseUrl, service.adminToken).post('/v1/users', { name, email: address(), role: 'finance' });
  }
  const first = await client.get(`${base}?search=paged&limit=2`);
  expect(first.text).toContain('Paged A');
  expect(first.text).not.toContain('Paged C');
  const next = /rel="next" href="([^"]*)"/.exec(first.html)![1]!.replaceAll('&amp;', '&');
  const second = await client.get(next);
  expect(second.text).toContain('Paged C');
  expect(second.text).not.toContain('Paged A');
  expect((await client.get(`${base}?search=nobody-has-this`)).text).toContain('Show everybody');
});

test('a user is renamed, deactivated and activated', async () => {
  const csm = await person(service, 'csm');
  const session = await consoleClient(service, csm);
  const path = `${base}/${csm.id}`;
  let page = await client.get(path);
  const { email } = (await csm.get('/v1/me')).body as { email: string };
  const fields = { email, role: 'csm' };
  page = await client.follow(
    await client.submit(page, path, { ...fields, name: 'Renamed', active: 'true', version: versionOn(page) }),
  );
  expect(page.text).toContain('Changes saved.');
  page = await client.follow(await client.submit(page, path, { ...fields, name: 'Renamed', version: versionOn(page) }));
  expect((await session.get('/console/profile')).location).toContain('/console/sign-in');
  expect(page.text).toContain('Nobody is signed in.');
  expect(page.text).toContain('There is no token.');
  expect(page.text).not.toContain('Send invitation');

  const stale = await client.submit(page, path, { ...fields, name: 'Late', active: 'true', version: '1' });
  expect(stale.status).toBe(412);
  expect(stale.html).toContain('value="Late"');
});

test('the own account cannot be deactivated', async () => {
  const chief = await person(service, 'admin');
  const own = await consoleClient(service, chief);
  const path = `${base}/${chief.id}`;
  const page = await own.get(path);
  const { email, name } = (await chief.get('/v1/me')).body as { email: string; name: string };
  const refused = await own.submit(page, path, { name, email, role: 'admin', version: versionOn(page) });
  expect(refused.status).toBe(409);
  expect((await own.get(path)).status).toBe(200);
});

test('a user is invited again', async () => {
  const { body } = await admin.post('/v1/users', { name: 'Late Riser', email: address(), role: 'finance' });
  const path = `${base}/${body.id}`;
  let page = await client.get(path);
  expect(page.text).toContain('Never signed in');
  page = await client.follow(await client.submit(page, `${path}/invitation`));
  expect(page.text).toContain(`Late Riser is invited by mail to ${body.email}.`);
  expect(page.text).toContain('Send another invitation');
});

test('sessions and tokens of others are ended, and a token is created for them', async () => {
  const csm = await person(service, 'csm');
  await sessionOf(service, csm.id);
  await sessionOf(service, csm.id);
  const path = `${base}/${csm.id}`;
  let page = await client.get(path);
  page = await client.follow(await client.submit(page, `${path}/sessions/end`));
  expect(page.text).toContain('2 sessions have ended.');

  const token = /action="([^"]*\/revocation)"/.exec(page.html)![1]!;
  page = await client.follow(await client.submit(page, token));
  expect((await csm.get('/v1/me')).status).toBe(401);
  const created = await client.submit(page, `${path}/tokens`, { tokenName: 'Reports' });
  const text = /trm_[\w-]{43}/.exec(created.text)![0];
  expect((await api(service.baseUrl, text).get('/v1/me')).body.id).toBe(csm.id);
});

test('a portfolio is handed over', async () => {
  const contract = await soldContract(service, { package: 'basic' });
  const successor = await person(service, 'csm');
  const path = `${base}/${contract.csm.id}`;
  const page = await client.get(path);
  const handed = await client.follow(await client.submit(page, `${path}/hand-over`, { toUserId: successor.id }));
  expect(handed.text).toContain('One subscription is handed over to');
  const refused = await client.submit(page, `${path}/hand-over`, { toUserId: successor.id, again: 'yes' });
  expect(refused.status).toBe(409);
});

test('somebody who does not exist is not found', async () => {
  expect((await client.get(`${base}/01a0b5c2-7d3e-7f10-9a4b-000000000001`)).status).toBe(404);
  expect((await client.get(`${base}/nobody`)).status).toBe(404);
});
