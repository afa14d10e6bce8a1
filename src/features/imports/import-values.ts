import { isDay, type Day } from '../../domain/calendar.js';
import { unifyLineEnds } from '../../domain/line-ends.js';
import { activities, deliveries, type Activity, type Delivery } from '../../domain/time-entry.js';
import { activityWords, deliveryWords } from '../../domain/work-words.js';

/**
 * How the text of a cell is read. Every function gives undefined for what it cannot read: what is ambiguous, such as `1,5` or
 * `03/04/2026`, is nothing rather than a guess.
 */

/** Full-width digits and signs as the usual ones, without spaces around. */
export const plain = (text: string): string =>
  // Nearly all of it is plain already.
  (plainAlready.test(text) ? text : text.normalize('NFKC')).trim();
const plainAlready = /^[\x20-\x7e]*$/;

/** A day as `YYYY-MM-DD`, or as `YYYY/M/D`; any other order could be two days. */
export function readDay(text: string): Day | undefined {
  const known = daysRead.get(text);
  if (known !== undefined) return known;
  const value = plain(text);
  const [, year, month, day] = /^(\d{4})\/(\d{1,2})\/(\d{1,2})$/.exec(value) ?? [];
  const written = year === undefined ? value : `${year}-${month!.padStart(2, '0')}-${day!.padStart(2, '0')}`;
  if (!isDay(written)) return undefined;
  if (daysRead.size >= mostDays) daysRead.clear();
  daysRead.set(detached(text), written);
  return written;
}

/** A file has few days and many rows, and to know whether one exists costs more than all else about it. */
const daysRead = new Map<string, Day>();
const mostDays = 10_000;

/** Whole minutes, up to a million; how many of them can be taken is the rules' affair. */
export function readMinutes(text: string): number | undefined {
  const value = plain(text);
  return /^\d{1,7}$/.test(value) ? booked(Number(value)) : undefined;
}

/** Hours as `1.5`, `1:30` or `1:30:00`, to the nearest minute (half a minute is one). */
export function readHours(text: string): number | undefined {
  const value = plain(text);
  // Spreadsheets write a third of an hour with fifteen digits and more; what is beyond twelve decides nothing.
  const [, whole, fraction] = /^(\d{1,5})(?:\.(\d{1,12})\d{0,12})?$/.exec(value) ?? [];
  // The fraction as a whole number, so that a half is exactly one.
  if (whole)
    return booked(Number(whole) * 60 + Math.round((Number(fraction ?? 0) * 60) / 10 ** (fraction?.length ?? 0)));
  const [, hours, minutes, seconds] = /^(\d{1,5}):([0-5]\d)(?::([0-5]\d))?$/.exec(value) ?? [];
  return hours ? booked(Number(hours) * 60 + Number(minutes) + Math.round(Number(seconds ?? 0) / 60)) : undefined;
}

/** Whole seconds, to the nearest minute. */
export function readSeconds(text: string): number | undefined {
  const value = plain(text);
  return /^\d{1,8}$/.test(value) ? booked(Math.round(Number(value) / 60)) : undefined;
}

const booked = (minutes: number): number | undefined => (minutes >= 1 && minutes <= 1_000_000 ? minutes : undefined);

export function readSeverity(text: string): number | undefined {
  const value = plain(text);
  return /^[1-4]$/.test(value) ? Number(value) : undefined;
}

/** By its code, or in the words of English or Japanese. */
export const readActivity = (text: string): Activity | undefined =>
  activityByWord.get(text) ?? activityByWord.get(wordKey(text));
export const readDelivery = (text: string): Delivery | undefined =>
  deliveryByWord.get(text) ?? deliveryByWord.get(wordKey(text));

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
