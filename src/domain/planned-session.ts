import { addDays, type Day } from './calendar.js';
import { enrolledOn, termOn, type Contract, type ContractTerm, type DatedAllocationSet } from './contract.js';
import { packageInForceOn } from './entitlement.js';
import type { Violation } from './refusal.js';
import { notAssigned, termNotFound, type Activity, type Delivery } from './time-entry.js';

/** Work that is agreed but not done (§2). It touches no ledger and limits nothing (§6). */
export interface PlannedWork {
  plannedOn: Day;
  minutes: number;
  consultantId: string;
  productLineId: string;
  activity: Activity;
  delivery: Delivery;
  summary: string;
}

/** What has become of a planned session. */
export interface SessionOutcome {
  plannedOn: Day;
  /** The time entry that fulfils it; null again after the entry was reversed. */
  fulfilledByEntryId: string | null;
  cancelledAt: Date | null;
}

export const plannedSessionStatuses = ['open', 'overdue', 'fulfilled', 'cancelled'] as const;
export type PlannedSessionStatus = (typeof plannedSessionStatuses)[number];

/** The longest session: a day has 24 hours. */
export const longestSessionMinutes = 1_440;

/** The first day on which an open session is overdue: its day and `graceDays` further days have passed (§6). */
export function overdueFrom(plannedOn: Day, graceDays: number): Day {
  return addDays(plannedOn, graceDays + 1);
}

/** Example with three days of grace: a session of 2026-04-01 is open up to 2026-04-04, and overdue from 2026-04-05. */
export function plannedSessionStatus(session: SessionOutcome, today: Day, graceDays: number): PlannedSessionStatus {
  if (session.cancelledAt !== null) return 'cancelled';
  if (session.fulfilledByEntryId !== null) return 'fulfilled';
  return today < overdueFrom(session.plannedOn, graceDays) ? 'open' : 'overdue';
}

/** What the rules need to judge planned work. */
export interface PlanningSituation {
  contract: Contract;
  /** The present set of allocations; undefined before the first one. */
  presentSet: DatedAllocationSet | undefined;
  /** Today in the customer's zone. */
  today: Day;
}

/** The refusals of planned work, in the order in which `judgePlannedWork` checks them. */
export const rulesOfPlannedWork = [
  'term-not-found',
  'planned-in-past',
  'consultant-not-assigned',
  'product-line-not-enrolled',
  'onsite-not-included',
  'rules-violated',
] as const satisfies readonly Violation['code'][];

/**
 * All rules that planned work breaks; empty if it can be planned. A session belongs to the term that contains its day, so nothing can be
 * planned for a term that does not exist yet. Minutes are not compared with what is left.
 */
export function judgePlannedWork(work: PlannedWork, { contract, presentSet, today }: PlanningSituation): Violation[] {
  const { plannedOn, productLineId } = work;
  const term = termOn(contract, plannedOn);
  if (term === undefined) return [{ ...termNotFound(plannedOn, contract), pointer: '/plannedOn' }];
  const violations: Violation[] = [];
  if (plannedOn < today) {
    violations.push({ code: 'planned-in-past', params: { plannedOn, today }, pointer: '/plannedOn' });
  }
  if (!isAssigned(work, presentSet)) violations.push(notAssigned([presentSet], plannedOn, productLineId));
  if (!enrolledOn(contract.enrolments, plannedOn).includes(productLineId)) {
    violations.push({
      code: 'product-line-not-enrolled',
      params: { productLineId, on: plannedOn },
      pointer: '/productLineId',
    });
  }
  if (work.delivery === 'onsite') violations.push(...onsiteNotIncluded(term, plannedOn));
  return violations;
}

function isAssigned(work: PlannedWork, presentSet: DatedAllocationSet | undefined): boolean {
  const allocations = presentSet?.allocations ?? [];
  return allocations.some(
    ({ consultantId, productLineId }) => consultantId === work.consultantId && productLineId === work.productLineId,
  );
}

function onsiteNotIncluded(term: ContractTerm, plannedOn: Day): Violation[] {
  const { code, onsite } = packageInForceOn(term.periods, plannedOn);
  return onsite.included ? [] : [{ code: 'onsite-not-included', params: { package: code }, pointer: '/delivery' }];
}

/** The days of a series, and the days that it leaves out. */
export interface SeriesDays {
  days: Day[];
  skipped: { day: Day; holiday: string }[];
}

/**
 * The days of a series: every `everyWeeks` weeks from `startsOn`, up to and with `until`. It leaves out public holidays and does not move
 * them, so the weekday stays. `holidayOn` returns the name of a holiday.
 *
 * Example: every second Tuesday from 2026-04-21 leaves out 2026-05-05 in Japan, and goes on with 2026-05-19.
 */
export function seriesDays(
  { startsOn, everyWeeks, until }: { startsOn: Day; everyWeeks: number; until: Day },
  holidayOn: (day: Day) => string | undefined,
): SeriesDays {
  const series: SeriesDays = { days: [], skipped: [] };
  for (let day = startsOn; day <= until; day = addDays(day, 7 * everyWeeks)) {
    const holiday = holidayOn(day);
    if (holiday === undefined) series.days.push(day);
    else series.skipped.push({ day, holiday });
  }
  return series;
}

/** The last day of a series: `until`, or else the last day of the term in which it starts. `violations` are the rules that its days break. */
export function endOfSeries(
  { startsOn, until }: { startsOn: Day; until: Day | undefined },
  contract: Contract,
): { until: Day; violations: Violation[] } {
  const term = termOn(contract, startsOn);
  if (!term) {
    return {
      until: until ?? startsOn,
      violations: [{ ...termNotFound(startsOn, contract), pointer: '/plannedOn' }],
    };
  }
  if (until === undefined) return { until: term.endsOn, violations: [] };
  const pointer = '/series/until';
  if (until < startsOn) {
    const params = { startsOn, endsOn: until };
    return { until, violations: [{ code: 'dates-out-of-order', params, pointer }] };
  }
  if (until > term.endsOn) {
    const params = { until, endsOn: term.endsOn };
    return { until, violations: [{ code: 'series-outside-term', params, pointer }] };
  }
  return { until, violations: [] };
}

/** A planned session that a time entry names. */
export interface NamedSession {
  id: string;
  subscriptionId: string;
  fulfilledByEntryId: string | null;
  cancelledAt: Date | null;
}

/** The refusals of an entry for the planned session that it names. */
export const rulesOfFulfilment = [
  'planned-session-not-found',
  'planned-session-fulfilled',
  'planned-session-cancelled',
] as const satisfies readonly Violation['code'][];

/**
 * The rule that an entry breaks with the session that it names (§6). A session of another subscription does not exist for it. Day, minutes,
 * consultant and product line of the entry may differ from the plan.
 */
export function judgeFulfilment(
  plannedSessionId: string,
  session: NamedSession | undefined,
  subscriptionId: string,
): Violation[] {
  const pointer = '/plannedSessionId';
  if (session?.subscriptionId !== subscriptionId) {
    return [{ code: 'planned-session-not-found', params: { plannedSessionId }, pointer }];
  }
  if (session.cancelledAt !== null)
    return [{ code: 'planned-session-cancelled', params: { plannedSessionId }, pointer }];
  if (session.fulfilledByEntryId === null) return [];
  const params = { plannedSessionId, timeEntryId: session.fulfilledByEntryId };
  return [{ code: 'planned-session-fulfilled', params, pointer }];
}

/** Why a session can no longer be changed or cancelled; undefined if it can. */
export function closedBecause(
  session: SessionOutcome,
): 'planned-session-fulfilled' | 'planned-session-cancelled' | undefined {
  if (session.cancelledAt !== null) return 'planned-session-cancelled';
  return session.fulfilledByEntryId === null ? undefined : 'planned-session-fulfilled';
}
