import { printedColumns, type PrintedColumn } from './printed-columns.js';
import type { ReportFormat } from './report-format.js';

/** RFC 4180: a header, the rows, and a last record `TOTAL, row count, …` with the sums under their columns. */
export const csv: ReportFormat = {
  mediaType: 'text/csv; charset=utf-8; header=present',
  async *write(report, batches, { headings, bom }) {
    const columns = printedColumns(report);
    yield (bom === true ? '\uFEFF' : '') + record(report.columns.map((column) => quoted(column[headings ?? 'name'])));
    let rowCount = 0;
    for await (const rows of batches) {
      rowCount += rows.length;
      yield rows.map((row) => record(columns.map((printed) => cell(printed, printed.print(row))))).join('');
    }
    yield record(['TOTAL', String(rowCount), ...columns.slice(2).map((printed) => printed.total() ?? '')]);
  },
};

const record = (cells: string[]): string => `${cells.join(',')}\r\n`;

function cell({ column }: PrintedColumn, value: string | null): string {
  if (value === null) return '';
  return column.type === 'text' ? quoted(harmless(value)) : value;
}

/** A spreadsheet would run text that begins like this as a formula; after an apostrophe it is text. Numbers are not text. */
const harmless = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
