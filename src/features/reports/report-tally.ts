import type { CopiedRow } from '../../platform/database/snapshot.js';
import { askedFor } from './printed-columns.js';
import type { Report } from './report.js';

/** Counts the rows of a file while it is being written, and adds up the total minutes of the report. */
export class ReportTally {
  rowCount = 0;
  /** Null for a report without a total. */
  totalMinutes: number | null;
  readonly #place: number;

  constructor(report: Report) {
    this.#place = report.totalOf === undefined ? -1 : askedFor(report).indexOf(report.totalOf);
    this.totalMinutes = this.#place < 0 ? null : 0;
  }

  async *counting(batches: AsyncIterable<readonly CopiedRow[]>): AsyncGenerator<readonly CopiedRow[], void> {
    for await (const rows of batches) {
      this.rowCount += rows.length;
      if (this.totalMinutes !== null) for (const row of rows) this.totalMinutes += Number(row[this.#place]);
      yield rows;
    }
  }
}
