import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import files from 'node:fs/promises';
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { encode } from 'iconv-lite';
import { ImportFile } from '../../src/features/imports/files/import-file.js';
import { usageLines } from '../../src/features/reports/usage-lines.report.js';
import { api, type Answer, type Api, type HeadersGiven, type Json } from '../support/client.js';
import { soldContract, type SoldContract } from '../support/contract.js';
import { person, type Person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';

jest.setTimeout(120_000);

let service: TestService;
let admin: Api;
let aoi: SoldContract;
let other: SoldContract;
let finance: Person;

beforeAll(async () => {
  service = await startService({ clock: '2026-07-10T03:00:00Z' });
  admin = api(service.baseUrl, service.adminToken);
  finance = await person(service, 'finance');
  aoi = await soldContract(service, { package: 'dedicated', startsOn: '2026-04-01', consultants: 2, productLines: 2 });
  other = await soldContract(service, { package: 'premier', startsOn: '2026-04-01', consultants: 1, productLines: 1 });
  await renamed('customers', aoi.customerId, { name: 'Aoi Manufacturing' });
  await renamed('consultants', aoi.consultantIds[0]!, { name: 'Jane Doe', email: 'jane@trm.example' });
  await renamed('consultants', aoi.consultantIds[1]!, { name: '佐藤 隆', email: 'sato@trm.example' });
  await renamed('product-lines', aoi.productLineIds[0]!, { code: 'ERP', name: 'Planning' });
  await renamed('product-lines', aoi.productLineIds[1]!, { code: 'DWH', name: 'データ 基盤' });
  await allocated(aoi);
  await allocated(other);
});
afterAll(() => service.stop());
/** No test leaves a file in the data folder. */
afterEach(() => {
  expect(readdirSync(service.dataDir).filter((name) => /^(import|spool)/.test(name))).toEqual([]);
});

async function renamed(kind: string, id: string, change: Record<string, string>): Promise<void> {
  const { headers } = await admin.get(`/v1/${kind}/${id}`);
  const answer = await admin.patch(`/v1/${kind}/${id}`, change, { 'if-match': headers.get('etag')! });
  expect([answer.status, answer.body]).toEqual([200, expect.objectContaining(change)]);
}

async function allocated({ id, consultantIds, productLineIds }: SoldContract): Promise<void> {
  const path = `/v1/subscriptions/${id}/allocations`;
  const { headers } = await admin.get(path);
  const allocations = consultantIds.flatMap((consultantId) =>
    productLineIds.map((productLineId) => ({ consultantId, productLineId, minutes: 0 })),
  );
  const answer = await admin.put(path, { allocations }, { 'if-match': headers.get('etag')! });
  expect([answer.status, answer.body]).toEqual([200, expect.anything()]);
}

const path = '/v1/time-entries/import';
const csv = { 'content-type': 'text/csv' };
const send = (
  file: string | Uint8Array<ArrayBuffer>,
  query = '',
  headers: HeadersGiven = {},
  client: Api = admin,
): Promise<Answer> => client.send('POST', path + query, file, { ...csv, ...headers });

const headings = 'subscriptionId,workDate,minutes,consultant,productLine,activity,delivery,summary';
const entriesOf = async (contract: SoldContract): Promise<Json[]> =>
  (await admin.get(`/v1/subscriptions/${contract.id}/time-entries?limit=200`)).body.data as Json[];
const idleTransactions = async (): Promise<number> => {
  const [found] = await service.database.read((tx) =>
    tx.query<{ count: number }>(
      `select count(*)::integer from pg_stat_activity where datname = current_database() and state like 'idle in%'`,
    ),
  );
  return found!.count;
};

const entryAndImportCount = async (): Promise<number> => {
  const [row] = await service.database.read((tx) =>
    tx.query<{ count: number }>('select (select count(*) from time_entries) + (select count(*) from imports) as count'),
  );
  return row!.count;
};
const errorsOf = ({ body }: Answer): string[] =>
  (body.errors as { line: number; column?: number }[]).map(
    ({ line, column }) => `${line}${column === undefined ? '' : `:${column}`}`,
  );

/** One row with some of its values changed. */
function rowOf(change: Record<string, string> = {}): Record<string, string> {
  return {
    subscriptionId: aoi.id,
    workDate: '2026-05-04',
    minutes: '15',
    consultant: 'jane@trm.example',
    productLine: 'ERP',
    activity: 'upgrade',
    delivery: 'remote',
    summary: 'Worked',
    ...change,
  };
}
const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const fileOf = (rows: Record<string, string>[]): string =>
  [Object.keys(rows[0]!), ...rows.map((row) => Object.values(row).map(quoted))]
    .map((cells) => `${cells.join()}\r\n`)
    .join('');

describe('the import of a file', () => {
  test('books row by row, and reports problems in the words of the rules', async () => {
    const rows = [
      rowOf({ summary: 'Spoke with "them",\nat length' }),
      rowOf({ workDate: '2026/5/4', minutes: '２０', consultant: '佐藤隆', productLine: 'データ基盤' }),
      rowOf({ minutes: '1440' }),
      rowOf({ workDate: '2026-07-11' }),
      rowOf({ workDate: '04/05/2026' }),
    ];
    const file = fileOf(rows);
    const dryRun = await send(file, '?dryRun=true');
    expect(dryRun.body).toMatchObject({ dryRun: true, rows: 5, accepted: 2, refused: 3, minutes: 35 });
    const { status, body } = await send(file);
    expect([status, { ...body, problems: [] }]).toEqual([
      200,
      {
        dryRun: false,
        rows: 5,
        accepted: 2,
        present: 0,
        refused: 3,
        minutes: 35,
        problems: [],
        problemsOmitted: 0,
        importId: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
      },
    ]);
    expect(body.problems).toEqual(dryRun.body.problems);
    expect(body.problems).toMatchObject([
      { line: 5, status: 422, code: 'consultant-day-exceeded', maxAcceptableMinutes: 1425 },
      { line: 6, status: 422, code: 'work-date-in-future' },
      {
        line: 7,
        status: 400,
        code: 'value-malformed',
        column: 'workDate',
        value: '04/05/2026',
        detail:
          '“04/05/2026” in the column workDate cannot be read. Write a day as YYYY-MM-DD or YYYY/M/D, from 1900 to 2199; with dates=dmy or dates=mdy, the year can come last.',
      },
    ]);
    const booked = (await entriesOf(aoi)).filter(({ workDate }) => workDate === '2026-05-04');
    expect(booked).toMatchObject([
      { minutes: 15, consultantId: aoi.consultantIds[0], summary: 'Spoke with "them",\nat length' },
      { minutes: 20, consultantId: aoi.consultantIds[1], productLineId: aoi.productLineIds[1] },
    ]);
    expect((await send(file)).body).toMatchObject({ accepted: 0, present: 2, refused: 3, minutes: 0 });
    const ja = await send(file, '?dryRun=true', { 'accept-language': 'ja' });
    expect(ja.body.problems[2].detail).toContain('workDate の「04/05/2026」を読み取れません。');
  });

  test('books all rows or none if atomic is set', async () => {
    const before = await entryAndImportCount();
    const file = fileOf([rowOf({ summary: 'all' }), rowOf({ productLine: 'CRM' })]);
    const { status, body, headers } = await send(file, '?atomic=true');
    expect([status, headers.get('content-type')]).toEqual([422, expect.stringContaining('application/problem+json')]);
    expect(body).toMatchObject({
      code: 'rules-violated',
      rows: 2,
      accepted: 0,
      refused: 1,
      minutes: 0,
      instance: path,
    });
    expect(body.problems).toMatchObject([{ line: 3, code: 'name-unknown', column: 'productLine', value: 'CRM' }]);
    expect(await entryAndImportCount()).toBe(before);
    expect((await send(fileOf([rowOf({ summary: 'all' })]), '?atomic=true')).body).toMatchObject({ accepted: 1 });
  });

  test.each<[string, Record<string, string>, unknown]>([
    ['an empty value', { minutes: ' ' }, { status: 400, code: 'value-missing', column: 'minutes', value: '' }],
    ['zero minutes', { minutes: '0' }, { status: 422, code: 'duration-too-short', column: 'minutes', value: '0' }],
    ['too many minutes', { minutes: '1000001' }, { status: 400, code: 'value-malformed', column: 'minutes' }],
    ['an unknown activity', { activity: 'meeting' }, { status: 400, code: 'value-malformed', column: 'activity' }],
    ['a severity of 5', { severity: '5' }, { status: 400, code: 'value-malformed', column: 'severity', value: '5' }],
    [
      'a subscription that does not exist',
      { subscriptionId: '01981b2c-0000-7000-8000-000000000001' },
      { status: 404, code: 'subscription-unknown', column: 'subscriptionId' },
    ],
    [
      'a malformed subscription id',
      { subscriptionId: 'aoi' },
      { status: 404, code: 'subscription-unknown', column: 'subscriptionId', value: 'aoi' },
    ],
    [
      'an unknown consultant',
      { consultant: 'nobody@trm.example' },
      { status: 422, code: 'name-unknown', column: 'consultant' },
    ],
    ['a very long name', { consultant: 'x'.repeat(5_000) }, { code: 'name-unknown', value: `${'x'.repeat(60)}…` }],
    [
      'a summary that is too long',
      { summary: 'x'.repeat(2_001) },
      { status: 400, code: 'malformed-body', column: 'summary', errors: [{ pointer: '/summary' }] },
    ],
    ['a reference on two lines', { reference: 'a\nb' }, { status: 400, code: 'malformed-body', column: 'reference' }],
    [
      'a visit for remote work',
      { visitId: '01981b2c-0000-7000-8000-000000000001' },
      { status: 400, code: 'malformed-body', column: 'visitId' },
    ],
    [
      'a malformed visit id',
      { visitId: 'first', delivery: 'onsite' },
      { status: 400, code: 'value-malformed', column: 'visitId' },
    ],
    ['onsite work without a visit', { delivery: 'onsite' }, { status: 422, code: 'visit-required' }],
    ['a reversal', { kind: 'reversal', minutes: '-15' }, { status: 422, code: 'reversal-not-imported' }],
    [
      'an adjustment of negative minutes',
      { kind: 'adjustment', minutes: '-15' },
      { status: 422, code: 'reversal-not-imported' },
    ],
    ['an unknown kind', { kind: 'estimate' }, { status: 400, code: 'value-malformed', column: 'kind' }],
  ])('refuses a row with %s', async (_, change, problem) => {
    const { status, body } = await send(fileOf([rowOf(change)]), '?dryRun=true');
    expect([status, body.refused]).toEqual([200, 1]);
    expect(body.problems[0]).toMatchObject(problem as object);
    expect(body.problems[0].detail).not.toMatch(/[{}]/);
  });

  test('finds the subscription by the customer and the day of a row', async () => {
    const file = ({ customer = 'ＡＯＩ manufacturing', workDate = '2026-05-05', ...more }) =>
      fileOf([(({ subscriptionId: _, ...row }) => ({ customer, ...row, workDate, ...more }))(rowOf())]);
    expect((await send(file({}), '?dryRun=true')).body).toMatchObject({ accepted: 1 });
    expect((await send(file({ customer: aoi.customerId.toUpperCase() }), '?dryRun=true')).body).toMatchObject({
      accepted: 1,
    });
    const problemOf = async (answer: Promise<Answer>): Promise<Json> => (await answer).body.problems[0];
    expect(await problemOf(send(file({ customer: 'Nobody' }), '?dryRun=true'))).toMatchObject({
      code: 'name-unknown',
      column: 'customer',
    });
    expect(await problemOf(send(file({ workDate: '2026-03-31' }), '?dryRun=true'))).toMatchObject({
      code: 'no-subscription-on-day',
    });
    // The CSM of another customer cannot see this customer.
    expect(await problemOf(send(file({}), '?dryRun=true', {}, other.csm))).toMatchObject({ code: 'name-unknown' });
    expect(await problemOf(send(fileOf([rowOf()]), '?dryRun=true', {}, other.csm))).toMatchObject({
      status: 404,
      code: 'subscription-unknown',
      column: 'subscriptionId',
    });
    expect((await send(file({}), '?dryRun=true', {}, aoi.csm)).body).toMatchObject({ accepted: 1 });
    const productLineIds = [aoi.productLineIds[0]];
    const second = { customerId: aoi.customerId, package: 'basic', startsOn: '2026-06-01', productLineIds };
    expect((await aoi.csm.post('/v1/subscriptions', second)).status).toBe(201);
    expect((await send(file({}), '?dryRun=true')).body).toMatchObject({ accepted: 1 });
    expect(await problemOf(send(file({ workDate: '2026-06-02' }), '?dryRun=true'))).toMatchObject({
      code: 'subscription-ambiguous',
      value: 'ＡＯＩ manufacturing',
    });
  });

  test('finds the visit by its id, or takes the only visit of the day', async () => {
    const visit = {
      startsOn: '2026-05-11',
      endsOn: '2026-05-12',
      place: 'Osaka',
      consultantIds: [aoi.consultantIds[0]!],
    };
    const planned = await admin.post(`/v1/subscriptions/${aoi.id}/visits`, visit);
    const onsite = rowOf({ delivery: '訪問支援', workDate: '2026-05-11' });
    const { body } = await send(fileOf([onsite, { ...onsite, workDate: '2026-05-13' }]));
    expect(body).toMatchObject({ accepted: 1, problems: [{ line: 3, code: 'visit-required' }] });
    expect(await entriesOf(aoi)).toContainEqual(expect.objectContaining({ visitId: planned.body.id as string }));
    await admin.post(`/v1/subscriptions/${aoi.id}/visits`, visit);
    const ambiguous = await send(fileOf([{ ...onsite, minutes: '16' }]), '?dryRun=true');
    expect(ambiguous.body.problems).toMatchObject([{ line: 2, code: 'visit-ambiguous' }]);
    const named = await send(
      fileOf([{ ...onsite, minutes: '17', visitId: planned.body.id as string }]),
      '?dryRun=true',
    );
    expect(named.body).toMatchObject({ accepted: 1 });
  });

  test('takes values for all rows from parameters', async () => {
    const query = `?dryRun=true&subscriptionId=${aoi.id}&consultant=${encodeURIComponent('Jane Doe')}&productLine=ERP&activity=upgrade&delivery=remote&summary=Moved`;
    expect((await send('作業日,作業時間\n2026-05-06,0:45\n', query)).body).toMatchObject({ accepted: 1, minutes: 45 });
    const filled = await send('workDate,hours,activity\n2026-05-06,0.5,\n2026-05-06,0.5,nap\n', query);
    expect(filled.body).toMatchObject({ accepted: 1, minutes: 30, problems: [{ line: 3, code: 'value-malformed' }] });
    expect((await send('workDate,hours\n', `${query}&pace=9`)).body.code).toBe('invalid-query');
    expect((await send('workDate,hours\n', '?activity=nap')).body.code).toBe('invalid-query');
  });

  test('reads CP932 if the parameter encoding names it', async () => {
    const file = encode(fileOf([rowOf({ consultant: '佐藤　隆', summary: '髙島様①との打ち合わせ' })]), 'cp932');
    const bytes = new Uint8Array(file);
    expect((await send(bytes, '?dryRun=true&encoding=cp932')).body).toMatchObject({ accepted: 1 });
    expect(errorsOf(await send(bytes))).toEqual(['2']);
    for (const charset of ['"Shift_JIS"', 'windows-31j', 'euc-jp']) {
      const refused = await send(bytes, '?dryRun=true', { 'content-type': `text/csv; charset=${charset}` });
      expect([charset, refused.status, refused.body.code]).toEqual([charset, 415, 'unsupported-charset']);
    }
  });
});

describe('the import of our own report', () => {
  test.each(['', '&headings=en', '&headings=ja&bom=true', '&headings=ja&charset=cp932'])(
    'recognises its own entries, and books the entries of another service (report options "%s")',
    async (options) => {
      const contract = await soldContract(service, { package: 'dedicated', startsOn: '2026-04-01' });
      await allocated(contract);
      const [consultantId, productLineId] = [contract.consultantIds[0]!, contract.productLineIds[0]!];
      // The import finds a consultant by name only if nobody else has that name.
      await renamed('consultants', consultantId, { name: `田中 ${contract.id}` });
      const entry = {
        workDate: '2026-04-02',
        minutes: 50,
        consultantId,
        productLineId,
        activity: 'upgrade',
        delivery: 'remote',
      };
      const log = (more: object) => admin.post(`/v1/subscriptions/${contract.id}/time-entries`, { ...entry, ...more });
      await log({ summary: '=1+1, "two"\nlines', reference: '-5', severity: 2 });
      const { body } = await log({ summary: 'taken back' });
      await admin.post(`/v1/time-entries/${body.entry.id as string}/reversal`, { reason: 'test' });
      const query = `customerId=${contract.customerId}&format=csv${options}`;
      const response = await fetch(`${service.baseUrl}/v1/reports/usage-lines?${query}`, {
        headers: { authorization: `Bearer ${service.adminToken}` },
      });
      const report = new Uint8Array(await response.arrayBuffer());
      // The import refuses the charset in the content type of the report. The query names the encoding instead.
      const type = { 'content-type': 'text/csv; header=present' };
      const encoding = options.includes('cp932') ? '?encoding=cp932' : '';

      const again = await send(report, encoding, type);
      // The reversed entry is not booked again under its id.
      expect(again.body).toMatchObject({ rows: 3, accepted: 0, present: 1, refused: 2 });
      expect(again.body.problems.map(({ code }: Json) => code as string).sort()).toEqual([
        'entry-already-here',
        'reversal-not-imported',
      ]);
      // With an entry id that does not exist here, it is the report of another service.
      const text = Buffer.from(report)
        .toString('latin1')
        .replaceAll(/^[0-9a-f-]{36}/gm, '01981b2c-0000-7000-8000-000000000001');
      const { body: imported } = await send(new Uint8Array(Buffer.from(text, 'latin1')), encoding, type);
      // The entry that was not reversed is recognised, because each character of its texts is equal.
      expect(imported).toMatchObject({ rows: 3, accepted: 1, present: 1, refused: 1, minutes: 50 });
      const twice = await send(
        new Uint8Array(Buffer.from(text, 'latin1')),
        `${encoding === '' ? '?' : `${encoding}&`}duplicates=book`,
        type,
      );
      expect(twice.body).toMatchObject({ rows: 3, accepted: 2, present: 0, refused: 1, minutes: 100 });
      const entries = await entriesOf(contract);
      expect(entries.filter(({ summary }) => summary === '=1+1, "two"\nlines')).toMatchObject([
        { reference: '-5', severity: 2 },
        { reference: '-5', severity: 2 },
      ]);
    },
  );

  test('finds the customer, consultant and product line of another service by their names', async () => {
    const elsewhere = '01981b2c-0000-7000-8000-000000000001';
    const idsOfOthers = { entryId: elsewhere, customerId: elsewhere, subscriptionId: elsewhere, visitId: '' };
    const row = (change = {}) => ({ ...rowOf(), ...idsOfOthers, customer: 'Aoi Manufacturing', ...change });
    const answer = async (rows: Record<string, string>[], client = admin): Promise<unknown> =>
      (await send(fileOf(rows), '?dryRun=true', {}, client)).body;
    expect(await answer([row(), row({ consultant: 'Nobody' })])).toMatchObject({
      accepted: 1,
      problems: [{ line: 3, code: 'name-unknown', column: 'consultant' }],
    });
    expect(await answer([row({ customer: 'Nobody' })])).toMatchObject({
      problems: [{ line: 2, code: 'name-unknown', column: 'customer', value: 'Nobody' }],
    });
    // Without an entry id or a customer name, or if the subscription exists, the import does not search by name.
    const notFound = { problems: [{ line: 2, status: 404, column: 'subscriptionId' }] };
    expect(await answer([row({ entryId: '' })])).toMatchObject(notFound);
    expect(await answer([row({ customer: '' })])).toMatchObject(notFound);
    expect(await answer([row({ subscriptionId: other.id })], aoi.csm)).toMatchObject(notFound);
  });

  test('knows every heading of the report', async () => {
    for (const language of ['name', 'en', 'ja'] as const) {
      const header = usageLines.columns.map((column) => column[language]).join();
      expect((await send(`${header}\n`)).body).toMatchObject({ rows: 0, accepted: 0 });
    }
  });
});

describe('the import from another program', () => {
  const sample = (name: string): string => readFileSync(join(__dirname, 'imports', name), 'utf8');

  test.each([
    [
      'kimai.csv',
      '?map=kimai&delivery=remote',
      [
        [90, 'health-check'],
        [45, 'upgrade'],
      ],
    ],
    [
      'kimai-hours.csv',
      '?delivery=remote',
      [
        [120, 'gap-analysis'],
        [15, 'enablement'],
      ],
    ],
    [
      'toggl.csv',
      '?delivery=remote',
      [
        [76, 'technical-advice'],
        [20, 'best-practice'],
      ],
    ],
    [
      'harvest.csv',
      '?delivery=remote',
      [
        [80, 'feature-adoption'],
        [30, 'health-check'],
      ],
    ],
  ])('books the rows of %s with the parameters %s', async (name, query, expected) => {
    const before = new Set((await entriesOf(aoi)).map(({ id }) => id as string));
    const { body } = await send(sample(name), query);
    expect(body).toMatchObject({ rows: 2, accepted: 2, problems: [] });
    const entries = (await entriesOf(aoi)).filter(({ id }) => !before.has(id as string));
    expect(entries.map(({ minutes, activity }) => [minutes, activity] as unknown)).toEqual(expected);
    expect(entries[0]).toMatchObject({ consultantId: aoi.consultantIds[0], productLineId: aoi.productLineIds[0] });
  });

  test('asks for a parameter if the file has no column for a value, once for the whole file', async () => {
    const refused = await send(sample('toggl.csv'));
    expect([refused.status, refused.body.code, errorsOf(refused)]).toEqual([400, 'malformed-csv', ['1']]);
    expect(refused.body.errors[0].detail).toContain('delivery');
    const complete = await send(sample('toggl.csv'), `?dryRun=true&delivery=remote&activity=upgrade&productLine=DWH`);
    expect(complete.body).toMatchObject({ accepted: 2 });
    const withWrongMap = await send(sample('toggl.csv'), '?map=harvest&delivery=remote');
    expect(withWrongMap.body.errors.map(({ detail }: Json) => detail as string)).toContain(
      'There is no column Notes, and no parameter gives a value for the whole file.',
    );
  });
});

describe('the route of imports', () => {
  test('refuses finance, customers and requests without a token', async () => {
    expect((await send(fileOf([rowOf()]), '', {}, finance)).status).toBe(403);
    expect((await send(fileOf([rowOf()]), '', {}, aoi.customer)).status).toBe(403);
    expect((await send(fileOf([rowOf()]), '', {}, api(service.baseUrl))).status).toBe(401);
  });

  test.each([
    ['JSON', '{}', { 'content-type': 'application/json' }],
    ['CSV with the content type of JSON', headings, { 'content-type': 'application/json' }],
    ['plain text', headings, { 'content-type': 'text/plain' }],
    ['a content type that only begins like CSV', headings, { 'content-type': 'text/csv-schema' }],
    ['a form', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['compressed CSV', headings, { ...csv, 'content-encoding': 'gzip' }],
  ])('refuses %s', async (_, body, headers) => {
    expect((await admin.send('POST', path, body, headers)).status).toBe(415);
  });

  test('refuses a request without a body, and an empty file', async () => {
    expect((await admin.send('POST', path)).status).toBe(415);
    expect((await send('')).body).toMatchObject({ code: 'malformed-csv', errors: [{ line: 1 }] });
  });

  test('is the only route that accepts CSV', async () => {
    expect((await admin.send('POST', '/v1/customers', headings, csv)).status).toBe(415);
    expect((await admin.send('POST', '/v1/nothing', headings, csv)).status).toBe(404);
    expect((await admin.send('PUT', path, headings, csv)).status).toBe(405);
  });
});

describe('a malformed file', () => {
  test.each<[string, string | Buffer, string[], RegExp]>([
    [
      '10,000 columns',
      `${Array.from({ length: 10_000 }, (_, at) => `c${at}`).join()}\n`,
      ['1'],
      /10,000 columns; at most 100/,
    ],
    ['text after a closing quotation mark', `${headings}\n"a"b,c\n`, ['2:1', '2'], /closing quotation mark/],
    ['a quotation mark that is not closed', `${headings}\n"a,b\n`, ['2:1'], /never closed/],
    ['a byte order mark in the middle', `${headings}\n\ufeffa,b,c,d,e,f,g,h\n`, ['2'], /byte order mark/],
    ['the wrong encoding', encode(`${headings}\n作業,b,c,d,e,f,g,h\n`, 'cp932'), ['2'], /encoding=cp932/],
    ['UTF-16', Buffer.from(`\ufeff${headings}\n`, 'utf16le'), ['1'], /UTF-16/],
    ['a workbook', Buffer.from('504b030414000600080000002100', 'hex'), ['1'], /XLSX workbook/],
    ['a gzip file', Buffer.from('1f8b0800000000000003', 'hex'), ['1'], /compressed/],
    ['a NUL character', `${headings}\n\0,b,c,d,e,f,g,h\n`, ['2'], /U\+0000/],
  ])('is refused as a whole, and the refusal names line and column: %s', async (_, file, errors, detail) => {
    const before = await entryAndImportCount();
    const good = fileOf([rowOf()]).split('\r\n')[1]!;
    const bytes = typeof file === 'string' ? Buffer.from(`${file}${good}\n`) : file;
    for (const atomic of ['', '?atomic=true', '?dryRun=true']) {
      const refused = await send(new Uint8Array(bytes), atomic);
      expect([refused.status, refused.body.code]).toEqual([400, 'malformed-csv']);
      expect(errorsOf(refused).slice(0, errors.length)).toEqual(errors);
      expect(refused.body.errors[0].detail).toMatch(detail);
    }
    expect(await entryAndImportCount()).toBe(before);
  });

  test('is refused in Japanese if the request asks for it', async () => {
    const refused = await send('色\n', '', { 'accept-language': 'ja' });
    expect(refused.body.detail).toContain('取り込みを行っていません');
    expect(refused.body.errors[0]).toMatchObject({ line: 1, column: 1 });
    expect(refused.body.errors[0].detail).toContain('見出し「色」は使用できません');
  });
});

/** Opens an import request whose body is written piece by piece. */
function upload(headers: HeadersGiven = {}, to = service): { sent: ClientRequest; answer: Promise<IncomingMessage> } {
  const sent = httpRequest(`${to.baseUrl}${path}`, {
    method: 'POST',
    headers: { ...csv, authorization: `Bearer ${service.adminToken}`, ...headers },
  });
  const answer = once(sent, 'response').then(([response]) => response as IncomingMessage);
  return { sent, answer };
}

async function bodyOf(response: IncomingMessage): Promise<Json> {
  let text = '';
  for await (const piece of response) text += String(piece);
  return JSON.parse(text);
}

describe('an upload', () => {
  test('with a line of 2 GB is cut off early, and its sender still gets the reason', async () => {
    const { sent, answer } = upload({ 'content-length': String(2 * 1024 ** 3) });
    const piece = Buffer.alloc(64 * 1024, 'x');
    let sentBytes = 0;
    let isAnswered = false;
    sent.on('error', () => undefined);
    void answer.finally(() => (isAnswered = true));
    sent.write(`${headings}\n`);
    for (; !isAnswered && sentBytes < 64 * 1024 ** 2; sentBytes += piece.length) {
      if (!sent.write(piece)) await Promise.race([once(sent, 'drain'), answer, pause(1_000)]);
    }
    const response = await answer;
    const body = await bodyOf(response);
    expect([response.statusCode, response.headers.connection, body.code]).toEqual([400, 'close', 'malformed-csv']);
    expect(body.errors).toMatchObject([{ line: 2, detail: 'The record has more than 65,536 characters.' }]);
    expect(sentBytes).toBeLessThan(64 * 1024 ** 2);
    sent.destroy();
  });

  test('that breaks off writes nothing, and holds no database connection while it waits', async () => {
    const before = await entryAndImportCount();
    const receive = jest.spyOn(ImportFile, 'receive');
    const { sent, answer } = upload();
    answer.catch(() => undefined);
    sent.on('error', () => undefined);
    sent.write(fileOf([rowOf({ summary: 'never sent to the end' })]));
    while (receive.mock.results.length === 0) await pause(10);
    const received = receive.mock.results[0]!.value as ReturnType<typeof ImportFile.receive>;
    receive.mockRestore();
    // The query for the token may still be running.
    while ((await idleTransactions()) > 0) await pause(10);
    sent.destroy();
    await expect(received).rejects.toBeDefined();
    expect(await entryAndImportCount()).toBe(before);
  });

  /** Opens an upload for each of these users, sends its headings, and leaves it open. */
  async function openUploads(...users: HeadersGiven[]): Promise<ReturnType<typeof upload>[]> {
    const receive = jest.spyOn(ImportFile, 'receive');
    const uploads = users.map((user) => upload(user));
    for (const { sent, answer } of uploads) {
      answer.catch(() => undefined);
      sent.on('error', () => undefined);
      sent.write(`${headings}\n`);
    }
    while (receive.mock.calls.length < uploads.length) await pause(10);
    receive.mockRestore();
    return uploads;
  }

  test('is refused with Retry-After if the user has two open uploads, or all users have four', async () => {
    const [csm, third] = [await person(service, 'csm'), await person(service, 'csm')];
    const asCsm = { authorization: `Bearer ${csm.token}` };
    const small = () => fileOf([rowOf()]);
    const ofAdmin = await openUploads({}, {});
    const refused = await send(small(), '?dryRun=true');
    expect([refused.status, refused.body.code, refused.headers.get('retry-after')]).toEqual([
      429,
      'too-many-imports',
      '10',
    ]);
    expect((await send(small(), '?dryRun=true', {}, csm)).status).toBe(200);
    const ofCsm = await openUploads(asCsm, asCsm);
    const busy = await send(small(), '?dryRun=true', {}, third);
    expect([busy.status, busy.body.code, busy.headers.get('retry-after')]).toEqual([503, 'imports-busy', '10']);
    const uploads = [...ofAdmin, ...ofCsm];
    for (const { sent } of uploads) sent.end();
    for (const { answer } of uploads) expect((await bodyOf(await answer)).rows).toBe(0);
    expect((await send(small(), '?dryRun=true')).status).toBe(200);
  });

  test('is refused if it exceeds the free spool space, while small ones are accepted, and its space is freed', async () => {
    // A user may have half of the 3 MiB: one of these uploads fits, two do not.
    const strict = await startService({ databaseUrl: service.databaseUrl, env: { HTTP_LIMITS: 'spool=3' } });
    try {
      const csm = await person(service, 'csm');
      const large = fileOf(Array.from({ length: 22 }, () => rowOf({ summary: 'x'.repeat(40_000) })));
      const sentTo = (token: string, file: string) =>
        api(strict.baseUrl, token).send('POST', `${path}?dryRun=true`, file, csv);
      const [first, second] = [upload({}, strict), upload({}, strict)];
      for (const { sent, answer } of [first, second]) {
        answer.catch(() => undefined);
        sent.on('error', () => undefined).write(large);
      }
      // Either upload can be the one that exceeds the half. The other one stays open.
      const refused = await Promise.race([first.answer, second.answer]);
      expect([refused.statusCode, refused.headers['retry-after']]).toEqual([503, '60']);
      expect((await bodyOf(refused)).code).toBe('imports-busy');
      expect((await sentTo(csm.token, fileOf([rowOf()]))).status).toBe(200);
      for (const { sent } of [first, second]) sent.destroy();
      for (;;) {
        const { status } = await sentTo(service.adminToken, large);
        if (status === 200) break;
        expect([429, 503]).toContain(status);
        await pause(20);
      }
    } finally {
      await strict.stop();
    }
  });

  test('to a full disk is refused, writes nothing, and can be repeated', async () => {
    const file = fileOf([rowOf({ summary: 'to a full disk' })]);
    const before = await entryAndImportCount();
    const openNamed = files.open;
    const opening = jest.spyOn(files, 'open').mockImplementation(async (...named) => {
      await (await openNamed(...named)).close();
      // Every write to /dev/full fails, as on a full disk.
      return openNamed('/dev/full', 'r+');
    });
    try {
      const { status, body, headers } = await send(file);
      expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'storage-full', '60']);
    } finally {
      opening.mockRestore();
    }
    expect(await entryAndImportCount()).toBe(before);
    expect((await send(file)).body).toMatchObject({ rows: 1, accepted: 1 });
  });

  test('that only trickles is cut off, imports nothing, and can be repeated', async () => {
    const env = { HTTP_LIMITS: 'rate=100000,patience=0.3' };
    const strict = await startService({ databaseUrl: service.databaseUrl, env, clock: '2026-07-10T03:00:00Z' });
    try {
      const before = await entryAndImportCount();
      const file = fileOf([rowOf({ summary: 'came in trickles' })]);
      const trickles = [1, 2].map(() => upload({}, strict));
      const dripping = trickles.map(({ sent }) => {
        sent.on('error', () => undefined).write(file);
        return setInterval(() => sent.write('\n'), 20);
      });
      for (const { answer } of trickles) {
        const response = await answer;
        expect([response.statusCode, (await bodyOf(response)).code]).toEqual([408, 'upload-stalled']);
      }
      dripping.forEach(clearInterval);
      for (const { sent } of trickles) sent.destroy();
      expect(await entryAndImportCount()).toBe(before);
      const again = await api(strict.baseUrl, service.adminToken).send('POST', path, file, csv);
      expect(again.body).toMatchObject({ rows: 1, accepted: 1 });
    } finally {
      await strict.stop();
    }
  });
});
