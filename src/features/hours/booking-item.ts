import type { Month } from '../../domain/calendar.js';
import type { Refusal } from '../../domain/refusal.js';
import type { TimeEntry } from '../../domain/time-entry.js';

/** Why an entry is reversed: the reason is for staff, the note is for the customer. */
export interface ReversalReason {
  reason: string;
  customerNote: string | null;
}

/**
 * The planned session that a new entry fulfils. A correction without the field takes over the session of the entry that it
 * replaces.
 */
interface Fulfilling {
  plannedSessionId?: string | null;
}

/** One change that a booking asks for. `unreadable` stands for a malformed row of a batch, which is refused in its place. */
export type BookingItem =
  | ({ kind: 'log'; subscriptionId: string; entry: TimeEntry } & Fulfilling)
  | ({ kind: 'adjust'; month: Month; subscriptionId: string; reason: string; entry: TimeEntry } & Fulfilling)
  | { kind: 'reverse'; timeEntryId: string; why: ReversalReason }
  | ({ kind: 'correct'; timeEntryId: string; why: ReversalReason; entry: TimeEntry } & Fulfilling)
  | { kind: 'unreadable'; refusal: Refusal };
