import type { Browser } from 'playwright-core';
import { api } from '../support/client.js';
import { MailServer } from '../support/mail-server.js';
import { person, type Person } from '../support/people.js';
import { advance, renewingContract, type RenewingContract } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';
import { expectAccessible, openWindow, screenshot, startBrowser, type Look, type Window } from './support/browser.js';

// The pages of administrators in Chromium.

jest.setTimeout(240_000);

let service: TestService;
let browser: Browser;
let mailServer: MailServer;
let admin: Person;
let contract: RenewingContract;
const windows: Window[] = [];

beforeAll(async () => {
  mailServer = await MailServer.start();
  [service, browser] = await Promise.all([
    startService({ clock: '2026-04-01T03:00:00Z', env: { SMTP_URL: mailServer.url } }),
    startBrowser(),
  ]);
  admin = await person(service, 'admin');
  contract = await renewingContract(service, { startsOn: '2026-04-01', contacts: 2, locale: 'en' });
  const poisoned = await renewingContract(service, { startsOn: '2026-04-01' });
  mailServer.behaviours.set(contract.contacts[1]!, {
    at: 'recipient',
    responseCode: 550,
    response: '5.1.1 No such mailbox here',
  });
  const client = api(service.baseUrl, service.adminToken);
  await client.post('/v1/consultants', { name: '鈴木 一郎', email: 'suzuki@vendor.example' });
  await client.post('/v1/consultants', { name: 'Tanaka Mika', email: 'tanaka@vendor.example' });
  await client.post('/v1/product-lines', { code: 'DB', name: 'Database' });
  await service.database.write(async (tx) => {
    await tx.query(
      `create function stop_it() returns trigger language plpgsql as $$ begin raise exception 'division by zero'; end $$`,
    );
    await tx.query(`create trigger stop_it before update on terms
      for each row when (new.subscription_id = '${poisoned.id}') execute function stop_it()`);
  });
  await advance(service, '2026-12-31T03:00:00Z');
});
afterEach(async () => {
  for (const { context } of windows.splice(0)) await context.close();
});
afterAll(async () => {
  await browser.close();
  await service.stop();
  await mailServer.stop();
});

async function open(path: string, look: Look = {}, user = admin): Promise<Window> {
  const window = await openWindow(browser, service, user, look);
  windows.push(window);
  await window.page.goto(path);
  return window;
}

const pages = [
  'jobs',
  'jobs/renewal-reminders',
  'mails',
  'consultants',
  'consultants/new',
  'product-lines',
  'packages',
  'clock',
];
const looks: Record<string, Look> = {
  'desktop-light-en': {},
  'desktop-dark-ja': { theme: 'dark', language: 'ja' },
  'phone-light-ja': { screen: 'phone', language: 'ja' },
  'narrow-dark-en': { screen: 'narrow', theme: 'dark' },
};

test.each(pages.flatMap((path) => Object.keys(looks).map((look) => [path, look] as const)))(
  '/console/%s fits and is accessible on %s',
  async (path, look) => {
    const { page, complaints } = await open(`/console/${path}`, looks[look]);
    await expectAccessible(page);
    await screenshot(page, `admin-${path.replace('/', '-')}-${look}`);
    expect(complaints).toEqual([]);
  },
);

test('an administrator runs a job, looks at a failed mail, and advances the clock', async () => {
  const { page, complaints } = await open('/console/jobs');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Renewal reminders', level: 1 }).waitFor();
  await page.getByRole('button', { name: 'Show what a run would do' }).click();
  await page.getByText('Nothing was changed or sent.').waitFor();
  await screenshot(page, 'admin-dry-run');
  await page.getByRole('button', { name: 'Run now' }).click();
  await page.getByText('Renewal reminders: Done.').waitFor();
  await page.goto('/console/mails');
  const trouble = page.getByRole('region', { name: 'Needs you' });
  await trouble
    .getByRole('link', { name: /Renewal reminder/ })
    .first()
    .click();
  await page.getByRole('heading', { name: 'Attempts' }).waitFor();
  await page.getByText('No such mailbox here').first().waitFor();
  await screenshot(page, 'admin-mail');
  mailServer.behaviours.clear();
  await page.getByRole('button', { name: 'Send again' }).click();
  await page.getByText('leaves again').waitFor();
  await page.goto('/console/clock');
  await page.getByRole('button', { name: /^Advance to \d/ }).click();
  await page.getByText(/The clock shows 31/).waitFor();
  expect(complaints).toEqual([]);
});

test('mails are held and released', async () => {
  const { page } = await open('/console/mails');
  await page.getByRole('button', { name: 'Hold all mails' }).click();
  await page.getByRole('heading', { name: 'Mails are held' }).waitFor();
  await screenshot(page, 'admin-mails-held');
  await page.getByRole('button', { name: 'Release all mails' }).click();
  await page.getByText('released').waitFor();
});
