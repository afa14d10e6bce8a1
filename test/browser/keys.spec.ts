import type { Browser } from 'playwright-core';
import { person, type Person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';
import { expectAccessible, openWindow, screenshot, startBrowser, type Look, type Window } from './support/browser.js';

// The keys and the palette in Chromium.

jest.setTimeout(120_000);

let service: TestService;
let browser: Browser;
let csm: Person;
const windows: Window[] = [];

beforeAll(async () => {
  [service, browser] = await Promise.all([startService({ clock: '2026-07-10T03:00:00Z' }), startBrowser()]);
  csm = await person(service, 'csm');
  for (const name of ['Acme KK', 'Acme Ltd.', '株式会社アオイ', 'さくら銀行']) {
    const { body } = await csm.post('/v1/customers', { name, locale: 'ja', timeZone: 'Asia/Tokyo' });
    await csm.post('/v1/subscriptions', { customerId: body.id, package: 'premier', startsOn: '2026-04-01' });
  }
});
afterEach(async () => {
  for (const { context } of windows.splice(0)) await context.close();
});
afterAll(async () => {
  await browser.close();
  await service.stop();
});

async function open(path: string, look: Look = {}): Promise<Window> {
  const window = await openWindow(browser, service, csm, look);
  windows.push(window);
  await window.page.goto(path);
  return window;
}

test('the palette finds while one types, and Enter opens the marked result', async () => {
  const { page, complaints } = await open('/console/keys');
  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox');
  await field.pressSequentially('acme');
  await page
    .getByRole('option', { name: /Acme KK/ })
    .first()
    .waitFor();
  await expectAccessible(page);
  await screenshot(page, 'palette');
  expect(await field.getAttribute('aria-activedescendant')).toBe('palette-subscriptions-0');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  expect(await field.getAttribute('aria-activedescendant')).toBe('palette-customers-0');
  await page.keyboard.press('ArrowUp');
  const href = await page.locator('[aria-selected="true"]').getAttribute('href');
  await page.keyboard.press('Enter');
  await page.waitForURL(`**${href!}`);
  expect(complaints.filter((text) => !text.includes('404'))).toEqual([]);
});

test('Japanese that is being composed is searched, and its Enter opens nothing', async () => {
  const { page, context } = await open('/console/keys', { language: 'ja' });
  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox');
  await field.focus();
  const input = await context.newCDPSession(page);
  await input.send('Input.imeSetComposition', { text: 'あおい', selectionStart: 3, selectionEnd: 3 });
  await page
    .getByRole('option', { name: /アオイ/ })
    .first()
    .waitFor();
  await field.dispatchEvent('keydown', { key: 'Enter', isComposing: true });
  expect(new URL(page.url()).pathname).toBe('/console/keys');
  await input.send('Input.insertText', { text: 'あおい' });
  await page.keyboard.press('Enter');
  await page.waitForURL('**/console/subscriptions/*');
});

test('the palette begins with the pages that were visited last', async () => {
  const { page } = await open('/console/keys');
  await page.goto('/console/find?q=acme');
  await page.keyboard.press('/');
  expect(await page.evaluate('document.activeElement.id')).toBe('q');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.getByRole('option', { name: 'Keys' }).first().waitFor();
  expect(await page.getByRole('combobox').getAttribute('aria-activedescendant')).toBe('palette-recent-0');
});

test('? shows the keys, and Esc returns to the page', async () => {
  const { page } = await open('/console/find');
  await page.keyboard.press('?');
  const dialog = page.getByRole('dialog', { name: 'Keys' });
  await dialog.waitFor();
  await expectAccessible(page);
  await screenshot(page, 'keys');
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  expect(new URL(page.url()).pathname).toBe('/console/find');
});

test('j and k move through a list, and g leads to a page', async () => {
  const { page } = await open('/console/find?q=acme');
  const here = (): Promise<unknown> => page.evaluate('document.activeElement.textContent.trim()');
  await page.keyboard.press('j');
  expect(await here()).toBe('Acme KK');
  await page.keyboard.press('j');
  expect(await here()).toBe('Acme Ltd.');
  await page.keyboard.press('k');
  expect(await here()).toBe('Acme KK');
  await page.keyboard.press('g');
  await page.keyboard.press('p');
  await page.waitForURL('**/console/portfolio');
});

test('letters that are typed into a field, or switched off in the profile, do nothing', async () => {
  const { page } = await open('/console/find?q=acme');
  await page.locator('#q').focus();
  await page.keyboard.type('gp?');
  expect(await page.locator('#q').inputValue()).toContain('gp?');
  expect(new URL(page.url()).pathname).toBe('/console/find');
  await service.database.write((tx) => tx.query('update users set shortcuts = false where id = $1', [csm.id]));
  await page.goto('/console/find?q=acme');
  await page.keyboard.press('g');
  await page.keyboard.press('p');
  await page.keyboard.press('?');
  await page.keyboard.press('j');
  expect(await page.evaluate('document.activeElement === document.body')).toBe(true);
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').waitFor();
  await service.database.write((tx) => tx.query('update users set shortcuts = true where id = $1', [csm.id]));
});

test('without scripts, the links lead to the pages', async () => {
  const { page } = await open('/console/keys', { javaScript: false, screen: 'narrow', theme: 'dark' });
  await page.getByRole('link', { name: 'Find' }).click();
  await page.locator('#q').fill('acme');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Subscriptions' }).waitFor();
  await screenshot(page, 'find-narrow-dark');
  await page.getByRole('link', { name: 'Keys' }).click();
  await page.getByRole('heading', { name: 'Keys', exact: true }).waitFor();
});
