import { Logger } from '@nestjs/common';
import { newId } from '../../src/platform/ids.js';
import type { Api, Json } from '../support/client.js';
import { MailServer } from '../support/mail-server.js';
import { person, type Person } from '../support/people.js';
import { advance, renewingContract, type RenewingContract } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';

/** The list of all mails: which mails a user sees, and which mails can be sent again. */

let server: MailServer;
let service: TestService;
/** Mails to its first contact arrive. The server of its second contact refuses them permanently. */
let aoi: RenewingContract;
/** The server of its first contact defers mails. The server of its second contact closes the connection without an answer. */
let midori: RenewingContract;
let finance: Person;

const listed = async (who: Api, query = ''): Promise<Json[]> => {
  const { status, body } = await who.get(`/v1/mails?limit=200${query}`);
  expect(status).toBe(200);
  return body.data as Json[];
};
const addresses = (mails: readonly Json[]): string[] =>
  [...new Set(mails.map(({ recipient }) => recipient.address))].sort();

beforeAll(async () => {
  Logger.overrideLogger(false);
  server = await MailServer.start();
  service = await startService({
    clock: '2026-04-01T03:00:00Z',
    env: { SMTP_URL: server.url, OPERATOR_EMAIL: 'operator@trm.example' },
  });
  aoi = await renewingContract(service, { startsOn: '2026-04-01', contacts: 2 });
  midori = await renewingContract(service, { startsOn: '2026-04-02', contacts: 2 });
  finance = await person(service, 'finance');
  server.behaviours.set(aoi.contacts[1]!, { at: 'recipient', responseCode: 550 });
  server.behaviours.set(midori.contacts[0]!, { at: 'recipient', responseCode: 451 });
  server.behaviours.set(midori.contacts[1]!, { at: 'after-data' });
  // The first reminders leave on 2026-12-31 and 2027-01-01.
  await advance(service, '2027-01-01T00:00:00Z');
});
afterAll(async () => {
  await service.stop();
  await server.stop();
});

test('the list has the mails of all subscriptions, newest first, with customer, recipient and every attempt', async () => {
  const mails = await listed(aoi.admin);
  const times = mails.map(({ plannedAt }) => plannedAt as string);
  expect(times).toEqual([...times].sort().reverse());
  const [refused] = mails.filter(({ recipient }) => recipient.address === aoi.contacts[1]);
  expect(refused).toMatchObject({
    kind: 'renewal-reminder-90',
    outcome: 'failed',
    status: 'failed',
    delivered: false,
    customerId: aoi.customerId,
    subscriptionId: aoi.id,
    reportScheduleId: null,
    recipient: { role: 'customer' },
    attempts: 1,
    attemptLog: [{ number: 1, outcome: 'refused', answer: expect.stringContaining('550') as string }],
  });
});

test('the pages of the list have every mail once', async () => {
  const all = await listed(aoi.admin);
  const paged: Json[] = [];
  for (let cursor = ''; ;) {
    const { body } = await aoi.admin.get(`/v1/mails?limit=3${cursor}`);
    paged.push(...(body.data as Json[]));
    if (body.nextCursor === null) break;
    cursor = `&cursor=${body.nextCursor}`;
  }
  expect(paged.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
});

test('the list can be filtered by outcome', async () => {
  const contacts = (mails: readonly Json[]) =>
    addresses(mails.filter(({ recipient }) => recipient.role === 'customer'));
  expect(contacts(await listed(aoi.admin, '&outcome=sent'))).toEqual([aoi.contacts[0]]);
  expect(contacts(await listed(aoi.admin, '&outcome=failed'))).toEqual([aoi.contacts[1]]);
  expect(contacts(await listed(aoi.admin, '&outcome=waiting'))).toEqual([midori.contacts[0]]);
  expect(contacts(await listed(aoi.admin, '&outcome=uncertain'))).toEqual([midori.contacts[1]]);
  expect(await listed(aoi.admin, '&outcome=filed')).toEqual([]);
});

test('the list can be filtered by customer, and by days in the zone of the vendor', async () => {
  const ofAoi = await listed(aoi.admin, `&customerId=${aoi.customerId}`);
  expect([...new Set(ofAoi.map(({ customerId }) => customerId))]).toEqual([aoi.customerId]);
  expect(await listed(aoi.admin, `&customerId=${newId()}`)).toEqual([]);
  // Reminders leave at 09:00 in Tokyo: Aoi’s on the last day of the year, Midori’s on the next day.
  const reminders = async (range: string) =>
    (await listed(aoi.admin, range))
      .filter(({ kind }) => kind === 'renewal-reminder-90')
      .map(({ customerId }) => customerId);
  expect(new Set(await reminders('&from=2027-01-01&to=2027-01-01'))).toEqual(new Set([midori.customerId]));
  expect(new Set(await reminders('&to=2026-12-31'))).toEqual(new Set([aoi.customerId]));
  expect(await reminders('&from=2027-01-02')).toEqual([]);
});

test.each([
  'outcome=lost',
  'from=2027-02-30',
  'from=2027-01-02&to=2027-01-01',
  'customerId=1',
  'colour=red',
  'cursor=x',
])('the list refuses ?%s', async (query) => {
  expect((await aoi.admin.get(`/v1/mails?${query}`)).status).toBe(400);
});

test('a CSM sees the mails of the CSM’s customers, finance sees all, and a customer sees the mails to its contacts', async () => {
  const customers = (mails: readonly Json[]) => [...new Set(mails.map(({ customerId }) => customerId))].sort();
  expect(customers(await listed(aoi.csm))).toEqual([aoi.customerId]);
  expect(await listed(await person(service, 'csm'))).toEqual([]);
  expect(customers(await listed(finance))).toEqual([aoi.customerId, midori.customerId].sort());
  expect(addresses(await listed(aoi.customer))).toEqual([...aoi.contacts].sort());
  expect((await aoi.customer.get('/v1/mails')).body.mailHold).toBeNull();
  expect((await aoi.csm.get('/v1/mails')).body.mailHold).toMatchObject({ held: false });
});

test('the list shows neither personal links nor texts of mails', async () => {
  for (const who of [aoi.admin, aoi.customer]) {
    const answer = JSON.stringify((await who.get('/v1/mails?limit=200')).body);
    expect(answer).not.toMatch(/\/decline\/|いつもお世話になっております|facts/);
  }
});

test('a mail with a report is listed for the owner of its schedule, who can send it again', async () => {
  const schedule = {
    report: 'usage-summary',
    format: 'csv',
    dayOfMonth: 1,
    locale: 'en',
    recipients: [{ name: 'Reader', email: 'reader@elsewhere.example' }],
  };
  const entered = await aoi.csm.post('/v1/report-schedules', schedule);
  expect(entered.status).toBe(201);
  server.behaviours.set('reader@elsewhere.example', { at: 'recipient', responseCode: 550 });
  await aoi.csm.post(`/v1/report-schedules/${entered.body.id}/run`);
  await aoi.admin.post('/v1/jobs/mail-delivery/run');
  const ofReader = async (who: Api) =>
    (await listed(who, '&outcome=failed')).filter(({ recipient }) => recipient.role === 'reader');
  const [failed] = await ofReader(aoi.csm);
  expect(failed).toMatchObject({ reportScheduleId: entered.body.id, subscriptionId: null, termId: null });
  expect(await ofReader(finance)).toHaveLength(1);
  expect(await ofReader(midori.csm)).toEqual([]);
  expect((await midori.csm.post(`/v1/mails/${failed.id}/resend`)).status).toBe(404);
  server.behaviours.delete('reader@elsewhere.example');
  expect((await aoi.csm.post(`/v1/mails/${failed.id}/resend`)).body.outcome).toBe('waiting');
  await aoi.admin.post('/v1/jobs/mail-delivery/run');
  expect(server.receivedBy('reader@elsewhere.example')).toHaveLength(1);
});

describe('sending a mail again', () => {
  const mailTo = async (address: string): Promise<Json> =>
    (await listed(aoi.admin)).find(({ recipient }) => recipient.address === address);
  const resend = async (address: string, who: Api = aoi.admin) => {
    const { status, body } = await who.post(`/v1/mails/${(await mailTo(address)).id}/resend`);
    return [status, body.code ?? body.outcome];
  };

  test('is refused to finance, customers and other CSMs', async () => {
    const [address] = [aoi.contacts[1]!];
    expect(await resend(address, finance)).toEqual([403, 'forbidden']);
    expect(await resend(address, aoi.customer)).toEqual([403, 'forbidden']);
    expect(await resend(address, midori.csm)).toEqual([404, 'not-found']);
    expect((await aoi.admin.post(`/v1/mails/${newId()}/resend`)).status).toBe(404);
  });

  test('is refused while the mail waits, and after it was sent', async () => {
    expect(await resend(aoi.contacts[0]!)).toEqual([409, 'mail-not-failed']);
    expect(await resend(midori.contacts[0]!)).toEqual([409, 'mail-not-failed']);
  });

  test('is possible if the outcome is uncertain, and keeps the Message-ID', async () => {
    const [address] = [midori.contacts[1]!];
    const { messageId } = await mailTo(address);
    server.behaviours.delete(address);
    expect(await resend(address, midori.csm)).toEqual([200, 'waiting']);
    await aoi.admin.post('/v1/jobs/mail-delivery/run');
    const mail = await mailTo(address);
    expect(mail).toMatchObject({ outcome: 'sent', messageId });
    expect((mail.attemptLog as Json[]).map(({ outcome }) => outcome)).toEqual(['uncertain', 'accepted']);
    expect(new Set(server.receivedBy(address).map((message) => message.messageId))).toEqual(
      new Set([`<${messageId}>`]),
    );
  });

  test('is possible once after a failure, and keeps all attempts', async () => {
    const [address] = [aoi.contacts[1]!];
    expect(await resend(address, aoi.csm)).toEqual([200, 'waiting']);
    expect(await resend(address, aoi.csm)).toEqual([409, 'mail-not-failed']);
    await aoi.admin.post('/v1/jobs/mail-delivery/run');
    expect(await mailTo(address)).toMatchObject({ outcome: 'failed', attempts: 2 });
  });

  test('is refused for a reminder after a notice or after the deadline', async () => {
    const notice = { party: 'customer', signedBy: '山田 太郎', channel: 'portal' };
    const reminderTo = async (address: string): Promise<string> =>
      (await listed(aoi.admin)).find(
        ({ kind, recipient }) => kind === 'renewal-reminder-90' && recipient.address === address,
      ).id as string;
    const ofAoi = await reminderTo(aoi.contacts[1]!);
    await aoi.customer.post(`/v1/subscriptions/${aoi.id}/non-renewal-notices`, notice);
    const ofMidori = await reminderTo(midori.contacts[0]!);
    await advance(service, '2027-02-03T00:00:00Z');
    for (const id of [ofAoi, ofMidori]) {
      const { status, body } = await aoi.admin.post(`/v1/mails/${id}/resend`);
      expect([status, body.code]).toEqual([409, 'mail-no-longer-true']);
    }
  });
});

test('a mail that was written to a file counts as filed, not as sent', async () => {
  const filing = await startService({ clock: '2026-04-01T03:00:00Z' });
  const contract = await renewingContract(filing, { startsOn: '2026-04-01' });
  await advance(filing, '2026-12-31T00:00:00Z');
  const filed = await listed(contract.admin, '&outcome=filed');
  expect(addresses(filed)).toContain(contract.contacts[0]);
  for (const mail of filed) {
    expect(mail).toMatchObject({ outcome: 'filed', delivered: false, attemptLog: [{ outcome: 'filed' }] });
  }
  expect(await listed(contract.admin, '&outcome=sent')).toEqual([]);
  await filing.stop();
});
