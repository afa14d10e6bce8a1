import { printedColumns, totalMinutes, type PrintedColumn } from './printed-columns.js';
import type { ReportFormat } from './report-format.js';

/** `{data, rowCount, totalMinutes}`: the keys are the stable names, whatever the headings of tables, and the text stays as it is. */
export const json: ReportFormat = {
  mediaType: 'application/json; charset=utf-8',
  async *write(report, batches) {
    const columns = printedColumns(report);
    let rowCount = 0;
    yield '{"data":[';
    for await (const rows of batches) {
      const lines = rows.map((row) => `{${columns.map((printed) => member(printed, printed.print(row))).join(',')}}`);
      yield `${rowCount > 0 ? ',' : ''}\n${lines.join(',\n')}`;
      rowCount += rows.length;
    }
    yield `\n],"rowCount":${rowCount},"totalMinutes":${totalMinutes(report, columns)}}\n`;
  },
};

const numeric = new Set(['number', 'minutes', 'hours']);

function member({ column }: PrintedColumn, value: string | null): string {
  return `"${column.name}":${value === null || numeric.has(column.type) ? value : JSON.stringify(value)}`;
}
