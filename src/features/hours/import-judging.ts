import { sightOf, type Actor } from '../../domain/access.js';
import { Refusal } from '../../domain/refusals.js';
import type { Line } from './bookkeeping.js';
import type { Books } from './books.js';
import type { ImportRow } from './import-row.js';
import type { Judged } from './import-tally.js';
import type { TakenRows } from './import.store.js';

/** What is asked of the desk: the rows that are not taken yet, and for a portfolio all, as some may lie in somebody else's. */
export function linesOf(rows: readonly ImportRow[], actor: Actor, taken: TakenRows = noRows): Line[] {
  const skipped = seesAll(actor) ? taken : noRows;
  return rows.flatMap((row): Line[] =>
    'entry' in row && !skipped.has(row.line)
      ? [{ kind: 'log', subscriptionId: row.subscriptionId, entry: row.entry }]
      : [],
  );
}

/**
 * A row that was taken before counts as accepted, whatever has become of its entry: but not for somebody who may not see
 * what it is about, and not where what it names can no longer be read and so nobody can tell.
 */
export function judge(row: ImportRow, taken: TakenRows, actor: Actor, books: Books): Judged {
  const minutes = taken.get(row.line);
  if (minutes !== undefined && seesAll(actor)) return { minutes, before: true };
  if ('refusal' in row) return { refusal: row.refusal };
  try {
    if (minutes === undefined) books.log(actor, row.subscriptionId, row.entry);
    else books.see(actor, row.subscriptionId);
    return { minutes: minutes ?? row.entry.minutes, before: minutes !== undefined };
  } catch (error) {
    if (error instanceof Refusal) return { refusal: error };
    throw error;
  }
}

const noRows: TakenRows = new Map();

const seesAll = (actor: Actor): boolean => sightOf(actor, 'time-entries.log').kind === 'all';

/** The minutes of the rows that were accepted, but for those that had been before. */
export function newlyTaken(rows: readonly ImportRow[], judged: readonly Judged[]): TakenRows {
  const taken = new Map<number, number>();
  for (const [at, one] of judged.entries()) {
    if ('minutes' in one && !one.before) taken.set(rows[at]!.line, one.minutes);
  }
  return taken;
}
