import type { Contract } from './model/contract.js';

/** An invariant that is not true. */
export class BrokenInvariant extends Error {
  constructor(
    readonly invariant: string,
    readonly found: string,
    /** The subscription, if the invariant is about one. */
    readonly contract?: Contract,
  ) {
    super(`${invariant}: ${found}`);
  }
}

/** @throws BrokenInvariant if `found` differs from what the model expects */
export function check(invariant: string, found: unknown, expected: unknown, contract?: Contract): void {
  const [one, other] = [JSON.stringify(found), JSON.stringify(expected)];
  if (one !== other) throw new BrokenInvariant(invariant, `found ${one}, expected ${other}`, contract);
}
