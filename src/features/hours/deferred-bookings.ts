import type { BookedEntry } from './booked-entry.js';
import { locksOf, shareSubscription } from './booking-locks.js';
import type { MissedLock, Booking } from './booking.js';
import type { WaitingBookings } from './waiting-bookings.js';

/** The orders that leave a batch undecided, in the order of the batch. */
export class DeferredBookings {
  readonly #left: { userId: string; missed: MissedLock }[] = [];

  /** `taken`: the locks that somebody else holds. `waiting`: orders of earlier batches that wait. */
  constructor(
    private readonly taken: ReadonlySet<string>,
    private readonly entries: ReadonlyMap<string, BookedEntry>,
    private readonly waiting: WaitingBookings | undefined,
  ) {}

  /**
   * The lock for which an order leaves: one that is taken, or one for which an order before it waits: orders of one user on one
   * subscription stay in their order. Undefined where it stays.
   */
  missedBy(order: Booking): MissedLock | undefined {
    if (this.taken.size === 0 && (this.waiting?.isEmpty ?? true)) return undefined;
    const locks = locksOf(order.lines, this.entries);
    const lock = [...locks].find((needed) => this.taken.has(needed)) ?? this.#lockBefore(order, locks);
    if (lock === undefined) return undefined;
    const missed = { missed: lock, locks };
    this.#left.push({ userId: order.actor.userId, missed });
    return missed;
  }

  #lockBefore(order: Booking, locks: ReadonlySet<string>): string | undefined {
    const { userId } = order.actor;
    const before = this.#left.find((left) => left.userId === userId && shareSubscription(left.missed.locks, locks));
    return before?.missed.missed ?? this.waiting?.lockBefore(order, locks);
  }
}
