import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Actor } from '../../domain/access.js';
import { Refusal } from '../../domain/refusal.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import type { PipelinedTransaction, Transaction } from '../../platform/database/transaction.js';
import { databaseIsAway, isBusy, isLockTimeout, limitLockWaits } from '../../platform/database/database-errors.js';
import type { Language } from '../../domain/language.js';
import { newId } from '../../platform/ids.js';
import type { BookingItem } from '../hours/booking-item.js';
import { BulkBookingService } from '../hours/bulk-booking.service.js';
import { ImportLocks } from '../hours/import-locks.js';
import { countsOf, judgeRow, keysOf, itemsOf } from './judge-rows.js';
import { chunksOf, compared, readAhead } from './import-chunks.js';
import { DryRunBalances } from './dry-run-balances.js';
import { mostAtomicRows, type ComparedRow, type ImportRow } from './import-row.js';
import { ImportTally, type ImportOutcome, type RowOutcome } from './import-tally.js';
import { ImportStore, type NewImport } from './import.store.js';

export interface ImportRequest extends NewImport {
  actor: Actor;
  /** Reads the rows from first to last, in portions of any size. */
  read: () => AsyncIterable<readonly ImportRow[]>;
  /** Whether to skip or to book a row that equals a standing entry. */
  duplicates: 'skip' | 'book';
  /** All rows or none. */
  atomic: boolean;
  dryRun: boolean;
  /** The language of the problems. */
  language: Language;
}

/**
 * The rows of one transaction. With fewer rows each row costs more; with more rows single bookings wait longer. A chunk takes its
 * rows from a window of the file by subscription, so that it locks few subscriptions.
 */
const chunking = { rowsOfChunk: 1_750, rowsOfWindow: 5_250 };

/**
 * The rows that are judged and sent together. PostgreSQL writes them while the next ones are judged, and other requests get
 * the event loop in between.
 */
const rowsOfWrite = 300;

/** How often a chunk is tried if its locks are not free. */
const tries = 3;
const pauseMs = 200;

/** If more rows fail with an error of our own, the fault is not in the rows, and the import stops. */
const mostBrokenRows = 20;

/**
 * Books the rows of a file (§5) under the same rules and locks as the booking queue, chunk by chunk, each in its own
 * transaction. So single bookings wait at most for one chunk, and only if they need its locks. Each chunk compares its rows with
 * the standing entries, under the locks of their subscriptions. So an interrupted file continues where it stopped when it is sent
 * again, and a file that is sent twice, even at the same time, is booked once.
 *
 * Rows of one subscription are judged in the order of their lines. In large files, rows of different subscriptions may swap
 * places within some thousand lines. That shows only if a consultant's day is full.
 *
 * While PostgreSQL writes one chunk, the next one is already sent, and waits in the database for the locks of the first. So
 * the processors of both sides are busy.
 */
@Injectable()
export class ImportBooking implements BeforeApplicationShutdown {
  readonly #logger = new Logger(ImportBooking.name);
  readonly #running = new Set<Promise<unknown>>();
  #turn: Promise<unknown> = Promise.resolve();
  #stopping = false;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly bulk: BulkBookingService,
    private readonly store: ImportStore,
    private readonly importLocks: ImportLocks,
  ) {}

  /**
   * Returns when everything that was accepted is committed.
   * @throws Refusal `too-many-rows`; `import-interrupted` if the service stops, the database goes away, or its disk is full;
   *   `import-undone` if somebody undoes the import meanwhile; `subscription-busy` if an atomic import cannot get its locks
   */
  async book(request: ImportRequest): Promise<ImportOutcome> {
    if (request.atomic && request.rows > mostAtomicRows) {
      throw new Refusal('too-many-rows', { rows: request.rows, maximum: mostAtomicRows });
    }
    const current: RunningImport = {
      ...request,
      importId: request.dryRun ? undefined : newId(),
      dryRunBalances: request.dryRun ? new DryRunBalances() : undefined,
    };
    const running = request.atomic && request.rows > 0 ? this.#bookWhole(current) : this.#bookInChunks(current);
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  /** A stop waits for running chunks, but not for whole files. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping = true;
    await Promise.allSettled(this.#running);
  }

  async #bookInChunks(current: RunningImport): Promise<ImportOutcome> {
    const { importId, actor } = current;
    const tally = new ImportTally(current);
    if (importId !== undefined)
      await this.#write((tx, now) => this.store.begin(tx, importId, current, actor.userId, now));
    let chunk: RunningChunk | undefined;
    const finish = async ({ rows, outcomes }: RunningChunk): Promise<void> => {
      tally.add(rows, await outcomes);
      if (tally.broken > mostBrokenRows) throw new Refusal('internal-error');
    };
    try {
      for await (const rows of readAhead(chunksOf(comparedRows(current), chunking))) {
        const before = chunk;
        chunk = this.#beginChunk(current, rows);
        await chunk.sent;
        // The chunk before has ended by now: the next one could not be judged earlier.
        if (before) await finish(before);
      }
      if (chunk) await finish(chunk);
      // The commits of the chunks may not have reached the disk yet. This commit waits for the disk, and comes after all of them.
      if (importId !== undefined) await this.#write((tx, now) => this.store.end(tx, importId, 'done', now));
    } catch (error) {
      await chunk?.outcomes.catch(() => undefined);
      if (importId !== undefined) await this.#endInterrupted(importId);
      throw error;
    }
    return tally.outcome(importId);
  }

  /** If the database is away, the import counts as interrupted after five minutes without a sign of life. */
  async #endInterrupted(importId: string): Promise<void> {
    try {
      await this.#write((tx, now) => this.store.end(tx, importId, 'interrupted', now));
    } catch (error) {
      this.#logger.warn(`The service could not record that import ${importId} was interrupted: ${String(error)}`);
    }
  }

  #write<T>(work: (tx: Transaction, now: Date) => Promise<T>): Promise<T> {
    return this.#unlessAway(() => this.database.write((tx) => work(tx, this.clock.now())));
  }

  #beginChunk(current: RunningImport, rows: readonly ComparedRow[]): RunningChunk {
    const { happened, happen } = occurrence();
    const outcomes = handledLater(this.#bookPatiently(current, rows, happen));
    return { rows, outcomes, sent: Promise.race([happened, outcomes]) };
  }

  async #bookWhole(current: RunningImport): Promise<ImportOutcome> {
    const rows: ComparedRow[] = [];
    for await (const portion of comparedRows(current)) rows.push(...portion);
    const tally = new ImportTally(current);
    const outcomes = await this.#attempt(current, rows, ignore).catch((error: unknown) => {
      throw isLockTimeout(error) ? new Refusal('subscription-busy', {}, { retryAfterSeconds: 1 }) : error;
    });
    tally.add(rows, outcomes);
    return tally.outcome(current.importId);
  }

  /**
   * Books a chunk. If a lock is not free, the rows that need it are booked after the others. If the chunk fails with another error,
   * its halves are tried, down to the single row at fault.
   */
  async #bookPatiently(
    current: RunningImport,
    rows: readonly ComparedRow[],
    sent: () => void,
    triesLeft = tries,
  ): Promise<RowOutcome[]> {
    try {
      return await this.#attempt(current, rows, sent);
    } catch (error) {
      if (error instanceof Refusal && !isBusy(error)) throw error;
      if (isBusy(error)) {
        if (triesLeft === 1) throw interrupted();
        await pause(pauseMs * Math.random());
        return this.#bookFreeFirst(current, rows, sent, triesLeft - 1);
      }
      if (rows.length > 1) {
        const middle = Math.ceil(rows.length / 2);
        const first = await this.#bookPatiently(current, rows.slice(0, middle), ignore);
        return [...first, ...(await this.#bookPatiently(current, rows.slice(middle), sent))];
      }
      this.#logger.error(`Line ${rows[0]!.line} of an import failed`, error instanceof Error ? error.stack : error);
      return [{ refusal: new Refusal('internal-error') }];
    }
  }

  /** Books the rows whose locks are free, then the others. So the free subscriptions do not stay locked meanwhile. */
  async #bookFreeFirst(
    current: RunningImport,
    rows: readonly ComparedRow[],
    sent: () => void,
    triesLeft: number,
  ): Promise<RowOutcome[]> {
    const items = itemsOf(rows);
    const busy = await this.database.pipelined((tx) => this.bulk.busySubscriptions(tx, items));
    const isFree = (row: ComparedRow): boolean => !('subscriptionId' in row) || !busy.has(row.subscriptionId);
    const freeRows = rows.filter(isFree);
    if (freeRows.length === 0 || freeRows.length === rows.length)
      return this.#bookPatiently(current, rows, sent, triesLeft);
    const ofFree = (await this.#bookPatiently(current, freeRows, ignore, triesLeft)).values();
    const busyRows = rows.filter((row) => !isFree(row));
    const ofBusy = (await this.#bookPatiently(current, busyRows, sent, triesLeft)).values();
    return rows.map((row) => (isFree(row) ? ofFree : ofBusy).next().value!);
  }

  /** Books rows in their turn: the chunks of different files alternate. Calls `sent` when everything is on its way to the database. */
  async #attempt(current: RunningImport, rows: readonly ComparedRow[], sent: () => void): Promise<RowOutcome[]> {
    const { happened, happen } = occurrence();
    const onSent = (): void => {
      sent();
      happen();
    };
    const items = itemsOf(rows);
    const turn = this.#turn.then(() =>
      this.importLocks.runChunk(items, () => {
        if (this.#stopping) throw interrupted();
        return this.#unlessAway(() =>
          this.database.pipelined((tx) => this.#bookRows(tx, current, rows, items, onSent)),
        );
      }),
    );
    this.#turn = Promise.race([happened, turn.catch(() => undefined)]);
    return turn;
  }

  /** Books rows in one transaction. It rolls back a dry run, and an atomic import with a refused row. */
  async #bookRows(
    tx: PipelinedTransaction,
    current: RunningImport,
    rows: readonly ComparedRow[],
    items: readonly BookingItem[],
    onSent: () => void,
  ): Promise<RowOutcome[]> {
    const now = this.clock.now();
    const { actor, dryRunBalances, importId, atomic } = current;
    const settings = atomic ? [lockPatience] : [lockPatience, commitWithoutWaiting];
    await tx.together(() => [...settings.map((set) => tx.query(set)), this.#lockRecord(tx, current, now)]);
    const facts = await this.bulk.open(tx, items, now, keysOf(rows));
    const ledger = this.bulk.ledger(tx, dryRunBalances?.carriedTo(facts) ?? facts, now);

    const outcomes: RowOutcome[] = [];
    const statements: Promise<void>[] = [];
    for (let at = 0; at < rows.length; at += rowsOfWrite) {
      for (const row of rows.slice(at, at + rowsOfWrite))
        outcomes.push(judgeRow(row, facts.equalCounts, actor, ledger));
      if (dryRunBalances) ledger.dropEntries();
      else statements.push(handledLater(ledger.sendEntries()));
      await eventLoopTurn();
    }
    if (importId === undefined || (atomic && outcomes.some((outcome) => 'refusal' in outcome))) {
      tx.rollBackAtEnd();
      return outcomes;
    }
    statements.push(handledLater(ledger.sendUse()));
    statements.push(handledLater(this.store.add(tx, importId, countsOf(outcomes), ledger.entryIds)));
    if (atomic) statements.push(handledLater(this.store.end(tx, importId, 'done', now)));
    // A statement that could not be sent at all fails within this turn. The server would not know of it, and commit the rest.
    await Promise.race([Promise.all(statements), eventLoopTurn()]);
    tx.last(() => Promise.all(statements));
    onSent();
    return outcomes;
  }

  /** Locks the record of the import. An atomic import creates it in the same transaction. */
  async #lockRecord(
    tx: Transaction,
    { importId, atomic, actor, ...newImport }: RunningImport,
    now: Date,
  ): Promise<void> {
    if (importId === undefined) return;
    if (atomic) await this.store.begin(tx, importId, newImport, actor.userId, now);
    else if (!(await this.store.lock(tx, importId))) throw new Refusal('import-undone');
  }

  async #unlessAway<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw databaseIsAway(error) ? interrupted() : error;
    }
  }
}

/**
 * A chunk's commit does not wait for the disk, because nobody has been answered yet. The commit that ends the import does, and it
 * reaches the disk after all of them. If the server crashes before that, the last chunks are lost, and the file continues
 * from there when it is sent again.
 */
const commitWithoutWaiting = 'set local synchronous_commit = off';

/** Enough to wait for the locks of the chunk before. */
const lockPatience = limitLockWaits(2_000);

/** The rows of a file, with the place of each among its equals unless duplicates are booked. */
const comparedRows = ({ read, rows, duplicates }: ImportRequest): AsyncIterable<readonly ComparedRow[]> =>
  duplicates === 'book' ? read() : compared(read(), rows);

interface RunningImport extends ImportRequest {
  /** Absent in a dry run, which leaves no record. */
  importId: string | undefined;
  dryRunBalances: DryRunBalances | undefined;
}

interface RunningChunk {
  rows: readonly ComparedRow[];
  outcomes: Promise<RowOutcome[]>;
  /** Everything is on its way to the database, or the chunk has failed. */
  sent: Promise<unknown>;
}

function occurrence(): { happened: Promise<void>; happen: () => void } {
  let happen: () => void = ignore;
  const happened = new Promise<void>((resolve) => (happen = resolve));
  return { happened, happen };
}

const ignore = (): void => undefined;

const eventLoopTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Keeps Node from reporting a rejection before the promise is awaited. */
function handledLater<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

const interrupted = (): Refusal => new Refusal('import-interrupted', {}, { retryAfterSeconds: 5 });
