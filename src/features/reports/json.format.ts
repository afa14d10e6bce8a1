import { amountsMember, jsonPrinter } from './json-row.js';
import { printedColumns, totalMinutes } from './printed-columns.js';
import type { ReportFormat } from './report-format.js';

/** `{data, rowCount, totalMinutes}`. The keys are always the stable names. Text stays unchanged. */
export const json: ReportFormat = {
  mediaType: () => 'application/json; charset=utf-8',
  async *write(report, batches) {
    const columns = printedColumns(report);
    const print = jsonPrinter(columns);
    let rowCount = 0;
    yield '{"data":[';
    for await (const rows of batches) {
      yield Buffer.from(`${rowCount > 0 ? ',' : ''}\n${rows.map(print).join(',\n')}`, 'latin1');
      rowCount += rows.length;
    }
    yield `\n],"rowCount":${rowCount},"totalMinutes":${totalMinutes(report, columns)}${amountsMember(columns)}}\n`;
  },
};
