import { addDays, daysBetween, type Day } from './calendar.js';
import type { RenewalState } from './term.js';

/** The deadlines that a CSM sees for the coming days. */
export const deadlineKinds = ['notice', 'term-end', 'late-entries'] as const;
export type DeadlineKind = (typeof deadlineKinds)[number];

/** The minutes that were logged for a customer's work on a day. */
export interface LoggedMinutes {
  date: Day;
  customerId: string;
  customer: string;
  minutes: number;
}

/** The logged minutes of a week: in total, by day, and by customer. */
export interface WeekTotals {
  startsOn: Day;
  endsOn: Day;
  minutes: number;
  /** All seven days, also those without work. */
  days: { date: Day; minutes: number }[];
  /** Most minutes first, then by name. */
  byCustomer: { customerId: string; customer: string; minutes: number }[];
}

/** Sums up the logged minutes of the week that begins on a Monday. */
export function loggedWeek(startsOn: Day, logged: readonly LoggedMinutes[]): WeekTotals {
  const dates = Array.from({ length: 7 }, (_, at) => addDays(startsOn, at));
  const days = new Map(dates.map((date) => [date, { date, minutes: 0 }]));
  const customers = new Map<string, WeekTotals['byCustomer'][number]>();
  let total = 0;
  for (const { date, customerId, customer, minutes } of logged) {
    const ofCustomer = customers.get(customerId) ?? { customerId, customer, minutes: 0 };
    ofCustomer.minutes += minutes;
    customers.set(customerId, ofCustomer);
    const ofDay = days.get(date);
    if (ofDay) ofDay.minutes += minutes;
    total += minutes;
  }
  return {
    startsOn,
    endsOn: dates.at(-1)!,
    minutes: total,
    days: [...days.values()],
    byCustomer: [...customers.values()].sort((one, other) => other.minutes - one.minutes || compared(one, other)),
  };
}

function compared(one: { customer: string; customerId: string }, other: typeof one): number {
  const [first, second] = [one, other].map(({ customer, customerId }) => `${customer}\n${customerId}`);
  return first! < second! ? -1 : 1;
}

/** The days of a subscription that end a right. */
export interface DeadlineDays {
  /** Null after the subscription has ended. */
  term: { endsOn: Day; noticeDeadlineOn: Day; renewalState: RenewalState } | null;
  /** The last day to log work of a closed term with expired minutes, the earliest of several; null without one. */
  lateEntriesUntilOn: Day | null;
}

export interface NextDeadline {
  kind: DeadlineKind;
  date: Day;
  /** From today to the day. */
  daysLeft: number;
}

/**
 * The deadline that comes next, today or later: the last day for a notice while the renewal is open, the last day of the term, or
 * the last day for late entries. Null if none is to come.
 *
 * Example: the term 2026-04-01…2027-03-31 has the deadline `notice` on 2027-01-30. From 2027-01-31 on, or after a notice, it has
 * `term-end` on 2027-03-31.
 */
export function nextDeadline({ term, lateEntriesUntilOn }: DeadlineDays, today: Day): NextDeadline | null {
  const days: Record<DeadlineKind, Day | null> = {
    notice: term?.renewalState === 'open' ? term.noticeDeadlineOn : null,
    'term-end': term?.endsOn ?? null,
    'late-entries': lateEntriesUntilOn,
  };
  let next: Omit<NextDeadline, 'daysLeft'> | null = null;
  for (const kind of deadlineKinds) {
    const date = days[kind];
    if (date === null || date < today || (next && next.date <= date)) continue;
    next = { kind, date };
  }
  return next && { ...next, daysLeft: daysBetween(today, next.date) };
}
