import type { CopiedRow } from '../../platform/database/snapshot.js';

/** Takes batches of rows apart: a row at a time, or the first ones before it is their turn. */
export class RowReader {
  readonly #batches: AsyncIterator<readonly CopiedRow[], unknown>;
  #batch: readonly CopiedRow[] = [];
  #at = 0;

  constructor(batches: AsyncIterable<readonly CopiedRow[]>) {
    this.#batches = batches[Symbol.asyncIterator]();
  }

  /** The next row, where one has been read already: most have, and waiting costs more than writing a cell. */
  atHand(): CopiedRow | undefined {
    return this.#at < this.#batch.length ? this.#batch[this.#at++] : undefined;
  }

  /** The next row, or nothing at the end; to be asked when no row is at hand. */
  async next(): Promise<CopiedRow | undefined> {
    return (await this.ended()) ? undefined : this.atHand();
  }

  async ended(): Promise<boolean> {
    return (await this.ahead(1)).length === 0;
  }

  /** So many of the next rows, or all that are left; they stay the next ones. */
  async ahead(count: number): Promise<readonly CopiedRow[]> {
    while (this.#batch.length - this.#at < count) {
      const read = await this.#batches.next();
      if (read.done === true) break;
      this.#batch = this.#at < this.#batch.length ? [...this.#batch.slice(this.#at), ...read.value] : read.value;
      this.#at = 0;
    }
    return this.#batch.slice(this.#at, this.#at + count);
  }

  /** Gives up what is left. */
  async close(): Promise<void> {
    await this.#batches.return?.();
  }
}
