import type { Month } from '../../domain/calendar.js';
import type { Transaction } from '../../platform/database/database.js';
import type { Statement } from '../../platform/database/snapshot.js';

/** What a month counts, over everybody. */
export interface MonthTotals {
  /** As many as the report of usage lines has for the month on the basis `closed`. */
  rows: number;
  minutes: number;
  onsiteMinutes: number;
}

/** Of a month in which nothing counts. */
export const noTotals: MonthTotals = { rows: 0, minutes: 0, onsiteMinutes: 0 };

/** A subscription with a term in a month, and no time entry that stands in it. */
export interface Unlogged {
  month: Month;
  subscriptionId: string;
  customerId: string;
  customer: string;
  csmId: string;
  csm: string;
}

/**
 * What reports of a closed month print beside the hours, and could change later. Each is kept under these columns of a statement's
 * rows, beside `month`:
 * - `hours`: `subscriptionId`, `rows`, `minutes`, `onsiteMinutes`, which add up to the totals of the month;
 * - `names`: `subjectId`, `name`, `code` (of customers);
 * - `subscriptions`: `subscriptionId`, `csmId`, `contractNumber`;
 * - `terms`: `termId`, `purchaseOrder`;
 * - `termEnds`: `termId`, once for each term that was closed;
 * - `visits`: `visitId`, `startsOn`, `endsOn`, `place`, `package` (in force on the first day);
 * - `renewals`: `termId`, `package`, `nextPackage`, `renewalState`, `remainingMinutes`, `seatsInUse`.
 */
export type ClosedFact = 'hours' | 'names' | 'subscriptions' | 'terms' | 'termEnds' | 'visits' | 'renewals';

/** What is kept of months when they are closed. */
export interface Settled {
  /** Rows `{month, rows, minutes, onsiteMinutes}`, as of `totals`. */
  totals?: Statement;
  facts: Partial<Record<ClosedFact, Statement>>;
}

/** A part of what counts: SQL, without parameters, of the ids of its subscriptions. */
export type Part = string;

/**
 * What another room books by accounting months; it joins in with `PeriodService.join`. It answers with statements, because a
 * report asks within a snapshot of its own.
 */
export interface MonthSource {
  /** One row `{month}`: the first in which something counts or can; null where there is none. */
  firstMonth?: Statement;
  /** Rows `{month, rows, minutes, onsiteMinutes}` for each of the months in which something counts, at all or of a part. */
  totals?(first: Month, last: Month, part?: Part): Statement;
  /**
   * Rows `Unlogged` of the months, at most so many, each with `count`: how many there are in all.
   */
  unlogged?(first: Month, last: Month, most: number): Statement;
  /** Counts beforehand, while bookings go on, as much as spares time when they have to wait. */
  survey?(tx: Transaction, first: Month, last: Month): Promise<void>;
  /** Called when nothing is booked any more, after a survey of the same months. */
  settle(tx: Transaction, first: Month, last: Month): Promise<Settled>;
}

/** Asks a statement, in a transaction or in the snapshot of a report. */
export type Ask = <Row>(statement: Statement) => Promise<Row[]>;
