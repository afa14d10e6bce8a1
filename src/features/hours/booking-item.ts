import type { Month } from '../../domain/calendar.js';
import type { Refusal } from '../../domain/refusal.js';
import type { TimeEntry } from '../../domain/time-entry.js';

/** Why an entry is reversed: the reason is for staff, the note is for the customer. */
export interface ReversalReason {
  reason: string;
  customerNote: string | null;
}

/** One change that a booking asks for. `unreadable` stands for a malformed row of a batch, which is refused in its place. */
export type BookingItem =
  | { kind: 'log'; subscriptionId: string; entry: TimeEntry }
  | { kind: 'adjust'; month: Month; subscriptionId: string; reason: string; entry: TimeEntry }
  | { kind: 'reverse'; timeEntryId: string; why: ReversalReason }
  | { kind: 'correct'; timeEntryId: string; why: ReversalReason; entry: TimeEntry }
  | { kind: 'unreadable'; refusal: Refusal };
