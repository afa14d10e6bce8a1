import { statusOf } from '../../domain/refusal.js';
import type { Transaction } from '../../platform/database/transaction.js';
import {
  findStored,
  isKept,
  lockKeys,
  refusalKept,
  store,
  type IdempotencyScope,
  type StoredAnswer,
} from '../../platform/idempotency.js';
import type { Booking, BookingAnswer } from './booking.js';

/** The stored answers to the bookings of one batch that have an `Idempotency-Key`. Its transaction has locked these keys. */
export class KeyedAnswers {
  /** The answers of this batch, by the hash of their scope. */
  readonly #new = new Map<string, { scope: IdempotencyScope; answer: StoredAnswer }>();

  private constructor(
    private readonly stored: ReadonlyMap<string, StoredAnswer>,
    private readonly keysTaken: ReadonlySet<string>,
  ) {}

  static async lock(tx: Transaction, bookings: readonly Booking[], now: Date): Promise<KeyedAnswers> {
    const scopes = bookings.flatMap(({ idempotency }) => (idempotency ? [idempotency.scope] : []));
    if (scopes.length === 0) return new KeyedAnswers(new Map(), new Set());
    const keysTaken = await lockKeys(tx, scopes);
    return new KeyedAnswers(await findStored(tx, scopes, now), keysTaken);
  }

  /** Whether another request with the same key is still running. */
  isTaken({ idempotency }: Booking): boolean {
    return idempotency !== undefined && this.keysTaken.has(idempotency.scope.lockKey);
  }

  /** The answer to an earlier request with the same key, also to one of this batch. */
  earlier({ idempotency }: Booking): StoredAnswer | undefined {
    if (!idempotency) return undefined;
    const { hash } = idempotency.scope;
    return this.stored.get(hash) ?? this.#new.get(hash)?.answer;
  }

  /** Adds an answer to those that `write` stores, unless it refuses something that the sender can correct. */
  add({ idempotency }: Booking, answer: BookingAnswer): void {
    if (!idempotency) return;
    const { scope, bodyHash } = idempotency;
    if (!('refusal' in answer)) this.#new.set(scope.hash, { scope, answer: { bodyHash, ...answer } });
    else if (isKept(answer.refusal)) {
      const kept = { bodyHash, status: statusOf(answer.refusal.code), refusal: refusalKept(answer.refusal) };
      this.#new.set(scope.hash, { scope, answer: kept });
    }
  }

  get hasNew(): boolean {
    return this.#new.size > 0;
  }

  write(tx: Transaction, now: Date): Promise<void> {
    return store(tx, [...this.#new.values()], now);
  }
}
