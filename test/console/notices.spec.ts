import { consoleClient, type ConsoleClient, type Page } from '../support/console.js';
import { person } from '../support/people.js';
import { csmPortfolio, portfolioClock, type CsmPortfolio, type PortfolioCustomer } from '../support/portfolio.js';
import { startService, type TestService } from '../support/service.js';

// The notices of all subscriptions, and a received one that is recorded: first what would follow, then for good.

let service: TestService;
let portfolio: CsmPortfolio;
let csm: ConsoleClient;

const address = '/console/notices';

beforeAll(async () => {
  service = await startService({ clock: portfolioClock });
  portfolio = await csmPortfolio(service);
  csm = await consoleClient(service, portfolio.csm);
});
afterAll(() => service.stop());

const record = async (name: PortfolioCustomer, change: Readonly<Record<string, string>> = {}): Promise<Page> => {
  const subscription = portfolio.subscriptions[name];
  const page = await csm.get(`${address}/new?subscription=${subscription}`);
  return csm.submit(page, `${address}/new`, {
    subscription,
    party: 'customer',
    signedBy: 'Sato Hanako',
    channel: 'letter',
    receivedOn: '2026-12-01',
    receivedTime: '17:30',
    step: 'record',
    ...change,
  });
};

const recorded = async (name: PortfolioCustomer): Promise<unknown[]> =>
  (await portfolio.csm.get(`/v1/subscriptions/${portfolio.subscriptions[name]}/non-renewal-notices`)).body
    .data as unknown[];

test('the page begins with the deadlines that wait for an answer', async () => {
  const { text, html } = await csm.get(address);
  expect(text).toContain('Deadlines without an answer');
  expect(text).toContain('Acme KK · TRM-2026-0031 Wed 30 Dec · in 28 days Record notice');
  expect(html).toContain(`${address}/new?subscription=${portfolio.subscriptions['Acme KK']}`);
  expect(text).toContain('No notice stands.');
});

test('a check says that the receipt is in time, in the zone of the customer, and records nothing', async () => {
  const page = await record('Acme KK', { step: 'check' });
  expect(page.status).toBe(200);
  expect(page.text).toContain(
    'In time: received 1 December 2026, 17:30 (UTC+09:00), and the last day is 30 December 2026 (Asia/Tokyo). The subscription ends with its term, on 28 February 2027.',
  );
  expect(page.html).toContain('value="Sato Hanako"');
  expect(await recorded('Acme KK')).toEqual([]);
});

test('a check says that a receipt is late', async () => {
  const page = await record('Northwind Ltd', { step: 'check' });
  expect(page.text).toContain('Late: received 1 December 2026, 17:30 (UTC+09:00), after the last day 1 November 2026');
  expect(await recorded('Northwind Ltd')).toEqual([]);
});

test.each([
  [{ receivedOn: '2026-12-03' }, 422, 'future'],
  [{ receivedTime: '' }, 400, 'Time of receipt (Asia/Tokyo) is required'],
  [{ signedBy: '' }, 400, 'Signed by is required'],
  [{ documentSha256: 'abc' }, 400, 'SHA-256 of the document'],
] as const)('a form with %j is refused and keeps what was typed', async (change, status, sentence) => {
  const page = await record('Acme KK', { note: 'By registered letter', ...change });
  expect([page.status, page.text.includes(sentence) || page.text]).toEqual([status, true]);
  expect(page.text).toContain('By registered letter');
  expect(await recorded('Acme KK')).toEqual([]);
});

test('a notice in time is recorded, and stands in the list with its verbs', async () => {
  const documentSha256 = 'a'.repeat(64);
  const done = await record('Acme KK', { documentSha256 });
  expect(done.location).toBe(address);
  const shown = await csm.follow(done);
  expect(shown.text).toContain(
    'The notice of Acme KK is recorded. The subscription ends with its term, on 28 February 2027.',
  );
  expect(shown.text).toMatch(
    /Acme KK · TRM-2026-0031 The customer · Letter Sato Hanako 1 December 2026, 17:30 \(UTC\+09:00\) .* Ends with the term Withdraw/,
  );
  expect(shown.text).not.toContain('Deadlines without an answer');
  expect(await recorded('Acme KK')).toMatchObject([
    { receivedAt: '2026-12-01T08:30:00.000Z', effective: true, documentSha256 },
  ]);
  const again = await record('Acme KK');
  expect(again.status).toBe(409);
});

test('a late notice has no effect, and only an administrator can accept it', async () => {
  const shown = await csm.follow(await record('Northwind Ltd'));
  expect(shown.text).toContain('The notice of Northwind Ltd is recorded. It has no effect.');
  const late = await csm.get(`${address}?standing=late`);
  expect(late.text).toContain('None: late');
  expect(late.text).not.toContain('Accept by both sides');
  const admin = await consoleClient(service, await person(service, 'admin'));
  const page = await admin.get(`${address}?standing=late`);
  const href = /href="(\/console\/subscriptions\/[^"]*\/waiver)"/.exec(page.html)![1]!;
  expect((await admin.get(href)).status).toBe(200);
});

test('a notice that arrived before the renewal can be recorded after it, and has no effect', async () => {
  await portfolio.admin.post('/v1/clock/advance', { to: '2027-01-02T00:00:00Z' });
  // The session is over by now.
  csm = await consoleClient(service, portfolio.csm);
  const change = { receivedOn: '2026-10-01', receivedTime: '09:00', party: 'provider' };
  const preview = await record('Northwind Ltd', { ...change, step: 'check' });
  expect(preview.text).toContain('In time, but the term that ended on 31 December 2026 has already renewed.');
  await record('Northwind Ltd', change);
  const { text } = await csm.get(`${address}?standing=after-roll-over`);
  expect(text).toContain('Northwind Ltd · TRM-2025-0102 The vendor · Letter');
  expect(text).toContain('None: the term had renewed');
  expect(text).not.toContain('Withdraw ');
});

test('finance reads and records nothing, and customers have a page of their own', async () => {
  const finance = await consoleClient(service, portfolio.finance);
  const { status, text } = await finance.get(address);
  expect([status, text.includes('Acme KK')]).toEqual([200, true]);
  expect(text).not.toMatch(/Record (a|notice)|Withdraw /);
  expect((await finance.get(`${address}/new`)).status).toBe(403);
  const customer = await consoleClient(service, await person(service, 'customer', portfolio.customers['Acme KK']));
  expect((await customer.get(address)).status).toBe(403);
  const stranger = await consoleClient(service, await person(service, 'csm'));
  expect((await stranger.get(address)).text).not.toContain('Acme KK');
  expect((await stranger.get(`${address}/new?subscription=${portfolio.subscriptions['Acme KK']}`)).status).toBe(404);
});

test('the page speaks Japanese', async () => {
  const { text } = await csm.get(address, { 'accept-language': 'ja' });
  expect(text).toContain('更新しない旨の通知');
  expect(text).toContain('期間満了で終了');
});
