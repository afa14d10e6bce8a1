import type { Refusal } from '../../domain/refusal.js';
import type { TimeEntry } from '../../domain/time-entry.js';

/**
 * A row of an imported file: the entry that it describes, or why it cannot be read as one. `line` is the line on which the row
 * begins, counted from 1 as in an editor.
 */
export type ImportRow = { line: number } & (ReadRow | UnreadableRow);

export interface ReadRow {
  entry: TimeEntry;
  subscriptionId: string;
  /** For a row of one of our own reports, whose entry was booked here: why it is refused if no equal entry stands. */
  unlessPresent?: UnreadableRow;
}

/** A row with its place among the equal rows of its file. Unreadable rows are not compared. */
export type ComparedRow = ImportRow & { compared?: Comparison };

export interface Comparison {
  /** `equalityText` of the entry. */
  text: string;
  key: number;
  /** 1 for the first of equal rows, 2 for the next. A row is present if at least as many equal entries stand. */
  occurrence: number;
}

export interface UnreadableRow {
  refusal: Refusal;
  /** The heading of the faulty column as the file writes it, and the text of the cell, shortened. */
  column?: string;
  value?: string;
}

/** An atomic import is one transaction, which must not keep its locks for long. */
export const mostAtomicRows = 10_000;
