import { Temporal } from 'temporal-polyfill';
import { Memo } from './memo.js';

/** A calendar day, `YYYY-MM-DD`; days compare as text. */
export type Day = string;

/** A calendar month, `YYYY-MM`. */
export type Month = string;

const dayMs = 86_400_000;
const dayPattern = /^(?:19|20|21)\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;
const zonePattern = /^(?:UTC|GMT|(?!SystemV\/)[A-Z][A-Za-z]+(?:\/[A-Z][A-Za-z0-9_+-]*){1,2})$/;
const instantPattern =
  /^(\d{4}-\d{2}-\d{2})[Tt]((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.(\d{1,9}))?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** Whether the text is an existing day of the years 1900 to 2199; `2026-02-30` is not. */
export function isDay(text: unknown): text is Day {
  return typeof text === 'string' && dayPattern.test(text) && dayOfEpochMs(epochMsOfDay(text)) === text;
}

/** The day `days` later (earlier when negative). */
export function addDays(day: Day, days: number): Day {
  return dayOfEpochMs(epochMsOfDay(day) + days * dayMs);
}

/** The day `months` later, clamped to the length of its month: 2024-01-31 + 1 is 2024-02-29. */
export function addMonths(day: Day, months: number): Day {
  const year = Number(day.slice(0, 4));
  const month = Number(day.slice(5, 7)) - 1 + months;
  const lastOfMonth = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return dayOfEpochMs(Date.UTC(year, month, Math.min(Number(day.slice(8, 10)), lastOfMonth)));
}

/**
 * The day on which `months` have passed since the anchor (§3). Callers always count from the anchor and never from an
 * earlier anniversary, so days cannot drift: 2024-02-29 is followed by 2025-02-28 and, after 48 months, by 2028-02-29.
 */
export function anniversary(anchor: Day, months: number): Day {
  return addMonths(anchor, months);
}

/** Days from the first to the second: 0 for the same day, negative when `to` comes first. */
export function daysBetween(from: Day, to: Day): number {
  return (epochMsOfDay(to) - epochMsOfDay(from)) / dayMs;
}

/** The first day for which a condition holds, by bisection: once it holds, it holds on all later days. Undefined if it never holds. */
export function firstDay(from: Day, to: Day, holds: (day: Day) => boolean): Day | undefined {
  if (from > to || !holds(to)) return undefined;
  let day = from;
  let last = to;
  while (day < last) {
    const between = addDays(day, daysBetween(day, last) >> 1);
    if (holds(between)) last = between;
    else day = addDays(between, 1);
  }
  return day;
}

export function monthOf(day: Day): Month {
  return day.slice(0, 7);
}

/**
 * Whether the text is an IANA time zone such as `Area/City` or `UTC`. An offset such as `+09:00` has no summer time, and an
 * abbreviation such as `IST` can mean India, Ireland or Israel, so both are refused.
 */
export function isTimeZone(text: unknown): text is string {
  if (typeof text !== 'string' || text.length > 64 || !zonePattern.test(text)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * The first instant of a day in a zone. If clocks skip midnight or the whole day, it is the first instant after the gap.
 * If midnight comes twice, it is the earlier one.
 */
export function startOfDay(day: Day, timeZone: string): Date {
  return new Date(startMs(day, timeZone));
}

/** The instant at which the clocks of a zone show `HH:MM` on a day: the earlier of two, or later by the length of a gap. */
export function instantAt(day: Day, time: string, timeZone: string): Date {
  const key = `${day}T${time} ${timeZone}`;
  const known = knownInstants.get(key);
  if (known !== undefined) return new Date(known);
  const found = Temporal.PlainDateTime.from(`${day}T${time}`).toZonedDateTime(timeZone).epochMilliseconds;
  knownInstants.set(key, found);
  return new Date(found);
}

/** The offset of a zone from UTC at an instant: `+09:00`. */
export function utcOffsetAt(instant: Date, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(timeZone).offset;
}

/**
 * The day of an instant: from its `startOfDay` to the next day's. A day that has begun does not return to the day before,
 * even if clocks go back over midnight (St. John's, 1987 to 2011), so a deadline never reopens.
 */
export function dayAt(instant: Date, timeZone: string): Day {
  const at = instant.getTime();
  const known = lastDays.get(timeZone);
  if (known && known.startMs <= at && at < known.endMs) return known.day;
  const found = dayFound(at, timeZone);
  lastDays.set(timeZone, found);
  return found.day;
}

/** Parses an RFC 3339 instant with its offset, to the millisecond; undefined for any other text. */
export function parseInstant(text: unknown): Date | undefined {
  const [, day, time, fraction = '', offset] = (typeof text === 'string' && instantPattern.exec(text)) || [];
  if (!day || !isDay(day)) return undefined;
  return new Date(`${day}T${time}.${fraction.padEnd(3, '0').slice(0, 3)}${offset?.toUpperCase()}`);
}

export function isInstant(text: unknown): text is string {
  return parseInstant(text) !== undefined;
}

interface DayInZone {
  day: Day;
  startMs: number;
  endMs: number;
}

/** Every booking needs "today" and starts of days, and zone arithmetic costs more than all the rules together. */
const lastDays = new Memo<DayInZone>(8_192);
const knownStarts = new Memo<number>(8_192);
const knownInstants = new Memo<number>(8_192);

function startMs(day: Day, timeZone: string): number {
  const key = `${day} ${timeZone}`;
  const known = knownStarts.get(key);
  if (known !== undefined) return known;
  const found = Temporal.PlainDate.from(day).toZonedDateTime(timeZone).epochMilliseconds;
  knownStarts.set(key, found);
  return found;
}

function dayFound(at: number, timeZone: string): DayInZone {
  let day = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate().toString();
  while (startMs(addDays(day, 1), timeZone) <= at) day = addDays(day, 1);
  return { day, startMs: startMs(day, timeZone), endMs: startMs(addDays(day, 1), timeZone) };
}

function epochMsOfDay(day: Day): number {
  return Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1, Number(day.slice(8, 10)));
}

/** The texts of the days from 1970 to 2099 that were needed so far. To write one costs more than most rules. */
const dayTexts = new Array<Day | undefined>(Date.UTC(2100, 0, 1) / dayMs);

function dayOfEpochMs(ms: number): Day {
  const number = ms / dayMs;
  const known = dayTexts[number];
  if (known !== undefined) return known;
  const found = new Date(ms).toISOString().slice(0, 10);
  if (number >= 0 && number < dayTexts.length) dayTexts[number] = found;
  return found;
}
