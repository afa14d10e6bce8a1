import { addDays, type Day } from './calendar.js';

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
  const total = (rows: readonly LoggedMinutes[]): number => rows.reduce((sum, { minutes }) => sum + minutes, 0);
  const dates = Array.from({ length: 7 }, (_, at) => addDays(startsOn, at));
  const customers = new Map(logged.map(({ customerId, customer }) => [customerId, customer]));
  const byCustomer = [...customers].map(([customerId, customer]) => {
    return { customerId, customer, minutes: total(logged.filter((row) => row.customerId === customerId)) };
  });
  return {
    startsOn,
    endsOn: dates.at(-1)!,
    minutes: total(logged),
    days: dates.map((date) => ({ date, minutes: total(logged.filter((row) => row.date === date)) })),
    byCustomer: byCustomer.sort((one, other) => other.minutes - one.minutes || compared(one, other)),
  };
}

function compared(one: { customer: string; customerId: string }, other: typeof one): number {
  const [first, second] = [one, other].map(({ customer, customerId }) => `${customer}\n${customerId}`);
  return first! < second! ? -1 : 1;
}
