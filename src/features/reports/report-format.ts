import type { CopiedRow } from '../../platform/database/snapshot.js';
import type { Language } from '../../domain/language.js';
import type { Report } from './report.js';

/** `cp932` is for older versions of Excel on Japanese Windows, which do not read UTF-8. */
export const charsets = ['utf-8', 'cp932'] as const;
export type Charset = (typeof charsets)[number];

/** The delimiters of CSV files. */
export const delimiters = { comma: ',', semicolon: ';', tab: '\t' } as const;
export type Delimiter = keyof typeof delimiters;
export const delimiterNames = Object.keys(delimiters) as Delimiter[];

/**
 * Options of a format. A format ignores options that it does not have: JSON has no headings, and only CSV has an
 * encoding.
 */
export interface FileOptions {
  /** The language of headings and words. Without it, headings are stable names and codes stay codes. */
  headings?: Language;
  /** Whether a CSV file begins with a byte order mark, by which Excel recognises UTF-8. */
  bom?: boolean;
  /** The encoding of a CSV file. Default: `utf-8`. */
  charset?: Charset;
  /** The delimiter of a CSV file. Default: `comma`. */
  delimiter?: Delimiter;
}

/** Writes a report: a piece for each batch of rows, and a trailer with the row count and the totals. */
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
