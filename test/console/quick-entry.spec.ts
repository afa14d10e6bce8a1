import { contractToBookOn, logOn } from '../support/booking.js';
import { consoleClient, type ConsoleClient, type Page } from '../support/console.js';
import type { SoldContract } from '../support/contract.js';
import { person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';

// A time entry in one line, without a script: the line is read as fields, the fields are logged, and the message takes them back.

let service: TestService;
let sold: SoldContract;
let csm: ConsoleClient;

const address = '/console/quick-entry';

beforeAll(async () => {
  service = await startService({ clock: '2026-07-10T03:00:00Z' });
  sold = await contractToBookOn(service);
  csm = await consoleClient(service, sold.csm);
  const { headers } = await sold.csm.get(`/v1/customers/${sold.customerId}`);
  const change = { name: 'Acme <KK> & "Sons"' };
  const changed = await sold.csm.patch(`/v1/customers/${sold.customerId}`, change, {
    'if-match': headers.get('etag')!,
  });
  expect(changed.status).toBe(200);
  // The reader's language decides the words of the page.
  await service.database.write((tx) => tx.query(`update users set locale = 'en'`));
});
afterAll(() => service.stop());

const read = (line: string, more: Readonly<Record<string, string>> = {}): Promise<Page> =>
  csm.get(`${address}?${new URLSearchParams({ line, ...more }).toString()}`);

/** The value that a field of the page shows. */
function shown({ html }: Page, field: string): string | undefined {
  const select = new RegExp(`<select id="quick-${field}"[^>]*>([\\s\\S]*?)</select>`).exec(html);
  if (select) return /value="([^"]*)" selected/.exec(select[1]!)?.[1];
  return new RegExp(`<input[^>]*id="quick-${field}"[^>]*value="([^"]*)"`).exec(html)?.[1];
}

const fields = [
  'subscriptionId',
  'workDate',
  'minutes',
  'consultantId',
  'productLineId',
  'activity',
  'delivery',
  'visitId',
  'summary',
  'reference',
  'severity',
];

/** The fields of the page as a browser would send them. */
const fieldsOf = (page: Page): Record<string, string> =>
  Object.fromEntries(fields.map((field) => [field, shown(page, field) ?? '']));

const entries = async (): Promise<{ minutes: number; summary: string; reversal: object | null }[]> =>
  (await sold.csm.get(`/v1/subscriptions/${sold.id}/time-entries`)).body.data as never;

const fullLine = 'acme 1:30 @"consultant 1" health-check "Index <review>" yesterday ^CASE-1 !2';

describe('the line', () => {
  test('is shown as fields, with the balance after the entry', async () => {
    const page = await read(fullLine);
    expect(page.status).toBe(200);
    expect(fieldsOf(page)).toEqual({
      subscriptionId: sold.id,
      workDate: '2026-07-09',
      minutes: '1:30',
      consultantId: sold.consultantIds[0],
      productLineId: sold.productLineIds[0],
      activity: 'health-check',
      delivery: 'remote',
      visitId: '',
      summary: 'Index &lt;review>',
      reference: 'CASE-1',
      severity: '2',
    });
    expect(page.text).toContain('190 h 30 left after this of 192 h');
    expect(page.html).not.toContain('<review>');
  });

  test('is read in Japanese', async () => {
    const inJapanese = await consoleClient(service, await person(service, 'csm', undefined, { locale: 'ja' }));
    const page = await inJapanese.get(`${address}?line=${encodeURIComponent('8 ヘルスチェック 昨日')}`);
    expect(page.text).toContain('「8」は何を表しますか。 8分 8時間');
    expect(shown(page, 'activity')).toBe('health-check');
  });

  test('asks about a small number, and each answer leads to the answered line', async () => {
    const page = await read('acme 2 @"consultant 1"');
    expect(page.text).toContain('What does “2” mean? 2 minutes 2 hours the day: Thu 2 Jul');
    expect(shown(page, 'minutes')).toBe('');
    const [, href] = /href="([^"]*)"[^>]*data-answer="line"[^>]*>\s*2 hours/.exec(page.html)!;
    const answered = await csm.get(href!.replaceAll('&amp;', '&'));
    expect(shown(answered, 'minutes')).toBe('2:00');
  });

  test('asks who worked, with a link for each', async () => {
    const page = await read('acme 1h @nobody');
    expect(page.text).toContain('No consultant of this subscription is called “nobody”. Who worked?');
    const [, href] = /href="([^"]*)"[^>]*data-answer="consultantId"[^>]*>\s*Consultant 2/.exec(page.html)!;
    const answered = await csm.get(href!.replaceAll('&amp;', '&'));
    expect(shown(answered, 'consultantId')).toBe(sold.consultantIds[1]);
  });

  test('that exceeds a limit names it, with the largest value as a button', async () => {
    const page = await read(fullLine.replace('1:30', '30h'));
    expect(page.text).toContain('At most 1,440 min can be accepted.');
    expect(page.html).toMatch(/name="instead" value="1440m"/);
  });

  test('says what is missing', async () => {
    expect((await read('acme')).text).toContain('Still needed: Duration, Consultant, Activity, Summary');
  });

  test('of another portfolio finds nothing', async () => {
    const other = await consoleClient(service, await person(service, 'csm'));
    const page = await other.get(`${address}?line=acme`);
    expect(page.text).toContain('No subscription of yours has “acme”');
    expect(page.html).not.toContain(sold.id);
  });

  test('is answered in part for a script', async () => {
    const { html, status } = await read(fullLine, { part: 'reading' });
    expect(status).toBe(200);
    expect(html).not.toContain('<html');
    expect(html).toContain('190 h 30');
  });

  test('keeps fields that the reader has set, until the line says another value', async () => {
    const set = { set: 'minutes,activity', minutes: '45m', activity: 'upgrade' };
    const kept = await read('acme health "x"', { ...set, readLine: 'acme health' });
    expect([shown(kept, 'minutes'), shown(kept, 'activity')]).toEqual(['45m', 'upgrade']);
    const changed = await read('acme gap 2h', { ...set, readLine: 'acme health' });
    expect([shown(changed, 'minutes'), shown(changed, 'activity')]).toEqual(['2:00', 'gap-analysis']);
  });

  test.each([
    ['line', 'x'.repeat(501)],
    ['part', 'whole'],
    ['unknown', 'x'],
  ])('with an unexpected %s is refused with a page', async (name, value) => {
    const page = await csm.get(`${address}?${new URLSearchParams({ [name]: value }).toString()}`);
    expect([page.status, page.headers.get('content-type')]).toEqual([400, 'text/html; charset=utf-8']);
  });

  test.each(['finance', 'customer'] as const)('is not for %s', async (role) => {
    const user = role === 'customer' ? sold.customer : await person(service, role);
    expect((await (await consoleClient(service, user)).get(address)).status).toBe(403);
  });
});

describe('the fields', () => {
  test('are logged once, and the message takes the entry back', async () => {
    const before = await entries();
    const page = await read(fullLine);
    const values = fieldsOf(page);
    values.summary = 'Index <review>';
    const logged = await csm.submit(page, address, values);
    expect(logged.status).toBe(303);
    const again = await csm.submit(page, address, values);
    expect([again.status, again.location]).toEqual([303, logged.location]);
    expect((await entries()).length - before.length).toBe(1);

    const next = await csm.follow(logged);
    expect(next.text).toContain('Logged 1 h 30 for Acme <KK> & "Sons" on Thu 9 Jul. 190 h 30 left. Undo');
    const [entry] = await entries();
    expect(entry).toMatchObject({ minutes: 90, summary: 'Index <review>', reference: 'CASE-1', severity: 2 });
    // The next entry is usually of the same customer and consultant.
    expect(shown(next, 'subscriptionId')).toBe(sold.id);
    expect(shown(next, 'consultantId')).toBe(sold.consultantIds[0]);

    const undo = /action="(\/console\/quick-entry\/undo\/[^"]*)"/.exec(next.html)![1]!;
    const undone = await csm.submit(next, undo);
    expect((await csm.follow(undone)).text).toContain('Taken back: 1 h 30 on Thu 9 Jul.');
    expect((await entries())[0]!.reversal).not.toBeNull();
    const twice = await csm.submit(await csm.follow(logged), address, { ...values, minutes: '0:01' });
    expect(twice.status).toBe(303);
  });

  test('return to the page on which the form stood', async () => {
    const page = await read(fullLine.replace('Index', 'Other'));
    const headers = { cookie: csm.cookie, referer: `${service.baseUrl}/console/portfolio?sort=name` };
    const form = /<form method="post" action="\/console\/quick-entry" class="quick-entry">[\s\S]*?<\/form>/.exec(
      page.html,
    )![0];
    const hidden = (name: string): string => new RegExp(`name="${name}" value="([^"]*)"`).exec(form)![1]!;
    const body = new URLSearchParams({ ...fieldsOf(page), csrf: hidden('csrf'), key: hidden('key') });
    const answer = await fetch(service.baseUrl + address, { method: 'POST', body, headers, redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/console/portfolio?sort=name']);
    const elsewhere = { ...headers, referer: 'https://other.example/console/x' };
    const second = new URLSearchParams({ ...Object.fromEntries(body), key: 'another', summary: 'Third' });
    const away = await fetch(service.baseUrl + address, {
      method: 'POST',
      body: second,
      headers: elsewhere,
      redirect: 'manual',
    });
    expect(away.headers.get('location')).toBe('/console/x');
  });

  test('keep what was typed after a refusal, and offer the largest value', async () => {
    const page = await read(fullLine);
    const values = { ...fieldsOf(page), minutes: '30h', workDate: '2026-07-07', summary: 'Kept "text"' };
    const refused = await csm.submit(page, address, values);
    expect(refused.status).toBe(422);
    expect(shown(refused, 'summary')).toBe('Kept &#34;text&#34;');
    expect(shown(refused, 'minutes')).toBe('30h');
    expect(refused.text).toContain('Log 24 h instead');
    expect(refused.html).toContain('role="alert"');
  });

  test('are logged with the largest value', async () => {
    const page = await read(fullLine.replace('yesterday', '2026-07-06'));
    const logged = await csm.submit(page, address, { ...fieldsOf(page), minutes: '30h', instead: '1440m' });
    expect(logged.status).toBe(303);
    expect((await entries()).some(({ minutes }) => minutes === 1440)).toBe(true);
  });

  test.each([
    ['minutes', '8', 'Duration can mean hours or minutes: write 8h or 8m.'],
    ['minutes', 'soon', 'Duration must be an amount of time'],
    ['minutes', '', 'Duration is required.'],
    ['subscriptionId', '', 'Subscription is required.'],
    ['activity', '', 'Activity is required.'],
    ['summary', '', 'Summary is required.'],
    ['workDate', '2026-02-30', 'Day must be a calendar day'],
  ])('with %s %j show the fault at the field', async (field, value, fault) => {
    const page = await read(fullLine);
    const refused = await csm.submit(page, address, { ...fieldsOf(page), [field]: value });
    expect(refused.status).toBe(400);
    expect(refused.text).toContain(fault);
    expect(shown(refused, 'reference')).toBe('CASE-1');
  });

  test('of a subscription that the reader may not see are refused', async () => {
    const other = await contractToBookOn(service);
    const page = await read(fullLine);
    const refused = await csm.submit(page, address, { ...fieldsOf(page), subscriptionId: other.id });
    expect(refused.status).toBe(404);
  });

  test('of a form without the token of the session are refused', async () => {
    const body = new URLSearchParams({ ...fieldsOf(await read(fullLine)), csrf: 'x', key: 'y' });
    const answer = await fetch(service.baseUrl + address, {
      method: 'POST',
      body,
      headers: { cookie: csm.cookie },
      redirect: 'manual',
    });
    expect(answer.status).toBe(403);
  });
});

describe('taking back', () => {
  const undo = (id: string): Promise<Page> => submitTo(`${address}/undo/${id}`);

  async function submitTo(path: string): Promise<Page> {
    const page = await csm.get(address);
    const html = page.html.replace(`action="${address}"`, `action="${path}"`);
    return csm.submit({ ...page, html }, path);
  }

  test('an entry twice is refused', async () => {
    const { body } = await logOn(sold, '2026-07-03');
    const { id } = (body as { entry: { id: string } }).entry;
    expect((await undo(id)).status).toBe(303);
    expect((await undo(id)).status).toBe(409);
  });

  test.each(['x', '00000000-0000-7000-8000-000000000000'])('an unknown entry is refused: %s', async (id) => {
    expect((await undo(id)).status).toBe(404);
  });
});
