import { Refusal } from '../../domain/refusal.js';

/** How long a transaction waits altogether. */
const patienceMs = 5_000;

/** Each waits on a connection of the ordinary lane, so this must be fewer than that lane has. */
const mostAtOnce = 4;

/** Further transactions are refused at once. */
const mostWaiting = 200;

interface Waiter {
  lock: string;
  until: number;
  begin: () => void;
}

/**
 * Repeats transactions that met a lock of another transaction, with a longer lock time-out. Only a few wait in the database at a
 * time, and only one for each lock: so one held lock cannot occupy all connections. PostgreSQL has a time limit for such waits, but no
 * limit of their number.
 */
export class LockWaits {
  readonly #waiting: Waiter[] = [];
  readonly #inDatabase = new Set<string>();

  /**
   * Runs an attempt in its turn, and passes it the milliseconds for which it may wait for its lock.
   * @throws Refusal `overloaded` if its turn does not come within five seconds; otherwise the error of the attempt
   */
  async run<T>(lock: string, attempt: (patienceMs: number) => Promise<T>): Promise<T> {
    const until = performance.now() + patienceMs;
    await this.#turn(lock, until);
    try {
      return await attempt(Math.max(1, Math.ceil(until - performance.now())));
    } finally {
      this.#inDatabase.delete(lock);
      this.#beginNext();
    }
  }

  #turn(lock: string, until: number): Promise<void> {
    if (this.#waiting.length >= mostWaiting) return Promise.reject(overloaded());
    return new Promise((resolve, reject) => {
      const giveUp = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(overloaded());
      }, until - performance.now());
      const waiter: Waiter = {
        lock,
        until,
        begin: () => {
          clearTimeout(giveUp);
          resolve();
        },
      };
      this.#waiting.push(waiter);
      this.#beginNext();
    });
  }

  #beginNext(): void {
    while (this.#inDatabase.size < mostAtOnce) {
      const at = this.#waiting.findIndex(({ lock }) => !this.#inDatabase.has(lock));
      if (at < 0) return;
      const [next] = this.#waiting.splice(at, 1);
      this.#inDatabase.add(next!.lock);
      next!.begin();
    }
  }
}

const overloaded = (): Refusal => new Refusal('overloaded', {}, { retryAfterSeconds: 1 });
