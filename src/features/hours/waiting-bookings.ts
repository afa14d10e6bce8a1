import { Refusal } from '../../domain/refusal.js';
import { isLockTimeout } from '../../platform/database/database-errors.js';
import { Batcher } from '../../platform/load/batcher.js';
import { SharedRoom } from '../../platform/load/shared-room.js';
import { LockWaitTimedOut, type BookingTransaction } from './booking-transaction.js';
import type { BookingDecision, BookingResult, KeyIsTaken, MissedLock, QueuedBooking } from './booking.js';
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
  /** The number of bookings that have begun to wait. */
  #begun = 0;

  constructor(
    private readonly transaction: BookingTransaction,
    private readonly dryRun: boolean,
  ) {}

  /**
   * Decides a booking as soon as the lock that it missed is free.
   * @throws Refusal `subscription-busy` after five seconds, or if too many items of the user wait already
   */
  async wait(booking: QueuedBooking, { missedLock }: MissedLock): Promise<BookingResult | KeyIsTaken> {
    const { actor, items } = booking;
    if (!this.#room.take(actor.userId, items.length)) throw busy();
    const until = performance.now() + patienceMs;
    const waiting = { booking, number: ++this.#begun, until };
    try {
      for (let lock = missedLock; ;) {
        this.#forgetQueue(this.list.put(waiting, lock));
        const decision = await this.#queueOf(lock).submit(waiting);
        if (!('missedLock' in decision)) return decision;
        lock = decision.missedLock;
      }
    } finally {
      this.#forgetQueue(this.list.remove(waiting));
      this.#room.leave(actor.userId, items.length);
    }
  }

  /** Resolves when no booking waits any more. */
  async idle(): Promise<void> {
    while (!this.list.isEmpty) await Promise.all([...this.#queues.values()].map((queue) => queue.idle()));
  }

  #queueOf(lock: string): Batcher<WaitingBooking, BookingDecision> {
    const queue = this.#queues.get(lock) ?? this.#newQueue();
    this.#queues.set(lock, queue);
    return queue;
  }

  #forgetQueue(lock: string | undefined): void {
    if (lock !== undefined) this.#queues.delete(lock);
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

  /**
   * Runs a batch. A booking that must follow one in another queue, or one behind it in this queue, goes on to wait there: so the
   * bookings of one user on one subscription stay in their order. `ahead`: the bookings that were decided before.
   */
  async #run(
    batch: readonly WaitingBooking[],
    ahead: ReadonlySet<WaitingBooking> = new Set(),
  ): Promise<BookingDecision[]> {
    const decisions = new Map<WaitingBooking, BookingDecision>();
    const ready = new Set<WaitingBooking>();
    for (const waiting of batch) {
      const missedLock = this.list.lockOfEarlier(waiting, new Set([...ahead, ...ready]));
      if (missedLock === undefined) ready.add(waiting);
      else decisions.set(waiting, { missedLock });
    }
    const decided = await this.#decide([...ready], ahead);
    [...ready].forEach((waiting, at) => decisions.set(waiting, decided[at]!));
    return batch.map((waiting) => decisions.get(waiting)!);
  }

  /** If the time of the first booking is over, that one is refused, and the next one becomes the first. */
  async #decide(
    [first, ...others]: readonly WaitingBooking[],
    ahead: ReadonlySet<WaitingBooking>,
  ): Promise<BookingDecision[]> {
    if (first === undefined) return [];
    const bookings = [first, ...others].map(({ booking }) => booking);
    try {
      const leftMs = first.until - performance.now();
      if (leftMs < 1) throw new LockWaitTimedOut();
      return await this.transaction.run(bookings, this.dryRun, { patienceMs: leftMs });
    } catch (error) {
      if (error instanceof LockWaitTimedOut || (others.length === 0 && isLockTimeout(error))) {
        const refused: BookingDecision = { answer: { refusal: busy() }, replayed: false };
        return [refused, ...(await this.#run(others, new Set([...ahead, first])))];
      }
      throw error;
    }
  }
}

const busy = (): Refusal => new Refusal('subscription-busy', {}, { retryAfterSeconds: 1 });
