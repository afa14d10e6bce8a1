import { databaseIsAway, isLockTimeout } from '../../platform/database/database-errors.js';
import { Batcher } from '../../platform/load/batcher.js';
import type { BookingTransaction } from './booking-transaction.js';
import type { BookingDecision, BookingResult, KeyIsTaken, QueuedBooking } from './booking.js';
import { WaitingBookings } from './waiting-bookings.js';

/** The booking missed a lock and has left its batch; `result` follows. */
interface Deferred {
  result: Promise<BookingResult | KeyIsTaken>;
}

export interface LaneOptions {
  dryRun: boolean;
  /** The number of batches that run side by side. They share no subscription, no day of a consultant and no key. */
  batchesAtATime: number;
}

/** A prototype was fastest with batches of up to 128 items. A booking with more items goes alone. */
const fullWeight = 128;
const mostWaitingWeight = 20_000;

/**
 * The two ways of a booking: in a batch that takes only free locks, and, if it missed a lock there, through `WaitingBookings`. So
 * one locked subscription does not hold up the bookings on others.
 */
export class BookingLanes {
  readonly #waiting: WaitingBookings;
  readonly #batcher: Batcher<QueuedBooking, BookingResult | KeyIsTaken | Deferred>;

  constructor(
    private readonly transaction: BookingTransaction,
    private readonly options: LaneOptions,
  ) {
    this.#waiting = new WaitingBookings(transaction, options.dryRun);
    this.#batcher = new Batcher((bookings) => this.#runFree(bookings), {
      weightOf: ({ items }) => items.length,
      userOf: ({ actor }) => actor.userId,
      locksOf: ({ locks }) => locks,
      lanes: options.batchesAtATime,
      fullWeight,
      mostWaitingWeight,
      retryAlone: (error) => !databaseIsAway(error),
    });
  }

  /** @throws Refusal `overloaded`, `database-unavailable`, `subscription-busy` */
  async book(booking: QueuedBooking): Promise<BookingResult | KeyIsTaken> {
    const decision = await this.#batcher.submit(booking);
    return 'result' in decision ? decision.result : decision;
  }

  /** Resolves when no booking is queued, running or waiting. */
  async idle(): Promise<void> {
    await this.#batcher.idle();
    await this.#waiting.idle();
  }

  /** Runs a batch. Bookings that missed a lock start to wait before the next batch with one of their locks runs, so that it sees them. */
  async #runFree(bookings: QueuedBooking[]): Promise<(BookingResult | KeyIsTaken | Deferred)[]> {
    const decisions = await this.transaction
      .run(bookings, this.options.dryRun, { waiting: this.#waiting.list })
      .catch((error: unknown): BookingDecision[] => {
        // A lock that is not in `booking-locks.ts` timed out. The batcher retries the bookings one by one and finds who needs it.
        if (bookings.length > 1 || !isLockTimeout(error)) throw error;
        return [{ missedLock: [...bookings[0]!.locks][0] ?? 'another' }];
      });
    return decisions.map((decision, at) => {
      if (!('missedLock' in decision)) return decision;
      const result = this.#waiting.wait(bookings[at]!, decision);
      // `book` awaits it after the batch has ended, so it may reject before anybody listens.
      result.catch(() => undefined);
      return { result };
    });
  }
}
