import type { AllocationSet } from './allocation.js';
import type { Day } from './calendar.js';
import type { PackagePeriod } from './entitlement.js';
import type { VisitStatus } from './onsite.js';
import type { PacePlan } from './pace.js';
import type { RenewalState } from './term.js';

export const subscriptionStatuses = ['active', 'ended', 'annulled'] as const;
export type SubscriptionStatus = (typeof subscriptionStatuses)[number];

export const pacePolicies = ['advise', 'enforce'] as const;
export type PacePolicy = (typeof pacePolicies)[number];

/** A product line that a subscription has support for, from a day until (exclusive) another, or for the time being. */
export interface Enrolment {
  productLineId: string;
  fromOn: Day;
  untilOn: Day | null;
}

/** A set of allocations with the day from which it holds (§7); `sequence` counts the sets of a term. */
export interface DatedAllocationSet {
  sequence: number;
  fromOn: Day;
  allocations: AllocationSet;
}

export interface ContractVisit {
  id: string;
  startsOn: Day;
  endsOn: Day;
  place: string;
  status: VisitStatus;
  consultantIds: string[];
}

export interface ContractTerm {
  id: string;
  /** From 0. */
  number: number;
  startsOn: Day;
  endsOn: Day;
  /** The first instants of the term and after it, in the customer's zone. */
  startsAt: Date;
  endsAt: Date;
  noticeDeadlineOn: Day;
  status: 'open' | 'closed' | 'annulled';
  renewalState: RenewalState;
  /** The packages under which it was sold and to which it was upgraded, by effective day. */
  periods: PackagePeriod[];
  plan: PacePlan;
}

/**
 * What the rules need to know of a subscription and what changes only when the contract does, not with the hours that
 * are booked. `revision` rises with each such change, so that two readings with one revision are equal.
 */
export interface Contract {
  subscriptionId: string;
  revision: number;
  customerId: string;
  csmId: string;
  timeZone: string;
  status: SubscriptionStatus;
  pacePolicy: PacePolicy;
  anchorOn: Day;
  /** The day, in the customer's zone, on which the contract was entered into the service. */
  enteredOn: Day;
  /** By number: the last one is the current one. */
  terms: ContractTerm[];
  enrolments: Enrolment[];
}

/** Who may work under a contract: the sets of allocations of each term, by sequence (the last one is present), and the visits. */
export interface Assignments {
  allocationSets: ReadonlyMap<string, readonly DatedAllocationSet[]>;
  visits: readonly ContractVisit[];
}

/** The term in which a day lies, upcoming ones included. */
export function termOn(contract: Contract, day: Day): ContractTerm | undefined {
  return contract.terms.find((term) => term.startsOn <= day && day <= term.endsOn);
}

/** The last term: the one whose set of allocations, product lines and visits is at hand. */
export function currentTerm<Term>(contract: Pick<Contract, 'subscriptionId'> & { terms: Term[] }): Term {
  const last = contract.terms.at(-1);
  if (last === undefined) throw new Error(`Subscription ${contract.subscriptionId} has no term`);
  return last;
}

/** The set of allocations in force on a day (§7) among those of its term; undefined while none had been set. */
export function allocationSetOn(
  sets: readonly DatedAllocationSet[] | undefined,
  day: Day,
): DatedAllocationSet | undefined {
  return sets?.findLast((set) => set.fromOn <= day);
}

/** Product lines enrolled on a day, in the order in which they were named. */
export function enrolledOn(enrolments: readonly Enrolment[], day: Day): string[] {
  return enrolments
    .filter(({ fromOn, untilOn }) => fromOn <= day && (untilOn === null || day < untilOn))
    .map(({ productLineId }) => productLineId);
}

/** Product lines enrolled on a day or on any day after it, each once. */
export function enrolledFrom(enrolments: readonly Enrolment[], day: Day): string[] {
  const lasting = enrolments.filter(({ untilOn }) => untilOn === null || day < untilOn);
  return [...new Set(lasting.map(({ productLineId }) => productLineId))];
}

/** The product lines enrolled on a day that are to leave, each with its first day without enrolment. */
export function leavingAfter(enrolments: readonly Enrolment[], day: Day): Map<string, Day> {
  return new Map(
    enrolments.flatMap(({ productLineId, fromOn, untilOn }) =>
      untilOn !== null && fromOn <= day && day < untilOn ? [[productLineId, untilOn] as const] : [],
    ),
  );
}

/** The visits that take entries of a consultant on a day (§8), by first day. */
export function visitsTaking(visits: readonly ContractVisit[], day: Day, consultantId: string): ContractVisit[] {
  return visits.filter(
    ({ status, startsOn, endsOn, consultantIds }) =>
      status !== 'cancelled' && startsOn <= day && day <= endsOn && consultantIds.includes(consultantId),
  );
}
