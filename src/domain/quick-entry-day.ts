import { addDays, isDay, type Day } from './calendar.js';
import { mondayOf } from './nudge.js';

/** The days that a text can mean; none if it names a day that does not exist. */
export interface DaysRead {
  days: readonly Day[];
  /** The text could also be a word of a name: `sun`. */
  maybeName?: true;
}

const daysFromToday: Readonly<Record<string, number>> = {
  today: 0,
  今日: 0,
  本日: 0,
  yesterday: -1,
  昨日: -1,
  きのう: -1,
  一昨日: -2,
  おととい: -2,
  tomorrow: 1,
  明日: 1,
};

const weekdays = [
  ['mon', 'monday', '月曜', '月曜日'],
  ['tue', 'tues', 'tuesday', '火曜', '火曜日'],
  ['wed', 'weds', 'wednesday', '水曜', '水曜日'],
  ['thu', 'thur', 'thurs', 'thursday', '木曜', '木曜日'],
  ['fri', 'friday', '金曜', '金曜日'],
  ['sat', 'saturday', '土曜', '土曜日'],
  ['sun', 'sunday', '日曜', '日曜日'],
];

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/**
 * Reads a day: `today`, `昨日`, `mon`, `25th`, `25日`, `11-25`, `25.11.`, `25nov`, `11月25日`, `2026-11-25`. A weekday, and a day without
 * a month or a year, is the latest such day up to `today`. Undefined for any other text.
 */
export function readDay(text: string, today: Day): DaysRead | undefined {
  if (Object.hasOwn(daysFromToday, text)) return { days: [addDays(today, daysFromToday[text]!)] };
  const weekday = weekdays.findIndex((names) => names.includes(text));
  if (weekday >= 0) return { days: [latestWeekday(weekday, today)], maybeName: true };
  return readDate(text, today);
}

function readDate(text: string, today: Day): DaysRead | undefined {
  const full = /^(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})日?)$/.exec(text);
  if (full) return { days: existing([dayOf(full[1]!, full[3] ?? full[5]!, full[4] ?? full[6]!)]) };
  const ofMonth = /^(\d{1,2})(?:日|st|nd|rd|th)$/.exec(text);
  if (ofMonth) return latest([latestOfMonth(ofMonth[1]!, today)]);
  const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})?$/.exec(text);
  if (dotted) return dateWith(dotted[3], [[dotted[2]!, dotted[1]!]], today);
  const japanese = /^(\d{1,2})月(\d{1,2})日$/.exec(text);
  if (japanese) return dateWith(undefined, [[japanese[1]!, japanese[2]!]], today);
  const named = /^(?:(\d{1,2})-?([a-z]{3,9})|([a-z]{3,9})-?(\d{1,2}))$/.exec(text);
  if (named) {
    const month = monthNamed(named[2] ?? named[3]!);
    return month === undefined ? undefined : dateWith(undefined, [[month, named[1] ?? named[4]!]], today);
  }
  const numbers = /^(\d{1,2})([-/])(\d{1,2})(?:\2(\d{4}|\d{2}))?$/.exec(text);
  if (!numbers) return undefined;
  const [, first, , second, third] = numbers as unknown as [string, string, string, string, string | undefined];
  const orders: MonthAndDay[] = [
    [first, second],
    [second, first],
  ];
  const read = dateWith(third, orders, today);
  // With a year of two digits, the first number can be the year, too.
  const yearFirst = third?.length === 2 ? existing([dayOf(`20${first}`, second, third)]) : [];
  const days = [...new Set([...read.days, ...yearFirst])];
  // `13-45` names no day in any order, so it is no date at all.
  return days.length === 0 ? undefined : { days };
}

type MonthAndDay = readonly [month: string, day: string];

function dateWith(year: string | undefined, orders: readonly MonthAndDay[], today: Day): DaysRead {
  const days = orders.map(([month, day]) =>
    year === undefined ? latestOfYear(month, day, today) : dayOf(year.padStart(4, '20'), month, day),
  );
  return latest(days);
}

const latest = (days: readonly (Day | undefined)[]): DaysRead => ({ days: [...new Set(existing(days))] });

const existing = (days: readonly (Day | undefined)[]): Day[] => days.filter((day) => isDay(day));

const dayOf = (year: string, month: string, day: string): Day =>
  `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;

function latestWeekday(weekday: number, today: Day): Day {
  const ofThisWeek = addDays(mondayOf(today), weekday);
  return ofThisWeek > today ? addDays(ofThisWeek, -7) : ofThisWeek;
}

/** The latest day with this number up to today. A month without it is passed over. */
function latestOfMonth(day: string, today: Day): Day | undefined {
  let year = Number(today.slice(0, 4));
  let month = Number(today.slice(5, 7));
  for (let tried = 0; tried < 4; tried += 1) {
    const found = dayOf(String(year), String(month), day);
    if (isDay(found) && found <= today) return found;
    if (month === 1) year -= 1;
    month = month === 1 ? 12 : month - 1;
  }
  return undefined;
}

/** The latest day with this month and number up to today; of 29 February, that of the latest leap year. */
function latestOfYear(month: string, day: string, today: Day): Day | undefined {
  const year = Number(today.slice(0, 4));
  const days = Array.from({ length: 9 }, (_, back) => dayOf(String(year - back), month, day));
  return days.find((found) => isDay(found) && found <= today);
}

function monthNamed(text: string): string | undefined {
  const names = [
    'january',
    'february',
    'march',
    'april',
    'june',
    'july',
    'august',
    'september',
    'october',
    'november',
    'december',
  ];
  const known = months.includes(text) || names.includes(text) || text === 'sept';
  return known ? String(months.indexOf(text.slice(0, 3)) + 1) : undefined;
}
