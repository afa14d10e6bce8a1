import { SimulatedClock, SystemClock, type Clock } from './clock.js';
import type { ClockSetting } from './config.js';
import type { Database } from './database.js';

/**
 * The clock to start with: a simulated one goes on from the later of the stored and the configured moment; a start with the
 * system's forgets what was stored.
 */
export async function startClock(database: Database, setting: ClockSetting): Promise<Clock> {
  if (setting.kind === 'system') {
    await database.write((tx) => tx.query('DELETE FROM simulated_clock'));
    return new SystemClock();
  }
  const startsAt = await keepLater(database, setting.startsAt);
  return new SimulatedClock(startsAt, async (instant) => void (await keepLater(database, instant)));
}

/** Several instances may share the database: the stored moment only ever grows. */
async function keepLater(database: Database, instant: Date): Promise<Date> {
  const [row] = await database.write((tx) =>
    tx.query<{ now_at: Date }>(
      `INSERT INTO simulated_clock (now_at) VALUES ($1)
       ON CONFLICT (id) DO UPDATE SET now_at = greatest(simulated_clock.now_at, excluded.now_at)
       RETURNING now_at`,
      [instant],
    ),
  );
  return row!.now_at;
}
