/** Releases a place. A second call does nothing. */
export type FreePlace = () => void;

/**
 * Limits how many of the shared places one user can take. Semaphores on npm (p-limit, async-sema) limit all callers together; one
 * for each user would have to be removed when its last place is free, which is most of the code here.
 */
export class Shares {
  readonly #taken = new Map<string, number>();
  readonly #waiting = new Map<string, ((freePlace: FreePlace) => void)[]>();

  constructor(readonly ofOne: number) {}

  /** Takes a place. Returns undefined if the user has their full share already. */
  take(person: string): FreePlace | undefined {
    const taken = this.#taken.get(person) ?? 0;
    if (taken >= this.ofOne) return undefined;
    this.#taken.set(person, taken + 1);
    return this.#place(person);
  }

  /** Like `take`, but waits up to this number of milliseconds for one of the user's own places. */
  takeWithin(person: string, ms: number): Promise<FreePlace | undefined> {
    const freePlace = this.take(person);
    if (freePlace) return Promise.resolve(freePlace);
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(person) ?? [];
      const served = (place: FreePlace): void => {
        clearTimeout(timer);
        resolve(place);
      };
      const timer = setTimeout(() => {
        const left = waiting.filter((one) => one !== served);
        waiting.splice(0, waiting.length, ...left);
        resolve(undefined);
      }, ms).unref();
      waiting.push(served);
      this.#waiting.set(person, waiting);
    });
  }

  #place(person: string): FreePlace {
    let isBack = false;
    return () => {
      if (isBack) return;
      isBack = true;
      const next = this.#waiting.get(person)?.shift();
      if (next) return next(this.#place(person));
      this.#waiting.delete(person);
      const left = this.#taken.get(person)! - 1;
      if (left > 0) this.#taken.set(person, left);
      else this.#taken.delete(person);
    };
  }
}
