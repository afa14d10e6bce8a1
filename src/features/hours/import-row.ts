import type { Refusal } from '../../domain/refusals.js';
import type { TimeEntry } from '../../domain/time-entry.js';

/**
 * A row of an imported file as far as it could be read: the entry it stands for, or why it stands for none. `line` is the
 * line of the file on which it begins, counted from 1 as an editor shows it.
 */
export type ImportRow = { line: number } & (ReadRow | UnreadableRow);

export interface ReadRow {
  entry: TimeEntry;
  subscriptionId: string;
}

export interface UnreadableRow {
  refusal: Refusal;
  /** The heading of the column at fault as the file writes it, and what stands there, shortened. */
  column?: string;
  value?: string;
}

/** An import that is all or nothing is one transaction, and must not hold its locks for long. */
export const mostAtomicRows = 10_000;
