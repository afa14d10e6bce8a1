import { equalityText } from '../../domain/equal-entries.js';
import { equalityKey } from './equality-key.js';
import type { ComparedRow, ImportRow } from './import-row.js';
import { Occurrences } from './occurrences.js';

/** Numbers the equal rows of a file in the order of its lines. `rows` is the most that the file holds. */
export async function* compared(
  lots: AsyncIterable<readonly ImportRow[]>,
  rowCount: number,
): AsyncGenerator<ComparedRow[]> {
  const occurrences = new Occurrences(rowCount);
  for await (const lot of lots) {
    yield lot.map((row): ComparedRow => {
      if (!('entry' in row)) return row;
      const text = equalityText(row.subscriptionId, row.entry);
      const keys = equalityKey(text);
      return { ...row, compared: { text, key: keys.key, occurrence: occurrences.next(keys) } };
    });
  }
}

/**
 * The same rows in chunks of at most so many, each in the order of its lines. Within a window of some thousand rows those of
 * one subscription come together: files are mostly in order of days, and each chunk would have rows of all subscriptions.
 */
export async function* chunksOf(
  lots: AsyncIterable<readonly ComparedRow[]>,
  { rowsOfChunk, rowsOfWindow }: { rowsOfChunk: number; rowsOfWindow: number },
): AsyncGenerator<ComparedRow[]> {
  for await (const window of lotsOf(lots, rowsOfWindow)) {
    // Nobody but who books them holds on to rows, so that of two windows little more than one is in memory.
    const rows = bySubscription(window.splice(0));
    while (rows.length > 0) yield rows.splice(0, rowsOfChunk).sort((one, other) => one.line - other.line);
  }
}

/** Subscriptions in the order of their first rows; rows that name none are together. */
function bySubscription(rows: readonly ComparedRow[]): ComparedRow[] {
  const groups = new Map<string | undefined, ComparedRow[]>();
  for (const row of rows) {
    const subscriptionId = 'entry' in row ? row.subscriptionId : undefined;
    const group = groups.get(subscriptionId);
    if (group) group.push(row);
    else groups.set(subscriptionId, [row]);
  }
  return [...groups.values()].flat();
}

/** The same items in order, in lots of so many; the last one may be smaller. */
async function* lotsOf<Item>(lots: AsyncIterable<readonly Item[]>, size: number): AsyncGenerator<Item[]> {
  let waiting: Item[] = [];
  for await (const lot of lots) {
    for (const item of lot) {
      waiting.push(item);
      if (waiting.length < size) continue;
      yield waiting;
      waiting = [];
    }
  }
  if (waiting.length > 0) yield waiting;
}

/** Reads the next item while the one before it is being worked on; no further, so that little is held in memory. */
export async function* readAhead<Item>(items: AsyncGenerator<Item>): AsyncGenerator<Item> {
  let next = items.next();
  try {
    for (;;) {
      const read = await next;
      if (read.done) return;
      next = items.next();
      // What cannot be read is told when it is its turn, and not as a rejection that nobody waits for.
      next.catch(() => undefined);
      yield read.value;
    }
  } finally {
    await next.catch(() => undefined);
    await items.return(undefined);
  }
}
