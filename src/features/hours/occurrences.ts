import type { EqualityKey } from './equality-key.js';

/**
 * Counts how often each distinct row of a file has come so far. A `Map` by text takes some 300 bytes a row; this table takes 24 at
 * most. Two of a million rows share 64 bits with a chance of 1 in 37 million.
 */
export class Occurrences {
  readonly #mask: number;
  readonly #high: Uint32Array;
  readonly #low: Uint32Array;
  readonly #counts: Uint32Array;

  /** Has room for `rows` rows. */
  constructor(rows: number) {
    const places = 2 ** Math.ceil(Math.log2(Math.max(2, rows * 1.5)));
    this.#mask = places - 1;
    this.#high = new Uint32Array(places);
    this.#low = new Uint32Array(places);
    this.#counts = new Uint32Array(places);
  }

  /** Whether this row is the first, the second … that is equal: 1, 2 … */
  next({ high, low }: EqualityKey): number {
    let place = low & this.#mask;
    while (this.#counts[place]! > 0 && (this.#high[place] !== high || this.#low[place] !== low)) {
      place = (place + 1) & this.#mask;
    }
    this.#high[place] = high;
    this.#low[place] = low;
    return ++this.#counts[place]!;
  }
}
