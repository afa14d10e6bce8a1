import type { Day } from './calendar.js';
import { activities, type Activity, type Delivery } from './time-entry.js';
import { activityWords, deliveryWords } from './work-words.js';

/** A row of a table that somebody pasted: names as they were written, and a text for each day of the week. */
export interface WeekTableRow {
  customer: string;
  consultant: string;
  productLine: string;
  /** Undefined for a word that names no activity. */
  activity: Activity | undefined;
  delivery: Delivery;
  summary: string;
  texts: string[];
}

type Column = 'customer' | 'consultant' | 'productLine' | 'activity' | 'delivery' | 'summary' | number;

/** The headings of the fields, as `comparable` writes them: those of our reports, and those that people write. */
// prettier-ignore
const fieldHeadings: Readonly<Record<string, Exclude<Column, number>>> = {
  customer: 'customer', 顧客: 'customer', 顧客名: 'customer', お客様: 'customer', contract: 'customer', 契約番号: 'customer',
  consultant: 'consultant', コンサルタント: 'consultant', 担当: 'consultant',
  productline: 'productLine', line: 'productLine', 製品ライン: 'productLine', 製品: 'productLine',
  activity: 'activity', 作業内容: 'activity',
  delivery: 'delivery', 提供形態: 'delivery',
  summary: 'summary', 作業概要: 'summary', 概要: 'summary',
};

/** Monday to Sunday. */
const weekdayHeadings: readonly (readonly string[])[] = [
  ['mon', 'monday', '月', '月曜', '月曜日'],
  ['tue', 'tuesday', '火', '火曜', '火曜日'],
  ['wed', 'wednesday', '水', '水曜', '水曜日'],
  ['thu', 'thursday', '木', '木曜', '木曜日'],
  ['fri', 'friday', '金', '金曜', '金曜日'],
  ['sat', 'saturday', '土', '土曜', '土曜日'],
  ['sun', 'sunday', '日', '日曜', '日曜日'],
];

/**
 * Reads a table whose first row has headings: fields in any order, and columns for days by their weekday or date. Columns with other
 * headings, such as a total, are ignored. Undefined if there is no column for the customer or none for a day of the week.
 */
export function readWeekTable(block: readonly (readonly string[])[], days: readonly Day[]): WeekTableRow[] | undefined {
  const [headings = [], ...rows] = block;
  const columns = headings.map((heading) => columnOf(heading, days));
  if (!columns.includes('customer') || !columns.some((column) => typeof column === 'number')) return undefined;
  return rows.filter((values) => values.some((value) => value !== '')).map((values) => rowOf(columns, values));
}

function columnOf(heading: string, days: readonly Day[]): Column | undefined {
  const written = comparable(heading);
  const field = fieldHeadings[written];
  if (field !== undefined) return field;
  const weekday = weekdayHeadings.findIndex((words) => words.includes(written));
  const day = days.indexOf(dayOf(heading, days) ?? '');
  const found = weekday >= 0 ? weekday : day;
  return found >= 0 ? found : undefined;
}

/** `2026-11-23`, `2026/11/23`, `Mon 23 Nov`, `11月23日(月)`, and `11/23` or `23.11.` where only one reading is a day of the week. */
function dayOf(heading: string, days: readonly Day[]): Day | undefined {
  const text = heading.normalize('NFKC').trim();
  const [, year, month = '', date = ''] =
    /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})$/.exec(text) ?? /^()(\d{1,2})月(\d{1,2})日(?:\(.\))?$/.exec(text) ?? [];
  if (year !== undefined) {
    return days.find((day) => endsWith(day, month, date) && (year === '' || day.startsWith(year)));
  }
  const [, first = '', second = ''] = /^(\d{1,2})[./-](\d{1,2})\.?$/.exec(text) ?? [];
  const either = days.filter((day) => endsWith(day, first, second) || endsWith(day, second, first));
  if (first !== '' && either.length === 1) return either[0];
  const [, number = '', name = ''] = /^(?:[a-z]{3,9},? )?(\d{1,2})\.? ([a-z]{3})[a-z]*$/i.exec(text) ?? [];
  const named = monthNames.indexOf(name.toLowerCase()) + 1;
  return days.find((day) => named > 0 && endsWith(day, String(named), number));
}

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

const endsWith = (day: Day, month: string, date: string): boolean =>
  day.endsWith(`-${month.padStart(2, '0')}-${date.padStart(2, '0')}`);

function rowOf(columns: readonly (Column | undefined)[], values: readonly string[]): WeekTableRow {
  const text = (column: Column): string => values[columns.indexOf(column)] ?? '';
  const delivery = comparable(text('delivery'));
  return {
    customer: text('customer'),
    consultant: text('consultant'),
    productLine: text('productLine'),
    activity: activityOf(text('activity')),
    delivery: [comparable(deliveryWords.onsite.en), deliveryWords.onsite.ja, 'オンサイト'].includes(delivery)
      ? 'onsite'
      : 'remote',
    summary: text('summary'),
    texts: Array.from({ length: 7 }, (_, day) => text(day)),
  };
}

function activityOf(text: string): Activity | undefined {
  const written = comparable(text);
  return activities.find((activity) =>
    [activity, activityWords[activity].en, activityWords[activity].ja].some((word) => comparable(word) === written),
  );
}

/** A text without differences of width, case, blanks and hyphens. */
export const comparable = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_'-]/g, '');
