import type { AttentionCode, AttentionFigures } from '../../domain/attention.js';
import type { Day, Month } from '../../domain/calendar.js';

/** The kind of the mail that asks a CSM to log time. Its occasion is the day on which it is sent. */
export const logTimeKind = 'log-time-nudge';

/** The kind of the weekly digest. Its occasion is the Monday. */
export const mondayDigestKind = 'monday-digest';

/** A mail lists at most this many subscriptions under each heading. */
export const mostListed = 15;

/** A subscription as a mail to its CSM names it. */
export interface NamedSubscription {
  subscriptionId: string;
  customerName: string;
  /** The package with the contract number or the product lines, in the language of the mail. */
  reference: string;
}

/** A closed term whose late-entry window closes soon. */
export interface ClosingWindow extends NamedSubscription {
  /** The last day of the term. */
  endsOn: Day;
  /** The last day on which its work can be logged. */
  lastDay: Day;
  /** The minutes that expired and can still be logged. */
  expiredMinutes: number;
}

/** A subscription without an entry in a month. */
export interface UnloggedMonth extends NamedSubscription {
  /** The last day of the newest term that covers a day of the month. */
  endsOn: Day;
  isClosed: boolean;
  /** The minutes of this term that can still be logged: those that are left, or that expired. */
  openMinutes: number;
}

/** The first rows of a list, and the number of rows that were left out. */
export interface ListedRows<Row> {
  rows: readonly Row[];
  more: number;
}

/** The stored facts of a mail that asks to log time. At least one of the lists has a row. */
export interface LogTimeFacts {
  /** The day of the CSM on which the mail was queued. */
  on: Day;
  windows: ListedRows<ClosingWindow>;
  /** The month before `on`. */
  month: Month;
  unlogged: ListedRows<UnloggedMonth>;
}

/** A subscription that needs its CSM, with its gravest reason. */
export interface DigestRow extends NamedSubscription {
  code: AttentionCode;
  figures: AttentionFigures;
  /** The number of its other reasons. */
  moreReasons: number;
}

/** The stored facts of a digest. */
export interface MondayDigestFacts {
  monday: Day;
  subscriptions: ListedRows<DigestRow>;
}
