import type { Contract } from './contract.js';
import type { Violation } from './refusal.js';
import type { RefusalCode } from './refusals.js';

/** How many entries, visits, expenses and notices a contract still has. Reversed, cancelled, withdrawn and ineffective ones do not count. */
export interface StandingItems {
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
} as const satisfies Record<keyof StandingItems, RefusalCode>;

/**
 * All rules that the annulment of a contract breaks (§14); empty if it can be annulled. Only a contract in its first term
 * can be annulled, and only without standing entries, visits, expenses and notices.
 */
export function judgeAnnulment({ terms, status }: Contract, standing: StandingItems): Violation[] {
  const violations: Violation[] = [];
  if (terms.length > 1) violations.push({ code: 'subscription-already-renewed' });
  else if (status === 'ended') violations.push({ code: 'subscription-ended' });
  for (const [name, code] of Object.entries(obstacles)) {
    const count = standing[name as keyof StandingItems];
    if (count > 0) violations.push({ code, params: { count } });
  }
  return violations;
}
