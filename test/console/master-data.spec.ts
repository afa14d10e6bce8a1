import { consoleClient, type ConsoleClient } from '../support/console.js';
import { person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';

// The pages of consultants, product lines and packages.

let service: TestService;
let admin: ConsoleClient;
let csm: ConsoleClient;

let customer: ConsoleClient;

beforeAll(async () => {
  service = await startService({ clock: '2026-07-10T03:00:00Z' });
  admin = await consoleClient(service, await person(service, 'admin'));
  csm = await consoleClient(service, await person(service, 'csm'));
  const reader = await person(service, 'csm');
  const { body } = await reader.post('/v1/customers', { name: 'Acme', locale: 'en', timeZone: 'Asia/Tokyo' });
  await reader.post('/v1/subscriptions', { customerId: body.id, package: 'basic' });
  customer = await consoleClient(service, await person(service, 'customer', body.id as string));
});
afterAll(() => service.stop());

describe.each<{
  path: string;
  empty: string;
  row: Record<string, string>;
  other: Record<string, string>;
  said: string;
}>([
  {
    path: '/console/consultants',
    empty: 'There is no consultant yet.',
    row: { name: 'Suzuki & <Ichiro>', email: 'suzuki@vendor.example' },
    other: { name: 'Suzuki Jiro', email: 'SUZUKI@vendor.example' },
    said: 'Suzuki & <Ichiro> can now be allocated',
  },
  {
    path: '/console/product-lines',
    empty: 'There is no product line yet.',
    row: { name: 'Data & <base>', code: 'DB' },
    other: { name: 'Other', code: 'DB' },
    said: 'Data & <base> can now be enrolled.',
  },
])('$path', ({ path, empty, row, other, said }) => {
  test('begins empty and says so', async () => {
    expect((await csm.get(path)).text).toContain(empty);
  });

  test('takes a new row, and shows its name as text', async () => {
    const form = await admin.get(`${path}/new`);
    const done = await admin.submit(form, path, row);
    expect([done.status, done.location]).toEqual([303, path]);
    const list = await admin.follow(done);
    expect(list.text).toContain(said);
    expect(list.html).not.toContain('<Ichiro>');
    expect(list.html).not.toContain('<base>');
    // A double click enters one row.
    expect((await admin.submit(form, path, row)).status).toBe(303);
    expect((await admin.get(path)).html.match(/data-item/g)).toHaveLength(1);
  });

  test('keeps what was typed after a refusal', async () => {
    const form = await admin.get(`${path}/new`);
    const again = await admin.submit(form, path, other);
    expect(again.status).toBe(409);
    for (const value of Object.values(other)) expect(again.html).toContain(`value="${value}"`);
    expect(again.text).toContain('already');
    const missing = await admin.submit(form, path, { ...other, name: ' ' });
    expect([missing.status, /Name is required/.test(missing.text)]).toEqual([400, true]);
  });

  test('changes a row, and not with an old version', async () => {
    const id = new RegExp(`${path}/([0-9a-f-]{36})"`).exec((await admin.get(path)).html)![1]!;
    const form = await admin.get(`${path}/${id}`);
    const changed = { ...row, name: 'Renamed', version: '1' };
    const done = await admin.submit(form, `${path}/${id}`, changed);
    expect((await admin.follow(done)).text).toContain('Renamed');
    const stale = await admin.submit(await admin.get(`${path}/${id}`), `${path}/${id}`, { ...changed, name: 'Again' });
    expect(stale.status).toBe(412);
    expect(stale.html).toContain('value="Again"');
  });

  test('is read by a CSM, who changes nothing', async () => {
    const { text, html } = await csm.get(path);
    expect(text).toContain('Renamed');
    expect(html).not.toContain(`${path}/new`);
    expect((await csm.get(`${path}/new`)).status).toBe(403);
    expect((await customer.get(path)).status).toBe(403);
  });
});

test('consultants are searched by a part of their name', async () => {
  expect((await csm.get('/console/consultants?q=ｒｅｎａｍ')).text).toContain('Renamed');
  const none = await csm.get('/console/consultants?q=%3Cnobody%3E');
  expect(none.text).toContain('No name contains “<nobody>”.');
  expect(none.html).not.toContain('<nobody>');
});

test('the packages stand in the layout of the published table, with the terms of each version', async () => {
  const { text } = await admin.get('/console/packages');
  expect(text).toContain('Feature Basic Premier Enterprise Dedicated');
  expect(text).toContain('Hours, to be used evenly over 12 months 96 192 384 1,600');
  expect(text).toContain('Onsite – 25 %, 2 visits 25 %, 4 visits 25 %, any number');
  expect(text).toContain('Open terms of this version 1 0 0 0');
  expect((await csm.get('/console/packages')).text).not.toContain('Open terms');
});
