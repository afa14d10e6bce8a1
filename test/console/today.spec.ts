import { consoleClient, type ConsoleClient } from '../support/console.js';
import { person } from '../support/people.js';
import { csmPortfolio, portfolioClock, type CsmPortfolio } from '../support/portfolio.js';
import { startService, type TestService } from '../support/service.js';

// The page with which a CSM's day starts.

let service: TestService;
let portfolio: CsmPortfolio;
let csm: ConsoleClient;

const address = '/console/today';

beforeAll(async () => {
  service = await startService({ clock: portfolioClock });
  portfolio = await csmPortfolio(service);
  csm = await consoleClient(service, portfolio.csm);
});
afterAll(() => service.stop());

test('each card has one sentence, a day since when, and one verb', async () => {
  const { status, text, html } = await csm.get(address);
  expect(status).toBe(200);
  expect(text).toContain('Needs you (4)');
  expect(text).toContain(
    'Acme KK Notice deadline near The last day for a notice is Wed 30 December 2026, in 28 days. since Mon 30 Nov · Premier · TRM-2026-0031',
  );
  const [needs] = html.split('id="sessions"');
  const cards = needs!.split('<li class="panel"').slice(1);
  expect(cards).toHaveLength(4);
  for (const card of cards) expect(card.match(/class="button quiet"/g)).toHaveLength(1);
  expect(html).toContain(`/console/subscriptions/${portfolio.subscriptions.Aozora}/allocations`);
});

test('planned sessions, the week and the deadlines stand beside the cards', async () => {
  const { text } = await csm.get(address);
  expect(text).toContain('Wed 2 Dec today Hikari Soft Health check of the primary cluster');
  expect(text).toMatch(/This week 0 min .* Nothing is logged for this week yet\./);
  expect(text).toContain(
    'in 28 days Wed 30 Dec Acme KK Last day for a notice A notice of non-renewal must arrive by this day',
  );
  expect(text).toContain('in 29 days Thu 31 Dec Northwind Ltd Term ends');
});

test('the week shows the logged minutes by day and by customer', async () => {
  const path = `/v1/subscriptions/${portfolio.subscriptions['Hikari Soft']}/time-entries`;
  const { status } = await portfolio.csm.post(path, {
    workDate: '2026-12-01',
    minutes: 75,
    consultantId: portfolio.consultantId,
    productLineId: portfolio.productLineId,
    activity: 'health-check',
    delivery: 'remote',
    summary: 'Check of the backups',
  });
  expect(status).toBe(201);
  const { text } = await csm.get(address);
  expect(text).toMatch(/This week 1 h 15 Mon – Tue 1:15 Wed – .* Hikari Soft 1 h 15/);
});

test('the page speaks Japanese', async () => {
  const { text } = await csm.get(address, { 'accept-language': 'ja' });
  expect(text).toContain('対応が必要 (4)');
  expect(text).toContain('更新しない場合の通知期限は2026年12月30日(水)（あと 28 日）です。');
  expect(text).toContain('30日以内の期限');
});

test('without anything to do, the page says what to do next', async () => {
  const other = await consoleClient(service, await person(service, 'csm'));
  const { text } = await other.get(address);
  expect(text).toContain('No subscription needs you now.');
  expect(text).toContain('No session is planned for the next seven days.');
  expect(text).toContain('No deadline falls in the next 30 days.');
  expect(text).not.toContain('Mails that failed');
});

test('more than ten subscriptions lead on to the portfolio', async () => {
  const busy = await person(service, 'csm');
  const customer = await busy.post('/v1/customers', { name: 'Many', locale: 'en', timeZone: 'Asia/Tokyo' });
  for (let at = 0; at < 12; at++) {
    await busy.post('/v1/subscriptions', { customerId: customer.body.id as string, package: 'basic' });
  }
  const { text, html } = await (await consoleClient(service, busy)).get(address);
  expect(text).toContain('Needs you (12)');
  expect(text).toContain('2 more in the portfolio');
  expect(html).toContain('href="/console/portfolio?attention=yes"');
});

test('finance and customers have no such page, an administrator sees the own portfolio', async () => {
  const customer = await person(service, 'customer', portfolio.customers['Acme KK']);
  for (const reader of [portfolio.finance, customer]) {
    expect((await (await consoleClient(service, reader)).get(address)).status).toBe(403);
  }
  const admin = await consoleClient(service, await person(service, 'admin'));
  expect((await admin.get(address)).text).toContain('No subscription needs you now.');
});

test('a failed mail is sent again with one click', async () => {
  const notice = { party: 'customer', signedBy: 'Sato Hanako', channel: 'email' };
  const path = `/v1/subscriptions/${portfolio.subscriptions['Hikari Soft']}/non-renewal-notices`;
  expect((await portfolio.csm.post(path, notice)).status).toBe(201);
  const [mail] = await service.database.write((tx) =>
    tx.query<{ id: string }>(
      `update mails set status = 'failed', next_attempt_at = null, last_error = '550 no such user'
       where id = (select id from mails where recipient_role = 'customer' limit 1) returning id`,
    ),
  );
  const page = await csm.get(address);
  expect(page.text).toContain('Mails that failed');
  const action = `${address}/mails/${mail!.id}/resend`;
  const sent = await csm.submit(page, action);
  expect([sent.status, sent.location]).toEqual([303, address]);
  expect((await csm.follow(sent)).text).toContain('The mail is being sent again.');
  const stranger = await consoleClient(service, await person(service, 'csm'));
  expect((await stranger.get(address)).html).not.toContain(action);
});
