import type { Day } from './calendar.js';
import type { PackagePeriod } from './entitlement.js';
import type { PacePlan } from './pace.js';
import type { RenewalState } from './term.js';

export const pacePolicies = ['advise', 'enforce'] as const;
export type PacePolicy = (typeof pacePolicies)[number];

/** A product line that a subscription has support for, from a day until (exclusive) another, or for the time being. */
export interface Enrolment {
  productLineId: string;
  fromOn: Day;
  untilOn: Day | null;
}

/** Minutes of the term set aside for one consultant on one product line; 0 assigns the consultant (§7). */
export interface Allocation {
  consultantId: string;
  productLineId: string;
  minutes: number;
  /** Whether the consultant of this line is the primary one of the set. */
  primary: boolean;
}

/** A whole set of allocations as it was set (§7); `sequence` counts the sets of a term. */
export interface AllocationSet {
  sequence: number;
  fromOn: Day;
  allocations: Allocation[];
}

export const visitStatuses = ['planned', 'done', 'cancelled'] as const;
export type VisitStatus = (typeof visitStatuses)[number];

export interface ContractVisit {
  id: string;
  startsOn: Day;
  endsOn: Day;
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
  status: 'open' | 'closed';
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
  status: 'active' | 'ended';
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
  allocationSets: ReadonlyMap<string, readonly AllocationSet[]>;
  visits: readonly ContractVisit[];
}

/** The term in which a day lies, upcoming ones included. */
export function termOn(contract: Contract, day: Day): ContractTerm | undefined {
  return contract.terms.find((term) => term.startsOn <= day && day <= term.endsOn);
}

/** The last term: the one whose set of allocations, product lines and visits is at hand. */
export function currentTerm(contract: Contract): ContractTerm {
  const last = contract.terms.at(-1);
  if (last === undefined) throw new Error(`Subscription ${contract.subscriptionId} has no term`);
  return last;
}

/** The set of allocations in force on a day (§7) among those of its term; undefined while none had been set. */
export function allocationSetOn(sets: readonly AllocationSet[] | undefined, day: Day): AllocationSet | undefined {
  return sets?.findLast((set) => set.fromOn <= day);
}

/** Product lines enrolled on a day, in the order in which they were named. */
export function enrolledOn(enrolments: readonly Enrolment[], day: Day): string[] {
  return enrolments
    .filter(({ fromOn, untilOn }) => fromOn <= day && (untilOn === null || day < untilOn))
    .map(({ productLineId }) => productLineId);
}
