import type { Browser } from 'playwright-core';
import { contractToBookOn } from '../support/booking.js';
import type { SoldContract } from '../support/contract.js';
import { startService, type TestService } from '../support/service.js';
import { expectAccessible, openWindow, screenshot, startBrowser, type Look, type Window } from './support/browser.js';

// A time entry in one line, in Chromium.

jest.setTimeout(60_000);

let service: TestService;
let browser: Browser;
let sold: SoldContract;
let open: Window | undefined;

beforeAll(async () => {
  service = await startService({ clock: '2026-07-10T03:00:00Z' });
  sold = await contractToBookOn(service);
  const { headers } = await sold.csm.get(`/v1/customers/${sold.customerId}`);
  const change = { name: 'Acme KK' };
  await sold.csm.patch(`/v1/customers/${sold.customerId}`, change, { 'if-match': headers.get('etag')! });
  browser = await startBrowser();
});
afterEach(async () => {
  await open?.context.close();
  open = undefined;
});
afterAll(async () => {
  await browser?.close();
  await service?.stop();
});

const pageBefore = '/console/keys';

async function windowOf(look: Look = {}, path = pageBefore): Promise<Window> {
  open = await openWindow(browser, service, sold.csm, look);
  await open.page.goto(path);
  return open;
}

const entries = async (): Promise<{ minutes: number; summary: string; reversal: object | null }[]> =>
  (await sold.csm.get(`/v1/subscriptions/${sold.id}/time-entries`)).body.data as never;

const line = 'acme 1:30 @"consultant 1" health-check yesterday ^CASE-1';

test('is logged with the keyboard alone, and taken back with u', async () => {
  const before = (await entries()).length;
  const { page, complaints } = await windowOf();
  await page.keyboard.press('n');
  await page.keyboard.type(`${line} "By keyboard"`);
  await page.getByText('left after this').waitFor();
  await screenshot(page, 'quick-entry-bar');
  await page.keyboard.press('Enter');
  await page.getByText('Logged 1 h 30 for Acme KK on Thu 9 Jul.').waitFor();
  expect(new URL(page.url()).pathname).toBe(pageBefore);
  expect(await page.locator('#quick-line').inputValue()).toBe('');
  await page.locator('#quick-consultantId').waitFor();
  await screenshot(page, 'quick-entry-logged');
  expect((await entries()).length).toBe(before + 1);

  await page.keyboard.press('Escape');
  await page.keyboard.press('u');
  await page.getByText('Taken back: 1 h 30 on Thu 9 Jul.').waitFor();
  expect((await entries())[0]!.reversal).not.toBeNull();
  expect(complaints).toEqual([]);
});

test('asks once whether a small number is hours or minutes', async () => {
  const { page, complaints } = await windowOf();
  await page.keyboard.press('n');
  await page.keyboard.type('acme 2 @"consultant 2" upgrade "Small number"');
  await page.getByText('What does “2” mean?').waitFor();
  await screenshot(page, 'quick-entry-question');
  await page.keyboard.press('Enter');
  // The focus is on the first answer.
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  expect(await page.locator('#quick-line').inputValue()).toContain('2h');
  await page.getByText('left after this').waitFor();
  await page.keyboard.press('Control+Enter');
  await page.getByText('Logged 2 h for Acme KK').waitFor();
  expect(complaints).toEqual([]);
});

test('shows a refusal in place, with the largest acceptable value as a button', async () => {
  const { page, complaints } = await windowOf();
  await page.keyboard.press('n');
  await page.keyboard.type('acme 30h @"consultant 1" upgrade 2026-07-01 "Too long"');
  const button = page.getByRole('button', { name: 'Log 24 h instead' });
  await button.waitFor();
  await screenshot(page, 'quick-entry-refused');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await page.getByText('Logged 24 h for Acme KK').waitFor();
  expect(complaints).toEqual([]);
});

test('keeps every field in its place while the reading comes and goes', async () => {
  const { page } = await windowOf();
  await page.keyboard.press('n');
  const places = (): Promise<string> =>
    page.evaluate<string>(
      `JSON.stringify([...document.querySelectorAll('.quick-field, [data-quick-entry="save"]')].map((one) => one.getBoundingClientRect()))`,
    );
  await page.locator('#quick-minutes').waitFor();
  const before = await places();
  for (const typed of ['acme 2', ' @"consultant 1" upgrade', ' "Places"', '5h', ' @nobody']) {
    await page.locator('#quick-line').pressSequentially(typed);
    await page.waitForResponse(/part=reading/);
    expect(await places()).toBe(before);
  }
});

test('keeps fields that were changed beside the line', async () => {
  const { page } = await windowOf();
  await page.keyboard.press('n');
  await page.keyboard.type(`${line} "Line"`);
  await page.getByText('left after this').waitFor();
  await page.locator('#quick-minutes').fill('45m');
  await page.locator('#quick-activity').selectOption('upgrade');
  await page.getByText('set by you').first().waitFor();
  await page.locator('#quick-line').press('End');
  await page.locator('#quick-line').pressSequentially(' !2');
  await page.locator('.quick-field.severity.line').waitFor();
  expect(await page.locator('#quick-minutes').inputValue()).toBe('45m');
  expect(await page.locator('#quick-activity').inputValue()).toBe('upgrade');
});

test('loses nothing if the connection is lost, and sends once it is back', async () => {
  const before = (await entries()).length;
  const { page, context } = await windowOf();
  await page.keyboard.press('n');
  await page.keyboard.type(`${line.replace('yesterday', '2026-07-02')} "Kept text"`);
  await page.getByText('left after this').waitFor();
  await context.setOffline(true);
  await page.keyboard.press('Enter');
  await page.getByText('Not sent yet. Your text is kept.').waitFor();
  await screenshot(page, 'quick-entry-offline');
  expect(await page.locator('#quick-line').inputValue()).toContain('Kept text');
  await context.setOffline(false);
  await page.reload();
  await page.keyboard.press('n');
  expect(await page.locator('#quick-line').inputValue()).toContain('Kept text');
  await page.getByText('left after this').waitFor();
  await page.keyboard.press('Enter');
  await page.getByText('Logged 1 h 30').waitFor();
  expect((await entries()).length).toBe(before + 1);
  await page.reload();
  await page.keyboard.press('n');
  expect(await page.locator('#quick-line').inputValue()).toBe('');
});

test('is sent again with a button after a lost connection, and logged once', async () => {
  const before = (await entries()).length;
  const { page, context } = await windowOf();
  await page.keyboard.press('n');
  await page.keyboard.type(`${line.replace('yesterday', '2026-07-03')} "Sent again"`);
  await page.getByText('left after this').waitFor();
  await context.setOffline(true);
  await page.keyboard.press('Enter');
  const again = page.getByRole('button', { name: 'Send again' });
  await again.waitFor();
  await context.setOffline(false);
  await again.dblclick();
  await page.getByText('Logged 1 h 30').waitFor();
  expect((await entries()).length).toBe(before + 1);
});

test('works without JavaScript', async () => {
  const { page } = await windowOf({ javaScript: false });
  await page.getByRole('link', { name: 'Log time' }).click();
  await page.locator('#quick-line').fill(`${line.replace('yesterday', '2026-07-06')} "Plain form"`);
  await page.getByRole('button', { name: 'Read the line' }).click();
  await page.getByText('left after this').waitFor();
  await screenshot(page, 'quick-entry-plain');
  await page.getByRole('button', { name: 'Log time' }).click();
  await page.getByText('Logged 1 h 30 for Acme KK').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Taken back: 1 h 30').waitFor();
});

test.each<[string, Look]>([
  ['desktop-en-light', {}],
  ['desktop-ja-dark', { language: 'ja', theme: 'dark' }],
  ['phone-en-dark', { screen: 'phone', theme: 'dark' }],
  ['phone-ja-light', { screen: 'phone', language: 'ja' }],
  ['narrow-en-light', { screen: 'narrow' }],
])('is accessible: %s', async (name, look) => {
  const { page, complaints } = await windowOf(look);
  await page.locator('[data-quick-entry="open"]').click();
  await page.locator('#quick-line').fill(`acme 3 @"consultant 1" health "見直し Review"`);
  await page.locator('.quick-question').waitFor();
  await screenshot(page, `quick-entry-${name}`);
  await expectAccessible(page);
  await page.goto(`/console/quick-entry?line=${encodeURIComponent(line)}`);
  await screenshot(page, `quick-entry-page-${name}`);
  await expectAccessible(page);
  expect(complaints).toEqual([]);
});
