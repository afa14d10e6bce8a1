import type { BookedEntry } from './booked-entry.js';
import { locksOf, shareSubscription } from './booking-locks.js';
import type { Booking, MissedLock } from './booking.js';
import type { WaitingList } from './waiting-list.js';

/** The bookings that leave a batch undecided, because a lock that they need is not free. */
export class DeferredBookings {
  readonly #deferred: { userId: string; missed: MissedLock }[] = [];

  /** `lockedElsewhere`: the locks that other transactions have. `waiting`: the bookings of earlier batches that wait. */
  constructor(
    private readonly lockedElsewhere: ReadonlySet<string>,
    private readonly entries: ReadonlyMap<string, BookedEntry>,
    private readonly waiting: WaitingList | undefined,
  ) {}

  /**
   * The lock for which a booking leaves the batch; undefined if it stays. The bookings of one user on one subscription stay in
   * their order: one that follows a deferred one leaves too.
   */
  missedBy(booking: Booking): MissedLock | undefined {
    if (this.lockedElsewhere.size === 0 && (this.waiting?.isEmpty ?? true)) return undefined;
    const neededLocks = locksOf(booking.items, this.entries);
    const missedLock =
      [...neededLocks].find((lock) => this.lockedElsewhere.has(lock)) ?? this.#lockBefore(booking, neededLocks);
    if (missedLock === undefined) return undefined;
    const missed = { missedLock, neededLocks };
    this.#deferred.push({ userId: booking.actor.userId, missed });
    return missed;
  }

  #lockBefore(booking: Booking, neededLocks: ReadonlySet<string>): string | undefined {
    const { userId } = booking.actor;
    const before = this.#deferred.find(
      (earlier) => earlier.userId === userId && shareSubscription(earlier.missed.neededLocks, neededLocks),
    );
    return before?.missed.missedLock ?? this.waiting?.lockBefore(booking, neededLocks);
  }
}
