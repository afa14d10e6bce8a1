import { createHash } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { simpleParser } from 'mailparser';
import { Database } from '../../src/platform/database/database.js';
import { newId } from '../../src/platform/ids.js';
import { DeclineLinks } from '../../src/features/notices/decline-link.js';
import { MailQueue } from '../../src/platform/mail/mail-queue.js';
import { MailStore, type MailEvidence, type MailToQueue } from '../../src/platform/mail/mail.store.js';
import { LivenessLock } from '../../src/platform/database/liveness-lock.js';
import { person } from '../support/people.js';
import type { Json } from '../support/client.js';
import { MailServer } from '../support/mail-server.js';
import { advance, renewingContract, type RenewingContract } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';

/** Mails of kinds that exist only here, from the queue to a real mail server. Each test begins an hour after the last one. */

let server: MailServer;
let service: TestService;
let contract: RenewingContract;
let termId: string;
let mails: MailQueue;
/** Runs whenever a mail is written, and may fail. */
let onWrite: (name: string) => Promise<void>;

beforeAll(async () => {
  Logger.overrideLogger(false);
  server = await MailServer.start();
  service = await startService({
    clock: '2026-04-01T00:00:00Z',
    env: { SMTP_URL: server.url, MAIL_FROM: 'TRM デスク <trm@vendor.example>' },
  });
  contract = await renewingContract(service, { startsOn: '2026-04-01' });
  termId = (await contract.csm.get(`/v1/subscriptions/${contract.id}/terms`)).body.data[0].id;
  mails = service.app.get(MailQueue);
  mails.writtenBy({
    writes: (kind) => kind.startsWith('test-'),
    write: async (_tx, { recipientName, facts }) => {
      await onWrite(recipientName);
      const { about } = facts as { about: string };
      return { subject: `About ${about}`, text: `Dear ${recipientName}`, html: '', pictures: [], attachments: [] };
    },
  });
});
afterAll(async () => {
  await service.stop();
  await server.stop();
});
beforeEach(async () => {
  server.behaviours.clear();
  server.received.length = 0;
  server.beforeAccepting = () => Promise.resolve();
  onWrite = () => Promise.resolve();
  await advance(service, later(60));
});

const later = (minutes: number): string => new Date(service.clock.now().getTime() + minutes * 60_000).toISOString();

/** Queues a mail to each of these names, and returns their addresses. */
async function queue(
  names: readonly string[],
  more: Partial<Extract<MailToQueue, { termId: string }>> = {},
): Promise<string[]> {
  const occasion = newId();
  const mailsToQueue = names.map((name): MailToQueue => {
    const recipientAddress = `${name}-${occasion.slice(-12)}@customer.example`;
    const facts = { about: name };
    return {
      ...{ kind: 'test-news', subscriptionId: contract.id, termId, occasion, recipientRole: 'customer', locale: 'en' },
      ...{ recipientName: name, recipientAddress, facts, validUntil: null },
      ...more,
    };
  });
  await service.database.write((tx) => mails.queue(tx, mailsToQueue, service.clock.now()));
  return mailsToQueue.map(({ recipientAddress }) => recipientAddress);
}

const deliver = () => mails.runDue(service.clock.now());

async function shown(address: string): Promise<Json> {
  const all: Json[] = [];
  for (let cursor = ''; cursor !== 'null';) {
    const { body } = await contract.csm.get(`/v1/subscriptions/${contract.id}/reminders?limit=200${cursor}`);
    all.push(...(body.data as Json[]));
    cursor = body.nextCursor === null ? 'null' : `&cursor=${body.nextCursor}`;
  }
  return all.find(({ recipient }) => recipient.address === address);
}

async function evidence(address: string): Promise<MailEvidence & { message: Buffer | null }> {
  return service.database.read(async (tx) => {
    const all: MailEvidence[] = [];
    for await (const some of mails.evidenceOf(tx, termId)) all.push(...some);
    const found = all.find(({ recipientAddress }) => recipientAddress === address)!;
    return { ...found, message: await mails.messageOf(tx, found.id) };
  });
}

test('each mail arrives at its only recipient, and is stored as it was sent, with the server’s answer', async () => {
  const [taro, hanako] = await queue(['Taro', 'Hanako']);
  expect(await deliver()).toEqual({ sent: 2, retried: 0, failed: 0, uncertain: 0 });
  expect(server.received.map(({ to }) => to).sort()).toEqual([[hanako], [taro]]);

  const [message] = server.receivedBy(taro!);
  expect((await simpleParser(message!.raw)).text!.trim()).toBe('Dear Taro');
  const now = service.clock.now().toISOString();
  const { serverAnswer, ...mail } = await shown(taro!);
  expect(mail).toMatchObject({
    delivered: true,
    status: 'sent',
    attempts: 1,
    sentAt: now,
    subject: 'About Taro',
    lastError: null,
  });
  expect(`<${mail.messageId}>`).toBe(message!.messageId);
  expect(serverAnswer).toMatch(/^250/);
  const attempt = { number: 1, startedAt: now, endedAt: now, outcome: 'accepted', answer: serverAnswer };
  expect(mail.attemptLog).toEqual([attempt]);

  const stored = await evidence(taro!);
  expect(stored.message!.equals(message!.raw)).toBe(true);
  expect(stored.messageSha256).toBe(createHash('sha256').update(message!.raw).digest('hex'));
  expect(stored.attempts).toMatchObject([{ number: 1, outcome: 'accepted', endedAt: service.clock.now() }]);
});

test('a mail that the server defers is retried after growing pauses, as the same message with the same Message-ID', async () => {
  const [address] = await queue(['Taro']);
  server.behaviours.set(address!, { at: 'data', responseCode: 451 });
  const began = service.clock.now();
  await advance(service, later(20));
  expect(await shown(address!)).toMatchObject({
    status: 'queued',
    attempts: 3,
    nextAttemptAt: new Date(began.getTime() + 21 * 60_000).toISOString(),
    lastError: expect.stringContaining('451') as string,
  });
  const first = (await evidence(address!)).message!;
  server.behaviours.clear();
  await advance(service, later(1));
  expect(await shown(address!)).toMatchObject({ status: 'sent', attempts: 4, lastError: null });
  expect(server.receivedBy(address!).map(({ raw }) => raw.equals(first))).toEqual([true]);
  expect((await evidence(address!)).attempts.map(({ outcome }) => outcome)).toEqual([
    ...['failed', 'failed', 'failed', 'accepted'],
  ]);
});

test('a mail fails after three days without success, and a resend gives it three more days', async () => {
  const [address] = await queue(['Taro']);
  server.behaviours.set(address!, { at: 'recipient', responseCode: 451 });
  await advance(service, later(60 * 71));
  expect(await shown(address!)).toMatchObject({ status: 'queued', attempts: 11 });
  await advance(service, later(60));
  const failed = await shown(address!);
  expect(failed).toMatchObject({ status: 'failed', attempts: 12, nextAttemptAt: null });

  const resent = await contract.csm.post(`/v1/reminders/${failed.id}/resend`);
  expect([resent.status, resent.body.status, resent.body.messageId]).toEqual([200, 'queued', failed.messageId]);
  await advance(service, later(3));
  expect(await shown(address!)).toMatchObject({ status: 'queued', attempts: 14 });
  server.behaviours.clear();
  await advance(service, later(3));
  expect(await shown(address!)).toMatchObject({ status: 'sent', attempts: 15, messageId: failed.messageId });
});

test('a mail that the server refuses permanently fails at once, and delays no other mail', async () => {
  const [refused, other] = await queue(['Taro', 'Hanako']);
  server.behaviours.set(refused!, { at: 'recipient', responseCode: 550 });
  // Three mails are sent: the other mail, and reports of the failure to the CSM and the operator.
  expect(await deliver()).toMatchObject({ sent: 3, failed: 1 });
  expect(await shown(refused!)).toMatchObject({
    status: 'failed',
    lastError: expect.stringContaining('550') as string,
  });
  expect((await shown(other!)).status).toBe('sent');
});

test('a personal link that the server quotes is never shown', async () => {
  const [address] = await queue(['Taro']);
  const link = service.app.get(DeclineLinks).linkFor({ termId, address: address! });
  server.behaviours.set(address!, { at: 'data', responseCode: 554, response: `Blocked because of ${link}` });
  await deliver();
  const mail = await shown(address!);
  expect(mail.lastError).toMatch(/Blocked because of http:.*\/decline\/masked--/);
  const texts = server.received.map(({ raw }) => raw.toString('latin1').replaceAll('=\r\n', ''));
  expect(texts.some((text) => text.includes('Blocked because of'))).toBe(true);
  expect(JSON.stringify([mail, texts])).not.toContain(link.split('/').at(-1));
});

test('if the connection breaks before the answer, the outcome is uncertain, and the same message is sent again', async () => {
  const [address] = await queue(['Taro']);
  server.behaviours.set(address!, { at: 'after-data' });
  expect(await deliver()).toMatchObject({ sent: 0, retried: 1 });
  expect(await shown(address!)).toMatchObject({ status: 'uncertain', nextAttemptAt: later(1), sentAt: null });
  server.behaviours.clear();
  await advance(service, later(1));
  const mail = await shown(address!);
  expect(mail.attemptLog.map(({ outcome }: Json) => outcome)).toEqual(['uncertain', 'accepted']);
  const [first, second, ...more] = server.receivedBy(address!);
  expect([second!.raw.equals(first!.raw), second!.messageId, more]).toEqual([true, `<${mail.messageId}>`, []]);
});

test('mails wait while the mail server is down, and leave when it is back', async () => {
  const [address] = await queue(['Taro']);
  await server.stop();
  await deliver();
  expect((await shown(address!)).status).toBe('queued');
  await server.listen();
  await advance(service, later(1));
  expect((await shown(address!)).status).toBe('sent');
});

test('a mail that cannot be written fails with the reason, delays no other mail, and can be resent', async () => {
  const [poisoned, other] = await queue(['Poison', 'Hanako']);
  onWrite = (name) => (name === 'Poison' ? Promise.reject(new Error('no such word')) : Promise.resolve());
  expect(await deliver()).toMatchObject({ sent: 3, failed: 1 });
  expect((await shown(other!)).status).toBe('sent');
  const mail = await shown(poisoned!);
  expect(mail).toMatchObject({ status: 'failed', attempts: 0, lastError: 'It cannot be written: no such word' });
  onWrite = () => Promise.resolve();
  expect((await contract.admin.post(`/v1/reminders/${mail.id}/resend`)).status).toBe(200);
  expect(await deliver()).toMatchObject({ sent: 1 });
  expect(server.receivedBy(poisoned!)).toHaveLength(1);
});

test('only a failed mail that is still valid can be resent, and only by users with the permission', async () => {
  const [sent, expired, cancelled] = [
    ...(await queue(['Taro'])),
    ...(await queue(['Jiro'], { validUntil: new Date(later(30)) })),
    ...(await queue(['Saburo'], { kind: 'test-reason' })),
  ];
  for (const address of [expired, cancelled]) server.behaviours.set(address!, { at: 'recipient', responseCode: 550 });
  await deliver();
  await advance(service, later(30));
  await service.database.write((tx) => mails.giveUp(tx, [termId], ['test-reason'], 'Its reason has gone'));
  const resend = async (address: string, by = contract.csm) => {
    const { status, body } = await by.post(`/v1/reminders/${(await shown(address)).id}/resend`);
    return [status, body.code];
  };
  expect(await resend(sent!)).toEqual([409, 'mail-not-failed']);
  expect(await resend(expired!)).toEqual([409, 'mail-no-longer-true']);
  expect(await resend(cancelled!)).toEqual([409, 'mail-no-longer-true']);
  expect(await resend(cancelled!, await person(service, 'csm'))).toEqual([404, 'not-found']);
  expect(await resend(cancelled!, await person(service, 'finance'))).toEqual([403, 'forbidden']);
  expect(await resend(cancelled!, contract.customer)).toEqual([403, 'forbidden']);
  expect((await contract.csm.post(`/v1/reminders/${newId()}/resend`)).status).toBe(404);
});

test('a mail that expires before the run is not sent', async () => {
  const [address] = await queue(['Taro'], { validUntil: service.clock.now() });
  expect(await deliver()).toMatchObject({ sent: 0, failed: 1 });
  expect(await shown(address!)).toMatchObject({ status: 'failed', attempts: 0 });
  expect(server.received).toEqual([]);
});

test('a mail that expires during the run, before its turn, is not sent', async () => {
  const [address] = await queue(['Taro'], { validUntil: new Date(later(5)) });
  const began = service.clock.now();
  await service.clock.advanceTo(new Date(later(10)));
  expect(await mails.runDue(began)).toMatchObject({ sent: 0, failed: 1 });
  expect(await shown(address!)).toMatchObject({ status: 'failed', attempts: 0 });
});

test('a mail whose reason disappears during its attempt is not retried', async () => {
  const [address] = await queue(['Taro'], { kind: 'test-reason' });
  server.behaviours.set(address!, { at: 'data', responseCode: 451 });
  server.beforeAccepting = async () => {
    await service.database.write((tx) => mails.giveUp(tx, [termId], ['test-reason'], 'Its reason has gone'));
  };
  expect(await deliver()).toMatchObject({ retried: 0, failed: 1 });
  expect(await shown(address!)).toMatchObject({
    status: 'failed',
    nextAttemptAt: null,
    lastError: 'Its reason has gone',
  });
});

test('concurrent deliveries on two instances send each mail once, and end only when all mails are sent', async () => {
  const other = await startService({
    databaseUrl: service.databaseUrl,
    clock: service.clock.now().toISOString(),
    env: { SMTP_URL: server.url },
  });
  other.app.get(MailQueue).writtenBy({
    writes: (kind) => kind.startsWith('test-'),
    write: () => Promise.resolve({ subject: 'Other', text: 'Other', html: '', pictures: [], attachments: [] }),
  });
  server.beforeAccepting = () => new Promise((resolve) => setTimeout(resolve, 5));
  await queue(Array.from({ length: 100 }, (_, at) => `Taro${at}`));
  const runs = [
    deliver(),
    other.app.get(MailQueue).runDue(service.clock.now()),
    contract.admin.post('/v1/jobs/mail-delivery/run'),
  ];
  await Promise.race(runs);
  expect(server.received).toHaveLength(100);
  const answer = (await runs[2]) as Json;
  expect([answer.status, answer.body.outcome]).toEqual([200, 'succeeded']);
  await Promise.all(runs);
  expect(new Set(server.received.map(({ messageId }) => messageId)).size).toBe(100);
  await other.stop();
});

test('the next run takes over the mails of a run that died: it sends the written one unchanged, and writes the other', async () => {
  const [begun] = await queue(['Taro']);
  server.behaviours.set(begun!, { at: 'data', responseCode: 451 });
  await deliver();
  server.behaviours.clear();
  await service.clock.advanceTo(new Date(later(1)));
  const first = (await evidence(begun!)).message!;
  const [unwritten] = await queue(['Jiro']);

  // As a killed process leaves them: one mail in the middle of an attempt, and one not yet written.
  const killed = await Database.open({ url: service.databaseUrl });
  const run = await LivenessLock.begin(killed, 'mails');
  const now = service.clock.now();
  const taken = await service.app.get(MailStore).take(run, now, now, { limit: 10 });
  expect(taken.map(({ recipientName }) => recipientName)).toEqual(['Taro', 'Jiro']);
  const finished = deliver();
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(server.receivedBy(begun!)).toHaveLength(0);
  await run.end();

  expect(await finished).toMatchObject({ sent: 2, uncertain: 1 });
  await killed.close();
  expect(server.receivedBy(unwritten!)).toHaveLength(1);
  expect(server.receivedBy(begun!).map(({ raw }) => raw.equals(first))).toEqual([true]);
  expect((await evidence(begun!)).attempts.map(({ outcome }) => outcome)).toEqual(['failed', 'uncertain', 'accepted']);
});

describe('an SQL statement that changes several mails', () => {
  type Ends = Parameters<MailStore['recordEnds']>[1];
  const statements: Record<string, (run: LivenessLock, ids: readonly string[]) => Promise<unknown>> = {
    'records how attempts ended': (run, ids) => {
      const ends = ids.map((mailId): Ends[number] => ({
        ...{ mailId, number: 1, outcome: 'accepted', answer: '250', isCounted: true, endedAt: service.clock.now() },
        nextAttemptAt: null,
      }));
      return service.app.get(MailStore).recordEnds(run, ends);
    },
    'cancels mails': () =>
      service.database.write((tx) => mails.giveUp(tx, [termId], ['test-news', 'test-other'], 'Its reason has gone')),
    'moves mails': (_run, ids) =>
      service.database.write(async (tx) => {
        const [first] = await mails.find(tx, ids.slice(0, 1)).then((found) => [...found.values()]);
        const validity = [{ termId, from: first!.validUntil!, to: new Date(later(90)) }];
        await service.app
          .get(MailStore)
          .move(tx, [contract.id], { now: service.clock.now(), departures: [], validity });
      }),
  };

  test.each(Object.keys(statements))(
    'locks them in the order of their ids if it %s, so that no deadlock is possible',
    async (name) => {
      const addresses = await queue(['Taro', 'Jiro'], { validUntil: new Date(later(60)) });
      const run = await LivenessLock.begin(service.database, 'mails');
      const now = service.clock.now();
      const store = service.app.get(MailStore);
      const taken = await store.take(run, now, now, { limit: 10 });
      const ids = taken
        .filter(({ recipientAddress }) => addresses.includes(recipientAddress))
        .map(({ id }) => id)
        .sort();
      const content = { subject: 'Hello', message: Buffer.from('Hello'), startedAt: now };
      // In the table, the row of the first mail lies behind the row of the second.
      for (const id of [...ids].reverse()) await store.keepMessage(run, id, content);

      const holder = await service.database.connection();
      await holder.client.query('begin');
      await holder.client.query('select from mails where id = $1 for update', [ids[0]]);
      const changed = statements[name]!(run, [...ids].reverse());
      const isWaiting = `select from pg_stat_activity where wait_event_type = 'Lock' and query ~ 'mails'
        and datname = current_database()`;
      while ((await service.database.read((tx) => tx.query(isWaiting))).length === 0) await new Promise(setImmediate);
      const free = await holder.client.query('select id from mails where id = $1 for update skip locked', [ids[1]]);
      expect(free.rows).toHaveLength(1);
      await holder.client.query('rollback');
      holder.release();
      await changed;
      await run.end();
      await deliver();
    },
  );
});

test.each([
  ['a sent mail', `update mails set last_error = 'x' where status = 'sent'`, 'mails_append_only'],
  ['the message of any mail', `update mails set message = 'x' where message is not null`, 'mails_append_only'],
  ['the facts of a mail', `update mails set facts = '{}'`, 'mails_append_only'],
  ['a Message-ID', `update mails set message_id = message_id || 'x'`, 'mails_append_only'],
  ['the recipient of a mail', `update mails set recipient_address = 'x@evil.example'`, 'mails_append_only'],
  ['an attempt that has ended', `update mail_attempts set answer = 'x'`, 'mail_attempts_append_only'],
])('the database refuses to change %s', async (_, sql, constraint) => {
  await expect(service.database.write((tx) => tx.query(sql))).rejects.toMatchObject({ constraint });
});

test.each(['delete from mails', 'truncate mails cascade', 'delete from mail_attempts', 'truncate mail_attempts'])(
  'the database refuses to %s',
  async (sql) => {
    await expect(service.database.write((tx) => tx.query(sql))).rejects.toThrow('append-only');
  },
);
