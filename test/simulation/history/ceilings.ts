/** The first row of a booking, and its place in an order of bookings: the moment of its start, or its number on a connection. */
export interface Start {
  order: number;
  first: number;
}

/** The last position that a call can have seen, because a booking that came after it has the next row. */
export class Ceilings {
  readonly #starts: readonly Start[];
  /** The smallest first row of this booking and all after it. */
  readonly #firstFrom: number[];

  constructor(starts: readonly Start[]) {
    this.#starts = starts.toSorted((one, other) => one.order - other.order);
    this.#firstFrom = this.#starts.map(({ first }) => first);
    for (let at = this.#firstFrom.length - 2; at >= 0; at--) {
      this.#firstFrom[at] = Math.min(this.#firstFrom[at]!, this.#firstFrom[at + 1]!);
    }
  }

  /** For a call whose end, or whose own number, has this place in the order. */
  after(order: number): number {
    let [low, high] = [0, this.#starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#starts[middle]!.order <= order) low = middle + 1;
      else high = middle;
    }
    return low === this.#firstFrom.length ? Infinity : this.#firstFrom[low]! - 1;
  }
}
