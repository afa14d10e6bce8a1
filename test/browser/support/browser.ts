import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { projectPath } from '../../../src/platform/project-root.js';
import { sessionOf } from '../../support/console.js';
import type { TestService } from '../../support/service.js';

// The console in Chromium, as its users see it.

export const screens = {
  desktop: { width: 1280, height: 900 },
  phone: { width: 390, height: 844 },
  /** The narrowest screen that every page must fit (WCAG 2.2, 1.4.10). */
  narrow: { width: 320, height: 640 },
} as const;
export type Screen = keyof typeof screens;

export interface Look {
  screen?: Screen;
  theme?: 'light' | 'dark';
  language?: 'en' | 'ja';
  /** Default: true. */
  javaScript?: boolean;
}

/** Starts Chromium, which must be installed at /usr/bin/chromium or at the path in CHROMIUM. */
export const startBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium' });

export interface Window {
  page: Page;
  context: BrowserContext;
  /** Messages of the browser's console: violations of the content security policy, errors of scripts, failed requests. */
  complaints: string[];
}

/** Opens a window, signed in as `user` if there is one. Close its context after the test. */
export async function openWindow(
  browser: Browser,
  service: TestService,
  user: { readonly id: string } | undefined,
  { screen = 'desktop', theme = 'light', language = 'en', javaScript = true }: Look = {},
): Promise<Window> {
  const context = await browser.newContext({
    baseURL: service.baseUrl,
    viewport: screens[screen],
    colorScheme: theme,
    locale: language === 'ja' ? 'ja-JP' : 'en-GB',
    javaScriptEnabled: javaScript,
    reducedMotion: 'reduce',
    hasTouch: screen !== 'desktop',
  });
  if (user) {
    await context.addCookies([{ name: 'trm', value: await sessionOf(service, user.id), url: service.baseUrl }]);
  }
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return { page, context, complaints };
}

/** Writes a picture of the whole page into `.screenshots`, which Git ignores. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = projectPath('.screenshots');
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

/** Expects that the page fits the width of the screen and that axe finds no accessibility problem. */
export async function expectAccessible(page: Page): Promise<void> {
  const wide = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
  expect(wide).toBeLessThanOrEqual(0);
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
}
