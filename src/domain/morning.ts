import { addDays, dayAt, instantAt, type Day } from './calendar.js';

/** Mails leave at this time of the customer's clocks, when people are there to read them (§11). */
const timeOfMorning = '09:00';

export function morningOf(day: Day, timeZone: string): Date {
  return instantAt(day, timeOfMorning, timeZone);
}

/** The first morning at or after an instant: events at midnight are mailed then (§14). */
export function firstMorningFrom(instant: Date, timeZone: string): Date {
  const today = dayAt(instant, timeZone);
  const morning = morningOf(today, timeZone);
  return morning >= instant ? morning : morningOf(addDays(today, 1), timeZone);
}

/** The largest shift of a zone's clocks by a change of its rules so far. */
const largestShiftMs = 3 * 3_600_000;

/**
 * A future morning, computed again by the present rules of a zone, which may have changed. If the zone is another one now, it
 * is the first morning there that is not earlier.
 */
export function morningAgain(morning: Date, timeZone: string): Date {
  return firstMorningFrom(new Date(morning.getTime() - largestShiftMs), timeZone);
}

/** The last day whose morning has come: today from 09:00 on, yesterday before. */
export function lastMorning(now: Date, timeZone: string): Day {
  const today = dayAt(now, timeZone);
  return morningOf(today, timeZone) <= now ? today : addDays(today, -1);
}
