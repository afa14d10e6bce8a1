import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { api, type Api, type Json } from '../support/client.js';
import { soldContract, type SoldContract } from '../support/contract.js';
import { startService, type TestService } from '../support/service.js';

// Imports of files from other programs and spreadsheets. The import guesses nothing, and books nothing twice.

let service: TestService;
let admin: Api;
let hoshino: SoldContract;

beforeAll(async () => {
  service = await startService({ clock: '2026-05-20T03:00:00Z' });
  admin = api(service.baseUrl, service.adminToken);
  hoshino = await soldContract(service, {
    package: 'dedicated',
    startsOn: '2026-04-01',
    consultants: 1,
    productLines: 1,
  });
  await renamed('customers', hoshino.customerId, { name: 'Hoshino Foods' });
  await renamed('consultants', hoshino.consultantIds[0]!, { name: 'Emi Kato', email: 'emi@vendor.example' });
  await renamed('product-lines', hoshino.productLineIds[0]!, { code: 'DB' });
  await assigned(hoshino, hoshino.consultantIds[0]!, hoshino.productLineIds[0]!);
});
afterAll(() => service.stop());

async function renamed(kind: string, id: string, change: Record<string, string>): Promise<void> {
  const { headers } = await admin.get(`/v1/${kind}/${id}`);
  const answer = await admin.patch(`/v1/${kind}/${id}`, change, { 'if-match': headers.get('etag')! });
  expect([answer.status, answer.body]).toEqual([200, expect.objectContaining(change)]);
}

async function assigned({ id }: SoldContract, consultantId: string, productLineId: string): Promise<void> {
  const path = `/v1/subscriptions/${id}/allocations`;
  const { headers } = await admin.get(path);
  const allocations = [{ consultantId, productLineId, minutes: 0 }];
  const answer = await admin.put(path, { allocations }, { 'if-match': headers.get('etag')! });
  expect(answer.status).toBe(200);
}

const sample = (name: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(readFileSync(join(__dirname, 'imports', 'cases', name)));

const usualQuery = 'activity=health-check&delivery=remote';

async function send(file: string | Uint8Array<ArrayBuffer>, query = usualQuery): Promise<Json> {
  const answer = await admin.send('POST', `/v1/time-entries/import?${query}`, file, { 'content-type': 'text/csv' });
  return { status: answer.status, ...(answer.body as object) };
}

const entries = async (): Promise<Json[]> =>
  (await admin.get(`/v1/subscriptions/${hoshino.id}/time-entries?limit=200`)).body.data as Json[];

/** The entries that `work` adds, as minutes, day and summary. */
async function bookedBy(work: () => Promise<Json>): Promise<{ answer: Json; booked: unknown[] }> {
  const before = new Set((await entries()).map(({ id }) => id as string));
  const answer = await work();
  const booked = (await entries()).filter(({ id }) => !before.has(id as string));
  return { answer, booked: booked.map(({ minutes, workDate, summary }) => [minutes, workDate, summary] as unknown) };
}

const problemsOf = ({ problems }: Json): unknown[] =>
  (problems as Json[]).map(({ line, code }) => `${line as number} ${code as string}`);

test.each<[file: string, query: string, booked: unknown[], problems: string[]]>([
  [
    'kimai-seconds.csv',
    usualQuery,
    [[90, '2026-05-04', 'ninety minutes']],
    ['3 duration-too-short', '4 duration-too-short'],
  ],
  ['kimai-seconds-refused-rows.csv', usualQuery, [], ['2 duration-too-short', '3 duration-too-short']],
  [
    'kimai-decimal-with-long-record.csv',
    usualQuery,
    [
      [450, '2026-05-01', 'a day'],
      [15, '2026-05-02', 'a quarter'],
    ],
    ['4 consultant-day-exceeded'],
  ],
  ['kimai-blank-before-quote.csv', usualQuery, [[30, '2026-05-04', 'a blank stands before a quote']], []],
  ['toggl-report-2026.csv', usualQuery, [[60, '2026-05-13', 'Planning']], ['3 value-missing', '4 entry-running']],
  [
    'toggl-classic-durations.csv',
    usualQuery,
    [
      [23, '2026-04-21', 'Check'],
      [1, '2026-04-21', 'Short'],
      [71, '2026-04-21', 'Long'],
    ],
    [],
  ],
  [
    'harvest-european.csv',
    `${usualQuery}&decimal=comma&dates=dmy`,
    [
      [135, '2026-04-26', 'tuning'],
      [30, '2026-04-27', 'tuning again'],
    ],
    [],
  ],
  ['clockify-detailed.csv', `${usualQuery}&dates=mdy`, [[40, '2026-04-03', 'Review']], []],
  ['solidtime.csv', usualQuery, [[50, '2026-04-04', 'Walkthrough']], []],
  ['sep-line.csv', '', [[10, '2026-05-08', 'a first line for spreadsheets']], []],
  ['windows-1252.csv', 'encoding=windows-1252', [[15, '2026-05-08', 'Prüfung für Müller']], []],
])('the import of %s with the parameters "%s" books each row once', async (file, query, expected, problems) => {
  const { answer, booked } = await bookedBy(() => send(sample(file), query));
  const minutes = expected.reduce<number>((sum, entry) => sum + (entry as [number])[0], 0);
  expect(answer).toMatchObject({ status: 200, accepted: expected.length, present: 0, minutes });
  expect(booked).toEqual(expected);
  expect(problemsOf(answer)).toEqual(problems);
  const again = await bookedBy(() => send(sample(file), query));
  expect(again.answer).toMatchObject({ accepted: 0, present: expected.length, refused: problems.length, minutes: 0 });
  expect(again.booked).toEqual([]);
});

test.each([
  ['harvest-european.csv', usualQuery, ['decimal=comma']],
  ['harvest-european.csv', `${usualQuery}&dates=dmy`, ['decimal=comma']],
  ['clockify-detailed.csv', usualQuery, ['dates=dmy', 'dates=mdy']],
  ['windows-1252.csv', usualQuery, ['encoding=windows-1252']],
])(
  'the import of %s with the parameters "%s" is refused, and the answer names the missing parameter',
  async (file, query, parameters) => {
    const { answer, booked } = await bookedBy(() => send(sample(file), query));
    expect(answer).toMatchObject({ status: 400, code: 'malformed-csv' });
    for (const parameter of parameters) expect(JSON.stringify(answer['errors'])).toContain(parameter);
    expect(booked).toEqual([]);
  },
);

test('a file whose durations can be hours or seconds is refused, and the answer names the missing parameter', async () => {
  const file =
    'Date,Duration,User,Customer,Project,Activity,Description\n2026-05-05,12,emi@vendor.example,Hoshino Foods,DB,Health check,What is it?\n';
  const refused = await send(file);
  expect(refused).toMatchObject({ status: 400, code: 'malformed-csv', errors: [{ line: 2, column: 2 }] });
  expect(JSON.stringify(refused['errors'])).toContain('durations=seconds');
  expect(await send(file, `${usualQuery}&durations=hours&dryRun=true`)).toMatchObject({ accepted: 1, minutes: 720 });
  expect(await send(file, `${usualQuery}&durations=minutes&dryRun=true`)).toMatchObject({ accepted: 1, minutes: 12 });
  expect(problemsOf(await send(file, `${usualQuery}&durations=seconds&dryRun=true`))).toEqual(['2 duration-too-short']);
});

test('a file that a spreadsheet saved again books nothing, and a longer export books only its new rows', async () => {
  expect(await send(sample('again-1-first.csv'), '')).toMatchObject({ accepted: 3, present: 0, minutes: 130 });
  const dryRun = await send(sample('again-2-resaved.csv'), 'dryRun=true');
  expect(dryRun).toMatchObject({ accepted: 0, present: 3, minutes: 0 });
  expect(await send(sample('again-2-resaved.csv'), 'atomic=true')).toMatchObject({
    accepted: 0,
    present: 3,
    minutes: 0,
  });
  expect(await send(sample('again-3-longer.csv'), '')).toMatchObject({ accepted: 1, present: 3, minutes: 45 });
  expect(await send(sample('again-3-longer.csv'), 'duplicates=book')).toMatchObject({ accepted: 4, present: 0 });
});

describe('the comparison of rows with existing entries', () => {
  const headings = 'customer,workDate,minutes,consultant,productLine,activity,delivery,summary,reference,severity';
  const row = (change: Record<string, string> = {}): string =>
    Object.values({
      customer: 'Hoshino Foods',
      workDate: '2026-05-11',
      minutes: '7',
      consultant: 'emi@vendor.example',
      productLine: 'DB',
      activity: 'upgrade',
      delivery: 'remote',
      summary: '"Café, Ⅱ"',
      reference: 'T-1',
      severity: '2',
      ...change,
    }).join();
  const fileOf = (...rows: string[]): string => [headings, ...rows, ''].join('\n');
  const equalEntry = {
    workDate: '2026-05-11',
    minutes: 7,
    activity: 'upgrade',
    delivery: 'remote',
    summary: 'Café, Ⅱ',
    reference: 'T-1',
  };
  const log = (change: object = {}): Promise<{ status: number; body: Json }> =>
    admin.post(`/v1/subscriptions/${hoshino.id}/time-entries`, {
      consultantId: hoshino.consultantIds[0],
      productLineId: hoshino.productLineIds[0],
      ...equalEntry,
      ...change,
    });

  test.each<[string, Record<string, string>]>([
    ['the same values', {}],
    ['a decomposed character', { summary: '"Cafe\u0301, Ⅱ"' }],
    ['blanks around its texts', { summary: '"\u3000Café, Ⅱ \n"', reference: ' T-1' }],
    ['another severity', { severity: '' }],
  ])('finds a row with %s already booked', async (_, change) => {
    if ((await entries()).every(({ summary }) => summary !== equalEntry.summary))
      expect((await log()).status).toBe(201);
    expect(await send(fileOf(row(change)), '')).toMatchObject({ accepted: 0, present: 1, refused: 0 });
  });

  test.each<[string, Record<string, string>]>([
    ['day', { workDate: '2026-05-12' }],
    ['minutes', { minutes: '8' }],
    ['activity', { activity: 'enablement' }],
    ['summary', { summary: '"Café, II"' }],
    ['reference', { reference: 'T-2' }],
    ['reference (none)', { reference: '' }],
  ])('finds a row with another %s not yet booked', async (_, change) => {
    expect(await send(fileOf(row(change)), 'dryRun=true')).toMatchObject({ accepted: 1, present: 0 });
  });

  test('books a repeated row as often as the file has it, minus the equal entries that exist', async () => {
    const three = fileOf(
      row({ summary: 'thrice' }),
      row({ summary: 'other' }),
      row({ summary: 'thrice' }),
      row({ summary: 'thrice' }),
    );
    const { body } = await log({ summary: 'thrice' });
    expect(await send(three, 'dryRun=true')).toMatchObject({ accepted: 3, present: 1, minutes: 21 });
    expect(await send(three, '')).toMatchObject({ accepted: 3, present: 1, minutes: 21 });
    expect(await send(three, '')).toMatchObject({ accepted: 0, present: 4, minutes: 0 });
    const entryId = body['entry']['id'] as string;
    expect((await admin.post(`/v1/time-entries/${entryId}/reversal`, { reason: 'Mistake' })).status).toBe(201);
    expect(await send(three, '')).toMatchObject({ accepted: 1, present: 3, minutes: 7 });
  });

  test('reports no problem for a booked row, even if the rules would refuse it now', async () => {
    const day = { workDate: '2026-04-15', summary: 'before the closing' };
    expect(await send(fileOf(row(day)), '')).toMatchObject({ accepted: 1 });
    expect((await admin.post('/v1/periods/2026-04/close')).status).toBe(200);
    const answer = await send(fileOf(row(day), row({ ...day, minutes: '9' })), '');
    expect(answer).toMatchObject({
      accepted: 0,
      present: 1,
      refused: 1,
      problems: [{ line: 3, code: 'period-closed' }],
    });
    expect((await admin.post('/v1/periods/2026-04/reopen', { reason: 'Test' })).status).toBe(200);
  });

  test('books only the corrected rows if the whole corrected file is sent again', async () => {
    const rows = [row({ summary: 'first' }), row({ summary: 'second', consultant: 'nobody@vendor.example' })];
    expect(await send(fileOf(...rows), '')).toMatchObject({ accepted: 1, refused: 1 });
    const correctedFile = fileOf(...rows).replace('nobody@', 'emi@');
    expect(await send(correctedFile, '')).toMatchObject({ accepted: 1, present: 1, refused: 0, minutes: 7 });
  });
});

test('the product line decides between two subscriptions of a customer', async () => {
  const second = await soldContract(service, {
    package: 'dedicated',
    startsOn: '2026-04-01',
    consultants: 1,
    productLines: 1,
  });
  const { customerId } = hoshino;
  const productLineId = second.productLineIds[0]!;
  const { body: sold } = await admin.post('/v1/subscriptions', {
    customerId,
    csmId: (await hoshino.csm.get('/v1/me')).body['id'] as string,
    package: 'premier',
    startsOn: '2026-04-01',
    productLineIds: [productLineId],
  });
  await assigned({ ...second, id: sold['id'] as string }, hoshino.consultantIds[0]!, productLineId);
  const { body: productLine } = await admin.get(`/v1/product-lines/${productLineId}`);
  const file = (code: string): string =>
    `customer,workDate,minutes,consultant,productLine,activity,delivery,summary\nHoshino Foods,2026-05-11,5,emi@vendor.example,${code},upgrade,remote,Which contract?\n`;
  expect(await send(file('DB'), 'dryRun=true')).toMatchObject({ accepted: 1 });
  expect(await send(file(productLine['code'] as string), '')).toMatchObject({ accepted: 1 });
  const { body } = await admin.get(`/v1/subscriptions/${sold['id'] as string}/time-entries`);
  expect(body['data']).toMatchObject([{ minutes: 5, productLineId }]);
  // If both subscriptions have the product line, the row is ambiguous.
  const { headers } = await admin.get(`/v1/subscriptions/${sold['id'] as string}`);
  const both = { effectiveOn: '2026-05-20', productLineIds: [productLineId, hoshino.productLineIds[0]!] };
  const path = `/v1/subscriptions/${sold['id'] as string}/product-lines`;
  expect((await admin.put(path, both, { 'if-match': headers.get('etag')! })).status).toBe(200);
  const ambiguous = await send(file('DB').replace('2026-05-11', '2026-05-20'), 'dryRun=true');
  expect(problemsOf(ambiguous)).toEqual(['2 subscription-ambiguous']);
});
