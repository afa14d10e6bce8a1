import { createRequire } from 'node:module';
import type Holidays from 'date-holidays';
import { addDays, type Day } from '../domain/calendar.js';
import type { Language } from '../domain/language.js';
import { Memo } from '../domain/memo.js';

/** Why a day is not a business day: a weekend day of the country, or a holiday with its name. */
export type DayOff = { kind: 'weekend' } | { kind: 'public' | 'bank'; name: string };

/** The last business day before a day off, and the reason for the day off. */
export interface LastBusinessDay {
  day: Day;
  reason: DayOff;
}

/**
 * The last business day before a day off; undefined for a business day. Days off are the country's weekend (in many
 * countries Friday and Saturday) and its public and bank holidays. Without a country: Saturday and Sunday.
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

/** Whether the vendor and the customer work on a day: neither a weekend nor a holiday of the country. */
export function isBusinessDay(day: Day, country: string | null): boolean {
  return dayOff(day, country, 'en') === undefined;
}

function dayOff(day: Day, country: string | null, language: Language): DayOff | undefined {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
  if (weekendOf(country).includes(weekday)) return { kind: 'weekend' };
  return country === null ? undefined : holidaysOf(country, day.slice(0, 4), language).get(day);
}

/** The name of a public or bank holiday of a country; undefined on every other day, and without a country. */
export function holidayOn(day: Day, country: string | null, language: Language): string | undefined {
  const found = country === null ? undefined : holidaysOf(country, day.slice(0, 4), language).get(day);
  return found === undefined || found.kind === 'weekend' ? undefined : found.name;
}

const saturdayAndSunday: readonly number[] = [6, 7];
const weekends = new Memo<readonly number[]>(500);

/** The weekend days of a country, from 1 (Monday) to 7. */
function weekendOf(country: string | null): readonly number[] {
  if (country === null) return saturdayAndSunday;
  let found = weekends.get(country);
  if (!found) {
    found = readWeekend(country);
    weekends.set(country, found);
  }
  return found;
}

function readWeekend(country: string): readonly number[] {
  const locale = new Intl.Locale(`und-${country}`) as Intl.Locale & {
    weekInfo?: { weekend: number[] };
    getWeekInfo?(): { weekend: number[] };
  };
  // Some engines have a method, others a property.
  return (locale.getWeekInfo?.() ?? locale.weekInfo)?.weekend ?? saturdayAndSunday;
}

type HolidayNames = ReadonlyMap<Day, DayOff>;

const asked = new Memo<HolidayNames>(500);

/** Loaded when it is first needed, because loading the tables of all countries is slow. */
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
  // A day can be both; people know it by the name of the public holiday.
  for (const kind of ['bank', 'public'] as const) {
    for (const { type, date, start, end, name } of days) {
      if (type !== kind) continue;
      const lasting = Math.max(1, Math.round((end.getTime() - start.getTime()) / 86_400_000));
      for (let nth = 0; nth < lasting; nth++) holidays.set(addDays(date.slice(0, 10), nth), { kind, name });
    }
  }
  return holidays;
}
