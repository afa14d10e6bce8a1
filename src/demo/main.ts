import { parseArgs } from 'node:util';
import { customers, yearEndsOn } from './cast.js';
import { UnexpectedAnswer } from './client.js';
import { linkToDecline } from './mails.js';
import { copyable, counted, facts, heading, say } from './printer.js';
import { endOfLog, freePort, mailbox, startService, type Service } from './service.js';
import { closing, verifyAll } from './story/closing.js';
import { leaveFile } from './story/elsewhere.js';
import { opening } from './story/opening.js';
import { timeline } from './story/timeline.js';
import { playYear, startsAt } from './story/year.js';
import type { World } from './world.js';

let service: Service | undefined;

/** Plays the year; then the service goes on until it is stopped, or ends at once with `--exit`. */
async function demo(): Promise<void> {
  const { values } = parseArgs({ options: { exit: { type: 'boolean', default: false } } });
  heading('A year of the TRM service', 'played through its REST interface, on a simulated clock');
  service = startService(startsAt, await freePort());
  await service.ready();
  say(`The service runs at ${service.url}, on a database of its own.`);

  const world = await opening(service.url, service.adminToken);
  await playYear(world);
  await timeline(world);
  await closing(world);
  say(`Played in ${counted(Math.round(performance.now() / 1000), 'second')}.`);
  await verifyAll(world);

  if (values.exit) return service.stop();
  showTheWayIn(world);
  leaveFile(world, '2027-04-01', yearEndsOn);
  await service.ended;
  if (!stopping) throw new Error('The service has ended.');
}

function showTheWayIn({ url, admin, csms, finance, olivia }: World): void {
  heading('The service goes on', 'stop it with Ctrl-C');
  facts([
    ['Address', url],
    ['Documentation', `${url}/docs`],
    ['Token of an admin', admin.token],
    ['of a CSM (Aiko Mori)', csms.aiko.token],
    ['of finance (Ryo Hayashi)', finance.token],
    ['of a customer (Olivia Harris)', olivia.token],
    ['Mails', mailbox],
  ]);
  say('For instance, what comes up for renewal:');
  copyable(`curl -H 'Authorization: Bearer ${finance.token}' '${url}/v1/renewals'`);
  const { contact, name } = customers.alster;
  heading('A personal link to open', `from the reminder to ${contact.name} of ${name}`);
  facts([['Decline the renewal', linkToDecline(contact.email)]]);
  say('It shows the facts, in English or Japanese. Nothing happens before somebody signs there.');
  say('The clock stands still, and mails wait, until somebody moves it on:');
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
  // Requests fail when the service is stopped in the middle of the story.
  if (stopping) return;
  stopping = true;
  await service?.stop();
  const message = error instanceof Error ? error.message : String(error);
  console.error(`\nThe demo has failed. ${error instanceof UnexpectedAnswer ? 'It asked\n' : ''}${message}`);
  if (service && endOfLog() !== '') console.error(`\nThe service's last words:\n${endOfLog()}`);
  process.exitCode = 1;
});
