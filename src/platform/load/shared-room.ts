/**
 * Room of a bounded weight that users share. A user may take no more than is still free: so nobody can fill it alone, and there
 * is always room for a user who has taken nothing yet.
 */
export class SharedRoom {
  readonly #taken = new Map<string, number>();
  #weight = 0;

  constructor(private readonly size: number) {}

  /** Takes room; false where the user has none left. An empty room takes any weight. */
  take(user: string, weight: number): boolean {
    const own = this.#taken.get(user) ?? 0;
    if (this.#weight > 0 && own + weight > this.size - this.#weight) return false;
    this.#taken.set(user, own + weight);
    this.#weight += weight;
    return true;
  }

  /** Gives room back; true where the user has taken nothing any more. */
  leave(user: string, weight: number): boolean {
    this.#weight -= weight;
    const own = (this.#taken.get(user) ?? 0) - weight;
    if (own > 0) this.#taken.set(user, own);
    else this.#taken.delete(user);
    return own <= 0;
  }
}
