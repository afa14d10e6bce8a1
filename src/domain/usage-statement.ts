import { addDays, anniversary, type Day } from './calendar.js';
import { morningOf } from './morning.js';
import { serviceMonths, termMonths, type ServiceMonth } from './term.js';

interface TermOfMonths {
  anchorOn: Day;
  /** From 0. */
  number: number;
  timeZone: string;
}

/** A term whose use is stated after each service month. */
export interface StatedTerm extends TermOfMonths {
  /** When the contract was entered into the service. */
  enteredAt: Date;
  /** Whether another term has followed it. */
  renewed: boolean;
}

/** When the use of a service month is stated: in the morning of the day after its last one. */
function statementAt({ endsOn }: Pick<ServiceMonth, 'endsOn'>, timeZone: string): Date {
  return morningOf(addDays(endsOn, 1), timeZone);
}

/** When the first service month of a term is stated: on the first day of its second. */
export function firstStatementAt({ anchorOn, number, timeZone }: TermOfMonths): Date {
  return morningOf(anniversary(anchorOn, termMonths * number + 1), timeZone);
}

/**
 * The service month whose use is to be stated by now, and when the next one is. Of several the newest only: the months
 * before it are in its balance. None of before the contract was entered, and none of a term when a month of the next
 * one is to be stated already.
 */
export function statementOwed(
  term: StatedTerm,
  now: Date,
): { month: ServiceMonth | undefined; nextAt: Date | undefined } {
  const { anchorOn, number, timeZone, enteredAt, renewed } = term;
  const months = serviceMonths(anchorOn, number);
  const next = months.find((month) => statementAt(month, timeZone) > now);
  const newest = months[(next?.month ?? termMonths) - 1];
  const isTold = newest !== undefined && statementAt(newest, timeZone) > enteredAt;
  const isOutdone = renewed && firstStatementAt({ anchorOn, number: number + 1, timeZone }) <= now;
  return {
    month: isTold && !isOutdone ? newest : undefined,
    nextAt: next && statementAt(next, timeZone),
  };
}

/**
 * When a statement that is still to come falls due after the customer's zone has changed: that of the same month. Zones
 * are hours apart and months weeks, so it is the one nearest to where it was.
 */
export function statementMoved(term: TermOfMonths, before: Date): Date {
  const distance = (at: Date): number => Math.abs(at.getTime() - before.getTime());
  return serviceMonths(term.anchorOn, term.number)
    .map((month) => statementAt(month, term.timeZone))
    .reduce((one, other) => (distance(other) < distance(one) ? other : one));
}
