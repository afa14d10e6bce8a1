import type { Socket } from 'node:net';
import { Logger } from '@nestjs/common';
import { Client, Pool, types, type PoolClient, type PoolConfig } from 'pg';
import { DataSource, getMetadataArgsStorage, type EntityManager } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { Refusal } from '../../domain/refusal.js';
import { CopyIn } from './copy-in.js';
import { connectionLost, isLockTimeout, isRetryable, refusalOf, whoseLock } from './database-errors.js';
import { LockWaits } from './lock-waits.js';
import { Shares, type GiveBack } from '../load/shares.js';

/** What is done together or not at all. It travels as the first argument from the entry point to every service and store. */
export interface Transaction {
  /** TypeORM inside this transaction, for nouns that are only kept. */
  readonly manager: EntityManager;
  /** Plain SQL. One statement at a time: a transaction has one connection. */
  query<Row>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** A statement that each connection parses and plans once; its name stands for one text for ever. */
  prepared<Row>(name: string, sql: string, values: unknown[]): Promise<Row[]>;
  /** Runs after the commit, and only then: mails, wake-up calls. A failing effect is logged and changes nothing. */
  afterCommit(effect: () => void): void;
}

/** A transaction whose statements go to the server without waiting for the answers of those before them. */
export interface PipelinedTransaction extends Transaction {
  /** Sends statements in one piece and waits for the answers of all. */
  together<T extends readonly unknown[]>(statements: () => T): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }>;
  /** Learns the transaction's id, so that a commit whose answer is lost can be looked up. To be sent after the first lock. */
  identify(): Promise<void>;
  /** Keeps a statement for the end: it goes to the server in one piece with the commit, and fails the transaction if it fails. */
  last(statement: () => Promise<unknown>): void;
  /** Writes many rows (`copyRows`) into a table and columns of it. */
  copyIn(into: string, rows: string): Promise<void>;
}

/**
 * Where a connection is taken from. `ordinary` serves requests and jobs; `desk` books hours and keeps generic plans; `waiting`
 * does the same for bookings that wait for a lock, each on its own connection; `reports` streams from the replica, where there
 * is one, and cannot take connections from the others. `reports-on-primary` serves reports that the replica cannot answer yet;
 * without a replica it is the same lane. `keys`, `journey`, `jobs` and `mails` hold the locks that show which request has a key,
 * and who travels in time, runs a job or sends mails, for as long as that takes.
 *
 * The holder of a connection waits for no other one of the same lane: else the holders of all connections would wait for each
 * other. Who has one of `keys` may wait for one of `journey`, then `jobs`, then `mails`, then the other lanes; nobody waits the
 * other way round.
 */
export type Lane = 'ordinary' | BookingLane | HoldingLane | ReportsLane;
export type BookingLane = 'booking' | 'waiting';
export type HoldingLane = 'keys' | 'journey' | 'jobs' | 'mails';
export type ReportsLane = 'reports' | 'reports-on-primary';

export interface Connection {
  readonly client: PoolClient;
  /** Gives the connection back, or destroys it when called with an error or `true`. */
  readonly release: (error?: Error | boolean) => void;
}

export interface DatabaseOptions {
  readonly url: string;
  readonly replicaUrl?: string;
  /** The most connections of every lane, where it is not the lane's own number. */
  readonly mostOfLane?: number;
}

// Days are text (`2026-04-01`) and counts are numbers everywhere, also in arrays; numeric stays text, as money is exact.
types.setTypeParser(types.builtins.DATE, (text) => text);
types.setTypeParser(types.builtins.INT8, Number);
const arraysOf: Record<'text' | 'date' | 'int8', number> = { text: 1009, date: 1182, int8: 1016 };
const textArray = types.getTypeParser(arraysOf.text) as (text: string) => (string | null)[];
types.setTypeParser(arraysOf.date, textArray);
types.setTypeParser(arraysOf.int8, (text: string) =>
  textArray(text).map((item) => (item === null ? null : Number(item))),
);

const tries = 5;
const firstPauseMs = 10;
const commitQuestions = 50;
const commitQuestionPauseMs = 200;

const listenAgainMs = 1_000;

/** Each holds a connection and a snapshot for as long as its reader takes. */
const reportsAtOnce = 4;
/** One who comes when all are in use is refused soon, and does not wait until its own patience ends. */
const reportsPatienceMs = 3_000;
/** Of one reader: one who reads slowly, or asks for everything at once, leaves the other half to others. */
const reportsOfOne = 2;

/** Each waits for a lock, alone. */
const waitingAtOnce = 4;

const logger = new Logger('Database');

/** PostgreSQL: transactions for everybody, bare connections for the desk and for streams. */
export class Database {
  readonly #lanes: Record<Lane, Pool>;
  readonly #reportShares = new Shares(reportsOfOne);
  readonly #listeners = new Set<Client>();
  readonly #lockWaits = new LockWaits();
  #closed?: Promise<unknown>;

  private constructor(
    readonly dataSource: DataSource,
    private readonly url: string,
    lanes: Record<Lane, Pool>,
  ) {
    this.#lanes = lanes;
  }

  /** Connects. Throws the driver's error where the database does not answer. */
  static async open({ url, replicaUrl = url, mostOfLane }: DatabaseOptions): Promise<Database> {
    const options = (lane: (url: string) => PoolConfig, at = url): PoolConfig => ({
      ...lane(at),
      ...(mostOfLane !== undefined && { max: mostOfLane }),
    });
    const dataSource = new DataSource({
      type: 'postgres',
      url,
      // Every class that is declared an entity by now: the rooms are loaded before the database is opened.
      entities: getMetadataArgsStorage().tables.flatMap(({ target }) => (typeof target === 'string' ? [] : [target])),
      extra: options(laneOptions.ordinary),
      poolErrorHandler: idleConnectionLost,
    });
    await dataSource.initialize();
    const reports = poolOf(options(laneOptions.reports, replicaUrl));
    return new Database(dataSource, url, {
      ordinary: (dataSource.driver as PostgresDriver).master as Pool,
      booking: poolOf(options(laneOptions.booking)),
      waiting: poolOf(options(laneOptions.waiting)),
      keys: poolOf(options(laneOptions.keys)),
      journey: poolOf(options(laneOptions.journey)),
      jobs: poolOf(options(laneOptions.jobs)),
      mails: poolOf(options(laneOptions.mails)),
      reports,
      'reports-on-primary': replicaUrl === url ? reports : poolOf(options(laneOptions.reports)),
    });
  }

  get hasReplica(): boolean {
    return this.#lanes.reports !== this.#lanes['reports-on-primary'];
  }

  /**
   * Runs `work` in a READ COMMITTED transaction, again (up to five times) when it fell to a deadlock or a serialisation
   * failure, and once where somebody else holds a lock that it needs: so `work` may run more than once, and what it does
   * outside the database belongs into `afterCommit`. It waits for a lock only in its turn (`LockWaits`).
   * Throws a Refusal (503) where the database is away or overloaded, or the lock is not free within five seconds.
   */
  async write<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    try {
      return await this.#again(() =>
        this.#transaction(`${readWrite}; SET LOCAL lock_timeout = ${lockTimeoutMs}`, work),
      );
    } catch (error) {
      if (!isLockTimeout(error)) throw error;
      return this.#writePatiently(whoseLock(error), work);
    }
  }

  /**
   * As `write`, on the desk's lane: the statements of `work` need not be awaited one by one, which saves the way to the
   * server and back for each. A connection that is lost during the COMMIT is no excuse: where the transaction was
   * identified, the server is asked what became of it. Throws the driver's error (`isLockTimeout`) where a lock is not to be had.
   */
  pipelined<T>(work: (tx: PipelinedTransaction) => Promise<T>, lane: BookingLane = 'booking'): Promise<T> {
    return this.#again(() => this.#transaction(readWrite, work, lane));
  }

  /**
   * Runs `work` on one snapshot, without writing; what takes as long as its reader likes belongs on a `Snapshot`. Throws a Refusal (503) where the database is away or overloaded.
   */
  async read<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    try {
      return await this.#transaction('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', work);
    } catch (error) {
      throw refusalOf(error) ?? error;
    }
  }

  /** A bare connection; the caller must release it. Throws a Refusal (503) where none can be had. */
  async connection(lane: Lane = 'ordinary'): Promise<Connection> {
    const pool = this.#lanes[lane];
    const client = await pool.connect().catch((error: unknown) => {
      // Nobody has been served within the time-out: those who have the connections are still reading.
      if (lane.startsWith('reports') && isFull(pool) && connectionLost(error)) {
        throw new Refusal('reports-busy', { atOnce: reportsAtOnce }, { retryAfterSeconds: 10 });
      }
      // Those who have the connections wait for other locks.
      if (lane === 'waiting' && isFull(pool) && connectionLost(error)) {
        throw new Refusal('subscription-busy', {}, { retryAfterSeconds: 1 });
      }
      throw refusalOf(error) ?? error;
    });
    // Without a listener the loss of a connection that is in use would end the process; its statement fails anyway.
    const ignore = (): void => undefined;
    client.on('error', ignore);
    const release = (error?: Error | boolean): void => {
      client.off('error', ignore);
      client.release(error);
    };
    return { client, release };
  }

  /**
   * Counts a report to its reader's share, and waits for a moment where that is used up. Returns what gives the place back.
   * @throws Refusal `too-many-reports`
   */
  async shareOfReports(reader: string): Promise<GiveBack> {
    const giveBack = await this.#reportShares.takeWithin(reader, reportsPatienceMs);
    if (!giveBack) throw new Refusal('too-many-reports', { atOnce: reportsOfOne }, { retryAfterSeconds: 10 });
    return giveBack;
  }

  /** For services to read in a transaction that the holder of a bare connection has begun, and will end. */
  transactionOn({ client }: Connection): Transaction {
    return new OpenTransaction(client, this.dataSource);
  }

  /**
   * Calls `heard` whenever somebody notifies the channel, on a connection of its own; where that is lost it is made again,
   * and `heard` called too, as something may have been missed.
   */
  async listen(channel: string, heard: () => void): Promise<void> {
    const client = new Client({
      connectionString: this.url,
      connectionTimeoutMillis: 10_000,
      application_name: 'trm-service',
    });
    const again = (): void => {
      if (!this.#listeners.delete(client)) return;
      client.end().catch(() => undefined);
      const listen = (): unknown => this.#closed ?? this.listen(channel, heard).then(heard);
      setTimeout(listen, listenAgainMs).unref();
    };
    this.#listeners.add(client);
    client.on('notification', heard).on('error', again).on('end', again);
    try {
      await client.connect();
      await client.query(`LISTEN ${channel}`);
    } catch {
      again();
    }
  }

  /** Whether the database answers within so many milliseconds. */
  async answers(withinMs: number): Promise<boolean> {
    const answered = this.read((tx) => tx.query('SELECT 1')).then(
      () => true,
      () => false,
    );
    return Promise.race([answered, pause(withinMs).then(() => false)]);
  }

  /** Closes all connections, each when its work in hand is done. */
  close(): Promise<unknown> {
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    this.#closed ??= Promise.all([
      this.dataSource.destroy(),
      ...[...new Set(Object.values(this.#lanes))]
        .filter((pool) => pool !== this.#lanes.ordinary)
        .map((pool) => pool.end()),
      ...listeners.map((client) => client.end()),
    ]);
    return this.#closed;
  }

  async #writePatiently<T>(lock: string | undefined, work: (tx: Transaction) => Promise<T>): Promise<T> {
    try {
      return await this.#lockWaits.run(lock ?? 'another', (patienceMs) =>
        this.#again(() => this.#transaction(`${readWrite}; SET LOCAL lock_timeout = ${patienceMs}`, work)),
      );
    } catch (error) {
      const isBusy = isLockTimeout(error) || (error instanceof Refusal && error.code === 'overloaded');
      if (lock !== undefined && isBusy) {
        throw new Refusal('subscription-busy', {}, { retryAfterSeconds: 1 });
      }
      throw refusalOf(error) ?? error;
    }
  }

  async #again<T>(attemptOnce: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await attemptOnce();
      } catch (error) {
        if (isLockTimeout(error)) throw error;
        if (!isRetryable(error) || attempt === tries) throw refusalOf(error) ?? error;
        await pause(firstPauseMs * 2 ** attempt * Math.random());
      }
    }
  }

  async #transaction<T>(
    begin: string,
    work: (tx: PipelinedTransaction) => Promise<T>,
    lane: Lane = 'ordinary',
  ): Promise<T> {
    const { client, release } = await this.connection(lane);
    const tx = new OpenTransaction(client, this.dataSource);
    let result: T;
    let isLost = false;
    try {
      const begun = client.query(begin);
      if (lane !== 'booking' && lane !== 'waiting') await begun;
      // Else the statements that follow would fail for the same reason.
      else begun.catch(() => undefined);
      result = await work(tx);
      try {
        await tx.commit();
      } catch (error) {
        if (tx.xid === undefined || !connectionLost(error)) throw error;
        // Given back first: the question takes another connection.
        isLost = true;
        release(true);
        if (!(await this.#wasCommitted(tx.xid))) throw error;
      }
    } catch (error) {
      if (isLost) throw error;
      const unusable = connectionLost(error) || (await failure(client.query('ROLLBACK')));
      release(unusable);
      throw error;
    } finally {
      tx.end();
    }
    if (!isLost) release();
    tx.runEffects();
    return result;
  }

  async #wasCommitted(xid: string): Promise<boolean> {
    for (let attempt = 1; attempt <= commitQuestions; attempt++) {
      const status = await this.read((tx) => tx.query<{ status: string | null }>(transactionStatus, [xid])).then(
        ([row]) => row?.status,
        () => 'no answer',
      );
      if (status === 'committed') return true;
      if (status === 'aborted') return false;
      await pause(commitQuestionPauseMs);
    }
    return false;
  }
}

/** Longer than bookings hold their locks. A transaction that needs more waits in its turn. */
const lockTimeoutMs = 50;

const readWrite = 'BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE';
const transactionStatus = 'SELECT pg_xact_status($1::text::xid8) AS status';

class OpenTransaction implements PipelinedTransaction {
  /** The transaction's id, once it was asked for and assigned. */
  xid: string | undefined;
  readonly #effects: (() => void)[] = [];
  readonly #last: (() => Promise<unknown>)[] = [];
  #manager?: EntityManager;
  #ended = false;

  constructor(
    private readonly client: PoolClient,
    private readonly dataSource: DataSource,
  ) {}

  get manager(): EntityManager {
    this.#mustBeOpen();
    if (!this.#manager) {
      // TypeORM's own BEGIN takes several statements and knows no READ ONLY, so it is handed a connection with an open transaction.
      const runner = this.dataSource.createQueryRunner();
      Object.assign(runner, { databaseConnection: this.client, isTransactionActive: true, transactionDepth: 1 });
      this.#manager = runner.manager;
    }
    return this.#manager;
  }

  async query<Row>(sql: string, values?: unknown[]): Promise<Row[]> {
    this.#mustBeOpen();
    return (await this.client.query(sql, values)).rows as Row[];
  }

  async prepared<Row>(name: string, sql: string, values: unknown[]): Promise<Row[]> {
    this.#mustBeOpen();
    return (await this.client.query({ name, text: sql, values })).rows as Row[];
  }

  afterCommit(effect: () => void): void {
    this.#mustBeOpen();
    this.#effects.push(effect);
  }

  async together<T extends readonly unknown[]>(
    statements: () => T,
  ): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
    return Promise.all(this.#inOnePiece(statements));
  }

  copyIn(into: string, rows: string): Promise<void> {
    this.#mustBeOpen();
    return new Promise((resolve, reject) => {
      this.client.query(new CopyIn(into, rows, (error) => (error ? reject(error) : resolve())));
    });
  }

  async identify(): Promise<void> {
    const sql = 'SELECT pg_current_xact_id_if_assigned()::text AS xid';
    const [row] = await this.prepared<{ xid: string | null }>('transaction-id', sql, []);
    this.xid = row?.xid ?? undefined;
  }

  /** Every statement is a write to the socket otherwise, and each wakes the server. */
  #inOnePiece<T>(send: () => T): T {
    const { stream } = (this.client as unknown as { connection: { stream: Socket } }).connection;
    stream.cork();
    try {
      return send();
    } finally {
      stream.uncork();
    }
  }

  last(statement: () => Promise<unknown>): void {
    this.#last.push(statement);
  }

  async commit(): Promise<void> {
    const [{ command }] = await this.together(() => {
      const last = this.#last.map((send) => send());
      return [this.client.query('COMMIT'), ...last] as const;
    });
    if (command !== 'COMMIT') throw new Error('A statement failed, its error was hidden, and nothing was committed');
  }

  end(): void {
    this.#ended = true;
  }

  runEffects(): void {
    for (const effect of this.#effects) {
      try {
        effect();
      } catch (error) {
        logger.error('An effect after a commit failed', error instanceof Error ? error.stack : String(error));
      }
    }
  }

  /** A forgotten `await` would otherwise write into the transaction of whoever has the connection next. */
  #mustBeOpen(): void {
    if (this.#ended) throw new Error('This transaction has ended: an await is missing');
  }
}

/**
 * Time-outs keep one stuck statement, lock or forgotten transaction from stopping everybody. A process that is frozen amid a
 * transaction loses it, and so its locks. Reports may take long, as they are read as fast as the client at the other end
 * takes them.
 */
const laneOptions = {
  ordinary: (url: string) =>
    connectionOptions(url, 10, {
      ...deadPeers,
      statement_timeout: '60s',
      // Reading waits only for changes of the schema.
      lock_timeout: '5s',
      idle_in_transaction_session_timeout: '15s',
    }),
  booking: (url: string, max = 4): PoolConfig => ({
    pipeline: true,
    ...connectionOptions(url, max, {
      ...deadPeers,
      statement_timeout: '60s',
      // Everybody's bookings are in one line. It waits for no lock of bookings, and for others no longer than this.
      lock_timeout: '250ms',
      idle_in_transaction_session_timeout: '10s',
      // The desk's statements take arrays of every length: planning them anew each time would cost more than it finds.
      plan_cache_mode: 'force_generic_plan',
      // It asks by keys alone. A plan that was made while a table was small would go on to read all of it when it has grown.
      enable_seqscan: 'off',
      enable_hashjoin: 'off',
      enable_mergejoin: 'off',
    }),
  }),
  waiting: (url: string): PoolConfig => ({
    ...laneOptions.booking(url, waitingAtOnce),
    connectionTimeoutMillis: 5_000,
  }),
  keys: (url: string) => connectionOptions(url, 4, holding),
  journey: (url: string) => connectionOptions(url, 1, holding),
  // One for each job, and a second one for mail delivery: further runs wait without a connection.
  jobs: (url: string) => connectionOptions(url, 8, holding),
  mails: (url: string) => connectionOptions(url, 4, holding),
  reports: (url: string): PoolConfig => ({
    ...connectionOptions(url, reportsAtOnce, {
      idle_in_transaction_session_timeout: '600s',
      // A report whose reader has gone is not sorted to its end.
      client_connection_check_interval: '5s',
      // Parallel workers sort what otherwise comes in the order of an index, and take the processors from the bookings.
      max_parallel_workers_per_gather: '0',
    }),
    connectionTimeoutMillis: reportsPatienceMs,
    // A replica that has vanished from the network is noticed, though its connections only wait to be written to.
    keepAlive: true,
    keepAliveInitialDelayMillis: 60_000,
  }),
};

/** The server ends sessions whose other end has vanished from the network, and so their locks. */
const deadPeers = {
  tcp_keepalives_idle: '20s',
  tcp_keepalives_interval: '5s',
  tcp_keepalives_count: '3',
  tcp_user_timeout: '30s',
};

/** Of connections on which locks are held for long; what is written beside them waits for no booking. */
const holding = {
  ...deadPeers,
  statement_timeout: '60s',
  lock_timeout: '15s',
  idle_in_transaction_session_timeout: '120s',
};

function connectionOptions(url: string, max: number, settings: Record<string, string>): PoolConfig {
  return {
    connectionString: url,
    max,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    application_name: 'trm-service',
    options: Object.entries({ TimeZone: 'UTC', ...settings })
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
  };
}

const isFull = ({ totalCount, options }: Pool): boolean => totalCount === options.max;

function poolOf(options: PoolConfig): Pool {
  return new Pool(options).on('error', idleConnectionLost);
}

/** The pool has dropped the connection and makes a new one when it is needed. */
function idleConnectionLost(error: unknown): void {
  logger.warn(`An idle connection was lost: ${error instanceof Error ? error.message : String(error)}`);
}

/** The error of what failed, or undefined. */
const failure = (attempt: Promise<unknown>): Promise<Error | undefined> =>
  attempt.then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());
