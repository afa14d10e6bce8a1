import type { CopiedRow } from '../../platform/database/snapshot.js';
import type { Language } from '../../domain/language.js';
import type { Report } from './report.js';

/** `cp932` is what Excel of Windows in Japanese took before it knew UTF-8. */
export const charsets = ['utf-8', 'cp932'] as const;
export type Charset = (typeof charsets)[number];

/** What stands between the cells of a CSV file. */
export const delimiters = { comma: ',', semicolon: ';', tab: '\t' } as const;
export type Delimiter = keyof typeof delimiters;
export const delimiterNames = Object.keys(delimiters) as Delimiter[];

/** What a format has no use for, it does not look at: JSON has no headings, and only CSV has an encoding to choose. */
export interface FileOptions {
  /** The language of the headings and of the words under them; without it they are stable names and codes. */
  headings?: Language;
  /** Whether a CSV file begins with a byte order mark, by which Excel knows UTF-8. */
  bom?: boolean;
  /** The encoding of a CSV file, `utf-8` without it. */
  charset?: Charset;
  /** The delimiter of a CSV file, `comma` without it. */
  delimiter?: Delimiter;
}

/** One way to write a report down, a piece for each batch of rows, closed by a trailer with the row count and the totals. */
export interface ReportFormat {
  /** The content type of the file. */
  mediaType(options: FileOptions): string;
  /** The rows are read as `bytes`. */
  write(
    report: Report,
    batches: AsyncIterable<readonly CopiedRow[]>,
    options: FileOptions,
  ): AsyncIterable<string | Uint8Array>;
}
