import type { Violation } from './refusal.js';

export interface Learner {
  learnerEmail: string;
}

export interface SeatContext {
  /** The seats in use in the term. A released seat is free at once and not in this list. */
  inUse: readonly Learner[];
  max: number;
}

/** All rules that a new seat for a learner breaks (§9): a learner has at most one seat, and the term has `max` seats. */
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

/** The identity of a learner: the e-mail address, ignoring case. */
function learnerKey({ learnerEmail }: Learner): string {
  return learnerEmail.trim().toLowerCase();
}

/**
 * The seats that the next term continues (§9): the first `max` in the order of assignment.
 * From a term with 3 seats to a term with 1, the first learner keeps the seat.
 */
export function carrySeats<Seat>(inOrder: readonly Seat[], max: number): { kept: Seat[]; dropped: Seat[] } {
  return { kept: inOrder.slice(0, max), dropped: inOrder.slice(max) };
}
