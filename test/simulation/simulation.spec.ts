import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testDatabase } from '../support/database.js';
import { readOptions, usage } from './options.js';
import { failure } from './printing.js';
import { simulate, SimulationFailed, type Outcome } from './simulation.js';

/** Plays a part of what `npm run simulate` plays for ten years. */
async function play(seed: number, until: string): Promise<Outcome> {
  const database = await testDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'trm-simulation-'));
  const options = { until, seed, subscriptions: 2 };
  try {
    return await simulate(options, { databaseUrl: database.url, folder });
  } catch (error) {
    throw error instanceof SimulationFailed ? new Error(failure(options, error)) : error;
  } finally {
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  }
}

test('months of random actions break no invariant, and two runs with the same seed are equal', async () => {
  const [one, again] = [await play(13, '2027-05-31'), await play(13, '2027-05-31')];
  expect(one.checks).toBeGreaterThan(200);
  expect(one.tally.of('actions')).toBeGreaterThan(20);
  expect(again.digest).toBe(one.digest);
  expect([...again.tally.counts]).toEqual([...one.tally.counts]);
}, 120_000);

describe('the command line', () => {
  test('has ten years, the seed 7 and six subscriptions as defaults', () => {
    expect(readOptions([])).toEqual({ years: 10, seed: 7, subscriptions: 6 });
    expect(readOptions(['--years', '2', '--seed', '42', '--subscriptions=3'])).toEqual({
      years: 2,
      seed: 42,
      subscriptions: 3,
    });
    expect(readOptions(['--help'])).toBeUndefined();
    expect(usage).toContain('--years');
  });

  test.each([
    [['--years', '0'], '--years is a whole number from 1 to 50, not “0”'],
    [['--seed', 'seven'], '--seed is a whole number from 0 to 4294967295, not “seven”'],
    [['--subscriptions', '1.5'], '--subscriptions is a whole number from 1 to 500, not “1.5”'],
    [['--fast'], "Unknown option '--fast'"],
  ])('is refused with a message for %j', (args, words) => {
    expect(() => readOptions(args)).toThrow(words);
  });
});
