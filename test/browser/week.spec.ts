import type { Browser } from 'playwright-core';
import { contractToBookOn, logOn } from '../support/booking.js';
import { api } from '../support/client.js';
import type { SoldContract } from '../support/contract.js';
import { person, type Person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';
import { expectAccessible, openWindow, screenshot, startBrowser, type Look } from './support/browser.js';

// The week sheet in Chromium: a week for three customers without a mouse, pasted blocks, calendar files, and phones.

let service: TestService;
let browser: Browser;
let csm: Person;
let contracts: SoldContract[];

const monday = '2026-11-23';
const path = `/console/week?week=${monday}`;

beforeAll(async () => {
  service = await startService({ clock: '2026-11-29T03:00:00Z' });
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
  await service.stop();
});

/** Three customers of one CSM. */
beforeEach(async () => {
  csm = await person(service, 'csm');
  contracts = [];
  const admin = api(service.baseUrl, service.adminToken);
  for (const name of ['Acme KK', '株式会社北斗', 'Zenith GmbH']) {
    const sold = await contractToBookOn(service);
    const { headers } = await admin.get(`/v1/customers/${sold.customerId}`);
    const customer = { name, country: 'JP' };
    await admin.patch(`/v1/customers/${sold.customerId}`, customer, { 'if-match': headers.get('etag')! });
    const subscription = await admin.get(`/v1/subscriptions/${sold.id}`);
    await admin.patch(
      `/v1/subscriptions/${sold.id}`,
      { csmId: csm.id },
      { 'if-match': subscription.headers.get('etag')! },
    );
    contracts.push({ ...sold, csm });
  }
});

async function standing(sold: SoldContract): Promise<string[]> {
  const { body } = await csm.get(`/v1/subscriptions/${sold.id}/time-entries`);
  return body.data
    .filter(({ reversal }: { reversal: unknown }) => reversal === null)
    .map(({ workDate, minutes }: { workDate: string; minutes: number }) => `${workDate.slice(8)} ${minutes}`);
}

async function sheet(look: Look = {}) {
  const window = await openWindow(browser, service, csm, look);
  await window.page.goto(path);
  return window;
}

const lastWeek = async (): Promise<void> => {
  for (const [at, sold] of contracts.entries()) {
    await logOn(sold, '2026-11-16', { minutes: 60 * (at + 1) });
    await logOn(sold, '2026-11-18', { minutes: 45, consultantId: sold.consultantIds[1], activity: 'upgrade' });
  }
};

test('a week for three customers is logged by the keyboard alone', async () => {
  await lastWeek();
  const { page, context, complaints } = await sheet();
  const { keyboard } = page;
  await page.getByRole('button', { name: 'Copy rows of last week' }).focus();
  await keyboard.press('Enter');
  await page.locator('#cell-5-0').waitFor();
  await page.locator('#cell-0-0').focus();
  // Monday of all six rows, then to the right in the last one.
  for (const text of ['1:30', '45m', '2h', '0,25', '1h15', '30分']) {
    await keyboard.type(text);
    await keyboard.press('Enter');
  }
  await keyboard.press('ArrowRight');
  await keyboard.type('=');
  await keyboard.press('ArrowRight');
  await keyboard.type('1:00');
  await page.locator('#total-week', { hasText: '7:45' }).waitFor();
  await screenshot(page, 'week-typed');
  await keyboard.press('Control+Enter');
  await page.getByText('Booked 7 h 45.').waitFor();
  expect(await page.locator('#cell-0-0').inputValue()).toBe('1:30');
  await page.getByText('Week: 7 h 45.').waitFor();
  await screenshot(page, 'week-saved');
  expect(await standing(contracts[0]!)).toContain('23 90');
  expect((await standing(contracts[1]!)).sort()).toEqual(['16 120', '18 45', '23 30', '23 75', '24 30', '25 60']);
  expect(complaints).toEqual([]);
  await context.close();
});

test('totals and what is left follow what is typed, and refused cells stay with their reason', async () => {
  await logOn(contracts[0]!, monday, { minutes: 60 });
  const { page, context, complaints } = await sheet();
  await page.locator('#cell-0-0').fill('3:00');
  await page.getByText('189:00 left of the term').waitFor();
  await page.locator('#cell-0-1').fill('30:00');
  await page.getByRole('button', { name: 'Use 24:00' }).waitFor();
  await page.locator('#cell-0-2').fill('2');
  await page.getByText('“2” can be 2 hours or 2 minutes.').waitFor();
  await page.getByRole('radio', { name: 'hours' }).check();
  await page.locator('#total-row-0', { hasText: '35:00' }).waitFor();
  await screenshot(page, 'week-refused');
  await page.getByRole('button', { name: 'Save the week' }).click();
  await page.getByText('1 cell is refused.').waitFor();
  expect(await page.locator('#cell-0-1').inputValue()).toBe('30:00');
  expect(await page.evaluate<string>('document.activeElement.id')).toBe('cell-0-1');
  await page.getByRole('button', { name: 'Use 24:00' }).click();
  await page.getByText('Nothing is booked yet. Saving books 24 h.').waitFor();
  expect((await standing(contracts[0]!)).sort()).toEqual(['23 120', '23 60', '25 120']);
  expect(complaints).toEqual([]);
  await context.close();
});

test('a row is added by name, a block is pasted, and a calendar file is dropped', async () => {
  await logOn(contracts[0]!, monday, { minutes: 60 });
  const { page, context, complaints } = await sheet();
  await page.getByRole('combobox', { name: 'New row for' }).fill('zenith');
  await page.keyboard.press('Enter');
  await page.locator('tr.new').waitFor();
  await page.locator('#cell-0-1').focus();
  await page.evaluate<unknown>(`(() => {
    const data = new DataTransfer();
    data.setData('text/plain', '1:00\\t2:00\\r\\n\\t0:30\\r\\n');
    document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  })()`);
  await page.getByText('Filled 3 cells.').waitFor();
  expect(await page.locator('#cell-1-2').inputValue()).toBe('0:30');
  const calendar =
    'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261126T010000Z\r\nDTEND:20261126T023000Z\r\nSUMMARY:北斗様 定例\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n';
  await page.getByText('From a calendar file (.ics)').click();
  await page.getByLabel('Calendar file', { exact: true }).setInputFiles({
    name: 'week.ics',
    mimeType: 'text/calendar',
    buffer: Buffer.from(calendar),
  });
  await page.getByText('1 meeting became a row.').waitFor();
  await screenshot(page, 'week-proposed');
  await expectAccessible(page);
  expect(complaints).toEqual([]);
  await context.close();
});

test('what was typed is there again after the page was left', async () => {
  await logOn(contracts[0]!, monday, { minutes: 60 });
  const { page, context } = await sheet();
  await page.locator('#cell-0-3').fill('4:00');
  await page.goto('/console/week?week=2026-11-16');
  await page.goto(path);
  await page.getByText('What you had typed is here again.').waitFor();
  expect(await page.locator('#cell-0-3').inputValue()).toBe('4:00');
  await page.getByRole('button', { name: 'Save the week' }).click();
  await page.getByText('Booked 4 h.').waitFor();
  expect(
    await page.evaluate<string[]>("Object.keys(sessionStorage).filter((key) => key.startsWith('week-sheet'))"),
  ).toEqual([]);
  await page.reload();
  expect(await page.locator('#cell-0-3').inputValue()).toBe('4:00');
  expect(await page.getByText('What you had typed is here again.').count()).toBe(0);
  await context.close();
});

test('the sheet is saved without a script', async () => {
  await logOn(contracts[0]!, monday, { minutes: 60 });
  const { page, context } = await sheet({ javaScript: false });
  await page.locator('#cell-0-1').fill('1:15');
  await page.getByRole('button', { name: 'Save the week' }).click();
  await page.getByText('Booked 1 h 15.').waitFor();
  expect(await standing(contracts[0]!)).toEqual(['23 60', '24 75']);
  await context.close();
});

test.each<[string, Look]>([
  ['week-desktop', {}],
  ['week-desktop-dark-ja', { theme: 'dark', language: 'ja' }],
  ['week-phone', { screen: 'phone' }],
  ['week-phone-dark-ja', { screen: 'phone', theme: 'dark', language: 'ja' }],
  ['week-narrow', { screen: 'narrow' }],
])('%s fits the screen and is accessible', async (name, look) => {
  await lastWeek();
  await logOn(contracts[0]!, monday, { minutes: 60 });
  await logOn(contracts[1]!, '2026-11-25', { minutes: 15 });
  const { page, context, complaints } = await sheet(look);
  await expectAccessible(page);
  await screenshot(page, name);
  if (look.screen) {
    await page.locator('#show-day-2').check();
    await page.locator('#cell-0-2').fill('2:00');
    await page.locator('#total-week', { hasText: '3:15' }).waitFor();
    await screenshot(page, `${name}-typed`);
  }
  expect(complaints).toEqual([]);
  await context.close();
});
