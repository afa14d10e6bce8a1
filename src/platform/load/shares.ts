/** Gives a place back; a second call does nothing. */
export type GiveBack = () => void;

/** Lets one person have a bounded part of the places that all share. */
export class Shares {
  readonly #taken = new Map<string, number>();
  readonly #waiting = new Map<string, ((giveBack: GiveBack) => void)[]>();

  constructor(readonly ofOne: number) {}

  /** Takes a place. Undefined where the person has their share already. */
  take(person: string): GiveBack | undefined {
    const taken = this.#taken.get(person) ?? 0;
    if (taken >= this.ofOne) return undefined;
    this.#taken.set(person, taken + 1);
    return this.#place(person);
  }

  /** As `take`, and waits up to that number of milliseconds until one of the person's own places is free. */
  takeWithin(person: string, ms: number): Promise<GiveBack | undefined> {
    const giveBack = this.take(person);
    if (giveBack) return Promise.resolve(giveBack);
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(person) ?? [];
      const served = (place: GiveBack): void => {
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

  #place(person: string): GiveBack {
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
