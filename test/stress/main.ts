import { badTokens, fullPool, thirtyBatches } from './attacks/floods.js';
import type { Attack } from './attacks/attack.js';
import { halfSentBodies, halfSentHeads } from './attacks/half-sent.js';
import { frozenInstance, lockedRow } from './attacks/locks.js';
import { hangingMailServer } from './attacks/mail-server.js';
import { drippingReaders, pausedReaders } from './attacks/readers.js';
import { readOptions, usageOf, WrongOption, type Options } from './options.js';
import { OtherUsers, type PhaseResult } from './others.js';
import { usualRequests, everyLedgerAddsUp, openScene, stopSeconds, type Scene } from './scene.js';

/*
 * Measures how an attack on the service affects its other users. Before and during each attack, other users send a request every 25
 * ms. The run prints their waiting times and errors, and fails if these exceed the limits below. At the end of each attack the
 * service must stop in time while the attack continues. At the end of the run all ledgers must add up.
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
/** A longer run fails. */
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
  console.log('Creating two portfolios and 40,000 time entries …');
  const scene = await openScene();
  const problems: string[] = [];
  try {
    console.log(heading);
    for (const attack of attacks.filter(({ name }) => only.includes(name))) {
      problems.push(...(await runAttack(attack, scene, seconds)));
    }
    await everyLedgerAddsUp(scene);
  } finally {
    await scene.close();
  }
  clearTimeout(bound);
  if (problems.length === 0) {
    console.log('No other user was affected, every stop ended in time, and every ledger adds up.');
  } else {
    console.error(problems.join('\n'));
    process.exitCode = 1;
  }
}

/** Runs an attack on a service that has just started, and returns the problems of the other users. */
async function runAttack(attack: Attack, scene: Scene, seconds: number): Promise<string[]> {
  const environment = await attack.prepare?.();
  const service = await scene.start(environment?.settings);
  const others = new OtherUsers(
    service.port,
    [...usualRequests(scene), ...(attack.alsoMeasured?.(scene) ?? [])],
    everyMs,
  );
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
  environment?.remove();

  console.log(row(attack.name, before, during, [memoryBefore, memoryDuring], stopTook));
  console.log(`    ${attack.sentence}; ${attacker}`);
  return problemsOf(attack, { before, during }, exitCode, stopTook);
}

function problemsOf(
  { name }: Attack,
  results: Record<'before' | 'during', PhaseResult>,
  exitCode: number | null,
  stopTook: number,
): string[] {
  const problems: string[] = [];
  for (const [phase, { longestMs, slowest, failures }] of Object.entries(results)) {
    if (longestMs > longestWaitMs)
      problems.push(`${name}: ${phase}, one of the ${slowest} took ${longestMs.toFixed(0)} ms`);
    for (const [what, count] of Object.entries(failures)) problems.push(`${name}: ${phase}, ${what} × ${count}`);
  }
  if (exitCode !== 0) problems.push(`${name}: the service ended with exit code ${exitCode}`);
  // The end of the process takes some time after the stop that the settings allow.
  if (stopTook > stopSeconds + 1) problems.push(`${name}: the stop took ${stopTook.toFixed(0)} s`);
  return problems;
}

const heading = [
  'waiting times in ms'.padEnd(26),
  'before: p50    p99    max   503 fail',
  '| during: p50    p99    max   503 fail',
  '| peak MB before, during | stop s',
].join(' ');

function row(
  name: string,
  before: PhaseResult,
  during: PhaseResult,
  memory: readonly number[],
  stopTook: number,
): string {
  const columns = ({ p50Ms, p99Ms, longestMs, bounded, failures }: PhaseResult): string => {
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
