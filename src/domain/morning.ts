import { addDays, dayAt, instantAt, type Day } from './calendar.js';

/** What a day brings is mailed when somebody is there to read it: at this time of the customer's clocks (§11). */
const morning = '09:00';

export function morningOf(day: Day, timeZone: string): Date {
  return instantAt(day, morning, timeZone);
}

/** The last day whose morning has come: today from 09:00 on, before it yesterday. */
export function lastMorning(now: Date, timeZone: string): Day {
  const today = dayAt(now, timeZone);
  return morningOf(today, timeZone) <= now ? today : addDays(today, -1);
}
