import { databaseIsAway, isLockTimeout } from '../../platform/database/database-errors.js';
import { Batcher } from '../../platform/load/batcher.js';
import { locksOf } from './booking-locks.js';
import type { BookingDecision, KeyTaken, Booking, BookingResult } from './booking.js';
import { WaitingBookings } from './waiting-bookings.js';

/**
 * How a batch is served: free of all locks that somebody else holds, behind the orders that `waiting` has; or with the locks of
 * its first order, which missed one before, after up to `patienceMs`.
 */
export type LockPolicy = { waiting: WaitingBookings } | { patienceMs: number };

/** An order that has left its batch, and its answer to come. */
interface Waiting {
  later: Promise<BookingResult | KeyTaken>;
}

/** A prototype was fastest with batches of up to 128; a heavier order (a batch of 1,000) goes alone. */
const fullWeight = 128;
const mostWaitingWeight = 20_000;

/**
 * Orders that arrive while a batch is in flight are gathered for the next one. An order that needs a lock which somebody else
 * holds leaves its batch undecided, and waits apart.
 */
export class BookingLanes {
  readonly #waiting: WaitingBookings;
  readonly #gathering: Batcher<Booking, BookingResult | KeyTaken | Waiting>;

  /** `serve` decides orders in one transaction. Throws as `WaitingOrders` says. */
  constructor(private readonly serve: (orders: Booking[], lockPolicy: LockPolicy) => Promise<BookingDecision[]>) {
    this.#waiting = new WaitingBookings((orders, patienceMs) => serve(orders, { patienceMs }));
    this.#gathering = new Batcher((orders) => this.#serveFree(orders), {
      weightOf: ({ lines }) => lines.length,
      userOf: ({ actor }) => actor.userId,
      fullWeight,
      mostWaitingWeight,
      retryAlone: (error) => !databaseIsAway(error),
    });
  }

  /** @throws Refusal `overloaded`, `database-unavailable`, `subscription-busy` */
  async book(order: Booking): Promise<BookingResult | KeyTaken> {
    const decided = await this.#gathering.submit(order);
    return 'later' in decided ? decided.later : decided;
  }

  /** Ends when every order has its answer. */
  async idle(): Promise<void> {
    await this.#gathering.idle();
    await this.#waiting.idle();
  }

  /** Serves the orders that need no lock of somebody else, and lets the others wait: in this order, before any later batch. */
  async #serveFree(orders: Booking[]): Promise<(BookingResult | KeyTaken | Waiting)[]> {
    const decided = await this.serve(orders, { waiting: this.#waiting }).catch((error: unknown): BookingDecision[] => {
      // A lock that no booking is known to need. Alone, its order is known, and so is what else may need the same lock.
      if (orders.length > 1 || !isLockTimeout(error)) throw error;
      const locks = locksOf(orders[0]!.lines, new Map());
      return [{ missed: [...locks][1] ?? 'another', locks }];
    });
    return decided.map((one, at) => {
      if (!('missed' in one)) return one;
      const later = this.#waiting.wait(orders[at]!, one.missed, one.locks);
      // Its failure is heard when the batch has been answered.
      later.catch(() => undefined);
      return { later };
    });
  }
}
