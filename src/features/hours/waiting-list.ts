import { shareSubscription } from './booking-locks.js';
import type { QueuedBooking } from './booking.js';

/** A booking that waits for locks. */
export interface WaitingBooking {
  booking: QueuedBooking;
  /** Its place among all bookings that began to wait. It keeps it when it goes on to wait for another lock. */
  number: number;
  /** When it is refused, on the clock of `performance.now()`. */
  until: number;
}

/** The bookings that wait for locks, each with the name of the lock for which it waits now. */
export class WaitingList {
  readonly #byUser = new Map<string, Map<WaitingBooking, string>>();
  /** The number of bookings that wait for a lock. */
  readonly #counts = new Map<string, number>();

  get isEmpty(): boolean {
    return this.#byUser.size === 0;
  }

  /** From now on, a booking waits for this lock, and no longer for another one. Returns the other lock if nobody waits for it any more. */
  put(waiting: WaitingBooking, lock: string): string | undefined {
    const { userId } = waiting.booking.actor;
    const ofUser = this.#byUser.get(userId) ?? new Map<WaitingBooking, string>();
    const before = ofUser.get(waiting);
    this.#byUser.set(userId, ofUser.set(waiting, lock));
    this.#counts.set(lock, (this.#counts.get(lock) ?? 0) + 1);
    return this.#leave(before);
  }

  /** Returns the lock for which the booking waited, if nobody waits for it any more. */
  remove(waiting: WaitingBooking): string | undefined {
    const { userId } = waiting.booking.actor;
    const ofUser = this.#byUser.get(userId);
    const before = ofUser?.get(waiting);
    ofUser?.delete(waiting);
    if (ofUser?.size === 0) this.#byUser.delete(userId);
    return this.#leave(before);
  }

  /**
   * The lock for which a new booking must wait, because an earlier booking of the same user on one of its subscriptions waits for it,
   * or because others wait for it already. Waiting for the lock of the months holds nobody else up: all bookings need it, and they
   * must go on at once when a closing is over.
   */
  lockBefore({ actor, locks }: QueuedBooking): string | undefined {
    for (const [earlier, lock] of this.#byUser.get(actor.userId) ?? []) {
      if (shareSubscription(earlier.booking.locks, locks)) return lock;
    }
    return [...locks].find((lock) => this.#counts.has(lock));
  }

  /**
   * The lock for which an earlier booking of the same user on one of the same subscriptions waits. `ahead`: the bookings that are
   * decided before this one.
   */
  lockOfEarlier(waiting: WaitingBooking, ahead: ReadonlySet<WaitingBooking>): string | undefined {
    for (const [earlier, lock] of this.#byUser.get(waiting.booking.actor.userId) ?? []) {
      const goesFirst = earlier.number < waiting.number && !ahead.has(earlier);
      if (goesFirst && shareSubscription(earlier.booking.locks, waiting.booking.locks)) return lock;
    }
    return undefined;
  }

  #leave(lock: string | undefined): string | undefined {
    if (lock === undefined) return undefined;
    const left = this.#counts.get(lock)! - 1;
    if (left > 0) {
      this.#counts.set(lock, left);
      return undefined;
    }
    this.#counts.delete(lock);
    return lock;
  }
}
