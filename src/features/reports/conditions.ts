import type { Visibility } from '../../domain/access.js';
import { parseInstant } from '../../domain/calendar.js';
import { visibilityCondition } from '../people/visibility.js';
import { printedCsmId } from './printed-names.js';
import type { ReportFilter } from './report.js';

/** The parameters of a statement, each with its own placeholder. */
export class Values {
  readonly list: string[] = [];

  /** Adds a value and returns its placeholder: `$1`, `$2` … */
  place(value: string): string {
    return `$${this.list.push(value)}`;
  }
}

/**
 * The condition that a row of `subscriptions`, named `s`, is visible and belongs to the requested customer. It
 * excludes annulled subscriptions. On the basis `closed`, the report itself excludes them with
 * `countsUnlessAnnulled`, because months closed before the annulment still count them.
 */
export function subscriptionAsked(visibility: Visibility, { customerId, basis }: ReportFilter, values: Values): string {
  return all(
    visibilityCondition(visibility, 's', values.list),
    basis === 'closed' ? undefined : `s.status <> 'annulled'`,
    customerId && `s.customer_id = ${values.place(customerId)}`,
  );
}

/**
 * The condition that the subscription `s` has the requested CSM. On the basis `closed` it needs `keptSubscriptions`.
 */
export function csmAsked({ basis, csmId }: ReportFilter, values: Values): string | undefined {
  return csmId && `${printedCsmId(basis)} = ${values.place(csmId)}`;
}

/**
 * The condition, on the basis `closed`, that a value of the subscription `s` still counts: the subscription was not
 * annulled, or the month in which the value first counted was closed before the annulment (§14).
 */
export const countsUnlessAnnulled = (month: string): string =>
  `(s.status <> 'annulled' or ${month} <= s.annulled_after_month)`;

/** The condition that a day or month is between two bounds, both included. A missing bound sets no limit. */
export function within(sql: string, from: string | undefined, to: string | undefined, values: Values): string {
  return all(from && `${sql} >= ${values.place(from)}`, to && `${sql} <= ${values.place(to)}`);
}

/** The condition that a row was recorded at or after one instant and before another (§12): the change feed. */
export function recordedWithin(sql: string, { recordedSince, recordedUntil }: ReportFilter, values: Values): string {
  // PostgreSQL does not accept every offset of RFC 3339 (+23:59), so instants are converted to UTC.
  const place = (instant: string): string => values.place(parseInstant(instant)!.toISOString());
  return all(recordedSince && `${sql} >= ${place(recordedSince)}`, recordedUntil && `${sql} < ${place(recordedUntil)}`);
}

/** Joins the conditions that are present with `and`. */
export function all(...conditions: (string | undefined)[]): string {
  return conditions.filter((condition) => condition !== undefined && condition !== 'true').join(' and ') || 'true';
}
