import { Logger } from '@nestjs/common';
import { api, type Api, type Json } from '../support/client.js';
import { consoleClient } from '../support/console.js';
import { person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';
import { newestLink, signInMails } from '../support/sign-in-mails.js';
import { newBrowser, type TestBrowser } from '../support/signing-in.js';

let service: TestService;
let admin: Api;

beforeAll(async () => {
  Logger.overrideLogger(false);
  service = await startService();
  admin = api(service.baseUrl, service.adminToken);
});
afterAll(() => service.stop());

let users = 0;

async function newUser(fields: object = {}): Promise<{ id: string; email: string }> {
  const email = `door-${++users}@trm.example`;
  const { body } = await admin.post('/v1/users', { name: 'Mika Tanaka', email, role: 'csm', nudges: false, ...fields });
  return { id: body.id as string, email };
}

const pass = (ms: number): Promise<void> => service.clock.advanceTo(new Date(service.clock.now().getTime() + ms));
const minutes = 60_000;

/** Asks for a link, and returns its path. */
async function linkFor(browser: TestBrowser, email: string, count = 1): Promise<string> {
  await browser.post('/console/sign-in', { email });
  return newestLink(service, email, count);
}

/** Whether the browser is signed in. */
async function isIn(browser: TestBrowser): Promise<boolean> {
  const { location } = await browser.get('/console');
  return location !== '/console/sign-in';
}

const sessionsOf = (userId: string): Promise<Json[]> =>
  service.database.read((tx) =>
    tx.query('select * from sessions where user_id = $1 order by created_at, id', [userId]),
  );

describe('a link', () => {
  test('signs in the browser that asked for it, once', async () => {
    const { id, email } = await newUser();
    const browser = newBrowser(service);
    const asked = await browser.post('/console/sign-in', { email });
    expect([asked.status, asked.location]).toEqual([303, '/console/sign-in/sent']);
    expect((await browser.get(asked.location!)).html).toContain('Look into your mailbox');

    const link = await newestLink(service, email);
    const opened = await browser.get(link);
    expect([opened.status, opened.location]).toEqual([303, '/console']);
    expect((await browser.get('/console')).location).toBe('/console/today');
    expect(await sessionsOf(id)).toMatchObject([{ opened_with: 'link', address: '127.0.0.1', ended_at: null }]);

    const again = await browser.get(link);
    expect(again.status).toBe(409);
    expect(again.html).toContain('This link has been used');
    expect(again.html).toContain('name="email"');
  });

  test('has a cookie that scripts and other sites cannot use', async () => {
    const { email } = await newUser();
    const browser = newBrowser(service);
    const { cookies } = await browser.get(await linkFor(browser, email));
    expect(cookies.find((line) => line.startsWith('trm='))).toMatch(
      /^trm=[\w-]{43}; Max-Age=1209600; Path=\/; HttpOnly; SameSite=Lax$/,
    );
  });

  test('opens nothing in another browser, and can still be used where it was asked for', async () => {
    const { email } = await newUser();
    const [browser, other] = [newBrowser(service), newBrowser(service)];
    await other.post('/console/sign-in', { email: 'nobody@trm.example' });
    const link = await linkFor(browser, email);
    for (const stranger of [newBrowser(service), other]) {
      const opened = await stranger.get(link);
      expect([opened.status, await isIn(stranger)]).toEqual([409, false]);
      expect(opened.html).toContain('This link belongs to another browser');
      expect((await stranger.post(link, {})).status).toBe(409);
    }
    expect((await browser.get(link)).location).toBe('/console');
  });

  test('expires after 15 minutes', async () => {
    const { email } = await newUser();
    const browser = newBrowser(service);
    const link = await linkFor(browser, email);
    await pass(15 * minutes);
    const opened = await browser.get(link);
    expect(opened.status).toBe(409);
    expect(opened.html).toContain('This link has expired');
  });

  test('is not used up by a browser that asks for the headers or looks ahead', async () => {
    const { email } = await newUser();
    const browser = newBrowser(service);
    const link = await linkFor(browser, email);
    await browser.head(link);
    await browser.get(link, { 'sec-purpose': 'prefetch' });
    expect(await isIn(browser)).toBe(false);
    expect((await browser.get(link)).location).toBe('/console');
  });

  test('that was asked for twice in one browser works in either mail', async () => {
    const { email } = await newUser();
    const browser = newBrowser(service);
    const first = await linkFor(browser, email);
    await linkFor(browser, email, 2);
    expect((await browser.get(first)).location).toBe('/console');
  });

  test('that nobody made is not valid', async () => {
    const browser = newBrowser(service);
    for (const token of ['x', 'A'.repeat(64), '%00']) {
      const opened = await browser.get(`/console/sign-in/${token}`);
      expect([token, opened.status]).toEqual([token, 404]);
    }
  });

  test('of an earlier address, or of an inactive user, opens nothing', async () => {
    const changes = [{ email: 'moved@trm.example' }, { active: false }];
    for (const change of changes) {
      const { id, email } = await newUser();
      const browser = newBrowser(service);
      const link = await linkFor(browser, email);
      await admin.patch(`/v1/users/${id}`, change, { 'if-match': '"1"' });
      expect((await browser.get(link)).status).toBe(404);
    }
  });

  test('is used once by two requests at the same time', async () => {
    const { id, email } = await newUser();
    const browser = newBrowser(service);
    const link = await linkFor(browser, email);
    const opened = await Promise.all([1, 2, 3].map(() => browser.get(link)));
    expect(opened.map(({ status }) => status).sort()).toEqual([303, 409, 409]);
    expect(await sessionsOf(id)).toHaveLength(1);
  });
});

describe('asking for a link', () => {
  test('has the same answer for a known, an unknown and an inactive address, in the same steps', async () => {
    const { email } = await newUser();
    const gone = await newUser();
    await admin.patch(`/v1/users/${gone.id}`, { active: false }, { 'if-match': '"1"' });
    const answers = await Promise.all(
      [email, gone.email, 'nobody@trm.example'].map((address) =>
        newBrowser(service).post('/console/sign-in', { email: address }),
      ),
    );
    const shown = answers.map(({ status, location, html, cookies }) => [
      status,
      location,
      html,
      cookies.map((line) => line.replace(/=[\w-]{43};/, '=secret;')),
    ]);
    expect(new Set(shown.map((one) => JSON.stringify(one))).size).toBe(1);
    await signInMails(service, email, 1);
  });

  test('is answered before the address is looked up', async () => {
    const { email } = await newUser();
    await service.database.write(async (tx) => {
      await tx.query('lock table users in access exclusive mode');
      const answers = await Promise.all(
        [email, 'nobody@trm.example'].map((address) =>
          newBrowser(service).post('/console/sign-in', { email: address }),
        ),
      );
      expect(answers.map(({ status }) => status)).toEqual([303, 303]);
    });
    await signInMails(service, email, 1);
  });

  test('five times in 15 minutes sends five links, and then none without a word', async () => {
    const { email } = await newUser();
    const browser = newBrowser(service);
    for (let at = 0; at < 7; at++) {
      expect((await browser.post('/console/sign-in', { email })).location).toBe('/console/sign-in/sent');
    }
    await pass(14 * minutes);
    const other = await newUser();
    await linkFor(newBrowser(service), other.email);
    expect(await signInMails(service, email, 5)).toHaveLength(5);
    await pass(minutes);
    await browser.post('/console/sign-in', { email });
    expect(await signInMails(service, email, 6)).toHaveLength(6);
  });

  test('ignores the case of the address, and shows a mistyped one again', async () => {
    const { email } = await newUser();
    const browser = newBrowser(service);
    await browser.post('/console/sign-in', { email: email.toUpperCase() });
    await signInMails(service, email, 1);
    const refused = await browser.post('/console/sign-in', { email: 'mika@<script>' });
    expect(refused.status).toBe(400);
    expect(refused.html).toContain('value="mika@&lt;script>"');
    expect(refused.html).toContain('aria-invalid="true"');
  });

  test.each([
    ['ja', undefined, '【TRM】サインイン用リンクのお知らせ'],
    ['en', 'ja', '【TRM】サインイン用リンクのお知らせ'],
    ['ja', 'en', '[TRM] Your link to sign in'],
  ])('on the page in %s, a user with the language %s gets the mail "%s"', async (lang, locale, subject) => {
    const { email } = await newUser({ ...(locale && { locale }) });
    const browser = newBrowser(service);
    await browser.post(`/console/sign-in?lang=${lang}`, { email });
    expect((await signInMails(service, email, 1))[0]!.subject).toBe(subject);
  });
});

describe('the page to return to', () => {
  test('stands in the link of the mail', async () => {
    const { email } = await newUser();
    const browser = newBrowser(service);
    const turnedAway = await browser.get('/console/find?q=acme');
    expect(turnedAway.location).toBe('/console/sign-in?to=%2Fconsole%2Ffind%3Fq%3Dacme');
    const form = await browser.get(turnedAway.location!);
    const [, action] = /action="([^"]*sign-in\?[^"]*)"/.exec(form.html)!;
    await browser.post(action!.replaceAll('&amp;', '&'), { email });
    expect((await browser.get(await newestLink(service, email))).location).toBe('/console/find?q=acme');
  });

  test.each(['https://evil.example/console', '//evil.example', '/console/sign-out', '/docs', '/console\\evil'])(
    'is not %s',
    async (to) => {
      const { email } = await newUser();
      const browser = newBrowser(service);
      await browser.post(`/console/sign-in?${new URLSearchParams({ to }).toString()}`, { email });
      const link = (await newestLink(service, email)).split('?')[0]!;
      const opened = await browser.get(`${link}?${new URLSearchParams({ to }).toString()}`);
      expect(opened.location).toBe('/console');
    },
  );
});

describe('an invitation', () => {
  async function invited(): Promise<{ id: string; email: string; link: string }> {
    const { id, email } = await newUser();
    await admin.post(`/v1/users/${id}/invitations`);
    return { id, email, link: await newestLink(service, email) };
  }

  test('shows a button in any browser, and signs in with it, once', async () => {
    const { id, link } = await invited();
    const browser = newBrowser(service);
    const page = await browser.get(link);
    expect(page.status).toBe(200);
    expect(page.html).toContain('Mika Tanaka, this invitation signs you in');
    expect([await isIn(browser), (await sessionsOf(id)).length]).toEqual([false, 0]);

    expect((await browser.post(link, {})).location).toBe('/console');
    expect(await sessionsOf(id)).toMatchObject([{ opened_with: 'invitation' }]);
    expect((await newBrowser(service).get(link)).html).toContain('This link has been used');
  });

  test('works for seven days', async () => {
    const { link } = await invited();
    await pass(7 * 24 * 60 * minutes - 1);
    expect((await newBrowser(service).get(link)).status).toBe(200);
    await pass(1);
    expect((await newBrowser(service).get(link)).status).toBe(409);
  });

  test('is replaced by a newer one', async () => {
    const { id, email, link } = await invited();
    await admin.post(`/v1/users/${id}/invitations`);
    const newer = await newestLink(service, email, 2);
    expect((await newBrowser(service).get(link)).status).toBe(404);
    expect((await newBrowser(service).get(newer)).status).toBe(200);
  });
});

describe('an access token', () => {
  test('signs in', async () => {
    const browser = newBrowser(service);
    const opened = await browser.post('/console/sign-in/access-token?to=/console/jobs', { token: service.adminToken });
    expect([opened.status, opened.location]).toEqual([303, '/console/jobs']);
    expect(await isIn(browser)).toBe(true);
  });

  test('that is not valid is not shown again', async () => {
    const browser = newBrowser(service);
    const refused = await browser.post('/console/sign-in/access-token', { token: 'trm_secret-of-somebody' });
    expect(refused.status).toBe(422);
    expect(refused.html).toContain('This access token is not valid');
    expect(refused.html).toContain('<details open');
    expect(refused.html).not.toContain('secret-of-somebody');
    expect(await isIn(browser)).toBe(false);
  });
});

describe('a session', () => {
  /** A browser that has signed in. */
  async function signedIn(user: { email: string }): Promise<TestBrowser> {
    const browser = newBrowser(service);
    await browser.get(await linkFor(browser, user.email));
    return browser;
  }

  test('ends when the browser signs in again: no token that was known before goes on', async () => {
    const user = await newUser();
    const browser = await signedIn(user);
    const before = browser.cookies.get('trm')!;
    await browser.get(await linkFor(browser, user.email, 2));
    expect(browser.cookies.get('trm')).not.toBe(before);
    const thief = newBrowser(service);
    thief.cookies.set('trm', before);
    expect([await isIn(browser), await isIn(thief)]).toEqual([true, false]);
  });

  test('never has a token that the browser brought', async () => {
    const user = await newUser();
    const browser = newBrowser(service);
    browser.cookies.set('trm', 'A'.repeat(43));
    await browser.get(await linkFor(browser, user.email));
    expect(browser.cookies.get('trm')).not.toBe('A'.repeat(43));
  });

  test('ends after 12 hours without a request, and after 14 days in any case', async () => {
    const browser = await signedIn(await newUser());
    const idle = await signedIn(await newUser());
    const hours = 60 * minutes;
    await pass(12 * hours - 1);
    expect(await isIn(browser)).toBe(true);
    await pass(1);
    expect([await isIn(browser), await isIn(idle)]).toEqual([true, false]);
    for (let passed = 12; passed < 14 * 24 - 1; passed += 11) {
      expect([passed, await isIn(browser)]).toEqual([passed, true]);
      await pass(11 * hours);
    }
    expect(await isIn(browser)).toBe(false);
  });

  test('notes when it was used, at most once in five minutes', async () => {
    const user = await newUser();
    const browser = await signedIn(user);
    const seen = async (): Promise<number> => {
      const [{ created_at: createdAt, last_seen_at: seenAt }] = (await sessionsOf(user.id)) as [Json];
      return (seenAt - createdAt) / minutes;
    };
    const noted: number[] = [];
    for (let minute = 0; minute < 12; minute++) {
      await isIn(browser);
      noted.push(await seen());
      await pass(minutes);
    }
    expect(noted).toEqual([0, 0, 0, 0, 0, 5, 5, 5, 5, 5, 10, 10]);
  });

  test('is over at once when the user is deactivated, and stays so', async () => {
    const user = await newUser();
    const browser = await signedIn(user);
    await admin.patch(`/v1/users/${user.id}`, { active: false }, { 'if-match': '"1"' });
    expect(await isIn(browser)).toBe(false);
    expect((await sessionsOf(user.id))[0].ended_at).toEqual(service.clock.now());
    await admin.patch(`/v1/users/${user.id}`, { active: true }, { 'if-match': '"2"' });
    expect(await isIn(browser)).toBe(false);
  });

  test('follows a changed role at once', async () => {
    const user = await newUser();
    const browser = await signedIn(user);
    await admin.patch(`/v1/users/${user.id}`, { role: 'finance' }, { 'if-match': '"1"' });
    expect((await browser.get('/console')).location).toBe('/console/months');
  });

  test('ends with "Sign out", whose page says so', async () => {
    const csm = await person(service, 'csm');
    const client = await consoleClient(service, csm);
    const page = await client.get('/console/keys');
    const out = await client.submit(page, '/console/sign-out');
    expect([out.status, out.location]).toEqual([303, '/console/sign-in?lang=en']);
    expect(out.headers.getSetCookie().find((line) => line.startsWith('trm='))).toMatch(
      /^trm=; .*Expires=Thu, 01 Jan 1970/,
    );
    expect((await client.follow(out)).text).toContain('You are signed out.');
    expect((await sessionsOf(csm.id))[0].ended_at).not.toBeNull();
  });

  test('makes the sign-in page unnecessary', async () => {
    const browser = await signedIn(await newUser());
    expect((await browser.get('/console/sign-in?to=/console/week')).location).toBe('/console/week');
  });
});

describe('a form of another site', () => {
  test.each([
    ['says that it is', { 'sec-fetch-site': 'cross-site' }],
    ['comes from a neighbouring host', { 'sec-fetch-site': 'same-site' }],
    ['has another origin', { origin: 'https://evil.example' }],
    ['hides its origin', { origin: 'null' }],
  ])('that %s signs nobody in', async (_how, headers) => {
    const { id } = await newUser();
    const { body } = await admin.post(`/v1/users/${id}/tokens`, { name: 'test' });
    const browser = newBrowser(service);
    for (const path of ['/console/sign-in', '/console/sign-in/access-token', `/console/sign-in/${'A'.repeat(64)}`]) {
      const fields = { token: body.token as string, email: 'nobody@trm.example' };
      const { status, cookies } = await browser.post(path, fields, headers);
      expect([path, status, cookies]).toEqual([path, 403, []]);
    }
    expect(await sessionsOf(id)).toEqual([]);
  });

  test('is distinguished from our own', async () => {
    const browser = newBrowser(service);
    const ours: Record<string, string>[] = [{ 'sec-fetch-site': 'same-origin' }, { origin: service.baseUrl }];
    for (const headers of ours) {
      expect((await browser.post('/console/sign-in', { email: 'nobody@trm.example' }, headers)).status).toBe(303);
    }
  });
});

test('the pages are in Japanese, too', async () => {
  const browser = newBrowser(service);
  const page = await browser.get('/console/sign-in?lang=ja');
  expect(page.headers.get('content-language')).toBe('ja');
  expect(page.html).toContain('リンクを送信');
  expect(page.html).toContain('href="/console/sign-in?lang=en"');
  expect((await browser.get('/console/sign-in', { 'accept-language': 'ja' })).html).toContain('リンクを送信');
});

test('an address asks for at most 60 links in 15 minutes', async () => {
  const limited = await startService({ databaseUrl: service.databaseUrl, env: { RATE_LIMIT_PER_MINUTE: '6000' } });
  try {
    const browser = newBrowser(limited);
    const statuses: number[] = [];
    for (let at = 0; at < 61; at++) {
      statuses.push((await browser.post('/console/sign-in', { email: 'nobody@trm.example' })).status);
    }
    expect([new Set(statuses.slice(0, 60)), statuses[60]]).toEqual([new Set([303]), 429]);
    expect((await browser.get('/console/sign-in')).status).toBe(200);
  } finally {
    await limited.stop();
  }
});

test('on https, cookies are secure and belong to this host alone', async () => {
  const secure = await startService({ databaseUrl: service.databaseUrl, env: { PUBLIC_URL: 'https://trm.test' } });
  try {
    const browser = newBrowser(secure);
    const asked = await browser.post('/console/sign-in', { email: 'nobody@trm.example' });
    const opened = await browser.post('/console/sign-in/access-token', { token: service.adminToken });
    const named = [...asked.cookies, ...opened.cookies].map((line) => line.replace(/=[\w-]{43};/, '=secret;'));
    expect(named).toEqual([
      '__Host-trm-browser=secret; Max-Age=900; Path=/; HttpOnly; Secure; SameSite=Lax',
      '__Host-trm=secret; Max-Age=1209600; Path=/; HttpOnly; Secure; SameSite=Lax',
    ]);
    expect(await isIn(browser)).toBe(true);
  } finally {
    await secure.stop();
  }
});

test('every user may sign in, also one of a customer', async () => {
  const { body } = await admin.post('/v1/customers', { name: 'Acme', locale: 'en', timeZone: 'Europe/London' });
  const { email } = await newUser({ role: 'customer', customerId: body.id as string });
  const browser = newBrowser(service);
  await browser.get(await linkFor(browser, email));
  expect((await browser.get('/console')).location).toBe('/console/own');
  const profile = await browser.get('/console/profile');
  expect(profile.status).toBe(200);
  expect(profile.html).not.toContain('Monday digest');
});
