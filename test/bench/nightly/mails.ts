import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { startService, statement, type Server, type Service } from '../service.js';
import { makePortfolio, moments } from './portfolio.js';

export interface MailsMeasured {
  mails: number;
  /** The time to compose and send all mails, for each number of instances. */
  byInstances: { instances: number; ms: number }[];
  /** The time of one instance if all messages have been composed before. */
  sendingMs: number;
}

const minutesLater = new Date(Date.parse(moments.reminders) + 120_000).toISOString();

/** Sends the reminders of one night, all due at once, to a mail server on this machine. */
export async function measureMails(server: Server, mails: number): Promise<MailsMeasured> {
  const mailServer = fork(join(__dirname, 'mail-server.js'));
  const [port] = (await once(mailServer, 'message')) as [number];
  try {
    const queued = 'mails_queued';
    await server.run(`create database ${queued}`);
    await run(server.urlOf(queued), {}, 1, async () => {
      // The start of the service creates the tables.
    });
    await makePortfolio(server.urlOf(queued), { subscriptions: mails / 2, spread: 1 });
    await run(server.urlOf(queued), { CLOCK: `simulated:${moments.reminders}` }, 1, async ([service]) => {
      await service!.call('POST', '/v1/jobs/renewal-reminders/run');
    });

    const byInstances: MailsMeasured['byInstances'] = [];
    for (const instances of [1, 2]) {
      const copy = await copyOf(server, queued);
      byInstances.push({ instances, ms: await deliver(copy, { port, clock: moments.reminders, instances, mails }) });
    }
    const composed = await copyOf(server, queued);
    await composeAll(composed, port, mailServer);
    const sendingMs = await deliver(composed, { port, clock: minutesLater, instances: 1, mails });
    return { mails, byInstances, sendingMs };
  } finally {
    mailServer.kill();
  }
}

/** Composes all messages without sending one: the mail server refuses them temporarily. */
async function composeAll(databaseUrl: string, port: number, mailServer: ChildProcess): Promise<void> {
  mailServer.send('refuse');
  await run(databaseUrl, deliverySettings(port, moments.reminders), 1, async ([service]) => {
    await service!.call('POST', '/v1/jobs/mail-delivery/run');
  });
  mailServer.send('accept');
}

async function deliver(
  databaseUrl: string,
  { port, clock, instances, mails }: { port: number; clock: string; instances: number; mails: number },
): Promise<number> {
  await statement(databaseUrl, 'delete from simulated_clock');
  const ms = await run(databaseUrl, deliverySettings(port, clock), instances, async (services) => {
    await Promise.all(services.map((service) => service.call('POST', '/v1/jobs/mail-delivery/run')));
  });
  const [row] = await statement<{ sent: number }>(
    databaseUrl,
    `select count(*)::integer as sent from mails where status = 'sent'`,
  );
  if (row!.sent !== mails) throw new Error(`Only ${row!.sent} of ${mails} mails were sent`);
  return ms;
}

function deliverySettings(port: number, clock: string): NodeJS.ProcessEnv {
  return { CLOCK: `simulated:${clock}`, SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: 'TRM <trm@vendor.example>' };
}

/** Starts instances, runs `work` on them, and returns the duration of `work` in milliseconds. */
async function run(
  databaseUrl: string,
  settings: NodeJS.ProcessEnv,
  instances: number,
  work: (services: Service[]) => Promise<void>,
): Promise<number> {
  const services: Service[] = [];
  try {
    for (let instance = 0; instance < instances; instance++) services.push(await startService(databaseUrl, settings));
    const startedAt = performance.now();
    await work(services);
    return performance.now() - startedAt;
  } finally {
    await Promise.all(services.map((service) => service.stop()));
  }
}

let copies = 0;

async function copyOf(server: Server, database: string): Promise<string> {
  const name = `mails_${++copies}`;
  await server.run(`create database ${name} template ${database} strategy file_copy`);
  return server.urlOf(name);
}
