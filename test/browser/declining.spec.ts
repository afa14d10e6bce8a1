import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type Page } from 'playwright-core';
import { screenshot } from './support/browser.js';
import { DeclineLinks } from '../../src/features/notices/decline-link.js';
import { projectPath } from '../../src/platform/project-root.js';
import { renewingContract } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';

// The page to which the link in a reminder leads, without JavaScript, on the screens of a phone and a desktop, in both languages.

let service: TestService;
let browser: Browser;

beforeAll(async () => {
  service = await startService({ clock: '2027-01-10T00:00:00Z' });
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium' });
});
afterAll(async () => {
  await browser?.close();
  await service?.stop();
});

const words = {
  en: {
    signedBy: 'Your full name',
    authorised: /I am authorised/,
    give: 'Give notice of non-renewal',
    received: 'Your notice of non-renewal has been received',
    withdraw: 'Withdraw the notice',
    reason: 'Reason',
    withdrawn: /The notice of .* was withdrawn by/,
    other: '日本語で表示',
    back: 'View in English',
  },
  ja: {
    signedBy: 'お名前（フルネーム）',
    authorised: /本通知を行う権限/,
    give: '更新しない旨の通知を送る',
    received: '更新しない旨の通知を受領いたしました',
    withdraw: '通知を撤回する',
    reason: '撤回の理由',
    withdrawn: /様により撤回され/,
    other: 'View in English',
    back: '日本語で表示',
  },
} as const;

const screens = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } };

async function linkOf(locale: 'en' | 'ja'): Promise<string> {
  const contract = await renewingContract(service, { startsOn: '2026-04-01', locale });
  const termId = (await contract.csm.get(`/v1/subscriptions/${contract.id}`)).body.currentTerm.id as string;
  const link = service.app.get(DeclineLinks).linkFor({ termId, address: contract.contacts[0]! });
  return service.baseUrl + new URL(link).pathname;
}

/** Expects that the page fits the width of the screen and that axe finds no accessibility problem. */
async function expectAccessible(page: Page): Promise<void> {
  // axe needs JavaScript, so it checks a copy in a window in which scripts run.
  const context = await browser.newContext({ viewport: page.viewportSize(), bypassCSP: true });
  const copy = await context.newPage();
  await copy.setContent(await page.content());
  await copy.addStyleTag({ path: projectPath('dist', 'browser', 'trm.css') });
  const [wide, screen] = await copy.evaluate<[number, number]>('[document.documentElement.scrollWidth, innerWidth]');
  expect(wide).toBeLessThanOrEqual(screen);
  const { violations } = await new AxeBuilder({ page: copy }).analyze();
  await context.close();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
}

describe.each(['en', 'ja'] as const)('in %s', (language) => {
  const text = words[language];

  test.each(['phone', 'desktop'] as const)('on a %s, a contact gives notice once and withdraws it', async (screen) => {
    const context = await browser.newContext({ viewport: screens[screen], javaScriptEnabled: false });
    const page = await context.newPage();
    const consoleMessages: string[] = [];
    page.on('console', (message) => consoleMessages.push(message.text()));
    await page.goto(await linkOf(language));
    await screenshot(page, `decline-${screen}-${language}`);
    await expectAccessible(page);

    // The browser does not send the form before the name and the checkbox are filled in.
    await page.getByRole('button', { name: text.give }).click();
    expect(await page.getByRole('button', { name: text.give }).isVisible()).toBe(true);
    await page.getByLabel(text.signedBy).fill('山田 太郎');
    await page.getByLabel(text.authorised).check();
    await page.getByRole('button', { name: text.give }).click();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(text.received);
    await expectAccessible(page);
    await screenshot(page, `decline-receipt-${screen}-${language}`);
    const receipt = await page.locator('dd strong').first().textContent();
    expect(receipt).toMatch(/^[0-9a-f-]{36}$/);

    // Sending the form again and opening the page again show the same receipt.
    await page.reload();
    expect(await page.locator('dd strong').first().textContent()).toBe(receipt);
    await page.getByRole('link', { name: text.other }).click();
    expect(await page.locator('dd strong').first().textContent()).toBe(receipt);
    await page.getByRole('link', { name: text.back }).click();

    await page.getByText(text.withdraw, { exact: true }).first().click();
    await page.getByLabel(text.signedBy).fill('山田 花子');
    await page.getByLabel(text.reason).fill(' ');
    await page.getByRole('button', { name: text.withdraw }).click();
    expect(await page.getByLabel(text.signedBy).inputValue()).toBe('山田 花子');
    expect(await page.getByLabel(text.reason).getAttribute('aria-invalid')).toBe('true');
    await expectAccessible(page);
    await page.getByLabel(text.reason).fill('継続');
    await page.getByRole('button', { name: text.withdraw }).click();
    expect(await page.getByText(text.withdrawn).isVisible()).toBe(true);
    expect(await page.getByRole('button', { name: text.give }).isVisible()).toBe(true);
    await expectAccessible(page);
    // The only message is about the form with a mistake. A violation of the content security policy would add another.
    expect(consoleMessages).toEqual([expect.stringContaining('400 (Bad Request)')]);
    await context.close();
  });
});

test('the page works with the keyboard alone, and marks the focused element', async () => {
  const page = await browser.newPage({ viewport: screens.phone });
  await page.goto(await linkOf('en'));
  const focused = [];
  for (let pressed = 0; pressed < 6; pressed++) {
    await page.keyboard.press('Tab');
    focused.push(await page.evaluate('document.activeElement.name || document.activeElement.localName'));
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
  }
  expect(focused).toEqual(['a', 'a', 'signedBy', 'note', 'authorised', 'button']);
  await page.close();
});

test('an invalid link leads to a page that says so in both languages', async () => {
  const page = await browser.newPage({ viewport: screens.phone });
  const answer = await page.goto(`${service.baseUrl}/decline/nothing`);
  expect(answer?.status()).toBe(404);
  expect(await page.getByRole('heading').allTextContents()).toEqual(['This link is not valid', 'このリンクは無効です']);
  await expectAccessible(page);
  await page.close();
});
