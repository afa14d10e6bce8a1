import type { AddressInfo } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { MailQueue } from '../../src/platform/mail/mail-queue.js';
import { startService, type TestService } from '../support/service.js';
import { advance, mailsOf, renewingContract } from '../support/renewal.js';

interface Refusing {
  responseCode: number;
  at: 'recipient' | 'data';
}

let server: SMTPServer;
let service: TestService;
let received: ParsedMail[];
/** How the server answers: to those who are named here it says no. */
let refusing: Map<string, Refusing>;

beforeEach(async () => {
  received = [];
  refusing = new Map();
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo: ({ address }, _session, callback) => callback(refusalOf(address, 'recipient')),
    onData: (stream, session, callback) => {
      void simpleParser(stream).then((mail) => {
        const refused = session.envelope.rcptTo.map(({ address }) => refusalOf(address, 'data')).find((error) => error);
        if (!refused) received.push(mail);
        callback(refused);
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  service = await startService({
    clock: '2026-12-30T00:00:00Z',
    env: { SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: 'TRM デスク <trm@vendor.example>' },
  });
});
afterEach(async () => {
  await service.stop();
  await new Promise<void>((resolve) => server.close(resolve));
});

function refusalOf(address: string, at: Refusing['at']): Error | null {
  const found = refusing.get(address);
  return found?.at === at ? Object.assign(new Error('not now'), { responseCode: found.responseCode }) : null;
}

test('reminders arrive at a mail server in both languages, each at one recipient', async () => {
  const ja = await renewingContract(service, { startsOn: '2026-04-01', contacts: 2 });
  const en = await renewingContract(service, { startsOn: '2026-04-01', locale: 'en' });
  await advance(service, '2026-12-31T00:00:00Z');

  expect(received).toHaveLength(5);
  const shown = received.map(({ from, to, subject }) => ({ from, to: [to].flat(), subject }));
  expect(shown.every(({ to }) => to.flatMap((each) => each!.value).length === 1)).toBe(true);
  expect(shown[0]!.from!.value).toEqual([{ name: 'TRM デスク', address: 'trm@vendor.example' }]);
  const mailTo = (address: string) => received.find(({ to }) => [to].flat()[0]!.value[0]!.address === address)!;
  expect(mailTo(ja.contacts[1]!).subject).toContain('【TRM】ベーシック 契約更新のご案内');
  expect(mailTo(ja.contacts[1]!).text).toContain('山田 太郎2 様');
  expect(mailTo(en.contacts[0]!).text).toContain('Dear Contact 1');
  expect(new Set(received.map(({ messageId }) => messageId)).size).toBe(5);
  const { data } = (await ja.csm.get(`/v1/subscriptions/${ja.id}/reminders`)).body;
  expect(data[0]).toMatchObject({
    status: 'sent',
    attempts: 1,
    messageId: expect.stringMatching(/@vendor\.example$/) as string,
  });
});

test('a mail that the server puts off is tried again at growing pauses, under the same Message-ID', async () => {
  const contract = await renewingContract(service, { startsOn: '2026-04-01' });
  refusing.set(contract.contacts[0]!, { responseCode: 451, at: 'data' });
  await advance(service, '2026-12-31T00:20:00Z');
  const [waiting] = (await contract.csm.get(`/v1/subscriptions/${contract.id}/reminders`)).body.data;
  expect(waiting).toMatchObject({
    status: 'queued',
    attempts: 3,
    nextAttemptAt: '2026-12-31T00:21:00.000Z',
    lastError: expect.stringContaining('451') as string,
  });
  refusing.clear();
  await advance(service, '2026-12-31T00:21:00Z');
  expect((await mailsOf(contract)).slice(0, 2)).toEqual([
    'renewal-reminder-90 customer sent',
    'renewal-reminder-90 csm sent',
  ]);
  expect(received.map(({ messageId }) => messageId)).toContain(`<${waiting.messageId}>`);
  expect(received).toHaveLength(2);
});

test('after three days without success a mail is given up', async () => {
  const contract = await renewingContract(service, { startsOn: '2026-04-01', timeZone: 'UTC' });
  refusing.set(contract.contacts[0]!, { responseCode: 451, at: 'recipient' });
  await advance(service, '2027-01-02T00:00:00Z');
  expect((await mailsOf(contract))[0]).toBe('renewal-reminder-90 customer queued');
  await advance(service, '2027-01-03T23:00:00Z');
  expect((await mailsOf(contract))[0]).toBe('renewal-reminder-90 customer failed');
});

test('what the server will never take is given up at once, and shown', async () => {
  const contract = await renewingContract(service, { startsOn: '2026-04-01', contacts: 2 });
  refusing.set(contract.contacts[0]!, { responseCode: 550, at: 'recipient' });
  await advance(service, '2026-12-31T00:00:00Z');
  const { data } = (await contract.csm.get(`/v1/subscriptions/${contract.id}/reminders`)).body;
  expect(data[0]).toMatchObject({ status: 'failed', attempts: 1, lastError: expect.stringContaining('550') as string });
  expect(received).toHaveLength(2);
});

test('without a server mails wait, and nothing is lost', async () => {
  const contract = await renewingContract(service, { startsOn: '2026-04-01' });
  const { port } = server.server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(resolve));
  await advance(service, '2026-12-31T00:00:00Z');
  expect((await mailsOf(contract)).slice(0, 2)).toEqual([
    'renewal-reminder-90 customer queued',
    'renewal-reminder-90 csm queued',
  ]);
  await new Promise<void>((resolve) => {
    server = new SMTPServer(server.options);
    server.listen(port, '127.0.0.1', resolve);
  });
  await advance(service, '2026-12-31T00:01:00Z');
  expect(received).toHaveLength(2);
});

test('an attempt that never came to an end is made again, under the same Message-ID', async () => {
  const contract = await renewingContract(service, { startsOn: '2026-04-01' });
  await service.clock.advanceTo(new Date('2026-12-31T00:00:00Z'));
  await contract.admin.post('/v1/jobs/renewal-reminders/run');
  // As a process that is killed after it has begun to send leaves it.
  const [killed] = await service.database.write((tx) =>
    tx.query<{ messageId: string }>(
      `update mails set status = 'sending', attempts = 1, attempt_started_at = now()
       where recipient_role = 'customer' returning message_id as "messageId"`,
    ),
  );
  const counts = await service.app.get(MailQueue).runDue(service.clock.now());
  expect(counts).toEqual({ sent: 2, retried: 0, failed: 0, uncertain: 1 });
  expect(received.map(({ messageId }) => messageId)).toContain(`<${killed!.messageId}>`);
});

test('two deliveries at once hand over each mail once', async () => {
  for (let at = 0; at < 3; at++) await renewingContract(service, { startsOn: '2026-04-01', contacts: 3 });
  await service.clock.advanceTo(new Date('2026-12-31T00:00:00Z'));
  const admin = (await renewingContract(service, {})).admin;
  await admin.post('/v1/jobs/renewal-reminders/run');
  const runs = await Promise.all([1, 2].map(() => admin.post('/v1/jobs/mail-delivery/run')));
  expect(runs.map(({ status }) => status)).toEqual([200, 200]);
  expect(received).toHaveLength(12);
  expect(new Set(received.map(({ messageId }) => messageId)).size).toBe(12);
});
