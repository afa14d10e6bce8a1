import type { Permission, Sight } from '../../domain/access.js';
import type { Day } from '../../domain/calendar.js';
import type { PackageCode } from '../../domain/package.js';

/**
 * What a column holds. `minutes` and `hours` are summed at the end of a file. `hours` are made from the column of minutes
 * that they name, so that they add up. Only `text` is what people have written, and may look like a formula.
 */
export type ColumnKind =
  { type: 'text' | 'number' | 'day' | 'month' | 'instant' | 'minutes' } | { type: 'hours'; of: string };

/** `name` is the stable name of a column; `en` and `ja` are its headings on request. */
export type Column = ColumnKind & { name: string; en: string; ja: string };

/** Which rows a report is about. `from` and `to` are both inclusive. */
export interface ReportFilter {
  from?: Day;
  to?: Day;
  customerId?: string;
  csmId?: string;
  package?: PackageCode;
}

export interface Statement {
  sql: string;
  values: unknown[];
}

/** A report is a table of columns, and the statement that gives its rows under the columns' names. */
export interface Report {
  name: string;
  permission: Permission;
  /** At least two, so that the trailer of a CSV file has room for `TOTAL` and the row count. */
  columns: readonly Column[];
  /** The column of minutes whose sum is the total of the report. */
  totalOf: string;
  rows(sight: Sight, filter: ReportFilter): Statement;
}

/** A row as the database gives it, by the names of the columns. */
export type Row = Readonly<Record<string, string | number | Date | null>>;
