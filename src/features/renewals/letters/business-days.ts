import { createRequire } from 'node:module';
import type Holidays from 'date-holidays';
import { addDays, type Day } from '../../../domain/calendar.js';
import type { Language } from '../../../domain/language.js';
import { Memo } from '../../../domain/memo.js';

/** Why nobody is at work on a day: it is a weekend day there, or a holiday with its name. */
export type DayOff = { kind: 'weekend' } | { kind: 'public' | 'bank'; name: string };

/** The last business day before a day on which nobody is at work, and why it is none. */
export interface LastBusinessDay {
  day: Day;
  reason: DayOff;
}

/**
 * The last business day before a day that is none itself; undefined for a business day. Days off are the weekend of the
 * country (Friday and Saturday in many) and its public and bank holidays; without a country Saturday and Sunday.
 */
export function lastBusinessDayBefore(
  day: Day,
  country: string | null,
  language: Language,
): LastBusinessDay | undefined {
  const reason = dayOff(day, country, language);
  if (!reason) return undefined;
  let before = addDays(day, -1);
  while (dayOff(before, country, language)) before = addDays(before, -1);
  return { day: before, reason };
}

function dayOff(day: Day, country: string | null, language: Language): DayOff | undefined {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
  if (weekendOf(country).includes(weekday)) return { kind: 'weekend' };
  return country === null ? undefined : holidaysOf(country, day.slice(0, 4), language).get(day);
}

const saturdayAndSunday: readonly number[] = [6, 7];

/** Weekdays from 1, Monday, to 7. */
function weekendOf(country: string | null): readonly number[] {
  if (country === null) return saturdayAndSunday;
  const locale = new Intl.Locale(`und-${country}`) as Intl.Locale & {
    weekInfo?: { weekend: number[] };
    getWeekInfo?(): { weekend: number[] };
  };
  // Engines name it either way.
  return (locale.getWeekInfo?.() ?? locale.weekInfo)?.weekend ?? saturdayAndSunday;
}

type HolidayNames = ReadonlyMap<Day, DayOff>;

const asked = new Memo<HolidayNames>(500);

/** Loaded when the first mail asks: the tables of all countries take a while. */
const load = createRequire(__filename);

function holidaysOf(country: string, year: string, language: Language): HolidayNames {
  const key = `${country} ${year} ${language}`;
  let found = asked.get(key);
  if (!found) {
    found = readHolidays(country, Number(year), language);
    asked.set(key, found);
  }
  return found;
}

function readHolidays(country: string, year: number, language: Language): HolidayNames {
  const Calendar = load('date-holidays') as typeof Holidays;
  const holidays = new Map<Day, DayOff>();
  const days = new Calendar(country).getHolidays(year, language);
  // A day may be both; the public holiday is the one that people know it by.
  for (const kind of ['bank', 'public'] as const) {
    for (const { type, date, start, end, name } of days) {
      if (type !== kind) continue;
      const lasting = Math.max(1, Math.round((end.getTime() - start.getTime()) / 86_400_000));
      for (let nth = 0; nth < lasting; nth++) holidays.set(addDays(date.slice(0, 10), nth), { kind, name });
    }
  }
  return holidays;
}
