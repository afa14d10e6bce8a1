import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { screens, screenshot, startBrowser } from './support/browser.js';
import { startDemo, type RunningDemo } from './support/demo.js';

// Every page that a role can reach by links from its start page, with the data of the demo: it answers, obeys the content security policy,
// fits the narrowest screen, and axe finds no problem, in both languages, light and dark.

jest.setTimeout(900_000);

let demo: RunningDemo;
let browser: Browser;
const sessions = {} as Record<Role, BrowserContext>;

const roles = ['csm', 'finance', 'admin', 'customer'] as const;
type Role = (typeof roles)[number];

beforeAll(async () => {
  [demo, browser] = await Promise.all([startDemo(), startBrowser()]);
  for (const role of roles) {
    const context = await browser.newContext({ viewport: screens.desktop, reducedMotion: 'reduce' });
    const page = await context.newPage();
    await page.goto(demo.signInLinks[role]);
    // Opening the link does nothing, because mail scanners open links too.
    await page.locator('main form button').click();
    await page.waitForURL((url) => !url.pathname.includes('sign-in'));
    await page.close();
    sessions[role] = context;
  }
});
afterAll(async () => {
  await browser?.close();
  await demo?.stop();
});

/** Addresses with other ids or queries show the same page. */
const kindOf = (path: string): string =>
  path
    .replace(/[?#].*$/, '')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ':id')
    .replace(/\d{4}-\d\d(-\d\d)?/g, ':day');

/** Links to files are no pages. */
const isPage = (path: string): boolean =>
  /^\/console(\/|$)/.test(path) && !/\/(file|download|statement|evidence)\b|\.(pdf|zip|csv|xlsx|ics)\b/.test(path);

const linksOf = (page: Page): Promise<string[]> =>
  page.evaluate<
    string[]
  >(`[...document.links].filter((link) => link.origin === location.origin && !link.hasAttribute('download'))
    .map(({ pathname, search }) => pathname + search)`);

/** One address of each kind of page that the role reaches and no earlier role has reached. */
const paths: { role: Role; path: string }[] = [];

test.each(roles)('every link that the role %s can follow leads to a page', async (role) => {
  const { page, complaints } = await open(role, 'en');
  const seen = new Map<string, string>([['/console', '/console']]);
  const failed: string[] = [];
  for (const [kind, path] of seen) {
    const answer = await page.goto(demo.url + path);
    if (answer?.status() !== 200) failed.push(`${path}: ${answer?.status()}`);
    const headings = await page.locator('h1').count();
    if (headings !== 1) failed.push(`${path}: ${headings} headings of the first level`);
    for (const link of await linksOf(page)) if (isPage(link) && !seen.has(kindOf(link))) seen.set(kindOf(link), link);
    if (kind !== '/console' && !paths.some((one) => kindOf(one.path) === kind)) paths.push({ role, path });
  }
  expect({ failed, complaints }).toEqual({ failed: [], complaints: [] });
  expect(seen.size).toBeGreaterThan(role === 'customer' ? 4 : 8);
  await page.close();
});

async function open(role: Role, language: 'en' | 'ja'): Promise<{ page: Page; complaints: string[] }> {
  const page = await sessions[role].newPage();
  await page.setExtraHTTPHeaders({ 'accept-language': language });
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return { page, complaints };
}

describe.each(['en', 'ja'] as const)('in %s', (language) => {
  test('every page fits the narrowest screen, and axe finds nothing, light and dark', async () => {
    const faults: string[] = [];
    for (const role of roles) {
      const { page } = await open(role, language);
      for (const { path } of paths.filter((one) => one.role === role)) {
        await page.setViewportSize(screens.narrow);
        await page.goto(demo.url + path);
        const tooWide = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
        if (tooWide > 0) faults.push(`${path} is ${tooWide} px too wide`);
        await page.setViewportSize(screens.desktop);
        for (const theme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
          const axe = new AxeBuilder({ page });
          // The themes differ in their colours alone.
          const { violations } = await (theme === 'dark' ? axe.withRules('color-contrast') : axe).analyze();
          for (const { id, nodes } of violations) faults.push(`${path} ${theme} ${id}: ${nodes[0]!.html}`);
        }
        await shoot(page, `${role}${kindOf(path).replaceAll('/', '-').replaceAll(':', '')}-${language}`);
      }
      await page.close();
    }
    expect(faults).toEqual([]);
  });
});

/** The page in the dark on a desktop, and light on a phone. */
async function shoot(page: Page, name: string): Promise<void> {
  await screenshot(page, `${name}-desktop-dark`);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(screens.phone);
  await screenshot(page, `${name}-phone-light`);
}
