import { addDays, dayAt, startOfDay, type Day } from './calendar.js';
import type { Role } from './access.js';
import type { Violation } from './refusal.js';

/** The days on which a user stands in for a CSM, both included, in the zone of the CSM (§13). */
export interface DeputyDays {
  from: Day;
  to: Day;
}

/** A deputy as a CSM names one. */
export interface NamedDeputy extends DeputyDays {
  userId: string;
}

/** A deputy of any CSM. */
export interface Deputyship extends NamedDeputy {
  csmId: string;
}

/** The part of a user that decides whether the user can be a deputy. */
export interface PossibleDeputy {
  role: Role;
  active: boolean;
}

/** Whether the deputy stands in at an instant. The days begin and end at midnight in the zone of the CSM. */
export const standsIn = ({ from, to }: DeputyDays, timeZone: string, instant: Date): boolean =>
  startOfDay(from, timeZone) <= instant && instant < startOfDay(addDays(to, 1), timeZone);

/** The deputies of one CSM who stand in at an instant, each user once. */
export function deputiesAt<Named extends NamedDeputy>(
  deputies: readonly Named[],
  timeZone: string,
  instant: Date,
): Named[] {
  const day = dayAt(instant, timeZone);
  const present = deputies.filter(({ from, to }) => from <= day && day <= to);
  return present.filter(({ userId }, at) => present.findIndex((other) => other.userId === userId) === at);
}

/**
 * What stands against a CSM's new list of deputies (§13). `others` are the deputies of all other CSMs, and `today` is the day in
 * the zone of the CSM.
 */
export function deputyViolations(
  { csmId, today }: { csmId: string; today: Day },
  deputies: readonly NamedDeputy[],
  users: ReadonlyMap<string, PossibleDeputy>,
  others: readonly Deputyship[],
): Violation[] {
  return deputies.flatMap((deputy, at): Violation[] => {
    const { userId, from, to } = deputy;
    const wrong = (code: Violation['code'], field: keyof NamedDeputy, params: Violation['params']): Violation[] => [
      { code, params, pointer: `/deputies/${at}/${field}` },
    ];
    if (userId === csmId) return wrong('deputy-is-csm', 'userId', {});
    const user = users.get(userId);
    if (user?.role !== 'csm') return wrong('deputy-not-a-csm', 'userId', { id: userId });
    if (!user.active) return wrong('user-inactive', 'userId', { id: userId });
    if (from > to) return wrong('deputy-days-reversed', 'from', { from, to });
    if (to < today) return wrong('deputy-days-past', 'to', { to, today });
    if (deputies.slice(0, at).some((other) => other.userId === userId && daysMeet(other, deputy))) {
      return wrong('deputy-days-overlap', 'from', { id: userId });
    }
    const day = firstDayInCircle(csmId, deputy, others);
    return day === undefined ? [] : wrong('deputy-circle', 'userId', { id: userId, day });
  });
}

/** Days the wrong way round meet no other days. */
const daysMeet = (one: DeputyDays, other: DeputyDays): boolean =>
  one.from <= one.to && one.from <= other.to && other.from <= one.to;

/**
 * The first day on which the deputies lead from this deputy back to the CSM; undefined without a circle. A circle begins on the
 * first day of one of its deputies, so no other day needs a look.
 */
function firstDayInCircle(csmId: string, deputy: NamedDeputy, others: readonly Deputyship[]): Day | undefined {
  const begins = others.map(({ from }) => from).filter((from) => deputy.from < from && from <= deputy.to);
  return [deputy.from, ...begins.sort()].find((day) => leadsTo(csmId, deputy.userId, day, others));
}

/** Whether the deputies of a day lead from one user to another. */
function leadsTo(target: string, start: string, day: Day, deputies: readonly Deputyship[]): boolean {
  const reached = new Set([start]);
  for (const userId of reached) {
    for (const { csmId, userId: next, from, to } of deputies) {
      if (csmId === userId && from <= day && day <= to) reached.add(next);
    }
  }
  return reached.has(target);
}
