import type { AllocationSet } from './allocation.js';
import type { Day } from './calendar.js';
import type { EnteredTopUp, PackagePeriod } from './entitlement.js';
import type { VisitStatus } from './onsite.js';
import type { PacePlan } from './pace.js';
import type { RenewalState } from './term.js';

export const subscriptionStatuses = ['active', 'ended', 'annulled'] as const;
export type SubscriptionStatus = (typeof subscriptionStatuses)[number];

export const pacePolicies = ['advise', 'enforce'] as const;
export type PacePolicy = (typeof pacePolicies)[number];

/** A product line that a subscription covers from `fromOn` until the day before `untilOn`; null means without an end. */
export interface Enrolment {
  productLineId: string;
  fromOn: Day;
  untilOn: Day | null;
}

/** A set of allocations with its first day in force (§7); `sequence` counts the sets of a term. */
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
  /** The first instant of the term and the first instant after it, in the customer's zone. */
  startsAt: Date;
  endsAt: Date;
  noticeDeadlineOn: Day;
  status: 'open' | 'closed' | 'annulled';
  renewalState: RenewalState;
  /** The package with which the term opened and its upgrades, by effective day. */
  periods: PackagePeriod[];
  /** By effective day, without those that were cancelled as a whole. */
  topUps: EnteredTopUp[];
  plan: PacePlan;
}

/**
 * The facts of a subscription that the rules need: its terms, packages, pace policy and enrolments. The subscription is the
 * record itself, with its names, numbers and history; the contract is this extract of it. Booked hours are not part of it.
 * `revision` rises with each change, so two contracts with the same revision are equal.
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
  /** In order of their number; the last one is the current term. */
  terms: ContractTerm[];
  enrolments: Enrolment[];
}

/** Who may work under a contract: the sets of allocations by term id, each list by sequence, and the visits. The last set is the present one. */
export interface Assignments {
  allocationSets: ReadonlyMap<string, readonly DatedAllocationSet[]>;
  visits: readonly ContractVisit[];
}

/** The term that contains a day, upcoming terms included. */
export function termOn(contract: Contract, day: Day): ContractTerm | undefined {
  return contract.terms.find((term) => term.startsOn <= day && day <= term.endsOn);
}

/** The last term: the one whose set of allocations, product lines and visits is at hand. */
export function currentTerm<Term>(contract: Pick<Contract, 'subscriptionId'> & { terms: Term[] }): Term {
  const last = contract.terms.at(-1);
  if (last === undefined) throw new Error(`Subscription ${contract.subscriptionId} has no term`);
  return last;
}

/** The set of allocations of a term that is in force on a day (§7); undefined before the first set. */
export function allocationSetOn(
  sets: readonly DatedAllocationSet[] | undefined,
  day: Day,
): DatedAllocationSet | undefined {
  return sets?.findLast((set) => set.fromOn <= day);
}

/** Product lines enrolled on a day, in the order of the request that set them. */
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

/** The product lines enrolled on a day whose removal is planned, each with its first day without enrolment. */
export function leavingAfter(enrolments: readonly Enrolment[], day: Day): Map<string, Day> {
  return new Map(
    enrolments.flatMap(({ productLineId, fromOn, untilOn }) =>
      untilOn !== null && fromOn <= day && day < untilOn ? [[productLineId, untilOn] as const] : [],
    ),
  );
}

/** The visits on which a consultant can log time on a day (§8), by first day. */
export function visitsTaking(visits: readonly ContractVisit[], day: Day, consultantId: string): ContractVisit[] {
  return visits.filter(
    ({ status, startsOn, endsOn, consultantIds }) =>
      status !== 'cancelled' && startsOn <= day && day <= endsOn && consultantIds.includes(consultantId),
  );
}
