import type { Day, Month } from '../../domain/calendar.js';

/** An entry or a reversal that counts in a later month than that of its work. */
export interface ListedAdjustment {
  kind: 'entry' | 'reversal';
  timeEntryId: string;
  subscriptionId: string;
  customer: string;
  consultant: string;
  productLine: string;
  workDate: Day;
  /** Negative for a reversal. */
  minutes: number;
  summary: string;
  /** The month in which it counts. */
  accountingMonth: Month;
  /** The closed month of its work. */
  adjustsMonth: Month;
  reason: string | null;
  recordedAt: Date;
  recordedBy: string;
}
