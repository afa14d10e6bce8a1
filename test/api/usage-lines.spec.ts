import { randomUUID } from 'node:crypto';
import { get, type IncomingMessage } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { parse } from 'csv-parse/sync';
import { decode } from 'iconv-lite';
import { formatNames, formats } from '../../src/features/reports/formats.js';
import { api, type Api, type Json } from '../support/client.js';
import { cuttingProxy } from '../support/cutting-proxy.js';
import { testDatabase } from '../support/database.js';
import { person, type Person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';

const path = '/v1/reports/usage-lines';

const columns =
  'entryId,kind,customerId,customer,subscriptionId,package,termNumber,workDate,month,consultant,productLine,activity,delivery,' +
  'visitId,minutes,hours,onsiteMinutes,reference,severity,summary,recordedAt,recordedBy,adjustsMonth,' +
  'lineId,customerCode,contractNumber,purchaseOrder,csmId,csm,reversalReason,replacedByEntryId';

let service: TestService;
let admin: Api;
let finance: Person;
let hana: Person;
let ken: Person;
let consultantId: string;
let productLineId: string;

beforeAll(async () => {
  service = await startService({ clock: '2026-07-01T00:00:00Z' });
  admin = api(service.baseUrl, service.adminToken);
  finance = await person(service, 'finance');
  hana = await person(service, 'csm');
  ken = await person(service, 'csm');
  consultantId = await create('/v1/consultants', { name: '佐藤 "Taka" 隆, PhD', email: 'taka@trm.example' });
  productLineId = await create('/v1/product-lines', { code: 'ERP', name: 'Planning' });
});
afterAll(() => service.stop());

describe('a report on a few entries of all kinds', () => {
  let aoi: Contract;
  let other: Contract;
  let first: string;
  let onsite: string;
  let late: string;

  beforeAll(async () => {
    aoi = await contract({ customer: '株式会社あおい', csmId: hana.id });
    other = await contract({ customer: 'Other', csmId: ken.id, packageCode: 'basic' });
    first = await book(aoi, { workDate: '2026-04-01', minutes: 20, summary: '=HYPERLINK("http://x","y")' });
    await reverse(first, { recordedAt: '2026-04-20T09:30:00Z' });
    onsite = await book(aoi, {
      workDate: '2026-04-02',
      minutes: 20,
      summary: '訪問、設定の確認\n"二行目", 終わり',
      onsite: true,
      severity: 2,
      reference: '-1+2',
    });
    await book(aoi, { workDate: '2026-04-02', minutes: 20, summary: '@SUM(A1)' });
    late = await book(aoi, { workDate: '2026-05-31', minutes: 85, summary: '\tindented', adjustsMonth: '2026-05' });
    await book(other, { workDate: '2026-04-02', minutes: 45, summary: 'for another' });
  });

  const of = (contract: Contract, more = '') => `${path}?customerId=${contract.customerId}${more}`;

  test('as JSON has every line in order, unchanged texts, numbers and the totals', async () => {
    const answer = await finance.get(of(aoi, '&from=2026-04-01&to=2026-05-31&format=json'));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toBe(
      `attachment; filename="usage-lines_from_2026-04-01_to_2026-05-31_customer_${aoi.customerId}.json"`,
    );
    const { data, rowCount, totalMinutes } = answer.body;
    expect(Object.keys(data[0]).join()).toBe(columns);
    expect(data[0]).toEqual({
      entryId: first,
      kind: 'entry',
      customerId: aoi.customerId,
      customer: '株式会社あおい',
      subscriptionId: aoi.subscriptionId,
      package: 'premier',
      termNumber: 0,
      workDate: '2026-04-01',
      month: '2026-04',
      consultant: '佐藤 "Taka" 隆, PhD',
      productLine: 'ERP',
      activity: 'health-check',
      delivery: 'remote',
      visitId: null,
      minutes: 20,
      hours: 0.33,
      onsiteMinutes: 0,
      reference: null,
      severity: null,
      summary: '=HYPERLINK("http://x","y")',
      recordedAt: '2026-06-30T00:00:00.000Z',
      recordedBy: expect.stringMatching(/^csm/) as string,
      adjustsMonth: null,
      lineId: first,
      customerCode: null,
      contractNumber: null,
      purchaseOrder: null,
      csmId: hana.id,
      csm: expect.stringMatching(/^csm/) as string,
      reversalReason: null,
      replacedByEntryId: null,
    });
    expect(data[1]).toEqual({
      ...data[0],
      kind: 'reversal',
      minutes: -20,
      hours: -0.33,
      recordedAt: '2026-04-20T09:30:00.000Z',
      recordedBy: expect.stringMatching(/^finance/) as string,
      lineId: expect.not.stringMatching(first) as string,
      reversalReason: 'wrong customer',
    });
    expect(data[2]).toMatchObject({ entryId: onsite, onsiteMinutes: 20, severity: 2, delivery: 'onsite' });
    expect(data[4]).toMatchObject({ entryId: late, kind: 'adjustment', month: '2026-05', adjustsMonth: '2026-05' });
    expect(data.map(({ minutes }: Json) => minutes)).toEqual([20, -20, 20, 20, 85]);
    expect([rowCount, totalMinutes]).toEqual([5, 125]);
  });

  test('as CSV escapes texts that a spreadsheet would run as formulas, leaves numbers alone, and ends with a trailer', async () => {
    const answer = await finance.get(of(aoi, '&format=csv'));
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(answer.headers.get('content-disposition')).toBe(
      `attachment; filename="usage-lines_customer_${aoi.customerId}.csv"`,
    );
    const text = answer.body as string;
    expect(text.startsWith(`${columns}\r\n`)).toBe(true);
    expect(text.endsWith('\r\n')).toBe(true);
    const [, ...records] = parse(text, { record_delimiter: '\r\n' });
    const trailer = records.pop()!;
    const at = (name: string) => columns.split(',').indexOf(name);
    const column = (name: string) => records.map((record) => record[at(name)]);
    expect(column('summary')).toEqual([
      '\'=HYPERLINK("http://x","y")',
      '\'=HYPERLINK("http://x","y")',
      '訪問、設定の確認\n"二行目", 終わり',
      "'@SUM(A1)",
      "'\tindented",
    ]);
    expect(column('reference')).toEqual(['', '', "'-1+2", '', '']);
    expect(column('minutes')).toEqual(['20', '-20', '20', '20', '85']);
    expect(column('hours')).toEqual(['0.33', '-0.33', '0.33', '0.34', '1.41']);
    expect(column('adjustsMonth').at(-1)).toBe('2026-05');
    expect(trailer).toEqual(
      columns.split(',').map((name, place) => {
        if (place < 2) return ['TOTAL', '5'][place];
        return { minutes: '125', hours: '2.08', onsiteMinutes: '20' }[name] ?? '';
      }),
    );
  });

  test('as NDJSON has the rows of the JSON file, one a line, and ends with a trailer', async () => {
    const answer = await finance.get(of(aoi, '&format=ndjson'));
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    const lines = (answer.body as string).split('\n');
    expect(lines.pop()).toBe('');
    const trailer = lines.pop()!;
    expect(lines.map((line) => JSON.parse(line))).toEqual((await finance.get(of(aoi))).body.data);
    expect(JSON.parse(trailer)).toEqual({ trailer: { rowCount: 5, totalMinutes: 125 } });
    expect((await bytesOf(`${path}?from=2030-01-01&format=ndjson`)).toString()).toBe(
      '{"trailer":{"rowCount":0,"totalMinutes":0}}\n',
    );
  });

  test('ignores parameters that do not apply to its format', async () => {
    for (const format of ['json', 'ndjson']) {
      const plain = await bytesOf(of(aoi, `&format=${format}`));
      expect(await bytesOf(of(aoi, `&format=${format}&headings=ja&charset=cp932`))).toEqual(plain);
      expect(await bytesOf(of(aoi, `&format=${format}&bom=true`))).toEqual(plain);
    }
  });

  test('has a file name with its filters and format', async () => {
    const name = async (query: string) => (await finance.send('HEAD', path + query)).headers.get('content-disposition');
    expect(await name('?format=xlsx&to=2026-04-30&package=premier')).toBe(
      'attachment; filename="usage-lines_to_2026-04-30_premier.xlsx"',
    );
    expect(await name(`?format=ndjson&basis=closed&csmId=${hana.id}`)).toBe(
      `attachment; filename="usage-lines_closed_csm_${hana.id}.ndjson"`,
    );
  });

  test('has headings in a language and a byte order mark if the request asks for them', async () => {
    const bytes = await bytesOf(of(aoi, '&format=csv&headings=ja&bom=true'));
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(bytes.toString('utf8', 3)).toMatch(/^作業記録ID,区分,顧客ID,顧客,/);
    expect((await admin.get(of(aoi, '&format=csv&headings=en'))).body).toMatch(/^Entry ID,Kind,Customer ID,/);
  });

  test.each([
    ['from=2026-04-02&to=2026-04-02', [20, 20, 45]],
    ['from=2026-05-31', [85]],
    ['to=2026-04-01', [20, -20]],
    ['package=basic', [45]],
    ['csmId=HANA', [20, -20, 20, 20, 85]],
    [`customerId=${randomUUID()}`, []],
  ])('contains only the lines selected by %s', async (query, minutes) => {
    const { body } = await admin.get(`${path}?${query.replace('HANA', hana.id.toUpperCase())}`);
    expect(body.data.map((line: Json) => line.minutes)).toEqual(minutes);
    expect(body).toMatchObject({
      rowCount: minutes.length,
      totalMinutes: minutes.reduce((sum, each) => sum + each, 0),
    });
  });

  test('without any line still has column names and a trailer', async () => {
    const { body } = await admin.get(`${path}?from=2030-01-01&format=csv`);
    expect(body).toBe(`${columns}\r\nTOTAL,0,,,,,,,,,,,,,0,0.00,0,,,,,,,,,,,,,,\r\n`);
  });

  test('shows each user only visible customers', async () => {
    const customer = await person(service, 'customer', aoi.customerId);
    const seen = async (who: Api, query = '') => (await who.get(path + query)).body.totalMinutes as number;
    expect(await seen(admin)).toBe(170);
    expect(await seen(finance)).toBe(170);
    expect(await seen(hana)).toBe(125);
    expect(await seen(ken)).toBe(45);
    expect(await seen(ken, `?customerId=${aoi.customerId}`)).toBe(0);
    expect(await seen(customer)).toBe(125);
    expect(await seen(customer, `?customerId=${other.customerId}`)).toBe(0);
    expect((await api(service.baseUrl).get(path)).status).toBe(401);
  });

  test.each([
    ['format=pdf', 'format', 'csv, json, ndjson, xlsx'],
    ['charset=sjis', 'charset', 'utf-8, cp932'],
    ['basis=paid', 'basis', 'corrected, closed'],
    ['headings=de', 'headings', 'en, ja'],
    ['bom=yes', 'bom', 'true or false'],
    ['package=gold', 'package', 'basic, premier'],
    ['from=2026-02-30', 'from', 'YYYY-MM-DD'],
    ['customerId=1', 'customerId', 'UUID'],
    ['month=2026-04', 'month', 'is not a parameter of this address'],
  ])('is refused for %s, and the refusal names what is accepted', async (query, field, accepted) => {
    const { status, body, headers } = await finance.get(`${path}?${query}`);
    expect([status, headers.get('content-type')]).toEqual([400, 'application/problem+json; charset=utf-8']);
    expect(headers.get('content-disposition')).toBeNull();
    expect(body.errors).toEqual([{ pointer: `/${field}`, detail: expect.stringContaining(accepted) as string }]);
  });

  test('as CSV in CP932 replaces look-alikes of missing characters, and marks other missing characters with 〓', async () => {
    const cp932 = await contract({ customer: 'はらたに髙﨑〜㈱', csmId: ken.id });
    await book(cp932, { workDate: '2026-04-03', minutes: 5, summary: '−5 ％ café 😀, ガ①～\u00a0ｱ' });
    const answer = await open(of(cp932, '&format=csv&charset=cp932&headings=ja'));
    expect(answer.headers['content-type']).toBe('text/csv; charset=windows-31j; header=present');
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    const [names, record, trailer] = parse(decode(Buffer.concat(chunks), 'cp932'));
    expect(names!.slice(0, 4)).toEqual(['作業記録ID', '区分', '顧客ID', '顧客']);
    expect([record![3], record![9]]).toEqual(['はらたに髙﨑～㈱', '佐藤 "Taka" 隆, PhD']);
    expect(record![19]).toBe("'－5 ％ caf〓 〓, ガ①～ ｱ");
    expect(trailer!.slice(0, 2)).toEqual(['TOTAL', '1']);
    const { status, body } = await finance.get(of(cp932, '&format=csv&charset=cp932&bom=true'));
    expect([status, body.errors]).toEqual([400, [{ pointer: '/bom', detail: 'is allowed only for files in UTF-8' }]]);
  });

  test('answers a HEAD request with the headers of the file, and keeps no database connection', async () => {
    for (const format of formatNames.concat(formatNames)) {
      const { status, headers, body } = await finance.send('HEAD', `${path}?format=${format}`);
      expect([status, body]).toEqual([200, undefined]);
      expect(headers.get('content-disposition')).toBe(`attachment; filename="usage-lines.${format}"`);
    }
    await waitFor(readingSessions, (found) => found.length === 0);
  });
});

describe('a report of 5,000 entries of 3,400 characters', () => {
  let big: Contract;
  const query = () => `${path}?customerId=${big.customerId}`;

  beforeAll(async () => {
    big = await contract({ customer: 'Big', csmId: hana.id });
    await bookMany(big, 5_000);
  });

  test('adds up to the minutes of the ledger, in its rows and in the trailer', async () => {
    const [ledger] = await sql<{ minutes: number; onsite: number }>(
      `select -sum(minutes) as minutes, -sum(onsite_minutes) as onsite from ledger_entries
       where term_id = $1 and kind in ('use', 'reversal')`,
      [big.termId],
    );
    const [names, ...records] = parse((await finance.get(`${query()}&format=csv`)).body as string);
    const trailer = records.pop()!;
    const sum = (name: string) =>
      records.reduce((total, record) => total + hundredths(record[names!.indexOf(name)]!), 0);
    const printed = (name: string) => hundredths(trailer[names!.indexOf(name)]!);
    expect(trailer.slice(0, 2)).toEqual(['TOTAL', String(records.length)]);
    expect(sum('minutes')).toBe(ledger!.minutes * 100);
    expect(printed('minutes')).toBe(ledger!.minutes * 100);
    expect(printed('onsiteMinutes')).toBe(ledger!.onsite * 100);
    expect(sum('hours')).toBe(printed('hours'));
    expect(printed('hours')).toBe(Math.round((ledger!.minutes * 100) / 60));

    const { data, rowCount, totalMinutes } = (await finance.get(query())).body;
    expect([data.length, rowCount, totalMinutes]).toEqual([records.length, records.length, ledger!.minutes]);
    const order = data.map(({ workDate, entryId, kind }: Json) => `${workDate} ${entryId} ${kind}`);
    expect(order).toEqual([...order].sort());
  });

  test('waits for a client that does not read, and frees its database connection when the client disconnects', async () => {
    for (let time = 0; time < 5; time++) {
      const response = await open(query());
      await waitUntilStalled();
      response.destroy();
      await waitFor(readingSessions, (found) => found.length === 0);
    }
    expect((await finance.get(`${query()}&to=2026-04-01`)).status).toBe(200);
  });

  test('is cancelled in the database when the client disconnects before the first byte', async () => {
    for (let time = 0; time < 5; time++) {
      await service.database.write(async (tx) => {
        await tx.query('lock table time_entry_reversals in access exclusive mode');
        const leaving = new AbortController();
        const answer = open(query(), { signal: leaving.signal });
        await waitFor(waitingSessions, (found) => found.length === 1);
        leaving.abort();
        await expect(answer).rejects.toThrow('aborted');
      });
      await waitFor(readingSessions, (found) => found.length === 0);
    }
    expect((await finance.get(`${query()}&to=2026-04-01`)).status).toBe(200);
  });

  test('does not contain an entry that is written while the file is read', async () => {
    const response = await open(query());
    const added = await book(big, { workDate: '2026-06-30', minutes: 7, summary: 'meanwhile' });
    const text = await textOf(response);
    expect(text).not.toContain(added);
    expect((await finance.get(`${query()}&from=2026-06-30`)).body.data.at(-1).entryId).toBe(added);
  });

  test.each(formatNames)('as %s breaks off without a trailer when its database connection breaks', async (format) => {
    const response = await open(`${query()}&format=${format}`);
    await waitUntilStalled();
    await sql(`select pg_terminate_backend(pid) ${reading}`);
    expect(await textUntilBreak(response)).not.toMatch(trailers);
    expect((await finance.get(`${query()}&to=2026-04-01`)).status).toBe(200);
  });

  test('breaks off without a trailer when the code that writes the file fails', async () => {
    const writing = jest.spyOn(formats.ndjson, 'write').mockImplementation(async function* (_, batches) {
      let left = 3;
      for await (const rows of batches) {
        if (left-- === 0) throw new Error('Fault of the test');
        yield `${JSON.stringify(rows)}\n`;
      }
    });
    try {
      const text = await textUntilBreak(await open(`${query()}&format=ndjson`));
      expect(text).toMatch(/^\[\[/);
      await waitFor(readingSessions, (found) => found.length === 0);
    } finally {
      writing.mockRestore();
    }
  });

  const small = () => `${path}?to=2026-04-01`;

  test('is sent to four clients at a time; the fifth gets 503 with Retry-After', async () => {
    const responses = await Promise.all([finance, finance, hana, hana].map((as) => open(query(), { as })));
    const { status, body, headers } = await ken.get(small());
    expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'reports-busy', '10']);
    // Other requests do not wait for the reports.
    expect((await finance.get('/v1/customers')).status).toBe(200);
    responses.pop()!.destroy();
    expect((await ken.get(small())).status).toBe(200);
    responses.forEach((response) => response.destroy());
  });

  test('is sent to one user twice at a time; a third request gets 429, and other users are served', async () => {
    const responses = await Promise.all([open(query()), open(query())]);
    const { status, body, headers } = await finance.get(small());
    expect([status, body.code, headers.get('retry-after')]).toEqual([429, 'too-many-reports', '10']);
    for (const other of [hana, ken]) expect((await other.get(small())).status).toBe(200);
    responses.pop()!.destroy();
    expect((await finance.get(small())).status).toBe(200);
    responses.forEach((response) => response.destroy());
  });

  describe('if clients must read 100 MB a second and may stop for half a second', () => {
    let strict: TestService;

    beforeAll(async () => {
      const env = { HTTP_LIMITS: 'rate=100000,patience=0.5' };
      strict = await startService({ databaseUrl: service.databaseUrl, env });
    });
    afterAll(() => strict.stop());

    test.each(formatNames)('as %s breaks off if the client does not read', async (format) => {
      const response = await open(`${query()}&format=${format}`, { from: strict });
      await waitFor(readingSessions, (found) => found.length === 0);
      expect(await textUntilBreak(response)).not.toMatch(trailers);
    });

    test('breaks off if the client reads slowly', async () => {
      const response = await open(query(), { from: strict });
      const text = textUntilBreak(response);
      response.on('data', () => {
        response.pause();
        setTimeout(() => response.resume(), 20);
      });
      expect(await text).not.toMatch(trailers);
    });

    test('breaks off for four clients that do not read, so the next client is served', async () => {
      const paused = await Promise.all([finance, finance, hana, hana].map((as) => open(query(), { from: strict, as })));
      await waitFor(
        () => api(strict.baseUrl, ken.token).get(small()),
        ({ status }) => status === 200,
      );
      await waitFor(readingSessions, (found) => found.length === 0);
      for (const response of paused) expect(await textUntilBreak(response)).not.toMatch(trailers);
    });
  });

  test('is read from the replica, if there is one', async () => {
    const replica = await testDatabase();
    const proxy = await cuttingProxy(replica.url);
    const second = await startService({
      databaseUrl: service.databaseUrl,
      env: { DATABASE_REPLICA_URL: proxy.url },
    });
    try {
      const { body } = await api(second.baseUrl, finance.token).get(query());
      expect(body).toEqual({ data: [], rowCount: 0, totalMinutes: 0 });
      expect((await api(second.baseUrl, finance.token).get(`/v1/customers/${big.customerId}`)).status).toBe(200);
      proxy.close();
      const unreachable = await api(second.baseUrl, finance.token).get(query());
      expect([unreachable.status, unreachable.headers.get('retry-after')]).toEqual([503, '5']);
    } finally {
      await second.stop();
      await replica.drop();
    }
  });

  test('is answered with a problem document if its query fails', async () => {
    const failing = await startService({ databaseUrl: service.databaseUrl });
    const { token } = await person(failing, 'finance');
    await failing.database.write((tx) => tx.query(`alter table time_entry_reversals rename to hidden`));
    try {
      const { status, body, headers } = await api(failing.baseUrl, token).get(path);
      expect([status, body.code]).toEqual([500, 'internal-error']);
      expect(headers.get('content-disposition')).toBeNull();
    } finally {
      await failing.database.write((tx) => tx.query(`alter table hidden rename to time_entry_reversals`));
      await failing.stop();
    }
  });
});

interface Contract {
  customerId: string;
  subscriptionId: string;
  termId: string;
  csmId: string;
}

interface Booking {
  workDate: string;
  minutes: number;
  summary: string;
  onsite?: boolean;
  severity?: number;
  reference?: string;
  adjustsMonth?: string;
}

async function create(address: string, body: object): Promise<string> {
  const answer = await admin.post(address, body);
  expect(answer.status).toBe(201);
  return answer.body.id as string;
}

const sql = <Row>(text: string, values?: unknown[]): Promise<Row[]> =>
  service.database.write((tx) => tx.query<Row>(text, values));

/** Creates a subscription whose first term has enough minutes for every test. */
async function contract(given: { customer: string; csmId: string; packageCode?: string }): Promise<Contract> {
  const { customer, csmId, packageCode = 'premier' } = given;
  const customerId = await create('/v1/customers', { name: customer, locale: 'ja', timeZone: 'Asia/Tokyo' });
  const subscriptionId = randomUUID();
  const termId = randomUUID();
  await sql(
    `insert into subscriptions (id, customer_id, csm_id, anchor_on, purchased_at, entered_at, entered_on, entered_by, status,
       pace_policy)
     values ($1, $2, $3, '2026-04-01', '2026-04-01', '2026-04-01', '2026-04-01', $3, 'active', 'advise')`,
    [subscriptionId, customerId, csmId],
  );
  await sql(
    `insert into terms (id, subscription_id, number, starts_on, ends_on, starts_at, ends_at, notice_days, notice_deadline_on, lock_at,
       deadline_zone, package, package_version, status, renewal_state)
     values ($1, $2, 0, '2026-04-01', '2027-03-31', '2026-03-31T15:00Z', '2027-03-31T15:00Z', 30, '2027-03-01',
       '2027-03-01T15:00Z', 'Asia/Tokyo', $3, '1', 'open', 'open')`,
    [termId, subscriptionId, packageCode],
  );
  await sql('insert into balances (term_id, onsite_cap_minutes, max_seats) values ($1, 5000000, 10)', [termId]);
  await sql('insert into pair_balances (term_id, consultant_id, product_line_id) values ($1, $2, $3)', [
    termId,
    consultantId,
    productLineId,
  ]);
  const created = { customerId, subscriptionId, termId, csmId };
  await post(created, 'grant', 10_000_000, 0, null);
  return created;
}

async function post(contract: Contract, kind: string, minutes: number, onsite: number, entryId: string | null) {
  await sql(
    `insert into ledger_entries (id, term_id, sequence, kind, minutes, onsite_minutes, effective_on, recorded_at,
       time_entry_id, balance_after_minutes)
     select $1, term_id, last_sequence + 1, $3, $4::integer, $5, '2026-04-01', '2026-04-01', $6,
       granted_minutes - used_minutes - expired_minutes + $4 from balances where term_id = $2`,
    [randomUUID(), contract.termId, kind, minutes, onsite, entryId],
  );
}

let bookings = 0;

/** An id that is higher than all before it, like the ids of the service. */
const risingId = (): string => `00000000-0000-7000-8000-${String(++bookings).padStart(12, '0')}`;

async function book(contract: Contract, booking: Booking): Promise<string> {
  const {
    workDate,
    minutes,
    summary,
    onsite = false,
    severity = null,
    reference = null,
    adjustsMonth = null,
  } = booking;
  const visitId = onsite ? randomUUID() : null;
  if (visitId) {
    await sql(
      `insert into visits (id, subscription_id, term_id, starts_on, ends_on, place, status, created_at, created_by)
       values ($1, $2, $3, $4, $4, 'Osaka', 'done', now(), $5)`,
      [visitId, contract.subscriptionId, contract.termId, workDate, contract.csmId],
    );
  }
  const id = risingId();
  await sql(
    `insert into time_entries (id, subscription_id, term_id, work_date, minutes, consultant_id, product_line_id, activity,
       delivery, visit_id, summary, reference, severity, package, accounting_month, adjusts_month,
       adjustment_reason, recorded_at, recorded_by)
     select $1, $2, $3, $4, $5, $6, $7, 'health-check', $8, $9, $10, $11, $12, t.package,
       case when $13::text is null then to_char($4::date, 'YYYY-MM') else '2026-06' end, $13,
       case when $13::text is null then null else 'forgotten' end, '2026-06-30T00:00:00Z', $14 from terms t where t.id = $3`,
    [
      id,
      contract.subscriptionId,
      contract.termId,
      workDate,
      minutes,
      consultantId,
      productLineId,
      onsite ? 'onsite' : 'remote',
      visitId,
      summary,
      reference,
      severity,
      adjustsMonth,
      contract.csmId,
    ],
  );
  await post(contract, 'use', -minutes, onsite ? -minutes : 0, id);
  return id;
}

async function reverse(entryId: string, { recordedAt }: { recordedAt: string }): Promise<void> {
  await sql(
    `insert into time_entry_reversals (id, time_entry_id, reason, accounting_month, recorded_at, recorded_by)
     values ($1, $2, 'wrong customer', '2026-04', $3, $4)`,
    [randomUUID(), entryId, recordedAt, finance.id],
  );
}

/**
 * Books entries of 1 to 97 minutes on 90 days, and reverses those whose minutes are a multiple of 10. Their text compresses
 * badly, so that it fills buffers in every format.
 */
async function bookMany(contract: Contract, count: number): Promise<void> {
  await sql(
    `insert into time_entries (id, subscription_id, term_id, work_date, minutes, consultant_id, product_line_id, activity,
       delivery, summary, package, accounting_month, recorded_at, recorded_by)
     select gen_random_uuid(), $1, $2, date '2026-04-01' + n % 90, 1 + n % 97, $3, $4, 'upgrade', 'remote',
       n || (select string_agg(md5(n || ',' || part), '設定 text ') from generate_series(1, 85) as part), 'premier', to_char(date '2026-04-01' + n % 90, 'YYYY-MM'), now(), $5
     from generate_series(1, $6::integer) as n`,
    [contract.subscriptionId, contract.termId, consultantId, productLineId, contract.csmId, count],
  );
  await sql(
    `insert into time_entry_reversals (id, time_entry_id, reason, accounting_month, recorded_at, recorded_by)
     select gen_random_uuid(), id, 'twice', accounting_month, now(), $2 from time_entries
     where subscription_id = $1 and minutes % 10 = 0`,
    [contract.subscriptionId, contract.csmId],
  );
  await sql(
    `insert into ledger_entries (id, term_id, sequence, kind, minutes, effective_on, recorded_at, time_entry_id,
       balance_after_minutes)
     select gen_random_uuid(), b.term_id, b.last_sequence + row_number() over posting, line.kind, line.minutes,
       line.work_date, now(), line.id,
       b.granted_minutes - b.used_minutes - b.expired_minutes + sum(line.minutes) over posting
     from (
       select 'use' as kind, -minutes as minutes, work_date, id from time_entries where subscription_id = $1
       union all
       select 'reversal', e.minutes, e.work_date, e.id
       from time_entry_reversals r join time_entries e on e.id = r.time_entry_id where e.subscription_id = $1
     ) line cross join balances b
     where b.term_id = $2
     window posting as (order by line.id, line.kind desc)`,
    [contract.subscriptionId, contract.termId],
  );
}

/** The end of a complete file in each format; for XLSX, the directory of the archive. */
const trailers = /TOTAL|rowCount|PK\x05\x06/;

/** The part of a file that arrived before the connection broke. */
async function textUntilBreak(response: IncomingMessage): Promise<string> {
  let text = '';
  response.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
  const error = await new Promise((resolve) => response.on('error', resolve).on('end', () => resolve('complete')));
  expect(error).toMatchObject({ code: 'ECONNRESET' });
  return text;
}

const hundredths = (decimal: string): number => Math.round(Number(decimal) * 100);

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Sends a request, and returns the answer before its body is read. */
function open(
  address: string,
  { signal, from = service, as = finance }: { signal?: AbortSignal; from?: TestService; as?: Person } = {},
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(
      from.baseUrl + address,
      { agent: false, signal, headers: { authorization: `Bearer ${as.token}` } },
      (response) => {
        if (response.statusCode !== 200) reject(new Error(`Answered ${response.statusCode}`));
        resolve(response.on('error', () => undefined));
      },
    ).on('error', reject);
  });
}

async function bytesOf(address: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of await open(address)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk as string;
  return text;
}

const reading = `from pg_stat_activity
  where datname = current_database() and (query like 'copy (%' or query like 'begin%read only') and state in ('active', 'idle in transaction')`;

/** The database sessions that are reading a report, and the event for which each waits. */
const readingSessions = () =>
  sql<{ pid: number; waiting: string | null }>(`select pid, wait_event as waiting ${reading}`);

const waitingSessions = () =>
  sql(`select pid from pg_stat_activity where datname = current_database() and query like 'copy (%' and state = 'active'
    and wait_event_type = 'Lock'`);

/** Waits until all buffers between the database and the client are full, so that the service reads no more rows. */
async function waitUntilStalled(): Promise<void> {
  let before: unknown;
  await waitFor(
    async () => {
      await pause(100);
      return readingSessions();
    },
    (found) => {
      const same = found.length === 1 && found[0]!.waiting === 'ClientWrite' && isDeepStrictEqual(found, before);
      before = found;
      return same;
    },
  );
}

async function waitFor<T>(look: () => Promise<T>, holds: (found: T) => boolean): Promise<T> {
  for (const until = Date.now() + 100_000; ;) {
    const found = await look();
    if (holds(found)) return found;
    if (Date.now() > until) throw new Error(`Still ${JSON.stringify(found)}`);
    await pause(10);
  }
}
