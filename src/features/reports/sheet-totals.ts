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
 * sheets, of which this row is on the last, beside the values that they give.
 */
export function totalCells(
  columns: readonly SheetColumn[],
  sheets: readonly SheetSize[],
  rowCount: number,
  number: number,
): string {
  const ranges = ({ letters }: SheetColumn): string[] =>
    sheets.map(({ name, lastRow }, at) => {
      const range = `${letters}2:${letters}${lastRow}`;
      return at < sheets.length - 1 ? rangeIn(name, range) : range;
    });
  const cell = (style: StyleName, { letters }: SheetColumn, value: string, formula: string): string =>
    numberCell(style, value, `${letters}${number}`, rowCount > 0 ? formula : undefined);
  return columns
    .map((column, at) => {
      const text = textCell('totalText', column.letters);
      if (at === 0) return text('TOTAL', String(number));
      if (at === 1) {
        const formula = ranges(column).map((range) => `ROWS(${range})`);
        return cell('totalMinutes', column, String(rowCount), formula.join('+'));
      }
      const total = column.total();
      if (total === null) return text('', String(number));
      return cell(totalStyle(column, total), column, total, sumOf(ranges(column), decimalsOf(total)));
    })
    .join('');
}

/** What programs add in binary is a little off what it is in decimals. */
const sumOf = (ranges: readonly string[], decimals: number): string =>
  decimals > 0 ? `ROUND(SUM(${ranges.join()}),${decimals})` : `SUM(${ranges.join()})`;

const totalStyles: Partial<Record<number, StyleName>> = { 0: 'totalAmount0', 2: 'totalAmount2', 3: 'totalAmount3' };

function totalStyle({ column }: SheetColumn, total: string): StyleName {
  if (column.type === 'hours') return 'totalHours';
  return column.type === 'amount' ? (totalStyles[decimalsOf(total)] ?? 'totalMinutes') : 'totalMinutes';
}
