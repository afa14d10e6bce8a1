import type { Actor } from '../../domain/access.js';
import { Refusal } from '../../domain/refusal.js';
import type { BookingItem } from './booking-item.js';
import type { WorkingLedger } from './working-ledger.js';
import type { ComparedRow, ImportRow } from './import-row.js';
import type { RowOutcome } from './import-tally.js';
import type { StandingEntries } from './import.store.js';

/** What rows ask of the desk. Those that turn out to be present ask for nothing, but that shows only under their locks. */
export function itemsOf(rows: readonly ImportRow[]): BookingItem[] {
  return rows.flatMap((row): BookingItem[] =>
    'entry' in row ? [{ kind: 'log', subscriptionId: row.subscriptionId, entry: row.entry }] : [],
  );
}

/** The keys under which `standing` counts entries that equal some rows. */
export function keysOf(rows: readonly ComparedRow[]): number[] {
  return [...new Set(rows.flatMap(({ compared }) => (compared ? [compared.key] : [])))];
}

/**
 * Books a row unless the books hold enough equal entries (§5). The third of equal rows is missing as long as there are fewer
 * than three, whoever has booked them: so a file sent twice, at the same time or after a kill, is booked once.
 */
export function judgeRow(row: ComparedRow, standing: StandingEntries, actor: Actor, books: WorkingLedger): RowOutcome {
  if ('refusal' in row) return row;
  const { compared, subscriptionId, entry } = row;
  try {
    if (compared !== undefined && (standing.get(compared.text) ?? 0) >= compared.occurrence) {
      books.see(actor, subscriptionId);
      return { present: true };
    }
    if (row.unlessPresent !== undefined) return row.unlessPresent;
    books.log(actor, subscriptionId, entry);
    return { minutes: entry.minutes };
  } catch (error) {
    if (error instanceof Refusal) return { refusal: error };
    throw error;
  }
}

/** What became of some rows, in numbers. */
export function countsOf(judged: readonly RowOutcome[]) {
  const counts = { accepted: 0, present: 0, refused: 0, minutes: 0 };
  for (const one of judged) {
    if ('refusal' in one) counts.refused += 1;
    else if ('present' in one) counts.present += 1;
    else {
      counts.accepted += 1;
      counts.minutes += one.minutes;
    }
  }
  return counts;
}
