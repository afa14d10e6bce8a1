import { addDays, startOfDay, type Day } from './calendar.js';
import { nextReminderAt, reminderSchedule } from './notice.js';
import type { ServiceRules } from './service-rules.js';

/** The days of a term, and the zone in which they begin and end. */
export interface TermInZone {
  startsOn: Day;
  endsOn: Day;
  noticeDeadlineOn: Day;
  timeZone: string;
}

/** The moments at which something of a term falls due; SQL only compares them. */
export interface TermInstants {
  startsAt: Date;
  endsAt: Date;
  lockAt: Date;
  nextReminderAt: Date | null;
}

/** The moments of a term that opens now: of the reminders whose day has passed, the newest is still due (§11). */
export function termInstants(term: TermInZone, now: Date, rules: ServiceRules): TermInstants {
  const { timeZone } = term;
  const lockAt = startOfDay(addDays(term.noticeDeadlineOn, 1), timeZone);
  const schedule = reminderSchedule(term.endsOn, rules.reminderDays, timeZone);
  return {
    startsAt: startOfDay(term.startsOn, timeZone),
    endsAt: startOfDay(addDays(term.endsOn, 1), timeZone),
    lockAt,
    nextReminderAt: nextReminderAt(schedule, { now, lockAt, renewalState: 'open' }) ?? null,
  };
}

/**
 * The moments of an open term after the customer's zone has changed: what is still to come is computed anew, and what has
 * passed stays, so that nothing reopens. The reminder that is next stays the one of as many days before the end.
 */
export function termInstantsMoved(term: TermInZone & TermInstants, now: Date, rules: ServiceRules): TermInstants {
  const anew = termInstants(term, now, rules);
  const unlessPassed = (before: Date, after: Date): Date => (before <= now ? before : after);
  return {
    startsAt: unlessPassed(term.startsAt, anew.startsAt),
    endsAt: unlessPassed(term.endsAt, anew.endsAt),
    lockAt: unlessPassed(term.lockAt, anew.lockAt),
    nextReminderAt: term.nextReminderAt && unlessPassed(term.nextReminderAt, nearest(term, term.nextReminderAt, rules)),
  };
}

/** Zones are hours apart and reminders days, so the one nearest to where it was is the same one. */
function nearest({ endsOn, timeZone }: TermInZone, before: Date, rules: ServiceRules): Date {
  return reminderSchedule(endsOn, rules.reminderDays, timeZone)
    .map(({ at }) => at)
    .reduce((one, other) => (distance(other, before) < distance(one, before) ? other : one));
}

const distance = (one: Date, other: Date): number => Math.abs(one.getTime() - other.getTime());
