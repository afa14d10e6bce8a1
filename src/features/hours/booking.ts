import type { Actor } from '../../domain/access.js';
import type { Refusal } from '../../domain/refusal.js';
import type { Transaction } from '../../platform/database/database.js';
import type { IdempotencyScope } from '../../platform/idempotency.js';
import type { BookingItem } from './booking-item.js';
import type { LoggedEntry, ReversedEntry } from './working-ledger.js';

/** What came of a line. A correction has both. */
export interface ItemOutcome {
  reversed?: ReversedEntry;
  logged?: LoggedEntry;
}

/** What is said in the end. */
export type BookingAnswer = { status: number; body: unknown } | { refusal: Refusal };

export interface Booking {
  actor: Actor;
  lines: BookingItem[];
  /** All lines or none. */
  atomic: boolean;
  dryRun: boolean;
  once?: { scope: IdempotencyScope; bodyHash: string };
  /** Makes the answer of what came of the lines; it is called before anything is written. */
  answer: (outcomes: (ItemOutcome | Refusal)[]) => BookingAnswer;
  /** Sends a statement with those that write what was accepted; not where the order is refused. */
  alsoWrite?: (tx: Transaction) => Promise<unknown>;
}

/** An order that was not decided, as somebody else holds a lock that it needs. */
export interface MissedLock {
  /** The name of the lock (`booking-locks.ts`). */
  missed: string;
  /** All locks that the order needs. */
  locks: ReadonlySet<string>;
}

/** What became of an order in a batch. `KeyTaken`: another request with the same key has not ended yet. */
export type BookingDecision = BookingResult | KeyTaken | MissedLock;

export interface KeyTaken {
  keyTaken: true;
}

export interface BookingResult {
  answer: BookingAnswer;
  /** It is the answer that was given to the first request with this key. */
  replayed: boolean;
}
