import { amountsMember, jsonPrinter } from './json-row.js';
import { printedColumns, totalMinutes } from './printed-columns.js';
import type { ReportFormat } from './report-format.js';

/** One row per line, as in JSON, and a last line `{"trailer":{"rowCount":…,"totalMinutes":…}}`. */
export const ndjson: ReportFormat = {
  mediaType: () => 'application/x-ndjson; charset=utf-8',
  async *write(report, batches) {
    const columns = printedColumns(report);
    const print = jsonPrinter(columns);
    let rowCount = 0;
    for await (const rows of batches) {
      rowCount += rows.length;
      yield Buffer.from(rows.map((row) => `${print(row)}\n`).join(''), 'latin1');
    }
    yield `{"trailer":{"rowCount":${rowCount},"totalMinutes":${totalMinutes(report, columns)}${amountsMember(columns)}}}\n`;
  },
};
