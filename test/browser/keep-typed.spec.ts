import type { Browser, Page } from 'playwright-core';
import { contractToBookOn } from '../support/booking.js';
import { sessionOf } from '../support/console.js';
import type { SoldContract } from '../support/contract.js';
import { person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';
import { openWindow, startBrowser, type Window } from './support/browser.js';

// Typed text survives until the service has taken it, and no longer.

jest.setTimeout(60_000);

let service: TestService;
let browser: Browser;
let sold: SoldContract;
let open: Window | undefined;

beforeAll(async () => {
  service = await startService({ clock: '2026-07-10T03:00:00Z' });
  sold = await contractToBookOn(service);
  browser = await startBrowser();
});
beforeEach(async () => {
  open = await openWindow(browser, service, sold.csm);
  await open.page.goto(address);
});
afterEach(async () => {
  await open?.context.close();
});
afterAll(async () => {
  await browser?.close();
  await service?.stop();
});

const address = '/console/quick-entry';
const text = 'Typed "with care"';
const summary = '#quick-summary';

const page = (): Page => open!.page;

async function type(): Promise<void> {
  await page().locator('#quick-line').fill('1:30 @"consultant 1" upgrade');
  await page().locator('.quick-field.minutes.line').waitFor();
  await page().locator(summary).fill(text);
  await page().getByText('left after this').waitFor();
}

const endSessions = () => service.database.write((tx) => tx.query('delete from sessions'));

const signIn = async (user: { readonly id: string }): Promise<void> =>
  open!.context.addCookies([{ name: 'trm', value: await sessionOf(service, user.id), url: service.baseUrl }]);

const kept = (): Promise<number> =>
  page().evaluate<number>(`Object.keys(sessionStorage).filter((key) => key.startsWith('trm-typed')).length`);

test('comes back after an expired session, and is logged then', async () => {
  await type();
  await endSessions();
  await page().getByRole('button', { name: 'Log time', exact: true }).click();
  await page().waitForURL(/\/console\/sign-in/);
  await signIn(sold.csm);
  await page().goto(address);
  await page().getByText('left after this').waitFor();
  expect(await page().locator(summary).inputValue()).toBe(text);
  await page().getByRole('button', { name: 'Log time', exact: true }).click();
  await page().getByText('Logged 1 h 30').waitFor();
  expect(await kept()).toBe(0);
  await page().goto(address);
  expect(await page().locator(summary).inputValue()).toBe('');
});

test('comes back after leaving the page', async () => {
  await type();
  await page().goto('/console/keys');
  await page().goto(address);
  await page().getByText('left after this').waitFor();
  expect(await page().locator(summary).inputValue()).toBe(text);
});

test('stays while a proxy answers for a service that restarts', async () => {
  await type();
  await page().route('**/console/quick-entry', (route) =>
    route.request().method() === 'POST' ? route.fulfill({ status: 502, body: 'Bad gateway' }) : route.fallback(),
  );
  await page().getByRole('button', { name: 'Log time', exact: true }).click();
  const again = page().getByRole('button', { name: 'Send again' });
  await again.waitFor();
  expect(await page().locator(summary).inputValue()).toBe(text);
  await page().unroute('**/console/quick-entry');
  await again.click();
  await page().getByText('Logged 1 h 30').waitFor();
});

test('is gone after signing out', async () => {
  await type();
  expect(await kept()).toBe(1);
  await page().locator('details.user summary').click();
  await page().getByRole('button', { name: 'Sign out' }).click();
  await page().waitForURL(/\/console\/sign-in/);
  expect(await kept()).toBe(0);
});

test('is not shown to another user of the browser', async () => {
  await type();
  await signIn(await person(service, 'csm'));
  await page().goto(address);
  await page().locator(summary).waitFor();
  expect(await page().locator('#quick-line').inputValue()).toBe('');
  expect(await kept()).toBe(0);
});

test('gives way to a line in the address', async () => {
  await type();
  await page().goto(`${address}?line=45m`);
  await page().locator('.quick-field.minutes.line').waitFor();
  expect(await page().locator('#quick-line').inputValue()).toBe('45m');
});
