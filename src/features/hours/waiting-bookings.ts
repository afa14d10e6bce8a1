import { Refusal } from '../../domain/refusal.js';
import { isLockTimeout } from '../../platform/database/database-errors.js';
import { Batcher } from '../../platform/load/batcher.js';
import { SharedRoom } from '../../platform/load/shared-room.js';
import { LockWaitTimedOut, type BookingTransaction } from './booking-transaction.js';
import type { Booking, BookingDecision, BookingResult, KeyIsTaken, MissedLock } from './booking.js';
import { WaitingList, type WaitingBooking } from './waiting-list.js';

/** How long a booking waits for all its locks together, counted from the first that it missed. */
const patienceMs = 5_000;

/** The number of items of all users that can wait at one time. */
const roomForItems = 10_000;

/** The size of a batch, the same as in the booking queue. */
const fullWeight = 128;

/**
 * Bookings that need a lock that another transaction holds: another instance, a change of the contract, or an import. Each lock has
 * a queue. Its first booking waits in the database, on a connection of the lane `waiting`; the bookings behind it share its
 * transaction.
 */
export class WaitingBookings {
  readonly list = new WaitingList();
  readonly #queues = new Map<string, Batcher<WaitingBooking, BookingDecision>>();
  readonly #room = new SharedRoom(roomForItems);

  constructor(
    private readonly transaction: BookingTransaction,
    private readonly dryRun: boolean,
  ) {}

  /**
   * Decides a booking as soon as the lock that it missed is free.
   * @throws Refusal `subscription-busy` after five seconds, or if too many items of the user wait already
   */
  async wait(booking: Booking, { missedLock, neededLocks }: MissedLock): Promise<BookingResult | KeyIsTaken> {
    const { actor, items } = booking;
    if (!this.#room.take(actor.userId, items.length)) throw busy();
    try {
      const waiting = { booking, neededLocks, until: performance.now() + patienceMs };
      for (let lock = missedLock; ;) {
        const decision = await this.#waitInQueue(waiting, lock);
        if (!('missedLock' in decision)) return decision;
        lock = decision.missedLock;
      }
    } finally {
      this.#room.leave(actor.userId, items.length);
    }
  }

  /** Resolves when no booking waits any more. */
  async idle(): Promise<void> {
    while (!this.list.isEmpty) await Promise.all([...this.#queues.values()].map((queue) => queue.idle()));
  }

  async #waitInQueue(waiting: WaitingBooking, lock: string): Promise<BookingDecision> {
    const queue = this.#queues.get(lock) ?? this.#newQueue();
    this.#queues.set(lock, queue);
    this.list.add(lock, waiting);
    try {
      return await queue.submit(waiting);
    } finally {
      if (this.list.remove(lock, waiting)) this.#queues.delete(lock);
    }
  }

  #newQueue(): Batcher<WaitingBooking, BookingDecision> {
    return new Batcher((batch) => this.#run(batch), {
      weightOf: ({ booking }) => booking.items.length,
      userOf: ({ booking }) => booking.actor.userId,
      fullWeight,
      mostWaitingWeight: Infinity,
      retryAlone: (error) => !(error instanceof Refusal),
    });
  }

  /** Runs a batch. If the time of its first booking is over, that one is refused, and the next one becomes the first. */
  async #run([first, ...others]: WaitingBooking[]): Promise<BookingDecision[]> {
    if (first === undefined) return [];
    const bookings = [first, ...others].map(({ booking }) => booking);
    try {
      const leftMs = first.until - performance.now();
      if (leftMs < 1) throw new LockWaitTimedOut();
      return await this.transaction.run(bookings, this.dryRun, { patienceMs: leftMs });
    } catch (error) {
      if (error instanceof LockWaitTimedOut || (others.length === 0 && isLockTimeout(error))) {
        return [{ answer: { refusal: busy() }, replayed: false }, ...(await this.#run(others))];
      }
      throw error;
    }
  }
}

const busy = (): Refusal => new Refusal('subscription-busy', {}, { retryAfterSeconds: 1 });
