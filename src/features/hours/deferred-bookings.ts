import { lockOfMonths, shareSubscription } from './booking-locks.js';
import type { MissedLock, QueuedBooking } from './booking.js';
import type { WaitingList } from './waiting-list.js';

/** The bookings that leave a batch undecided, because a lock that they need is not free. */
export class DeferredBookings {
  readonly #deferred: { booking: QueuedBooking; missed: MissedLock }[] = [];

  /** `lockedElsewhere`: the locks that other transactions have. `waiting`: the bookings of earlier batches that wait. */
  constructor(
    private readonly lockedElsewhere: ReadonlySet<string>,
    private readonly waiting: WaitingList | undefined,
  ) {}

  /**
   * The lock for which a booking leaves the batch; undefined if it stays. The bookings of one user on one subscription stay in
   * their order: one that follows a deferred one leaves too.
   */
  missedBy(booking: QueuedBooking): MissedLock | undefined {
    if (this.lockedElsewhere.size === 0 && (this.waiting?.isEmpty ?? true)) return undefined;
    const missedLock =
      [lockOfMonths, ...booking.locks].find((lock) => this.lockedElsewhere.has(lock)) ?? this.#lockBefore(booking);
    if (missedLock === undefined) return undefined;
    const missed = { missedLock };
    this.#deferred.push({ booking, missed });
    return missed;
  }

  #lockBefore(booking: QueuedBooking): string | undefined {
    const { userId } = booking.actor;
    const before = this.#deferred.find(
      ({ booking: earlier }) => earlier.actor.userId === userId && shareSubscription(earlier.locks, booking.locks),
    );
    return before?.missed.missedLock ?? this.waiting?.lockBefore(booking);
  }
}
