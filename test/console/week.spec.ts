import type { Page } from '../support/console.js';
import { consoleClient, type ConsoleClient } from '../support/console.js';
import { contractToBookOn, logOn } from '../support/booking.js';
import type { SoldContract } from '../support/contract.js';
import { person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';

// The week sheet over HTTP: what it shows, what it books, and what stays after a refusal.

let service: TestService;

beforeAll(async () => {
  // A Thursday.
  service = await startService({ clock: '2026-11-26T03:00:00Z' });
});
afterAll(() => service.stop());

const monday = '2026-11-23';
const path = `/console/week?week=${monday}`;
const action = '/console/week/sheet';

/** A subscription with its CSM at the console. */
async function desk(): Promise<{ sold: SoldContract; csm: ConsoleClient }> {
  const sold = await contractToBookOn(service);
  return { sold, csm: await consoleClient(service, sold.csm) };
}

const dayNames = ['d0', 'd1', 'd2', 'd3', 'd4', 'd5', 'd6'] as const;

/** The fields of the sheet of a page, as a browser sends them. */
function sheetOf({ html }: Page): Record<string, string[]> {
  const form = /<form[^>]*id="week-sheet"[\s\S]*?<\/form>/.exec(html)![0];
  const fields: Record<string, string[]> = {};
  const add = (name: string, value: string): void => void (fields[name] ??= []).push(value);
  for (const [element] of form.matchAll(
    /<input\b[^>]*>|<select\b[\s\S]*?<\/select>|<textarea\b[\s\S]*?<\/textarea>/g,
  )) {
    const name = /\bname="([^"]*)"/.exec(element)?.[1];
    if (name === undefined || name === 'csrf' || name === 'key') continue;
    if (/type="(radio|checkbox)"/.test(element) && !/\bchecked\b/.test(element)) continue;
    if (element.startsWith('<select')) {
      const options = [...element.matchAll(/<option[^>]*value="([^"]*)"[^>]*>/g)];
      add(name, (options.find(([option]) => /\bselected\b/.test(option)) ?? options[0])?.[1] ?? '');
    } else add(name, /\bvalue="([^"]*)"/.exec(element)?.[1] ?? '');
  }
  return fields;
}

/** Presses a button of the sheet after some of its fields were changed: `d0: ['1:30']` changes the first row. */
function press(
  client: ConsoleClient,
  page: Page,
  step: string,
  change: Record<string, string | (string | undefined)[]> = {},
) {
  const fields = sheetOf(page);
  for (const [name, value] of Object.entries(change)) {
    if (typeof value === 'string') fields[name] = [value];
    else value.forEach((one, row) => one !== undefined && ((fields[name] ??= [])[row] = one));
  }
  return client.submit(page, action, { ...fields, do: step });
}

/** The texts of the cells, by row. */
function cellsOf(page: Page): string[] {
  const fields = sheetOf(page);
  return (fields.subscription ?? []).map((_, row) => dayNames.map((name) => fields[name]![row]!).join(' '));
}

const entriesOf = async (sold: SoldContract): Promise<Record<string, unknown>[]> =>
  (await sold.csm.get(`/v1/subscriptions/${sold.id}/time-entries`)).body.data;

const standing = async (sold: SoldContract): Promise<unknown[]> =>
  (await entriesOf(sold))
    .filter(({ reversal }) => reversal === null)
    .map(({ workDate, minutes, summary }) => [workDate, minutes, summary]);

/** A sheet with one row, which has an hour on Monday. */
async function deskWithRow() {
  const { sold, csm } = await desk();
  expect((await logOn(sold, monday, { minutes: 60 })).status).toBe(201);
  return { sold, csm, page: await csm.get(path) };
}

describe('the sheet', () => {
  test('shows the booked hours of the week by row and day, with totals', async () => {
    const { sold, csm } = await desk();
    await logOn(sold, monday, { minutes: 60 });
    await logOn(sold, monday, { minutes: 30 });
    await logOn(sold, '2026-11-25', { minutes: 45 });
    await logOn(sold, '2026-11-25', { minutes: 15, consultantId: sold.consultantIds[1] });
    await logOn(sold, '2026-11-20', { minutes: 480 });
    const page = await csm.get(path);
    expect(page.status).toBe(200);
    expect(cellsOf(page)).toEqual(['1:30  0:45    ', '  0:15    ']);
    expect(page.html).toMatch(/id="total-week"[^>]*><strong[^>]*>2:30</);
    // 192 hours, less 2:30 and the 8 hours of last week.
    expect(page.text).toContain('181:30 left of the term until 31 March 2027');
  });

  test('is in Japanese for a Japanese reader', async () => {
    const csm = await consoleClient(service, await person(service, 'csm', undefined, { locale: 'ja' }));
    const page = await csm.get(path);
    expect(page.text).toContain('この週の記録や予定はありません。');
  });

  test('shows only the own portfolio', async () => {
    const { sold } = await deskWithRow();
    const other = await desk();
    expect(cellsOf(await other.csm.get(path))).toEqual([]);
    const admin = await consoleClient(service, await person(service, 'admin'));
    expect((await admin.get(path)).text).toContain('No hours are booked or planned for this week.');
    expect((await admin.get(`${path}&all=true`)).html).toContain(sold.id);
  });

  test.each(['finance', 'customer'] as const)('is not for the role %s', async (role) => {
    const { sold } = await desk();
    const reader = role === 'customer' ? sold.customer : await person(service, role);
    expect((await (await consoleClient(service, reader)).get(path)).status).toBe(403);
  });

  test('marks closed months, days to come and days outside the term', async () => {
    const { csm } = await deskWithRow();
    const page = await csm.get(path);
    expect(page.html.match(/class="note"[^>]*>to come</g)).toHaveLength(3);
    const early = await contractToBookOn(service, { startsOn: '2026-11-25' });
    await logOn(early, '2026-11-25', { minutes: 15 });
    const sheet = await (await consoleClient(service, early.csm)).get(path);
    expect(sheet.html.match(/class="note"[^>]*>no term</g)).toHaveLength(2);
  });

  test('marks the holidays of the customer', async () => {
    const { sold, csm } = await deskWithRow();
    const { headers } = await sold.csm.get(`/v1/customers/${sold.customerId}`);
    await sold.csm.patch(`/v1/customers/${sold.customerId}`, { country: 'JP' }, { 'if-match': headers.get('etag')! });
    expect((await csm.get(path)).text).toMatch(/Mon 23 Nov (Labour Thanksgiving Day|Labor Thanksgiving Day)/);
  });

  test('refuses a query that it does not know', async () => {
    const { csm } = await desk();
    expect((await csm.get(`${path}&color=red`)).status).toBe(400);
    expect((await csm.get('/console/week?week=tomorrow')).status).toBe(400);
  });
});

describe('saving', () => {
  test('books the difference of a raised cell as a new entry with the summary of the row', async () => {
    const { sold, csm, page } = await deskWithRow();
    const saved = await press(csm, page, 'save', { d0: ['1h30'], d1: ['45分'], summary: ['Index review'] });
    expect([saved.status, saved.location]).toEqual([303, path]);
    expect((await csm.follow(saved)).text).toContain('Booked 1 h 15.');
    expect(await standing(sold)).toEqual([
      [monday, 60, 'Health check'],
      [monday, 30, 'Index review'],
      ['2026-11-24', 45, 'Index review'],
    ]);
  });

  test('takes back the newest entries of a lowered cell, with the reason', async () => {
    const { sold, csm } = await desk();
    await logOn(sold, monday, { minutes: 120, summary: 'First', reference: 'CASE-1', severity: 2 });
    await logOn(sold, monday, { minutes: 30, summary: 'Second' });
    const page = await csm.get(path);
    const saved = await press(csm, page, 'save', { d0: ['1:40'], reason: 'Typed twice' });
    expect((await csm.follow(saved)).text).toContain('Took back 50 min.');
    expect(await standing(sold)).toEqual([[monday, 100, 'First']]);
    const entries = await entriesOf(sold);
    expect(entries.at(-1)).toMatchObject({ reference: 'CASE-1', severity: 2 });
    expect(entries.map(({ reversal }) => (reversal as { reason: string } | null)?.reason)).toEqual([
      'Typed twice',
      'Typed twice',
      undefined,
    ]);
  });

  test('takes everything back for 0, and nothing for a blank cell', async () => {
    const { sold, csm, page } = await deskWithRow();
    const blank = await press(csm, page, 'save', { d0: [''] });
    expect((await csm.follow(blank)).text).toContain('Nothing to book');
    expect(await standing(sold)).toHaveLength(1);
    await press(csm, await csm.get(path), 'save', { d0: ['0'], reason: 'Not done' });
    expect(await standing(sold)).toEqual([]);
  });

  test('asks again before it saves a page of the history that was saved and then changed', async () => {
    const { sold, csm, page } = await deskWithRow();
    await press(csm, page, 'save', { d1: ['1h'] });
    const answer = await press(csm, page, 'save', { d1: ['2h'], d2: ['1h'] });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('This page was saved before, then changed.');
    expect(cellsOf(answer)).toEqual(['1:00 2h 1h    ']);
    expect((await press(csm, answer, 'save')).status).toBe(303);
    expect((await standing(sold)).map((entry) => (entry as unknown[])[1])).toEqual([60, 60, 60, 60]);
  });

  test('keeps the text of a refused cell with its reason, and books the others', async () => {
    const { sold, csm, page } = await deskWithRow();
    const answer = await press(csm, page, 'save', { d0: ['2:00'], d1: ['30:00'], d2: ['2'], d3: ['soon'] });
    expect(answer.status).toBe(422);
    expect(cellsOf(answer)).toEqual(['2:00 30:00 2 soon   ']);
    expect(answer.text).toContain('3 cells are refused.');
    expect(answer.text).toContain('Tue 24 Nov:');
    expect(answer.text).toContain('“2” can be 2 hours or 2 minutes.');
    expect(answer.text).toContain('“soon” is no amount of time.');
    expect(answer.text).toContain('Use 24:00');
    expect((await standing(sold)).map((entry) => (entry as unknown[])[1])).toEqual([60, 60]);
    // The refused cells alone are sent again. What is booked is not booked twice.
    const again = await press(csm, answer, 'save', { d1: ['3:00'], d3: [''], plain: 'hours' });
    expect(again.status).toBe(303);
    expect((await standing(sold)).map((entry) => (entry as unknown[])[1])).toEqual([60, 60, 180, 120]);
  });

  test('puts the largest acceptable amount into a cell at the press of its button', async () => {
    const { csm, page } = await deskWithRow();
    const refused = await press(csm, page, 'save', { d1: ['30:00'] });
    const [, use] = /name="use" value="([^"]*)"/.exec(refused.html)!;
    const answer = await press(csm, refused, 'check', { use: use! });
    expect(cellsOf(answer)).toEqual(['1:00 24:00     ']);
    expect(answer.text).toContain('Nothing is booked yet. Saving books 24 h.');
  });

  test('needs a summary for new entries, and a reason for lowered cells', async () => {
    const { sold, csm, page } = await deskWithRow();
    const answer = await press(csm, page, 'save', { d0: ['0:30'], d1: ['1h'], summary: [''] });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('Hours are taken back: give a reason below the table.');
    expect(answer.text).toContain('A new entry needs a summary');
    expect(await standing(sold)).toHaveLength(1);
  });

  test('books once if the form is sent twice', async () => {
    const { sold, csm, page } = await deskWithRow();
    const added = await press(csm, page, 'add', { find: 'Customer' });
    const change = { d0: ['1:30', '0:15'], summary: ['Review', 'Call'] };
    const both = await Promise.all([press(csm, added, 'save', change), press(csm, added, 'save', change)]);
    expect(both.map(({ status }) => status)).toEqual([303, 303]);
    expect((await press(csm, added, 'save', change)).status).toBe(303);
    expect((await standing(sold)).map((entry) => (entry as unknown[])[1])).toEqual([60, 30, 15]);
  });

  test('shows a change by somebody else before it changes the cell', async () => {
    const { sold, csm, page } = await deskWithRow();
    await logOn(sold, monday, { minutes: 15 });
    const answer = await press(csm, page, 'save', { d0: ['2:00'] });
    expect(answer.text).toContain('Somebody changed this day: 1:15 is booked now.');
    expect(cellsOf(answer)).toEqual(['2:00      ']);
    expect((await press(csm, answer, 'save')).status).toBe(303);
    expect((await standing(sold)).reduce<number>((sum, entry) => sum + Number((entry as unknown[])[1]), 0)).toBe(120);
  });

  test('books nothing in a closed month, but takes back', async () => {
    const { sold, csm } = await desk();
    await logOn(sold, '2026-09-28', { minutes: 60 });
    expect((await sold.admin.post('/v1/periods/2026-09/close', {})).status).toBe(200);
    const page = await csm.get('/console/week?week=2026-09-28');
    expect(page.html.match(/class="mark"[^>]*>\s*closed/g)).toHaveLength(3);
    const answer = await press(csm, page, 'save', { d0: ['0:30'], d1: ['1h'], reason: 'Never happened' });
    expect(answer.status).toBe(422);
    expect(cellsOf(answer)).toEqual(['0:30 1h     ']);
    expect(await standing(sold)).toEqual([['2026-09-28', 30, 'Health check']]);
  });

  test('fulfils the planned session of the cell', async () => {
    const { sold, csm } = await desk();
    const session = {
      plannedOn: '2026-11-26',
      minutes: 90,
      consultantId: sold.consultantIds[0],
      productLineId: sold.productLineIds[0],
      activity: 'health-check',
      delivery: 'remote',
      summary: 'Quarterly check',
    };
    expect((await sold.csm.post(`/v1/subscriptions/${sold.id}/planned-sessions`, session)).status).toBe(201);
    const page = await csm.get(path);
    expect(page.text).toContain('plan 1:30');
    const filled = await press(csm, page, 'planned');
    expect(cellsOf(filled)).toEqual(['   1:30   ']);
    expect((await press(csm, filled, 'save')).status).toBe(303);
    const { body } = await sold.csm.get(`/v1/subscriptions/${sold.id}/planned-sessions`);
    expect(body.data).toMatchObject([{ status: 'fulfilled' }]);
    expect(await standing(sold)).toEqual([['2026-11-26', 90, 'Quarterly check']]);
  });

  test('a check while somebody types does not miss what is typed last', async () => {
    const { sold, csm, page } = await deskWithRow();
    const fields = { ...sheetOf(page), d0: '0:30', d1: '1h', d2: 'x', summary: '', do: 'live' };
    const csrf = /name="csrf" value="([^"]*)"/.exec(page.html)![1]!;
    const body = new URLSearchParams({ csrf });
    for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) body.append(name, one);
    const headers = { cookie: csm.cookie, 'x-page-part': 'week-sheet' };
    const answer = await fetch(service.baseUrl + action, { method: 'POST', body, headers });
    const html = await answer.text();
    expect(answer.status).toBe(200);
    expect(html).not.toContain('<html');
    expect(html).toContain('“x” is no amount of time');
    expect(html).not.toMatch(/needs a summary|give a reason/);
    expect(html).toContain('Not booked yet: +30 min.');
    expect(await standing(sold)).toHaveLength(1);
  });

  test('needs the token of the session', async () => {
    const { csm, page } = await deskWithRow();
    const forged = { ...page, html: page.html.replace(/name="csrf" value="[^"]*"/g, 'name="csrf" value="x"') };
    expect((await press(csm, forged, 'save', { d0: ['2:00'] })).status).toBe(403);
  });

  test('books nothing on a subscription of somebody else', async () => {
    const { csm, page } = await deskWithRow();
    const other = await desk();
    const answer = await press(csm, page, 'save', { subscription: [other.sold.id], d0: ['2:00'] });
    expect(answer.status).toBe(422);
    expect(await standing(other.sold)).toEqual([]);
  });

  test.each<[string, Record<string, string[]>]>([
    ['an activity', { activity: ['sleeping'] }],
    ['a delivery', { delivery: ['by-mail'] }],
    ['an id', { subscription: ["' or 1=1"] }],
  ])('refuses %s that no page offers', async (_, change) => {
    const { csm, page } = await deskWithRow();
    expect((await press(csm, page, 'save', change)).status).toBe(400);
  });

  test('shows stored texts as text', async () => {
    const { sold, csm } = await desk();
    await logOn(sold, monday, { summary: '"><script>alert(1)</script>' });
    const page = await csm.get(path);
    expect(page.html).not.toContain('<script>alert');
    const answer = await press(csm, page, 'check', { d1: ['"><b>x'], d2: ['<i>'] });
    expect(answer.html).not.toMatch(/<b>x|<i>/);
  });
});

describe('new rows', () => {
  test('a check books nothing and shows what is left after it', async () => {
    const { sold, csm, page } = await deskWithRow();
    const answer = await press(csm, page, 'check', { d0: ['3:00'] });
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('Nothing is booked yet. Saving books 2 h.');
    expect(answer.text).toContain('189:00 left of the term');
    expect(await standing(sold)).toHaveLength(1);
  });

  test('a row is added by a part of the name, and its hours are in addition', async () => {
    const { sold, csm, page } = await deskWithRow();
    const added = await press(csm, page, 'add', { find: 'customer' });
    expect(cellsOf(added)).toEqual(['1:00      ', '      ']);
    const answer = await press(csm, added, 'save', {
      d0: [undefined, '0:20'],
      summary: [undefined, 'Call'],
      activity: [undefined, 'health-check'],
    });
    expect(answer.status).toBe(303);
    expect(await standing(sold)).toEqual([
      [monday, 60, 'Health check'],
      [monday, 20, 'Call'],
    ]);
    expect(cellsOf(await csm.get(path))).toEqual(['1:20      ']);
  });

  test('a new row that is booked is a row of the sheet at once', async () => {
    const { sold, csm } = await desk();
    const added = await press(csm, await csm.get(path), 'add', { find: 'customer' });
    const change = { d0: ['1h'], d1: ['30:00'], summary: ['Call'] };
    const answer = await press(csm, added, 'save', change);
    expect(cellsOf(answer)).toEqual(['1:00      ', ' 30:00     ']);
    expect(await standing(sold)).toEqual([[monday, 60, 'Call']]);
  });

  test('onsite work takes its visit, and shows what is left onsite', async () => {
    const { sold, csm } = await desk();
    const visit = {
      startsOn: '2026-11-24',
      endsOn: '2026-11-25',
      place: 'Osaka',
      consultantIds: [sold.consultantIds[0]],
    };
    const { body, status } = await sold.csm.post(`/v1/subscriptions/${sold.id}/visits`, visit);
    expect(status).toBe(201);
    const added = await press(csm, await csm.get(path), 'add', { find: 'customer' });
    expect(added.text).toContain('Onsite: Osaka, Tue 24 Nov–Wed 25 Nov');
    const change = { delivery: [`onsite ${body.id}`], d0: ['1h'], d1: ['4h'], summary: ['Workshop'] };
    const answer = await press(csm, added, 'save', change);
    expect(answer.text).toContain('Mon 23 Nov:');
    expect(await entriesOf(sold)).toMatchObject([{ visitId: body.id, delivery: 'onsite', minutes: 240 }]);
    expect(cellsOf(answer)).toEqual([' 4:00     ', '1h      ']);
    // 25 % of 192 hours, less the 4 hours.
    expect((await csm.get(path)).text).toContain('onsite 44:00');
  });

  test('an unknown name adds nothing', async () => {
    const { csm, page } = await deskWithRow();
    const answer = await press(csm, page, 'add', { find: 'Nobody' });
    expect(answer.text).toContain('No subscription matches “Nobody”.');
    expect(cellsOf(answer)).toHaveLength(1);
  });

  test('the rows of last week are copied once, with their hours or without', async () => {
    const { sold, csm } = await desk();
    await logOn(sold, '2026-11-16', { minutes: 60 });
    await logOn(sold, '2026-11-17', { minutes: 30 });
    await logOn(sold, '2026-11-17', { minutes: 45, consultantId: sold.consultantIds[1] });
    await logOn(sold, '2026-11-24', { minutes: 15 });
    const page = await csm.get(path);
    const rows = await press(csm, page, 'copy-rows');
    expect(cellsOf(rows)).toEqual([' 0:15     ', '      ']);
    const hours = await press(csm, rows, 'copy-hours');
    expect(cellsOf(hours)).toEqual(['1:00 0:15     ', ' 0:45     ']);
    const again = await press(csm, hours, 'copy-hours');
    expect(cellsOf(again)).toEqual(cellsOf(hours));
    expect(await standing(sold)).toHaveLength(4);
    expect((await press(csm, again, 'save')).status).toBe(303);
    expect(await standing(sold)).toHaveLength(6);
    expect(cellsOf(await press(csm, await csm.get(path), 'copy-hours'))).toEqual(['1:00 0:15     ', ' 0:45     ']);
  });

  test('= repeats the cell to the left, or last week', async () => {
    const { sold, csm } = await desk();
    await logOn(sold, '2026-11-16', { minutes: 50 });
    await logOn(sold, '2026-11-25', { minutes: 10 });
    const answer = await press(csm, await csm.get(path), 'check', { d0: ['='], d1: ['＝'], d3: ['='] });
    expect(cellsOf(answer)).toEqual(['0:50 0:50 0:10 0:10   ']);
  });

  test('a block is pasted to the right and down', async () => {
    const { sold, csm } = await desk();
    await logOn(sold, monday, { minutes: 60 });
    await logOn(sold, monday, { minutes: 60, consultantId: sold.consultantIds[1] });
    const answer = await press(csm, await csm.get(path), 'paste', { block: '1:30\t\r\n\t"0:45"\r\n9\t9', at: '0 1' });
    expect(cellsOf(answer)).toEqual(['1:00 1:30     ', '1:00  0:45    ']);
  });

  test('the meetings of a calendar file become rows of the customer that they name', async () => {
    const { sold, csm } = await desk();
    const { name } = (await sold.csm.get(`/v1/customers/${sold.customerId}`)).body;
    const event = (start: string, summary: string): string =>
      `BEGIN:VEVENT\r\nUID:${start}\r\nDTSTART:${start}\r\nDURATION:PT45M\r\nSUMMARY:${summary}\r\nEND:VEVENT\r\n`;
    const calendar = `BEGIN:VCALENDAR\r\n${event('20261124T010000Z', `${name}: review`)}${event('20261125T010000Z', `${name}: review`)}${event('20261125T030000Z', 'Lunch')}END:VCALENDAR\r\n`;
    const answer = await press(csm, await csm.get(path), 'events', { calendar });
    expect(answer.text).toContain('3 meetings became rows.');
    // The portfolio has one subscription, so it is the only choice for the other meeting.
    expect(cellsOf(answer)).toEqual([' 0:45 0:45    ', '  0:45    ']);
    expect(await standing(sold)).toEqual([]);
    expect((await press(csm, answer, 'save', { d2: [undefined, ''] })).status).toBe(303);
    expect(await standing(sold)).toEqual([
      ['2026-11-24', 45, `${name}: review`],
      ['2026-11-25', 45, `${name}: review`],
    ]);
  });

  test('a table with headings becomes rows, if its names fit', async () => {
    const { sold, csm } = await desk();
    const { name } = (await sold.csm.get(`/v1/customers/${sold.customerId}`)).body;
    const table = [
      'Customer\tConsultant\tProduct line\tActivity\tSummary\tMon\t24 Nov',
      `${name}\tconsultant 2\tLine 1\tUpgrade\tMigration\t1:00\t0:30`,
      `${name}\tSomebody\tLine 1\tUpgrade\tMigration\t1:00\t`,
      'Nobody\t\t\tUpgrade\tMigration\t1:00\t',
    ].join('\n');
    const answer = await press(csm, await csm.get(path), 'table', { table });
    expect(answer.text).toContain(`Added 1 row. 2 rows were left out: ${name}, Nobody`);
    expect(cellsOf(answer)).toEqual(['1:00 0:30     ']);
    expect((await press(csm, answer, 'save')).status).toBe(303);
    expect(await entriesOf(sold)).toMatchObject([
      { minutes: 60, consultantId: sold.consultantIds[1], activity: 'upgrade', summary: 'Migration' },
      { minutes: 30, workDate: '2026-11-24' },
    ]);
    expect((await press(csm, answer, 'table', { table: 'hello' })).text).toContain('The first line needs the headings');
  });

  test('another file is refused', async () => {
    const { csm, page } = await deskWithRow();
    const answer = await press(csm, page, 'events', { calendar: 'hello', d0: ['2:00'] });
    expect(answer.text).toContain('This is not a calendar file (.ics).');
    expect(cellsOf(answer)).toEqual(['2:00      ']);
  });
});
