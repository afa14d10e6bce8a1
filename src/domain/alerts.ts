import { addDays, anniversary, daysBetween, type Day } from './calendar.js';
import { ceilDivide, floorDivide } from './minutes.js';
import { pace, plannedMinutes, type PacePlan } from './pace.js';
import type { ServiceRules } from './service-rules.js';
import { termDates, termMonths } from './term.js';

/** What one is alerted to, once each a term (§6): a share of the granted minutes that is used, the pace, or minutes about to expire. */
export type UsageAlert = `used-${number}` | 'ahead' | 'behind' | 'expiring';

type AlertRules = Pick<
  ServiceRules,
  'usageAlertPercents' | 'customerAlertPercent' | 'behindAlertMonths' | 'expiryAlertDays' | 'paceTolerancePercent'
>;

/** An open term as it stands at a moment. */
export interface WatchedTerm {
  plan: PacePlan;
  grantedMinutes: number;
  usedMinutes: number;
  /** What the forecast expects to be left at the term's end. */
  expiringMinutes: number;
  given: ReadonlySet<UsageAlert>;
  today: Day;
  /** The last day whose morning has come: what falls due by mere passing of time is looked for in the morning. */
  morningOn: Day;
  /** The day on which the contract was entered into the service. */
  enteredOn: Day;
}

export interface AlertLook {
  /** Given from now on. */
  due: UsageAlert[];
  /** Those of them that are mailed: of several shares reached at once only the highest. */
  told: UsageAlert[];
  /** The next morning on which one can have fallen due by mere passing of time; undefined where none will. */
  nextOn: Day | undefined;
  /** Used minutes that make another look worth while; undefined where no amount can make anything due. */
  fromMinutes: number | undefined;
}

/**
 * The alerts that a term owes, and when to look again (§6). Reaching a share exactly counts, as do shares of the new
 * total after an upgrade. Ahead is what `pace` calls ahead, which only a booking can bring about; behind is more than
 * `behindAlertMonths` twelfths of the granted minutes below the plan, which time brings about. From `expiryAlertDays`
 * before the end on, minutes are likely to expire where the forecast leaves more of them than the tolerance of the pace.
 * Between two looks nothing is missed, as long as one looks on `nextOn`, at `fromMinutes`, and after every reversal and
 * upgrade. Of a contract that was taken over in the middle of the term, whose use is only being entered, what time brings
 * about is looked for from the morning after it was entered.
 */
export function lookForAlerts(term: WatchedTerm, rules: AlertRules): AlertLook {
  const { plan, today, given } = term;
  if (today > plan.endsOn) return { due: [], told: [], nextOn: undefined, fromMinutes: undefined };
  const shares = sharesReached(term, rules).filter((alert) => !given.has(alert));
  const others = [
    ...(isAhead(term) ? ['ahead' as const] : []),
    ...(isBehind(term, rules) ? ['behind' as const] : []),
    ...(isExpiring(term, rules) ? ['expiring' as const] : []),
  ].filter((alert) => !given.has(alert));
  const due = [...shares, ...others];
  const after = { ...term, given: new Set([...given, ...due]) };
  return {
    due,
    told: [...shares.slice(-1), ...others],
    nextOn: nextMorning(after, rules),
    fromMinutes: nextMinutes(after, rules),
  };
}

/**
 * When to look first at a term that opens, without drawing up its plan. Nobody is behind by more than so many service
 * months before these are over; and no share and no tolerance of the pace is passed before the smallest of them is.
 */
export function firstLook(
  { anchor, number, grantedMinutes }: { anchor: Day; number: number; grantedMinutes: number },
  rules: AlertRules,
): { nextOn: Day; fromMinutes: number } {
  const { endsOn } = termDates(anchor, number);
  const behindFrom = anniversary(anchor, termMonths * number + rules.behindAlertMonths);
  return {
    nextOn: earliest(behindFrom, addDays(endsOn, -rules.expiryAlertDays)),
    fromMinutes: Math.min(
      toleratedMinutes(grantedMinutes, rules) + 1,
      ...rules.usageAlertPercents.map((percent) => shareMinutes(grantedMinutes, percent)),
    ),
  };
}

/** Whether an alert goes to the customer's `usage` contacts too, and not to the CSM alone (§6). */
export function concernsCustomer(alert: UsageAlert, rules: AlertRules): boolean {
  const percent = percentOfAlert(alert);
  return alert === 'expiring' || (percent !== undefined && percent >= rules.customerAlertPercent);
}

/** 80 for `used-80`. */
export function percentOfAlert(alert: UsageAlert): number | undefined {
  const [, percent] = /^used-(\d+)$/.exec(alert) ?? [];
  return percent === undefined ? undefined : Number(percent);
}

const shareAlert = (percent: number): UsageAlert => `used-${percent}`;

function sharesReached({ grantedMinutes, usedMinutes }: WatchedTerm, { usageAlertPercents }: AlertRules): UsageAlert[] {
  return usageAlertPercents
    .filter((percent) => usedMinutes >= shareMinutes(grantedMinutes, percent))
    .map((percent) => shareAlert(percent));
}

function isAhead({ plan, usedMinutes, today }: WatchedTerm): boolean {
  return pace(plan, usedMinutes, today).status === 'ahead';
}

function isBehind(term: WatchedTerm, rules: AlertRules): boolean {
  return term.morningOn >= morningsFrom(term) && isBehindOn(term, term.morningOn, rules);
}

function isBehindOn({ plan, grantedMinutes, usedMinutes }: WatchedTerm, on: Day, rules: AlertRules): boolean {
  return (plannedMinutes(plan, on) - usedMinutes) * termMonths > grantedMinutes * rules.behindAlertMonths;
}

function isExpiring(term: WatchedTerm, rules: AlertRules): boolean {
  const { grantedMinutes, expiringMinutes, morningOn } = term;
  return morningOn >= expiryAlertOn(term, rules) && expiringMinutes > toleratedMinutes(grantedMinutes, rules);
}

function expiryAlertOn(term: WatchedTerm, { expiryAlertDays }: AlertRules): Day {
  return latest(addDays(term.plan.endsOn, -expiryAlertDays), morningsFrom(term));
}

function morningsFrom({ plan, enteredOn }: WatchedTerm): Day {
  return enteredOn > plan.startsOn ? addDays(enteredOn, 1) : plan.startsOn;
}

/** As far as use may be off the plan and still be on pace; a share of a twelfth of what is granted. */
function toleratedMinutes(grantedMinutes: number, { paceTolerancePercent }: AlertRules): number {
  return floorDivide(grantedMinutes * paceTolerancePercent, termMonths * 100);
}

function shareMinutes(grantedMinutes: number, percent: number): number {
  return ceilDivide(grantedMinutes * percent, 100);
}

function nextMorning(term: WatchedTerm, rules: AlertRules): Day | undefined {
  const { given, morningOn, plan } = term;
  const from = latest(addDays(morningOn, 1), morningsFrom(term));
  const expiryOn = expiryAlertOn(term, rules);
  const behindOn = firstDay(from, plan.endsOn, (day) => isBehindOn(term, day, rules));
  const days: Day[] = [];
  if (behindOn !== undefined && !given.has('behind')) days.push(behindOn);
  if (expiryOn >= from && expiryOn <= plan.endsOn && !given.has('expiring')) days.push(expiryOn);
  return days.sort()[0];
}

function nextMinutes({ plan, grantedMinutes, given, today }: WatchedTerm, rules: AlertRules): number | undefined {
  const amounts = rules.usageAlertPercents
    .filter((percent) => !given.has(shareAlert(percent)))
    .map((percent) => shareMinutes(grantedMinutes, percent));
  // The plan only grows: on a later day it takes more to be ahead.
  if (!given.has('ahead')) amounts.push(plannedMinutes(plan, today) + toleratedMinutes(grantedMinutes, rules) + 1);
  return amounts.length === 0 ? undefined : Math.min(...amounts);
}

/** The first of the days for which something holds that, once it does, goes on to hold. */
function firstDay(from: Day, to: Day, holds: (day: Day) => boolean): Day | undefined {
  if (from > to || !holds(to)) return undefined;
  let day = from;
  let last = to;
  while (day < last) {
    const between = middleOf(day, last);
    if (holds(between)) last = between;
    else day = addDays(between, 1);
  }
  return day;
}

const middleOf = (one: Day, other: Day): Day => addDays(one, floorDivide(daysBetween(one, other), 2));
const latest = (one: Day, other: Day): Day => (one > other ? one : other);
const earliest = (one: Day, other: Day): Day => (one < other ? one : other);
