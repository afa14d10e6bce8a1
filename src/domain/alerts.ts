import { addDays, anniversary, firstDay, type Day } from './calendar.js';
import { ceilDivide, floorDivide } from './minutes.js';
import { pace, plannedMinutes, type PacePlan } from './pace.js';
import type { ServiceRules } from './service-rules.js';
import { termDates, termMonths } from './term.js';

/** The alerts of a term, each sent at most once (§6): about a used share of the granted minutes, the pace, or minutes about to expire. */
export type UsageAlert = `used-${number}` | 'ahead' | 'behind' | 'expiring';

type AlertRules = Pick<
  ServiceRules,
  'usageAlertPercents' | 'customerAlertPercent' | 'behindAlertMonths' | 'expiryAlertDays' | 'paceTolerancePercent'
>;

/** An open term with its figures at one moment. */
export interface WatchedTerm {
  plan: PacePlan;
  grantedMinutes: number;
  usedMinutes: number;
  /** What the forecast expects to be left at the term's end. */
  expiringMinutes: number;
  /** The alerts that the term has had so far. */
  given: ReadonlySet<UsageAlert>;
  today: Day;
  /** The last day whose morning has come: alerts that come with time alone are checked in the morning. */
  morningOn: Day;
  /** The day on which the contract was entered into the service. */
  enteredOn: Day;
}

export interface AlertCheck {
  /** The alerts that count as given from now on. */
  due: UsageAlert[];
  /** The due alerts that are mailed: if the term reaches several shares at once, only the highest. */
  mailed: UsageAlert[];
  /** The next morning on which time alone can make an alert due; undefined if it cannot. */
  nextOn: Day | undefined;
  /** The used minutes from which another check is needed; undefined if no amount can make an alert due. */
  fromMinutes: number | undefined;
}

/**
 * The alerts that are due for a term, and when to check again (§6).
 *
 * - A share is reached also when use equals it exactly. After an upgrade, shares are of the new total.
 * - `ahead` follows `pace`; only a booking can make it due.
 * - `behind` is more than `behindAlertMonths` twelfths of the granted minutes below the plan; time makes it due.
 * - `expiring` can be due from `expiryAlertDays` before the end: the forecast leaves more minutes than the tolerance of the pace.
 *
 * Checks on `nextOn`, at `fromMinutes` and after every reversal and upgrade miss no alert. A contract that was taken over in
 * the middle of a term is still having its past use entered, so `behind` and `expiring` wait until the next morning.
 */
export function checkAlerts(term: WatchedTerm, rules: AlertRules): AlertCheck {
  const { plan, today, given } = term;
  if (today > plan.endsOn) return { due: [], mailed: [], nextOn: undefined, fromMinutes: undefined };
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
    mailed: [...shares.slice(-1), ...others],
    nextOn: nextMorning(after, rules),
    fromMinutes: nextMinutes(after, rules),
  };
}

/**
 * When to check a new term first, without computing its plan. Use cannot be behind by `behindAlertMonths` service months
 * before these months are over. No other limit is passed before the smallest one.
 */
export function firstCheck(
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

/** Whether an alert goes to the customer's `usage` contacts as well as to the CSM (§6). */
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

/** How far use may be from the plan and still be on pace: a share of a twelfth of the granted minutes. */
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
  // The plan only grows, so being ahead on a later day takes more minutes.
  if (!given.has('ahead')) amounts.push(plannedMinutes(plan, today) + toleratedMinutes(grantedMinutes, rules) + 1);
  return amounts.length === 0 ? undefined : Math.min(...amounts);
}

const latest = (one: Day, other: Day): Day => (one > other ? one : other);
const earliest = (one: Day, other: Day): Day => (one < other ? one : other);
