import { randomBytes } from 'node:crypto';
import { bookingOn } from '../scene.js';
import type { Attack } from './attack.js';
import { postAgain, statuses } from './senders.js';

/** More requests than anybody needs. */

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

/** Tokens that nobody has, from the address from which the others come, while the rate limit is on. */
export const badTokens: Attack = {
  name: 'a flood of bad tokens',
  sentence: `${guessers} senders try tokens from the same address as everybody else`,
  prepare: () => Promise.resolve({ settings: { RATE_LIMIT_PER_MINUTE: '6000' }, remove: () => undefined }),
  begin: (scene, { port }) => {
    const guess = (): string => randomBytes(24).toString('base64url');
    return Promise.resolve(underway(postAgain(port, guess, guessers, (index) => bookingOn(scene.neighbour, index))));
  },
};

/**
 * Thirty batches of a thousand rows at once, of one CSM who comes back when `Retry-After` says so. The rate limit, which would end
 * this at the sixth batch, is off: so the queue alone protects the others.
 */
export const thirtyBatches: Attack = {
  name: 'thirty batches',
  sentence: `one CSM sends ${batches} batches of ${rowsOfABatch} rows at once, and again after each answer`,
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
    return Promise.resolve(underway(postAgain(port, attacker.token, batches, next, { patient: true })));
  },
};

/** Twenty-four runs of jobs at once, more than there are connections to the database. */
export const fullPool: Attack = {
  name: 'a full pool',
  sentence: `an admin runs ${jobRuns} jobs at once, again and again`,
  begin: (scene, { port }) => {
    const next = (index: number) => ({ path: `/v1/jobs/${jobs[index % jobs.length]!}/run` });
    return Promise.resolve(underway(postAgain(port, scene.adminToken, jobRuns, next)));
  },
};

function underway(senders: ReturnType<typeof postAgain>) {
  return { soFar: () => `the attacker got ${statuses(senders.outcomes)}`, end: () => senders.end() };
}
