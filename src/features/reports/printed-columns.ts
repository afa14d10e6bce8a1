import { hoursColumn, hoursText } from '../../domain/minutes.js';
import type { Column, Report, Row } from './report.js';

/** A column on its way into a file: it prints a value a row, and keeps the sum where it has one. */
export interface PrintedColumn {
  readonly column: Column;
  /** The next row's value, before any quoting; null where there is none. Each row is to be printed once, in order. */
  print(row: Row): string | null;
  /** The sum of all that was printed; null for a column that has none. */
  total(): string | null;
}

/** The columns of one file, from its first row on. */
export function printedColumns(report: Report): PrintedColumn[] {
  return report.columns.map((column) => {
    switch (column.type) {
      case 'minutes':
        return summed(column, column.name, String, String);
      case 'hours':
        return summed(column, column.of, hoursColumn(), hoursText);
      default:
        return { column, print: (row) => printed(valueOf(row, column.name)), total: () => null };
    }
  });
}

function summed(
  column: Column,
  source: string,
  printMinutes: (minutes: number) => string,
  printTotal: (minutes: number) => string,
): PrintedColumn {
  let totalMinutes = 0;
  return {
    column,
    print(row) {
      const minutes = valueOf(row, source);
      if (typeof minutes !== 'number') throw new Error(`${source} of a report is no number of minutes`);
      totalMinutes += minutes;
      return printMinutes(minutes);
    },
    total: () => printTotal(totalMinutes),
  };
}

function valueOf(row: Row, name: string) {
  const value = row[name];
  if (value === undefined) throw new Error(`The statement of a report gives no ${name}`);
  return value;
}

const printed = (value: string | number | Date | null): string | null =>
  value instanceof Date ? value.toISOString() : value === null ? null : String(value);
