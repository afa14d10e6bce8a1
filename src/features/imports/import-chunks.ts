import { equalityText } from '../../domain/equal-entries.js';
import { equalityKey } from '../hours/equality-key.js';
import type { ComparedRow, ImportRow } from './import-row.js';
import { Occurrences } from './occurrences.js';

/** Numbers the equal rows of a file in the order of lines. The file has at most `rowCount` rows. */
export async function* compared(
  portions: AsyncIterable<readonly ImportRow[]>,
  rowCount: number,
): AsyncGenerator<ComparedRow[]> {
  const occurrences = new Occurrences(rowCount);
  for await (const portion of portions) {
    yield portion.map((row): ComparedRow => {
      if (!('entry' in row)) return row;
      const text = equalityText(row.subscriptionId, row.entry);
      const keys = equalityKey(text);
      return { ...row, compared: { text, key: keys.key, occurrence: occurrences.next(keys) } };
    });
  }
}

/**
 * The same rows in chunks, each in the order of lines. Within a window of some thousand rows, the rows of one subscription come
 * together. Otherwise each chunk would have rows of all subscriptions, because most files are in the order of days.
 */
export async function* chunksOf(
  portions: AsyncIterable<readonly ComparedRow[]>,
  { rowsOfChunk, rowsOfWindow }: { rowsOfChunk: number; rowsOfWindow: number },
): AsyncGenerator<ComparedRow[]> {
  for await (const window of inPortions(portions, rowsOfWindow)) {
    // `splice` leaves no reference to the rows here, so that the next window is read while this one is freed.
    const rows = bySubscription(window.splice(0));
    while (rows.length > 0) yield rows.splice(0, rowsOfChunk).sort((one, other) => one.line - other.line);
  }
}

/** Groups rows by subscription, in the order of first rows. Rows without a subscription are one group. */
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

/** The same items in portions of `size`. The last portion may be smaller. */
async function* inPortions<Item>(portions: AsyncIterable<readonly Item[]>, size: number): AsyncGenerator<Item[]> {
  let next: Item[] = [];
  for await (const portion of portions) {
    for (const item of portion) {
      next.push(item);
      if (next.length < size) continue;
      yield next;
      next = [];
    }
  }
  if (next.length > 0) yield next;
}

/** Reads one item ahead of the consumer, and no further, so that little is in memory. */
export async function* readAhead<Item>(items: AsyncGenerator<Item>): AsyncGenerator<Item> {
  let next = items.next();
  try {
    for (;;) {
      const read = await next;
      if (read.done) return;
      next = items.next();
      // A read error is thrown in its turn. Until then Node must not report it as unhandled.
      next.catch(() => undefined);
      yield read.value;
    }
  } finally {
    await next.catch(() => undefined);
    await items.return(undefined);
  }
}
