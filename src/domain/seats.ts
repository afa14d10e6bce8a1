import type { Violation } from './refusal.js';

export interface Learner {
  learnerEmail: string;
}

export interface SeatContext {
  /** The seats in use in the term; a released one is free at once and no longer among them. */
  inUse: readonly Learner[];
  max: number;
}

/** Everything that stands against giving a learner a seat (§9): one learner holds at most one, and seats are counted. */
export function judgeSeat({ learnerEmail }: Learner, { inUse, max }: SeatContext): Violation[] {
  const violations: Violation[] = [];
  if (inUse.some((seat) => learnerKey(seat) === learnerKey({ learnerEmail }))) {
    violations.push({ code: 'seat-already-held', params: { learnerEmail } });
  }
  if (inUse.length >= max) {
    violations.push({ code: 'seats-exhausted', params: { used: inUse.length, limit: max } });
  }
  return violations;
}

/** Who a learner is: an e-mail address, in which capitals make no difference. */
function learnerKey({ learnerEmail }: Learner): string {
  return learnerEmail.trim().toLowerCase();
}

/**
 * The seats that go on into the next term (§9): in the order of assignment, as far as its number reaches.
 * From a term with 3 seats into one with 1, the learner who was first keeps theirs.
 */
export function carrySeats<Seat>(inOrder: readonly Seat[], max: number): { kept: Seat[]; dropped: Seat[] } {
  return { kept: inOrder.slice(0, max), dropped: inOrder.slice(max) };
}
