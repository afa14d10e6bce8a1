import { setTimeout as pause } from 'node:timers/promises';
import { escapeLiteral } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { Refusal } from '../../domain/refusal.js';
import { refusalOf } from './database-errors.js';
import type { Connection, Database } from './database.js';
import type { Transaction } from './transaction.js';
import type { FreePlace } from '../load/shares.js';

/** The values of a row in PostgreSQL's text format, in the order of the statement's columns. */
export type CopiedRow = readonly (string | null)[];

/**
 * How values are decoded. With `bytes`, each character stands for one byte of the UTF-8 text. A writer of UTF-8 that looks only for
 * ASCII characters needs no more, and decoding takes little more than half the time.
 */
export type ReadAs = 'text' | 'bytes';

export interface Statement {
  sql: string;
  /** The values of `$1`, `$2` … */
  values: readonly (string | number | null)[];
  /** Whether indexes return the rows in order, so that the first rows come at once and nothing is sorted. */
  inOrder?: true;
}

/**
 * Without these settings the planner hashes millions of rows and sorts them on disk, in parallel, and may compile the statement
 * first. That takes as long altogether, and many seconds to the first row.
 */
export const readInOrder =
  'set local enable_hashjoin = off; set local enable_mergejoin = off; set local random_page_cost = 1.1; ' +
  'set local max_parallel_workers_per_gather = 0; set local jit = off';

const lineFeed = 10;

/**
 * A view of the database at one moment, for a reader who may take minutes. It uses the reports lane, so it reads from the replica if there
 * is one. Rows come by COPY, only as fast as the reader takes them: a cursor took twice as long.
 */
export class Snapshot {
  #open = true;
  #lost?: (error: Error) => void;

  private constructor(
    private readonly connection: Connection,
    private readonly transaction: Transaction,
    private readonly freePlace: FreePlace,
  ) {}

  /**
   * @param reader the user or recipient, each of whom may use only some of the connections
   * @throws Refusal `too-many-reports`, `reports-busy`; 503 if the database is away or overloaded
   */
  static take(database: Database, reader: string): Promise<Snapshot> {
    return Snapshot.#begin(database, reader, () => database.connection('reports'));
  }

  /**
   * As `take`, and contains everything that was committed before the call. If the replica does not catch up with the primary soon,
   * reads from the primary.
   * @throws Refusal as `take`
   */
  static takeCurrent(database: Database, reader: string): Promise<Snapshot> {
    return Snapshot.#begin(
      database,
      reader,
      async () => (await caughtUpReplica(database)) ?? database.connection('reports-on-primary'),
    );
  }

  static async #begin(database: Database, reader: string, connect: () => Promise<Connection>): Promise<Snapshot> {
    const freePlace = await database.shareOfReports(reader);
    let connection: Connection | undefined;
    try {
      connection = await connect();
      await connection.client.query('begin isolation level repeatable read read only');
      return new Snapshot(connection, database.transactionOn(connection), freePlace);
    } catch (error) {
      connection?.release(true);
      freePlace();
      throw refusalOf(error) ?? error;
    }
  }

  /** All rows of a short statement. Call it before or after reading `rows`, not during it. */
  async query<Row>({ sql, values }: Statement): Promise<Row[]> {
    try {
      return (await this.connection.client.query(sql, [...values])).rows as Row[];
    } catch (error) {
      throw refusalOf(error) ?? error;
    }
  }

  /**
   * Runs `work`, which reads through services, on the snapshot. Call it before reading `rows`. If `rows` are never read, the result of
   * `work` may go on reading in the transaction until the snapshot ends.
   */
  async read<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    try {
      return await work(this.transaction);
    } catch (error) {
      throw refusalOf(error) ?? error;
    }
  }

  /**
   * All rows of a statement, once, in batches of some hundred. The first batch is read before this returns, so that a statement that
   * fails is known before the first byte is sent.
   */
  async rows(statement: Statement, as: ReadAs = 'text'): Promise<AsyncIterable<readonly CopiedRow[]>> {
    if (statement.inOrder) await this.connection.client.query(readInOrder);
    const copied = this.connection.client.query(copyTo(`copy (${literalStatement(statement)}) to stdout`));
    const batches = batchesOf(copied, as);
    try {
      const first = await batches.next();
      return startingWith(first, batches);
    } catch (error) {
      throw refusalOf(error) ?? error;
    }
  }

  /** Calls back when the connection is lost, even while no rows are being read. */
  onLost(lost: (error: Error) => void): void {
    this.#lost = lost;
    this.connection.client.on('error', lost);
  }

  /** Returns the connection. Call it after everything has been read. */
  async end(): Promise<void> {
    await this.connection.client.query('commit');
    this.#release();
  }

  /** Closes the connection with rows unread: during a COPY it cannot be reused. Does nothing after `end`. */
  drop(): void {
    this.#release(true);
  }

  /** Ends after an error. After a refusal, e.g. `not-found`, the connection can be reused. */
  async endRefused(error: unknown): Promise<void> {
    if (error instanceof Refusal && (error.code === 'not-found' || error.code === 'forbidden')) await this.end();
    else this.drop();
  }

  #release(broken?: true): void {
    if (!this.#open) return;
    this.#open = false;
    if (this.#lost) this.connection.client.off('error', this.#lost);
    this.connection.release(broken);
    this.freePlace();
  }
}

/** How long a report waits for a replica that lags behind, and how often it checks. Replicas usually lag by milliseconds. */
const replicaWaitMs = 3_000;
const replicaPauseMs = 50;

/**
 * A connection to the replica after it has replayed the primary's log up to now; undefined if that takes too long, if the
 * replica is away, or if it does not follow the primary's log (logical replication).
 */
async function caughtUpReplica(database: Database): Promise<Connection | undefined> {
  if (!database.hasReplica) return undefined;
  // The insert position, not the flush position: without synchronous commit, committed data may not be flushed yet.
  const [primary] = await database.read((tx) =>
    tx.query<{ position: string }>('select pg_current_wal_insert_lsn()::text as position'),
  );
  const replica = await database.connection('reports').catch((error: unknown) => {
    if (error instanceof Refusal && error.code === 'reports-busy') throw error;
    return undefined;
  });
  if (replica === undefined) return undefined;
  try {
    const until = performance.now() + replicaWaitMs;
    for (;;) {
      const { rows } = await replica.client.query<{ reached: boolean | null }>(replayed, [primary!.position]);
      if (rows[0]!.reached === true) return replica;
      if (rows[0]!.reached === null || performance.now() >= until) break;
      await pause(replicaPauseMs);
    }
    replica.release();
  } catch {
    replica.release(true);
  }
  return undefined;
}

/** Null if the server is not a replica. */
const replayed = `select case when pg_is_in_recovery() then pg_last_wal_replay_lsn() >= $1::pg_lsn end as reached`;

/** COPY takes no parameters: the driver quotes the values into the statement. */
export function literalStatement({ sql, values }: Statement): string {
  return sql.replaceAll(/\$(\d+)/g, (_, place: string) => {
    const value = values[Number(place) - 1];
    if (value === undefined) throw new Error(`The statement has no value ${place}`);
    return value === null ? 'null' : escapeLiteral(String(value));
  });
}

/** Splits chunks into lines. A network chunk may end inside a line; the rest of the line comes with the next chunk. */
async function* batchesOf(chunks: AsyncIterable<Buffer>, as: ReadAs): AsyncGenerator<readonly CopiedRow[], void> {
  let rest: Buffer[] = [];
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(lineFeed);
    if (end < 0) {
      rest.push(chunk);
      continue;
    }
    const whole = rest.length === 0 ? chunk.subarray(0, end) : Buffer.concat([...rest, chunk.subarray(0, end)]);
    rest = end + 1 < chunk.length ? [chunk.subarray(end + 1)] : [];
    yield whole
      .toString(as === 'text' ? 'utf8' : 'latin1')
      .split('\n')
      .map(valuesOf);
  }
}

async function* startingWith<T>(first: IteratorResult<T, void>, others: AsyncGenerator<T, void>): AsyncGenerator<T> {
  if (first.done === true) return;
  yield first.value;
  yield* others;
}

/** Few values need unescaping, but most lines contain a null (`\N`). */
function valuesOf(line: string): CopiedRow {
  const values: (string | null)[] = line.split('\t');
  if (!line.includes('\\')) return values;
  for (let place = 0; place < values.length; place++) {
    const value = values[place]!;
    if (value === '\\N') values[place] = null;
    else if (value.includes('\\')) values[place] = unescaped(value);
  }
  return values;
}

const escapes: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

const unescaped = (value: string): string =>
  value.replaceAll(/\\(.)/gs, (_, character: string) => escapes[character] ?? character);
