import type { Month } from '../../domain/calendar.js';
import type { Refusal } from '../../domain/refusal.js';
import type { TimeEntry } from '../../domain/time-entry.js';
import type { ReversalReason } from './working-ledger.js';

/** One thing that is asked of the desk. `unreadable` is a row of a batch that was malformed and takes part only as such. */
export type BookingItem =
  | { kind: 'log'; subscriptionId: string; entry: TimeEntry }
  | { kind: 'adjust'; month: Month; subscriptionId: string; reason: string; entry: TimeEntry }
  | { kind: 'reverse'; timeEntryId: string; why: ReversalReason }
  | { kind: 'correct'; timeEntryId: string; why: ReversalReason; entry: TimeEntry }
  | { kind: 'unreadable'; refusal: Refusal };
