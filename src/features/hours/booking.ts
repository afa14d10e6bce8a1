import type { Actor } from '../../domain/access.js';
import type { Language } from '../../domain/language.js';
import type { Refusal } from '../../domain/refusal.js';
import type { Statement } from '../../platform/database/snapshot.js';
import type { IdempotencyScope } from '../../platform/idempotency.js';
import type { BookedEntry } from './booked-entry.js';
import type { BookingItem } from './booking-item.js';
import type { LoggedEntry, ReversedEntry } from './working-ledger.js';

/** What a caller asks of the booking queue, as plain data. */
export interface Booking {
  actor: Actor;
  items: BookingItem[];
  /** All items or none. */
  atomic: boolean;
  dryRun: boolean;
  /** The `Idempotency-Key` of the request. Its answer is stored in the transaction that books the items. */
  idempotency?: { scope: IdempotencyScope; bodyHash: string };
  answerFormat: AnswerFormat;
  /** A statement that commits together with the items. It is not sent if the booking is refused. */
  alsoWrite?: Statement;
}

/** A booking with what must be known before it can join a batch. */
export interface QueuedBooking extends Booking {
  /** The entries that its items reverse or correct. */
  entries: NamedEntries;
  /** What it needs for itself (`booking-locks.ts`). The lock of the months, which all bookings share, is not among them. */
  locks: ReadonlySet<string>;
}

/** Entries that items reverse or correct, by id. An id is missing if there is no such entry. */
export type NamedEntries = ReadonlyMap<string, BookedEntry>;
export const noEntries: NamedEntries = new Map();

/**
 * What the answer describes: the one entry of the booking; one result for each item; one result for each change under the name that
 * the caller gave it; or nothing, if the caller only needs to know whether the booking was refused. `instance` is the address of the
 * request, for problem documents.
 */
export type AnswerFormat =
  | { kind: 'entry' | 'batch'; language: Language; instance: string }
  | { kind: 'changes'; language: Language; names: readonly string[] }
  | { kind: 'none' };

/** What an accepted item has changed. A correction has both. */
export interface ItemOutcome {
  reversed?: ReversedEntry;
  logged?: LoggedEntry;
}

export type BookingAnswer = { status: number; body: unknown } | { refusal: Refusal };

/** What a batch has decided about a booking. */
export type BookingDecision = BookingResult | KeyIsTaken | MissedLock;

export interface BookingResult {
  answer: BookingAnswer;
  /** This is the stored answer to the first request with the same key. */
  replayed: boolean;
}

/** Another request with the same `Idempotency-Key` is still running. */
export interface KeyIsTaken {
  keyIsTaken: true;
}

/** The booking is undecided, because another transaction has a lock that it needs. Locks are named as in `booking-locks.ts`. */
export interface MissedLock {
  missedLock: string;
}
