import { parseArgs } from 'node:util';
import { customers, yearEndsOn } from './cast.js';
import { UnexpectedAnswer } from './client.js';
import { invitations } from './invitations.js';
import { linkToDecline } from './mails.js';
import { copyable, counted, facts, heading, say } from './printer.js';
import { endOfLog, freePort, mailbox, startService, type Service } from './service.js';
import { closing, verifyAll } from './story/closing.js';
import { leaveFile } from './story/elsewhere.js';
import { nextWeek } from './story/next-week.js';
import { opening } from './story/opening.js';
import { timeline } from './story/timeline.js';
import { playYear, startsAt } from './story/year.js';
import type { World } from './world.js';

let service: Service | undefined;

/** Plays the year. Then the service runs until it is stopped, or stops at once with `--exit`. */
async function demo(): Promise<void> {
  const { values } = parseArgs({ options: { exit: { type: 'boolean', default: false } } });
  heading('A year of the TRM service', 'played through its REST interface, on a simulated clock');
  service = startService(startsAt, await freePort());
  await service.ready();
  say(`The service runs at ${service.url}, with its own database.`);

  const world = await opening(service.url, service.adminToken);
  await playYear(world);
  await timeline(world);
  await closing(world);
  const customer = await nextWeek(world);
  say(`The demo took ${counted(Math.round(performance.now() / 1000), 'second')} so far.`);
  await verifyAll(world);

  if (values.exit) return service.stop();
  showTheWayIn(world, await invitations(world, customer));
  leaveFile(world, '2027-04-01', yearEndsOn);
  await service.ended;
  if (!stopping) throw new Error('The service has ended.');
}

function showTheWayIn({ url, admin, csms, finance, olivia }: World, signIns: [role: string, link: string][]): void {
  heading('The service keeps running', 'stop it with Ctrl-C');
  facts([
    ['Address', url],
    ['Documentation', `${url}/docs`],
    ['Token of an admin', admin.token],
    ['of a CSM (Aiko Mori)', csms.aiko.token],
    ['of finance (Ryo Hayashi)', finance.token],
    ['of a customer (Olivia Harris)', olivia.token],
    ['Mails', mailbox],
  ]);
  say('For example, list the contracts that renew next:');
  copyable(`curl -H 'Authorization: Bearer ${finance.token}' '${url}/v1/renewals'`);
  heading('Sign in to the console', 'each link works once; open each in a private window of its own');
  facts(signIns);
  say(`Later, ask for a link on the page ${url}/console/sign-in. It becomes a mail in the folder above.`);
  const { contact, name } = customers.alster;
  heading('A personal link', `from the reminder to ${contact.name} of ${name}`);
  facts([['Decline the renewal', linkToDecline(contact.email)]]);
  say('The page is in English or Japanese. Nothing changes until somebody signs and sends the form.');
  say('The simulated clock stands still, so all other mails wait. Advance it with:');
  const to = JSON.stringify({ to: '2027-04-03T00:00:00Z' });
  const headers = `-H 'Authorization: Bearer ${admin.token}' -H 'Content-Type: application/json'`;
  copyable(`curl ${headers} -d '${to}' ${url}/v1/clock/advance`);
}

let stopping = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    console.log('\nStopping the service.');
    void (service?.stop() ?? Promise.resolve()).then(() => process.exit(0));
  });
}

demo().catch(async (error: unknown) => {
  // Requests fail if the service is stopped during the story.
  if (stopping) return;
  stopping = true;
  await service?.stop();
  const message = error instanceof Error ? error.message : String(error);
  console.error(`\nThe demo has failed. ${error instanceof UnexpectedAnswer ? 'It asked\n' : ''}${message}`);
  if (service && endOfLog() !== '') console.error(`\nThe last lines of the service's log:\n${endOfLog()}`);
  process.exitCode = 1;
});
