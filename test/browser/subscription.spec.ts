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

const sections = [
  '',
  '/entries',
  '/entries/new',
  '/renewal?upgradeTo=enterprise&upgradeOn=2027-01-01',
  '/renewal/notice',
  '/allocations',
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
  for (const section of sections) {
    await page.goto(`/console/subscriptions/${subscription.id}${section}`);
    const name = section.replaceAll(/\W+/g, '-') || '-overview';
    await screenshot(page, `subscription${name}-${look.screen}-${look.theme}-${look.language}`);
    await expectAccessible(page);
  }
  expect(complaints).toEqual([]);
  await context.close();
});
