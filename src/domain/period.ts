import { addMonths, dayAt, monthOf, type Day, type Month } from './calendar.js';
import type { RefusalCode } from './refusals.js';

/** The month that runs at an instant, in the zone of the house (§12). */
export function runningMonth(now: Date, houseTimeZone: string): Month {
  return monthOf(dayAt(now, houseTimeZone));
}

/**
 * Why a month cannot be closed yet (§12); undefined where it can. A month can be closed once it is over. The running month
 * can be closed only early, on purpose. A month that has not begun can never be closed.
 */
export function tooEarlyToClose(month: Month, running: Month, early: boolean): RefusalCode | undefined {
  if (month > running) return 'period-not-begun';
  return month === running && !early ? 'period-not-over' : undefined;
}

export function monthAfter(month: Month): Month {
  return monthOf(addMonths(`${month}-01`, 1));
}

/** All months from the first through the last, oldest first; none where the last comes before the first. */
export function monthsThrough(first: Month, last: Month): Month[] {
  const months: Month[] = [];
  for (let month = first; month <= last; month = monthAfter(month)) months.push(month);
  return months;
}

/**
 * The accounting month in which something about a work day counts, and the month it adjusts: what concerns a closed
 * month counts in the first open one, the one after the last closed (§12).
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
 * The months that closing one closes: it and all open ones before it, back to the first in which anything counts (§12).
 *
 * Example: closed through February, closing April closes March and April.
 */
export function monthsToClose(month: Month, closedThrough: Month | null, firstMonth: Month | null): Month[] {
  if (closedThrough !== null) return monthsThrough(monthAfter(closedThrough), month);
  return monthsThrough(firstMonth !== null && firstMonth < month ? firstMonth : month, month);
}

/** The months that reopening one reopens: it and all closed ones after it. */
export function monthsToReopen(month: Month, closed: readonly Month[]): Month[] {
  return closed.filter((one) => one >= month);
}
