import type { CopiedRow } from '../../platform/database/snapshot.js';
import { textOf } from './byte-text.js';
import { printedColumns, type PrintedColumn, type Printing } from './printed-columns.js';
import type { Column, Report } from './report.js';

/** The first rows of a file as its cells print them, and what its last line will say. */
export interface ReportPreview {
  columns: readonly Column[];
  /** The cells of the first rows, in the order of the columns; null for an empty one. */
  rows: readonly (readonly (string | null)[])[];
  /** The number of all rows. */
  rowCount: number;
  /** The sum over all rows in the order of the columns; null for a column without a sum. */
  totals: readonly (string | null)[];
}

/** The sums of all rows that a statement has added up, by column. */
export type ReportSums = { rows: number } & Readonly<Record<string, string | number>>;

/**
 * Prints the first rows as a file in this language would. Without `sums`, it reads all rows and adds them up; only the first rows
 * stay in memory.
 */
export async function previewOf(
  report: Report,
  batches: AsyncIterable<readonly CopiedRow[]>,
  printing: Printing,
  mostRows: number,
  sums?: ReportSums,
): Promise<ReportPreview> {
  const columns = printedColumns(report, printing);
  const rows: (string | null)[][] = [];
  let rowCount = 0;
  for await (const batch of batches) {
    for (const row of batch) {
      const cells = columns.map((column) => column.print(row));
      if (rowCount++ < mostRows) rows.push(cells.map((cell) => cell && textOf(cell)));
    }
  }
  return {
    columns: report.columns,
    rows,
    rowCount: sums?.rows ?? rowCount,
    totals: columns.map((column) => (sums === undefined ? column.total() : summed(column, sums))),
  };
}

/** Columns of minutes and hours are the only ones that a statement adds up. */
function summed({ column }: PrintedColumn, sums: ReportSums): string | null {
  const sum = sums[column.name];
  return sum === undefined ? null : String(sum);
}
