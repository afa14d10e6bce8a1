import { Injectable } from '@nestjs/common';
import type { TimeEntry } from '../../domain/time-entry.js';
import type { BookingItem } from './booking-item.js';
import { dayKey, mostDaysLocked } from './booking.store.js';

/** Beyond so many waiting lines an order is left to the desk, which refuses what is too much. */
const mostWaitingLines = 10_000;

interface Held {
  subscriptions: ReadonlySet<string>;
  days: ReadonlySet<string>;
  ended: Promise<unknown>;
}

/**
 * What the chunks of running imports keep locked. A booking that needs such a lock waits here until the chunk is over, in memory:
 * so it takes no connection of the lane in which bookings wait for locks in the database. The locks of other instances are not
 * known here; bookings wait for them in that lane.
 */
@Injectable()
export class ImportLocks {
  readonly #held = new Set<Held>();
  readonly #waiting = new Set<Promise<unknown>>();
  #waitingLines = 0;

  /** Works on a chunk, but after all who are waiting: else they would wait for the whole file. */
  async hold<T>(lines: readonly BookingItem[], work: () => Promise<T>): Promise<T> {
    while (this.#waiting.size > 0) await this.idle();
    const working = work();
    const held: Held = { ...touchedBy(lines), ended: working.catch(() => undefined) };
    this.#held.add(held);
    try {
      return await working;
    } finally {
      this.#held.delete(held);
    }
  }

  /** Books at once where nothing that the lines touch is held, else as soon as it is free. */
  pass<T>(lines: readonly BookingItem[], book: () => Promise<T>): Promise<T> {
    if (this.#inTheWayOf(lines).length === 0 || this.#waitingLines + lines.length > mostWaitingLines) return book();
    this.#waitingLines += lines.length;
    const waiting = this.#free(lines).then(() => {
      this.#waitingLines -= lines.length;
      return book();
    });
    this.#waiting.add(waiting);
    const forget = (): boolean => this.#waiting.delete(waiting);
    waiting.then(forget, forget);
    return waiting;
  }

  async #free(lines: readonly BookingItem[]): Promise<void> {
    for (let held = this.#inTheWayOf(lines); held.length > 0; held = this.#inTheWayOf(lines)) {
      await Promise.all(held.map(({ ended }) => ended));
    }
  }

  #inTheWayOf(lines: readonly BookingItem[]): Held[] {
    return this.#held.size === 0 ? [] : [...this.#held].filter((held) => lines.some((line) => touches(line, held)));
  }

  /** Ends when nobody of those who are waiting now waits any more. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#waiting);
  }
}

type Logging = Extract<BookingItem, { entry: TimeEntry; subscriptionId: string }>;

const logs = (line: BookingItem): line is Logging => line.kind === 'log' || line.kind === 'adjust';

function touchedBy(lines: readonly BookingItem[]): Pick<Held, 'subscriptions' | 'days'> {
  const logged = lines.flatMap((line) => (logs(line) ? [line] : []));
  return {
    subscriptions: new Set(logged.map(({ subscriptionId }) => subscriptionId)),
    days: new Set(logged.map(({ entry }) => dayKey(entry.consultantId, entry.workDate))),
  };
}

/** What a reversal or a correction touches is known only once its entry was read. */
function touches(line: BookingItem, { subscriptions, days }: Held): boolean {
  if (!logs(line)) return false;
  const { consultantId, workDate } = line.entry;
  return (
    subscriptions.has(line.subscriptionId) || days.size > mostDaysLocked || days.has(dayKey(consultantId, workDate))
  );
}
