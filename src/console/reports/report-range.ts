import { addMonths, monthOf, type Day, type Month } from '../../domain/calendar.js';
import { daysOf, type ReportDays, type ReportPeriod } from '../../domain/report-schedule.js';

/** The days that a reader can choose by a name. `custom` stands for two typed days. */
export const ranges = [
  'previous-month',
  'this-month',
  'this-quarter',
  'previous-quarter',
  'fiscal-year-to-date',
  'previous-fiscal-year',
  'coming-three-months',
  'everything',
  'custom',
] as const;
export type ReportRange = (typeof ranges)[number];

/**
 * The days of a range, seen from today. Quarters begin with the fiscal year: with a year from April, 2026-05-20 lies in the quarter
 * from 2026-04-01 to 2026-06-30. A year to date ends with the running month, so that planned days of this month are in it.
 */
export function daysOfRange(
  range: ReportRange,
  today: Day,
  fiscalYearStartMonth: number,
  custom: ReportDays = {},
): ReportDays {
  const month = monthOf(today);
  switch (range) {
    case 'custom':
      return custom;
    case 'this-month':
      return daysOf('previous-month', shifted(month, 1), fiscalYearStartMonth);
    case 'this-quarter':
      return quarterFrom(quarterStart(month, fiscalYearStartMonth));
    case 'previous-quarter':
      return quarterFrom(shifted(quarterStart(month, fiscalYearStartMonth), -3));
    case 'fiscal-year-to-date':
      return daysOf('fiscal-year-to-date', shifted(month, 1), fiscalYearStartMonth);
    default:
      return daysOf(range, month, fiscalYearStartMonth);
  }
}

/** What a schedule sends every month that comes closest to a range. */
export const periodOfRange: Readonly<Record<ReportRange, ReportPeriod>> = {
  'previous-month': 'previous-month',
  'this-month': 'previous-month',
  'this-quarter': 'previous-three-months',
  'previous-quarter': 'previous-three-months',
  'fiscal-year-to-date': 'fiscal-year-to-date',
  'previous-fiscal-year': 'previous-fiscal-year',
  'coming-three-months': 'coming-three-months',
  everything: 'everything',
  custom: 'previous-month',
};

function quarterStart(month: Month, fiscalYearStartMonth: number): Month {
  const monthsSinceStart = (Number(month.slice(5, 7)) - fiscalYearStartMonth + 12) % 3;
  return shifted(month, -monthsSinceStart);
}

const quarterFrom = (first: Month): ReportDays => daysOf('coming-three-months', first, 1);

const shifted = (month: Month, months: number): Month => monthOf(addMonths(`${month}-01`, months));
