import { Client, type Pool, type PoolClient, type PoolConfig } from 'pg';
import { DataSource, getMetadataArgsStorage } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { Refusal } from '../../domain/refusal.js';
import {
  connectionLost,
  isBusy,
  isLockTimeout,
  isRetryable,
  limitLockWaits,
  refusalOf,
  whoseLock,
} from './database-errors.js';
import {
  idleConnectionLost,
  isFull,
  laneOptions,
  poolOf,
  reportsAtOnce,
  reportsOfOne,
  reportsPatienceMs,
  type BookingLane,
  type Lane,
} from './lanes.js';
import { LockWaits } from './lock-waits.js';
import { Shares, type FreePlace } from '../load/shares.js';
import { OpenTransaction } from './open-transaction.js';
import type { PipelinedTransaction, Transaction } from './transaction.js';
import { setValueTypes } from './value-types.js';

export interface Connection {
  readonly client: PoolClient;
  /** Returns the connection to its pool; destroys it if called with an error or `true`. */
  readonly release: (error?: Error | boolean) => void;
}

export interface DatabaseOptions {
  readonly url: string;
  readonly replicaUrl?: string;
  /** The maximum number of connections in each lane. Default: the lane's own number. */
  readonly mostOfLane?: number;
}

setValueTypes();

const tries = 5;
const firstPauseMs = 10;
const commitQuestions = 50;
const commitQuestionPauseMs = 200;

const listenAgainMs = 1_000;

/** Access to PostgreSQL: transactions, and bare connections for locks and streams. */
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

  /** Connects. Throws the driver's error if the database does not answer. */
  static async open({ url, replicaUrl = url, mostOfLane }: DatabaseOptions): Promise<Database> {
    const options = (lane: (url: string) => PoolConfig, at = url): PoolConfig => ({
      ...lane(at),
      ...(mostOfLane !== undefined && { max: mostOfLane }),
    });
    const dataSource = new DataSource({
      type: 'postgres',
      url,
      // All entity classes: the rooms are loaded before the database is opened.
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
   * Runs `work` in a READ COMMITTED transaction. Repeats it up to five times after a deadlock or serialisation failure, and once
   * if another transaction holds a lock that it needs. So `work` may run more than once: effects outside the database belong in
   * `afterCommit`. It waits for a lock only in its turn (`LockWaits`).
   * @throws Refusal 503 if the database is away or overloaded, or if the lock is not free within five seconds
   */
  async write<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    try {
      return await this.#again(() => this.#transaction(`${readWrite}; ${limitLockWaits(lockTimeoutMs)}`, work));
    } catch (error) {
      if (!isLockTimeout(error)) throw error;
      return this.#writePatiently(whoseLock(error), work);
    }
  }

  /**
   * As `write`, but on a booking lane, where statements need not be awaited one by one: this saves a round trip for each. If the
   * connection breaks during the COMMIT of an identified transaction, asks the server whether it was committed.
   * Throws the driver's error (`isLockTimeout`) if a lock is not free in time.
   */
  pipelined<T>(work: (tx: PipelinedTransaction) => Promise<T>, lane: BookingLane = 'booking'): Promise<T> {
    return this.#again(() => this.#transaction(readWrite, work, lane));
  }

  /**
   * Runs `work` in a read-only transaction on one snapshot. A read whose client sets the pace belongs on a `Snapshot`.
   * @throws Refusal 503 if the database is away or overloaded
   */
  async read<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    try {
      return await this.#transaction('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', work);
    } catch (error) {
      throw refusalOf(error) ?? error;
    }
  }

  /**
   * Takes a bare connection, which the caller must release.
   * @throws Refusal 503 if none is free in time
   */
  async connection(lane: Lane = 'ordinary'): Promise<Connection> {
    const pool = this.#lanes[lane];
    const client = await pool.connect().catch((error: unknown) => {
      // All connections of the lane are still streaming to readers.
      if (lane.startsWith('reports') && isFull(pool) && connectionLost(error)) {
        throw new Refusal('reports-busy', { atOnce: reportsAtOnce }, { retryAfterSeconds: 10 });
      }
      // All connections of the lane are waiting for other locks.
      if (lane === 'waiting' && isFull(pool) && connectionLost(error)) {
        throw new Refusal('subscription-busy', {}, { retryAfterSeconds: 1 });
      }
      throw refusalOf(error) ?? error;
    });
    // Without a listener, losing a connection in use would end the process. Its statement fails anyway.
    const ignore = (): void => undefined;
    client.on('error', ignore);
    const release = (error?: Error | boolean): void => {
      client.off('error', ignore);
      client.release(error);
    };
    return { client, release };
  }

  /**
   * Takes one of the user's places for reports, waiting a moment if all are in use. Returns the function that frees the place.
   * @throws Refusal `too-many-reports`
   */
  async shareOfReports(reader: string): Promise<FreePlace> {
    const freePlace = await this.#reportShares.takeWithin(reader, reportsPatienceMs);
    if (!freePlace) throw new Refusal('too-many-reports', { atOnce: reportsOfOne }, { retryAfterSeconds: 10 });
    return freePlace;
  }

  /** Wraps a transaction that the owner of a bare connection has begun, and will end, so that services can read in it. */
  transactionOn({ client }: Connection): Transaction {
    return new OpenTransaction(client, this.dataSource, false);
  }

  /**
   * Calls `heard` at every NOTIFY on the channel, on a connection of its own. After a lost connection, connects again and calls
   * `heard`, because a notification may have been missed.
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

  /** Whether the database answers within this time. */
  async answers(withinMs: number): Promise<boolean> {
    const answered = this.read((tx) => tx.query('SELECT 1')).then(
      () => true,
      () => false,
    );
    return Promise.race([answered, pause(withinMs).then(() => false)]);
  }

  /** Closes all connections, each after its running work. */
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
        this.#again(() => this.#transaction(`${readWrite}; ${limitLockWaits(patienceMs)}`, work)),
      );
    } catch (error) {
      if (lock !== undefined && isBusy(error)) {
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
    const tx = new OpenTransaction(client, this.dataSource, lane === 'booking' || lane === 'waiting');
    let result: T;
    let isLost = false;
    try {
      await tx.begin(begin);
      result = await work(tx);
      try {
        if (!tx.rollsBack) await tx.commit();
      } catch (error) {
        if (tx.xid === undefined || !connectionLost(error)) throw error;
        // Release first: the lookup needs another connection.
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
    if (tx.rollsBack) release(await failure(client.query('ROLLBACK')));
    else if (!isLost) release();
    if (!tx.rollsBack) tx.runEffects();
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

/** Longer than bookings hold their locks. A transaction that needs to wait longer waits in its turn. */
const lockTimeoutMs = 50;

const readWrite = 'BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE';
const transactionStatus = 'SELECT pg_xact_status($1::text::xid8) AS status';

/** The error of a failed attempt; undefined if it succeeded. */
const failure = (attempt: Promise<unknown>): Promise<Error | undefined> =>
  attempt.then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());
