import { addMonths, dayAt, instantAt, monthOf, type Day, type Month } from './calendar.js';

/** When a report is sent each month: on a day, clamped to the month's length, at a time in a zone. */
export interface MonthlyMoment {
  /** 1 to 31; the 31st of a shorter month is its last day. */
  dayOfMonth: number;
  /** `HH:MM`. */
  timeOfDay: string;
  timeZone: string;
}

/**
 * The days that a report covers, relative to the month in which it is sent. All are whole months, so a report that is sent late
 * covers the same days.
 */
export const reportPeriods = [
  'previous-month',
  'previous-three-months',
  'year-to-date',
  'fiscal-year-to-date',
  'previous-fiscal-year',
  'coming-three-months',
  'everything',
] as const;
export type ReportPeriod = (typeof reportPeriods)[number];

/** First and last day, both inclusive; absent if there is no bound. */
export interface ReportDays {
  from?: Day;
  to?: Day;
}

/** The instant at which the report of a month is sent. Each month has exactly one, also when clocks change. */
export function momentIn(month: Month, { dayOfMonth, timeOfDay, timeZone }: MonthlyMoment): Date {
  const last = Number(lastDayOf(month).slice(8, 10));
  const day = `${month}-${String(Math.min(dayOfMonth, last)).padStart(2, '0')}`;
  return instantAt(day, timeOfDay, timeZone);
}

/** When the report of the month after `doneThrough` falls due. */
export const nextMoment = (moment: MonthlyMoment, doneThrough: Month): Date =>
  momentIn(monthAfter(doneThrough, 1), moment);

/**
 * The month whose report is due at `now`; undefined if none is. After an outage only the newest missed month is due, so that
 * recipients do not get several reports at once.
 */
export function monthOwed(moment: MonthlyMoment, doneThrough: Month, now: Date): Month | undefined {
  const newest = lastMonthDue(moment, now);
  return newest > doneThrough ? newest : undefined;
}

/** The last month whose moment has come at `now`: a new schedule begins after it. */
export function lastMonthDue(moment: MonthlyMoment, now: Date): Month {
  const month = monthOf(dayAt(now, moment.timeZone));
  return momentIn(month, moment) <= now ? month : monthAfter(month, -1);
}

/**
 * The days of a period, seen from a month.
 *
 * - `previous-month` of 2027-01 is 2026-12-01 to 2026-12-31.
 * - `year-to-date` ends with the previous month and covers the year of that month. In January it is the whole previous year.
 * - `previous-fiscal-year` is the last fiscal year that ended before the month. With fiscal years from April to March, it is
 *   2025-04-01 to 2026-03-31 for 2027-03, and 2026-04-01 to 2027-03-31 for 2027-04.
 */
export function daysOf(period: ReportPeriod, month: Month, fiscalYearStartMonth: number): ReportDays {
  const previous = monthAfter(month, -1);
  switch (period) {
    case 'previous-month':
      return { from: firstDayOf(previous), to: lastDayOf(previous) };
    case 'previous-three-months':
      return { from: firstDayOf(monthAfter(month, -3)), to: lastDayOf(previous) };
    case 'year-to-date':
      return { from: `${previous.slice(0, 4)}-01-01`, to: lastDayOf(previous) };
    case 'fiscal-year-to-date':
      return { from: firstDayOf(fiscalYearStart(previous, fiscalYearStartMonth)), to: lastDayOf(previous) };
    case 'previous-fiscal-year': {
      const present = fiscalYearStart(month, fiscalYearStartMonth);
      return { from: firstDayOf(monthAfter(present, -12)), to: lastDayOf(monthAfter(present, -1)) };
    }
    case 'coming-three-months':
      return { from: firstDayOf(month), to: lastDayOf(monthAfter(month, 2)) };
    case 'everything':
      return {};
  }
}

/** The first month of the fiscal year of a month. */
function fiscalYearStart(month: Month, startMonth: number): Month {
  const monthsSinceStart = (Number(month.slice(5, 7)) - startMonth + 12) % 12;
  return monthAfter(month, -monthsSinceStart);
}

const monthAfter = (month: Month, months: number): Month => monthOf(addMonths(firstDayOf(month), months));

const firstDayOf = (month: Month): Day => `${month}-01`;

const lastDayOf = (month: Month): Day => addMonths(`${month.slice(0, 4)}-01-31`, Number(month.slice(5, 7)) - 1);
