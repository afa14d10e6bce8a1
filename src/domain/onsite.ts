import type { Day } from './calendar.js';
import type { Violation } from './refusal.js';
import type { RefusalCode } from './refusals.js';
import type { TermDates } from './term.js';

/** Planned and done visits count towards the maximum of a term (§8). */
export type VisitStatus = 'planned' | 'done' | 'cancelled';

export type VisitEvent = 'complete' | 'cancel';

/** The allowed moves of a visit (§8). A done visit can be cancelled as long as no time is logged on it. */
const visitMoves: Readonly<Record<VisitStatus, Readonly<Partial<Record<VisitEvent, VisitStatus>>>>> = {
  planned: { complete: 'done', cancel: 'cancelled' },
  done: { cancel: 'cancelled' },
  cancelled: {},
};

/** The status after an event, or the refusal; `hasEntries` means that the visit has entries that are not reversed. */
export function moveVisit(
  from: VisitStatus,
  event: VisitEvent,
  hasEntries: boolean,
): { to: VisitStatus } | { refused: RefusalCode } {
  const to = visitMoves[from][event];
  if (to === undefined) return { refused: from === 'done' ? 'already-completed' : 'already-cancelled' };
  if (event === 'cancel' && hasEntries) return { refused: 'visit-has-entries' };
  return { to };
}

/** A time entry of a visit that is not reversed. */
export interface VisitEntry {
  id: string;
  workDate: Day;
  consultantId: string;
}

/** The most entries that a refusal names. */
const mostEntriesNamed = 20;

/** A violation that names the entries outside the changed days or consultants of a visit (§8). */
export function judgeVisitEntries(
  { startsOn, endsOn, consultantIds }: VisitDates & { consultantIds: readonly string[] },
  entries: readonly VisitEntry[],
): Violation[] {
  const left = entries.filter(
    ({ workDate, consultantId }) => workDate < startsOn || workDate > endsOn || !consultantIds.includes(consultantId),
  );
  if (left.length === 0) return [];
  const shown = left.slice(0, mostEntriesNamed);
  const named = shown.map(({ id, workDate }) => `${workDate} ${id}`).join(', ');
  return [{ code: 'visit-leaves-entries', params: { count: left.length, named }, lists: { entries: shown } }];
}

/** One onsite stay; first and last day inclusive. */
export interface VisitDates {
  startsOn: Day;
  endsOn: Day;
}

export interface VisitContext {
  /** The term of the first day; undefined where there is none. */
  term: TermDates | undefined;
  /** The package in force on the first day. */
  package: string;
  onsiteIncluded: boolean;
  /** Planned and done visits of the term. */
  visitsUsed: number;
  /** Null for any number. */
  maxVisits: number | null;
}

/** All rules that a new visit breaks (§8). Without onsite work in the package, the number of visits is not checked. */
export function judgeVisit({ startsOn, endsOn }: VisitDates, context: VisitContext): Violation[] {
  const { term, onsiteIncluded, visitsUsed, maxVisits } = context;
  const violations: Violation[] = [];
  if (endsOn < startsOn) violations.push({ code: 'dates-out-of-order', params: { startsOn, endsOn } });
  if (!term || startsOn < term.startsOn || endsOn > term.endsOn) {
    violations.push({ code: 'visit-outside-term', params: { startsOn, endsOn } });
  }
  if (!term) return violations;
  if (!onsiteIncluded) {
    violations.push({ code: 'onsite-not-included', params: { package: context.package } });
  } else if (maxVisits !== null && visitsUsed >= maxVisits) {
    violations.push({ code: 'visits-exhausted', params: { used: visitsUsed, limit: maxVisits } });
  }
  return violations;
}
