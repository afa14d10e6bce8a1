import { addMonths, dayAt, monthOf, type Day, type Month } from './calendar.js';
import type { RefusalCode } from './refusals.js';

/** The running month at an instant, in the service's own time zone (§12). */
export function runningMonth(now: Date, houseTimeZone: string): Month {
  return monthOf(dayAt(now, houseTimeZone));
}

/**
 * Why a month cannot be closed yet (§12); undefined if it can. A month can be closed once it is over. The running month
 * can be closed only early, on purpose. A month that has not begun can never be closed.
 */
export function tooEarlyToClose(month: Month, running: Month, early: boolean): RefusalCode | undefined {
  if (month > running) return 'period-not-begun';
  return month === running && !early ? 'period-not-over' : undefined;
}

export function monthAfter(month: Month): Month {
  return monthOf(addMonths(`${month}-01`, 1));
}

/** All months from the first to the last, oldest first; empty if the last comes before the first. */
export function monthsThrough(first: Month, last: Month): Month[] {
  const months: Month[] = [];
  for (let month = first; month <= last; month = monthAfter(month)) months.push(month);
  return months;
}

/**
 * The accounting month in which a booking counts, and the month that it adjusts (§12). A booking for a closed month counts in
 * the first open month, which is the one after the last closed month.
 */
export function accountingMonth(
  workDate: Day,
  closedThrough: Month | null,
): { accountingMonth: Month; adjustsMonth: Month | null } {
  const month = monthOf(workDate);
  return closedThrough === null || month > closedThrough
    ? { accountingMonth: month, adjustsMonth: null }
    : { accountingMonth: monthAfter(closedThrough), adjustsMonth: month };
}

/**
 * The months that are closed together with a month: it and all open months before it, back to the first with a booking (§12).
 *
 * Example: closed through February, closing April closes March and April.
 */
export function monthsToClose(month: Month, closedThrough: Month | null, firstMonth: Month | null): Month[] {
  if (closedThrough !== null) return monthsThrough(monthAfter(closedThrough), month);
  return monthsThrough(firstMonth !== null && firstMonth < month ? firstMonth : month, month);
}

/** The months that are reopened together with a month: it and all closed months after it. */
export function monthsToReopen(month: Month, closed: readonly Month[]): Month[] {
  return closed.filter((one) => one >= month);
}
