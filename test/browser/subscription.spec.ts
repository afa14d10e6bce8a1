import type { Browser } from 'playwright-core';
import { busySubscription, type BusySubscription } from '../support/busy-subscription.js';
import { startService, type TestService } from '../support/service.js';
import { expectAccessible, openWindow, screenshot, startBrowser, type Look } from './support/browser.js';

// One subscription in Chromium: what is left, its entries, allocations and renewal.

let service: TestService;
let browser: Browser;
let subscription: BusySubscription;

beforeAll(async () => {
  service = await startService({ clock: '2026-12-28T00:00:00Z' });
  browser = await startBrowser();
  subscription = await busySubscription(service);
});
afterAll(async () => {
  await browser?.close();
  await service?.stop();
});

/** The pages of a subscription, each with the name of its picture. */
const pagesOf = ({ entryIds, visitId }: BusySubscription): [name: string, path: string][] => [
  ['overview', ''],
  ['entries', '/entries'],
  ['new-entry', '/entries/new'],
  ['correction', `/entries/${entryIds[0]}/correction`],
  ['allocations', '/allocations'],
  ['lines', '/lines'],
  ['visits', '/visits'],
  ['expenses', `/visits/${visitId}/expenses`],
  ['seats', '/seats'],
  ['renewal', '/renewal?upgradeTo=enterprise&upgradeOn=2027-01-01'],
  ['notice', '/renewal/notice'],
  ['ledger', '/ledger'],
  ['terms', '/terms'],
  ['what-if', '/what-if?topUpHours=10&noticeOn=2027-01-20'],
  ['top-ups', '/top-ups?kind=supplement&hours=10&on=2027-01-04'],
  ['settings', '/settings'],
];

const looks: Required<Pick<Look, 'screen' | 'theme' | 'language'>>[] = [
  { screen: 'desktop', theme: 'light', language: 'en' },
  { screen: 'desktop', theme: 'dark', language: 'ja' },
  { screen: 'phone', theme: 'light', language: 'ja' },
  { screen: 'phone', theme: 'dark', language: 'en' },
  { screen: 'narrow', theme: 'light', language: 'en' },
];

test.each(looks)('every section fits a $screen, $theme, in $language', async (look) => {
  const { page, context, complaints } = await openWindow(browser, service, subscription.csm, look);
  for (const [name, path] of pagesOf(subscription)) {
    await page.goto(`/console/subscriptions/${subscription.id}${path}`);
    await screenshot(page, `subscription-${name}-${look.screen}-${look.theme}-${look.language}`);
    await expectAccessible(page);
  }
  expect(complaints).toEqual([]);
  await context.close();
});

const words = {
  en: {
    left: '144 h left',
    hoursOf: 'Hours of 鈴木 一郎 on Database',
    unallocated: '+ 52 h',
    saveAllocations: 'Save allocations',
    allocationsSaved: 'The allocations are saved. 52 h are unallocated.',
    preview: 'Preview',
    previewed: 'This is a preview. Nothing is recorded yet.',
    hours: 'Hours',
    reason: 'Reason, for staff only',
    correct: 'Correct entry',
    corrected: 'Corrected: 5 h became 5 h 30 (+30 min).',
  },
  ja: {
    left: '残り 144時間',
    hoursOf: 'Databaseの鈴木 一郎の時間',
    unallocated: '+ 52時間',
    saveAllocations: '時間配分を保存する',
    allocationsSaved: '時間配分を保存しました。未配分は 52時間です。',
    preview: 'プレビュー',
    previewed: 'プレビューです。まだ登録されていません。',
    hours: '時間',
    reason: '理由（社内用）',
    correct: '訂正する',
    corrected: '5時間を 5時間30分 (+30分)に訂正しました。',
  },
} as const;

test.each([
  ['desktop', 'en'],
  ['phone', 'ja'],
] as const)(
  'on a %s in %s, a CSM reads what is left, divides the hours, previews an upgrade, and corrects an entry',
  async (screen, language) => {
    const text = words[language];
    const own = await busySubscription(service);
    const { page, context, complaints } = await openWindow(browser, service, own.csm, { screen, language });
    const path = `/console/subscriptions/${own.id}`;
    await page.goto(path);
    expect(await page.locator('#left').textContent()).toBe(text.left);

    // The sum follows what is typed, before anything is saved.
    await page.goto(`${path}/allocations`);
    await page.getByLabel(text.hoursOf).fill('110');
    await page.getByText(text.unallocated, { exact: true }).waitFor();
    await page.getByRole('button', { name: text.saveAllocations }).click();
    await page.getByText(text.allocationsSaved).waitFor();

    await page.goto(`${path}/renewal`);
    await page.getByRole('button', { name: text.preview }).click();
    await page.getByText(text.previewed).waitFor();

    await page.goto(`${path}/entries/${own.entryIds[0]}/correction`);
    await page.getByLabel(text.hours, { exact: true }).fill('5:30');
    await page.getByLabel(text.reason).fill('Half an hour was missing');
    await page.getByRole('button', { name: text.correct }).click();
    await page.getByText(text.corrected).waitFor();
    await screenshot(page, `subscription-corrected-${screen}-${language}`);
    expect(complaints).toEqual([]);
    await context.close();
  },
);
