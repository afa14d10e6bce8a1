import type { Browser } from 'playwright-core';
import { expectAccessible, openWindow, screenshot, startBrowser, type Look } from './support/browser.js';
import { api } from '../support/client.js';
import { advance, mailbox, renewingContract, type RenewingContract } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';

// A customer on a phone: reads what is left, assigns a seat, gives a notice and takes it back.

let service: TestService;
let browser: Browser;
let contracts: Record<'en' | 'ja', RenewingContract>;

beforeAll(async () => {
  service = await startService({ clock: '2026-12-31T03:00:00Z' });
  browser = await startBrowser();
  contracts = { en: await usedContract('en'), ja: await usedContract('ja') };
});
afterAll(async () => {
  await browser?.close();
  await service?.stop();
});

const texts = {
  en: {
    summaries: ['Health check of the primary cluster', 'Review of the slow queries of November', 'Workshop: backups'],
    planned: 'Upgrade rehearsal',
    person: 'Ichiro Suzuki',
    line: 'Database',
  },
  ja: {
    summaries: ['本番クラスターのヘルスチェック', '11月の低速クエリの確認', 'バックアップ運用の勉強会'],
    planned: 'アップグレードのリハーサル',
    person: '鈴木 一郎',
    line: 'データベース',
  },
} as const;

/** A contract with work in several months, planned sessions and a seat. */
async function usedContract(locale: 'en' | 'ja'): Promise<RenewingContract> {
  const contract = await renewingContract(service, { startsOn: '2026-04-01', locale, package: 'premier' });
  const admin = api(service.baseUrl, service.adminToken);
  const text = texts[locale];
  const line = (await admin.post('/v1/product-lines', { code: `DB-${locale}`, name: text.line })).body;
  const consultant = (
    await admin.post('/v1/consultants', { name: text.person, email: `suzuki-${locale}@vendor.example` })
  ).body;
  const path = `/v1/subscriptions/${contract.id}`;
  const etag = async (of: string) => ({ 'if-match': (await contract.csm.get(of)).headers.get('etag')! });
  await contract.csm.put(
    `${path}/product-lines`,
    { effectiveOn: '2026-04-01', productLineIds: [line.id] },
    await etag(path),
  );
  await contract.csm.put(
    `${path}/allocations`,
    { allocations: [{ consultantId: consultant.id, productLineId: line.id, minutes: 9000 }] },
    await etag(`${path}/allocations`),
  );
  const work = { consultantId: consultant.id, productLineId: line.id, delivery: 'remote' };
  const days = ['2026-09-08', '2026-10-14', '2026-11-05', '2026-11-26', '2026-12-03', '2026-12-17'];
  for (const [at, workDate] of days.entries()) {
    const { status } = await contract.csm.post(`${path}/time-entries`, {
      ...work,
      workDate,
      minutes: 300 + at * 45,
      activity: 'health-check',
      summary: text.summaries[at % 3],
      reference: at === 2 ? 'CASE-1047' : null,
    });
    expect(status).toBe(201);
  }
  for (const plannedOn of ['2027-01-14', '2027-02-04']) {
    await contract.csm.post(`${path}/planned-sessions`, {
      ...work,
      plannedOn,
      minutes: 240,
      activity: 'upgrade',
      summary: text.planned,
    });
  }
  return contract;
}

const words = {
  en: {
    renewal: 'Renewal',
    decline: 'Decline the renewal',
    signedBy: 'Your full name',
    authorised: /I am authorised/,
    give: 'Give notice of non-renewal',
    received: 'Your notice of non-renewal has been received',
    withdraw: 'Withdraw the notice',
    reason: 'Reason',
    withdrawn: /The notice of .* was withdrawn by/,
    seats: 'Seats',
    name: 'Name',
    email: 'E-mail address',
    assign: 'Assign a seat',
    inUse: '1 of 2 seats in use',
    release: 'Release the seat',
    none: '0 of 2 seats in use',
  },
  ja: {
    renewal: '更新・通知',
    decline: '更新しない旨を通知する',
    signedBy: 'お名前（フルネーム）',
    authorised: /本通知を行う権限/,
    give: '更新しない旨の通知を送る',
    received: '更新しない旨の通知を受領いたしました',
    withdraw: '通知を撤回する',
    reason: '撤回の理由',
    withdrawn: /様により撤回され/,
    seats: '受講者',
    name: 'お名前',
    email: 'メールアドレス',
    assign: '受講ライセンスを割り当てる',
    inUse: '2名分のうち1名分をご利用中',
    release: '割り当てを解除する',
    none: '2名分のうち0名分をご利用中',
  },
} as const;

describe.each([
  ['en', true],
  ['ja', false],
] as const)('in %s on a phone, with JavaScript: %s', (language, javaScript) => {
  const text = words[language];
  const look = { screen: 'phone', language, javaScript } as const;

  test('a customer reads what is left, gives a notice and takes it back', async () => {
    const { customer } = contracts[language];
    const { page, context, complaints } = await openWindow(browser, service, customer, look);
    await page.goto('/console/own');
    expect(await page.locator('.own-hours-sentence .largest').textContent()).toMatch(/150/);
    await page.getByRole('link', { name: text.decline }).click();
    await page.getByLabel(text.signedBy).fill('山田 太郎');
    await page.getByLabel(text.authorised).check();
    await page.getByRole('button', { name: text.give }).click();
    await page.getByRole('heading', { name: text.received }).waitFor();
    const receipt = await page.locator('#receipt ~ dl strong').first().textContent();
    expect(receipt).toMatch(/^[0-9a-f-]{36}$/);
    await screenshot(page, `customer-receipt-phone-${language}`);
    await page.getByText(text.withdraw, { exact: true }).first().click();
    await page.getByLabel(text.signedBy).fill('山田 太郎');
    await page.getByLabel(text.reason).fill('継続');
    await page.getByRole('button', { name: text.withdraw }).click();
    await page.getByText(text.withdrawn).waitFor();
    expect(await page.getByRole('button', { name: text.give }).isVisible()).toBe(true);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('a customer assigns a seat with the menu at the thumb, and releases it', async () => {
    const { page, context, complaints } = await openWindow(browser, service, contracts[language].customer, look);
    await page.goto('/console/own');
    await page.locator('.tabbar').getByRole('link', { name: text.seats }).click();
    await page.getByLabel(text.name).fill('Emily Carter');
    await page.getByLabel(text.email).fill(`emily-${language}@customer.example`);
    await page.getByRole('button', { name: text.assign }).click();
    await page.getByRole('heading', { name: text.inUse }).waitFor();
    await screenshot(page, `customer-seat-assigned-phone-${language}`);
    await page.getByRole('button', { name: text.release }).click();
    await page.getByRole('heading', { name: text.none }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe.each(['en', 'ja'] as const)('in %s on a phone', (language) => {
  test('a contact declines by the link in the reminder, and the mail leads a user to the console', async () => {
    const contract = await renewingContract(service, { startsOn: '2026-03-10', locale: language });
    const [email] = contract.contacts;
    const { customerId } = contract;
    await contract.admin.post('/v1/users', { name: 'Contact 1', email, role: 'customer', customerId });
    await advance(service, service.clock.now().toISOString());
    const mails = await mailbox(service);
    const mail = mails.find(({ to }) => [to!].flat()[0]!.value[0]!.address === email)!;
    const [decline] = /\S+\/decline\/\S+/.exec(mail.text!)!;
    const [details] = /\S+\/console\/own\S+/.exec(mail.text!)!;

    const look = { screen: 'phone', language, javaScript: false } as const;
    const { page, context, complaints } = await openWindow(browser, service, undefined, look);
    const text = words[language];
    const local = (url: string): string => service.baseUrl + new URL(url).pathname + new URL(url).search;
    await page.goto(local(decline));
    await page.getByLabel(text.signedBy).fill('山田 太郎');
    await page.getByLabel(text.authorised).check();
    await page.getByRole('button', { name: text.give }).click();
    await page.getByRole('heading', { level: 1, name: text.received }).waitFor();
    await screenshot(page, `decline-from-mail-phone-${language}`);
    // Without a session, the way to the details leads over signing in.
    await page.goto(local(details));
    expect(new URL(page.url()).pathname).toBe('/console/sign-in');
    expect(new URL(page.url()).searchParams.get('to')).toBe(`/console/own?subscriptionId=${contract.id}`);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

test('a customer with two subscriptions sees both, and chooses one before a notice', async () => {
  const { csm, customer, customerId } = await renewingContract(service, { startsOn: '2026-02-01', locale: 'en' });
  await csm.post('/v1/subscriptions', {
    customerId,
    package: 'premier',
    startsOn: '2026-10-01',
    contractNumber: 'C-1047',
  });
  const { page, context } = await openWindow(browser, service, customer, { screen: 'phone' });
  await page.goto('/console/own');
  await screenshot(page, 'customer-two-subscriptions');
  await expectAccessible(page);
  await page.getByRole('link', { name: 'See this subscription' }).last().click();
  await page.getByRole('heading', { name: 'Premier, contract C-1047' }).waitFor();
  await page.goto('/console/own/notice');
  await page.getByRole('link', { name: 'Basic' }).click();
  // 2026-12-02 was the last day for a notice.
  await page.getByRole('heading', { name: 'The last day for a notice has passed' }).waitFor();
  await screenshot(page, 'customer-late-notice');
  await expectAccessible(page);
  await context.close();
});

const paths = ['own', 'own/entries', 'own/statements', 'own/seats', 'own/mails', 'own/notice', 'accessibility'];

describe.each<[Look['screen'], Look['theme'], 'en' | 'ja']>([
  ['phone', 'light', 'ja'],
  ['phone', 'dark', 'en'],
  ['narrow', 'light', 'en'],
  ['desktop', 'light', 'en'],
  ['desktop', 'dark', 'ja'],
])('on a %s in %s %s', (screen, theme, language) => {
  test.each(paths)('/console/%s fits the screen, and axe finds nothing', async (path) => {
    const user = contracts[language].customer;
    const { page, context, complaints } = await openWindow(browser, service, user, { screen, theme, language });
    await page.goto(`/console/${path}`);
    await screenshot(page, `customer-${path.replace('/', '-')}-${screen}-${theme}-${language}`);
    await expectAccessible(page);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
