/**
 * Shared room of a bounded weight. A user may take at most as much as is still free. So no user can fill it alone, and there is
 * always room for a user who has taken nothing yet. Semaphores on npm count all callers together, so one user can fill them.
 */
export class SharedRoom {
  readonly #taken = new Map<string, number>();
  #weight = 0;

  constructor(private readonly size: number) {}

  /** The weight that is taken. */
  get weight(): number {
    return this.#weight;
  }

  /** Takes room. Returns false if the user has none left. Empty room accepts any weight. */
  take(user: string, weight: number): boolean {
    const own = this.#taken.get(user) ?? 0;
    if (this.#weight > 0 && own + weight > this.size - this.#weight) return false;
    this.#taken.set(user, own + weight);
    this.#weight += weight;
    return true;
  }

  /** Releases room. Returns true if the user holds none any more. */
  leave(user: string, weight: number): boolean {
    this.#weight -= weight;
    const own = (this.#taken.get(user) ?? 0) - weight;
    if (own > 0) this.#taken.set(user, own);
    else this.#taken.delete(user);
    return own <= 0;
  }
}
