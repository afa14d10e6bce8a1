/** The same items in order, in lots of so many; the last one may be smaller. */
export async function* chunksOf<Item>(lots: AsyncIterable<readonly Item[]>, size: number): AsyncGenerator<Item[]> {
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
