import { badTokens, fullPool, thirtyBatches } from './attacks/floods.js';
import type { Attack } from './attacks/attack.js';
import { halfSentBodies, halfSentHeads } from './attacks/half-sent.js';
import { frozenInstance, lockedRow } from './attacks/locks.js';
import { hangingMailServer } from './attacks/mail-server.js';
import { drippingReaders, pausedReaders } from './attacks/readers.js';
import { readOptions, usageOf, WrongOption, type Options } from './options.js';
import { Others, type Felt } from './others.js';
import { dayOf, everyLedgerAddsUp, openScene, stopSeconds, type Scene } from './scene.js';

/*
 * What the other users of the service feel while somebody, or something, attacks it. Before an attack and during it, other users make a
 * call every 25 ms; the run prints how long they waited and which errors they got, and fails where that is more than they should notice.
 * Then the service is stopped with the attack still under way, and all ledgers are checked.
 */

const attacks: readonly Attack[] = [
  halfSentHeads,
  halfSentBodies,
  pausedReaders,
  drippingReaders,
  lockedRow,
  frozenInstance,
  hangingMailServer,
  badTokens,
  thirtyBatches,
  fullPool,
];

const everyMs = 25;
const secondsBefore = 3;
const longestWaitMs = 1_000;
/** Somebody waits for the result: a run that takes longer than this has failed. */
const mostMinutes = 5;

async function main(): Promise<void> {
  let options: Options | undefined;
  try {
    options = readOptions(
      process.argv.slice(2),
      attacks.map(({ name }) => name),
    );
  } catch (error) {
    if (!(error instanceof WrongOption)) throw error;
    console.error(`${error.message}. See npm run stress -- --help`);
    process.exitCode = 2;
    return;
  }
  if (options) await stress(options);
  else console.log(usageOf(attacks));
}

async function stress({ seconds, only }: Options): Promise<void> {
  const bound = setTimeout(() => {
    console.error(`The run did not end within ${mostMinutes} minutes.`);
    process.exit(1);
  }, mostMinutes * 60_000);
  console.log('entering two portfolios and 40,000 entries …');
  const scene = await openScene();
  const complaints: string[] = [];
  try {
    console.log(heading);
    for (const attack of attacks.filter(({ name }) => only.includes(name))) {
      complaints.push(...(await suffer(attack, scene, seconds)));
    }
    await everyLedgerAddsUp(scene);
  } finally {
    await scene.close();
  }
  clearTimeout(bound);
  if (complaints.length === 0) {
    console.log('Nobody else noticed, every stop ended in time, and every ledger adds up.');
  } else {
    console.error(complaints.join('\n'));
    process.exitCode = 1;
  }
}

/** Lets an attack loose on a service that has just started; what others can complain about afterwards. */
async function suffer(attack: Attack, scene: Scene, seconds: number): Promise<string[]> {
  const surroundings = await attack.prepare?.();
  const service = await scene.start(surroundings?.settings);
  const others = new Others(service.port, [...dayOf(scene), ...(attack.alsoMeasured?.(scene) ?? [])], everyMs);
  await pause(secondsBefore);
  const memoryBefore = service.peakMegabytes();
  others.enter('during');
  const underway = await attack.begin(scene, service);
  await pause(seconds);
  const { before, during } = await others.end();
  const memoryDuring = service.peakMegabytes();
  const attacker = underway.soFar();

  const stoppedAt = performance.now();
  const tooLate = setTimeout(() => service.signal('SIGKILL'), (stopSeconds + 5) * 1_000);
  const exitCode = await service.stop();
  clearTimeout(tooLate);
  const stopTook = (performance.now() - stoppedAt) / 1_000;
  await underway.end();
  surroundings?.remove();

  console.log(row(attack.name, before, during, [memoryBefore, memoryDuring], stopTook));
  console.log(`    ${attack.sentence}; ${attacker}`);
  return complaintsAbout(attack, { before, during }, exitCode, stopTook);
}

function complaintsAbout(
  { name }: Attack,
  felt: Record<'before' | 'during', Felt>,
  exitCode: number | null,
  stopTook: number,
): string[] {
  const complaints: string[] = [];
  for (const [phase, { longestMs, slowest, failures }] of Object.entries(felt)) {
    if (longestMs > longestWaitMs)
      complaints.push(`${name}: ${phase}, one of the ${slowest} took ${longestMs.toFixed(0)} ms`);
    for (const [what, count] of Object.entries(failures)) complaints.push(`${name}: ${phase}, ${what} × ${count}`);
  }
  if (exitCode !== 0) complaints.push(`${name}: the service ended with ${exitCode}`);
  // The process needs a moment beside what its settings allow.
  if (stopTook > stopSeconds + 1) complaints.push(`${name}: the stop took ${stopTook.toFixed(0)} s`);
  return complaints;
}

const heading = [
  'others felt, in ms'.padEnd(26),
  'before: p50    p99   most   503  5xx',
  '| during: p50    p99   most   503  5xx',
  '| peak MB before, during | stop s',
].join(' ');

function row(name: string, before: Felt, during: Felt, memory: readonly number[], stopTook: number): string {
  const columns = ({ p50Ms, p99Ms, longestMs, bounded, failures }: Felt): string => {
    const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
    return [
      p50Ms.toFixed(1).padStart(11),
      p99Ms.toFixed(1).padStart(6),
      longestMs.toFixed(0).padStart(6),
      String(bounded).padStart(5),
      String(failed).padStart(4),
    ].join(' ');
  };
  const megabytes = memory.map((mb) => mb.toFixed(0)).join(', ');
  return `${name.padEnd(26)} ${columns(before)} |  ${columns(during)} | ${megabytes.padStart(22)} | ${stopTook.toFixed(1).padStart(6)}`;
}

const pause = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1_000));

void main();
