import { isDay, type Day } from '../../../domain/calendar.js';
import { unifyLineEnds } from '../../../domain/line-ends.js';
import { activities, deliveries, type Activity, type Delivery } from '../../../domain/time-entry.js';
import { activityWords, deliveryWords, rowKindWords } from '../../../domain/work-words.js';

/**
 * Reads the text of cells. Every function returns undefined for a text that it cannot read. A text with two possible meanings,
 * such as `1,5` or `03/04/2026`, is read only as the file shows or its sender states (`import-conventions.ts`).
 */

/** Replaces full-width digits and signs by the usual ones, and trims spaces. */
export const plain = (text: string): string =>
  // Most texts are plain already.
  (plainAlready.test(text) ? text : text.normalize('NFKC')).trim();
const plainAlready = /^[\x20-\x7e]*$/;

/** The order of the numbers of a date: as in ISO, day first, or month first. */
export const dayOrders = ['ymd', 'dmy', 'mdy'] as const;
export type DayOrder = (typeof dayOrders)[number];

/**
 * Reads a day. `YYYY-MM-DD` and `YYYY/M/D` have a fixed order; `30.4.2026`, `30/04/2026` and `30-04-2026` follow the order of
 * the file. A time of day after it is ignored.
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

/** The possible orders of a date that ends with its year: both if the date is ambiguous, none for other texts. */
export function ordersOf(text: string): ('dmy' | 'mdy')[] {
  const value = withoutTime(plain(text));
  if (!yearLast.test(value)) return [];
  const orders = (['dmy', 'mdy'] as const).filter((order) => readDay(value, order) !== undefined);
  // The fourth of April is the same in both orders.
  return orders.length === 2 && readDay(value, 'dmy') === readDay(value, 'mdy') ? [] : orders;
}

const withoutTime = (value: string): string =>
  value.length > longestDay ? value.replace(/[ T]\d{1,2}:\d{2}(?::\d{2})?$/, '') : value;
const longestDay = 'YYYY-MM-DD'.length;

/** A cache: a file has few days and many rows, and checking that a day exists is the most expensive part. */
const daysReadInOrder: Record<DayOrder, Map<string, Day>> = { ymd: new Map(), dmy: new Map(), mdy: new Map() };
const mostDays = 10_000;

/** The decimal sign. */
export const decimalMarks = ['point', 'comma'] as const;
export type DecimalMark = (typeof decimalMarks)[number];

/** The unit of whole numbers in a column of durations. */
export const durationUnits = ['hours', 'minutes', 'seconds'] as const;
export type DurationUnit = (typeof durationUnits)[number];

/*
 * Durations are read as fractions of a minute, from 0. The caller rounds them to the nearest minute (half a minute up), and
 * refuses durations that are too short or too long.
 */

/** Whole minutes. */
export function readMinutes(text: string): number | undefined {
  const value = plain(text);
  return /^\d{1,8}$/.test(value) ? Number(value) : undefined;
}

/** Minutes from hours such as `1.5` (`1,5` with a decimal comma), `1:30` or `1:30:00`; also from `22:40 min` and `50 sec`. */
export function readHours(text: string, mark: DecimalMark = 'point'): number | undefined {
  const value = plain(text);
  // Spreadsheets write a third of an hour with fifteen digits or more. Twelve digits are enough to round it.
  const [, whole, fraction = ''] = (mark === 'point' ? withPoint : withComma).exec(value) ?? [];
  // The fraction is a whole number, so that a half is exact.
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

/** Minutes from whole seconds. */
export function readSeconds(text: string): number | undefined {
  const value = plain(text);
  return /^\d{1,9}$/.test(value) ? Number(value) / 60 : undefined;
}

/** Seconds since midnight from `9:05`, `09:05:30` or `9:05 AM`. A day may precede the time. */
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

/** Reads a product line from its code, or from its English or Japanese name. */
export const readActivity = (text: string): Activity | undefined =>
  activityByWord.get(text) ?? activityByWord.get(wordKey(text));
export const readDelivery = (text: string): Delivery | undefined =>
  deliveryByWord.get(text) ?? deliveryByWord.get(wordKey(text));
export const readRowKind = (text: string): RowKind | undefined =>
  rowKindByWord.get(text) ?? rowKindByWord.get(wordKey(text));

/** The kinds of rows in our reports about hours. */
const rowKinds = ['entry', 'reversal', 'adjustment'] as const;
type RowKind = (typeof rowKinds)[number];

/** Other common spellings of these words. */
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

/** Codes are looked up unchanged, because nearly all cells have them; other words by their keys. */
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

/** Free text as its author wrote it: without the apostrophe that our CSV files put before a formula, and with LF line ends. */
export function readText(text: string): string {
  const own = text.charCodeAt(0) === apostrophe && /^'[=+\-@\t\r\n＝＋－＠]/.test(text) ? text.slice(1) : text;
  return unifyLineEnds(own);
}
const apostrophe = 0x27;

/**
 * Copies a text into memory of its own. V8 represents longer substrings as pointers into the block, so a substring that outlives
 * its row would retain the whole block.
 */
export const detached = (text: string): string => Buffer.from(text).toString();

/** The beginning of a value for an answer, in memory of its own. */
export const shortened = (text: string): string => {
  const beginning = [...text.slice(0, 2 * mostShown)].slice(0, mostShown).join('');
  return detached(beginning.length < text.length ? `${beginning}…` : text);
};
const mostShown = 60;
