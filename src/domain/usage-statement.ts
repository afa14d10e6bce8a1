import { addDays, anniversary, type Day } from './calendar.js';
import { morningOf } from './morning.js';
import { serviceMonths, termMonths, type ServiceMonth } from './term.js';

interface TermOfMonths {
  anchorOn: Day;
  /** From 0. */
  number: number;
  timeZone: string;
}

/** A term with a usage statement after each service month. */
export interface StatedTerm extends TermOfMonths {
  /** When the contract was entered into the service. */
  enteredAt: Date;
  /** Whether another term follows it. */
  renewed: boolean;
}

/** When the statement of a service month is due: on the morning after its last day. */
function statementAt({ endsOn }: Pick<ServiceMonth, 'endsOn'>, timeZone: string): Date {
  return morningOf(addDays(endsOn, 1), timeZone);
}

/** When the first statement of a term is due: on the first day of its second service month. */
export function firstStatementAt({ anchorOn, number, timeZone }: TermOfMonths): Date {
  return morningOf(anniversary(anchorOn, termMonths * number + 1), timeZone);
}

/**
 * The service month whose statement is due now, and when the next one falls due. If several are missed, only the newest is due:
 * its balance includes the months before. There is no statement for months before the contract was entered, nor for a term
 * when a statement of the next term is due already.
 */
export function statementOwed(
  term: StatedTerm,
  now: Date,
): { month: ServiceMonth | undefined; nextAt: Date | undefined } {
  const { anchorOn, number, timeZone, enteredAt, renewed } = term;
  const months = serviceMonths(anchorOn, number);
  const next = months.find((month) => statementAt(month, timeZone) > now);
  const newest = months[(next?.month ?? termMonths) - 1];
  const isAfterEntry = newest !== undefined && statementAt(newest, timeZone) > enteredAt;
  const isSuperseded = renewed && firstStatementAt({ anchorOn, number: number + 1, timeZone }) <= now;
  return {
    month: isAfterEntry && !isSuperseded ? newest : undefined,
    nextAt: next && statementAt(next, timeZone),
  };
}

/**
 * When a future statement falls due after a change of the customer's zone. Zones differ by hours and months by weeks, so the
 * nearest instant is the one of the same month.
 */
export function statementMoved(term: TermOfMonths, before: Date): Date {
  const distance = (at: Date): number => Math.abs(at.getTime() - before.getTime());
  return serviceMonths(term.anchorOn, term.number)
    .map((month) => statementAt(month, term.timeZone))
    .reduce((one, other) => (distance(other) < distance(one) ? other : one));
}
