import type { PrintedColumn } from './printed-columns.js';
import { decimalsOf, numberCell, textCell } from './sheet-cells.js';
import type { StyleName } from './sheet-styles.js';
import { rangeIn, type SheetSize } from './workbook.js';

/** A column of a sheet, with the letters by which formulas know it. */
export interface SheetColumn extends PrintedColumn {
  letters: string;
}

/**
 * The cells of the row below all others: `TOTAL`, the row count, and the sums under their columns. They are formulas over all
 * sheets, of which this row is on the last, beside the values that they give. They follow the filter: hidden rows do not count.
 */
export function totalCells(
  columns: readonly SheetColumn[],
  sheets: readonly SheetSize[],
  rowCount: number,
  number: number,
): string {
  const cell = (style: StyleName, { letters }: SheetColumn, value: string, formula: string): string =>
    numberCell(style, value, `${letters}${number}`, rowCount > 0 ? formula : undefined);
  return columns
    .map((column, at) => {
      const text = textCell('totalText', column.letters);
      if (at === 0) return text('TOTAL', String(number));
      // The first column of every report has a value in every row.
      if (at === 1) return cell('totalMinutes', column, String(rowCount), subtotal(counted, columns[0]!, sheets));
      const total = column.total();
      if (total === null || (column.sums?.() ?? []).length > 1) return text('', String(number));
      if (column.column.type === 'code') return text(total, String(number));
      const sum = subtotal(summed, column, sheets);
      const decimals = column.column.type === 'hours' ? 0 : decimalsOf(total);
      return cell(totalStyle(column, total), column, total, rounded(sum, decimals));
    })
    .join('');
}

/** The rows below the totals, where amounts are in several currencies: a sum for each, which follows the filter too. */
export function currencyRows(
  columns: readonly SheetColumn[],
  sheets: readonly SheetSize[],
  firstNumber: number,
): string {
  const amounts = columns.find((column) => column.sums !== undefined);
  const sums = amounts?.sums?.() ?? [];
  if (amounts?.column.type !== 'amount' || sums.length < 2) return '';
  const { currencyIn } = amounts.column;
  const currencies = columns.find(({ column }) => column.name === currencyIn)!;
  return sums
    .map(([currency, sum], at) => {
      const number = firstNumber + at;
      const formula = sheets.map((_, sheet) => visibleIn(currency, sheet)).join('+');
      const cells = [
        textCell('totalText', columns[0]!.letters)('TOTAL', String(number)),
        numberCell(totalStyle(amounts, sum), sum, `${amounts.letters}${number}`, rounded(formula, decimalsOf(sum))),
        textCell('totalText', currencies.letters)(currency, String(number)),
      ];
      return `<row r="${number}">${cells.join('')}</row>`;
    })
    .join('');

  /** SUBTOTAL sees which rows are hidden, one row at a time; the comparison keeps those in the currency. */
  function visibleIn(currency: string, sheet: number): string {
    const [amount, code] = [rangeOf(amounts!, sheets, sheet), rangeOf(currencies, sheets, sheet)];
    const first = amount.replace(/:.*$/, '');
    return `SUMPRODUCT((${code}="${currency}")*SUBTOTAL(${summed},OFFSET(${first},ROW(${amount})-ROW(${first}),0)))`;
  }
}

/** What SUBTOTAL does with the rows that are not hidden. */
const counted = 103;
const summed = 109;

const subtotal = (what: number, column: SheetColumn, sheets: readonly SheetSize[]): string =>
  `SUBTOTAL(${what},${sheets.map((_, at) => rangeOf(column, sheets, at)).join()})`;

/** The rows of a column on one of the sheets, as a formula on the last sheet names them. */
function rangeOf({ letters }: SheetColumn, sheets: readonly SheetSize[], at: number): string {
  const { name, lastRow } = sheets[at]!;
  const range = `${letters}2:${letters}${lastRow}`;
  return at < sheets.length - 1 ? rangeIn(name, range) : range;
}

/** What programs add in binary is a little off what it is in decimals. */
const rounded = (formula: string, decimals: number): string =>
  decimals > 0 ? `ROUND(${formula},${decimals})` : formula;

const totalStyles: Partial<Record<number, StyleName>> = { 0: 'totalAmount0', 2: 'totalAmount2', 3: 'totalAmount3' };

function totalStyle({ column }: SheetColumn, total: string): StyleName {
  if (column.type === 'hours') return 'totalHours';
  return column.type === 'amount' ? (totalStyles[decimalsOf(total)] ?? 'totalMinutes') : 'totalMinutes';
}
