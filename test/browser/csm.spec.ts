import type { Browser } from 'playwright-core';
import { csmPortfolio, portfolioClock, type CsmPortfolio } from '../support/portfolio.js';
import { startService, type TestService } from '../support/service.js';
import { expectAccessible, openWindow, screenshot, startBrowser, type Look } from './support/browser.js';

// A CSM finds who needs a call, and plans a session.

let service: TestService;
let browser: Browser;
let portfolio: CsmPortfolio;

beforeAll(async () => {
  service = await startService({ clock: portfolioClock });
  browser = await startBrowser();
  portfolio = await csmPortfolio(service);
});
afterAll(async () => {
  await browser?.close();
  await service?.stop();
});

const looks: readonly Look[] = [
  { screen: 'desktop', theme: 'light', language: 'en' },
  { screen: 'narrow', theme: 'dark', language: 'ja' },
];

const pages: Readonly<Record<string, () => string>> = {
  today: () => '/console/today',
  portfolio: () => '/console/portfolio',
  planned: () => '/console/planned',
  'planned-new': () => `/console/planned/new?subscription=${portfolio.subscriptions['Acme KK']}`,
  notices: () => '/console/notices',
  'notices-new': () => `/console/notices/new?subscription=${portfolio.subscriptions['Acme KK']}`,
  customers: () => '/console/customers',
  customer: () => `/console/customers/${portfolio.customers['Acme KK']}`,
  'customer-edit': () => `/console/customers/${portfolio.customers['Acme KK']}/edit`,
  'subscription-new': () => `/console/customers/${portfolio.customers['Acme KK']}/subscriptions/new`,
  'planned-proposal': () => `/console/planned/proposal?subscription=${portfolio.subscriptions['Northwind Ltd']}`,
};

describe.each(looks)('on a $screen in $theme and $language', (look) => {
  test.each(Object.keys(pages))('the page %s fits the screen and is accessible', async (name) => {
    const { page, context, complaints } = await openWindow(browser, service, portfolio.csm, look);
    await page.goto(pages[name]!());
    await screenshot(page, `csm-${name}-${look.screen}-${look.theme}-${look.language}`);
    await expectAccessible(page);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

test('a CSM finds who needs a call, opens the subscription, and plans a session', async () => {
  const { page, context, complaints } = await openWindow(browser, service, portfolio.csm);
  await page.goto('/console/today');
  await page.getByRole('link', { name: 'Open the portfolio' }).click();
  await page.getByRole('link', { name: 'Deadline in 30 days' }).click();
  await page.getByRole('link', { name: 'Next deadline' }).click();
  await page.getByRole('link', { name: 'Acme KK' }).click();
  await page.getByRole('heading', { level: 1, name: 'Acme KK' }).waitFor();
  await page.goto(`/console/planned?subscription=${portfolio.subscriptions['Acme KK']}`);
  await page.getByRole('link', { name: 'Plan a session' }).first().click();
  await page.getByLabel('Day').fill('2026-12-10');
  await page.getByLabel('Time', { exact: true }).fill('1h30');
  await page.getByLabel('What will be done').fill('Talk about the renewal');
  await page.getByRole('button', { name: 'Plan a session' }).click();
  await page.getByText('One session is planned for Acme KK: 10 December 2026.').waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test('without JavaScript, a notice is checked and recorded on a phone in Japanese', async () => {
  const look = { screen: 'phone', language: 'ja', javaScript: false } as const;
  const { page, context } = await openWindow(browser, service, portfolio.csm, look);
  await page.goto('/console/notices');
  await page.getByRole('link', { name: '通知を登録: Acme KK' }).click();
  await page.getByLabel('署名者').fill('佐藤 花子');
  await page.getByRole('button', { name: '確認' }).click();
  await page.getByText('期限内：受領').waitFor();
  await screenshot(page, 'csm-notice-checked-phone-ja');
  await page.getByRole('button', { name: '通知を登録' }).click();
  await page.getByText('Acme KKの通知を登録しました。').waitFor();
  await screenshot(page, 'csm-notice-recorded-phone-ja');
  await context.close();
});
