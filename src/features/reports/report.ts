import type { Permission, Visibility } from '../../domain/access.js';
import type { Day } from '../../domain/calendar.js';
import type { Language } from '../../domain/language.js';
import type { PackageCode } from '../../domain/package.js';
import type { Statement } from '../../platform/database/snapshot.js';

/** What people read for each code of a column. */
export type CodeWords = Readonly<Record<string, Readonly<Record<Language, string>>>>;

/**
 * What a column holds. `minutes` and `hours` are summed at the end of a file. `hours` are made from the column of minutes
 * that they name, so that they add up. `text` is what people have written, and may look like a formula; `code` is a word of
 * ours or an id; where it has `words`, they are printed under headings in a language. `amount` is an exact decimal in the currency of its row, with as many places as that has; `currencyIn` is the
 * column that names it.
 */
export type ColumnKind =
  | { type: 'text' | 'number' | 'day' | 'month' | 'instant' | 'minutes' }
  | { type: 'code'; words?: CodeWords }
  | { type: 'hours'; of: string }
  | { type: 'amount'; currencyIn: string };

/**
 * `name` is the stable name of a column; `en` and `ja` are its headings on request; `about` is for the description of the
 * interface, where `mayBeEmpty` says that not every row has a value.
 */
export type Column = ColumnKind & { name: string; en: string; ja: string; about: string; mayBeEmpty?: true };

/**
 * Where time counts (§12): `corrected` shows everything under its work day; `closed` shows every month as it stood when it was
 * closed, and what was booked for it later in the month that took it.
 */
export const bases = ['corrected', 'closed'] as const;
export type Basis = (typeof bases)[number];

/** Which rows a report is about. `from` and `to` are both inclusive. */
export interface ReportFilter {
  basis: Basis;
  from?: Day;
  to?: Day;
  customerId?: string;
  csmId?: string;
  package?: PackageCode;
  /** What was recorded at this instant or later, and before the other; only of reports about hours and expenses. */
  recordedSince?: string;
  recordedUntil?: string;
}

/** A report is a table of columns, and the statement that gives its rows under the columns' names. */
export interface Report {
  name: string;
  /** Its name to people, of at most 24 characters: the sheets of a workbook are called so. */
  title: Readonly<Record<'en' | 'ja', string>>;
  permission: Permission;
  /** For the description of the interface: what a row is, what `from`, `to` and `basis` mean, and what is left out. */
  about: string;
  /** At least two, so that the trailer of a CSV file has room for `TOTAL` and the row count. */
  columns: readonly Column[];
  /** The column of minutes whose sum is the total of the report; without one it is 0. */
  totalOf?: string;
  /** A column of minutes that is the sum of others, each with its sign, in every row and in the totals: the file proves itself. */
  proof?: { of: string; from: Readonly<Record<string, 1 | -1>> };
  /**
   * Whether it counts hours in months: on the `closed` basis the control totals of the closed months in it are compared before it
   * is written.
   */
  countsHoursByMonth?: true;
  /** Gives a column, or more than are asked for, under each name that is not one of hours; `now` is when it is asked. */
  rows(visibility: Visibility, filter: ReportFilter, now: Date): Statement;
}
