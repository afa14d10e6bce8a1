import { addDays, daysBetween, type Day } from './calendar.js';
import { enrolledOn, type Enrolment } from './contract.js';
import { ceilDivide, floorDivide } from './minutes.js';
import { longestSessionMinutes } from './planned-session.js';
import type { Violation } from './refusal.js';

/** A pair of the present set of allocations, and what is left of its allocation beside its open sessions. */
export interface PlannablePair {
  consultantId: string;
  productLineId: string;
  leftMinutes: number;
}

export interface ProposalFacts {
  /** What would expire with what is planned already. */
  minutes: number;
  /** The first day for a session, and the last day of the term. */
  from: Day;
  endsOn: Day;
  /** The wanted distance of the sessions. They come closer if there is more to do than a working day holds. */
  everyWeeks: number;
  /** In order of preference: the pairs of the primary consultant first. */
  pairs: readonly PlannablePair[];
  enrolments: readonly Enrolment[];
  isWorkingDay: (day: Day) => boolean;
}

export interface ProposedSession {
  plannedOn: Day;
  minutes: number;
  consultantId: string;
  productLineId: string;
}

/** The refusals of a proposal. */
export const rulesOfProposals = [
  'nobody-to-plan',
  'no-room-for-sessions',
] as const satisfies readonly Violation['code'][];

const quarter = 15;
/** A session is not longer than a working day of eight hours, as long as the term has enough days. */
const workingDayMinutes = 480;

/**
 * Spreads minutes over the rest of a term (§6): sessions on working days, as evenly as whole quarter hours allow. The last session also has
 * the minutes that are no quarter hour, so the sum is exact. Pairs get sessions in proportion to what is left of their allocations.
 *
 * Example: 1,000 minutes over 20 weeks, every 4 weeks: 210, 195, 195, 195 and 205 minutes.
 */
export function proposeSessions(facts: ProposalFacts): { sessions: ProposedSession[]; violations: Violation[] } {
  const { minutes, from, endsOn } = facts;
  if (minutes === 0) return { sessions: [], violations: [] };
  const days = plannableDays(facts);
  if (days.length === 0) return { sessions: [], violations: [{ code: 'nobody-to-plan', params: { from, endsOn } }] };
  const mostMinutes = days.length * longestSessionMinutes;
  if (minutes > mostMinutes) {
    const params = { minutes, days: days.length, mostMinutes };
    return { sessions: [], violations: [{ code: 'no-room-for-sessions', params }] };
  }
  const count = Math.min(numberOfSessions(facts), days.length);
  const amounts = spread(minutes, count);
  const planned = amounts.map((amount, at) => ({
    plannedOn: days[floorDivide((2 * at + 1) * days.length, 2 * count)]!,
    minutes: amount,
  }));
  return { sessions: withPairs(planned, facts), violations: [] };
}

/** The working days on which a product line of a pair is enrolled; if there is none, the other days. */
function plannableDays({ from, endsOn, pairs, enrolments, isWorkingDay }: ProposalFacts): Day[] {
  const days: Day[] = [];
  for (let day = from; day <= endsOn; day = addDays(day, 1)) {
    const enrolled = enrolledOn(enrolments, day);
    if (pairs.some(({ productLineId }) => enrolled.includes(productLineId))) days.push(day);
  }
  const working = days.filter(isWorkingDay);
  return working.length > 0 ? working : days;
}

/** One session for each period of `everyWeeks`, but not more than quarter hours, and enough for sessions of a working day. */
function numberOfSessions({ minutes, from, endsOn, everyWeeks }: ProposalFacts): number {
  const periods = floorDivide(daysBetween(from, endsOn) + 1, 7 * everyWeeks);
  const fewest = ceilDivide(minutes, workingDayMinutes);
  return Math.max(1, fewest, Math.min(periods, floorDivide(minutes, quarter)));
}

/** Whole quarter hours, the longer sessions evenly among the others; the rest in the last session, which is never a longer one. */
function spread(minutes: number, count: number): number[] {
  const quarters = floorDivide(minutes, quarter);
  const upTo = (at: number): number => ceilDivide(at * quarters, count);
  return Array.from({ length: count }, (_, at) => {
    const rest = at === count - 1 ? minutes % quarter : 0;
    return (upTo(at + 1) - upTo(at)) * quarter + rest;
  });
}

/** Gives each session to the enrolled pair that is furthest behind its share. Without anything left, the first pair gets all. */
function withPairs(
  planned: readonly { plannedOn: Day; minutes: number }[],
  { pairs, enrolments }: ProposalFacts,
): ProposedSession[] {
  const total = pairs.reduce((sum, { leftMinutes }) => sum + leftMinutes, 0);
  const given = pairs.map(() => 0);
  let plannedMinutes = 0;
  return planned.map((session) => {
    plannedMinutes += session.minutes;
    const enrolled = enrolledOn(enrolments, session.plannedOn);
    let best = -1;
    let bestBehind = -Infinity;
    for (const [at, { productLineId, leftMinutes }] of pairs.entries()) {
      const behind = leftMinutes * plannedMinutes - given[at]! * total;
      if (!enrolled.includes(productLineId) || behind <= bestBehind) continue;
      best = at;
      bestBehind = behind;
    }
    const { consultantId, productLineId } = pairs[best]!;
    given[best]! += session.minutes;
    return { ...session, consultantId, productLineId };
  });
}
