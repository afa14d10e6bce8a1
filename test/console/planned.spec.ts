import { consoleClient, type ConsoleClient, type Page } from '../support/console.js';
import type { Json } from '../support/client.js';
import { person } from '../support/people.js';
import { csmPortfolio, portfolioClock, type CsmPortfolio } from '../support/portfolio.js';
import { startService, type TestService } from '../support/service.js';

// Planned sessions on pages: planned, moved, cancelled, logged, and the rest of a term planned evenly.

let service: TestService;
let portfolio: CsmPortfolio;
let csm: ConsoleClient;

const address = '/console/planned';

beforeAll(async () => {
  service = await startService({ clock: portfolioClock });
  portfolio = await csmPortfolio(service);
  csm = await consoleClient(service, portfolio.csm);
});
afterAll(() => service.stop());

const sessionsOf = async (name: keyof CsmPortfolio['subscriptions']): Promise<Json[]> =>
  (await portfolio.csm.get(`/v1/subscriptions/${portfolio.subscriptions[name]}/planned-sessions?limit=200`)).body
    .data as Json[];

const newAddress = (name: keyof CsmPortfolio['subscriptions']): string =>
  `${address}/new?subscription=${portfolio.subscriptions[name]}`;

const typed = (change: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  plannedOn: '2026-12-14',
  minutes: '1:30',
  pair: `${portfolio.consultantId}.${portfolio.productLineId}`,
  activity: 'gap-analysis',
  delivery: 'remote',
  summary: 'Gap analysis of the backups',
  ...change,
});

const plan = async (
  name: keyof CsmPortfolio['subscriptions'],
  change: Readonly<Record<string, string>> = {},
): Promise<Page> => {
  const fields = { ...typed(change), subscription: portfolio.subscriptions[name] };
  return csm.submit(await csm.get(newAddress(name)), `${address}/new`, fields);
};

test('the list names customer, work and consultant, and offers to log what is due', async () => {
  const { status, text } = await csm.get(address);
  expect(status).toBe(200);
  expect(text).toContain(
    'Wed 2 Dec today Hikari Soft Health check of the primary cluster Health check · Remote · Suzuki Ichiro (Database) 1 h 30 Log Move Cancel',
  );
  expect(text).toContain('Suzuki Ichiro (Database) 2 h Move Cancel');
});

test('a session is planned for a chosen subscription', async () => {
  const choice = await csm.get(`${address}/new`);
  expect(choice.text).toContain('Acme KK · TRM-2026-0031');
  const done = await plan('Acme KK');
  expect(done.location).toBe(`${address}?subscription=${portfolio.subscriptions['Acme KK']}`);
  const shown = await csm.follow(done);
  expect(shown.text).toContain('One session is planned for Acme KK: 14 December 2026.');
  expect(shown.text).toContain('Gap analysis of the backups');
  expect(shown.text).not.toContain('Hikari Soft');
});

test('a series says how many sessions it has', async () => {
  const done = await plan('Acme KK', { plannedOn: '2027-01-12', everyWeeks: '2', until: '2027-02-10' });
  expect((await csm.follow(done)).text).toContain('3 sessions are planned for Acme KK, the first on 12 January 2027.');
});

test.each([
  [{ plannedOn: '2026-12-01' }, 422, 'has passed'],
  [{ minutes: 'soon' }, 400, 'must be an amount of time'],
  [{ minutes: '2' }, 400, 'can mean hours or minutes'],
  [{ summary: '' }, 400, 'What will be done is required'],
] as const)('a form with %j is refused and keeps what was typed', async (change, status, sentence) => {
  const before = await sessionsOf('Acme KK');
  const page = await plan('Acme KK', change);
  expect([page.status, page.text.includes(sentence) || page.text]).toEqual([status, true]);
  expect(page.html).toContain(`value="${'minutes' in change ? change.minutes : '1:30'}"`);
  expect(await sessionsOf('Acme KK')).toEqual(before);
});

test('a form that is sent twice plans once', async () => {
  const page = await csm.get(newAddress('Acme KK'));
  const fields = { ...typed({ plannedOn: '2026-12-21' }), subscription: portfolio.subscriptions['Acme KK'] };
  const [one, other] = [
    await csm.submit(page, `${address}/new`, fields),
    await csm.submit(page, `${address}/new`, fields),
  ];
  expect([one.status, other.status, other.location]).toEqual([303, 303, one.location]);
  expect((await sessionsOf('Acme KK')).filter(({ plannedOn }) => plannedOn === '2026-12-21')).toHaveLength(1);
});

test('a form of another session of the browser is refused', async () => {
  const fields = new URLSearchParams({ ...typed(), subscription: portfolio.subscriptions['Acme KK'], csrf: 'x' });
  const headers = { cookie: csm.cookie, 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await fetch(`${service.baseUrl}${address}/new`, { method: 'POST', headers, body: fields.toString() });
  expect(answer.status).toBe(403);
});

test('a session is moved; a page that is older than the last change says what the session is now', async () => {
  const [session] = await sessionsOf('Acme KK');
  const path = `${address}/${session.id as string}/edit`;
  const page = await csm.get(path);
  const version = String(session.version);
  const moved = await csm.submit(page, path, { ...typed({ plannedOn: '2026-12-07' }), version });
  expect((await csm.follow(moved)).text).toContain('The session of Acme KK is now planned for 7 December 2026.');
  const stale = await csm.submit(page, path, {
    ...typed({ plannedOn: '2026-12-09', summary: 'My own text' }),
    version,
  });
  expect(stale.status).toBe(412);
  expect(stale.text).toContain('It now says: 7 December 2026, 1 h 30, Suzuki Ichiro (Database).');
  expect(stale.text).toContain('My own text');
  expect(stale.html).toContain(`name="version" value="${(session.version as number) + 1}"`);
});

test('a session is cancelled, with the later ones of its series on request', async () => {
  const series = (await sessionsOf('Acme KK')).filter(({ seriesId }) => seriesId !== null);
  const [first] = series;
  const path = `${address}/${first.id as string}`;
  const page = await csm.get(`${path}/edit`);
  const done = await csm.submit(page, `${path}/cancel`, { version: String(first.version), following: 'true' });
  expect((await csm.follow(done)).text).toContain(
    'The session of Acme KK and the later ones of its series are cancelled.',
  );
  const states = (await sessionsOf('Acme KK'))
    .filter(({ seriesId }) => seriesId !== null)
    .map(({ status }) => status as string);
  expect(states).toEqual(['cancelled', 'cancelled', 'cancelled']);
});

test('one click logs a session as planned, and the message takes it back', async () => {
  const [today] = await sessionsOf('Hikari Soft');
  const action = `${address}/${today.id as string}/log`;
  const done = await csm.submit(await csm.get(address), action);
  const shown = await csm.follow(done);
  expect(shown.text).toMatch(/Logged 1 h 30 for Hikari Soft\. \d+ h( \d+)? left\. Undo/);
  const [fulfilled] = await sessionsOf('Hikari Soft');
  expect([fulfilled.status, fulfilled.fulfilledByEntryId]).toEqual(['fulfilled', expect.any(String)]);
  const undo = `/console/quick-entry/undo/${fulfilled.fulfilledByEntryId as string}`;
  expect((await csm.submit(shown, undo)).status).toBe(303);
  expect((await sessionsOf('Hikari Soft'))[0].status).toBe('open');
});

test('a booking that breaks a rule shows the session with the reason', async () => {
  const [today] = await sessionsOf('Hikari Soft');
  const path = `${address}/${today.id as string}/log`;
  const page = await csm.get(path);
  const refused = await csm.submit(page, path, { workDate: '2026-12-02', minutes: '900h', summary: 'All of it' });
  expect(refused.status).toBe(422);
  expect(refused.text).toContain('All of it');
  expect(refused.html).toContain('value="900h"');
});

test('the rest of a term is proposed first, and then planned', async () => {
  const path = `${address}/proposal?subscription=${portfolio.subscriptions['Northwind Ltd']}`;
  const page = await csm.get(path);
  expect(page.text).toMatch(/would expire without a plan\. This proposal uses them in \d+ sessions/);
  const before = await sessionsOf('Northwind Ltd');
  expect(before).toEqual([]);
  const fields = { subscription: portfolio.subscriptions['Northwind Ltd'], everyWeeks: '2' };
  const done = await csm.submit(page, `${address}/proposal`, fields);
  expect((await csm.follow(done)).text).toMatch(
    /\d+ sessions are planned for Northwind Ltd\. No hours would expire any more\./,
  );
  const { body } = await portfolio.csm.get(`/v1/subscriptions/${portfolio.subscriptions['Northwind Ltd']}/balance`);
  expect(body.forecast.planned.expiringMinutes).toBe(0);
  expect((await csm.get(path)).text).toContain('Nothing would expire: all hours are used or planned.');
});

test('another CSM finds nothing, and finance reads without verbs', async () => {
  const stranger = await consoleClient(service, await person(service, 'csm'));
  const [session] = await sessionsOf('Hikari Soft');
  for (const path of [
    `${address}/${session.id as string}/edit`,
    newAddress('Acme KK'),
    `${address}?subscription=${portfolio.subscriptions['Acme KK']}`,
  ]) {
    expect([path, (await stranger.get(path)).status]).toEqual([path, 404]);
  }
  const finance = await consoleClient(service, portfolio.finance);
  const { text } = await finance.get(address);
  expect(text).toContain('Health check of the primary cluster');
  expect(text).not.toMatch(/Move|Cancel|Plan a session/);
  expect((await finance.get(`${address}/new`)).status).toBe(403);
});

test('the page speaks Japanese', async () => {
  const { text } = await csm.get(address, { 'accept-language': 'ja' });
  expect(text).toContain('12月2日(水) 今日 Hikari Soft');
  expect(text).toContain('ヘルスチェック · リモート');
});
