import { setTimeout as pause } from 'node:timers/promises';
import { escapeLiteral } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { Refusal } from '../../domain/refusal.js';
import { refusalOf } from './database-errors.js';
import type { Connection, Database, Transaction } from './database.js';
import type { GiveBack } from '../load/shares.js';

/** The values of a row as PostgreSQL writes them down, in the order of the statement's columns. */
export type CopiedRow = readonly (string | null)[];

/**
 * `bytes`: each character of a value stands for a byte of its UTF-8, which is all that one needs to know who writes UTF-8 again
 * and looks for ASCII only. It takes little more than half the time.
 */
export type ReadAs = 'text' | 'bytes';

export interface Statement {
  sql: string;
  /** What `$1`, `$2` … stand for. */
  values: readonly (string | number | null)[];
  /** Whether indexes give the rows in their order, so that the first ones come at once and nothing has to be sorted as a whole. */
  inOrder?: true;
}

/**
 * Left to itself, the planner joins millions of rows by hashes and sorts them on disk, with all processes that it can get, and
 * may compile the statement first: that takes as long in all, and many seconds to the first row.
 */
export const readInOrder =
  'set local enable_hashjoin = off; set local enable_mergejoin = off; set local random_page_cost = 1.1; ' +
  'set local max_parallel_workers_per_gather = 0; set local jit = off';

const lineFeed = 10;

/**
 * The database as it is at one moment, for as long as a reader takes: on the lane of the reports, so from the replica where
 * there is one. Rows come by COPY, as fast as they are taken and no faster: a cursor took twice as long.
 */
export class Snapshot {
  #open = true;
  #lost?: (error: Error) => void;

  private constructor(
    private readonly connection: Connection,
    private readonly transaction: Transaction,
    private readonly giveBackShare: GiveBack,
  ) {}

  /**
   * @param reader who reads, as one person: each has a share of the connections
   * @throws Refusal `too-many-reports`, `reports-busy`; (503) where the database is away or overloaded
   */
  static take(database: Database, reader: string): Promise<Snapshot> {
    return Snapshot.#begin(database, reader, () => database.connection('reports'));
  }

  /**
   * As `take`, and contains everything that was committed before it was asked for. A replica lags behind the primary: it is used if it
   * catches up soon, else the primary is.
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
    const giveBackShare = await database.shareOfReports(reader);
    let connection: Connection | undefined;
    try {
      connection = await connect();
      await connection.client.query('begin isolation level repeatable read read only');
      return new Snapshot(connection, database.transactionOn(connection), giveBackShare);
    } catch (error) {
      connection?.release(true);
      giveBackShare();
      throw refusalOf(error) ?? error;
    }
  }

  /** All rows of a short statement; to be asked before `rows` are read, or after. */
  async query<Row>({ sql, values }: Statement): Promise<Row[]> {
    try {
      return (await this.connection.client.query(sql, [...values])).rows as Row[];
    } catch (error) {
      throw refusalOf(error) ?? error;
    }
  }

  /**
   * What services read, as of the snapshot; to be asked before `rows` are read. What `work` answers may go on reading in the
   * transaction until the snapshot ends, where no rows are asked for.
   */
  async read<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    try {
      return await work(this.transaction);
    } catch (error) {
      throw refusalOf(error) ?? error;
    }
  }

  /**
   * All rows of a statement, once, a batch of some hundred at a time. The first batch is read before this returns, so that what
   * cannot be read at all is found before a byte is sent.
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

  /** Calls back when the connection is lost, also while nobody asks for rows. */
  onLost(lost: (error: Error) => void): void {
    this.#lost = lost;
    this.connection.client.on('error', lost);
  }

  /** To be called when everything that was asked for has been read: the connection goes back. */
  async end(): Promise<void> {
    await this.connection.client.query('commit');
    this.#release();
  }

  /** Gives up what has not been read. Amid a COPY a connection is of no use to others; after `end` this does nothing. */
  drop(): void {
    this.#release(true);
  }

  /** Gives up after an error. What is not there has been looked for: then the connection is as good as before. */
  async endRefused(error: unknown): Promise<void> {
    if (error instanceof Refusal && (error.code === 'not-found' || error.code === 'forbidden')) await this.end();
    else this.drop();
  }

  #release(broken?: true): void {
    if (!this.#open) return;
    this.#open = false;
    if (this.#lost) this.connection.client.off('error', this.#lost);
    this.connection.release(broken);
    this.giveBackShare();
  }
}

/** How long a report waits for a replica that lags behind, and how often it looks. Replicas usually lag by milliseconds. */
const replicaWaitMs = 3_000;
const replicaPauseMs = 50;

/**
 * A connection to the replica, once it has replayed the log of the primary as far as it is written now; undefined where that
 * takes too long, or where the replica is away or does not follow the primary's log (a copy by logical replication).
 */
async function caughtUpReplica(database: Database): Promise<Connection | undefined> {
  if (!database.hasReplica) return undefined;
  // The position of insertion: without synchronous commits, what was committed can still wait to be written.
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

/** Null where the server does not replay a log. */
const replayed = `select case when pg_is_in_recovery() then pg_last_wal_replay_lsn() >= $1::pg_lsn end as reached`;

/** COPY takes no parameters: they are written into the statement, quoted by the driver. */
export function literalStatement({ sql, values }: Statement): string {
  return sql.replaceAll(/\$(\d+)/g, (_, place: string) => {
    const value = values[Number(place) - 1];
    if (value === undefined) throw new Error(`The statement has no value ${place}`);
    return value === null ? 'null' : escapeLiteral(String(value));
  });
}

/** A chunk ends where the network cut it: what follows its last whole line waits for the next one. */
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

/** Only few values have anything to unescape, but `\N` stands in most lines. */
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
