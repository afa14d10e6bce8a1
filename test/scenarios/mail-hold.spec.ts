import { Logger } from '@nestjs/common';
import { identityOfDatabase } from '../../src/platform/database/service-identity.store.js';
import { api, type Json } from '../support/client.js';
import { copyOfDatabase, testDatabase, type TestDatabase } from '../support/database.js';
import { MailServer } from '../support/mail-server.js';
import { person } from '../support/people.js';
import { advance, mailsOf, renewingContract } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';

/** A service on a copied database delivers no mails until an administrator releases them. */

const day90 = '2026-12-31T00:00:00Z';

let server: MailServer;
let database: TestDatabase;
let copies: TestDatabase[];
let services: TestService[];

beforeAll(async () => {
  Logger.overrideLogger(false);
  server = await MailServer.start();
});
afterAll(() => server.stop());

beforeEach(async () => {
  server.received.length = 0;
  server.behaviours.clear();
  services = [];
  copies = [];
  database = await testDatabase();
});
afterEach(async () => {
  for (const service of services) await service.stop();
  for (const { drop } of [database, ...copies]) await drop();
});

async function start({ url }: TestDatabase, env: NodeJS.ProcessEnv = {}): Promise<TestService> {
  const service = await startService({
    databaseUrl: url,
    clock: '2026-04-01T03:00:00Z',
    env: { SMTP_URL: server.url, ...env },
  });
  services.push(service);
  return service;
}

async function stop(service: TestService): Promise<void> {
  services = services.filter((other) => other !== service);
  await service.stop();
}

async function copy(): Promise<TestDatabase> {
  const copied = await copyOfDatabase(database);
  copies.push(copied);
  return copied;
}

const admin = (service: TestService) => api(service.baseUrl, service.adminToken);
const ready = async (service: TestService): Promise<Json> => (await api(service.baseUrl).get('/health/ready')).body;
const holdOf = async (service: TestService): Promise<Json> => (await admin(service).get('/v1/mails')).body.mailHold;

const notHeld = { held: false, since: null, reasons: [] };

test('a restored copy holds its mails and reports the hold; after the release it delivers the mails that are still valid', async () => {
  const original = await start(database);
  const contract = await renewingContract(original, { startsOn: '2026-04-01' });
  server.behaviours.set(contract.contacts[0]!, { at: 'recipient', responseCode: 451 });
  await advance(original, day90);
  expect(await holdOf(original)).toEqual(notHeld);
  await stop(original);
  server.behaviours.clear();
  server.received.length = 0;

  const restored = await start(await copy());
  expect(await ready(restored)).toEqual({ status: 'ready', mail: 'held' });
  const held = { held: true, since: day90.replace('Z', '.000Z'), reasons: ['other-database'] };
  expect(await holdOf(restored)).toEqual(held);
  expect((await admin(restored).get('/v1/jobs')).body.mailHold).toEqual(held);

  // All other jobs continue: reminders are queued, and the renewal locks after the deadline.
  await advance(restored, '2027-02-01T00:00:00Z');
  expect((await admin(restored).post('/v1/jobs/mail-delivery/run')).body.outcome).toBe('succeeded');
  expect(server.received).toEqual([]);
  const listed = (await admin(restored).get('/v1/mails?outcome=waiting')).body.data as Json[];
  expect(listed.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['renewal-reminder-90', 'renewal-locked']));
  expect((await admin(restored).get('/v1/mails?outcome=failed')).body.data).toEqual([]);

  for (const role of ['csm', 'finance'] as const) {
    expect((await (await person(restored, role)).post('/v1/mails/release')).status).toBe(403);
  }
  const released = await admin(restored).post('/v1/mails/release');
  expect([released.status, released.body]).toEqual([200, notHeld]);
  expect(await ready(restored)).toEqual({ status: 'ready' });
  await advance(restored, '2027-02-01T00:01:00Z');
  // The queued reminders are no longer valid, because the deadline has passed.
  const kinds = ((await admin(restored).get('/v1/mails?outcome=sent&limit=200')).body.data as Json[]).map(
    ({ kind }) => kind as string,
  );
  const reminders = kinds.filter((kind) => kind.startsWith('renewal-reminder'));
  // The first reminder to the CSM was sent before the database was copied.
  expect(reminders).toEqual(['renewal-reminder-90']);
  expect(kinds).toContain('renewal-locked');
  expect(server.receivedBy(contract.contacts[0]!)).toHaveLength(1);
  expect((await admin(restored).post('/v1/mails/release')).status).toBe(200);

  await stop(restored);
  const again = await start(copies[0]!);
  expect(await ready(again)).toEqual({ status: 'ready' });
});

test('the same database starts again without a hold, even with another local port in PUBLIC_URL', async () => {
  await stop(await start(database, { PUBLIC_URL: 'http://localhost:3000' }));
  const again = await start(database, { PUBLIC_URL: 'http://127.0.0.1:49152' });
  expect(await ready(again)).toEqual({ status: 'ready' });
});

test('a changed PUBLIC_URL holds the mails, and the old address does not release them', async () => {
  await stop(await start(database, { PUBLIC_URL: 'https://trm.example' }));
  const moved = await start(database, { PUBLIC_URL: 'https://staging.example' });
  expect(await holdOf(moved)).toMatchObject({ held: true, reasons: ['other-address'] });
  await stop(moved);
  const back = await start(database, { PUBLIC_URL: 'https://trm.example' });
  expect(await holdOf(back)).toMatchObject({ held: true, reasons: ['other-address'] });
  expect((await admin(back).post('/v1/mails/release')).body).toEqual(notHeld);
});

test('several instances that start on a copy at the same time all hold its mails, and one release is enough for all', async () => {
  await stop(await start(database));
  const copied = await copy();
  const instances = await Promise.all([start(copied), start(copied), start(copied)]);
  for (const instance of instances) expect(await ready(instance)).toMatchObject({ mail: 'held' });
  await admin(instances[1]).post('/v1/mails/release');
  for (const instance of instances) expect(await ready(instance)).toEqual({ status: 'ready' });
});

test('MAIL_HOLD=on holds mails until it is off, and an administrator cannot release them', async () => {
  const holding = await start(database, { MAIL_HOLD: 'on' });
  const contract = await renewingContract(holding, { startsOn: '2026-04-01' });
  await advance(holding, day90);
  expect(server.received).toEqual([]);
  expect(await ready(holding)).toEqual({ status: 'ready', mail: 'held' });
  expect(await holdOf(holding)).toEqual({ held: true, since: null, reasons: ['setting'] });
  const refused = await admin(holding).post('/v1/mails/release');
  expect([refused.status, refused.body.code]).toEqual([409, 'mails-held-by-setting']);
  await stop(holding);

  const service = await start(database);
  await advance(service, '2026-12-31T00:01:00Z');
  expect(server.receivedBy(contract.contacts[0]!)).toHaveLength(1);
  const inService = { ...contract, csm: { ...contract.csm, ...api(service.baseUrl, contract.csm.token) } };
  expect(await mailsOf(inService)).toContain('renewal-reminder-90 customer sent');
});

test('if the system identifier of the cluster is not readable, the database is identified without it', async () => {
  const service = await start(database);
  const rolledBack = new Error('rolled back');
  const asStranger = service.database.write(async (tx) => {
    await tx.query('revoke execute on function pg_control_system() from public');
    await tx.query('create role trm_stranger');
    await tx.query('set local role trm_stranger');
    expect(await identityOfDatabase(tx)).toEqual({ systemIdentifier: null, databaseOid: expect.any(Number) as number });
    throw rolledBack;
  });
  await expect(asStranger).rejects.toBe(rolledBack);
  const identity = await service.database.read((tx) => identityOfDatabase(tx));
  expect(identity.systemIdentifier).toMatch(/^\d{10,}$/);
});

test.each([
  [
    'a second identity',
    'insert into service_identity select false, system_identifier, 1, $$x$$, null, now() from service_identity',
  ],
  ['a hold without a reason', 'update service_identity set mails_held_since = now()'],
  ['an unknown reason', `update service_identity set mails_held_since = now(), mails_held_because = '{"full moon"}'`],
])('the database refuses %s', async (_, sql) => {
  const service = await start(database);
  await expect(service.database.write((tx) => tx.query(sql))).rejects.toThrow(/service_identity_/);
});
