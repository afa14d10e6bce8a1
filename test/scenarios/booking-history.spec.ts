import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { playHistory } from '../simulation/history/play.js';
import { outcomesOf, report } from '../simulation/history/printing.js';
import { testDatabase } from '../support/database.js';

/** `HISTORY_SEED` repeats the requests of an earlier run. */
const seed = Number(process.env.HISTORY_SEED ?? Date.now() % 1_000_000);

/** What a run must have seen, so that the checker has something to check. */
const outcomesWanted = [
  'adjust 201',
  'allocation-exhausted',
  'already-reversed',
  'balance 200',
  'batch 200',
  'batch 422',
  'correct 201',
  'hours-exhausted',
  'ledger 200',
  'log 201',
  'log 422',
  'no answer',
  'repeated',
  'reverse 201',
];

/** A little of what `npm run simulate` plays for a minute. */
it(`keeps the promises of bookings while many clients book and an instance is killed (seed ${seed})`, async () => {
  const database = await testDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'trm-history-'));
  try {
    const wanted = { seed, extent: { answers: 1_000 }, kills: 1 };
    const { violations, history } = await playHistory(wanted, { databaseUrl: database.url, folder });
    if (violations.length > 0) throw new Error(report(seed, violations));
    expect([...outcomesOf(history).keys()]).toEqual(expect.arrayContaining(outcomesWanted));
  } finally {
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  }
});
