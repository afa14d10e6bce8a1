import type { Contract } from './model/contract.js';

/** Something that must always be so and is not. */
export class BrokenInvariant extends Error {
  constructor(
    readonly invariant: string,
    readonly found: string,
    /** The subscription that it is about, where it is about one. */
    readonly contract?: Contract,
  ) {
    super(`${invariant}: ${found}`);
  }
}

/** Throws where `found` is not what the model expects, with both. */
export function holds(invariant: string, found: unknown, expected: unknown, contract?: Contract): void {
  const [one, other] = [JSON.stringify(found), JSON.stringify(expected)];
  if (one !== other) throw new BrokenInvariant(invariant, `found ${one}, expected ${other}`, contract);
}
