import type { CopiedRow } from '../../platform/database/snapshot.js';

/** Reads rows one by one from batches. It can also look ahead at the first rows. */
export class RowReader {
  readonly #batches: AsyncIterator<readonly CopiedRow[], unknown>;
  #batch: readonly CopiedRow[] = [];
  #at = 0;

  constructor(batches: AsyncIterable<readonly CopiedRow[]>) {
    this.#batches = batches[Symbol.asyncIterator]();
  }

  /** Returns the next row if it has already been read. Most have, and awaiting costs more than writing a cell. */
  atHand(): CopiedRow | undefined {
    return this.#at < this.#batch.length ? this.#batch[this.#at++] : undefined;
  }

  /** Reads the next row; undefined at the end. Call it when `ready` returns none. */
  async next(): Promise<CopiedRow | undefined> {
    return (await this.ended()) ? undefined : this.atHand();
  }

  async ended(): Promise<boolean> {
    return (await this.ahead(1)).length === 0;
  }

  /** Looks ahead at this many rows, or at all that are left. They remain unread. */
  async ahead(count: number): Promise<readonly CopiedRow[]> {
    while (this.#batch.length - this.#at < count) {
      const read = await this.#batches.next();
      if (read.done === true) break;
      this.#batch = this.#at < this.#batch.length ? [...this.#batch.slice(this.#at), ...read.value] : read.value;
      this.#at = 0;
    }
    return this.#batch.slice(this.#at, this.#at + count);
  }

  /** Discards the remaining rows. */
  async close(): Promise<void> {
    await this.#batches.return?.();
  }
}
