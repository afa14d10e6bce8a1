import { financeStory, workOf, type FinanceStory } from '../support/finance-story.js';
import { consoleClient, type ConsoleClient } from '../support/console.js';

let story: FinanceStory;
let finance: ConsoleClient;
let chief: ConsoleClient;
let hana: ConsoleClient;

beforeAll(async () => {
  story = await financeStory();
  finance = await consoleClient(story.service, story.finance);
  chief = await consoleClient(story.service, story.chief);
  hana = await consoleClient(story.service, story.hana);
});
afterAll(() => story.service.stop());

const period = async (month: string) => (await story.finance.get(`/v1/periods/${month}`)).body;

/** The words of the cells of each row of a table's body. */
function rowsOf(html: string): string[] {
  const body = /<tbody>([\s\S]*?)<\/tbody>/.exec(html)![1]!;
  return [...body.matchAll(/<tr[^>]*>([\s\S]*?)<\/tr>/g)].map(([, row]) =>
    row!
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
  );
}

describe('the list of months', () => {
  test('shows each month on both bases, and that their sums are equal', async () => {
    const { status, html, text } = await finance.get('/console/months');
    expect(status).toBe(200);
    expect(rowsOf(html).slice(0, 4)).toEqual([
      'July 2026 Running 1 1 h 1 h',
      'June 2026 Open 2 4 h 05 4 h 05',
      'May 2026 Open 5 9 h 2 rows · 30 min 8 h 30',
      'April 2026 Closed 5 9 h 20 9 h 50 Mori Aki · Mon 6 Jul',
    ]);
    expect(text).toContain('All months 13 23 h 25 2 rows · 30 min 23 h 25');
    expect(text).toContain('All sums are equal');
    expect(text).toContain('both add up to 23 h 25');
    expect(text).toContain('June 2026 can be closed');
  });

  test('speaks Japanese', async () => {
    const { text } = await finance.get('/console/months', { 'accept-language': 'ja' });
    expect(text).toContain('2026年6月を締めることができます');
    expect(text).toContain('合計はすべて一致しています');
  });

  test('shows a CSM the totals of closed months only, as the REST interface does', async () => {
    const { status, html, text } = await hana.get('/console/months');
    expect(status).toBe(200);
    expect(rowsOf(html).slice(2, 4)).toEqual(['May 2026 Open', 'April 2026 Closed 5 9 h 20 Mori Aki · Mon 6 Jul']);
    expect(text).not.toContain('All sums are equal');
  });

  test('is forbidden to customers', async () => {
    const { admin, acme } = story;
    const user = { name: 'Sato', email: 'sato@acme.example', role: 'customer', customerId: acme.customerId };
    const sato = await consoleClient(story.service, (await admin.post('/v1/users', user)).body as { id: string });
    for (const path of ['', '/2026-04', '/2026-04/adjustment']) {
      expect((await sato.get(`/console/months${path}`)).status).toBe(403);
    }
  });
});

describe('a month before it is closed', () => {
  test('names the subscriptions without an entry, and the months that close with it', async () => {
    const { text, html } = await finance.get('/console/months/2026-06');
    expect(text).toContain('In these months, a subscription has a term but no entry once.');
    expect(rowsOf(html)).toEqual(['Birch &amp; Sons &lt;Ltd> June 2026 Ken Baker']);
    expect(html).toContain(`href="/console/subscriptions/${story.birch.id}"`);
    expect(text).toContain('May 2026: 5 rows · 9 h June 2026: 2 rows · 4 h 05');
    expect(text).toContain('Close May 2026 to June 2026');
  });

  test('names the planned sessions without an entry', async () => {
    const { text } = await finance.get('/console/months/2026-07');
    expect(text).toContain('One session was planned, and no entry says that it took place.');
    expect(text).toContain('あおい銀行 Mon 20 Jul 2 h Tanaka Hana');
  });

  test('shows a CSM neither customers of others nor a form', async () => {
    const { status, text, html } = await hana.get('/console/months/2026-06');
    expect(status).toBe(200);
    expect(text).not.toContain('Birch');
    expect(html).not.toContain('action="/console/months/2026-06/close"');
  });

  test.each([
    ['2026-08', 404],
    ['2025-09', 404],
    ['2026-13', 400],
    ['x', 400],
  ])('is a page with an error for %s', async (month, status) => {
    const page = await finance.get(`/console/months/${month}`);
    expect([page.status, page.headers.get('content-type')]).toEqual([status, 'text/html; charset=utf-8']);
  });
});

describe('forgotten work of a closed month', () => {
  const path = '/console/months/2026-04/adjustment';

  test('begins with the customer, whose name is escaped', async () => {
    const { text, html } = await finance.get(`${path}?customer=birch`);
    expect(text).toContain('Birch & Sons <Ltd> · Basic');
    expect(html).not.toContain('<Ltd>');
    expect((await finance.get(`${path}?customer=nobody`)).text).toContain(
      'No subscription of a customer with this name',
    );
  });

  test('is recorded in the first open month; a refusal keeps what was typed, and a second click records nothing', async () => {
    const page = await finance.get(`${path}?subscriptionId=${story.birch.id}`);
    const { consultantId, productLineId } = story.birch;
    const typed = {
      subscriptionId: story.birch.id,
      workDate: '2026-04-22',
      time: '3',
      pair: `${consultantId} ${productLineId}`,
      activity: 'upgrade',
      summary: 'Upgrade of "A" & <B>',
      reason: 'Found in the calendar',
    };
    const unclear = await finance.submit(page, path, typed);
    expect(unclear.status).toBe(400);
    expect(unclear.text).toContain('write 3h or 3m');
    expect(unclear.html).toContain('value="2026-04-22"');
    expect(unclear.text).toContain('Upgrade of "A" & <B>');

    const tooMuch = await finance.submit(unclear, path, { ...typed, time: '900h' });
    expect(tooMuch.status).toBe(422);
    expect(tooMuch.html).toContain('value="900h"');
    expect(tooMuch.html).toContain('role="alert"');

    const done = await finance.submit(tooMuch, path, { ...typed, time: '1.5' });
    expect([done.status, done.location]).toEqual([303, '/console/months/2026-04']);
    await finance.submit(tooMuch, path, { ...typed, time: '1.5' });
    const month = await finance.follow(done);
    expect(month.text).toContain('Recorded 1 h 30 for Birch & Sons <Ltd>. It counts in May 2026.');
    const listed = rowsOf(month.html).filter((row) => row.includes('Upgrade of'));
    expect(listed).toHaveLength(1);
    expect(month.text).toContain('Birch & Sons <Ltd> Wed 22 Apr 1 h 30 Upgrade of "A" & <B> (Suzuki Ichiro, DB)');
    expect(month.text).toContain('✓ Compared with all entries just now: equal.');
  });

  test('is refused in an open month, and forbidden to CSMs', async () => {
    expect((await finance.get('/console/months/2026-06/adjustment')).status).toBe(409);
    expect((await hana.get(path)).status).toBe(403);
  });
});

describe('closing', () => {
  test('of the running month needs the box to be ticked', async () => {
    const page = await finance.get('/console/months/2026-07');
    const refused = await finance.submit(page, '/console/months/2026-07/close');
    expect([refused.status, (await period('2026-07')).status]).toEqual([422, 'open']);
    expect(refused.html).toContain('role="alert"');
  });

  test('closes the month and those before it, says their totals, and acts once', async () => {
    const page = await finance.get('/console/months/2026-06');
    const done = await finance.submit(page, '/console/months/2026-06/close');
    expect([done.status, done.location]).toEqual([303, '/console/months/2026-06']);
    expect((await finance.submit(page, '/console/months/2026-06/close')).status).toBe(303);
    expect((await period('2026-05')).history).toHaveLength(1);
    const month = await finance.follow(done);
    expect(month.text).toContain('June 2026 and the open months before it are closed: 8 rows, 14 h 35.');
    expect(month.text).toContain('✓ Compared with all entries just now: equal.');
    expect(month.html).not.toContain('/reopen');
    const again = await finance.submit(page, '/console/months/2026-06/close', { early: 'true' });
    expect(again.status).toBe(409);
  });

  test('needs a page of the same session, and is forbidden to CSMs', async () => {
    for (const { cookie } of [finance, hana]) {
      const { status } = await fetch(`${story.service.baseUrl}/console/months/2026-07/close`, {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
        body: 'early=true',
        redirect: 'manual',
      });
      expect([status, (await period('2026-07')).status]).toEqual([403, 'open']);
    }
  });

  test('puts later changes into the next month', async () => {
    const { birch, ken } = story;
    await ken.post(`/v1/subscriptions/${birch.id}/time-entries`, workOf(birch, '2026-07-03', 20));
    const { html, text } = await finance.get('/console/months');
    expect(rowsOf(html)[1]).toMatch(/^June 2026 Closed 2 4 h 05 4 h 05 Mori Aki/);
    expect(text).toContain('All sums are equal');
  });
});

describe('reopening', () => {
  const path = '/console/months/2026-05/reopen';

  test('is for administrators, who must give a reason', async () => {
    expect((await finance.get('/console/months/2026-05')).html).not.toContain(`action="${path}"`);
    const page = await chief.get('/console/months/2026-05');
    expect(page.text).toContain('This month and the one closed month after it open again.');
    const refused = await chief.submit(page, path, { reason: ' ' });
    expect([refused.status, (await period('2026-05')).status]).toEqual([400, 'closed']);
    expect(refused.text).toContain('Why must the month be opened again? is required.');
    const done = await chief.submit(refused, path, { reason: 'A late receipt <b>' });
    const month = await chief.follow(done);
    expect(month.text).toContain('2 months are open again, from May 2026 on.');
    expect(month.text).toContain('Abe Sora · A late receipt <b>');
    expect([(await period('2026-05')).status, (await period('2026-06')).status]).toEqual(['open', 'open']);
  });
});
