import { portfolioColumns } from '../../src/features/portfolio/portfolio.dto.js';
import { consoleClient, type ConsoleClient, type Page } from '../support/console.js';
import { person } from '../support/people.js';
import { csmPortfolio, portfolioClock, type CsmPortfolio } from '../support/portfolio.js';
import { startService, type TestService } from '../support/service.js';

// The portfolio as a page: who sees which rows, in which order, and what the address holds.

let service: TestService;
let portfolio: CsmPortfolio;
let csm: ConsoleClient;
let finance: ConsoleClient;

const address = '/console/portfolio';

beforeAll(async () => {
  service = await startService({ clock: portfolioClock });
  portfolio = await csmPortfolio(service);
  csm = await consoleClient(service, portfolio.csm);
  finance = await consoleClient(service, portfolio.finance);
});
afterAll(() => service.stop());

/** The names of the customers in the rows of the page. */
const customersOn = ({ html }: Page): string[] =>
  [...html.matchAll(/class="portfolio-name"[^>]*>([^<]*)</g)].map(([, name]) => name!);

const all = ['Acme KK', 'Northwind Ltd', 'Midori Bank', 'Aozora', 'Hikari Soft'];

const listed = async (query: string, reader = csm): Promise<string[]> => {
  const page = await reader.get(`${address}${query}`);
  expect(page.status).toBe(200);
  return customersOn(page);
};

test('the gravest reason comes first, with its sentence and a verb that leads to the right place', async () => {
  const page = await csm.get(address);
  expect(customersOn(page)).toEqual(all);
  expect(page.text).toContain('5 subscriptions');
  expect(page.text).toContain('Notice deadline near The last day for a notice is Wed 30 December 2026, in 28 days.');
  expect(page.html).toContain(`href="/console/notices/new?subscription=${portfolio.subscriptions['Acme KK']}"`);
  expect(page.text).toContain('No allocation The term has no allocation, so nobody can log time. Allocate hours');
});

test('the figures are those of the balance, and the line has a text', async () => {
  const { body } = await portfolio.csm.get(`/v1/subscriptions/${portfolio.subscriptions['Acme KK']}/balance`);
  const hours = (minutes: number): string =>
    `${Math.floor(minutes / 60)} h${minutes % 60 === 0 ? '' : ` ${String(minutes % 60).padStart(2, '0')}`}`;
  const page = await csm.get(`${address}?search=acme`);
  expect(customersOn(page)).toEqual(['Acme KK']);
  expect(page.text).toContain(`${hours(body.remainingMinutes)} of ${hours(body.grantedMinutes)}`);
  expect(page.text).toContain(`${hours(-body.pace.differenceMinutes)} behind plan`);
  expect(page.text).toContain(hours(body.forecast.expiringMinutes));
  const text = `Use by month: ${hours(body.usedMinutes)} used of 192 h; the plan for today is ${hours(body.pace.plannedMinutes)}.`;
  expect(page.html).toContain(`aria-label="${text}"`);
});

test('the page speaks Japanese', async () => {
  const { text } = await csm.get(address, { 'accept-language': 'ja' });
  expect(text).toContain('5件のサブスクリプション');
  expect(text).toContain('更新しない場合の通知期限は2026年12月30日(水)（あと 28 日）です。');
  expect(text).toContain('通知を登録');
});

test.each([
  ['?attention=yes', ['Acme KK', 'Northwind Ltd', 'Midori Bank', 'Aozora']],
  ['?reason=allocation-missing', ['Aozora']],
  ['?package=premier', ['Acme KK', 'Northwind Ltd']],
  ['?renewal=locked', ['Northwind Ltd']],
  ['?outlook=none', all],
  ['?outlook=leaves', []],
  ['?deadline=30', ['Acme KK', 'Northwind Ltd']],
  ['?deadline=60&package=enterprise', ['Midori Bank']],
  ['?ended=yes', []],
  ['?search=TRM-2026', ['Acme KK', 'Midori Bank', 'Hikari Soft']],
  ['?search=ＭＩＤＯＲＩ', ['Midori Bank']],
  ['?search=100%25', []],
])('%s leaves %j', async (query, expected) => {
  expect(await listed(query)).toEqual(expected);
});

test.each([
  ['customer', ['Acme KK', 'Aozora', 'Hikari Soft', 'Midori Bank', 'Northwind Ltd']],
  ['left', ['Hikari Soft', 'Aozora', 'Acme KK', 'Northwind Ltd', 'Midori Bank']],
  ['pace', ['Midori Bank', 'Northwind Ltd', 'Acme KK', 'Aozora', 'Hikari Soft']],
  ['expiring', ['Hikari Soft', 'Aozora', 'Acme KK', 'Northwind Ltd', 'Midori Bank']],
  ['deadline', ['Acme KK', 'Northwind Ltd', 'Midori Bank', 'Hikari Soft', 'Aozora']],
  ['last-entry', ['Aozora', 'Midori Bank', 'Northwind Ltd', 'Acme KK', 'Hikari Soft']],
])('the column %s sorts in both directions', async (column, expected) => {
  expect(await listed(`?sort=${column}`)).toEqual(expected);
  expect(await listed(`?sort=-${column}`)).toEqual([...expected].reverse());
});

test.each(portfolioColumns)('the list by %s goes through its pages without a gap', async (column) => {
  for (const sort of [column, `-${column}`]) {
    const whole = await listed(`?sort=${sort}`);
    const found: string[] = [];
    let next: string | undefined = `${address}?sort=${sort}&limit=2`;
    while (next !== undefined) {
      const page: Page = await csm.get(next);
      found.push(...customersOn(page));
      next = /rel="next" href="([^"]*)"/.exec(page.html)?.[1]?.replaceAll('&amp;', '&');
    }
    expect(found).toEqual(whole);
  }
});

test('the address holds the columns, and a link keeps the other state', async () => {
  const page = await csm.get(`${address}?columns=left,seats&sort=left&package=premier`);
  const headings = [...page.html.matchAll(/<th scope="col"[^>]*>(?:<a[^>]*>)?([^<]*)</g)].map(([, text]) => text);
  expect(headings).toEqual(['Attention', 'Use', 'Left', 'Seats']);
  expect(page.html).toContain('href="/console/portfolio?package=premier&amp;sort=-left&amp;columns=left%2Cseats"');
});

test('a wrong query shows a page of its own', async () => {
  for (const query of ['?sort=luck', '?reason=boredom', '?cursor=x', '?csm=me', '?color=red']) {
    const { status, html } = await csm.get(`${address}${query}`);
    expect([query, status, html.includes('<html')]).toEqual([query, 400, true]);
  }
  const first = await csm.get(`${address}?limit=2`);
  const cursor = /cursor=([^"&]*)/.exec(first.html)![1]!;
  expect((await csm.get(`${address}?limit=2&sort=left&cursor=${cursor}`)).status).toBe(400);
});

test('everybody sees the own visibility at the same address', async () => {
  const other = await consoleClient(service, await person(service, 'csm'));
  const empty = await other.get(`${address}?attention=yes`);
  expect(customersOn(empty)).toEqual([]);
  expect(empty.text).toContain('No subscription matches.');
  expect((await other.get(address)).text).toContain('You have no subscriptions yet.');
  expect(await listed('', finance)).toEqual(all);
  const customer = await person(service, 'customer', portfolio.customers['Acme KK']);
  expect((await (await consoleClient(service, customer)).get(address)).status).toBe(403);
});

test('finance reads reasons without verbs', async () => {
  const { text, html } = await finance.get(address);
  expect(text).toContain('The term has no allocation, so nobody can log time.');
  expect(text).not.toContain('Allocate hours');
  expect(html).not.toContain('/console/notices/new');
});

test('an administrator filters by CSM', async () => {
  const admin = await consoleClient(service, await person(service, 'admin'));
  expect(await listed(`?csm=${portfolio.csm.id}`, admin)).toEqual(all);
  const other = await person(service, 'csm');
  expect(await listed(`?csm=${other.id}`, admin)).toEqual([]);
});

test('a deputy sees the portfolio for the days of the deputyship', async () => {
  const deputy = await person(service, 'csm');
  const path = `/v1/users/${portfolio.csm.id}/deputies`;
  const { headers } = await portfolio.admin.get(path);
  const deputies = [{ userId: deputy.id, from: '2026-12-02', to: '2026-12-02' }];
  const named = await portfolio.admin.put(path, { deputies }, { 'if-match': headers.get('etag')! });
  expect(named.status).toBe(200);
  expect(await listed('', await consoleClient(service, deputy))).toEqual(all);
});

test('stored names never become markup', async () => {
  const name = '<b>"Bold" & sons</b>';
  const customer = await portfolio.csm.post('/v1/customers', { name, locale: 'en', timeZone: 'Asia/Tokyo' });
  const body = { customerId: customer.body.id as string, package: 'basic', contractNumber: '<i>1</i>' };
  const { body: subscription } = await portfolio.csm.post('/v1/subscriptions', body);
  const { html } = await csm.get(`${address}?search=${encodeURIComponent('<b>')}`);
  expect(html).not.toContain('<b>"Bold"');
  expect(html).not.toContain('<i>1</i>');
  expect(html).toContain('&lt;b>');
  await portfolio.admin.post(`/v1/subscriptions/${subscription.id}/annulment`, { reason: 'Only a test' });
});
