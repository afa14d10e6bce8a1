import { pairKey, unallocatedMinutes, type Pair, type PairBalance } from './allocation.js';

/** What is left of a term, before the changes of a sheet. */
export interface TermLeft {
  grantedMinutes: number;
  /** Of a closed term: what expired, because late work can use it. */
  remainingMinutes: number;
  onsiteRemainingMinutes: number;
  /** Allocations of a closed term limit nothing. */
  closed: boolean;
  pairs: readonly (Pair & PairBalance)[];
}

/** Minutes that a sheet adds to a term, or takes away. */
export interface LeftChange extends Pair {
  minutes: number;
  onsite: boolean;
}

export interface LeftAfter {
  /** Below 0 if the sheet asks for more than is left. */
  termMinutes: number;
  onsiteMinutes: number;
  /** What a pair could still log: the rest of its allocation and the unallocated minutes. Undefined in a closed term. */
  ofPair(pair: Pair): number | undefined;
}

/** What is left of a term after the changes of a sheet (§5, §7). */
export function leftAfter(term: TermLeft, changes: readonly LeftChange[]): LeftAfter {
  const pairs = new Map(term.pairs.map((pair) => [pairKey(pair), { ...pair }]));
  let [termMinutes, onsiteMinutes] = [term.remainingMinutes, term.onsiteRemainingMinutes];
  for (const { minutes, onsite, ...pair } of changes) {
    termMinutes -= minutes;
    if (onsite) onsiteMinutes -= minutes;
    const known = pairs.get(pairKey(pair)) ?? { ...pair, allocatedMinutes: 0, workedMinutes: 0 };
    pairs.set(pairKey(pair), { ...known, workedMinutes: known.workedMinutes + minutes });
  }
  const unallocated = unallocatedMinutes(term.grantedMinutes, pairs.values());
  return {
    termMinutes,
    onsiteMinutes,
    ofPair: (pair) => {
      if (term.closed) return undefined;
      const { allocatedMinutes, workedMinutes } = pairs.get(pairKey(pair)) ?? { allocatedMinutes: 0, workedMinutes: 0 };
      return Math.max(0, allocatedMinutes - workedMinutes) + unallocated;
    },
  };
}
