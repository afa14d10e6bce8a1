interface Waiting<Item> {
  item: Item;
  user: string;
  weight: number;
  /** Where it stands among all: the weight that its user had before it, counted from the moment when the user came. */
  place: number;
}

/**
 * A queue that serves its users in turn, by weight. Each item takes the place that it would have if every user were served
 * at the same speed: an item of weight 1,000 lets the others have 1,000 first before its user's next item. The items of one
 * user stay in order of arrival.
 *
 * The queue has room for a weight of `room`. A user may have no more waiting than is still free: so nobody can fill it alone,
 * and there is always room for a user who has nothing waiting yet.
 */
export class FairQueue<Item> {
  readonly #waiting: Waiting<Item>[] = [];
  readonly #users = new Map<string, { weight: number; nextPlace: number }>();
  #weight = 0;
  #placeServed = 0;

  constructor(private readonly room: number) {}

  get length(): number {
    return this.#waiting.length;
  }

  /** False where the user has no room left. An empty queue takes an item of any weight. */
  add(item: Item, user: string, weight: number): boolean {
    const { weight: before, nextPlace } = this.#users.get(user) ?? { weight: 0, nextPlace: 0 };
    if (this.#weight > 0 && before + weight > this.room - this.#weight) return false;
    const place = Math.max(nextPlace, this.#placeServed);
    this.#users.set(user, { weight: before + weight, nextPlace: place + weight });
    this.#weight += weight;
    const at = this.#waiting.findLastIndex((other) => other.place <= place) + 1;
    this.#waiting.splice(at, 0, { item, user, weight, place });
    return true;
  }

  /** The next items, up to a weight; a heavier one comes alone. */
  take(most: number): Item[] {
    let weight = 0;
    let count = 0;
    for (const waiting of this.#waiting) {
      weight += waiting.weight;
      if (count > 0 && weight > most) break;
      count++;
    }
    return this.#waiting.splice(0, count).map((taken) => this.#leave(taken));
  }

  #leave({ item, user, weight, place }: Waiting<Item>): Item {
    this.#weight -= weight;
    this.#placeServed = place;
    const entry = this.#users.get(user)!;
    entry.weight -= weight;
    // Who comes back later begins where the others are.
    if (entry.weight === 0) this.#users.delete(user);
    return item;
  }
}
