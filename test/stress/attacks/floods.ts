import { randomBytes } from 'node:crypto';
import { bookingOn } from '../scene.js';
import type { Attack } from './attack.js';
import { postRepeatedly, statuses } from './senders.js';

/** Attacks with very many requests. */

const guessers = 32;
const batches = 30;
const rowsOfABatch = 1_000;
const jobRuns = 24;
const jobs = [
  'ledger-verification',
  'term-roll-over',
  'renewal-lock',
  'pace-alerts',
  'housekeeping',
  'renewal-reminders',
];

/** Sends invalid tokens from the address of the other users, while the rate limit is on. */
export const badTokens: Attack = {
  name: 'a flood of bad tokens',
  sentence: `${guessers} clients guess tokens from the address of the other users`,
  prepare: () => Promise.resolve({ settings: { RATE_LIMIT_PER_MINUTE: '6000' }, remove: () => undefined }),
  begin: (scene, { port }) => {
    const guess = (): string => randomBytes(24).toString('base64url');
    return Promise.resolve(
      underway(postRepeatedly(port, guess, guessers, (index) => bookingOn(scene.neighbour, index))),
    );
  },
};

/**
 * One CSM sends 30 batches of 1,000 rows at once, and retries as `Retry-After` says. The rate limit would refuse the sixth batch, so it
 * is off: only the booking queue protects the other users.
 */
export const thirtyBatches: Attack = {
  name: 'thirty batches',
  sentence: `one CSM sends ${batches} batches of ${rowsOfABatch} rows at once, and another after each answer`,
  begin: (scene, { port }) => {
    const { attacker } = scene;
    const body = (index: number): unknown => ({
      atomic: false,
      entries: Array.from({ length: rowsOfABatch }, (_, row) => ({
        ...bookingOn(attacker, index * rowsOfABatch + row).body,
        subscriptionId: attacker.targets[(index * rowsOfABatch + row) % attacker.targets.length]!.subscriptionId,
      })),
    });
    const next = (index: number) => ({ path: '/v1/time-entries/batch', body: body(index) });
    return Promise.resolve(underway(postRepeatedly(port, attacker.token, batches, next, { patient: true })));
  },
};

/** Runs more jobs at once than the service has connections to the database. */
export const fullPool: Attack = {
  name: 'a full pool',
  sentence: `an administrator runs ${jobRuns} jobs at once, again and again`,
  begin: (scene, { port }) => {
    const next = (index: number) => ({ path: `/v1/jobs/${jobs[index % jobs.length]!}/run` });
    return Promise.resolve(underway(postRepeatedly(port, scene.adminToken, jobRuns, next)));
  },
};

function underway(senders: ReturnType<typeof postRepeatedly>) {
  return { soFar: () => `the attacker got ${statuses(senders.outcomes)}`, end: () => senders.end() };
}
