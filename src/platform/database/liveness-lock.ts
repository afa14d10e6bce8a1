import { randomInt } from 'node:crypto';
import type { Connection, Database } from './database.js';
import type { HoldingLane } from './lanes.js';

/** The first number of the two-number advisory locks that are used here. Locks of two numbers never meet locks of one number. */
const lockSpace = 1_004;

/** SQL: the keys of all work that is still running. If a row holds a key that this query does not return, its work has stopped. */
export const livingKeys = `select objid::bigint::integer from pg_locks
  where locktype = 'advisory' and classid = ${lockSpace} and objsubid = 2 and granted
    and database = (select oid from pg_database where datname = current_database())`;

/**
 * Shows all instances that some work is still running. The work writes `key` into the rows that it has claimed, and holds an advisory
 * lock with that key on a connection of its own. When the process ends, even by `kill -9`, PostgreSQL releases the lock. The work
 * writes over the same connection, so that it cannot claim rows after it has lost the lock.
 */
export class LivenessLock {
  #last: Promise<unknown> = Promise.resolve();

  private constructor(
    readonly key: number,
    private readonly connection: Connection,
  ) {}

  /** @throws Refusal 503 if no connection is free in time */
  static async begin(database: Database, lane: HoldingLane): Promise<LivenessLock> {
    const connection = await database.connection(lane);
    try {
      for (;;) {
        const key = randomInt(1, 2 ** 31 - 1);
        const { rows } = await connection.client.query<{ held: boolean }>(
          'select pg_try_advisory_lock($1::integer, $2::integer) as held',
          [lockSpace, key],
        );
        if (rows[0]!.held) return new LivenessLock(key, connection);
      }
    } catch (error) {
      connection.release(true);
      throw error;
    }
  }

  /** Runs one statement and commits it. */
  query<Row>(sql: string, values: unknown[] = []): Promise<Row[]> {
    return this.#inTurn(async () => (await this.connection.client.query(sql, values)).rows as Row[]);
  }

  /** As `query`, for a prepared statement. A name must always have the same SQL. */
  prepared<Row>(name: string, sql: string, values: unknown[]): Promise<Row[]> {
    return this.#inTurn(async () => (await this.connection.client.query({ name, text: sql, values })).rows as Row[]);
  }

  async end(): Promise<void> {
    try {
      await this.query('select pg_advisory_unlock($1::integer, $2::integer)', [lockSpace, this.key]);
      this.connection.release();
    } catch {
      this.connection.release(true);
    }
  }

  /** A connection runs one statement at a time. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work, work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}
