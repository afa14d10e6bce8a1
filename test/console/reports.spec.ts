import { consoleClient, type ConsoleClient } from '../support/console.js';
import { financeStory, type FinanceStory } from '../support/finance-story.js';

let story: FinanceStory;
let finance: ConsoleClient;
let hana: ConsoleClient;
let sato: ConsoleClient;

beforeAll(async () => {
  story = await financeStory();
  finance = await consoleClient(story.service, story.finance);
  hana = await consoleClient(story.service, story.hana);
  const user = { name: 'Sato', email: 'sato@acme.example', role: 'customer', customerId: story.acme.customerId };
  sato = await consoleClient(story.service, (await story.admin.post('/v1/users', user)).body as { id: string });
});
afterAll(() => story.service.stop());

const schedules = '/console/reports/schedules';

describe('the page of a report', () => {
  test('begins with the usage lines of the month before, in the language of the reader', async () => {
    const { status, text, html } = await finance.get('/console/reports');
    expect(status).toBe(200);
    expect(text).toContain('4 h 05 2 rows · 1 June 2026 to 30 June 2026');
    expect(text).toContain('Kind Customer Package');
    expect(text).toMatch(/Entry Acme KK Premier .* 2026-06-09 2026-06 Suzuki Ichiro DB Health check Remote 95 1\.58/);
    expect(text).toMatch(/Totals 245 4\.08/);
    expect(html).not.toContain('<Ltd>');
    const ja = await finance.get('/console/reports', { 'accept-language': 'ja' });
    expect(ja.text).toContain('4時間5分 2 件 · 2026年6月1日～2026年6月30日');
  });

  test.each([
    ['report=usage-lines&range=everything', '13 rows · All days'],
    ['report=usage-lines&from=2026-04-01&to=2026-04-30', '9 h 50 7 rows · 1 April 2026 to 30 April 2026'],
    ['report=usage-lines&from=2026-04-01&to=2026-04-30&basis=closed', '9 h 20 5 rows'],
    ['report=usage-lines&range=previous-quarter&package=basic', '1 h 30 2 rows'],
    ['report=usage-summary&range=fiscal-year-to-date', '23 h 25'],
    ['report=renewals', '1 row · 1 July 2026 to 30 September 2026'],
    ['report=renewals&range=everything', '3 rows'],
    ['report=entitlements&range=everything&customer=birch', '1 row'],
    ['report=travel-expenses&range=everything', 'Nothing counts in these days.'],
    ['range=everything&headings=names', 'kind customer package termNumber workDate'],
  ])('with %s shows “%s”', async (query, words) => {
    const { status, text } = await finance.get(`/console/reports?${query}`);
    expect([status, text]).toEqual([200, expect.stringContaining(words)]);
  });

  test('ignores the empty fields that a form sends', async () => {
    const fields = 'report=usage-lines&range=everything&from=&to=&customer=&csmId=&package=&basis=corrected';
    expect((await finance.get(`/console/reports?${fields}`)).status).toBe(200);
  });

  test('asks which customer is meant, and keeps the rest of the choice', async () => {
    const { text, html } = await finance.get(
      '/console/reports?report=usage-lines&range=everything&basis=closed&customer=c',
    );
    expect(text).toContain('Which customer?');
    expect(text).not.toContain('Totals');
    const link = /href="([^"]*customerId=[^"]*)"/.exec(html)![1]!.replaceAll('&amp;', '&');
    expect(link).toContain('range=everything');
    expect(link).toContain('basis=closed');
    expect((await finance.get(link)).text).toContain('Totals');
    expect((await finance.get('/console/reports?customer=nobody')).text).toContain('No customer has this name.');
  });

  test('shows at the field what is wrong with the address, and keeps what was typed', async () => {
    const { status, text, html } = await finance.get('/console/reports?range=custom&from=2026-06-30&to=2026-06-01');
    expect(status).toBe(400);
    expect(text).toContain('To must not be before');
    expect(html).toContain('value="2026-06-30"');
    expect((await finance.get('/console/reports?report=<x>')).status).toBe(400);
    expect((await finance.get('/console/reports?unknown=1')).status).toBe(400);
  });

  test('shows a CSM the own portfolio, and is forbidden to customers', async () => {
    const { text, html } = await hana.get('/console/reports?range=everything');
    expect(text).toContain('11 rows');
    expect(text).not.toContain('Birch');
    expect(html).not.toContain('name="csmId"');
    expect((await hana.get(`/console/reports?customerId=${story.birch.customerId}`)).status).toBe(404);
    expect((await sato.get('/console/reports')).status).toBe(403);
  });

  test('says why a report cannot be made now', async () => {
    const { database } = story.service;
    await database.write((tx) => tx.query('alter table accounting_periods disable trigger user'));
    await database.write((tx) => tx.query(`update accounting_periods set counted_minutes = 1 where month = '2026-04'`));
    const { status, text } = await finance.get('/console/reports?range=everything&basis=closed');
    expect([status, text]).toEqual([409, expect.stringContaining('of 2026-04 no longer match')]);
    const months = await finance.get('/console/months');
    expect(months.text).toContain('The sums differ');
    expect((await finance.get('/console/months/2026-04')).text).toContain('they differ');
    await database.write((tx) =>
      tx.query(`update accounting_periods set counted_minutes = 560 where month = '2026-04'`),
    );
    await database.write((tx) => tx.query('alter table accounting_periods enable trigger user'));
    expect((await finance.get('/console/reports?range=everything&basis=closed')).status).toBe(200);
  });
});

describe('the file of a report', () => {
  const path = '/console/reports/file';

  test('is the same as over REST, with a name of its own', async () => {
    const query = 'from=2026-04-01&to=2026-04-30&basis=closed&format=csv&headings=ja&delimiter=tab&bom=true';
    const file = await finance.get(`${path}?report=usage-lines&range=custom&${query}`);
    expect(file.headers.get('content-type')).toMatch(/^text\/csv/);
    expect(file.headers.get('content-disposition')).toBe(
      'attachment; filename="usage-lines_from_2026-04-01_to_2026-04-30_closed.csv"',
    );
    const { body } = await story.finance.get(`/v1/reports/usage-lines?${query}`);
    expect(file.html).toBe(body);
  });

  test('asks for the customer first if the name is not clear', async () => {
    const { status, location } = await finance.get(`${path}?range=everything&customer=c&format=csv`);
    expect([status, location]).toEqual([303, '/console/reports?range=everything&customer=c&format=csv']);
  });

  test('has what the role may see, for customers too', async () => {
    const ofHana = await hana.get(`${path}?range=everything&format=json`);
    expect(JSON.parse(ofHana.html)).toMatchObject({ rowCount: 11 });
    const ofSato = await sato.get(`${path}?range=everything&format=json`);
    expect(JSON.parse(ofSato.html)).toMatchObject({ rowCount: 7, totalMinutes: 545 });
    expect((await sato.get(`${path}?report=renewals&range=everything`)).status).toBe(403);
  });

  test('is a page with the reason if it cannot be made', async () => {
    const { status, headers } = await finance.get(`${path}?from=2026-06-30&to=2026-06-01`);
    expect([status, headers.get('content-type')]).toEqual([400, 'text/html; charset=utf-8']);
  });
});

describe('a report that is sent every month', () => {
  const typed = (change: object = {}): Record<string, string> => ({
    ...{ report: 'usage-summary', basis: 'closed', format: 'xlsx', headings: 'ja', customerId: story.acme.customerId },
    ...{ period: 'previous-month', dayOfMonth: '31', timeOfDay: '08:30', timeZone: 'Asia/Tokyo', locale: 'ja' },
    recipients: 'Mori Aki <mori@vendor.example>\r\n\r\nsato@acme.example',
    ...change,
  });

  test('begins with the choice of the report', async () => {
    const { text, html } = await finance.get(
      `${schedules}/new?report=usage-summary&range=fiscal-year-to-date&basis=closed&customer=acme&format=csv`,
    );
    expect(text).toContain('Report Usage summary');
    expect(text).toContain('Customer Acme KK');
    expect(html).toContain('<option value="fiscal-year-to-date" selected>');
    expect(html).toContain(`name="customerId" value="${story.acme.customerId}"`);
    expect(text).toContain('Mori Aki <finance');
  });

  test('is created once; a refusal keeps what was typed', async () => {
    const page = await finance.get(`${schedules}/new?report=usage-summary&customer=acme`);
    const wrong = await finance.submit(page, schedules, typed({ recipients: 'Mori Aki <mori>' }));
    expect(wrong.status).toBe(400);
    expect(wrong.text).toContain('Recipients must be an e-mail address');
    expect(wrong.text).toContain('Mori Aki <mori>');
    expect(wrong.html).toContain('value="08:30"');
    const none = await finance.submit(wrong, schedules, typed({ recipients: '' }));
    expect([none.status, none.text]).toEqual([400, expect.stringContaining('must have at least one address')]);

    const done = await finance.submit(none, schedules, typed());
    expect(done.status).toBe(303);
    expect((await finance.submit(none, schedules, typed())).location).toBe(done.location);
    expect((await story.finance.get('/v1/report-schedules')).body.data).toHaveLength(1);
    const { text } = await finance.follow(done);
    expect(text).toContain('Usage summary goes out every month, next on 31 July 2026.');
    expect(text).toContain('Day 31, 08:30 (Asia/Tokyo)');
    expect(text).toContain('Mori Aki <mori@vendor.example> sato@acme.example <sato@acme.example>');
    const list = await finance.get(schedules);
    expect(list.text).toContain('Usage summary The month before Day 31, 08:30 (Asia/Tokyo)');
    expect(list.text).toContain('Mori Aki and 1 more');
  });

  test('is sent now, lists its mails, and is deleted', async () => {
    const { data } = (await story.finance.get('/v1/report-schedules')).body;
    const path = `${schedules}/${data[0].id}`;
    const page = await finance.get(path);
    const ran = await finance.follow(await finance.submit(page, `${path}/run`));
    expect(ran.text).toContain('2 mails are queued.');
    expect(ran.text).toContain('sato@acme.example <sato@acme.example> Sent by hand Waiting');
    expect((await hana.get(path)).status).toBe(404);
    const stopped = await finance.follow(await finance.submit(ran, `${path}/delete`));
    expect(stopped.text).toContain('Usage summary is not sent any more.');
    expect(stopped.text).toContain('No report is sent every month yet.');
    expect((await finance.get(path)).status).toBe(404);
  });

  test('is forbidden to customers', async () => {
    expect((await sato.get(schedules)).status).toBe(403);
  });
});
