import { SharedRoom } from './shared-room.js';

interface Waiting<Item> {
  item: Item;
  user: string;
  weight: number;
  /** The item's place in the queue: the weight that its user had before it, counted from when the user joined. */
  place: number;
}

/**
 * A queue that serves its users in turn, by weight. Each item takes the place that it would have if every user were served
 * at the same speed: an item of weight 1,000 lets the others have 1,000 first before its user's next item. The items of one
 * user stay in order of arrival.
 *
 * The queue has room for a weight of `room`, of which a user may have no more than is still free.
 *
 * The queues on npm that we know (p-queue, fastq) order items by arrival or by a fixed priority, not by what each user has had.
 */
export class FairQueue<Item> {
  #waiting: Waiting<Item>[] = [];
  readonly #nextPlaces = new Map<string, number>();
  readonly #room: SharedRoom;
  #placeServed = 0;

  constructor(room: number) {
    this.#room = new SharedRoom(room);
  }

  get length(): number {
    return this.#waiting.length;
  }

  /** The weight of all items. */
  get weight(): number {
    return this.#room.weight;
  }

  /** Returns false if the user has no room left. An empty queue accepts an item of any weight. */
  add(item: Item, user: string, weight: number): boolean {
    if (!this.#room.take(user, weight)) return false;
    const place = Math.max(this.#nextPlaces.get(user) ?? 0, this.#placeServed);
    this.#nextPlaces.set(user, place + weight);
    const at = this.#waiting.findLastIndex((other) => other.place <= place) + 1;
    this.#waiting.splice(at, 0, { item, user, weight, place });
    return true;
  }

  /** The next items, up to a weight. A heavier item is returned alone. Items that `isFree` refuses keep their places. */
  take(most: number, isFree: (item: Item) => boolean = () => true): Item[] {
    const taken: Waiting<Item>[] = [];
    const left: Waiting<Item>[] = [];
    let weight = 0;
    let at = 0;
    for (; at < this.#waiting.length; at++) {
      const waiting = this.#waiting[at]!;
      if (!isFree(waiting.item)) {
        left.push(waiting);
        continue;
      }
      weight += waiting.weight;
      if (taken.length > 0 && weight > most) break;
      taken.push(waiting);
    }
    this.#waiting = [...left, ...this.#waiting.slice(at)];
    return taken.map((waiting) => this.#leave(waiting));
  }

  #leave({ item, user, weight, place }: Waiting<Item>): Item {
    // An item that was passed over has a place before the one served last.
    this.#placeServed = Math.max(this.#placeServed, place);
    // A user who returns later starts where the other users are.
    if (this.#room.leave(user, weight)) this.#nextPlaces.delete(user);
    return item;
  }
}
