import { Injectable } from '@nestjs/common';
import type { Day, Month } from '../../domain/calendar.js';
import { Contributions } from '../../platform/contributions.js';
import type { Transaction } from '../../platform/database/transaction.js';
import type { Statement } from '../../platform/database/snapshot.js';

/** The totals of a month over all customers. */
export interface MonthTotals {
  /** The number of lines of the month in the report of usage lines on the basis `closed`. */
  rows: number;
  minutes: number;
  onsiteMinutes: number;
}

/** The totals of a month in which nothing counts. */
export const noTotals: MonthTotals = { rows: 0, minutes: 0, onsiteMinutes: 0 };

/** A subscription that has a term in a month but no time entry that counts. */
export interface Unlogged {
  month: Month;
  subscriptionId: string;
  customerId: string;
  customer: string;
  csmId: string;
  csm: string;
}

/** A planned session of a month that no time entry has fulfilled. */
export interface UnloggedSession extends Unlogged {
  plannedSessionId: string;
  plannedOn: Day;
  minutes: number;
}

/**
 * Facts that reports of a closed month print beside the hours and that could change later. A query for a fact returns rows with `month` and
 * these columns:
 * - `hours`: `subscriptionId`, `rows`, `minutes`, `onsiteMinutes`, which add up to the totals of the month;
 * - `names`: `subjectId`, `name`, `code` (of customers);
 * - `subscriptions`: `subscriptionId`, `csmId`, `contractNumber`;
 * - `terms`: `termId`, `purchaseOrder`;
 * - `termEnds`: `termId`, once for each term that was closed;
 * - `visits`: `visitId`, `startsOn`, `endsOn`, `place`, `package` (in force on the first day);
 * - `renewals`: `termId`, `package`, `nextPackage`, `renewalState`, `remainingMinutes`, `seatsInUse`.
 */
export type ClosedFact = 'hours' | 'names' | 'subscriptions' | 'terms' | 'termEnds' | 'visits' | 'renewals';

/** The facts that a room stores when months are closed. */
export interface ClosingFacts {
  /** Rows `{month, rows, minutes, onsiteMinutes}`, as in `totals`. */
  totals?: Statement;
  facts: Partial<Record<ClosedFact, Statement>>;
}

/** Limits totals to some subscriptions: an SQL query for their ids, without parameters. */
export type Part = string;

/**
 * A room whose bookings count in accounting months. It returns queries rather than rows,
 * because a report runs them in its own snapshot.
 */
export interface MonthSource {
  /** One row `{month}`: the first month in which something counts or can count; null if there is none. */
  firstMonth?: Statement;
  /** Rows `{month, rows, minutes, onsiteMinutes}` for the months in which something counts, over all customers or over a part. */
  totals?(first: Month, last: Month, part?: Part): Statement;
  /** Rows `Unlogged` of the months, at most `most`. `count` in each row is their full number. */
  unlogged?(first: Month, last: Month, most: number): Statement;
  /** Rows `UnloggedSession` of the months, at most `most`. `count` in each row is their full number. */
  unloggedSessions?(first: Month, last: Month, most: number): Statement;
  /** What tells the bases of all reports about hours apart, and a sum that is counted on another way. */
  bases?: BasisStatements;
  /** Prepares the closing while bookings continue, so that `closingFacts` is fast. */
  survey?(tx: Transaction, first: Month, last: Month): Promise<void>;
  /** The facts of the months. Called while no booking can run, after a survey of the same months. */
  closingFacts(tx: Transaction, first: Month, last: Month): Promise<ClosingFacts>;
}

/** Everything counted so far, over all customers. */
export interface BasisStatements {
  /** Rows `{month, adjustsMonth, rows, minutes, onsiteMinutes}`: the adjustments that a month took, by the month of their work. */
  adjustments: Statement;
  /** Rows `{month, rows, minutes, onsiteMinutes}`, by the month of the work: annulled contracts in months that were closed before. */
  annulled: Statement;
  /** One row `{minutes}`: the used minutes of all ledgers. */
  ledgers: Statement;
}

/** All rooms whose bookings count in accounting months. */
const monthSources = ['terms', 'travel-expenses', 'planned-sessions', 'hours'] as const;
export type MonthSourceName = (typeof monthSources)[number];

@Injectable()
export class MonthSources extends Contributions<MonthSourceName, MonthSource> {
  constructor() {
    super(monthSources);
  }
}

/** Runs a query, in a transaction or in the snapshot of a report. */
export type Ask = <Row>(statement: Statement) => Promise<Row[]>;
