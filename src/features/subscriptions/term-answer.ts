import type { Day } from '../../domain/calendar.js';
import { currentTerm } from '../../domain/contract.js';
import { Refusal } from '../../domain/refusal.js';
import type { TermStatus } from '../../domain/term.js';
import type { SubscriptionContract, SubscriptionTerm } from './contract.js';
import type { TermAnswer } from './term.dto.js';

/** The answer for a term. `today` is the customer's. */
export function termAnswer(term: SubscriptionTerm, today: Day): TermAnswer {
  const { code, version } = term.periods.at(-1)!.package;
  return {
    id: term.id,
    number: term.number,
    package: code,
    packageVersion: version,
    startsOn: term.startsOn,
    endsOn: term.endsOn,
    noticeDeadline: term.noticeDeadlineOn,
    status: statusOn(term, today),
    renewalState: term.renewalState,
    purchaseOrder: term.purchaseOrder,
    version: term.version,
  };
}

function statusOn(term: SubscriptionTerm, today: Day): TermStatus {
  return term.status === 'open' && today < term.startsOn ? 'upcoming' : term.status;
}

/**
 * The term that a request names. Default: the current term.
 * @throws Refusal `not-found`
 */
export function termNamed(contract: SubscriptionContract, termId: string | undefined): SubscriptionTerm {
  if (termId === undefined) return currentTerm(contract);
  const term = contract.terms.find(({ id }) => id === termId);
  if (!term) throw new Refusal('not-found');
  return term;
}
