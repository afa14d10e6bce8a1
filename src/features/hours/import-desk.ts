import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { sightOf, type Actor } from '../../domain/access.js';
import { Refusal } from '../../domain/refusals.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { Clock } from '../../platform/clock.js';
import { Database, type PipelinedTransaction } from '../../platform/database.js';
import type { Language } from '../../platform/http/language.js';
import { Bookkeeping, type Line } from './bookkeeping.js';
import { Books } from './books.js';
import { DeskStore } from './desk.store.js';
import { ImportRehearsal } from './import-rehearsal.js';
import { chunksOf, readAhead } from './import-reading.js';
import { mostAtomicRows, type ImportRow } from './import-row.js';
import { ImportTally, type ImportOutcome, type Judged } from './import-tally.js';
import { ImportStore, type ImportIdentity, type TakenRows } from './import.store.js';

export interface ImportOrder extends ImportIdentity {
  actor: Actor;
  rowCount: number;
  /** Goes through the rows from the first to the last; they come in lots of whatever size suits the reader. */
  rows: () => AsyncIterable<readonly ImportRow[]>;
  /** All rows or none. */
  atomic: boolean;
  dryRun: boolean;
  /** Of the problems. */
  language: Language;
}

/**
 * So many rows are booked in one transaction. Fewer cost more each; more keep single bookings on the same subscriptions
 * waiting for longer.
 */
const rowsOfChunk = 1_000;

/** So many are judged and sent together: PostgreSQL writes them while the next ones are judged, and others have their turn between. */
const rowsOfWrite = 250;

/** A chunk whose locks cannot be had is tried so often as it is, and then in halves. */
const tries = 3;
const pauseMs = 200;

/** Beyond so many rows that broke the desk by themselves the fault is not in the rows. */
const mostBrokenRows = 20;

/**
 * Books the rows of files (§5), under the same rules and locks as the desk and beside it: chunk by chunk, each in a
 * transaction of its own, so that single bookings wait at most for a chunk, and only where they need what it holds. What was
 * taken of a file is written with the entries themselves. So a file that was interrupted goes on where it was when it is sent
 * again, and one that is sent twice, be it at the same time, is taken once.
 */
@Injectable()
export class ImportDesk implements BeforeApplicationShutdown {
  readonly #logger = new Logger(ImportDesk.name);
  readonly #inHand = new Set<Promise<unknown>>();
  #turn: Promise<unknown> = Promise.resolve();
  #stopping = false;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly rules: ServiceRules,
    private readonly bookkeeping: Bookkeeping,
    private readonly desk: DeskStore,
    private readonly store: ImportStore,
  ) {}

  /**
   * Answers when everything that was accepted is committed.
   * @throws Refusal `too-many-rows`; `import-interrupted` where the service stops, or the database goes away, amid the file
   */
  async take(order: ImportOrder): Promise<ImportOutcome> {
    if (order.atomic && order.rowCount > mostAtomicRows) {
      throw new Refusal('too-many-rows', { rows: order.rowCount, maximum: mostAtomicRows });
    }
    const taking = order.atomic ? this.#whole(order) : this.#inChunks(order);
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

  async #inChunks(order: ImportOrder): Promise<ImportOutcome> {
    const tally = new ImportTally(order);
    const rehearsal = order.dryRun ? new ImportRehearsal() : undefined;
    for await (const rows of readAhead(chunksOf(order.rows(), rowsOfChunk))) {
      tally.add(rows, await this.#patiently(order, rows, rehearsal));
      if (tally.broken > mostBrokenRows) throw new Refusal('internal-error');
    }
    return this.#done(order, tally);
  }

  async #whole(order: ImportOrder): Promise<ImportOutcome> {
    const rows: ImportRow[] = [];
    for await (const some of order.rows()) rows.push(...some);
    const tally = new ImportTally(order);
    if (rows.length > 0)
      tally.add(rows, await this.#attempt(order, rows, order.dryRun ? new ImportRehearsal() : undefined));
    return this.#done(order, tally);
  }

  async #done(order: ImportOrder, tally: ImportTally): Promise<ImportOutcome> {
    const outcome = tally.outcome();
    if (!order.dryRun && outcome.accepted > 0) {
      await this.#unlessAway(() =>
        this.database.write((tx) => this.store.done(tx, order, order.actor.userId, this.clock.now())),
      );
    }
    return outcome;
  }

  /** Chunks of different files take turns. Where one fails by itself, its halves are tried, down to the row at fault. */
  async #patiently(
    order: ImportOrder,
    rows: readonly ImportRow[],
    rehearsal: ImportRehearsal | undefined,
    triesLeft = tries,
  ): Promise<Judged[]> {
    try {
      return await this.#attempt(order, rows, rehearsal);
    } catch (error) {
      if (error instanceof Refusal && error.code !== 'overloaded') throw error;
      if (error instanceof Refusal && triesLeft > 1) {
        await pause(pauseMs * Math.random());
        return this.#patiently(order, rows, rehearsal, triesLeft - 1);
      }
      if (rows.length > 1) {
        const middle = Math.ceil(rows.length / 2);
        const first = await this.#patiently(order, rows.slice(0, middle), rehearsal, 1);
        return [...first, ...(await this.#patiently(order, rows.slice(middle), rehearsal, 1))];
      }
      if (error instanceof Refusal) throw interrupted();
      this.#logger.error(`Line ${rows[0]!.line} of an import failed`, error instanceof Error ? error.stack : error);
      return [{ refusal: new Refusal('internal-error') }];
    }
  }

  async #attempt(
    order: ImportOrder,
    rows: readonly ImportRow[],
    rehearsal: ImportRehearsal | undefined,
  ): Promise<Judged[]> {
    const turn = this.#turn.then(() => {
      if (this.#stopping) throw interrupted();
      return this.#unlessAway(() => this.#book(order, rows, rehearsal));
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** Books rows in one transaction; a dry run, and a whole that is not accepted as such, is taken back. */
  async #book(
    order: ImportOrder,
    rows: readonly ImportRow[],
    rehearsal: ImportRehearsal | undefined,
  ): Promise<Judged[]> {
    const work = async (tx: PipelinedTransaction): Promise<Judged[]> => {
      const now = this.clock.now();
      const { actor } = order;
      const importId = rehearsal
        ? await this.store.find(tx, order)
        : await this.store.hold(tx, order, order.rowCount, actor.userId, now);
      const taken = importId ? await this.store.taken(tx, importId, rows[0]!.line, rows.at(-1)!.line) : new Map();
      const lines = linesOf(rows, taken, actor);
      const read = await this.bookkeeping.open(tx, lines, now, { recentUse: false });
      const books = new Books(rehearsal?.goOnFrom(read) ?? read, this.rules, now);
      const judged: Judged[] = [];
      const sent: Promise<void>[] = [];
      for (let at = 0; at < rows.length; at += rowsOfWrite) {
        for (const row of rows.slice(at, at + rowsOfWrite)) judged.push(judge(row, taken, actor, books));
        const writes = books.takeWrites();
        if (!rehearsal && writes.entries.length > 0) sent.push(unheard(this.desk.writeEntries(tx, writes)));
        await othersTurn();
      }
      if (rehearsal || (order.atomic && judged.some((one) => 'refusal' in one))) throw new TakenBack(judged);
      const newly = newlyTaken(rows, judged);
      if (newly.size > 0) sent.push(unheard(this.store.take(tx, importId!, newly, actor.userId, now)));
      tx.last(() => Promise.all(sent));
      return judged;
    };
    try {
      return await this.database.pipelined(work);
    } catch (error) {
      if (error instanceof TakenBack) return error.judged;
      throw error;
    }
  }

  async #unlessAway<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw error instanceof Refusal && error.code === 'database-unavailable' ? interrupted() : error;
    }
  }
}

/** Carries out of a transaction what it found, and lets it roll back. */
class TakenBack extends Error {
  constructor(readonly judged: Judged[]) {
    super('An import is taken back');
  }
}

const othersTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Its failure is told when its outcome is asked for, at the end of the transaction. */
function unheard<T>(sent: Promise<T>): Promise<T> {
  sent.catch(() => undefined);
  return sent;
}

const interrupted = (): Refusal => new Refusal('import-interrupted', {}, { retryAfterSeconds: 5 });

/** What is asked of the desk: the rows that are not taken yet, and for a portfolio all, as some may lie in somebody else's. */
function linesOf(rows: readonly ImportRow[], taken: TakenRows, actor: Actor): Line[] {
  return rows.flatMap((row): Line[] =>
    'entry' in row && !(seesAll(actor) && taken.has(row.line)) ? [{ kind: 'log', ...row }] : [],
  );
}

/**
 * A row that was taken before counts as accepted, whatever has become of its entry: but not for somebody who may not see
 * what it is about, and not where what it names can no longer be read and so nobody can tell.
 */
function judge(row: ImportRow, taken: TakenRows, actor: Actor, books: Books): Judged {
  const minutes = taken.get(row.line);
  if (minutes !== undefined && seesAll(actor)) return { minutes, before: true };
  if ('refusal' in row) return { refusal: row.refusal };
  try {
    if (minutes === undefined) books.log(actor, row.subscriptionId, row.entry);
    else books.see(actor, row.subscriptionId);
    return { minutes: minutes ?? row.entry.minutes, before: minutes !== undefined };
  } catch (error) {
    if (error instanceof Refusal) return { refusal: error };
    throw error;
  }
}

const seesAll = (actor: Actor): boolean => sightOf(actor, 'time-entries.log').kind === 'all';

function newlyTaken(rows: readonly ImportRow[], judged: readonly Judged[]): TakenRows {
  const taken = new Map<number, number>();
  for (const [at, one] of judged.entries()) {
    if ('minutes' in one && !one.before) taken.set(rows[at]!.line, one.minutes);
  }
  return taken;
}
