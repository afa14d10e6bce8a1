import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { Batcher } from '../../platform/load/batcher.js';
import type { BookingItem } from './booking-item.js';
import { noEntries, type Booking, type NamedEntries } from './booking.js';
import { BookingStore } from './booking.store.js';

/** The entries that an item reverses or corrects. */
const entriesNamedBy = (items: readonly BookingItem[]): string[] =>
  items.flatMap((item) => ('timeEntryId' in item ? [item.timeEntryId] : []));

/**
 * Reads the entries that bookings reverse or correct, before they are queued: only the entry says which subscription it is on. An entry
 * never changes. The reads of bookings that arrive together share a statement.
 */
@Injectable()
export class NamedEntriesReader {
  readonly #reads: Batcher<readonly string[], NamedEntries>;
  /** The last booking of each user that waits here. */
  readonly #lastOf = new Map<string, Promise<void>>();

  constructor(
    private readonly database: Database,
    private readonly store: BookingStore,
  ) {
    this.#reads = new Batcher((asked) => this.#read(asked), {
      weightOf: (ids) => ids.length,
      userOf: () => 'all',
      fullWeight: 1_000,
      mostWaitingWeight: Infinity,
      retryAlone: () => false,
    });
  }

  /**
   * Books with the entries that the booking names. The bookings of one user stay in their order: a booking that names no entry waits
   * for the reads of the bookings before it.
   */
  async thenBook<T>({ actor, items }: Booking, book: (entries: NamedEntries) => Promise<T>): Promise<T> {
    const ids = entriesNamedBy(items);
    const before = this.#lastOf.get(actor.userId);
    if (ids.length === 0 && before === undefined) return book(noEntries);
    const read = ids.length > 0 ? this.#reads.submit(ids) : Promise.resolve(noEntries);
    const ready = Promise.allSettled([read, before]);
    // Without a result: otherwise a chain of bookings would keep the entries of all of its reads.
    const last = ready.then(() => undefined);
    this.#lastOf.set(actor.userId, last);
    const [entries] = await ready;
    // No `await` from here to `book`: otherwise another booking of the user could come between.
    if (this.#lastOf.get(actor.userId) === last) this.#lastOf.delete(actor.userId);
    if (entries.status === 'rejected') throw entries.reason;
    return book(entries.value);
  }

  /** Resolves when no entry is being read. */
  idle(): Promise<void> {
    return this.#reads.idle();
  }

  async #read(asked: readonly (readonly string[])[]): Promise<NamedEntries[]> {
    const entries = await this.database.read((tx) => this.store.entries(tx, asked.flat()));
    return asked.map(() => entries);
  }
}
