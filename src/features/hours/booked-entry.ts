import type { Month } from '../../domain/calendar.js';
import type { TimeEntry } from '../../domain/time-entry.js';

/** A time entry as it is stored. */
export interface BookedEntry extends TimeEntry {
  id: string;
  subscriptionId: string;
  termId: string;
  /** The package in force on the work day. */
  package: string;
  /** The month in which it counts, and the closed month that it adjusts (§12). */
  accountingMonth: Month;
  adjustsMonth: Month | null;
  correctsEntryId: string | null;
  /** The planned session that it fulfils; null again after it was reversed. */
  plannedSessionId: string | null;
  /** Why forgotten work of a closed month was entered (§12); null for all other entries. */
  adjustmentReason: string | null;
  recordedAt: Date;
  recordedBy: string;
}

export interface ReversalRow {
  id: string;
  timeEntryId: string;
  /** For staff. */
  reason: string;
  /** Shown to the customer in place of the reason. */
  customerNote: string | null;
  accountingMonth: Month;
  adjustsMonth: Month | null;
  recordedAt: Date;
  recordedBy: string;
}
