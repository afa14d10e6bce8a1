import { createServer, type AddressInfo } from 'node:net';
import { Logger } from '@nestjs/common';
import request from 'supertest';
import { smtpLimits } from '../../src/platform/settings/config.js';
import { newId } from '../../src/platform/ids.js';
import { MailQueue } from '../../src/platform/mail/mail-queue.js';
import type { MailToQueue } from '../../src/platform/mail/mail.store.js';
import type { Json } from '../support/client.js';
import { HangingMailServer, type Hang } from '../support/hanging-mail-server.js';
import { MailServer } from '../support/mail-server.js';
import { advance, renewalStates, renewingContract, type RenewingContract } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';

/** Tests with a mail server that accepts connections and keeps them waiting. Each test starts its own service. */

beforeAll(() => Logger.overrideLogger(false));

/** The service sends eight mails in parallel. Two more can start before the third failure stops delivery. */
const mostAttempts = 10;
let stops: (() => Promise<unknown>)[];
beforeEach(() => (stops = []));
afterEach(async () => {
  for (const stop of stops.reverse()) await stop();
});

async function serviceWith(smtpUrl: string, options: Parameters<typeof startService>[0] = {}): Promise<TestService> {
  const service = await startService({
    clock: '2026-04-01T00:00:00Z',
    ...options,
    env: { SMTP_URL: smtpUrl, ...options.env },
  });
  stops.push(() => service.stop());
  return service;
}

async function hangingServer(hang: Hang, port = 0): Promise<HangingMailServer> {
  const server = await HangingMailServer.start(hang, port);
  stops.push(() => server.stop());
  return server;
}

/** A port on which no server listens. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Lets the service write mails of the kind `test-news`, and queues `count` such mails. Returns their addresses. */
async function queueTo(service: TestService, contract: RenewingContract, count: number): Promise<string[]> {
  const mails = service.app.get(MailQueue);
  mails.writtenBy({
    writes: (kind) => kind === 'test-news',
    write: () => Promise.resolve({ subject: 'News', text: 'News', html: '', pictures: [], attachments: [] }),
  });
  const termId = (await contract.csm.get(`/v1/subscriptions/${contract.id}/terms`)).body.data[0].id as string;
  const occasion = newId();
  const mailsToQueue = Array.from({ length: count }, (_, at): MailToQueue => ({
    ...{ kind: 'test-news', subscriptionId: contract.id, termId, occasion, recipientRole: 'customer', locale: 'en' },
    ...{
      recipientName: 'Taro',
      recipientAddress: `taro-${at}-${occasion}@customer.example`,
      facts: {},
      validUntil: null,
    },
  }));
  await service.database.write((tx) => mails.queue(tx, mailsToQueue, service.clock.now()));
  return mailsToQueue.map(({ recipientAddress }) => recipientAddress);
}

async function mailsOf({ csm }: RenewingContract): Promise<Json[]> {
  return (await csm.get('/v1/mails?limit=200')).body.data as Json[];
}

const serverState = async ({ admin }: RenewingContract): Promise<Json> => (await admin.get('/v1/jobs')).body.mailServer;

const later = (service: TestService, minutes: number): string =>
  new Date(service.clock.now().getTime() + minutes * 60_000).toISOString();

test.each(['never-greets', 'greets-and-hangs', 'drips-its-greeting', 'drips-at-the-recipient'] as const)(
  'mails wait for a server that %s; one mail at a time is retried, and each arrives once when the server answers',
  async (hang) => {
    const port = await freePort();
    const limits = hang === 'drips-at-the-recipient' ? { messageMs: 500 } : { connectMs: 200 };
    const service = await serviceWith(`smtp://127.0.0.1:${port}`, { smtpLimits: { ...smtpLimits, ...limits } });
    const contract = await renewingContract(service, { startsOn: '2026-04-01' });
    const hanging = await hangingServer(hang, port);
    const addresses = await queueTo(service, contract, 60);
    const mails = service.app.get(MailQueue);

    expect(await mails.runDue(service.clock.now())).toMatchObject({ sent: 0, failed: 0, uncertain: 0 });
    const state = await serverState(contract);
    expect(state).toMatchObject({ answering: false, failingSince: service.clock.now().toISOString() });
    expect(state).toMatchObject({
      lastError: expect.stringContaining('longer') as string,
      tryAgainAt: later(service, 1),
    });
    await request(service.baseUrl).get('/health/ready').expect(200, { status: 'ready', mail: 'unreachable' });
    expect(hanging.connections).toBeLessThanOrEqual(mostAttempts);
    const waiting = await mailsOf(contract);
    expect(waiting.map(({ outcome }) => outcome)).toEqual(Array(60).fill('waiting'));
    expect(waiting.filter(({ attempts }) => attempts > 0).length).toBeLessThanOrEqual(mostAttempts);

    // The service tries no mail before the pause is over. Then it tries one.
    const before = hanging.connections;
    await mails.runDue(service.clock.now());
    expect(hanging.connections).toBe(before);
    await advance(service, later(service, 1));
    expect(hanging.connections).toBe(before + 1);
    await hanging.stop();

    const server = await MailServer.start(undefined, port);
    stops.push(() => server.stop());
    const run = await contract.admin.post('/v1/jobs/mail-delivery/run');
    expect([run.status, run.body.outcome]).toEqual([200, 'succeeded']);
    await advance(service, later(service, 5));
    expect(server.received.map(({ to }) => to[0]).sort()).toEqual([...addresses].sort());
    expect(await serverState(contract)).toEqual({
      ...{ answering: true, failures: 0, failingSince: null, lastError: null, tryAgainAt: null },
    });
    await request(service.baseUrl).get('/health/ready').expect(200, { status: 'ready' });
  },
);

test('mails survive an outage of weeks, and the service tries the server only a few times while the clock advances', async () => {
  const hanging = await hangingServer('never-greets');
  const service = await serviceWith(hanging.url, { smtpLimits: { ...smtpLimits, connectMs: 100 } });
  const contract = await renewingContract(service, { startsOn: '2025-05-01' });
  await queueTo(service, contract, 1);
  await advance(service, later(service, 40 * 24 * 60));
  expect(await renewalStates(contract)).toEqual(['renewed', 'open']);
  expect(hanging.connections).toBeLessThan(2 * mostAttempts);
  const news = (await mailsOf(contract)).find(({ kind }) => kind === 'test-news')!;
  expect(news).toMatchObject({ outcome: 'waiting', nextAttemptAt: expect.any(String) as string });
});

test('a message that the server may have accepted is marked as uncertain, and is sent again unchanged', async () => {
  const port = await freePort();
  const hanging = await hangingServer('hangs-after-the-message', port);
  const service = await serviceWith(hanging.url, { smtpLimits: { ...smtpLimits, messageMs: 1_000 } });
  const contract = await renewingContract(service, { startsOn: '2026-04-01' });
  const addresses = await queueTo(service, contract, 20);
  await service.app.get(MailQueue).runDue(service.clock.now());
  const uncertain = (await mailsOf(contract)).filter(({ outcome }) => outcome === 'uncertain');
  expect(uncertain.length).toBe(hanging.messages);
  expect(uncertain.length).toBeGreaterThanOrEqual(3);
  expect(uncertain.length).toBeLessThanOrEqual(mostAttempts);
  await hanging.stop();

  const server = await MailServer.start(undefined, port);
  stops.push(() => server.stop());
  await advance(service, later(service, 10));
  expect(server.received.map(({ to }) => to[0]).sort()).toEqual([...addresses].sort());
  for (const { recipient, messageId } of uncertain) {
    expect(server.receivedBy(recipient.address).map((message) => message.messageId)).toEqual([`<${messageId}>`]);
  }
});

test('no job of any instance waits for mails whose delivery hangs', async () => {
  const hanging = await hangingServer('drips-at-the-recipient');
  const service = await serviceWith(hanging.url, { smtpLimits: { connectMs: 20_000, messageMs: 200 } });
  const contract = await renewingContract(service, { startsOn: '2025-05-01' });
  await renewingContract(service, { startsOn: '2025-07-02', contacts: 20 });
  await service.clock.advanceTo(new Date('2026-05-02T00:00:00Z'));
  const reminders = await contract.admin.post('/v1/jobs/renewal-reminders/run');
  expect(reminders.body.counts).toMatchObject({ mails: 21 });

  // The first tick of this instance sends the mails. Its time limits are so long that the server can hang.
  const ticking = await serviceWith(hanging.url, {
    databaseUrl: service.databaseUrl,
    clock: service.clock.now().toISOString(),
    env: { JOBS: 'on' },
    smtpLimits: { connectMs: 3_600_000, messageMs: 3_600_000 },
  });
  // The instance stops only when its mails have ended, so the mail server must stop before it.
  stops.push(() => hanging.stop());
  const deliveryRuns = async () =>
    ((await contract.admin.get('/v1/jobs?job=mail-delivery')).body.data as Json[]).map(
      ({ outcome }) => outcome as string,
    );
  while (hanging.waiting < 8) await new Promise((resolve) => setTimeout(resolve, 20));
  const wait = () => new Promise((resolve) => setTimeout(resolve, 20));
  while ((await renewalStates(contract)).length < 2) await wait();
  expect(await deliveryRuns()).toContain('running');

  // Jobs that an administrator starts, on any instance, do not wait either, nor does advancing the clock.
  for (const { baseUrl } of [service, ticking]) {
    for (const job of ['renewal-lock', 'term-roll-over', 'renewal-reminders', 'pace-alerts', 'ledger-verification']) {
      const run = await request(baseUrl)
        .post(`/v1/jobs/${job}/run`)
        .set('authorization', `Bearer ${service.adminToken}`);
      expect([job, run.status, run.body.outcome]).toEqual([job, 200, 'succeeded']);
    }
  }
  await advance(service, later(service, 60 * 24));
  expect(await deliveryRuns()).toContain('running');
});

test('refused recipients, and a recipient for whom the server cuts all connections, stop no other mail', async () => {
  const server = await MailServer.start();
  stops.push(() => server.stop());
  const service = await serviceWith(server.url);
  const contract = await renewingContract(service, { startsOn: '2026-04-01' });
  const refused = await queueTo(service, contract, 30);
  refused.forEach((address, at) =>
    server.behaviours.set(address, { at: 'recipient', responseCode: at % 2 ? 550 : 451 }),
  );
  await service.app.get(MailQueue).runDue(service.clock.now());
  expect((await serverState(contract)).answering).toBe(true);

  server.behaviours.clear();
  const [cutOff] = await queueTo(service, contract, 1);
  server.behaviours.set(cutOff!, { at: 'recipient' });
  // As long as no other mail is due, the server seems unreachable.
  for (let tries = 0; (await serverState(contract)).answering && tries < 10; tries++)
    await advance(service, later(service, 60));
  expect(await serverState(contract)).toMatchObject({ answering: false });
  const [other] = await queueTo(service, contract, 1);
  await advance(service, later(service, 15));
  expect(server.receivedBy(other!)).toHaveLength(1);
});
