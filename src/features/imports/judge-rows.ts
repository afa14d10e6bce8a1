import type { Actor } from '../../domain/access.js';
import { Refusal } from '../../domain/refusal.js';
import type { BookingItem } from '../hours/booking-item.js';
import type { BulkLedger } from '../hours/bulk-ledger.js';
import type { ComparedRow, ImportRow } from './import-row.js';
import type { RowOutcome } from './import-tally.js';

/** What the rows would book. Which of them are booked already shows only under the locks of these items. */
export function itemsOf(rows: readonly ImportRow[]): BookingItem[] {
  return rows.flatMap((row): BookingItem[] =>
    'entry' in row ? [{ kind: 'log', subscriptionId: row.subscriptionId, entry: row.entry }] : [],
  );
}

/** The equality keys of the rows that are compared. */
export function keysOf(rows: readonly ComparedRow[]): number[] {
  return [...new Set(rows.flatMap(({ compared }) => (compared ? [compared.key] : [])))];
}

/**
 * Books a row unless enough equal entries stand already (§5). For example, the third of three equal rows is booked only if fewer
 * than three equal entries stand. So a file that is sent twice, at the same time or after a crash, is booked once.
 */
export function judgeRow(
  row: ComparedRow,
  equalCounts: ReadonlyMap<string, number>,
  actor: Actor,
  ledger: BulkLedger,
): RowOutcome {
  if ('refusal' in row) return row;
  const { compared, subscriptionId, entry } = row;
  try {
    if (compared !== undefined && (equalCounts.get(compared.text) ?? 0) >= compared.occurrence) {
      ledger.refuseUnseen(actor, subscriptionId);
      return { present: true };
    }
    if (row.unlessPresent !== undefined) return row.unlessPresent;
    ledger.log(actor, subscriptionId, entry);
    return { minutes: entry.minutes };
  } catch (error) {
    if (error instanceof Refusal) return { refusal: error };
    throw error;
  }
}

/** Counts the outcomes of rows. */
export function countsOf(outcomes: readonly RowOutcome[]) {
  const counts = { accepted: 0, present: 0, refused: 0, minutes: 0 };
  for (const outcome of outcomes) {
    if ('refusal' in outcome) counts.refused += 1;
    else if ('present' in outcome) counts.present += 1;
    else {
      counts.accepted += 1;
      counts.minutes += outcome.minutes;
    }
  }
  return counts;
}
