import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { KeyInUse, whenKeyIsFree } from '../../platform/idempotency.js';
import { BookingLanes } from './booking-lanes.js';
import { locksOfBooking } from './booking-locks.js';
import { BookingTransaction } from './booking-transaction.js';
import type { Booking, BookingResult } from './booking.js';
import { ImportLocks } from './import-locks.js';
import { NamedEntriesReader } from './named-entries.js';

/**
 * While PostgreSQL writes one batch, the service decides the other. On two cores, two batches reached 0.59 × the lean floor of
 * `npm run bench:desk` on many subscriptions, one batch 0.53 ×, and three 0.58 ×.
 */
const batchesAtATime = 2;

/**
 * Every booking of hours goes through this queue (§5): single entries, batches, reversals, corrections and adjustments. Bookings
 * that arrive during a transaction share the next one. Dry runs are queued apart, because their transaction is rolled back.
 */
@Injectable()
export class BookingQueue implements BeforeApplicationShutdown {
  readonly #bookings: BookingLanes;
  readonly #dryRuns: BookingLanes;

  constructor(
    transaction: BookingTransaction,
    private readonly namedEntries: NamedEntriesReader,
    private readonly importLocks: ImportLocks,
  ) {
    this.#bookings = new BookingLanes(transaction, { dryRun: false, batchesAtATime });
    this.#dryRuns = new BookingLanes(transaction, { dryRun: true, batchesAtATime: 1 });
  }

  /**
   * Returns the answer when everything that was accepted is committed.
   * @throws Refusal `overloaded`, `database-unavailable`, `subscription-busy`, `idempotency-key-in-use`
   */
  book(booking: Booking): Promise<BookingResult> {
    const lanes = booking.dryRun ? this.#dryRuns : this.#bookings;
    return this.namedEntries.thenBook(booking, (entries) => {
      const queued = { ...booking, entries, locks: locksOfBooking(booking, entries) };
      const book = async (): Promise<BookingResult> => {
        const decision = await lanes.book(queued);
        if ('keyIsTaken' in decision) throw new KeyInUse();
        return decision;
      };
      return whenKeyIsFree(() => this.importLocks.whenFree(queued, book));
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.namedEntries.idle();
    await this.importLocks.idle();
    await this.#bookings.idle();
    await this.#dryRuns.idle();
  }
}
