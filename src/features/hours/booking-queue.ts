import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Actor } from '../../domain/access.js';
import { equalityText } from '../../domain/equal-entries.js';
import { Refusal, statusOf } from '../../domain/refusal.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { Clock } from '../../platform/clock.js';
import { Database, type PipelinedTransaction, type Transaction } from '../../platform/database/database.js';
import { isLockTimeout } from '../../platform/database/database-errors.js';
import {
  findStored,
  isKept,
  KeyInUse,
  refusalAgain,
  refusalKept,
  store as keepAnswers,
  lockKeys,
  whenKeyIsFree,
  type IdempotencyScope,
  type StoredAnswer,
} from '../../platform/idempotency.js';
import type { BookedEntry } from './booked-entry.js';
import type { BookingItem } from './booking-item.js';
import type { BookingAnswer, BookingDecision, Booking, ItemOutcome, BookingResult } from './booking.js';
import { BookingLanes, type LockPolicy } from './booking-lanes.js';
import { BookingFacts } from './booking-facts.js';
import { WorkingLedger } from './working-ledger.js';
import { BookingStore } from './booking.store.js';
import { equalityKey } from './equality-key.js';
import { ImportLocks } from './import-locks.js';
import { DeferredBookings } from './deferred-bookings.js';
import { LockWaitTimedOut } from './waiting-bookings.js';

/**
 * Every booking of hours passes here (§5): single entries, batches, reversals, corrections and adjustments. Orders that arrive while a
 * transaction is in flight are gathered for the next one. It locks what they touch in one order (keys, months,
 * subscriptions, consultants' days), lets the rules decide each order in turn, and writes all that was accepted with one
 * statement. An order that fails the batch by a fault of its own is worked on again alone and harms nobody. A batch waits for
 * no lock (`BookingQueue`). Dry runs have a queue of their own: their transaction is rolled back, with the terms that it had to
 * roll over first.
 */
@Injectable()
export class BookingQueue implements BeforeApplicationShutdown {
  readonly #bookings = new BookingLanes((orders, lockPolicy) => this.#serve(orders, lockPolicy));
  readonly #dryRuns = new BookingLanes((orders, lockPolicy) => this.#serve(orders, lockPolicy, { dryRun: true }));

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly rules: ServiceRules,
    private readonly store: BookingStore,
    private readonly bookingFacts: BookingFacts,
    private readonly importLocks: ImportLocks,
  ) {}

  /**
   * Answers when what was accepted is committed.
   * @throws Refusal `overloaded`, `database-unavailable`, `subscription-busy`, `idempotency-key-in-use`
   */
  book(order: Booking): Promise<BookingResult> {
    const queue = order.dryRun ? this.#dryRuns : this.#bookings;
    const book = async (): Promise<BookingResult> => {
      const served = await queue.book(order);
      if ('keyTaken' in served) throw new KeyInUse();
      return served;
    };
    return whenKeyIsFree(() => this.importLocks.pass(order.lines, book));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.importLocks.idle();
    await this.#bookings.idle();
    await this.#dryRuns.idle();
  }

  #serve(orders: Booking[], lockPolicy: LockPolicy, { dryRun = false } = {}): Promise<BookingDecision[]> {
    const work = async (tx: PipelinedTransaction): Promise<BookingDecision[]> => {
      if (dryRun) tx.rollBackAtEnd();
      const now = this.clock.now();
      const { answers, keysTaken } = await this.#answersKept(tx, orders, now);
      if ('patienceMs' in lockPolicy) await this.#waitForLocks(tx, orders[0]!, lockPolicy.patienceMs);
      const first = new Map<string, { scope: IdempotencyScope; answer: StoredAnswer }>();
      const lines = orders.flatMap((order) => order.lines);
      const {
        also: equal,
        taken,
        ...facts
      } = await this.bookingFacts.open(tx, lines, now, {
        othersLocks: 'leave',
        recentUse: true,
        alsoRead: (entries) => this.#equalEntries(tx, lines, entries),
      });
      const leaving = new DeferredBookings(
        taken,
        facts.entries,
        'waiting' in lockPolicy ? lockPolicy.waiting : undefined,
      );
      const books = new WorkingLedger({ ...facts, equal }, this.rules, now);
      const decided = orders.map((order): BookingDecision => {
        const { once } = order;
        if (once && keysTaken.has(once.scope.lockKey)) return { keyTaken: true };
        const missed = leaving.missedBy(order);
        if (missed) return missed;
        const kept = once && (answers.get(once.scope.hash) ?? first.get(once.scope.hash)?.answer);
        if (once && kept) return again(kept, order, once.bodyHash, books);
        const answer = decide(order, books);
        const { alsoWrite } = order;
        if (alsoWrite && !('refusal' in answer)) tx.last(() => alsoWrite(tx));
        const keep = once && keepable(answer, once.bodyHash);
        if (keep) first.set(once.scope.hash, { scope: once.scope, answer: keep });
        return { answer, replayed: false };
      });
      const { writes } = books;
      if (writes.ledger.length > 0) tx.last(() => this.store.write(tx, writes));
      if (first.size > 0) tx.last(() => keepAnswers(tx, [...first.values()], now));
      return decided;
    };
    return this.database.pipelined(work, 'waiting' in lockPolicy ? 'booking' : 'waiting');
  }

  async #waitForLocks(tx: PipelinedTransaction, { lines }: Booking, patienceMs: number): Promise<void> {
    try {
      await this.bookingFacts.waitForLocks(tx, lines, patienceMs);
    } catch (error) {
      throw isLockTimeout(error) ? new LockWaitTimedOut() : error;
    }
  }

  /** What may equal the entries to be logged: one that stands, beside those that the same lines may take back. */
  async #equalEntries(
    tx: Transaction,
    lines: readonly BookingItem[],
    entries: ReadonlyMap<string, BookedEntry>,
  ): Promise<Map<string, string[]>> {
    const keys = new Set<number>();
    for (const line of lines) {
      if (!('entry' in line)) continue;
      const subscriptionId =
        line.kind === 'correct' ? entries.get(line.timeEntryId)?.subscriptionId : line.subscriptionId;
      if (subscriptionId !== undefined) keys.add(equalityKey(equalityText(subscriptionId, line.entry)).key);
    }
    return keys.size > 0 ? this.store.equalEntries(tx, [...keys], 1 + entries.size) : new Map<string, string[]>();
  }

  async #answersKept(
    tx: Transaction,
    orders: readonly Booking[],
    now: Date,
  ): Promise<{ answers: Map<string, StoredAnswer>; keysTaken: ReadonlySet<string> }> {
    const scopes = orders.flatMap(({ once }) => (once ? [once.scope] : []));
    if (scopes.length === 0) return { answers: new Map(), keysTaken: new Set() };
    const keysTaken = await lockKeys(tx, scopes);
    return { answers: await findStored(tx, scopes, now), keysTaken };
  }
}

/** Lets the rules decide an order, line by line; what is only tried, or not whole, is undone. */
function decide({ actor, lines, atomic, dryRun, answer }: Booking, books: WorkingLedger): BookingAnswer {
  const { mark } = books;
  try {
    const outcomes = lines.map((line) => outcomeOf(line, actor, books));
    const whole = !outcomes.some((outcome) => outcome instanceof Refusal);
    const answered = answer(outcomes);
    if (dryRun || (atomic && !whole)) books.undoTo(mark);
    return answered;
  } catch (error) {
    books.undoTo(mark);
    throw error;
  }
}

function outcomeOf(line: BookingItem, actor: Actor, books: WorkingLedger): ItemOutcome | Refusal {
  try {
    switch (line.kind) {
      case 'log':
        return { logged: books.log(actor, line.subscriptionId, line.entry) };
      case 'adjust':
        return { logged: books.adjust(actor, line) };
      case 'reverse':
        return { reversed: books.reverse(actor, line.timeEntryId, line.why) };
      case 'correct':
        return books.correct(actor, line.timeEntryId, line.why, line.entry);
      case 'unreadable':
        return line.refusal;
    }
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

/** The first answer once more, except to somebody who may no longer see what it is about: tried anew, there is nothing. */
function again(kept: StoredAnswer, order: Booking, bodyHash: string, books: WorkingLedger): BookingResult {
  if (kept.bodyHash !== bodyHash)
    return { answer: { refusal: new Refusal('idempotency-key-reused') }, replayed: false };
  const anew = decide({ ...order, dryRun: true }, books);
  if ('refusal' in anew && anew.refusal.code === 'not-found') return { answer: anew, replayed: false };
  const { status, body, refusal } = kept;
  return { answer: refusal ? { refusal: refusalAgain(refusal) } : { status, body }, replayed: true };
}

function keepable(answer: BookingAnswer, bodyHash: string): StoredAnswer | undefined {
  if (!('refusal' in answer)) return { bodyHash, status: answer.status, body: answer.body };
  const { refusal } = answer;
  return isKept(refusal) ? { bodyHash, status: statusOf(refusal.code), refusal: refusalKept(refusal) } : undefined;
}
