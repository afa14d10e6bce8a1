import type { Permission, Sight } from '../../domain/access.js';
import type { Day } from '../../domain/calendar.js';
import type { PackageCode } from '../../domain/package.js';
import type { Statement } from '../../platform/snapshot.js';

/**
 * What a column holds. `minutes` and `hours` are summed at the end of a file. `hours` are made from the column of minutes
 * that they name, so that they add up. `text` is what people have written, and may look like a formula; `code` is a word of
 * ours or an id. `amount` is an exact decimal in the currency of its row, with as many places as that has.
 */
export type ColumnKind =
  | { type: 'text' | 'code' | 'number' | 'day' | 'month' | 'instant' | 'minutes' | 'amount' }
  | { type: 'hours'; of: string };

/** `name` is the stable name of a column; `en` and `ja` are its headings on request. */
export type Column = ColumnKind & { name: string; en: string; ja: string };

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
}

/** A report is a table of columns, and the statement that gives its rows under the columns' names. */
export interface Report {
  name: string;
  permission: Permission;
  /** At least two, so that the trailer of a CSV file has room for `TOTAL` and the row count. */
  columns: readonly Column[];
  /** The column of minutes whose sum is the total of the report; without one it is 0. */
  totalOf?: string;
  /** Gives a column, or more than are asked for, under each name that is not one of hours. */
  rows(sight: Sight, filter: ReportFilter): Statement;
}
