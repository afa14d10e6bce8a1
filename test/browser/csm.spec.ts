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
