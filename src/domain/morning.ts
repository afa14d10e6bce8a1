import { addDays, dayAt, instantAt, type Day } from './calendar.js';

/** What a day brings is mailed when somebody is there to read it: at this time of the customer's clocks (§11). */
const timeOfMorning = '09:00';

export function morningOf(day: Day, timeZone: string): Date {
  return instantAt(day, timeOfMorning, timeZone);
}

/** The first morning at an instant or after it: what midnight brings about is mailed then (§14). */
export function firstMorningFrom(instant: Date, timeZone: string): Date {
  const today = dayAt(instant, timeZone);
  const morning = morningOf(today, timeZone);
  return morning >= instant ? morning : morningOf(addDays(today, 1), timeZone);
}

/** No change of a zone's rules so far has moved its clocks by more. */
const largestShiftMs = 3 * 3_600_000;

/**
 * A morning that is to come, by the present rules of a zone: they may have changed since it was computed. If the zone is another
 * one by now, it is the first morning there that does not come before.
 */
export function morningAgain(morning: Date, timeZone: string): Date {
  return firstMorningFrom(new Date(morning.getTime() - largestShiftMs), timeZone);
}

/** The last day whose morning has come: today from 09:00 on, before it yesterday. */
export function lastMorning(now: Date, timeZone: string): Day {
  const today = dayAt(now, timeZone);
  return morningOf(today, timeZone) <= now ? today : addDays(today, -1);
}
