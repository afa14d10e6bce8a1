import { addMonths, dayAt, instantAt, monthOf, type Day, type Month } from './calendar.js';

/** When in each month a report goes out: on a day, clamped to the month's length, at a time of a zone's clocks. */
export interface MonthlyMoment {
  /** 1 to 31; the 31st of a shorter month is its last day. */
  dayOfMonth: number;
  /** `HH:MM`. */
  timeOfDay: string;
  timeZone: string;
}

/**
 * Which days a report is about, seen from the month in which it goes out. All are whole months, so that a report which goes out
 * late is about the same days.
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

/** First and last day, both inclusive; left out where there is no bound. */
export interface ReportDays {
  from?: Day;
  to?: Day;
}

/** The instant at which the report of a month goes out. Clocks that change neither skip nor repeat it: each month has one. */
export function momentIn(month: Month, { dayOfMonth, timeOfDay, timeZone }: MonthlyMoment): Date {
  const last = Number(lastDayOf(month).slice(8, 10));
  const day = `${month}-${String(Math.min(dayOfMonth, last)).padStart(2, '0')}`;
  return instantAt(day, timeOfDay, timeZone);
}

/** The moment at which the month after the last one dealt with falls due. */
export const nextMoment = (moment: MonthlyMoment, doneThrough: Month): Date =>
  momentIn(monthAfter(doneThrough, 1), moment);

/**
 * The month whose report is to go out by `now`; undefined where none is. After an outage it is the newest of those that were
 * missed: the file of each says the same later, but nobody wants a pile of them.
 */
export function monthOwed(moment: MonthlyMoment, doneThrough: Month, now: Date): Month | undefined {
  const newest = lastMonthDue(moment, now);
  return newest > doneThrough ? newest : undefined;
}

/** The last month whose moment has come by `now`: a schedule that is new begins after it. */
export function lastMonthDue(moment: MonthlyMoment, now: Date): Month {
  const month = monthOf(dayAt(now, moment.timeZone));
  return momentIn(month, moment) <= now ? month : monthAfter(month, -1);
}

/**
 * The days of a period: `previous-month` of 2027-01 is 2026-12-01 to 2026-12-31, and so is its `year-to-date` the year 2026.
 * A year to date is the year of the month before, to the end of that month. In the first month of a year it is the whole year
 * before, and never empty. `previous-fiscal-year` is the last fiscal year that was over before the month: from April to March,
 * of 2027-03 it is 2025-04-01 to 2026-03-31, and of 2027-04 it is 2026-04-01 to 2027-03-31.
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

/** The first month of the fiscal year in which a month lies. */
function fiscalYearStart(month: Month, startMonth: number): Month {
  const monthsSinceStart = (Number(month.slice(5, 7)) - startMonth + 12) % 12;
  return monthAfter(month, -monthsSinceStart);
}

const monthAfter = (month: Month, months: number): Month => monthOf(addMonths(firstDayOf(month), months));

const firstDayOf = (month: Month): Day => `${month}-01`;

const lastDayOf = (month: Month): Day => addMonths(`${month.slice(0, 4)}-01-31`, Number(month.slice(5, 7)) - 1);
