import type { Visibility } from '../../domain/access.js';
import { hoursByGroup, minutesPerHour } from '../../domain/minutes.js';
import type { CopiedRow, Statement } from '../../platform/database/snapshot.js';
import { bytesOf } from './byte-text.js';
import type { Language } from '../../domain/language.js';
import type { CodeWords, Column, Report, ReportFilter } from './report.js';

/** A column while a file is being written: it prints the value of each row and adds up its sum. */
export interface PrintedColumn {
  readonly column: Column;
  /** Prints the value of the next row, without quotes; null if there is none. Call it once for each row, in order. */
  print(row: CopiedRow): string | null;
  /** The sum of all printed values; null if the column has no sum. */
  total(): string | null;
  /** The sums by currency, only for a column of amounts. */
  sums?(): [currency: string, amount: string][];
}

/** The sums of the amounts in a file by currency; undefined for a report without amounts. */
export function amountTotals(columns: readonly PrintedColumn[]): Record<string, string> | undefined {
  const sums = columns.find((column) => column.sums !== undefined)?.sums?.();
  return sums && Object.fromEntries(sums);
}

/** The columns to read from the database, in this order. Hours are computed from minutes. */
export const askedFor = ({ columns }: Report): string[] =>
  columns.filter(({ type }) => type !== 'hours').map(({ name }) => name);

/** The rows of a report with only these columns. */
export function statementOf(report: Report, visibility: Visibility, filter: ReportFilter, now: Date): Statement {
  const { sql, ...statement } = report.rows(visibility, filter, now);
  const names = askedFor(report).map((name) => `"${name}"`);
  return { ...statement, sql: `select ${names.join(', ')} from (${sql}) as report` };
}

/** How the values of a file are printed. */
export interface Printing {
  /** The language in which codes are printed as words. Without it, codes stay codes. */
  language?: Language;
  /**
   * `rounded` (default): two decimal places that add up over the rows. `exact`: for cells that a spreadsheet rounds
   * itself.
   */
  hours?: 'rounded' | 'exact';
}

/** The columns of one file, at its first row. Rows contain the columns of `askedFor`. */
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
          ? minutesColumn(column, place, (minutes) => String(minutes / minutesPerHour))
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

/** The total of the report in minutes. */
export function totalMinutes({ totalOf }: Report, columns: readonly PrintedColumn[]): string {
  return columns.find(({ column }) => column.name === totalOf)?.total() ?? '0';
}

/** A column of minutes and their sum, both as `shown` prints them. */
function minutesColumn(column: Column, place: number, shown: (minutes: number) => string = String): PrintedColumn {
  let sumMinutes = 0;
  return {
    column,
    print(row) {
      const minutes = minutesIn(row, place, column);
      sumMinutes += minutes;
      return shown(minutes);
    },
    total: () => shown(sumMinutes),
  };
}

/**
 * The rows of each subscription add up to its rounded hours (§12). A report without subscriptions is rounded as a
 * whole.
 */
function roundedHoursColumn(column: Column, place: number, subscriptionPlace: number | undefined): PrintedColumn {
  const hours = hoursByGroup();
  const groupOf = subscriptionPlace === undefined ? () => '' : (row: CopiedRow) => row[subscriptionPlace]!;
  return {
    column,
    print: (row) => hours.print(groupOf(row), minutesIn(row, place, column)),
    total: () => hours.total(),
  };
}

function minutesIn(row: CopiedRow, place: number, column: Column): number {
  const minutes = Number(row[place] ?? Number.NaN);
  if (!Number.isSafeInteger(minutes)) throw new Error(`Column ${column.name} of a report holds no minutes`);
  return minutes;
}

/** Words as bytes, like the rows. A code without a word stays a code. */
function wordPrinter(words: CodeWords, language: Language, place: number): (row: CopiedRow) => string | null {
  const printed = new Map(Object.entries(words).map(([code, word]) => [code, bytesOf(word[language])]));
  return (row) => {
    const code = row[place]!;
    return code === null ? null : (printed.get(code) ?? code);
  };
}

/** Exact sums of amounts by currency. All amounts in a currency have the same number of decimal places. */
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

  /** The sums by currency. */
  sums(): [currency: string, amount: string][] {
    const sums = [...this.#byCurrency].map(([currency, { units, decimals }]): [string, string] => [
      currency,
      decimalText(units, decimals),
    ]);
    return sums.sort(([one], [other]) => (one < other ? -1 : 1));
  }

  /** A single sum as a number; several with their currencies, `1185180 JPY; 120.50 USD`; null without amounts. */
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

/** Converts PostgreSQL's `2026-04-20 09:30:00.12+00` to `2026-04-20T09:30:00.120Z`, as in RFC 3339 and the API. */
const instantText = (value: string | null): string | null =>
  value === null ? null : `${value.slice(0, 10)}T${value.slice(11, 19)}.${(value.slice(20, -3) + '000').slice(0, 3)}Z`;
