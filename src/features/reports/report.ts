import type { Permission, Visibility } from '../../domain/access.js';
import type { Day } from '../../domain/calendar.js';
import type { Language } from '../../domain/language.js';
import type { PackageCode } from '../../domain/package.js';
import type { Statement } from '../../platform/database/snapshot.js';

/** The words for each code of a column. */
export type CodeWords = Readonly<Record<string, Readonly<Record<Language, string>>>>;

/**
 * The content of a column. `minutes` and `hours` are summed up at the end of a file. `hours` are computed from the
 * named column of minutes, so that they add up. `text` comes from people and may look like a formula. `code` is an id
 * or a code of the service; with `words`, it is printed as a word under headings in a language. `amount` is an exact
 * decimal in the currency of its row, with as many places as the currency has; `currencyIn` names the column of the
 * currency.
 */
export type ColumnKind =
  | { type: 'text' | 'number' | 'day' | 'month' | 'instant' | 'minutes' }
  | { type: 'code'; words?: CodeWords }
  | { type: 'hours'; of: string }
  | { type: 'amount'; currencyIn: string };

/**
 * `name` is the stable name of a column. `en` and `ja` are its headings on request. `about` describes it in the API
 * document, where `mayBeEmpty` says that some rows have no value.
 */
export type Column = ColumnKind & { name: string; en: string; ja: string; about: string; mayBeEmpty?: true };

/**
 * Where time counts (§12). `corrected` shows all work under its work day. `closed` shows each month as it was closed,
 * and later corrections in the month that took them.
 */
export const bases = ['corrected', 'closed'] as const;
export type Basis = (typeof bases)[number];

/** Selects the rows of a report. `from` and `to` are both inclusive. */
export interface ReportFilter {
  basis: Basis;
  from?: Day;
  to?: Day;
  customerId?: string;
  csmId?: string;
  package?: PackageCode;
  /**
   * Only rows recorded at or after the first instant and before the second one; only for reports about hours and
   * expenses.
   */
  recordedSince?: string;
  recordedUntil?: string;
}

/** A report: its columns, and the statement that returns its rows under the columns' names. */
export interface Report {
  name: string;
  /** The name for people, at most 24 characters, because sheets of a workbook have it too. */
  title: Readonly<Record<'en' | 'ja', string>>;
  permission: Permission;
  /** For the API document: what a row is, what `from`, `to` and `basis` mean, and what is left out. */
  about: string;
  /** At least two, so that the trailer of a CSV file has room for `TOTAL` and the row count. */
  columns: readonly Column[];
  /** The column of minutes whose sum is the total of the report. Without one, the total is 0. */
  totalOf?: string;
  /**
   * A column of minutes that equals the signed sum of other columns, in every row and in the totals: a proof within
   * the file.
   */
  proof?: { of: string; from: Readonly<Record<string, 1 | -1>> };
  /**
   * Whether it counts hours by month. On the basis `closed`, the control totals of its closed months are compared
   * before the file is written.
   */
  countsHoursByMonth?: true;
  /**
   * One row: `rows`, the number of all rows, and the sum of each column of minutes and hours under its name. Present if it takes less
   * work than reading all rows.
   */
  sums?(visibility: Visibility, filter: ReportFilter): Statement;
  /** Selects each column under its name, except hours; it may select more. `now` is the moment of the request. */
  rows(visibility: Visibility, filter: ReportFilter, now: Date): Statement;
}
