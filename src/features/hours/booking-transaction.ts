import { Injectable } from '@nestjs/common';
import type { Actor } from '../../domain/access.js';
import { Refusal } from '../../domain/refusal.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { Clock } from '../../platform/clock.js';
import { isLockTimeout } from '../../platform/database/database-errors.js';
import { Database } from '../../platform/database/database.js';
import type { PipelinedTransaction } from '../../platform/database/transaction.js';
import { refusalAgain, type StoredAnswer } from '../../platform/idempotency.js';
import { FulfilmentService } from '../planning/fulfilment.service.js';
import { answerTo } from './booking-answer.js';
import { BookingFacts } from './booking-facts.js';
import type { BookingItem } from './booking-item.js';
import {
  noEntries,
  type Booking,
  BookingAnswer,
  BookingDecision,
  BookingResult,
  ItemOutcome,
  NamedEntries,
  QueuedBooking,
} from './booking.js';
import { BookingStore } from './booking.store.js';
import { DeferredBookings } from './deferred-bookings.js';
import { KeyedAnswers } from './keyed-answers.js';
import type { WaitingList } from './waiting-list.js';
import { WorkingLedger } from './working-ledger.js';

/**
 * Which locks a batch takes. With `waiting`: only free ones, and bookings that need another lock, or must follow a waiting booking,
 * stay undecided. With `patienceMs`: it first waits that long for each lock of its first booking.
 */
export type LockPolicy = { waiting: WaitingList } | { patienceMs: number };

/** The locks of the first booking were not free in time. Nothing was decided. */
export class LockWaitTimedOut extends Error {}

/**
 * Decides a batch of bookings in one transaction (§5). It locks what they need in one order (keys, months, subscriptions,
 * consultants' days), lets the rules decide one booking after another, and writes everything that was accepted with one statement.
 */
@Injectable()
export class BookingTransaction {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly rules: ServiceRules,
    private readonly store: BookingStore,
    private readonly facts: BookingFacts,
    private readonly fulfilments: FulfilmentService,
  ) {}

  /**
   * Returns one decision for each booking, after the commit. A dry run is rolled back, together with the terms that had to be rolled
   * over first.
   * @throws LockWaitTimedOut, or the error of any booking: the caller finds out which by running them one by one
   */
  run(bookings: readonly QueuedBooking[], dryRun: boolean, lockPolicy: LockPolicy): Promise<BookingDecision[]> {
    return this.database.pipelined(
      (tx) => {
        if (dryRun) tx.rollBackAtEnd();
        return this.#decideAll(tx, bookings, lockPolicy);
      },
      'waiting' in lockPolicy ? 'booking' : 'waiting',
    );
  }

  async #decideAll(
    tx: PipelinedTransaction,
    bookings: readonly QueuedBooking[],
    lockPolicy: LockPolicy,
  ): Promise<BookingDecision[]> {
    const now = this.clock.now();
    const keyed = await KeyedAnswers.lock(tx, bookings, now);
    if ('patienceMs' in lockPolicy) await this.#waitForLocks(tx, bookings[0]!, lockPolicy.patienceMs);
    const items = bookings.flatMap((booking) => booking.items);
    const entries = entriesOf(bookings);
    const facts = await this.facts.open(tx, items, entries, now, {
      locks: 'free-only',
      recentUse: true,
      findEqual: true,
    });
    const waiting = 'waiting' in lockPolicy ? lockPolicy.waiting : undefined;
    const deferred = new DeferredBookings(facts.lockedElsewhere, waiting);
    const ledger = new WorkingLedger(facts, this.rules, now);

    const decisions = bookings.map((booking): BookingDecision => {
      if (keyed.isTaken(booking)) return { keyIsTaken: true };
      const missed = deferred.missedBy(booking);
      if (missed) return missed;
      const earlier = keyed.earlier(booking);
      if (earlier) return this.#replay(earlier, booking, ledger);
      const answer = this.#decide(booking, ledger);
      const { alsoWrite } = booking;
      if (alsoWrite && !('refusal' in answer)) tx.last(() => tx.query(alsoWrite.sql, [...alsoWrite.values]));
      keyed.add(booking, answer);
      return { answer, replayed: false };
    });

    const { writes } = ledger;
    if (writes.ledger.length > 0) tx.last(() => this.store.write(tx, writes));
    if (writes.fulfilments.size > 0) tx.last(() => this.fulfilments.write(tx, writes.fulfilments));
    if (keyed.hasNew) tx.last(() => keyed.write(tx, now));
    return decisions;
  }

  async #waitForLocks(tx: PipelinedTransaction, { items, entries }: QueuedBooking, patienceMs: number): Promise<void> {
    try {
      await this.facts.waitForLocks(tx, items, entries, patienceMs);
    } catch (error) {
      throw isLockTimeout(error) ? new LockWaitTimedOut() : error;
    }
  }

  /** Lets the rules decide a booking, item by item. Undoes it in the working ledger if it is a dry run, or atomic and refused. */
  #decide(booking: Booking, ledger: WorkingLedger): BookingAnswer {
    const { mark } = ledger;
    try {
      const outcomes = booking.items.map((item) => outcomeOf(item, booking.actor, ledger));
      const answer = answerTo(booking, outcomes, this.rules);
      const isRefused = booking.atomic && outcomes.some((outcome) => outcome instanceof Refusal);
      if (booking.dryRun || isRefused) ledger.undoTo(mark);
      return answer;
    } catch (error) {
      ledger.undoTo(mark);
      throw error;
    }
  }

  /** Repeats the first answer. An actor who may no longer see the subscription gets `not-found`, as for a new request. */
  #replay(earlier: StoredAnswer, booking: Booking, ledger: WorkingLedger): BookingResult {
    if (earlier.bodyHash !== booking.idempotency!.bodyHash)
      return { answer: { refusal: new Refusal('idempotency-key-reused') }, replayed: false };
    const answerNow = this.#decide({ ...booking, dryRun: true }, ledger);
    if ('refusal' in answerNow && answerNow.refusal.code === 'not-found') return { answer: answerNow, replayed: false };
    const { status, body, refusal } = earlier;
    return { answer: refusal ? { refusal: refusalAgain(refusal) } : { status, body }, replayed: true };
  }
}

/** The entries that any of the bookings names. */
function entriesOf(bookings: readonly QueuedBooking[]): NamedEntries {
  const naming = bookings.filter(({ entries }) => entries.size > 0);
  return naming.length > 0 ? new Map(naming.flatMap(({ entries }) => [...entries])) : noEntries;
}

function outcomeOf(item: BookingItem, actor: Actor, ledger: WorkingLedger): ItemOutcome | Refusal {
  try {
    switch (item.kind) {
      case 'log':
        return { logged: ledger.log(actor, item.subscriptionId, item.entry, item.plannedSessionId) };
      case 'adjust':
        return { logged: ledger.adjust(actor, item) };
      case 'reverse':
        return { reversed: ledger.reverse(actor, item.timeEntryId, item.why) };
      case 'correct':
        return ledger.correct(actor, item.timeEntryId, item.why, item.entry, item.plannedSessionId);
      case 'unreadable':
        return item.refusal;
    }
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}
