import type { CopiedRow } from '../../platform/snapshot.js';
import type { Report } from './report.js';

export interface FileOptions {
  /** The language of the headings of a table; without it they are the stable names of the columns. */
  headings?: 'en' | 'ja';
  /** Whether a text file begins with a byte order mark, by which Excel knows UTF-8. */
  bom?: boolean;
}

/** One way to write a report down, a piece for each batch of rows, closed by a trailer with the row count and the totals. */
export interface ReportFormat {
  readonly mediaType: string;
  write(
    report: Report,
    batches: AsyncIterable<readonly CopiedRow[]>,
    options: FileOptions,
  ): AsyncIterable<string | Uint8Array>;
}
