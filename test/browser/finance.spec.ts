import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { financeStory, type FinanceStory } from '../support/finance-story.js';
import { expectAccessible, openWindow, screenshot, startBrowser, type Look } from './support/browser.js';

// The pages of finance in Chromium: a month is closed, a report downloaded, a file imported.

let story: FinanceStory;
let browser: Browser;

beforeAll(async () => {
  [story, browser] = [await financeStory(), await startBrowser()];
});
afterAll(async () => {
  await browser?.close();
  await story?.service.stop();
});

test('finance records forgotten work, closes a month and downloads its report', async () => {
  const { page, context, complaints } = await openWindow(browser, story.service, story.finance);
  await page.goto('/console');
  await page.getByRole('link', { name: 'April 2026' }).click();
  await page.getByRole('link', { name: 'Record forgotten work' }).click();
  await page.getByLabel('Name of the customer').fill('birch');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByRole('link', { name: 'Birch & Sons <Ltd>' }).click();
  await page.getByLabel('Work day').fill('2026-04-22');
  await page.getByLabel('Time', { exact: true }).fill('3');
  await page.getByLabel('Activity').selectOption('upgrade');
  await page.getByLabel('What was done').fill('Upgrade');
  await page.getByLabel('Why is it missing').fill('Found in the calendar');
  await page.getByRole('button', { name: 'Record forgotten work' }).click();
  await page.getByText('write 3h or 3m').waitFor();
  expect(await page.getByLabel('What was done').inputValue()).toBe('Upgrade');
  await page.getByLabel('Time', { exact: true }).fill('3h');
  await page.getByRole('button', { name: 'Record forgotten work' }).click();
  await page.getByText('Recorded 3 h for Birch & Sons <Ltd>. It counts in May 2026.').waitFor();

  await page.goto('/console/months');
  await page.getByRole('link', { name: 'Review and close June 2026' }).click();
  await page.getByText('Subscriptions without an entry').first().waitFor();
  await page.getByRole('button', { name: 'Close May 2026 to June 2026' }).click();
  await page.getByText('June 2026 and the open months before it are closed').waitFor();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download: Usage lines, CSV' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('usage-lines_from_2026-06-01_to_2026-06-30_closed.csv');
  expect(readFileSync(await file.path(), 'utf8')).toMatch(/TOTAL,2,/);
  expect(complaints.filter((text) => !text.includes('400'))).toEqual([]);
  await context.close();
});

test('a report is chosen, its days appear when they are needed, and its file is downloaded', async () => {
  const { page, context, complaints } = await openWindow(browser, story.service, story.finance);
  await page.goto('/console/reports');
  expect(await page.getByLabel('From', { exact: true }).isVisible()).toBe(false);
  expect(await page.getByLabel('Separator').isVisible()).toBe(false);
  await page.getByLabel('Days').selectOption('custom');
  await page.getByLabel('From', { exact: true }).fill('2026-04-01');
  await page.getByLabel('To', { exact: true }).fill('2026-04-30');
  await page.getByLabel('Basis').selectOption('closed');
  await page.getByRole('button', { name: 'Show the report' }).click();
  await page.getByText('5 rows · 1 April 2026 to 30 April 2026').waitFor();
  await page.getByLabel('Format').selectOption('csv');
  await page.getByLabel('Separator').selectOption('semicolon');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download' }).click();
  const text = readFileSync(await (await download).path(), 'utf8');
  expect(text).toMatch(/^Entry ID;Kind;/);
  expect(complaints).toEqual([]);
  await context.close();
});

const headings = 'workDate,minutes,customer,consultant,productLine,activity,delivery,summary';
const row = (workDate: string, minutes: number) =>
  `${workDate},${minutes},Acme KK,Suzuki Ichiro,DB,health-check,remote,Imported`;

test('a file with a wrong row is checked, booked without it, and undone', async () => {
  const { page, context, complaints } = await openWindow(browser, story.service, story.hana);
  await page.goto('/console/imports');
  const buffer = Buffer.from(
    [headings, row('2026-07-01', 30), row('2026-02-30', 10), row('2026-07-02', 45)].join('\n'),
  );
  await page.getByLabel('CSV file').setInputFiles({ name: 'hours.csv', mimeType: 'text/csv', buffer });
  await page.getByText('2 rows can be booked').waitFor();
  await page.getByText('2026-02-30', { exact: true }).waitFor();
  await screenshot(page, 'finance-import-checked');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Book 2 rows' }).click();
  await page.getByText('2 rows were booked').waitFor();
  await page.getByRole('link', { name: 'Show the import' }).click();
  await page.getByRole('heading', { name: 'hours.csv' }).waitFor();
  await page.getByLabel('Why is it undone?').fill('The wrong file');
  await page.getByRole('button', { name: 'Undo the import' }).click();
  await page.getByText('2 entries reversed.').waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test('a file of another program asks only what it leaves open', async () => {
  const { page, context } = await openWindow(browser, story.service, story.hana, { screen: 'phone' });
  await page.goto('/console/imports');
  const text = `Date,Duration,Customer,Project,Activity,Description,Email\n2026-07-03,2,Acme KK,DB,Health check,Kimai,suzuki@vendor.example`;
  const buffer = Buffer.from(text);
  await page.getByLabel('CSV file').setInputFiles({ name: 'kimai.csv', mimeType: 'text/csv', buffer });
  await page.getByRole('button', { name: 'Hours', exact: true }).click();
  await page.getByText('Which unit do the durations have?').waitFor({ state: 'detached' });
  await page.getByLabel('Delivery').selectOption('remote');
  await screenshot(page, 'finance-import-asked-phone');
  await page.getByRole('button', { name: 'Check again' }).click();
  await page.getByText('Exported by Kimai').waitFor();
  await page.getByText('1 row can be booked').waitFor();
  await context.close();
});

const looks: readonly [name: string, look: Look][] = [
  ['en-desktop', {}],
  ['en-narrow-dark', { screen: 'narrow', theme: 'dark' }],
  ['ja-phone', { screen: 'phone', language: 'ja' }],
  ['ja-desktop-dark', { theme: 'dark', language: 'ja' }],
];

test.each(looks)('every page of finance fits the screen and is accessible: %s', async (name, look) => {
  const { page, context, complaints } = await openWindow(browser, story.service, story.chief, look);
  const paths = [
    ...['months', 'months/2026-04', 'months/2026-07', `months/2026-04/adjustment?subscriptionId=${story.acme.id}`],
    ...['reports?range=everything', 'reports/schedules/new', 'reports/schedules', 'year-ahead', 'imports'],
  ];
  for (const path of paths) {
    await page.goto(`/console/${path}`);
    await screenshot(page, `finance-${path.replaceAll(/[/?=].*$/g, '')}-${path.length}-${name}`);
    await expectAccessible(page);
  }
  expect(complaints).toEqual([]);
  await context.close();
});
