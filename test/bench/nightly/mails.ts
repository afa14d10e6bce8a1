import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { startService, statement, type Server, type Service } from '../service.js';
import { makePortfolio, moments } from './portfolio.js';

export interface MailsMeasured {
  mails: number;
  /** Milliseconds from the first to the last, by so many instances. */
  byInstances: { instances: number; ms: number }[];
  /** The same mails where all of them are written already. */
  sendingMs: number;
}

const minutesLater = new Date(Date.parse(moments.reminders) + 120_000).toISOString();

/** The reminders of one night, all due at once, to a mail server on this machine. */
export async function measureMails(server: Server, mails: number): Promise<MailsMeasured> {
  const mailServer = fork(join(__dirname, 'mail-server.js'));
  const [port] = (await once(mailServer, 'message')) as [number];
  try {
    const queued = 'mails_queued';
    await server.run(`create database ${queued}`);
    await run(server.urlOf(queued), {}, 1, async () => {
      // The service makes the tables.
    });
    await makePortfolio(server.urlOf(queued), { subscriptions: mails / 2, spread: 1 });
    await run(server.urlOf(queued), { CLOCK: `simulated:${moments.reminders}` }, 1, async ([service]) => {
      await service!.call('POST', '/v1/jobs/renewal-reminders/run');
    });

    const byInstances: MailsMeasured['byInstances'] = [];
    for (const instances of [1, 2]) {
      const copy = await copied(server, queued);
      byInstances.push({ instances, ms: await deliver(copy, { port, clock: moments.reminders, instances, mails }) });
    }
    const written = await copied(server, queued);
    await refuseAll(written, port, mailServer);
    const sendingMs = await deliver(written, { port, clock: minutesLater, instances: 1, mails });
    return { mails, byInstances, sendingMs };
  } finally {
    mailServer.kill();
  }
}

/** A mail server that puts everything off: the mails are written then, and go out as they are some time later. */
async function refuseAll(databaseUrl: string, port: number, mailServer: ChildProcess): Promise<void> {
  mailServer.send('put off');
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
  if (row!.sent !== mails) throw new Error(`Of ${mails} mails ${row!.sent} were sent`);
  return ms;
}

function deliverySettings(port: number, clock: string): NodeJS.ProcessEnv {
  return { CLOCK: `simulated:${clock}`, SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: 'TRM <trm@vendor.example>' };
}

/** Lets so many instances do something; returns the milliseconds that it took them once they had started. */
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

async function copied(server: Server, database: string): Promise<string> {
  const name = `mails_${++copies}`;
  await server.run(`create database ${name} template ${database} strategy file_copy`);
  return server.urlOf(name);
}
