import { simpleParser, type ParsedMail } from 'mailparser';
import { api, type Answer, type Api, type Json } from '../support/client.js';
import { soldContract, type SoldContract } from '../support/contract.js';
import { MailServer } from '../support/mail-server.js';
import { person, type Person } from '../support/people.js';
import { advance } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';

/** Report schedules that name a role of the customer's contacts instead of an address (§12, §13). */

const path = '/v1/report-schedules';
const operator = 'operator@trm.example';

// All tests share one service, and its clock only moves forward.
let server: MailServer;
let service: TestService;
let admin: Api;
let finance: Person;
let contract: SoldContract;
let otherCsm: Person;

beforeAll(async () => {
  server = await MailServer.start();
  const env = { SMTP_URL: server.url, OPERATOR_EMAIL: operator };
  service = await startService({ clock: '2026-10-20T00:00:00Z', env });
  admin = api(service.baseUrl, service.adminToken);
  finance = await person(service, 'finance');
  otherCsm = await person(service, 'csm');
  contract = await soldContract(service, { package: 'premier', startsOn: '2026-10-01' });
  await book(contract.csm, contract.id, '2026-10-05', 90);
  // A second contract of the customer belongs to another CSM.
  const { customerId, productLineIds } = contract;
  const second = { customerId, package: 'premier', startsOn: '2026-10-01', productLineIds, csmId: otherCsm.id };
  await book(otherCsm, must(await admin.post('/v1/subscriptions', second), 201).id as string, '2026-10-06', 30);
});
afterAll(async () => {
  await service.stop();
  await server.stop();
});
beforeEach(() => void (server.received.length = 0));

function must(answer: Answer, status = 200): Json {
  if (answer.status !== status) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

async function book(csm: Api, id: string, workDate: string, minutes: number): Promise<void> {
  const [consultantId, productLineId] = [contract.consultantIds[0], contract.productLineIds[0]];
  const { headers } = await csm.get(`/v1/subscriptions/${id}/allocations`);
  const allocations = [{ consultantId, productLineId, minutes: 0 }];
  must(await csm.put(`/v1/subscriptions/${id}/allocations`, { allocations }, { 'if-match': headers.get('etag')! }));
  const work = { activity: 'health-check', delivery: 'remote', summary: '定期点検' };
  const entry = { workDate, minutes, consultantId, productLineId, ...work };
  must(await csm.post(`/v1/subscriptions/${id}/time-entries`, entry), 201);
}

async function patch(of: string, change: object, by: Api = admin): Promise<Answer> {
  const { headers } = await admin.get(of);
  return by.patch(of, change, { 'if-match': headers.get('etag')! });
}

interface Contact {
  name: string;
  email: string;
  roles: string[];
}
const setContacts = async (...contacts: Contact[]) =>
  must(await patch(`/v1/customers/${contract.customerId}`, { contacts }));

let contactCount = 0;
const contact = (...roles: string[]): Contact => ({
  name: `Contact ${++contactCount}`,
  email: `contact-${contactCount}@customer.example`,
  roles,
});

const wanted = (more: object = {}): Json => ({
  report: 'usage-lines',
  format: 'csv',
  dayOfMonth: 1,
  locale: 'en',
  customerId: contract.customerId,
  recipientRoles: ['billing'],
  ...more,
});

const setUp = async (more: object = {}, by: Api = finance): Promise<Json> =>
  must(await by.post(path, wanted(more)), 201);
const end = async ({ id }: Json) =>
  must(
    await admin.delete(`${path}/${id}`, { 'if-match': (await admin.get(`${path}/${id}`)).headers.get('etag')! }),
    204,
  );

/** Only the mails about reports, because contacts get other mails too. */
async function reportMails(): Promise<ParsedMail[]> {
  const mails = await Promise.all(server.received.map(({ raw }) => simpleParser(raw)));
  return mails.filter(({ subject }) => /Usage lines|作業明細/.test(subject!));
}
const recipientOf = ({ to }: ParsedMail): string => [to!].flat()[0]!.value[0]!.address!;
const mailsTo = async (address: string): Promise<ParsedMail[]> =>
  (await reportMails()).filter((mail) => recipientOf(mail) === address);
const wordsOf = ({ text }: ParsedMail): string => text!.replace(/\s+/g, ' ');
const addressOf = async (who: Api): Promise<string> => (await who.get('/v1/me')).body.email as string;

async function exported(by: Person, query: string): Promise<Buffer> {
  const answer = await fetch(`${service.baseUrl}/v1/reports/usage-lines?${query}`, {
    headers: { authorization: `Bearer ${by.token}` },
  });
  expect(answer.status).toBe(200);
  return Buffer.from(await answer.arrayBuffer());
}

async function deliveries({ id }: Json): Promise<string[]> {
  const { data } = must(await finance.get(`${path}/${id}/deliveries?limit=200`));
  return (data as Json[]).map(({ month, status, recipient }) => `${month} ${status} ${recipient.address}`);
}

describe('a schedule for a role', () => {
  test.each<[string, object, number, string, string]>([
    ['no customer', { customerId: undefined }, 422, '/recipientRoles', 'customerId'],
    ['travel expenses', { report: 'travel-expenses' }, 422, '/report', 'usage-lines, usage-summary, entitlements'],
    ['expired hours', { report: 'expired-hours' }, 422, '/report', 'usage-lines, usage-summary, entitlements'],
    ['renewals', { report: 'renewals' }, 422, '/report', 'usage-lines, usage-summary, entitlements'],
    ['utilisation', { report: 'utilisation' }, 422, '/report', 'usage-lines, usage-summary, entitlements'],
    ['neither a role nor an address', { recipientRoles: [] }, 400, '/recipients', 'must have at least one address'],
    [
      'an unknown role',
      { recipientRoles: ['boss'] },
      400,
      '/recipientRoles/0',
      'must be one of: renewal, usage, billing',
    ],
    ['the same role twice', { recipientRoles: ['billing', 'billing'] }, 400, '/recipientRoles', 'twice'],
  ])('is refused with %s', async (_, more, status, pointer, detail) => {
    const { status: answered, body } = await finance.post(path, wanted(more));
    const found = (body.violations ?? body.errors) as Json[];
    expect([answered, found.map((one) => one.pointer)]).toEqual([status, [pointer]]);
    expect(found[0]!.detail).toContain(detail);
  });

  test('keeps its customer, and a report that customers may get, while it names a role', async () => {
    const schedule = await setUp();
    expect(schedule).toMatchObject({ recipients: [], recipientRoles: ['billing'] });
    const of = `${path}/${schedule.id}`;
    expect((await patch(of, { customerId: null })).body.code).toBe('roles-need-customer');
    expect((await patch(of, { report: 'travel-expenses' })).body.code).toBe('report-not-for-customers');
    expect((await patch(of, { recipientRoles: [] })).body.errors[0].pointer).toBe('/recipients');
    const recipients = [{ name: 'A', email: 'a@b.example' }];
    const changed = must(await patch(of, { recipientRoles: [], recipients, customerId: null }));
    expect(changed).toMatchObject({ recipients, recipientRoles: [], customerId: null });
    await end(schedule);
  });

  test('is refused by the database without a customer, without a recipient, or with an unknown role', async () => {
    const schedule = await setUp();
    const broken = async (change: string): Promise<string> =>
      service.database
        .write((tx) => tx.query(`update report_schedules set ${change} where id = $1`, [schedule.id]))
        .then(() => 'accepted', String);
    expect(await broken('customer_id = null')).toContain('report_schedules_roles_of_a_customer');
    expect(await broken(`recipient_roles = '{}'`)).toContain('report_schedules_have_recipients');
    expect(await broken(`recipient_roles = '{boss}'`)).toContain('report_schedules_roles_known');
    await end(schedule);
  });
});

test('each contact that has the role on that day gets the report once, in its language, with the data that the customer may see', async () => {
  must(await patch(`/v1/customers/${contract.customerId}`, { code: 'C-0815' }));
  const [leaving, both, fresh, other] = [
    contact('billing'),
    contact('usage', 'billing'),
    contact('billing'),
    contact('usage'),
  ];
  await setContacts(leaving, both, other);
  const reader = { name: 'Reader', email: 'reader@vendor.example' };
  const listedToo = { name: 'Listed', email: both.email.toUpperCase() };
  const schedule = await setUp({ recipients: [reader, listedToo] });
  expect((await deliveries(schedule)).sort()).toEqual(
    [reader, leaving, both].map(({ email }) => `2026-11 planned ${email}`).sort(),
  );
  await setContacts(both, fresh, other);

  // Two instances run the jobs twice each, all at the same time.
  const instance = await startService({ databaseUrl: service.databaseUrl, env: { SMTP_URL: server.url } });
  try {
    await service.clock.advanceTo(new Date('2026-11-01T00:00:00Z'));
    const atOnce = [service, instance].flatMap(({ baseUrl, adminToken }) =>
      [1, 2].map(async () => {
        const { post } = api(baseUrl, adminToken);
        must(await post('/v1/jobs/scheduled-reports/run'));
        return post('/v1/jobs/mail-delivery/run');
      }),
    );
    await Promise.all(atOnce);
  } finally {
    await instance.stop();
  }
  await advance(service, '2026-11-01T00:01:00Z');
  const got = (await reportMails()).map(recipientOf).sort();
  expect(got).toEqual([reader.email, both.email, fresh.email].sort());

  const october = 'from=2026-10-01&to=2026-10-31&format=csv';
  const customersOwn = await exported(contract.customer, `${october}&headings=ja`);
  for (const { name, email } of [both, fresh]) {
    const [mail] = await mailsTo(email);
    expect(mail!.subject).toBe('【TRM】作業明細（2026年10月1日～2026年10月31日）');
    expect(mail!.attachments[0]!.content.equals(customersOwn)).toBe(true);
    for (const words of [`${name} 様`, '顧客コード：C-0815', 'ご連絡先宛てに']) expect(wordsOf(mail!)).toContain(words);
  }
  const [toReader] = await mailsTo(reader.email);
  expect(wordsOf(toReader!)).toContain('It shows the data');
  expect(wordsOf(toReader!)).toMatch(/Customer code: +C-0815/);
  await end(schedule);
});

test('a role without a contact is reported once to the owner and the operator, and the next month is sent', async () => {
  await setContacts(contact('usage'));
  const owner = await addressOf(finance);
  // The owner is also a recipient, so it gets the report and the notice.
  const schedule = await setUp({
    recipients: [{ name: 'Finance', email: owner }],
    recipientRoles: ['billing', 'renewal'],
  });
  await advance(service, '2026-12-01T00:00:00Z');
  await advance(service, '2026-12-02T00:00:00Z');
  expect((await mailsTo(owner)).map(({ attachments }) => attachments.length).sort()).toEqual([0, 1]);
  for (const address of [owner, operator]) {
    const notices = (await mailsTo(address)).filter(({ attachments }) => attachments.length === 0);
    expect(notices.map(({ subject }) => subject)).toEqual([
      expect.stringContaining('no recipient for the report “Usage lines”, 2026-11-01 to 2026-11-30'),
    ]);
    for (const words of ['has no contact with one of the roles below', 'billing, renewal', schedule.id, '/run']) {
      expect(wordsOf(notices[0]!)).toContain(words);
    }
  }
  expect(await mailsTo(operator)).toHaveLength(1);

  // A run on request sends the report to the contacts that have the role by then, and its answer counts the mails.
  const billing = contact('billing');
  expect(must(await finance.post(`${path}/${schedule.id}/run`))).toEqual({ mails: 1 });
  await setContacts(billing, contact('renewal'));
  expect(must(await finance.post(`${path}/${schedule.id}/run`))).toEqual({ mails: 3 });
  await advance(service, '2027-01-01T00:00:00Z');
  expect(await mailsTo(billing.email)).toHaveLength(2);
  expect(await mailsTo(operator)).toHaveLength(2);
  await end(schedule);
});

test('a CSM’s report to a customer shows only what the CSM may see, and is not sent once the CSM has no contract with the customer', async () => {
  const billing = contact('billing');
  await setContacts(billing);
  const period = 'everything';
  const mine = await setUp({ format: 'json', period }, otherCsm);
  must(await otherCsm.post(`${path}/${mine.id}/run`));
  await advance(service, '2027-01-01T00:01:00Z');
  const rowsOf = ({ attachments }: ParsedMail) => JSON.parse(attachments[0]!.content.toString());
  const [first] = await mailsTo(billing.email);
  expect(rowsOf(first!)).toMatchObject({ rowCount: 1, totalMinutes: 30 });

  const second = (rowsOf(first!).data as Json[])[0]!.subscriptionId as string;
  await service.database.write((tx) =>
    tx.query('update subscriptions set csm_id = $2 where id = $1', [second, contract.csm.id]),
  );
  must(await otherCsm.post(`${path}/${mine.id}/run`));
  await advance(service, '2027-01-01T00:02:00Z');
  expect(await mailsTo(billing.email)).toHaveLength(1);
  for (const address of [await addressOf(otherCsm), operator]) {
    expect(wordsOf((await mailsTo(address)).at(-1)!)).toContain('may no longer send it to this customer');
  }
  await end(mine);
});

test('the link of a contact becomes invalid when the contact loses the role, and when the schedule is changed to another customer', async () => {
  const billing = contact('billing');
  await setContacts(billing);
  await service.database.write((tx) =>
    tx.query(
      `insert into time_entries (id, subscription_id, term_id, work_date, minutes, consultant_id, product_line_id, activity,
         delivery, summary, package, accounting_month, recorded_at, recorded_by)
       select gen_random_uuid(), $1, t.id, date '2026-12-01' + n % 30, 1 + n % 97, $2, $3, 'upgrade', 'remote',
         n || repeat('x', 1900), 'premier', '2026-12', now(), $4
       from generate_series(1, 3000) as n cross join terms t where t.subscription_id = $1 and t.status = 'open'`,
      [contract.id, contract.consultantIds[0], contract.productLineIds[0], contract.csm.id],
    ),
  );
  const schedule = await setUp({ format: 'json' });
  must(await finance.post(`${path}/${schedule.id}/run`));
  await advance(service, '2027-01-01T00:03:00Z');
  const [mail] = await mailsTo(billing.email);
  const link = /http:\/\/trm\.test(\/reports\/\S+)/.exec(mail!.text!)![1]!;
  const statusOfLink = async (): Promise<number[]> => {
    const page = await fetch(`${service.baseUrl}${link}`);
    const file = await fetch(`${service.baseUrl}${link}/file`);
    const content = Buffer.from(await file.arrayBuffer());
    if (file.status === 200) {
      expect(content.equals(await exported(contract.customer, 'from=2026-12-01&to=2026-12-31&format=json'))).toBe(true);
    }
    return [page.status, file.status];
  };
  expect(await statusOfLink()).toEqual([200, 200]);
  await setContacts({ ...billing, roles: ['usage'] });
  expect(await statusOfLink()).toEqual([404, 404]);
  await setContacts(billing);
  expect(await statusOfLink()).toEqual([200, 200]);

  const elsewhere = { name: 'Other customer', locale: 'en', timeZone: 'Asia/Tokyo', contacts: [billing] };
  const { id: customerId } = must(await admin.post('/v1/customers', elsewhere), 201);
  must(await patch(`${path}/${schedule.id}`, { customerId }));
  expect(await statusOfLink()).toEqual([404, 404]);
  await end(schedule);
});
