import type { Visibility } from '../../domain/access.js';
import { parseInstant } from '../../domain/calendar.js';
import { visibilityCondition } from '../people/visibility.js';
import { printedCsmId } from './printed-names.js';
import type { ReportFilter } from './report.js';

/** The values of a statement, each under a place of its own. */
export class Values {
  readonly list: string[] = [];

  /** `$1`, `$2` …: where the value will stand. */
  place(value: string): string {
    return `$${this.list.push(value)}`;
  }
}

/**
 * The condition that a row of `subscriptions`, called `s`, is visible and of the customer that is asked for. Annulled
 * subscriptions are left out; on the basis `closed` the report itself leaves them out with `countsUnlessAnnulled`, as months that
 * were closed by then still count them.
 */
export function subscriptionAsked(visibility: Visibility, { customerId, basis }: ReportFilter, values: Values): string {
  return all(
    visibilityCondition(visibility, 's', values.list),
    basis === 'closed' ? undefined : `s.status <> 'annulled'`,
    customerId && `s.customer_id = ${values.place(customerId)}`,
  );
}

/** The condition that the CSM of the subscription `s` is the one that is asked for; on the basis `closed` it needs `keptSubscriptions`. */
export function csmAsked({ basis, csmId }: ReportFilter, values: Values): string | undefined {
  return csmId && `${printedCsmId(basis)} = ${values.place(csmId)}`;
}

/**
 * The condition, on the basis `closed`, that something of a subscription `s` still counts that first counted in a month: the
 * subscription was not annulled, or that month was closed before it was (§14).
 */
export const countsUnlessAnnulled = (month: string): string =>
  `(s.status <> 'annulled' or ${month} <= s.annulled_after_month)`;

/** The condition that a day, or a month, lies between two that are both included; one that is not given sets no bound. */
export function within(sql: string, from: string | undefined, to: string | undefined, values: Values): string {
  return all(from && `${sql} >= ${values.place(from)}`, to && `${sql} <= ${values.place(to)}`);
}

/** The condition that something was recorded from one instant on and before another (§12): the change feed. */
export function recordedWithin(sql: string, { recordedSince, recordedUntil }: ReportFilter, values: Values): string {
  // PostgreSQL does not read every offset of RFC 3339 (+23:59), so it gets instants in UTC.
  const place = (instant: string): string => values.place(parseInstant(instant)!.toISOString());
  return all(recordedSince && `${sql} >= ${place(recordedSince)}`, recordedUntil && `${sql} < ${place(recordedUntil)}`);
}

/** Those of the conditions that there are, all of them to be met. */
export function all(...conditions: (string | undefined)[]): string {
  return conditions.filter((condition) => condition !== undefined && condition !== 'true').join(' and ') || 'true';
}
