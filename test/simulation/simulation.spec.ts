import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testDatabase } from '../support/database.js';
import { readOptions, usage } from './options.js';
import { failure } from './printing.js';
import { simulate, SimulationFailed, type Outcome } from './simulation.js';

/** A little of what `npm run simulate` plays for ten years. */
async function played(seed: number, until: string): Promise<Outcome> {
  const database = await testDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'trm-simulation-'));
  const wanted = { until, seed, subscriptions: 2 };
  try {
    return await simulate(wanted, { databaseUrl: database.url, folder });
  } catch (error) {
    throw error instanceof SimulationFailed ? new Error(failure(wanted, error)) : error;
  } finally {
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  }
}

test('months of chance break nothing, and the same seed plays the same', async () => {
  const [one, again] = [await played(13, '2027-03-31'), await played(13, '2027-03-31')];
  expect(one.checks).toBeGreaterThan(200);
  expect(one.tally.of('deeds')).toBeGreaterThan(20);
  expect(again.digest).toBe(one.digest);
  expect([...again.tally.counts]).toEqual([...one.tally.counts]);
}, 120_000);

describe('the command', () => {
  test('plays ten years by default', () => {
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
  ])('says what is wrong with %j', (args, words) => {
    expect(() => readOptions(args)).toThrow(words);
  });
});
