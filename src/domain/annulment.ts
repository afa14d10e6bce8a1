import type { Contract } from './contract.js';
import type { Violation } from './refusal.js';
import type { RefusalCode } from './refusals.js';

/** What stands under a contract: what was taken back, cancelled or withdrawn is left out, and so is a notice without effect. */
export interface StandingOfContract {
  entries: number;
  visits: number;
  expenses: number;
  notices: number;
}

const obstacles = {
  entries: 'subscription-has-entries',
  visits: 'subscription-has-visits',
  expenses: 'subscription-has-expenses',
  notices: 'subscription-has-notices',
} as const satisfies Record<keyof StandingOfContract, RefusalCode>;

/**
 * Everything that stands against the annulment of a contract (§14): it is possible in the first term alone, and only where
 * nothing stands under the contract. Empty when it can be annulled.
 */
export function judgeAnnulment({ terms, status }: Contract, standing: StandingOfContract): Violation[] {
  const violations: Violation[] = [];
  if (terms.length > 1) violations.push({ code: 'subscription-already-renewed' });
  else if (status === 'ended') violations.push({ code: 'subscription-ended' });
  for (const [name, code] of Object.entries(obstacles)) {
    const count = standing[name as keyof StandingOfContract];
    if (count > 0) violations.push({ code, params: { count } });
  }
  return violations;
}
