import type { Refusal } from '../../domain/refusal.js';
import type { TimeEntry } from '../../domain/time-entry.js';

/**
 * A row of an imported file as far as it could be read: the entry it stands for, or why it stands for none. `line` is the
 * line of the file on which it begins, counted from 1 as an editor shows it.
 */
export type ImportRow = { line: number } & (ReadRow | UnreadableRow);

export interface ReadRow {
  entry: TimeEntry;
  subscriptionId: string;
  /** Of a row of our own reports whose entry is in the books: why it is not booked where no equal entry stands. */
  unlessPresent?: UnreadableRow;
}

/** A row of a file with its place among the equal rows of the file; unreadable rows are compared with nothing. */
export type ComparedRow = ImportRow & { compared?: Comparison };

export interface Comparison {
  /** `equalityText` of the entry. */
  text: string;
  key: number;
  /** 1 for the first of equal rows, 2 for the next: it is present where the books hold as many. */
  occurrence: number;
}

export interface UnreadableRow {
  refusal: Refusal;
  /** The heading of the column at fault as the file writes it, and what stands there, shortened. */
  column?: string;
  value?: string;
}

/** An import that is all or nothing is one transaction, and must not hold its locks for long. */
export const mostAtomicRows = 10_000;
