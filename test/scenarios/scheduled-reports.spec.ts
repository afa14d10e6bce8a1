import { simpleParser, type ParsedMail } from 'mailparser';
import { api, type Answer, type Api, type Json } from '../support/client.js';
import { soldContract, type SoldContract } from '../support/contract.js';
import { MailServer } from '../support/mail-server.js';
import { person, type Person } from '../support/people.js';
import { advance } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';

// The tests advance the clock over many months, which takes long.
jest.setTimeout(120_000);

const path = '/v1/report-schedules';
const timeZone = 'Asia/Tokyo';

// All tests share one service, and its clock only moves forward.
let server: MailServer;
let service: TestService;
let admin: Api;
let finance: Person;
let contract: SoldContract;

beforeAll(async () => {
  server = await MailServer.start();
  service = await startService({ clock: '2026-10-20T00:00:00Z', env: { SMTP_URL: server.url } });
  admin = api(service.baseUrl, service.adminToken);
  finance = await person(service, 'finance');
  contract = await soldContract(service, { package: 'premier', startsOn: '2026-10-01' });
  await assign(contract);
  await book('2026-10-05', 90);
  await book('2026-10-06', 20);
  await book('2026-10-06', 20);
});
afterAll(async () => {
  await service.stop();
  await server.stop();
});

let readerCount = 0;
const reader = () => ({ name: '経理 花子', email: `reader-${++readerCount}@finance.example` });

const wanted = (more: object = {}): Json => ({
  report: 'usage-lines',
  format: 'csv',
  dayOfMonth: 1,
  recipients: [reader()],
  locale: 'ja',
  ...more,
});

async function setUp(more: object = {}, by: Api = finance): Promise<Json> {
  return must(await by.post(path, wanted(more)), 201);
}

function must(answer: Answer, status = 200): Json {
  if (answer.status !== status) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

async function assign({ id, csm, consultantIds, productLineIds }: SoldContract): Promise<void> {
  const allocations = [{ consultantId: consultantIds[0], productLineId: productLineIds[0], minutes: 0 }];
  const { headers } = await csm.get(`/v1/subscriptions/${id}/allocations`);
  must(await csm.put(`/v1/subscriptions/${id}/allocations`, { allocations }, { 'if-match': headers.get('etag')! }));
}

async function book(workDate: string, minutes: number): Promise<void> {
  const entry = {
    workDate,
    minutes,
    consultantId: contract.consultantIds[0],
    productLineId: contract.productLineIds[0],
    activity: 'health-check',
    delivery: 'remote',
    summary: '定期点検',
  };
  must(await contract.csm.post(`/v1/subscriptions/${contract.id}/time-entries`, entry), 201);
}

const etagOf = async (id: string): Promise<Record<string, string>> => ({
  'if-match': (await finance.get(`${path}/${id}`)).headers.get('etag')!,
});

/** The mails that a recipient of a schedule got, oldest first. */
const mailsTo = (schedule: Json, at = 0): Promise<ParsedMail[]> =>
  Promise.all(server.receivedBy(schedule.recipients[at].email).map(({ raw }) => simpleParser(raw)));

async function exported(query: string, by: Person = finance, report = 'usage-lines'): Promise<Buffer> {
  const answer = await fetch(`${service.baseUrl}/v1/reports/${report}?${query}`, {
    headers: { authorization: `Bearer ${by.token}` },
  });
  expect(answer.status).toBe(200);
  return Buffer.from(await answer.arrayBuffer());
}

async function deliveries({ id }: Json): Promise<string[]> {
  const { data } = must(await finance.get(`${path}/${id}/deliveries`));
  return (data as Json[]).map(({ month, status }) => `${month} ${status}`);
}

describe('a scheduled report', () => {
  test('is stored as requested, changed under its ETag, and listed for users who may see it', async () => {
    const csm = await person(service, 'csm');
    const mine = await setUp({ format: 'json', locale: 'en', recipients: [reader()] }, csm);
    expect(mine).toMatchObject({
      owner: { id: csm.id },
      timeOfDay: '09:00',
      timeZone,
      period: 'previous-month',
      basis: 'corrected',
      customerId: null,
      headings: 'en',
      bom: false,
      charset: 'utf-8',
      nextAt: '2026-11-01T00:00:00.000Z',
      version: 1,
    });
    const others = await setUp();
    const listed = async (by: Api) => (must(await by.get(`${path}?limit=200`)).data as Json[]).map(({ id }) => id);
    expect(await listed(csm)).toEqual([mine.id]);
    expect(await listed(admin)).toEqual(expect.arrayContaining([mine.id, others.id]));
    expect((await csm.get(`${path}/${others.id}`)).status).toBe(404);
    expect((await csm.delete(`${path}/${others.id}`, { 'if-match': '"1"' })).status).toBe(404);

    expect((await csm.patch(`${path}/${mine.id}`, { dayOfMonth: 31 })).status).toBe(428);
    expect((await csm.patch(`${path}/${mine.id}`, { dayOfMonth: 31 }, { 'if-match': '"7"' })).status).toBe(412);
    const change = { dayOfMonth: 31, timeOfDay: '18:30', timeZone: 'America/New_York', locale: 'ja', package: 'basic' };
    const changed = await csm.patch(`${path}/${mine.id}`, change, { 'if-match': '"1"' });
    expect(must(changed)).toMatchObject({
      ...change,
      headings: 'ja',
      format: 'json',
      version: 2,
      nextAt: '2026-10-31T22:30:00.000Z',
    });
    expect(changed.headers.get('etag')).toBe('"2"');
    for (const { id } of [mine, others])
      expect((await admin.delete(`${path}/${id}`, await etagOf(id))).status).toBe(204);
    expect((await csm.get(`${path}/${mine.id}`)).status).toBe(404);
    expect(await listed(csm)).toEqual([]);
  });

  test.each<[string, object, string]>([
    ['an unknown report', { report: 'gossip' }, '/report'],
    ['an unknown format', { format: 'pdf' }, '/format'],
    ['a day after the 31st', { dayOfMonth: 32 }, '/dayOfMonth'],
    ['half a day', { dayOfMonth: 1.5 }, '/dayOfMonth'],
    ['an impossible time of day', { timeOfDay: '24:00' }, '/timeOfDay'],
    ['an offset instead of a time zone', { timeZone: '+09:00' }, '/timeZone'],
    ['no recipient', { recipients: [] }, '/recipients'],
    ['more than 20 recipients', { recipients: Array.from({ length: 21 }, reader) }, '/recipients'],
    [
      'the same address twice',
      { recipients: [1, 2].map((n) => ({ name: 'A', email: n > 1 ? 'A@b.example' : 'a@b.example' })) },
      '/recipients',
    ],
    [
      'a line break in a name',
      { recipients: [{ name: 'A\nBcc: x@y.example', email: 'a@b.example' }] },
      '/recipients/0/name',
    ],
    [
      'two addresses in one field',
      { recipients: [{ name: 'A', email: 'a@b.example, c@d.example' }] },
      '/recipients/0/email',
    ],
    ['an address that is not ASCII', { recipients: [{ name: 'A', email: '花子@b.example' }] }, '/recipients/0/email'],
    ['an unknown period', { period: 'yesterday' }, '/period'],
    ['an unknown basis', { basis: 'guessed' }, '/basis'],
    ['a byte order mark that is not a boolean', { bom: 'true' }, '/bom'],
    ['a byte order mark in an encoding without one', { bom: true, charset: 'cp932' }, '/bom'],
    ['an unknown field', { dayOfWeek: 1 }, '/dayOfWeek'],
  ])('is refused with %s', async (_, more, pointer) => {
    const refused = await finance.post(path, wanted(more));
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([400, pointer]);
  });

  test('is refused for unknown customers and CSMs, and for users of a customer', async () => {
    const nobody = '01990000-0000-7000-8000-000000000000';
    const refused = await finance.post(path, wanted({ customerId: nobody, csmId: finance.id }));
    expect(refused.status).toBe(422);
    expect(refused.body.violations.map(({ code, pointer }: Json) => [code, pointer])).toEqual([
      ['customer-unknown', '/customerId'],
      ['not-a-csm', '/csmId'],
    ]);
    expect((await (await person(service, 'csm')).post(path, wanted({ customerId: contract.customerId }))).status).toBe(
      422,
    );
    expect((await contract.customer.post(path, wanted())).status).toBe(403);
    expect((await finance.get(`${path}/${nobody}/deliveries`)).status).toBe(404);
  });

  test('arrives once, at 09:00 on its day, with the same file as an export', async () => {
    const both = await setUp({
      recipients: [reader(), { ...reader(), name: 'Second' }],
      customerId: contract.customerId,
    });
    const inAllFormats = [];
    for (const format of ['json', 'ndjson', 'csv', 'xlsx']) {
      inAllFormats.push(await setUp({ format, headings: 'names', locale: 'en', bom: format === 'csv' }));
    }
    const summary = await setUp({ report: 'usage-summary', locale: 'en', headings: 'en', charset: 'cp932' });
    const empty = await setUp({ report: 'expired-hours', locale: 'en' });
    expect(await deliveries(both)).toEqual(['2026-11 planned', '2026-11 planned']);
    await advance(service, '2026-10-31T23:59:59Z');
    expect(server.received).toEqual([]);
    await advance(service, '2026-11-02T00:00:00Z');

    const october = 'from=2026-10-01&to=2026-10-31';
    const file = await exported(`${october}&format=csv&headings=ja&customerId=${contract.customerId}`);
    for (const at of [0, 1]) {
      const [mail, ...more] = await mailsTo(both, at);
      expect(more).toEqual([]);
      expect(mail!.attachments.map(({ filename }) => filename)).toEqual([
        `usage-lines_from_2026-10-01_to_2026-10-31_customer_${contract.customerId}.csv`,
      ]);
      expect(mail!.attachments[0]!.content.equals(file)).toBe(true);
    }
    const [mail] = await mailsTo(both);
    expect(mail!.subject).toBe('【TRM】作業明細（2026年10月1日～2026年10月31日）');
    expect(mail!.replyTo?.value[0]!.address).toMatch(/^finance-/);
    for (const words of [
      '経理 花子 様',
      '行数：3 行',
      '2.17 時間（「作業時間（分）」列：130 分）',
      '毎月1日 09:00',
      '訂正反映',
    ]) {
      expect(mail!.text).toContain(words);
    }
    for (const schedule of inAllFormats) {
      const [inFormat] = await mailsTo(schedule);
      const query = `${october}&format=${schedule.format}&bom=${schedule.bom}`;
      expect(inFormat!.attachments[0]!.content.equals(await exported(query))).toBe(true);
    }
    const [inCp932] = await mailsTo(summary);
    const ofSummary = await exported(`${october}&format=csv&headings=en&charset=cp932`, finance, 'usage-summary');
    expect(inCp932!.attachments[0]!.content.equals(ofSummary)).toBe(true);
    const [withoutRows] = await mailsTo(empty);
    expect(withoutRows!.text).toContain('It has no rows');
    expect(withoutRows!.attachments).toHaveLength(1);

    expect(await deliveries(both)).toEqual(['2026-11 sent', '2026-11 sent', '2026-12 planned', '2026-12 planned']);
    const { data } = must(await finance.get(`${path}/${both.id}/deliveries?limit=1`));
    expect(data[0]).toMatchObject({
      plannedAt: '2026-11-01T00:00:00.000Z',
      sentAt: '2026-11-01T00:00:00.000Z',
      recipient: { address: both.recipients[0].email },
      attempts: 1,
      serverAnswer: expect.stringContaining('250') as string,
    });
    expect(must(await finance.get(`${path}/${both.id}`)).nextAt).toBe('2026-12-01T00:00:00.000Z');
    for (const { id } of [both, summary, empty, ...inAllFormats])
      await finance.delete(`${path}/${id}`, await etagOf(id));
  });

  test('arrives as a workbook if its format is xlsx', async () => {
    const workbook = await setUp({ format: 'xlsx' });
    must(await finance.post(`${path}/${workbook.id}/run`));
    await advance(service, '2026-11-02T00:01:00Z');
    const [mail] = await mailsTo(workbook);
    const [{ content, contentType, filename }] = mail!.attachments as [ParsedMail['attachments'][0]];
    expect([contentType, filename]).toEqual([
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'usage-lines_from_2026-10-01_to_2026-10-31.xlsx',
    ]);
    expect(content.subarray(0, 2).toString()).toBe('PK');
    // A run on request does not change the planned day.
    expect(mail!.text).toContain('定期送信とは別に');
    expect(await deliveries(workbook)).toEqual(['null sent', '2026-12 planned']);
    await finance.delete(`${path}/${workbook.id}`, await etagOf(workbook.id));
  });

  test('arrives once after an outage, for the newest month, even if two instances run the jobs at the same time', async () => {
    const last = await setUp({ dayOfMonth: 31 });
    const other = await startService({ databaseUrl: service.databaseUrl, env: { SMTP_URL: server.url } });
    try {
      // In February its day is the 28th. No job has run since November.
      await service.clock.advanceTo(new Date('2027-02-28T12:00:00Z'));
      const atOnce = [service, other].flatMap(({ baseUrl, adminToken }) => {
        const { post } = api(baseUrl, adminToken);
        return [1, 2].map(async () => {
          await post('/v1/jobs/scheduled-reports/run');
          return post('/v1/jobs/mail-delivery/run');
        });
      });
      await Promise.all(atOnce);
    } finally {
      await other.stop();
    }
    const mails = await mailsTo(last);
    expect(mails.map(({ subject }) => subject)).toEqual(['【TRM】作業明細（2027年1月1日～2027年1月31日）']);
    expect(must(await finance.get(`${path}/${last.id}`)).nextAt).toBe('2027-03-31T00:00:00.000Z');
    await finance.delete(`${path}/${last.id}`, await etagOf(last.id));
  });

  test('follows daylight saving time in its zone, and a changed day neither skips nor repeats a month', async () => {
    const schedule = await setUp({ dayOfMonth: 13, timeZone: 'America/New_York' });
    const move = async (change: object) => {
      const moved = await finance.patch(`${path}/${schedule.id}`, change, await etagOf(schedule.id));
      return must(moved).nextAt as string;
    };
    expect(schedule.nextAt).toBe('2027-03-13T14:00:00.000Z');
    await advance(service, '2027-03-14T00:00:00Z');
    // Daylight saving time begins on Sunday the 14th.
    expect(must(await finance.get(`${path}/${schedule.id}`)).nextAt).toBe('2027-04-13T13:00:00.000Z');
    // The report of March has been sent.
    expect(await move({ dayOfMonth: 20 })).toBe('2027-04-20T13:00:00.000Z');
    await advance(service, '2027-04-10T00:00:00Z');
    // The report of April has not, and its new day has passed, so it leaves at once.
    expect(await move({ dayOfMonth: 5 })).toBe('2027-04-05T13:00:00.000Z');
    await advance(service, '2027-04-11T00:00:00Z');
    expect(await deliveries(schedule)).toEqual(['2027-03 sent', '2027-04 sent', '2027-05 planned']);
    await finance.delete(`${path}/${schedule.id}`, await etagOf(schedule.id));
  });

  test('shows what its owner may see when it is sent; if the owner may not read it any more, a mail says so', async () => {
    const csm = await person(service, 'csm');
    const mine = await setUp({ format: 'csv', headings: 'names', locale: 'en', period: 'everything' }, contract.csm);
    const nothing = await setUp({ format: 'csv', headings: 'names', locale: 'en', period: 'everything' }, csm);
    await advance(service, '2027-05-02T00:00:00Z');
    const [ofMine] = await mailsTo(mine);
    expect(ofMine!.attachments[0]!.content.equals(await exported('format=csv', contract.csm))).toBe(true);
    expect(ofMine!.text).toMatch(/Rows: +3/);
    const [ofNothing] = await mailsTo(nothing);
    expect(ofNothing!.text).toMatch(/Rows: +0/);

    const { headers } = await admin.get(`/v1/users/${csm.id}`);
    const customer = { role: 'customer', customerId: contract.customerId };
    must(await admin.patch(`/v1/users/${csm.id}`, customer, { 'if-match': headers.get('etag')! }));
    must(await admin.post(`${path}/${nothing.id}/run`));
    await advance(service, '2027-05-02T00:01:00Z');
    const refused = (await mailsTo(nothing)).at(-1)!;
    expect(refused.subject).toBe('[TRM] Usage lines could not be made, all days');
    expect(refused.text!.replace(/\s+/g, ' ')).toContain('is no longer allowed to read its report');
    expect(refused.attachments).toEqual([]);
    for (const { id } of [mine, nothing]) await admin.delete(`${path}/${id}`, await etagOf(id));
  });

  test('is retried while the replica is down', async () => {
    const schedule = await setUp();
    const away = { SMTP_URL: server.url, DATABASE_REPLICA_URL: 'postgresql://nobody@127.0.0.1:1/nothing' };
    const other = await startService({ databaseUrl: service.databaseUrl, env: away });
    try {
      const { post } = api(other.baseUrl, other.adminToken);
      must(await post(`${path}/${schedule.id}/run`));
      const { counts, outcome } = must(await post('/v1/jobs/mail-delivery/run'));
      expect([outcome, counts]).toEqual(['succeeded', { sent: 0, retried: 1, failed: 0, uncertain: 0 }]);
    } finally {
      await other.stop();
    }
    const { data } = must(await finance.get(`${path}/${schedule.id}/deliveries`));
    expect(data[0]).toMatchObject({
      status: 'queued',
      nextAttemptAt: '2027-05-02T00:06:00.000Z',
      lastError: expect.stringContaining('cannot be read for now') as string,
    });
    await advance(service, '2027-05-02T00:06:00Z');
    expect(await deliveries(schedule)).toEqual(['null sent', '2027-06 planned']);
    await finance.delete(`${path}/${schedule.id}`, await etagOf(schedule.id));
  });

  test('can be resent after a failed delivery, and is cancelled if its schedule is deleted', async () => {
    const schedule = await setUp({ dayOfMonth: 3 });
    const [{ email }] = schedule.recipients;
    server.behaviours.set(email, { at: 'recipient', responseCode: 550 });
    await advance(service, '2027-05-03T00:00:00Z');
    expect(await deliveries(schedule)).toEqual(['2027-05 failed', '2027-06 planned']);
    const { data } = must(await finance.get(`${path}/${schedule.id}/deliveries`));
    const resend = `${path}/${schedule.id}/deliveries/${data[0].id}/resend`;
    // That route resends only mails about terms.
    expect((await admin.post(`/v1/reminders/${data[0].id}/resend`)).status).toBe(404);
    expect((await contract.csm.post(resend)).status).toBe(404);
    server.behaviours.clear();
    expect(must(await finance.post(resend))).toMatchObject({ status: 'queued', attempts: 1 });
    await advance(service, '2027-05-03T00:01:00Z');
    expect(await deliveries(schedule)).toEqual(['2027-05 sent', '2027-06 planned']);
    expect((await finance.post(resend)).body.code).toBe('mail-not-failed');

    must(await finance.post(`${path}/${schedule.id}/run`));
    expect((await finance.delete(`${path}/${schedule.id}`, await etagOf(schedule.id))).status).toBe(204);
    await advance(service, '2027-05-03T00:02:00Z');
    expect(await mailsTo(schedule)).toHaveLength(1);
    const statuses = await service.database.read((tx) =>
      tx.query('select status from mails where report_schedule_id = $1 order by id', [schedule.id]),
    );
    expect(statuses).toEqual([{ status: 'sent' }, { status: 'failed' }]);
  });
});

describe('a report that is too large for a mail', () => {
  const april = 'from=2027-04-01&to=2027-04-30&format=json';
  let schedule: Json;
  let link: string;

  beforeAll(async () => {
    // 3,000 entries of 2 KB.
    await service.database.write((tx) =>
      tx.query(
        `insert into time_entries (id, subscription_id, term_id, work_date, minutes, consultant_id, product_line_id, activity,
           delivery, summary, package, accounting_month, recorded_at, recorded_by)
         select gen_random_uuid(), $1, t.id, date '2027-04-01' + n % 30, 1 + n % 97, $2, $3, 'upgrade', 'remote',
           n || repeat('x', 1900), 'premier', '2027-04', now(), $4
         from generate_series(1, 3000) as n cross join terms t where t.subscription_id = $1 and t.status = 'open'`,
        [contract.id, contract.consultantIds[0], contract.productLineIds[0], contract.csm.id],
      ),
    );
  });

  test('arrives as a link to a page that describes it', async () => {
    schedule = await setUp({ format: 'json', recipients: [reader(), reader()], basis: 'closed', dayOfMonth: 15 });
    await advance(service, '2027-05-15T00:00:00Z');
    const [mail] = await mailsTo(schedule);
    expect(mail!.attachments.map(({ filename }) => filename)).toEqual([]);
    expect(mail!.text).toContain('5 MB を超える');
    expect(mail!.text).toContain('まだ締められていません');
    expect(mail!.text).toContain('2027年5月29日(土) 09:00');
    link = /http:\/\/trm\.test(\/reports\/\S+)/.exec(mail!.text!)![1]!;
    expect(mail!.html).toContain(`http://trm.test${link}`);

    const page = await api(service.baseUrl).get(link);
    expect([page.status, page.headers.get('content-language'), page.headers.get('cache-control')]).toEqual([
      200,
      'ja',
      'no-store',
    ]);
    for (const words of [
      '作業明細',
      '2027年4月1日～2027年4月30日',
      '2027年5月29日(土) 09:00',
      `action="${link}/file"`,
    ]) {
      expect(page.body).toContain(words);
    }
    expect((await api(service.baseUrl).get(`${link}?lang=en`)).body).toContain('Download the report');
  });

  /** Reads the whole body, because an unread body keeps its connection. */
  async function download(token = link): Promise<{ status: number; headers: Headers; file: Buffer }> {
    const answer = await fetch(`${service.baseUrl}${token}/file`);
    const { status, headers } = answer;
    return { status, headers, file: Buffer.from(await answer.arrayBuffer()) };
  }

  async function expectInvalid(token = link): Promise<void> {
    for (const address of [token, `${token}/file`]) {
      const answer = await api(service.baseUrl).get(address, { 'accept-language': 'ja' });
      expect([answer.status, answer.headers.get('content-disposition')]).toEqual([404, null]);
      expect(answer.body).toContain('このリンクは無効です');
      expect(answer.body).not.toContain('作業明細');
    }
  }

  test('the link returns the same file as an export', async () => {
    const answer = await download();
    expect([answer.status, answer.headers.get('content-disposition'), answer.headers.get('content-type')]).toEqual([
      200,
      'attachment; filename="usage-lines_from_2027-04-01_to_2027-04-30_closed.json"',
      'application/json; charset=utf-8',
    ]);
    const { file } = answer;
    expect(file.length).toBeGreaterThan(5 * 1024 * 1024);
    expect(file.equals(await exported(`${april}&basis=closed`))).toBe(true);
  });

  test('a link that this service has not signed is invalid and reveals nothing', async () => {
    const bytes = Buffer.from(link.slice('/reports/'.length), 'base64url');
    for (const at of [0, 16, 21, 53]) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1;
      await expectInvalid(`/reports/${changed.toString('base64url')}`);
    }
    await expectInvalid(`${link}A`);
    await expectInvalid('/reports/usage-lines');
  });

  test('the link becomes invalid for a removed recipient, and when the owner may not read the report', async () => {
    const { recipients } = schedule;
    const change = (body: object) => async () =>
      must(await finance.patch(`${path}/${schedule.id}`, body, await etagOf(schedule.id)));
    await change({ recipients: recipients.slice(1) })();
    await expectInvalid();
    await change({ recipients })();
    expect((await download()).status).toBe(200);

    const role = async (to: object) => {
      const { headers } = await admin.get(`/v1/users/${finance.id}`);
      must(await admin.patch(`/v1/users/${finance.id}`, to, { 'if-match': headers.get('etag')! }));
    };
    await role({ role: 'customer', customerId: contract.customerId });
    await expectInvalid();
    await role({ role: 'finance' });
    expect((await download()).status).toBe(200);
  });

  test('the link becomes invalid after two weeks, or when its schedule is deleted', async () => {
    const again = await setUp({ format: 'json' });
    must(await finance.post(`${path}/${again.id}/run`));
    await advance(service, '2027-05-28T23:59:59Z');
    expect((await download()).status).toBe(200);
    await advance(service, '2027-05-29T00:00:00Z');
    await expectInvalid();

    must(await finance.post(`${path}/${again.id}/run`));
    await advance(service, '2027-05-29T00:01:00Z');
    const mail = (await mailsTo(again)).at(-1)!;
    const other = /http:\/\/trm\.test(\/reports\/\S+)/.exec(mail.text!)![1]!;
    expect((await download(other)).status).toBe(200);
    must(await finance.delete(`${path}/${again.id}`, await etagOf(again.id)), 204);
    await expectInvalid(other);
  });
});
