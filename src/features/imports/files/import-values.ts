import { isDay, type Day } from '../../../domain/calendar.js';
import { unifyLineEnds } from '../../../domain/line-ends.js';
import { activities, deliveries, type Activity, type Delivery } from '../../../domain/time-entry.js';
import { activityWords, deliveryWords, rowKindWords } from '../../../domain/work-words.js';

/**
 * How the text of a cell is read. Every function gives undefined for what it cannot read. What could mean two things, such as `1,5`
 * or `03/04/2026`, is read only in the way that the file shows or its sender states (`import-conventions.ts`).
 */

/** Full-width digits and signs as the usual ones, without spaces around. */
export const plain = (text: string): string =>
  // Nearly all of it is plain already.
  (plainAlready.test(text) ? text : text.normalize('NFKC')).trim();
const plainAlready = /^[\x20-\x7e]*$/;

/** In which order the numbers of a day stand: as ISO has them, with the day first, or with the month first. */
export const dayOrders = ['ymd', 'dmy', 'mdy'] as const;
export type DayOrder = (typeof dayOrders)[number];

/**
 * A day as `YYYY-MM-DD` or `YYYY/M/D`, which no order of a file changes; and as `30.4.2026`, `30/04/2026` or `30-04-2026` in the
 * order of the file. A time of day behind it does not count.
 */
export function readDay(text: string, order: DayOrder = 'ymd'): Day | undefined {
  const daysRead = daysReadInOrder[order];
  const known = daysRead.get(text);
  if (known !== undefined) return known;
  const value = withoutTime(plain(text));
  const [, year, month, day] = /^(\d{4})\/(\d{1,2})\/(\d{1,2})$/.exec(value) ?? inOrder(value, order);
  const written = year === undefined ? value : `${year}-${month!.padStart(2, '0')}-${day!.padStart(2, '0')}`;
  if (!isDay(written)) return undefined;
  if (daysRead.size >= mostDays) daysRead.clear();
  daysRead.set(detached(text), written);
  return written;
}

function inOrder(value: string, order: DayOrder): readonly (string | undefined)[] {
  const [, first, , second, year] = order === 'ymd' ? [] : (yearLast.exec(value) ?? []);
  return order === 'dmy' ? [value, year, second, first] : [value, year, first, second];
}
const yearLast = /^(\d{1,2})([./-])(\d{1,2})\2(\d{4})$/;

/** Which orders a day that was written with its year last can have; both where that cannot be seen, none for other texts. */
export function ordersOf(text: string): ('dmy' | 'mdy')[] {
  const value = withoutTime(plain(text));
  if (!yearLast.test(value)) return [];
  const orders = (['dmy', 'mdy'] as const).filter((order) => readDay(value, order) !== undefined);
  // The fourth of April is the same in both.
  return orders.length === 2 && readDay(value, 'dmy') === readDay(value, 'mdy') ? [] : orders;
}

const withoutTime = (value: string): string =>
  value.length > longestDay ? value.replace(/[ T]\d{1,2}:\d{2}(?::\d{2})?$/, '') : value;
const longestDay = 'YYYY-MM-DD'.length;

/** A file has few days and many rows, and to know whether one exists costs more than all else about it. */
const daysReadInOrder: Record<DayOrder, Map<string, Day>> = { ymd: new Map(), dmy: new Map(), mdy: new Map() };
const mostDays = 10_000;

/** Which sign parts whole numbers from fractions. */
export const decimalMarks = ['point', 'comma'] as const;
export type DecimalMark = (typeof decimalMarks)[number];

/** What whole numbers of a column of durations are. */
export const durationUnits = ['hours', 'minutes', 'seconds'] as const;
export type DurationUnit = (typeof durationUnits)[number];

/*
 * Amounts of time are read to fractions of a minute, from 0 on; who books them rounds them to the nearest minute, half a minute to
 * one, and decides which are too short or too long.
 */

/** Whole minutes. */
export function readMinutes(text: string): number | undefined {
  const value = plain(text);
  return /^\d{1,8}$/.test(value) ? Number(value) : undefined;
}

/** Minutes of hours as `1.5` (`1,5` with a decimal comma), `1:30` or `1:30:00`; also as `22:40 min` and `50 sec`. */
export function readHours(text: string, mark: DecimalMark = 'point'): number | undefined {
  const value = plain(text);
  // Spreadsheets write a third of an hour with fifteen digits and more; what is beyond twelve decides nothing.
  const [, whole, fraction = ''] = (mark === 'point' ? withPoint : withComma).exec(value) ?? [];
  // The fraction as a whole number, so that a half is exactly one.
  if (whole) return Number(whole) * 60 + (Number(fraction) * 60) / 10 ** fraction.length;
  const [, hours, minutes, seconds = 0] = /^(\d{1,5}):([0-5]\d)(?::([0-5]\d))?$/.exec(value) ?? [];
  if (hours) return Number(hours) * 60 + Number(minutes) + Number(seconds) / 60;
  const [, min, sec = 0] = /^(\d{1,7})(?::([0-5]\d))? ?min$/.exec(value) ?? [];
  if (min) return Number(min) + Number(sec) / 60;
  const [, alone] = /^(\d{1,8}) ?sec$/.exec(value) ?? [];
  return alone ? Number(alone) / 60 : undefined;
}
const withPoint = /^(\d{1,5})(?:\.(\d{1,12})\d{0,12})?$/;
const withComma = /^(\d{1,5})(?:,(\d{1,12})\d{0,12})?$/;

/** Minutes of whole seconds. */
export function readSeconds(text: string): number | undefined {
  const value = plain(text);
  return /^\d{1,9}$/.test(value) ? Number(value) / 60 : undefined;
}

/** Seconds since midnight of `9:05`, `09:05:30` or `9:05 AM`, which may follow a day. */
export function readTimeOfDay(text: string): number | undefined {
  const [, hour, minute, second = 0, half] =
    /(?:^|[ T])(\d{1,2}):(\d{2})(?::(\d{2}))? ?([ap]m)?$/i.exec(plain(text)) ?? [];
  if (hour === undefined) return undefined;
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
  return hours * 3_600 + Number(minute) * 60 + Number(second);
}

export function readSeverity(text: string): number | undefined {
  const value = plain(text);
  return /^[1-4]$/.test(value) ? Number(value) : undefined;
}

/** By its code, or in the words of English or Japanese. */
export const readActivity = (text: string): Activity | undefined =>
  activityByWord.get(text) ?? activityByWord.get(wordKey(text));
export const readDelivery = (text: string): Delivery | undefined =>
  deliveryByWord.get(text) ?? deliveryByWord.get(wordKey(text));
export const readRowKind = (text: string): RowKind | undefined =>
  rowKindByWord.get(text) ?? rowKindByWord.get(wordKey(text));

/** The kinds of rows in our reports about hours. */
const rowKinds = ['entry', 'reversal', 'adjustment'] as const;
type RowKind = (typeof rowKinds)[number];

/** What people write beside the words that they read here. */
const otherActivityWords: Partial<Record<Activity, readonly string[]>> = {
  'technical-advice': ['技術支援'],
  'best-practice': ['Best practices', 'Good practice'],
  upgrade: ['アップグレード支援'],
  'feature-adoption': ['機能活用'],
  enablement: ['イネーブルメント'],
};
const otherDeliveryWords: Partial<Record<Delivery, readonly string[]>> = {
  remote: ['リモート支援'],
  onsite: ['訪問支援', 'オンサイト'],
};

const wordKey = (text: string): string =>
  plain(text)
    .toLowerCase()
    .replace(/[\s_-]/g, '');

/** Codes as they are, which is how nearly all are written, and all words by their keys. */
const codesByWord = <Code extends string>(
  codes: readonly Code[],
  words: Readonly<Record<Code, { en: string; ja: string }>>,
  others: Partial<Record<Code, readonly string[]>>,
) =>
  new Map(
    codes.flatMap((code): [string, Code][] => [
      [code, code],
      ...[code, ...Object.values(words[code]), ...(others[code] ?? [])].map((word): [string, Code] => [
        wordKey(word),
        code,
      ]),
    ]),
  );

const activityByWord = codesByWord(activities, activityWords, otherActivityWords);
const deliveryByWord = codesByWord(deliveries, deliveryWords, otherDeliveryWords);
const rowKindByWord = codesByWord(rowKinds, rowKindWords, {});

/**
 * What people have written, as they wrote it: without the apostrophe that our CSV files put before what a spreadsheet would
 * run as a formula, and with lines that end with a line feed.
 */
export function readText(text: string): string {
  const own = text.charCodeAt(0) === apostrophe && /^'[=+\-@\t\r\n＝＋－＠]/.test(text) ? text.slice(1) : text;
  return unifyLineEnds(own);
}
const apostrophe = 0x27;

/**
 * A copy with memory of its own. V8 cuts longer texts out of a block by pointing into it, so whatever is kept for longer than
 * its row would keep the whole block.
 */
export const detached = (text: string): string => Buffer.from(text).toString();

/** For an answer: the beginning of a value, in memory of its own. */
export const shortened = (text: string): string => {
  const beginning = [...text.slice(0, 2 * mostShown)].slice(0, mostShown).join('');
  return detached(beginning.length < text.length ? `${beginning}…` : text);
};
const mostShown = 60;
