import { Injectable } from '@nestjs/common';
import type { TimeEntry } from '../../domain/time-entry.js';
import type { BookingItem } from './booking-item.js';
import { dayKey, mostDaysLocked } from './booking.store.js';

/** If more items wait, further bookings go on to the booking queue, which refuses what is too much. */
const mostWaitingItems = 10_000;

interface LockedChunk {
  subscriptions: ReadonlySet<string>;
  days: ReadonlySet<string>;
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
    const chunk: LockedChunk = { ...lockedBy(items), ended: running.catch(() => undefined) };
    this.#chunks.add(chunk);
    try {
      return await running;
    } finally {
      this.#chunks.delete(chunk);
    }
  }

  /** Waits until no running chunk holds a lock that the items need, then books. */
  whenFree<T>(items: readonly BookingItem[], book: () => Promise<T>): Promise<T> {
    if (this.#chunksBlocking(items).length === 0 || this.#waitingItems + items.length > mostWaitingItems) return book();
    this.#waitingItems += items.length;
    const waiting = this.#free(items).then(() => {
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

  async #free(items: readonly BookingItem[]): Promise<void> {
    for (let chunks = this.#chunksBlocking(items); chunks.length > 0; chunks = this.#chunksBlocking(items)) {
      await Promise.all(chunks.map(({ ended }) => ended));
    }
  }

  #chunksBlocking(items: readonly BookingItem[]): LockedChunk[] {
    if (this.#chunks.size === 0) return [];
    return [...this.#chunks].filter((chunk) => items.some((item) => needsLockOf(item, chunk)));
  }
}

type LoggingItem = Extract<BookingItem, { entry: TimeEntry; subscriptionId: string }>;

const logs = (item: BookingItem): item is LoggingItem => item.kind === 'log' || item.kind === 'adjust';

function lockedBy(items: readonly BookingItem[]): Pick<LockedChunk, 'subscriptions' | 'days'> {
  const logged = items.filter(logs);
  return {
    subscriptions: new Set(logged.map(({ subscriptionId }) => subscriptionId)),
    days: new Set(logged.map(({ entry }) => dayKey(entry.consultantId, entry.workDate))),
  };
}

/** A reversal or correction does not wait here: its locks are known only after its entry has been read. */
function needsLockOf(item: BookingItem, { subscriptions, days }: LockedChunk): boolean {
  if (!logs(item)) return false;
  const { consultantId, workDate } = item.entry;
  return (
    subscriptions.has(item.subscriptionId) || days.size > mostDaysLocked || days.has(dayKey(consultantId, workDate))
  );
}
