import type { Sight } from '../../domain/access.js';
import { hoursColumn, hoursText } from '../../domain/minutes.js';
import type { CopiedRow, Statement } from '../../platform/snapshot.js';
import type { Column, Report, ReportFilter } from './report.js';

/** A column on its way into a file: it prints a value a row, and keeps the sum where it has one. */
export interface PrintedColumn {
  readonly column: Column;
  /** The next row's value, before any quoting; null where there is none. Each row is to be printed once, in order. */
  print(row: CopiedRow): string | null;
  /** The sum of all that was printed; null for a column that has none. */
  total(): string | null;
}

/** The columns that the database is asked for, in this order: hours are made from minutes. */
export const askedFor = ({ columns }: Report): string[] =>
  columns.filter(({ type }) => type !== 'hours').map(({ name }) => name);

/** The rows of a report, with just the columns that are `askedFor`. */
export function statementOf(report: Report, sight: Sight, filter: ReportFilter, now: Date): Statement {
  const { sql, ...statement } = report.rows(sight, filter, now);
  const names = askedFor(report).map((name) => `"${name}"`);
  return { ...statement, sql: `select ${names.join(', ')} from (${sql}) as report` };
}

/** The columns of one file, from its first row on; rows hold what is `askedFor`. */
export function printedColumns(report: Report): PrintedColumn[] {
  const places = new Map(askedFor(report).map((name, place) => [name, place]));
  return report.columns.map((column) => {
    const place = places.get(column.type === 'hours' ? column.of : column.name)!;
    switch (column.type) {
      case 'minutes':
        return summed(column, place, String, String);
      case 'hours':
        return summed(column, place, hoursColumn(), hoursText);
      case 'instant':
        return { column, print: (row) => instantText(row[place]!), total: () => null };
      case 'amount':
        return summedInOneCurrency(column, place, places.get(column.currencyIn)!);
      default:
        return { column, print: (row) => row[place]!, total: () => null };
    }
  });
}

/** The total of the report, in minutes. */
export function totalMinutes({ totalOf }: Report, columns: readonly PrintedColumn[]): string {
  return columns.find(({ column }) => column.name === totalOf)?.total() ?? '0';
}

function summed(
  column: Column,
  place: number,
  printMinutes: (minutes: number) => string,
  printTotal: (minutes: number) => string,
): PrintedColumn {
  let sumMinutes = 0;
  return {
    column,
    print(row) {
      const minutes = Number(row[place] ?? Number.NaN);
      if (!Number.isSafeInteger(minutes)) throw new Error(`Column ${column.name} of a report holds no minutes`);
      sumMinutes += minutes;
      return printMinutes(minutes);
    },
    total: () => printTotal(sumMinutes),
  };
}

/** Amounts have a sum while all are in one currency, in which all have the same number of decimal places; it is exact. */
function summedInOneCurrency(column: Column, place: number, currencyPlace: number): PrintedColumn {
  const currencies = new Set<string | null>();
  let sumOfUnits = 0n;
  let decimals = 0;
  return {
    column,
    print(row) {
      const amount = row[place]!;
      const [whole = '', fraction = ''] = amount.split('.');
      currencies.add(row[currencyPlace]!);
      sumOfUnits += BigInt(whole + fraction);
      decimals = fraction.length;
      return amount;
    },
    total: () => (currencies.size === 1 ? decimalText(sumOfUnits, decimals) : null),
  };
}

function decimalText(units: bigint, decimals: number): string {
  const digits = String(units < 0n ? -units : units).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  return `${units < 0n ? '-' : ''}${whole}${decimals > 0 ? `.${digits.slice(-decimals)}` : ''}`;
}

/** PostgreSQL writes `2026-04-20 09:30:00.12+00`; RFC 3339 and all our answers `2026-04-20T09:30:00.120Z`. */
const instantText = (value: string | null): string | null =>
  value === null ? null : `${value.slice(0, 10)}T${value.slice(11, 19)}.${(value.slice(20, -3) + '000').slice(0, 3)}Z`;
