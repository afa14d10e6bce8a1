import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { Batcher } from '../../platform/load/batcher.js';
import type { BookingItem } from './booking-item.js';
import { noEntries, type Booking, type NamedEntries } from './booking.js';
import { BookingStore } from './booking.store.js';

/** The entries that an item reverses or corrects. */
export const entriesNamedBy = (items: readonly BookingItem[]): string[] =>
  items.flatMap((item) => ('timeEntryId' in item ? [item.timeEntryId] : []));

/**
 * Reads the entries that bookings reverse or correct, before they are queued: only the entry says which subscription it is on. An entry
 * never changes. The reads of bookings that arrive together share a statement.
 */
@Injectable()
export class NamedEntriesReader {
  readonly #reads: Batcher<readonly string[], NamedEntries>;
  /** The last read of each user. */
  readonly #ofUsers = new Map<string, Promise<unknown>>();

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
   * Books with the entries that the booking names. The bookings of one user stay in their order: one that names no entry waits for the
   * reads of those before it.
   */
  async thenBook<T>({ actor, items }: Booking, book: (entries: NamedEntries) => Promise<T>): Promise<T> {
    const ids = entriesNamedBy(items);
    const before = this.#ofUsers.get(actor.userId);
    if (ids.length === 0 && before === undefined) return book(noEntries);
    const read = ids.length > 0 ? this.#reads.submit(ids) : Promise.resolve(noEntries);
    const both = Promise.allSettled([read, before]);
    this.#ofUsers.set(actor.userId, both);
    await both;
    if (this.#ofUsers.get(actor.userId) === both) this.#ofUsers.delete(actor.userId);
    return book(await read);
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
