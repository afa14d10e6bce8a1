import type { Month } from '../../domain/calendar.js';
import type { Refusal } from '../../domain/refusals.js';
import type { TimeEntry } from '../../domain/time-entry.js';
import type { Why } from './books.js';

/** One thing that is asked of the desk. `unreadable` is a row of a batch that was malformed and takes part only as such. */
export type Line =
  | { kind: 'log'; subscriptionId: string; entry: TimeEntry }
  | { kind: 'adjust'; month: Month; subscriptionId: string; reason: string; entry: TimeEntry }
  | { kind: 'reverse'; timeEntryId: string; why: Why }
  | { kind: 'correct'; timeEntryId: string; why: Why; entry: TimeEntry }
  | { kind: 'unreadable'; refusal: Refusal };
