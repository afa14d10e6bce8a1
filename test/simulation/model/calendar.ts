import { Temporal } from 'temporal-polyfill';

/** `YYYY-MM-DD`. */
export type Day = string;

/** Milliseconds since 1970. */
export type Moment = number;

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

export function addDays(day: Day, days: number): Day {
  return Temporal.PlainDate.from(day).add({ days }).toString();
}

export function addYears(day: Day, years: number): Day {
  return Temporal.PlainDate.from(day).add({ years }, { overflow: 'constrain' }).toString();
}

export function addMonths(day: Day, months: number): Day {
  return Temporal.PlainDate.from(day).add({ months }, { overflow: 'constrain' }).toString();
}

export function daysBetween(from: Day, to: Day): number {
  return Temporal.PlainDate.from(from).until(to, { largestUnit: 'days' }).days;
}

/** The instant at which a day begins in a zone. */
export function startOf(day: Day, zone: string): Moment {
  return Temporal.PlainDate.from(day).toZonedDateTime({ timeZone: zone }).epochMilliseconds;
}

export function nineOClock(day: Day, zone: string): Moment {
  const plainTime = Temporal.PlainTime.from('09:00');
  return Temporal.PlainDate.from(day).toZonedDateTime({ timeZone: zone, plainTime }).epochMilliseconds;
}

/** The day at an instant in a zone. */
export function dayOn(moment: Moment, zone: string): Day {
  return Temporal.Instant.fromEpochMilliseconds(moment).toZonedDateTimeISO(zone).toPlainDate().toString();
}

export function isoText(moment: Moment): string {
  return new Date(moment).toISOString();
}
