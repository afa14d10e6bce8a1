import { Logger } from '@nestjs/common';
import { simpleParser } from 'mailparser';
import type { Json } from '../support/client.js';
import { MailServer, type ReceivedMessage } from '../support/mail-server.js';
import { advance, mailsOf, renewingContract, type RenewingContract } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';

/** Reports about mails to a customer's contacts that failed permanently, and about customers without contacts (§11). */

const operator = 'operator@trm.example';

let server: MailServer;
let service: TestService;

beforeAll(async () => {
  Logger.overrideLogger(false);
  server = await MailServer.start();
});
afterAll(() => server.stop());

beforeEach(async () => {
  server.behaviours.clear();
  server.received.length = 0;
  service = await startService({
    clock: '2026-04-01T03:00:00Z',
    env: { SMTP_URL: server.url, OPERATOR_EMAIL: operator },
  });
});
afterEach(() => service.stop());

const refuse = (address: string, responseCode: number): void =>
  void server.behaviours.set(address, { at: 'recipient', responseCode });

/** The subscription's reports of undeliverable mails, as `role status`. */
async function reports({ id, csm }: RenewingContract): Promise<string[]> {
  const { data } = (await csm.get(`/v1/subscriptions/${id}/reminders?limit=200`)).body;
  return (data as Json[])
    .filter(({ kind }) => kind === 'mail-undeliverable')
    .map(({ recipient, status }) => `${recipient.role} ${status}`);
}

const csmAddress = async ({ csm }: RenewingContract): Promise<string> => (await csm.get('/v1/me')).body.email;

const textOf = async ({ raw }: ReceivedMessage): Promise<string> =>
  (await simpleParser(raw)).text!.replace(/\s+/g, ' ');

const firstReminderAt = '2026-12-31T00:00:00Z';
const secondReminderAt = '2027-01-15T00:00:00Z';

test('the CSM and the operator get a report of a permanent refusal at once, with the contact and the server’s answer', async () => {
  const contract = await renewingContract(service, { startsOn: '2026-04-01', locale: 'en', contacts: 2 });
  const [working, refused] = contract.contacts;
  refuse(refused!, 550);
  await advance(service, firstReminderAt);
  expect(server.receivedBy(working!)).toHaveLength(1);
  expect(await reports(contract)).toEqual(['csm sent', 'operator sent']);
  for (const address of [await csmAddress(contract), operator]) {
    const report = server.receivedBy(address).at(-1)!;
    const { subject } = await simpleParser(report.raw);
    expect(subject).toContain(`Mail to ${refused} could not be delivered`);
    const text = await textOf(report);
    for (const part of ['Contact 2', refused!, '550', 'refused it permanently', '/resend'])
      expect(text).toContain(part);
  }
});

test('a refused contact is reported once in each term', async () => {
  const contract = await renewingContract(service, { startsOn: '2026-04-01', contacts: 2 });
  for (const address of contract.contacts) refuse(address, 550);
  await advance(service, firstReminderAt);
  expect(await reports(contract)).toEqual(['csm sent', 'operator sent', 'csm sent', 'operator sent']);
  await advance(service, '2027-03-30T00:00:00Z');
  expect(await reports(contract)).toHaveLength(4);
  // No reminder reached a contact. The CSM and the operator get a separate mail about that.
  expect((await mailsOf(contract)).filter((mail) => mail.startsWith('reminders-undelivered'))).toHaveLength(2);
  await advance(service, '2028-01-02T00:00:00Z');
  expect(await reports(contract)).toHaveLength(8);
});

test('a mail that fails after its last retry is reported, and a mail that arrives on a retry is not', async () => {
  const contract = await renewingContract(service, { startsOn: '2026-04-01', locale: 'en', contacts: 2 });
  const [slow, busy] = contract.contacts;
  for (const address of [slow!, busy!]) refuse(address, 451);
  await advance(service, '2027-01-02T23:00:00Z');
  expect(await reports(contract)).toEqual([]);
  server.behaviours.delete(busy!);
  await advance(service, '2027-01-04T00:00:00Z');
  expect(await reports(contract)).toEqual(['csm sent', 'operator sent']);
  expect(await textOf(server.receivedBy(operator).at(-1)!)).toMatch(new RegExp(`retried several times.*${slow}.*451`));
});

test('a reminder whose retries fail until the notice deadline passes is reported too', async () => {
  const contract = await renewingContract(service, { startsOn: '2026-04-01', contacts: 2 });
  const [working, slow] = contract.contacts;
  await advance(service, '2027-01-29T00:00:00Z');
  refuse(slow!, 451);
  // The next attempt would be after the deadline.
  await advance(service, '2027-01-30T16:00:00Z');
  expect(server.receivedBy(working!).length).toBeGreaterThan(3);
  expect(await reports(contract)).toEqual(['csm sent', 'operator sent']);
});

test('a failed usage mail is reported too, but a failed mail to the CSM or the operator is not', async () => {
  const contract = await renewingContract(service, { startsOn: '2026-04-01' });
  const usage = { name: 'Usage', email: 'usage@customer.example', roles: ['usage'] };
  const path = `/v1/customers/${contract.customerId}`;
  const { headers, body } = await contract.csm.get(path);
  const contacts = [...body.contacts, usage];
  const patched = await contract.csm.patch(path, { contacts }, { 'if-match': headers.get('etag')! });
  expect(patched.status).toBe(200);
  for (const address of [usage.email, await csmAddress(contract), operator]) refuse(address, 550);
  await advance(service, '2026-05-02T00:00:00Z');
  expect(await reports(contract)).toEqual(['csm failed', 'operator failed']);
  await advance(service, '2026-07-02T00:00:00Z');
  expect(await reports(contract)).toHaveLength(2);
});

test('a failure that was not reported when the service stopped is reported by the next run', async () => {
  const contract = await renewingContract(service, { startsOn: '2026-04-01' });
  refuse(contract.contacts[0]!, 550);
  await advance(service, firstReminderAt);
  const markUnreported = `update mails set failure_due_at = queued_at where recipient_role = 'customer' and status = 'failed'`;
  // A process that is killed after the failure and before its report leaves the mail like this.
  const moment = service.clock.now();
  await service.database.write((tx) => tx.query(`${markUnreported} and subscription_id = $1`, [contract.id]));
  const due = await contract.admin.get('/v1/jobs');
  expect((due.body.jobs as Json[]).find(({ name }) => name === 'mail-delivery').nextDueAt).toBe(moment.toISOString());
  await contract.admin.post('/v1/jobs/mail-delivery/run');
  expect(await reports(contract)).toEqual(['csm sent', 'operator sent']);
});

test('without a renewal contact, the CSM gets one mail about it, and reminders start when a contact is added', async () => {
  const contract = await renewingContract(service, { startsOn: '2026-04-01', contacts: 0, locale: 'en' });
  await advance(service, secondReminderAt);
  expect(await mailsOf(contract)).toEqual(['renewal-contact-missing csm sent']);
  const subjects = await Promise.all(server.received.map(async ({ raw }) => (await simpleParser(raw)).subject!));
  expect(subjects.filter((subject) => subject.includes('No contact for the renewal'))).toHaveLength(1);
  expect(subjects.filter((subject) => subject.includes('last day for a notice'))).toEqual([]);

  const path = `/v1/customers/${contract.customerId}`;
  const { headers } = await contract.csm.get(path);
  const contacts = [{ name: 'New', email: 'new@customer.example', roles: ['renewal'] }];
  await contract.csm.patch(path, { contacts }, { 'if-match': headers.get('etag')! });
  expect(await mailsOf(contract)).toEqual([
    'renewal-contact-missing csm sent',
    ...['renewal-reminder-67 customer planned', 'renewal-reminder-67 csm planned'],
    ...['renewal-reminder-60 customer planned', 'renewal-reminder-60 csm planned'],
  ]);
  await advance(service, '2027-01-23T00:00:00Z');
  expect((await mailsOf(contract)).slice(0, 3)).toEqual([
    'renewal-contact-missing csm sent',
    ...['renewal-reminder-67 customer sent', 'renewal-reminder-67 csm sent'],
  ]);
});

test('without a contact until the deadline, the confirmation to the CSM says that the customer did not get it', async () => {
  const contract = await renewingContract(service, { startsOn: '2026-04-01', contacts: 0, locale: 'en' });
  await advance(service, '2027-02-01T00:00:00Z');
  expect(await mailsOf(contract)).toEqual(
    expect.arrayContaining([
      'renewal-contact-missing csm sent',
      'renewal-locked csm sent',
      'reminders-undelivered csm sent',
      'reminders-undelivered operator sent',
    ]),
  );
  for (const message of server.received) expect(await textOf(message)).not.toContain('your copy');
  const texts = await Promise.all(server.received.map(textOf));
  expect(texts.filter((text) => text.includes('not sent to anyone at the customer'))).toHaveLength(1);
});
