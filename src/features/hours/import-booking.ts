import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Actor } from '../../domain/access.js';
import { Refusal } from '../../domain/refusal.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { Clock } from '../../platform/clock.js';
import { Database, type PipelinedTransaction, type Transaction } from '../../platform/database/database.js';
import { databaseIsAway, isBusy, isLockTimeout, limitLockWaits } from '../../platform/database/database-errors.js';
import type { Language } from '../../domain/language.js';
import { newId } from '../../platform/ids.js';
import type { BookingItem } from './booking-item.js';
import { subscriptionsNeeding } from './booking-locks.js';
import { BookingFacts } from './booking-facts.js';
import { WorkingLedger } from './working-ledger.js';
import { BulkWriteStore } from './bulk-write.store.js';
import type { Writes } from './booking.store.js';
import { ImportLocks } from './import-locks.js';
import { countsOf, judgeRow, keysOf, itemsOf } from './judge-rows.js';
import { chunksOf, compared, readAhead } from './import-chunks.js';
import { DryRunBalances } from './dry-run-balances.js';
import { mostAtomicRows, type ComparedRow, type ImportRow } from './import-row.js';
import { ImportTally, type ImportOutcome, type RowOutcome } from './import-tally.js';
import { ImportStore, type NewImport, type StandingEntries } from './import.store.js';

export interface ImportRequest extends NewImport {
  actor: Actor;
  /** Goes through the rows from the first to the last; they come in lots of whatever size suits the reader. */
  read: () => AsyncIterable<readonly ImportRow[]>;
  /** Whether a row that the books hold already is booked once more. */
  duplicates: 'skip' | 'book';
  /** All rows or none. */
  atomic: boolean;
  dryRun: boolean;
  /** Of the problems. */
  language: Language;
}

/**
 * So many rows are booked in one transaction: fewer cost more each, more keep single bookings waiting for longer. Among as many
 * as a window has they are chosen by subscription, so that a chunk holds few of them.
 */
const chunking = { rowsOfChunk: 1_750, rowsOfWindow: 5_250 };

/** So many are judged and sent together: PostgreSQL writes them while the next ones are judged, and others have their turn between. */
const rowsOfWrite = 300;

/** How often a chunk is tried whose locks cannot be had. */
const tries = 3;
const pauseMs = 200;

/** Beyond so many rows that broke the desk by themselves the fault is not in the rows. */
const mostBrokenRows = 20;

/**
 * Books the rows of files (§5), under the same rules and locks as the desk and beside it: chunk by chunk, each in a
 * transaction of its own, so that single bookings wait at most for a chunk, and only where they need what it holds. Each chunk
 * compares its rows with the books under the locks of their subscriptions. So a file that was interrupted goes on where it was
 * when it is sent again, and a file that is sent twice, even at the same time, is booked once.
 *
 * Rows of one subscription are judged in the order of their lines; in large files those of different ones may be some thousand
 * lines late, which nobody can tell but by a consultant's day that is full.
 *
 * While PostgreSQL writes one chunk, the next one is on its way already: it waits in the database for what the first one
 * holds, and the processors of both sides are in use.
 */
@Injectable()
export class ImportBooking implements BeforeApplicationShutdown {
  readonly #logger = new Logger(ImportBooking.name);
  readonly #inHand = new Set<Promise<unknown>>();
  #turn: Promise<unknown> = Promise.resolve();
  #stopping = false;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly rules: ServiceRules,
    private readonly bookingFacts: BookingFacts,
    private readonly bulk: BulkWriteStore,
    private readonly store: ImportStore,
    private readonly importLocks: ImportLocks,
  ) {}

  /**
   * Answers when everything that was accepted is committed.
   * @throws Refusal `too-many-rows`; `import-interrupted` where the service stops, the database goes away, or its disk is full, amid the file;
   *   `import-undone` where somebody undoes the import meanwhile; `subscription-busy` where
   *   a whole cannot have its locks
   */
  async take(order: ImportRequest): Promise<ImportOutcome> {
    if (order.atomic && order.rows > mostAtomicRows) {
      throw new Refusal('too-many-rows', { rows: order.rows, maximum: mostAtomicRows });
    }
    const inHand: OrderInHand = {
      ...order,
      importId: order.dryRun ? undefined : newId(),
      rehearsal: order.dryRun ? new DryRunBalances() : undefined,
    };
    const taking = order.atomic && order.rows > 0 ? this.#whole(inHand) : this.#inChunks(inHand);
    this.#inHand.add(taking);
    try {
      return await taking;
    } finally {
      this.#inHand.delete(taking);
    }
  }

  /** A stop waits for the chunks in hand, and not for whole files. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping = true;
    await Promise.allSettled(this.#inHand);
  }

  async #inChunks(order: OrderInHand): Promise<ImportOutcome> {
    const { importId, actor } = order;
    const tally = new ImportTally(order);
    if (importId !== undefined)
      await this.#write((tx, now) => this.store.begin(tx, importId, order, actor.userId, now));
    let inHand: ChunkInHand | undefined;
    const ended = async ({ rows, judged }: ChunkInHand): Promise<void> => {
      tally.add(rows, await judged);
      if (tally.broken > mostBrokenRows) throw new Refusal('internal-error');
    };
    try {
      for await (const rows of readAhead(chunksOf(comparedRows(order), chunking))) {
        const over = inHand;
        inHand = this.#begin(order, rows);
        await inHand.sent;
        // It is over by now, as the next one could not be judged before.
        if (over) await ended(over);
      }
      if (inHand) await ended(inHand);
      // The commits of the chunks need not have reached the disk; this one is waited for, and comes after all of them.
      if (importId !== undefined) await this.#write((tx, now) => this.store.end(tx, importId, 'done', now));
    } catch (error) {
      await inHand?.judged.catch(() => undefined);
      if (importId !== undefined) await this.#endInterrupted(importId);
      throw error;
    }
    return tally.outcome(importId);
  }

  /** Where the database is away too, the import counts as interrupted once nothing was heard of it for long enough. */
  async #endInterrupted(importId: string): Promise<void> {
    try {
      await this.#write((tx, now) => this.store.end(tx, importId, 'interrupted', now));
    } catch (error) {
      this.#logger.warn(`The end of the interrupted import ${importId} could not be noted: ${String(error)}`);
    }
  }

  #write<T>(work: (tx: Transaction, now: Date) => Promise<T>): Promise<T> {
    return this.#unlessAway(() => this.database.write((tx) => work(tx, this.clock.now())));
  }

  #begin(order: OrderInHand, rows: readonly ComparedRow[]): ChunkInHand {
    const { sent, tell } = message();
    const judged = unheard(this.#patiently(order, rows, tell));
    return { rows, judged, sent: Promise.race([sent, judged]) };
  }

  async #whole(order: OrderInHand): Promise<ImportOutcome> {
    const rows: ComparedRow[] = [];
    for await (const some of comparedRows(order)) rows.push(...some);
    const tally = new ImportTally(order);
    const judged = await this.#attempt(order, rows, ignored).catch((error: unknown) => {
      throw isLockTimeout(error) ? new Refusal('subscription-busy', {}, { retryAfterSeconds: 1 }) : error;
    });
    tally.add(rows, judged);
    return tally.outcome(order.importId);
  }

  /**
   * Chunks of different files take turns. Where somebody else keeps a lock, the rows that need it come after the others, which
   * do not stay locked meanwhile. Where a chunk fails by itself, its halves are tried, down to the row at fault.
   */
  async #patiently(
    order: OrderInHand,
    rows: readonly ComparedRow[],
    sent: () => void,
    triesLeft = tries,
  ): Promise<RowOutcome[]> {
    try {
      return await this.#attempt(order, rows, sent);
    } catch (error) {
      if (error instanceof Refusal && !isBusy(error)) throw error;
      if (isBusy(error)) {
        if (triesLeft === 1) throw interrupted();
        await pause(pauseMs * Math.random());
        return this.#freeFirst(order, rows, sent, triesLeft - 1);
      }
      if (rows.length > 1) {
        const middle = Math.ceil(rows.length / 2);
        const first = await this.#patiently(order, rows.slice(0, middle), ignored);
        return [...first, ...(await this.#patiently(order, rows.slice(middle), sent))];
      }
      this.#logger.error(`Line ${rows[0]!.line} of an import failed`, error instanceof Error ? error.stack : error);
      return [{ refusal: new Refusal('internal-error') }];
    }
  }

  /** Those of the subscriptions of which somebody else holds a lock come last. */
  async #freeFirst(
    order: OrderInHand,
    rows: readonly ComparedRow[],
    sent: () => void,
    triesLeft: number,
  ): Promise<RowOutcome[]> {
    const lines = itemsOf(rows);
    const taken = await this.database.pipelined((tx) => this.bookingFacts.lockedElsewhere(tx, lines));
    const waits = subscriptionsNeeding(taken, lines);
    const isFree = (row: ComparedRow): boolean => !('subscriptionId' in row) || !waits.has(row.subscriptionId);
    const free = rows.filter(isFree);
    if (free.length === 0 || free.length === rows.length) return this.#patiently(order, rows, sent, triesLeft);
    const ofFree = (await this.#patiently(order, free, ignored, triesLeft)).values();
    const busy = rows.filter((row) => !isFree(row));
    const ofBusy = (await this.#patiently(order, busy, sent, triesLeft)).values();
    return rows.map((row) => (isFree(row) ? ofFree : ofBusy).next().value!);
  }

  /** `sent` is told as soon as all is on its way to the database, and only its answer is missing. */
  async #attempt(order: OrderInHand, rows: readonly ComparedRow[], sent: () => void): Promise<RowOutcome[]> {
    const passedOn = message();
    const onItsWay = (): void => {
      sent();
      passedOn.tell();
    };
    const lines = itemsOf(rows);
    const turn = this.#turn.then(() =>
      this.importLocks.hold(lines, () => {
        if (this.#stopping) throw interrupted();
        return this.#unlessAway(() => this.#book(order, rows, lines, onItsWay));
      }),
    );
    this.#turn = Promise.race([passedOn.sent, turn.catch(() => undefined)]);
    return turn;
  }

  /** Books rows in one transaction; a dry run, and a whole that is not accepted as such, is taken back. */
  async #book(
    order: OrderInHand,
    rows: readonly ComparedRow[],
    lines: readonly BookingItem[],
    onItsWay: () => void,
  ): Promise<RowOutcome[]> {
    const work = async (tx: PipelinedTransaction): Promise<RowOutcome[]> => {
      const now = this.clock.now();
      const { actor, rehearsal, importId } = order;
      const settings = order.atomic ? lockPatience : `${lockPatience}; ${notWaitedFor}`;
      await tx.together(() => [tx.query(settings), this.#hold(tx, order, now)] as const);
      const keys = keysOf(rows);
      const read = await this.bookingFacts.open(tx, lines, now, {
        othersLocks: 'wait',
        recentUse: false,
        alsoRead: async () => (keys.length > 0 ? this.store.standing(tx, keys) : noneStand),
      });
      const facts = rehearsal?.goOnFrom(read) ?? read;
      const books = new WorkingLedger(facts, this.rules, now, { undoable: false });
      const judged: RowOutcome[] = [];
      const sent: Promise<void>[] = [];
      const entryIds: string[] = [];
      const used: Pick<Writes, 'ledger' | 'pairs' | 'days'> = { ledger: [], pairs: new Map(), days: new Map() };
      for (let at = 0; at < rows.length; at += rowsOfWrite) {
        for (const row of rows.slice(at, at + rowsOfWrite)) judged.push(judgeRow(row, read.also, actor, books));
        const { entries, ledger, pairs, newPairs, days } = books.takeWrites();
        if (!rehearsal && entries.length > 0) {
          const before = [...newPairs].map((key) => pairs.get(key)!);
          sent.push(unheard(this.bulk.entries(tx, entries, before)));
          for (const { id } of entries) entryIds.push(id);
          for (const row of ledger) used.ledger.push(row);
          for (const [key, pair] of pairs) used.pairs.set(key, pair);
          for (const [key, day] of days) used.days.set(key, day);
        }
        await othersTurn();
      }
      if (importId === undefined || (order.atomic && judged.some((one) => 'refusal' in one))) {
        tx.rollBackAtEnd();
        return judged;
      }
      if (entryIds.length > 0) sent.push(unheard(this.bulk.use(tx, used)));
      sent.push(unheard(this.store.add(tx, importId, countsOf(judged), entryIds)));
      if (order.atomic) sent.push(unheard(this.store.end(tx, importId, 'done', now)));
      // What could not be sent at all is known by the next turn: the server, which never heard of it, would commit the rest.
      await Promise.race([Promise.all(sent), othersTurn()]);
      tx.last(() => Promise.all(sent));
      onItsWay();
      return judged;
    };
    return this.database.pipelined(work);
  }

  /** Locks the record of an import, and makes it where the whole is one transaction. */
  async #hold(tx: Transaction, { importId, atomic, ...order }: OrderInHand, now: Date): Promise<void> {
    if (importId === undefined) return;
    if (atomic) await this.store.begin(tx, importId, order, order.actor.userId, now);
    else if (!(await this.store.hold(tx, importId))) throw new Refusal('import-undone');
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
 * A chunk's commit need not have reached the disk, as nobody was given its answer: the end of the import is a commit that is
 * waited for, and reaches the disk only after all before it. If the server falls before that, the last chunks are missing in the
 * books, and the file goes on from there when it is sent again.
 */
const notWaitedFor = 'set local synchronous_commit = off';

/** A chunk waits for what the chunk before it holds, and a little longer. */
const lockPatience = limitLockWaits(2_000);

/** The rows of a file, numbered among their equals unless each is to be booked. */
const comparedRows = ({ read, rows, duplicates }: ImportRequest): AsyncIterable<readonly ComparedRow[]> =>
  duplicates === 'book' ? read() : compared(read(), rows);

const noneStand: StandingEntries = new Map();

/** With what its chunks hand on to each other in a dry run. */
interface OrderInHand extends ImportRequest {
  /** Absent in a dry run, of which nothing is kept. */
  importId: string | undefined;
  rehearsal: DryRunBalances | undefined;
}

/** A chunk that is being booked. */
interface ChunkInHand {
  rows: readonly ComparedRow[];
  judged: Promise<RowOutcome[]>;
  /** All of it is on its way to the database, or it has failed. */
  sent: Promise<unknown>;
}

/** Something that is told once. */
function message(): { sent: Promise<void>; tell: () => void } {
  let tell: () => void = ignored;
  const sent = new Promise<void>((resolve) => (tell = resolve));
  return { sent, tell };
}

const ignored = (): void => undefined;

const othersTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Its failure is told when its outcome is asked for, at the end of the transaction. */
function unheard<T>(sent: Promise<T>): Promise<T> {
  sent.catch(() => undefined);
  return sent;
}

const interrupted = (): Refusal => new Refusal('import-interrupted', {}, { retryAfterSeconds: 5 });
