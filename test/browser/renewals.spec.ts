import type { Browser } from 'playwright-core';
import { expectAccessible, openWindow, screenshot, startBrowser, type Look } from './support/browser.js';
import { person, type Person } from '../support/people.js';
import { advance, renewingContract } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';

// The board and the time line of renewals, as a CSM and an administrator see them.

let service: TestService;
let browser: Browser;
let admin: Person;

beforeAll(async () => {
  service = await startService({ clock: '2026-12-01T03:00:00Z' });
  browser = await startBrowser();
  admin = await person(service, 'admin');
  const firstDays = ['2026-01-20', '2026-02-10', '2026-03-15', '2026-04-01', '2026-05-06', '2026-09-01', '2026-11-01'];
  for (const [at, startsOn] of firstDays.entries()) {
    const locale = at % 2 === 0 ? 'en' : 'ja';
    const contract = await renewingContract(service, { startsOn, locale, package: at % 3 === 0 ? 'premier' : 'basic' });
    const { csm, id } = contract;
    const outlook = [
      { expectation: 'renews' },
      { expectation: 'leaves', reason: 'Budget cut', nextStep: 'Call the new head of IT', nextStepOn: '2027-01-12' },
      { expectation: 'unsure' },
    ][at];
    if (outlook) await csm.put(`/v1/subscriptions/${id}/outlook`, outlook, { 'if-match': '"0"' });
    if (at === 4) {
      const notice = { party: 'customer', signedBy: 'Emily Carter', channel: 'letter' };
      await csm.post(`/v1/subscriptions/${id}/non-renewal-notices`, notice);
    }
  }
  await advance(service, '2027-01-25T03:00:00Z');
});
afterAll(async () => {
  await browser?.close();
  await service?.stop();
});

const paths = { board: '', timeline: '?view=timeline' } as const;

describe.each<[Look['screen'], Look['theme'], 'en' | 'ja']>([
  ['desktop', 'light', 'en'],
  ['desktop', 'dark', 'ja'],
  ['phone', 'light', 'ja'],
  ['narrow', 'dark', 'en'],
])('on a %s in %s %s', (screen, theme, language) => {
  test.each(Object.entries(paths))('the %s fits the screen, and axe finds nothing', async (name, query) => {
    const { page, context, complaints } = await openWindow(browser, service, admin, { screen, theme, language });
    await page.goto(`/console/renewals${query}`);
    await screenshot(page, `renewals-${name}-${screen}-${theme}-${language}`);
    await expectAccessible(page);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

test.each([true, false])(
  'an administrator chooses the next package in the card, with JavaScript: %s',
  async (javaScript) => {
    const { page, context } = await openWindow(browser, service, admin, { javaScript });
    await page.goto('/console/renewals');
    const card = page.locator('.renewal-card').filter({ hasText: 'Deadline' }).first();
    await card.getByRole('link', { name: 'Next package' }).click();
    await page.getByRole('radio', { name: /^Dedicated: 1,600 h/ }).check();
    await screenshot(page, `renewals-next-package-${javaScript ? 'script' : 'plain'}`);
    await expectAccessibleOf(javaScript, page);
    await page.getByRole('button', { name: 'Set next package' }).click();
    await page
      .getByText(/changes to Dedicated with 1,600 h/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page
      .getByText(/keeps .* at the renewal/)
      .first()
      .waitFor();
    await context.close();
  },
);

/** axe needs JavaScript. */
const expectAccessibleOf = async (javaScript: boolean, page: Parameters<typeof expectAccessible>[0]): Promise<void> => {
  if (javaScript) await expectAccessible(page);
};
