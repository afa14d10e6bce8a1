import { lockOfMonths, shareSubscription } from './booking-locks.js';
import type { Booking } from './booking.js';

/** A booking that waits for locks. */
export interface WaitingBooking {
  booking: Booking;
  neededLocks: ReadonlySet<string>;
  /** When it is refused, on the clock of `performance.now()`. */
  until: number;
}

/** The bookings that wait for locks, by the name of the lock. */
export class WaitingList {
  readonly #byLock = new Map<string, Set<WaitingBooking>>();

  get isEmpty(): boolean {
    return this.#byLock.size === 0;
  }

  add(lock: string, waiting: WaitingBooking): void {
    const others = this.#byLock.get(lock);
    if (others) others.add(waiting);
    else this.#byLock.set(lock, new Set([waiting]));
  }

  /** Returns true if no other booking waits for this lock. */
  remove(lock: string, waiting: WaitingBooking): boolean {
    const left = this.#byLock.get(lock);
    left?.delete(waiting);
    return left?.size === 0 && this.#byLock.delete(lock);
  }

  /**
   * The lock for which a booking must wait, because other bookings already wait for it, or because an earlier booking of the same
   * user on one of its subscriptions does. The lock of the months is an exception: all bookings need it, so a booking that waits for
   * it does not make later ones wait, and all go on at once when a closing is over.
   */
  lockBefore({ actor }: Booking, neededLocks: ReadonlySet<string>): string | undefined {
    for (const [lock, waiting] of this.#byLock) {
      if (lock !== lockOfMonths && neededLocks.has(lock)) return lock;
      for (const earlier of waiting) {
        const isOfUser = earlier.booking.actor.userId === actor.userId;
        if (isOfUser && shareSubscription(earlier.neededLocks, neededLocks)) return lock;
      }
    }
    return undefined;
  }
}
