import { SimulatedClock, SystemClock, type Clock } from './clock.js';
import type { ClockSetting } from './settings/config.js';
import type { Connection, Database } from './database/database.js';

const channel = 'simulated_clock';
const journeyLock = 1_003;

/**
 * The clock to start with. A simulated clock starts at the stored or the configured moment, whichever is later, and follows the other
 * instances on the database. A start with the system clock deletes the stored moment.
 */
export async function startClock(database: Database, setting: ClockSetting): Promise<Clock> {
  if (setting.kind === 'system') {
    await database.write((tx) => tx.query('DELETE FROM simulated_clock'));
    return new SystemClock();
  }
  const startsAt = await keepLater(database, setting.startsAt);
  const clock = new SimulatedClock(startsAt, async (instant) => void (await keepLater(database, instant)));
  // If this read fails, the next advance triggers another one.
  await database.listen(channel, () => void catchUp(database, clock).catch(() => undefined));
  return clock;
}

/** Advances the clock to the stored moment if another instance has advanced further. */
async function catchUp(database: Database, clock: SimulatedClock): Promise<void> {
  const [row] = await database.read((tx) => tx.query<{ now_at: Date }>('SELECT now_at FROM simulated_clock'));
  if (row) clock.follow(row.now_at);
}

/**
 * Runs `work`, which advances the clock, while no other instance does the same; undefined if one does. The lock ends with the process,
 * even by `kill -9`.
 */
export async function onlyTraveller<T>(
  database: Database,
  clock: SimulatedClock,
  journey: () => Promise<T>,
): Promise<T | undefined> {
  if (travelling.has(clock)) return undefined;
  travelling.add(clock);
  try {
    return await onlyTravellerOfAll(database, clock, journey);
  } finally {
    travelling.delete(clock);
  }
}

/** The clocks of this process that are being advanced: a second advance is refused without a connection. */
const travelling = new WeakSet<SimulatedClock>();

async function onlyTravellerOfAll<T>(
  database: Database,
  clock: SimulatedClock,
  journey: () => Promise<T>,
): Promise<T | undefined> {
  const connection = await database.connection('journey');
  if (!(await locked(connection, 'pg_try_advisory_lock'))) {
    connection.release();
    return undefined;
  }
  try {
    await catchUp(database, clock);
    return await journey();
  } finally {
    const unlocked = await locked(connection, 'pg_advisory_unlock').catch(() => false);
    connection.release(!unlocked);
  }
}

async function locked({ client }: Connection, lock: 'pg_try_advisory_lock' | 'pg_advisory_unlock'): Promise<boolean> {
  const { rows } = await client.query<{ done: boolean }>(`SELECT ${lock}($1) AS done`, [journeyLock]);
  return rows[0]!.done;
}

/** Instances share the database, so the stored moment only ever grows. */
async function keepLater(database: Database, instant: Date): Promise<Date> {
  const [row] = await database.write((tx) =>
    tx.query<{ now_at: Date }>(
      `WITH kept AS (
         INSERT INTO simulated_clock (now_at) VALUES ($1)
         ON CONFLICT (id) DO UPDATE SET now_at = greatest(simulated_clock.now_at, excluded.now_at)
         RETURNING now_at
       )
       SELECT now_at, pg_notify($2, '') FROM kept`,
      [instant, channel],
    ),
  );
  return row!.now_at;
}
