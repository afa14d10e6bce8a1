import type { Pair } from '../../domain/allocation.js';
import type { Entitlement } from '../../domain/entitlement.js';

/** The limits of a term that its balance holds. Null: any number of visits. */
export type BalanceLimits = { termId: string } & Pick<Entitlement, 'onsiteCapMinutes' | 'maxVisits' | 'learningSeats'>;

/** The balance of a new term. */
export interface NewBalance extends BalanceLimits {
  /** The used minutes from which a booking makes a check of the alerts worthwhile. */
  alertFromMinutes: number;
}

/** The minutes now allocated to a pair in a term; 0 if the pair is closed. */
export interface AllocatedPair extends Pair {
  termId: string;
  minutes: number;
}
