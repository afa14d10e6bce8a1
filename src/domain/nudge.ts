import { addDays, addMonths, daysBetween, monthOf, type Day, type Month } from './calendar.js';
import type { ServiceRules } from './service-rules.js';

type ClosingRule = Pick<ServiceRules, 'lateEntryClosingDays'>;

/**
 * The days that a look at a CSM's nudges covers: those after `doneThrough`, up to `through`. Both are days of the CSM whose
 * 09:00 has passed. After an outage they are more than one day.
 */
export interface NudgeDays {
  doneThrough: Day;
  through: Day;
}

/** The days after the end of a term in which its work can still be logged (§5). */
export interface LateEntryWindow {
  /** The last day of the term. */
  endsOn: Day;
  /** The last day on which an entry is accepted. */
  lastDay: Day;
}

/** Whether a day is a working day. */
export type WorkingDays = (day: Day) => boolean;

/** The Monday of a day's week. Weeks run from Monday to Sunday. */
export function mondayOf(day: Day): Day {
  return addDays(day, -(daysBetween(someMonday, day) % 7));
}
/** Before every day of any contract. */
const someMonday: Day = '1900-01-01';

/**
 * The Monday whose digest is due; undefined if none is. A missed Monday is made up once, with the present facts: after
 * an outage of some weeks, only the digest of the present week is due.
 */
export function digestOwed({ doneThrough, through }: NudgeDays): Day | undefined {
  const monday = mondayOf(through);
  return monday > doneThrough ? monday : undefined;
}

/** The day on which the CSM is asked to log time before a window closes: `lateEntryClosingDays` before, but not before the term has ended. */
export function windowNudgeOn({ endsOn, lastDay }: LateEntryWindow, { lateEntryClosingDays }: ClosingRule): Day {
  const [early, afterEnd] = [addDays(lastDay, -lateEntryClosingDays), addDays(endsOn, 1)];
  return early > afterEnd ? early : afterEnd;
}

/** Whether the CSM must be asked about a window. A missed day is made up as long as the window is open. */
export function windowNudgeOwed(
  window: LateEntryWindow,
  { doneThrough, through }: NudgeDays,
  rule: ClosingRule,
): boolean {
  const on = windowNudgeOn(window, rule);
  return doneThrough < on && on <= through && through <= window.lastDay;
}

/** The first working day of a month: the CSM is asked on this day about the month before. */
export function firstWorkingDay(month: Month, isWorkingDay: WorkingDays): Day {
  let day = `${month}-01`;
  while (!isWorkingDay(day)) day = addDays(day, 1);
  return day;
}

/** The month about whose missing entries the CSM must be asked; undefined if there is none. */
export function monthNudgeOwed({ doneThrough, through }: NudgeDays, isWorkingDay: WorkingDays): Month | undefined {
  const month = monthOf(through);
  const on = firstWorkingDay(month, isWorkingDay);
  return doneThrough < on && on <= through ? monthOf(addMonths(`${month}-01`, -1)) : undefined;
}

/**
 * The next day after `through` on which a nudge can be due: a Monday, the first working day of a month in one of the given
 * calendars, or the day of one of the windows.
 */
export function nextNudgeOn(
  through: Day,
  { windows, calendars }: { windows: readonly LateEntryWindow[]; calendars: readonly WorkingDays[] },
  rule: ClosingRule,
): Day {
  const months = [monthOf(through), monthOf(addMonths(`${monthOf(through)}-01`, 1))];
  const days = [
    addDays(mondayOf(through), 7),
    ...windows.map((window) => windowNudgeOn(window, rule)),
    ...calendars.flatMap((isWorkingDay) => months.map((month) => firstWorkingDay(month, isWorkingDay))),
  ];
  return days.filter((day) => day > through).reduce((one, other) => (one < other ? one : other));
}
