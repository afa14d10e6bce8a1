import type { Actor } from '../../domain/access.js';
import type { Refusal } from '../../domain/refusals.js';
import type { Transaction } from '../../platform/database.js';
import type { Scope } from '../../platform/idempotency.js';
import type { Line } from './booking-line.js';
import type { Booked, Reversed } from './books.js';

/** What came of a line. A correction has both. */
export interface Outcome {
  reversed?: Reversed;
  logged?: Booked;
}

/** What is said in the end. */
export type Answer = { status: number; body: unknown } | { refusal: Refusal };

export interface Order {
  actor: Actor;
  lines: Line[];
  /** All lines or none. */
  atomic: boolean;
  dryRun: boolean;
  once?: { scope: Scope; bodyHash: string };
  /** Makes the answer of what came of the lines; it is called before anything is written. */
  answer: (outcomes: (Outcome | Refusal)[]) => Answer;
  /** Sends a statement with those that write what was accepted; not where the order is refused. */
  alsoWrite?: (tx: Transaction) => Promise<unknown>;
}

/** An order that was not decided, as somebody else holds a lock that it needs. */
export interface Missed {
  /** The name of the lock (`booking-locks.ts`). */
  missed: string;
  /** All locks that the order needs. */
  locks: ReadonlySet<string>;
}

/** What became of an order in a batch. `KeyTaken`: another request with the same key has not ended yet. */
export type Decided = Served | KeyTaken | Missed;

export interface KeyTaken {
  keyTaken: true;
}

export interface Served {
  answer: Answer;
  /** It is the answer that was given to the first request with this key. */
  replayed: boolean;
}
