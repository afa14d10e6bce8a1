import { Injectable } from '@nestjs/common';
import type { BookingItem } from './booking-item.js';
import { daysIn, locksOf } from './booking-locks.js';
import { mostDaysLocked } from './booking.store.js';
import { noEntries, type QueuedBooking } from './booking.js';

/** If more items wait, further bookings go on to the booking queue, which refuses what is too much. */
const mostWaitingItems = 10_000;

interface LockedChunk {
  locks: ReadonlySet<string>;
  /** It needs more than `mostDaysLocked` days, so it has locked every day. */
  allDays: boolean;
  ended: Promise<unknown>;
}

/**
 * The locks of running import chunks. A booking that needs such a lock waits here, in memory, until the chunk has ended. So it takes
 * no connection of the lane in which bookings wait for locks in the database. This instance does not know the imports of others, so
 * their locks are waited for in that lane.
 */
@Injectable()
export class ImportLocks {
  readonly #chunks = new Set<LockedChunk>();
  readonly #waiting = new Set<Promise<unknown>>();
  #waitingItems = 0;

  /** Runs a chunk, after all bookings that are waiting: otherwise they would wait for the whole file. */
  async runChunk<T>(items: readonly BookingItem[], run: () => Promise<T>): Promise<T> {
    while (this.#waiting.size > 0) await this.idle();
    const running = run();
    const locks = locksOf(items, noEntries);
    const allDays = daysIn(locks).length > mostDaysLocked;
    const chunk: LockedChunk = { locks, allDays, ended: running.catch(() => undefined) };
    this.#chunks.add(chunk);
    try {
      return await running;
    } finally {
      this.#chunks.delete(chunk);
    }
  }

  /** Books when no running chunk has a lock that the booking needs. */
  whenFree<T>({ locks, items }: QueuedBooking, book: () => Promise<T>): Promise<T> {
    if (this.#chunksBlocking(locks).length === 0 || this.#waitingItems + items.length > mostWaitingItems) return book();
    this.#waitingItems += items.length;
    const waiting = this.#free(locks).then(() => {
      this.#waitingItems -= items.length;
      return book();
    });
    this.#waiting.add(waiting);
    const forget = (): boolean => this.#waiting.delete(waiting);
    waiting.then(forget, forget);
    return waiting;
  }

  /** Resolves when every booking that is waiting now has been booked. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#waiting);
  }

  async #free(locks: ReadonlySet<string>): Promise<void> {
    for (let chunks = this.#chunksBlocking(locks); chunks.length > 0; chunks = this.#chunksBlocking(locks)) {
      await Promise.all(chunks.map(({ ended }) => ended));
    }
  }

  #chunksBlocking(locks: ReadonlySet<string>): LockedChunk[] {
    if (this.#chunks.size === 0) return [];
    return [...this.#chunks].filter((chunk) => chunk.allDays || [...locks].some((lock) => chunk.locks.has(lock)));
  }
}
