import type { EqualityKey } from '../hours/equality-key.js';

/**
 * Counts how often each distinct row of a file has occurred so far. A `Map` by text takes about 300 bytes a row, this table at
 * most 24. The chance that any two of a million different rows share their 64 bits is 1 in 37 million.
 */
export class Occurrences {
  readonly #mask: number;
  readonly #high: Uint32Array;
  readonly #low: Uint32Array;
  readonly #counts: Uint32Array;

  /** `rows` is the most that it can count. */
  constructor(rows: number) {
    const places = 2 ** Math.ceil(Math.log2(Math.max(2, rows * 1.5)));
    this.#mask = places - 1;
    this.#high = new Uint32Array(places);
    this.#low = new Uint32Array(places);
    this.#counts = new Uint32Array(places);
  }

  /** Counts a row: 1 for the first of equal rows, 2 for the second. */
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
