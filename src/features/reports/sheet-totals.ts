import type { PrintedColumn } from './printed-columns.js';
import { decimalsOf, numberCell, textCell } from './sheet-cells.js';
import type { StyleName } from './sheet-styles.js';
import { rangeIn, type SheetSize } from './workbook.js';

/** A column of a sheet, with its letters for formulas. */
export interface SheetColumn extends PrintedColumn {
  letters: string;
}

/**
 * The cells of the last row: `TOTAL`, the row count, and the sums in their columns. They are formulas over all
 * sheets, with their present results. This row is on the last sheet. The sums follow the filter: hidden rows do not
 * count.
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

/** The rows below the totals if amounts have several currencies: one sum for each, which follows the filter too. */
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

  /** SUBTOTAL finds hidden rows, one row at a time. The comparison selects the currency. */
  function visibleIn(currency: string, sheet: number): string {
    const [amount, code] = [rangeOf(amounts!, sheets, sheet), rangeOf(currencies, sheets, sheet)];
    const first = amount.replace(/:.*$/, '');
    return `SUMPRODUCT((${code}="${currency}")*SUBTOTAL(${summed},OFFSET(${first},ROW(${amount})-ROW(${first}),0)))`;
  }
}

/** The function numbers of SUBTOTAL that ignore hidden rows. */
const counted = 103;
const summed = 109;

const subtotal = (what: number, column: SheetColumn, sheets: readonly SheetSize[]): string =>
  `SUBTOTAL(${what},${sheets.map((_, at) => rangeOf(column, sheets, at)).join()})`;

/** The rows of a column on one sheet, as a formula on the last sheet refers to them. */
function rangeOf({ letters }: SheetColumn, sheets: readonly SheetSize[], at: number): string {
  const { name, lastRow } = sheets[at]!;
  const range = `${letters}2:${letters}${lastRow}`;
  return at < sheets.length - 1 ? rangeIn(name, range) : range;
}

/** Programs add in binary, so a sum can be slightly off in decimals. */
const rounded = (formula: string, decimals: number): string =>
  decimals > 0 ? `ROUND(${formula},${decimals})` : formula;

const totalStyles: Partial<Record<number, StyleName>> = { 0: 'totalAmount0', 2: 'totalAmount2', 3: 'totalAmount3' };

function totalStyle({ column }: SheetColumn, total: string): StyleName {
  if (column.type === 'hours') return 'totalHours';
  return column.type === 'amount' ? (totalStyles[decimalsOf(total)] ?? 'totalMinutes') : 'totalMinutes';
}
