import type { Day } from './calendar.js';
import { nextReminderAt, reminderOwed, reminderSchedule } from './notice.js';
import type { ServiceRules } from './service-rules.js';
import { termInstants } from './term-instants.js';
import { moveRenewal, noticeDeadline, termDates, type RenewalState } from './term.js';

/** The facts of an open term that decide its future. */
export interface ForecastTerm {
  /** From 0. */
  number: number;
  anchorOn: Day;
  endsOn: Day;
  endsAt: Date;
  lockAt: Date;
  nextReminderAt: Date | null;
  renewalState: RenewalState;
  timeZone: string;
}

/** The events of a term, in the order of the jobs that are due at one moment. */
export const renewalEvents = ['lock', 'roll-over', 'reminder'] as const;
export type RenewalEventName = (typeof renewalEvents)[number];

export interface ForecastEvent {
  at: Date;
  event: RenewalEventName;
  termNumber: number;
  /** Only for a reminder. */
  daysBefore?: number;
  /** Only for a roll-over. */
  outcome?: 'renews' | 'ends';
}

/**
 * The future events of a term and its following terms, as seen at `now` (§11): every reminder, lock and roll-over in order of
 * time. The sequence is endless unless the renewal is declined. It uses the same rules as the jobs, each for the moment at
 * which its job will run. Overdue events happen now.
 */
export function* renewalForecast(open: ForecastTerm, now: Date, rules: ServiceRules): Generator<ForecastEvent> {
  let term = open;
  for (let at = now; ;) {
    // After an outage, a term that is over when it opens is rolled over at once, without a lock.
    if (term === open || term.endsAt > at) yield* untilLocked(term, at, rules);
    at = latest(term.endsAt, at);
    const outcome = moveRenewal(term.renewalState, 'roll-over') === 'ended' ? 'ends' : 'renews';
    yield { at, event: 'roll-over', termNumber: term.number, outcome };
    if (outcome === 'ends') return;
    term = termAfter(term, at, rules);
  }
}

function* untilLocked(term: ForecastTerm, from: Date, rules: ServiceRules): Generator<ForecastEvent> {
  const { renewalState, lockAt, number: termNumber } = term;
  if (!moveRenewal(renewalState, 'deadline-passed')) return;
  const schedule = reminderSchedule(term.endsOn, rules.reminderDays, term.timeZone);
  let nextAt = term.nextReminderAt ?? undefined;
  let lastSentDaysBefore: number | undefined;
  while (nextAt) {
    const at = latest(nextAt, from);
    const progress = { now: at, lockAt, renewalState, lastSentDaysBefore };
    const owed = reminderOwed(schedule, progress);
    if (!owed) break;
    const { daysBefore } = owed;
    yield { at, event: 'reminder', termNumber, daysBefore };
    lastSentDaysBefore = daysBefore;
    nextAt = nextReminderAt(schedule, { ...progress, lastSentDaysBefore });
  }
  yield { at: latest(lockAt, from), event: 'lock', termNumber };
}

function termAfter({ number, anchorOn, timeZone }: ForecastTerm, now: Date, rules: ServiceRules): ForecastTerm {
  const next = { number: number + 1, anchorOn, timeZone, ...termDates(anchorOn, number + 1) };
  const noticeDeadlineOn = noticeDeadline(next.endsOn, rules.noticeDays);
  return { ...next, ...termInstants({ ...next, noticeDeadlineOn }, now, rules), renewalState: 'open' };
}

const latest = (one: Date, other: Date): Date => (one > other ? one : other);
