import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { api, type Json } from '../support/client.js';
import { testDatabase, type TestDatabase } from '../support/database.js';
import { MailServer } from '../support/mail-server.js';
import { ServiceProcess } from '../support/process.js';
import { renewingContract } from '../support/renewal.js';
import type { TestService } from '../support/service.js';

jest.setTimeout(120_000);

const adminToken = 'admin-token-of-the-tests-0123456789';
const remindersDue = '2026-12-31T00:00:00Z';
const contracts = 10;
const contacts = 3;
/** Each contract sends a reminder to every contact and to the CSM. */
const reminders = contracts * (contacts + 1);

let database: TestDatabase;
let folder: string;
let server: MailServer;
const processes: ServiceProcess[] = [];

beforeAll(async () => {
  database = await testDatabase();
  server = await MailServer.start();
  folder = mkdtempSync(join(tmpdir(), 'trm-mail-kill-'));
  chmodSync(folder, 0o755);
});
afterAll(async () => {
  for (const started of processes) started.signal('SIGKILL');
  await Promise.all(processes.map(({ ended }) => ended));
  await server.stop();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

function started(): ServiceProcess {
  const instance = new ServiceProcess({
    DATABASE_URL: database.url,
    DATA_DIR: folder,
    SECRET_KEY: 'secret-key-of-the-tests-0123456789',
    ADMIN_TOKEN: adminToken,
    SMTP_URL: server.url,
    MAIL_FROM: 'TRM <trm@vendor.example>',
    CLOCK: 'simulated:2026-12-30T00:00:00Z',
    RATE_LIMIT_PER_MINUTE: '0',
  });
  processes.push(instance);
  return instance;
}

interface StoredMail {
  kind: string;
  messageId: string;
  status: string;
  attempts: number;
  uncertain: number;
}

/** The mails as the database has them. */
async function storedMails(): Promise<StoredMail[]> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    const { rows } = await client.query<StoredMail>(
      `select kind, '<' || message_id || '>' as "messageId", status, attempts,
         (select count(*)::integer from mail_attempts a where a.mail_id = m.id and a.outcome = 'uncertain') as uncertain
       from mails m`,
    );
    return rows;
  } finally {
    await client.end();
  }
}

test('if one of three instances is killed during delivery, all mails arrive, and only interrupted ones arrive twice', async () => {
  const first = started();
  const baseUrl = await first.ready();
  const [second, third] = [started(), started()].map((instance) =>
    instance.ready().then((url) => api(url, adminToken)),
  );
  for (let at = 0; at < contracts; at++) {
    await renewingContract({ baseUrl, adminToken } as TestService, { startsOn: '2026-04-01', contacts, locale: 'en' });
  }
  await Promise.all([second, third]);

  // From the 14th mail on, the server answers only after the first instance is dead. So some mails of that instance get no answer.
  let arrived = 0;
  const othersJoin = new Promise<void>((resolve) => {
    server.beforeAccepting = async () => {
      if (++arrived === 3) resolve();
      if (arrived === 14) first.signal('SIGKILL');
      if (arrived < 14) await new Promise((later) => setTimeout(later, 100));
      else await first.ended;
    };
  });
  const advanced = api(baseUrl, adminToken)
    .post('/v1/clock/advance', { to: remindersDue })
    .then(
      () => 'answered',
      () => 'cut off',
    );
  await othersJoin;
  const run = async (instance: typeof second) => (await (await instance)!.post('/v1/jobs/mail-delivery/run')).body;
  const runs = await Promise.all([run(second), run(third)]);
  expect(runs.map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded']);
  expect(await advanced).toBe('cut off');

  // The runs of the other instances ended only when all mails were sent, including those of the killed instance.
  const stored = await storedMails();
  expect(stored.filter(({ kind }) => kind === 'renewal-reminder-90')).toHaveLength(reminders);
  expect(stored.filter(({ status }) => status !== 'sent')).toEqual([]);
  const arrivals = new Map<string, Buffer[]>();
  for (const { messageId, raw } of server.received) arrivals.set(messageId, [...(arrivals.get(messageId) ?? []), raw]);
  expect([...arrivals.keys()].sort()).toEqual(stored.map(({ messageId }) => messageId).sort());
  for (const { messageId, attempts, uncertain } of stored) {
    const copies = arrivals.get(messageId)!;
    // Only a mail whose attempt was interrupted may arrive twice, and then as the same message.
    expect([messageId, attempts]).toEqual([messageId, 1 + uncertain]);
    expect(copies.length).toBeLessThanOrEqual(attempts);
    expect(copies.every((copy) => copy.equals(copies[0]!))).toBe(true);
  }
  expect(stored.filter(({ uncertain }) => uncertain > 0).length).toBeGreaterThan(0);

  const advancedAgain = await (await second)!.post('/v1/clock/advance', { to: remindersDue });
  expect([advancedAgain.status, advancedAgain.body.runs]).toEqual([200, 0]);
  await run(third);
  const { data } = (await (await third)!.get('/v1/jobs?job=mail-delivery')).body;
  expect(data.filter(({ outcome }: Json) => outcome === 'interrupted')).toHaveLength(1);
});
