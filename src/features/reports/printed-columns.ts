import type { Visibility } from '../../domain/access.js';
import { hoursByGroup, minutesPerHour } from '../../domain/minutes.js';
import type { CopiedRow, Statement } from '../../platform/database/snapshot.js';
import { bytesOf } from './byte-text.js';
import type { Language } from '../../domain/language.js';
import type { CodeWords, Column, Report, ReportFilter } from './report.js';

/** A column on its way into a file: it prints a value a row, and keeps the sum where it has one. */
export interface PrintedColumn {
  readonly column: Column;
  /** The next row's value, before any quoting; null where there is none. Each row is to be printed once, in order. */
  print(row: CopiedRow): string | null;
  /** The sum of all that was printed; null for a column that has none. */
  total(): string | null;
  /** The sums by currency; only of a column of amounts. */
  sums?(): [currency: string, amount: string][];
}

/** The sums of the amounts in a file, by currency; undefined for a report without amounts. */
export function amountTotals(columns: readonly PrintedColumn[]): Record<string, string> | undefined {
  const sums = columns.find((column) => column.sums !== undefined)?.sums?.();
  return sums && Object.fromEntries(sums);
}

/** The columns that the database is asked for, in this order: hours are made from minutes. */
export const askedFor = ({ columns }: Report): string[] =>
  columns.filter(({ type }) => type !== 'hours').map(({ name }) => name);

/** The rows of a report, with just the columns that are `askedFor`. */
export function statementOf(report: Report, visibility: Visibility, filter: ReportFilter, now: Date): Statement {
  const { sql, ...statement } = report.rows(visibility, filter, now);
  const names = askedFor(report).map((name) => `"${name}"`);
  return { ...statement, sql: `select ${names.join(', ')} from (${sql}) as report` };
}

/** How the values of one file are printed. */
export interface Printing {
  /** The language in which codes are printed as words; without it, they are printed as codes. */
  language?: Language;
  /** `rounded` (the default) to two places so that rows add up; `exact` for cells that a spreadsheet rounds by itself. */
  hours?: 'rounded' | 'exact';
}

/** The columns of one file, from its first row on; rows hold what is `askedFor`. */
export function printedColumns(report: Report, { language, hours = 'rounded' }: Printing = {}): PrintedColumn[] {
  const places = new Map(askedFor(report).map((name, place) => [name, place]));
  const amount = report.columns.find((column) => column.type === 'amount');
  const spent = amount && new CurrencySums(places.get(amount.name)!, places.get(amount.currencyIn)!);
  return report.columns.map((column): PrintedColumn => {
    const place = places.get(column.type === 'hours' ? column.of : column.name)!;
    switch (column.type) {
      case 'minutes':
        return minutesColumn(column, place);
      case 'hours':
        return hours === 'exact'
          ? exactHoursColumn(column, place)
          : roundedHoursColumn(column, place, places.get('subscriptionId'));
      case 'instant':
        return { column, print: (row) => instantText(row[place]!), total: () => null };
      case 'amount':
        return { column, print: (row) => spent!.add(row), total: () => spent!.text(), sums: () => spent!.sums() };
      default: {
        const words = language && column.type === 'code' ? column.words : undefined;
        const print = words ? wordPrinter(words, language!, place) : (row: CopiedRow) => row[place]!;
        return { column, print, total: () => (column.name === amount?.currencyIn ? spent!.onlyCurrency() : null) };
      }
    }
  });
}

/** The total of the report, in minutes. */
export function totalMinutes({ totalOf }: Report, columns: readonly PrintedColumn[]): string {
  return columns.find(({ column }) => column.name === totalOf)?.total() ?? '0';
}

function minutesColumn(column: Column, place: number): PrintedColumn {
  let sumMinutes = 0;
  return {
    column,
    print(row) {
      const minutes = minutesIn(row, place, column);
      sumMinutes += minutes;
      return String(minutes);
    },
    total: () => String(sumMinutes),
  };
}

/** The rows of each subscription add up to its rounded hours (§12); a report without subscriptions is rounded as a whole. */
function roundedHoursColumn(column: Column, place: number, subscriptionPlace: number | undefined): PrintedColumn {
  const hours = hoursByGroup();
  const groupOf = subscriptionPlace === undefined ? () => '' : (row: CopiedRow) => row[subscriptionPlace]!;
  return {
    column,
    print: (row) => hours.print(groupOf(row), minutesIn(row, place, column)),
    total: () => hours.total(),
  };
}

function exactHoursColumn(column: Column, place: number): PrintedColumn {
  let sumMinutes = 0;
  return {
    column,
    print(row) {
      const minutes = minutesIn(row, place, column);
      sumMinutes += minutes;
      return String(minutes / minutesPerHour);
    },
    total: () => String(sumMinutes / minutesPerHour),
  };
}

function minutesIn(row: CopiedRow, place: number, column: Column): number {
  const minutes = Number(row[place] ?? Number.NaN);
  if (!Number.isSafeInteger(minutes)) throw new Error(`Column ${column.name} of a report holds no minutes`);
  return minutes;
}

/** Words are read as bytes, as the rows are. A code without a word stays a code. */
function wordPrinter(words: CodeWords, language: Language, place: number): (row: CopiedRow) => string | null {
  const printed = new Map(Object.entries(words).map(([code, word]) => [code, bytesOf(word[language])]));
  return (row) => {
    const code = row[place]!;
    return code === null ? null : (printed.get(code) ?? code);
  };
}

/** Exact sums of amounts, one for each currency: all amounts in a currency have the same number of decimal places. */
class CurrencySums {
  readonly #byCurrency = new Map<string, { units: bigint; decimals: number }>();

  constructor(
    private readonly amountPlace: number,
    private readonly currencyPlace: number,
  ) {}

  /** Adds the amount of a row, and returns it. */
  add(row: CopiedRow): string {
    const amount = row[this.amountPlace]!;
    const currency = row[this.currencyPlace]!;
    const [whole = '', fraction = ''] = amount.split('.');
    const units = (this.#byCurrency.get(currency)?.units ?? 0n) + BigInt(whole + fraction);
    this.#byCurrency.set(currency, { units, decimals: fraction.length });
    return amount;
  }

  /** By currency. */
  sums(): [currency: string, amount: string][] {
    const sums = [...this.#byCurrency].map(([currency, { units, decimals }]): [string, string] => [
      currency,
      decimalText(units, decimals),
    ]);
    return sums.sort(([one], [other]) => (one < other ? -1 : 1));
  }

  /** One sum as a number; several with their currencies, `1185180 JPY; 120.50 USD`; null without amounts. */
  text(): string | null {
    const sums = this.sums();
    if (sums.length <= 1) return sums[0]?.[1] ?? null;
    return sums.map(([currency, amount]) => `${amount} ${currency}`).join('; ');
  }

  onlyCurrency(): string | null {
    const sums = this.sums();
    return sums.length === 1 ? sums[0]![0] : null;
  }
}

function decimalText(units: bigint, decimals: number): string {
  const digits = String(units < 0n ? -units : units).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  return `${units < 0n ? '-' : ''}${whole}${decimals > 0 ? `.${digits.slice(-decimals)}` : ''}`;
}

/** PostgreSQL writes `2026-04-20 09:30:00.12+00`; RFC 3339 and all our answers `2026-04-20T09:30:00.120Z`. */
const instantText = (value: string | null): string | null =>
  value === null ? null : `${value.slice(0, 10)}T${value.slice(11, 19)}.${(value.slice(20, -3) + '000').slice(0, 3)}Z`;
