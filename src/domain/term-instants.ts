import { addDays, startOfDay, type Day } from './calendar.js';
import { nextReminderAt, reminderSchedule } from './notice.js';
import type { ServiceRules } from './service-rules.js';
import type { RenewalState } from './term.js';

/** The days of a term, and the zone in which they begin and end. */
export interface TermInZone {
  startsOn: Day;
  endsOn: Day;
  noticeDeadlineOn: Day;
  timeZone: string;
}

/** The end of the last day for a notice. */
export interface Deadline {
  /** The first instant after the last day for a notice. */
  lockAt: Date;
  /** The zone in which `lockAt` was computed (§3). */
  deadlineZone: string;
}

/** How a change of the customer's zone, or of a zone's rules, moved the deadline of a term. The evidence lists each change. */
export interface DeadlineMove {
  movedAt: Date;
  /** The customer's zones before and after the change. If the rules of a zone changed, both are that zone. */
  fromZone: string;
  toZone: string;
  /** Whether a reminder had already announced the deadline. */
  announced: boolean;
  lockAtBefore: Date;
  lockAtAfter: Date;
  deadlineZoneBefore: string;
  deadlineZoneAfter: string;
}

/** The moments at which events of a term fall due; SQL only compares them. */
export interface TermInstants extends Deadline {
  startsAt: Date;
  endsAt: Date;
  nextReminderAt: Date | null;
}

/** The moments of a term that opens now. If reminder days have passed already, the newest of these reminders is still due (§11). */
export function termInstants(term: TermInZone, now: Date, rules: ServiceRules): TermInstants {
  const { timeZone } = term;
  const { lockAt, deadlineZone } = deadlineIn(timeZone, term.noticeDeadlineOn);
  const schedule = reminderSchedule(term.endsOn, rules.reminderDays, timeZone);
  return {
    startsAt: startOfDay(term.startsOn, timeZone),
    endsAt: startOfDay(addDays(term.endsOn, 1), timeZone),
    lockAt,
    deadlineZone,
    nextReminderAt: nextReminderAt(schedule, { now, lockAt, renewalState: 'open' }) ?? null,
  };
}

/** The deadline of a term in a zone. */
export function deadlineIn(timeZone: string, noticeDeadlineOn: Day): Deadline {
  return { lockAt: startOfDay(addDays(noticeDeadlineOn, 1), timeZone), deadlineZone: timeZone };
}

/**
 * The deadline after the customer has moved to another zone (§3). A deadline that has passed stays. An announced deadline
 * never moves earlier. Any other deadline moves with the zone.
 *
 * Example: the last day is 2027-01-30, and the customer moves from Los Angeles to Tokyo at 2027-01-30T20:00Z. The announced
 * deadline stays at midnight in Los Angeles, so a notice received at 23:00Z is on time.
 */
export function deadlineMoved(
  { lockAt, deadlineZone, noticeDeadlineOn }: Deadline & { noticeDeadlineOn: Day },
  { timeZone, isAnnounced, now }: { timeZone: string; isAnnounced: boolean; now: Date },
): Deadline {
  const before = { lockAt, deadlineZone };
  if (lockAt <= now) return before;
  const anew = deadlineIn(timeZone, noticeDeadlineOn);
  return isAnnounced && anew.lockAt < lockAt ? before : anew;
}

/**
 * The moments of an open term after a change of the customer's zone. Future moments are computed again, and past ones stay, so
 * nothing reopens. The next reminder keeps its number of days before the end.
 */
export function termInstantsMoved(
  term: TermInZone & TermInstants & { deadlineAnnounced: boolean },
  now: Date,
  rules: ServiceRules,
): TermInstants {
  const { timeZone, deadlineAnnounced: isAnnounced } = term;
  return { ...stillToCome(term, now, rules), ...deadlineMoved(term, { timeZone, isAnnounced, now }) };
}

/**
 * The moments of an open term after a change of the rules of its zones. The zones themselves stay. Past moments stay too, and
 * an announced deadline never moves earlier (§3).
 */
export function termInstantsByRules(
  term: TermInZone & TermInstants & { deadlineAnnounced: boolean; renewalState: RenewalState },
  now: Date,
  rules: ServiceRules,
): TermInstants {
  const { lockAt, deadlineZone, deadlineAnnounced: isAnnounced } = term;
  const deadline =
    term.renewalState === 'locked'
      ? { lockAt, deadlineZone }
      : deadlineMoved(term, { timeZone: deadlineZone, isAnnounced, now });
  return { ...stillToCome(term, now, rules), ...deadline };
}

/** All moments except the deadline, computed again; past ones stay. */
function stillToCome(
  term: TermInZone & TermInstants,
  now: Date,
  rules: ServiceRules,
): Omit<TermInstants, keyof Deadline> {
  const anew = termInstants(term, now, rules);
  const unlessPassed = (before: Date, after: Date): Date => (before <= now ? before : after);
  return {
    startsAt: unlessPassed(term.startsAt, anew.startsAt),
    endsAt: unlessPassed(term.endsAt, anew.endsAt),
    nextReminderAt: term.nextReminderAt && unlessPassed(term.nextReminderAt, nearest(term, term.nextReminderAt, rules)),
  };
}

/** The same reminder in the new zone: zones differ by hours and reminders by days, so it is the nearest one. */
function nearest({ endsOn, timeZone }: TermInZone, before: Date, rules: ServiceRules): Date {
  return reminderSchedule(endsOn, rules.reminderDays, timeZone)
    .map(({ at }) => at)
    .reduce((one, other) => (distance(other, before) < distance(one, before) ? other : one));
}

const distance = (one: Date, other: Date): number => Math.abs(one.getTime() - other.getTime());
