import type { Browser } from 'playwright-core';
import { api } from '../support/client.js';
import { person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';
import { newestLink } from '../support/sign-in-mails.js';
import { expectAccessible, openWindow, screenshot, startBrowser, type Look } from './support/browser.js';

jest.setTimeout(300_000);

let service: TestService;
let browser: Browser;

beforeAll(async () => {
  service = await startService();
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
  await service.stop();
});

const names = { en: 'Mika Tanaka', ja: '田中 美香' } as const;

let users = 0;

async function newUser(language: 'en' | 'ja', role = 'csm'): Promise<{ id: string; email: string }> {
  const email = `door-${language}-${++users}@trm.example`;
  const admin = api(service.baseUrl, service.adminToken);
  const { body } = await admin.post('/v1/users', {
    name: names[language],
    email,
    role,
    nudges: false,
    locale: language,
  });
  return { id: body.id as string, email };
}

const words = {
  en: {
    email: 'E-mail address',
    send: 'Send me a link',
    sent: 'Look into your mailbox',
    today: 'Today',
    out: 'Sign out',
  },
  ja: {
    email: 'メールアドレス',
    send: 'リンクを送信',
    sent: 'メールをご確認ください',
    today: '今日',
    out: 'サインアウト',
  },
} as const;

const looks: readonly Required<Pick<Look, 'language' | 'screen' | 'theme' | 'javaScript'>>[] = [
  { language: 'en', screen: 'desktop', theme: 'light', javaScript: true },
  { language: 'ja', screen: 'phone', theme: 'dark', javaScript: true },
  { language: 'en', screen: 'narrow', theme: 'light', javaScript: false },
  { language: 'ja', screen: 'desktop', theme: 'dark', javaScript: false },
];

test.each(looks)(
  'a mailed link leads to the start page ($language, $screen, $theme, scripts: $javaScript)',
  async (look) => {
    const { email } = await newUser(look.language);
    const { page, context, complaints } = await openWindow(browser, service, undefined, look);
    const { email: label, send, sent, today, out } = words[look.language];
    const name = (what: string): string => `sign-in-${what}-${look.language}-${look.screen}-${look.theme}`;
    const check = async (what: string): Promise<void> => {
      if (look.javaScript) await expectAccessible(page);
      await screenshot(page, name(what));
    };
    await page.goto('/console/today');
    await check('ask');
    await page.getByLabel(label).fill(email);
    await page.getByRole('button', { name: send }).click();
    await page.getByRole('heading', { level: 1, name: sent }).waitFor();
    await check('sent');

    await page.goto(await newestLink(service, email));
    await page.waitForURL('**/console/today');
    await page.getByRole('heading', { level: 1, name: today }).waitFor();

    await page.getByText(names[look.language]).first().click();
    await page.getByRole('button', { name: out }).click();
    await page.waitForURL(`**/console/sign-in?lang=${look.language}`);
    await check('out');
    expect(complaints).toEqual([]);
    await context.close();
  },
);

test('a link that was asked for in another browser says so, and offers a new one', async () => {
  for (const look of looks.slice(0, 2)) {
    const { email } = await newUser(look.language);
    const asking = await openWindow(browser, service, undefined, look);
    await asking.page.goto('/console/sign-in');
    await asking.page.getByLabel(words[look.language].email).fill(email);
    await asking.page.getByRole('button', { name: words[look.language].send }).click();
    const link = await newestLink(service, email);

    const { page, context } = await openWindow(browser, service, undefined, look);
    await page.goto(link);
    await page.getByRole('alert').waitFor();
    await expectAccessible(page);
    await screenshot(page, `sign-in-other-browser-${look.language}-${look.screen}`);
    await page.getByLabel(words[look.language].email).fill(email);
    await page.getByRole('button', { name: words[look.language].send }).click();
    await page.goto(await newestLink(service, email, 2));
    await page.waitForURL('**/console/today');
    await context.close();
    await asking.context.close();
  }
});

test('an invitation opens with one button, and a session that ended leads back to the page', async () => {
  for (const look of looks.slice(0, 2)) {
    const { id, email } = await newUser(look.language);
    const admin = api(service.baseUrl, service.adminToken);
    await admin.post(`/v1/users/${id}/invitations`);
    const { page, context } = await openWindow(browser, service, undefined, look);
    await page.goto(await newestLink(service, email));
    await expectAccessible(page);
    await screenshot(page, `invitation-${look.language}-${look.screen}`);
    await page.getByRole('main').getByRole('button').click();
    await page.waitForURL('**/console/today');

    await page.goto('/console/profile');
    await service.database.write((tx) =>
      tx.query('update sessions set ended_at = created_at where user_id = $1', [id]),
    );
    // The form is sent after the session has ended.
    await page.locator('#settings ~ form button[type=submit], form[action$="settings"] button').first().click();
    await page.waitForURL('**/console/sign-in?to=%2Fconsole%2Fprofile');
    await page.getByLabel(words[look.language].email).fill(email);
    await page.getByRole('button', { name: words[look.language].send }).click();
    await page.goto(await newestLink(service, email, 2));
    await page.waitForURL('**/console/profile');
    await context.close();
  }
});

test('the profile and the pages about people are accessible on every screen', async () => {
  for (const look of [...looks.slice(0, 2), { ...looks[0]!, screen: 'narrow' as const, theme: 'dark' as const }]) {
    const { language, screen, theme } = look;
    const settings = { locale: language } as const;
    const csm = await person(service, 'csm', undefined, settings);
    const deputy = await person(service, 'csm', undefined, settings);
    await csm.put(
      `/v1/users/${csm.id}/deputies`,
      { deputies: [{ userId: deputy.id, from: '2026-04-06', to: '2026-04-10' }] },
      { 'if-match': (await csm.get(`/v1/users/${csm.id}/deputies`)).headers.get('etag')! },
    );
    const own = await openWindow(browser, service, csm, look);
    await (await openWindow(browser, service, csm, look)).context.close();
    await own.page.goto('/console/profile');
    await expectAccessible(own.page);
    await screenshot(own.page, `profile-${language}-${screen}-${theme}`);
    expect(own.complaints).toEqual([]);
    await own.context.close();

    const chief = await openWindow(browser, service, await person(service, 'admin', undefined, settings), look);
    for (const [name, path] of [
      ['people', '/console/people'],
      ['people-none', '/console/people?search=nobody-has-this'],
      ['people-new', '/console/people/new'],
      ['people-one', `/console/people/${csm.id}`],
    ] as const) {
      await chief.page.goto(path);
      await expectAccessible(chief.page);
      await screenshot(chief.page, `${name}-${language}-${screen}-${theme}`);
    }
    expect(chief.complaints).toEqual([]);
    await chief.context.close();
  }
});

test('a new token is shown once, with scripts and without', async () => {
  for (const javaScript of [true, false]) {
    const { page, context, complaints } = await openWindow(browser, service, await person(service, 'finance'), {
      javaScript,
    });
    await page.goto('/console/profile');
    await page.getByLabel('Name of the token').fill('Monthly reports');
    await page.getByRole('button', { name: 'Create token' }).click();
    await page.getByText('Copy the token “Monthly reports” now.').waitFor();
    await screenshot(page, `token-shown-${javaScript ? 'scripts' : 'plain'}`);
    expect(await page.locator('code.secret').textContent()).toMatch(/^\s*trm_[\w-]{43}\s*$/);
    expect(complaints).toEqual([]);
    await context.close();
  }
});
