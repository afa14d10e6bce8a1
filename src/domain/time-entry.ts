import { pairKey, unallocatedMinutes, type PairBalance } from './allocation.js';
import { addDays, monthOf, type Day, type Month } from './calendar.js';
import {
  allocationSetOn,
  currentTerm,
  enrolledOn,
  termOn,
  type Assignments,
  type Contract,
  type ContractTerm,
  visitsTaking,
  type DatedAllocationSet,
} from './contract.js';
import { packageInForceOn } from './entitlement.js';
import { remainingMinutes, type Balance } from './ledger.js';
import { planThroughServiceMonth } from './pace.js';
import { monthAfter } from './period.js';
import type { Violation } from './refusal.js';
import type { ServiceRules } from './service-rules.js';

export const activities = [
  'technical-advice',
  'best-practice',
  'health-check',
  'gap-analysis',
  'upgrade',
  'feature-adoption',
  'enablement',
] as const;
export type Activity = (typeof activities)[number];

export const deliveries = ['remote', 'onsite'] as const;
export type Delivery = (typeof deliveries)[number];

/** Minutes worked on one day by one consultant on one product line (§5). */
export interface TimeEntry {
  workDate: Day;
  minutes: number;
  consultantId: string;
  productLineId: string;
  activity: Activity;
  delivery: Delivery;
  visitId: string | null;
  summary: string;
  reference: string | null;
  severity: number | null;
}

/** The figures of a term: its balance, and the allocated and worked minutes of each pair. */
export interface TermBalance {
  balance: Balance;
  closed: boolean;
  pairs: Map<string, PairBalance>;
}

/** Everything that the rules need to judge an entry. */
export interface Situation {
  contract: Contract;
  assignments: Assignments;
  /** The figures of the work day's term; undefined if the day is in no term. */
  termBalance: TermBalance | undefined;
  /** The consultant's minutes on the work day so far, over all customers. */
  consultantDayMinutes: number;
  /** The last accounting month that finance has closed. */
  closedThrough: Month | null;
  /** Whether the entry is forgotten work that finance logs for a closed month (§12). */
  adjusting: boolean;
  /** Today in the customer's zone. */
  today: Day;
  rules: ServiceRules;
}

/** The entry that a correction reverses; the situation is the one after this reversal. */
export type Corrected = Pick<TimeEntry, 'workDate' | 'minutes' | 'consultantId' | 'productLineId' | 'delivery'> & {
  termId: string;
};

/** The refusals of a time entry, in the order in which `judgeTimeEntry` checks them. */
export const rulesOfEntries = [
  'subscription-annulled',
  'term-not-found',
  'work-date-in-future',
  'late-entry-window-passed',
  'period-closed',
  'consultant-not-assigned',
  'product-line-not-enrolled',
  'hours-exhausted',
  'allocation-exhausted',
  'onsite-not-included',
  'visit-required',
  'outside-visit',
  'onsite-cap-exceeded',
  'consultant-day-exceeded',
  'ahead-of-pace',
  'rules-violated',
] as const satisfies readonly Violation['code'][];

/**
 * All rules that an entry breaks, in the order of §5; empty if it is accepted. Rules that cannot be judged are skipped: all
 * others without a term, the allocation's limit without an allocation, the onsite cap without onsite hours.
 *
 * A correction that only lowers its entry is not checked against limits, assignments and enrolments. After the late-entry
 * window, a correction must lower its entry. A correction within a closed month is accepted as an adjustment (§12). Work of a
 * closed term can use the expired minutes of the term. Its allocations limit nothing, because no one can change them any more.
 *
 * Example: Basic, 5,760 granted, 5,700 used, 90 asked: `hours-exhausted` with `maxAcceptableMinutes` 60.
 */
export function judgeTimeEntry(entry: TimeEntry, situation: Situation, corrected?: Corrected): Violation[] {
  const { contract, termBalance, today } = situation;
  const { workDate, minutes } = entry;
  if (contract.status === 'annulled') return [{ code: 'subscription-annulled' }];
  const term = termOn(contract, workDate);
  if (term === undefined || termBalance === undefined) {
    return [termNotFound(workDate, contract)];
  }
  const violations: Violation[] = [];
  if (workDate > today) {
    violations.push({ code: 'work-date-in-future', params: { workDate, today }, pointer: '/workDate' });
  }
  const lowers = corrected !== undefined && onlyLowers(entry, corrected);
  if (termBalance.closed && !lowers) {
    const lastDay = lateEntryLastDay(term, contract, situation.rules);
    if (today > lastDay) {
      violations.push({ code: 'late-entry-window-passed', params: { lastDay, workDate }, pointer: '/workDate' });
    }
  }
  const month = monthOf(workDate);
  const adjusts = situation.adjusting || (corrected !== undefined && monthOf(corrected.workDate) === month);
  if (situation.closedThrough !== null && month <= situation.closedThrough && !adjusts) {
    const firstOpenMonth = monthAfter(situation.closedThrough);
    violations.push({ code: 'period-closed', params: { month, firstOpenMonth }, pointer: '/workDate' });
  }
  if (!lowers) {
    const assigned = isAssigned(situation, term, entry);
    if (!assigned) {
      violations.push(notAssigned(setsToCheck(situation, term, workDate), workDate, entry.productLineId));
    }
    if (!enrolledOn(contract.enrolments, workDate).includes(entry.productLineId)) {
      violations.push({
        code: 'product-line-not-enrolled',
        params: { productLineId: entry.productLineId, on: workDate },
        pointer: '/productLineId',
      });
    }
    limit(violations, 'hours-exhausted', minutes, hoursLimit(termBalance));
    if (assigned && !termBalance.closed) {
      limit(violations, 'allocation-exhausted', minutes, allocationLimit(termBalance, entry));
    }
  }
  if (entry.delivery === 'onsite') judgeOnsite(violations, entry, situation, term, termBalance);
  if (lowers) return violations;
  limit(
    violations,
    'consultant-day-exceeded',
    minutes,
    { limitMinutes: situation.rules.consultantDayMinutes, usedMinutes: situation.consultantDayMinutes },
    { workDate },
  );
  if (contract.pacePolicy === 'enforce' && !(corrected?.termId === term.id && minutes <= corrected.minutes)) {
    limit(violations, 'ahead-of-pace', minutes, {
      limitMinutes: planThroughServiceMonth(term.plan, today),
      usedMinutes: termBalance.balance.usedMinutes,
    });
  }
  return violations;
}

/** Same day, consultant and product line, fewer minutes, and not more onsite minutes (§14). */
function onlyLowers(entry: TimeEntry, corrected: Corrected): boolean {
  return (
    entry.workDate === corrected.workDate &&
    entry.consultantId === corrected.consultantId &&
    entry.productLineId === corrected.productLineId &&
    entry.minutes < corrected.minutes &&
    (entry.delivery === 'remote' || corrected.delivery === 'onsite')
  );
}

/**
 * The last day on which work of a closed term can be logged (§5): `lateEntryDays` after the end of the term, or after the entry
 * of the contract into the service if that was later.
 */
export function lateEntryLastDay(term: ContractTerm, contract: Contract, rules: ServiceRules): Day {
  return addDays(term.endsOn > contract.enteredOn ? term.endsOn : contract.enteredOn, rules.lateEntryDays);
}

/** Whether the pair is in the present set or in the set in force on the work day (§7). */
function isAssigned({ contract, assignments }: Situation, term: ContractTerm, entry: TimeEntry): boolean {
  return setsToCheck({ contract, assignments }, term, entry.workDate).some((set) =>
    set?.allocations.some(
      ({ consultantId, productLineId }) => consultantId === entry.consultantId && productLineId === entry.productLineId,
    ),
  );
}

/** The present set of allocations and the one in force on the work day. */
function setsToCheck(
  { contract, assignments }: Pick<Situation, 'contract' | 'assignments'>,
  term: ContractTerm,
  workDate: Day,
): (DatedAllocationSet | undefined)[] {
  const sets = assignments.allocationSets;
  return [sets.get(currentTerm(contract).id)?.at(-1), allocationSetOn(sets.get(term.id), workDate)];
}

/** The most terms, pairs or visits that a refusal names. */
const mostNamed = 20;

/** The violation for a day in no term of the contract (§5); it names the terms. */
export function termNotFound(workDate: Day, contract: Pick<Contract, 'terms'>): Violation {
  const terms = contract.terms.slice(-mostNamed).map(({ number, startsOn, endsOn }) => ({ number, startsOn, endsOn }));
  const named = terms.map(({ startsOn, endsOn }) => spanText(startsOn, endsOn)).join(', ');
  return { code: 'term-not-found', params: { workDate, terms: named }, pointer: '/workDate', lists: { terms } };
}

/** The violation names the pairs on the product line, or all pairs if the line has none. The caller adds the consultants' names. */
export function notAssigned(
  sets: readonly (DatedAllocationSet | undefined)[],
  workDate: Day,
  productLineId: string,
): Violation {
  const pairs = new Map<string, { consultantId: string; productLineId: string }>();
  for (const set of sets) {
    for (const pair of set?.allocations ?? []) {
      pairs.set(pairKey(pair), { consultantId: pair.consultantId, productLineId: pair.productLineId });
    }
  }
  const onLine = [...pairs.values()].filter((pair) => pair.productLineId === productLineId);
  const assigned = (onLine.length > 0 ? onLine : [...pairs.values()]).slice(0, mostNamed);
  return {
    code: 'consultant-not-assigned',
    params: { workDate, assigned: 'unnamed' },
    pointer: '/consultantId',
    lists: { assigned },
  };
}

function visitRequired({ workDate, consultantId }: TimeEntry, assignments: Assignments): Violation {
  const visits = visitsTaking(assignments.visits, workDate, consultantId)
    .slice(0, mostNamed)
    .map(({ id, startsOn, endsOn, place }) => ({ id, startsOn, endsOn, place }));
  const named = visits.map(({ startsOn, endsOn, place }) => `${place} (${spanText(startsOn, endsOn)})`).join(', ');
  return {
    code: 'visit-required',
    params: { workDate, count: visits.length, visits: named },
    pointer: '/visitId',
    lists: { visits },
  };
}

const spanText = (startsOn: Day, endsOn: Day): string => `${startsOn} – ${endsOn}`;

function judgeOnsite(
  violations: Violation[],
  entry: TimeEntry,
  { assignments }: Situation,
  term: ContractTerm,
  { balance }: TermBalance,
): void {
  const sold = packageInForceOn(term.periods, entry.workDate);
  if (!sold.onsite.included) {
    violations.push({ code: 'onsite-not-included', params: { package: sold.code }, pointer: '/delivery' });
    return;
  }
  const visit = assignments.visits.find(({ id }) => id === entry.visitId);
  if (visit === undefined) {
    violations.push(visitRequired(entry, assignments));
  } else if (
    visit.status === 'cancelled' ||
    entry.workDate < visit.startsOn ||
    entry.workDate > visit.endsOn ||
    !visit.consultantIds.includes(entry.consultantId)
  ) {
    violations.push({
      code: 'outside-visit',
      params: { startsOn: visit.startsOn, endsOn: visit.endsOn },
      pointer: '/visitId',
    });
  }
  limit(violations, 'onsite-cap-exceeded', entry.minutes, {
    limitMinutes: balance.onsiteCapMinutes,
    usedMinutes: balance.onsiteUsedMinutes,
  });
}

interface Limit {
  limitMinutes: number;
  usedMinutes: number;
  /** Default: the limit minus the used minutes. */
  remainingMinutes?: number;
}

/** In a closed term an entry can use the expired minutes; in an open term, the remaining ones. */
function hoursLimit({ balance, closed }: TermBalance): Limit {
  return {
    limitMinutes: balance.grantedMinutes,
    usedMinutes: balance.usedMinutes,
    remainingMinutes: closed ? balance.expiredMinutes : remainingMinutes(balance),
  };
}

/** An entry draws first from its allocation and then from the unallocated minutes (§5). */
function allocationLimit({ balance, pairs }: TermBalance, entry: TimeEntry): Limit {
  const pair = pairs.get(pairKey(entry));
  const allocated = pair?.allocatedMinutes ?? 0;
  const worked = pair?.workedMinutes ?? 0;
  return {
    limitMinutes: allocated,
    usedMinutes: Math.min(worked, allocated),
    remainingMinutes: Math.max(0, allocated - worked) + unallocatedMinutes(balance.grantedMinutes, pairs.values()),
  };
}

function limit(
  violations: Violation[],
  code: Violation['code'],
  minutes: number,
  { limitMinutes, usedMinutes, remainingMinutes = Math.max(0, limitMinutes - usedMinutes) }: Limit,
  params: Record<string, string | number> = {},
): void {
  if (minutes <= remainingMinutes) return;
  violations.push({
    code,
    params: { ...params, minutes },
    pointer: '/minutes',
    limitMinutes,
    usedMinutes,
    remainingMinutes,
    maxAcceptableMinutes: remainingMinutes,
  });
}
