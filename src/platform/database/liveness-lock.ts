import { randomInt } from 'node:crypto';
import type { Connection, Database } from './database.js';
import type { HoldingLane } from './lanes.js';

/** Keys of two numbers are a space of their own among PostgreSQL's advisory locks; this is the first number. */
const lockSpace = 1_004;

/** SQL: the keys of all that are alive. Whoever reads a key in a row and then misses it here has read that of a dead one. */
export const livingKeys = `select objid::bigint::integer from pg_locks
  where locktype = 'advisory' and classid = ${lockSpace} and objsubid = 2 and granted
    and database = (select oid from pg_database where datname = current_database())`;

/**
 * Lets all instances see whether a piece of work is still being done: its `key` stands in the rows that it has in hand,
 * and is held as an advisory lock on a connection of its own, so that the end of the process, however sudden, lets go of it.
 * What it writes goes over the same connection: without a sign of life nothing more is taken in hand.
 */
export class LivenessLock {
  #last: Promise<unknown> = Promise.resolve();

  private constructor(
    readonly key: number,
    private readonly connection: Connection,
  ) {}

  /** Throws a Refusal (503) where no connection can be had. */
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

  /** One statement, committed when it answers. */
  query<Row>(sql: string, values: unknown[] = []): Promise<Row[]> {
    return this.#inTurn(async () => (await this.connection.client.query(sql, values)).rows as Row[]);
  }

  /** As `query`, for a statement that the connection parses and plans once; its name stands for one text for ever. */
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

  /** A connection does one thing after the other. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work, work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}
