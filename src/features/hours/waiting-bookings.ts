import { Refusal } from '../../domain/refusal.js';
import { isLockTimeout } from '../../platform/database/database-errors.js';
import { Batcher } from '../../platform/load/batcher.js';
import { SharedRoom } from '../../platform/load/shared-room.js';
import { lockOfMonths, shareSubscription } from './booking-locks.js';
import type { BookingDecision, KeyTaken, Booking, BookingResult } from './booking.js';

/** How long an order waits for locks in all, from the first that it missed. */
const patienceMs = 5_000;

/** Lines of orders that can wait, shared among the users. */
const roomForLines = 10_000;

/** Orders that wait for one lock are served together when it is free; as many as in a batch of the queue. */
const fullWeight = 128;

interface Waiter {
  order: Booking;
  /** All that the order needs, by name. */
  locks: ReadonlySet<string>;
  until: number;
}

interface Queue {
  waiters: Set<Waiter>;
  orders: Batcher<Waiter, BookingDecision>;
}

/** A lock was not free within the time that an order had left. Nothing has been decided. */
export class LockWaitTimedOut extends Error {}

/**
 * Orders that need a lock which somebody outside the booking queue holds: another instance, a change of the contract, an import.
 * They wait apart from all others, and one behind another for each lock: the first waits in the database, on a connection of a
 * lane of its own, and those behind it are served with it.
 */
export class WaitingBookings {
  readonly #queues = new Map<string, Queue>();
  readonly #room = new SharedRoom(roomForLines);

  /**
   * `serve` waits up to the given number of milliseconds for the locks of the first order, then decides all orders. It throws `PatienceOver`
   * where the first one's locks are not free in time.
   */
  constructor(private readonly serve: (orders: Booking[], patienceMs: number) => Promise<BookingDecision[]>) {}

  get isEmpty(): boolean {
    return this.#queues.size === 0;
  }

  /**
   * The lock behind whose waiters an order must wait: others wait for it already, or an earlier order of the same user on one of
   * its subscriptions does. Undefined where there is none. All orders need the months: these are asked for anew each time, so
   * that the queue has its work back as soon as a closing is over.
   */
  lockBefore({ actor }: Booking, locks: ReadonlySet<string>): string | undefined {
    for (const [lock, { waiters }] of this.#queues) {
      if (lock !== lockOfMonths && locks.has(lock)) return lock;
      for (const { order, locks: needed } of waiters) {
        if (order.actor.userId === actor.userId && shareSubscription(needed, locks)) return lock;
      }
    }
    return undefined;
  }

  /**
   * Serves an order as soon as the lock that it missed is free.
   * @throws Refusal `subscription-busy` after five seconds, or where too many lines of its user wait already
   */
  async wait(order: Booking, missed: string, locks: ReadonlySet<string>): Promise<BookingResult | KeyTaken> {
    const { actor, lines } = order;
    if (!this.#room.take(actor.userId, lines.length)) throw busy();
    try {
      return await this.#served({ order, locks, until: performance.now() + patienceMs }, missed);
    } finally {
      this.#room.leave(actor.userId, lines.length);
    }
  }

  /** Ends when no order waits any more. */
  async idle(): Promise<void> {
    while (!this.isEmpty) await Promise.all([...this.#queues.values()].map(({ orders }) => orders.idle()));
  }

  async #served(waiter: Waiter, missed: string): Promise<BookingResult | KeyTaken> {
    for (let lock = missed; ;) {
      const decided = await this.#inQueue(waiter, lock);
      if (!('missed' in decided)) return decided;
      lock = decided.missed;
    }
  }

  async #inQueue(waiter: Waiter, lock: string): Promise<BookingDecision> {
    const queue = this.#queues.get(lock) ?? this.#newQueue();
    this.#queues.set(lock, queue);
    queue.waiters.add(waiter);
    try {
      return await queue.orders.submit(waiter);
    } finally {
      queue.waiters.delete(waiter);
      if (queue.waiters.size === 0) this.#queues.delete(lock);
    }
  }

  #newQueue(): Queue {
    const orders = new Batcher<Waiter, BookingDecision>((waiters) => this.#work(waiters), {
      weightOf: ({ order }) => order.lines.length,
      userOf: ({ order }) => order.actor.userId,
      fullWeight,
      mostWaitingWeight: Infinity,
      retryAlone: (error) => !(error instanceof Refusal),
    });
    return { waiters: new Set(), orders };
  }

  /** Where the first one's patience is over, the next one waits. */
  async #work([first, ...others]: Waiter[]): Promise<BookingDecision[]> {
    if (first === undefined) return [];
    const waiters = [first, ...others];
    try {
      const left = first.until - performance.now();
      if (left < 1) throw new LockWaitTimedOut();
      return await this.serve(
        waiters.map(({ order }) => order),
        left,
      );
    } catch (error) {
      if (error instanceof LockWaitTimedOut || (others.length === 0 && isLockTimeout(error))) {
        return [{ answer: { refusal: busy() }, replayed: false }, ...(await this.#work(others))];
      }
      throw error;
    }
  }
}

const busy = (): Refusal => new Refusal('subscription-busy', {}, { retryAfterSeconds: 1 });
