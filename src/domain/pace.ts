import { addDays, daysBetween, type Day } from './calendar.js';
import { Memo } from './memo.js';
import { ceilDivide, floorDivide } from './minutes.js';
import { serviceMonths, termMonths, type ServiceMonth, type TermDates } from './term.js';

/** Minutes that an upgrade or a top-up adds; the plan releases them evenly by days from the effective day to the end of the term. */
export interface AddedPlan {
  effectiveOn: Day;
  extraMinutes: number;
}

/** The straight plan of a term with the bounds of its service months. It is built once and used for every booking. */
export interface PacePlan extends TermDates {
  months: readonly (ServiceMonth & { days: number })[];
  baseMinutes: number;
  additions: readonly (AddedPlan & { days: number })[];
  tolerancePercent: number;
}

export const paceStatuses = ['ahead', 'on-pace', 'behind'] as const;
export type PaceStatus = (typeof paceStatuses)[number];

export interface Pace {
  plannedMinutes: number;
  /** Used minus planned: positive when ahead. */
  differenceMinutes: number;
  status: PaceStatus;
}

/** The basis of a forecast: the past days of the term that it looks at, and the minutes used on these days. */
export interface ForecastBasis {
  days: number;
  minutes: number;
}

export interface Forecast {
  exhaustedOn: Day | null;
  expiringMinutes: number;
  basis: ForecastBasis;
}

/** What becomes of a term's minutes if the planned sessions take place and nothing else does. */
export interface PlannedForecast {
  plannedMinutes: number;
  expiringMinutes: number;
  exhaustedOn: Day | null;
}

/** The fewest past days with which a forecast names the day on which the hours run out. */
const leastForecastDays = 14;

/** Whether a forecast has too few past days to name the day on which the hours run out (§6). */
export function isTooEarly({ days }: ForecastBasis): boolean {
  return days < leastForecastDays;
}

export interface BurnDownMonth extends ServiceMonth {
  plannedMinutes: number;
  usedMinutes: number;
  cumulativePlannedMinutes: number;
  cumulativeUsedMinutes: number;
}

type PlanMonths = PacePlan['months'];

/** Many terms have the same months. */
const knownMonths = new Memo<PlanMonths>(2_048);

function monthsOf(anchor: Day, number: number): PlanMonths {
  const key = `${anchor} ${number}`;
  let months = knownMonths.get(key);
  if (!months) {
    months = serviceMonths(anchor, number).map((month) => ({ ...month, days: daysIn(month.startsOn, month.endsOn) }));
    knownMonths.set(key, months);
  }
  return months;
}

/**
 * The plan of term `number` on an anchor: the minutes with which it opened and the minutes that were added since. Use is on pace
 * while its distance from the plan is at most `tolerancePercent` of a service month's minutes.
 */
export function paceOfTerm({
  anchor,
  number,
  baseMinutes,
  additions,
  tolerancePercent,
}: {
  anchor: Day;
  number: number;
  baseMinutes: number;
  additions: readonly AddedPlan[];
  tolerancePercent: number;
}): PacePlan {
  const months = monthsOf(anchor, number);
  const startsOn = months[0]!.startsOn;
  const endsOn = months.at(-1)!.endsOn;
  return {
    startsOn,
    endsOn,
    months,
    baseMinutes,
    additions: additions.map((added) => ({ ...added, days: daysIn(added.effectiveOn, endsOn) })),
    tolerancePercent,
  };
}

/**
 * The minutes that the plan has released by the end of a day (§6), rounded down. Each service month releases a twelfth of the
 * opening minutes, evenly over its days. The minutes of an upgrade or a top-up have a plan of their own.
 *
 * Example: Premier from 2026-04-01 has 32 on the first day, 960 on 2026-04-30 and 11,520 on 2027-03-31.
 */
export function plannedMinutes(plan: PacePlan, on: Day): number {
  if (on < plan.startsOn) return 0;
  let planned = baseReleased(plan, on);
  for (const { effectiveOn, extraMinutes, days } of plan.additions) {
    if (on >= plan.endsOn) planned += extraMinutes;
    else if (on >= effectiveOn) planned += floorDivide(extraMinutes * daysIn(effectiveOn, on), days);
  }
  return planned;
}

/** The minutes released by the end of a day's service month. With the policy `enforce`, use cannot exceed them (§6). */
export function planThroughServiceMonth(plan: PacePlan, on: Day): number {
  if (on < plan.startsOn) return 0;
  return plannedMinutes(plan, monthOn(plan, on)?.endsOn ?? plan.endsOn);
}

/**
 * Use against plan at the end of a day (§6). On pace is a difference of up to the tolerance of a twelfth of the minutes
 * granted by that day, that included: at 10 % of Premier 96 minutes either way.
 */
export function pace(plan: PacePlan, usedMinutes: number, on: Day): Pace {
  const planned = plannedMinutes(plan, on);
  const differenceMinutes = usedMinutes - planned;
  const withinTolerance = Math.abs(differenceMinutes) * termMonths * 100 <= grantedBy(plan, on) * plan.tolerancePercent;
  const status = withinTolerance ? 'on-pace' : differenceMinutes > 0 ? 'ahead' : 'behind';
  return { plannedMinutes: planned, differenceMinutes, status };
}

/** The days whose use the forecast continues: the last `forecastDays` days with `on`, but none before the term. */
export function forecastWindow(
  startsOn: Day,
  on: Day,
  forecastDays: number,
): { from: Day; to: Day; windowDays: number } {
  const earliest = addDays(on, 1 - forecastDays);
  const from = earliest < startsOn ? startsOn : earliest;
  return { from, to: on, windowDays: Math.max(0, daysIn(from, on)) };
}

/**
 * The forecast of a term: it continues the daily use of the window from the day after `on` (§6).
 *
 * - `exhaustedOn` is the first day at whose end no minutes are left. It is null if that day is after the term, if nothing was
 *   used, if the rest has expired, or if the window has fewer than 14 days: the first week of work says little about the year.
 * - `expiringMinutes` are the minutes left at the end of the term.
 *
 * Example: 900 minutes in 90 days and 1,000 left are exhausted after 100 days; with 60 days to go, 400 minutes expire.
 */
export function forecast({
  remainingMinutes,
  expiredMinutes,
  usedMinutesInWindow,
  windowDays,
  on,
  endsOn,
}: {
  remainingMinutes: number;
  expiredMinutes: number;
  usedMinutesInWindow: number;
  windowDays: number;
  on: Day;
  endsOn: Day;
}): Forecast {
  const daysLeft = daysBetween(on, endsOn);
  const basis = { days: windowDays, minutes: usedMinutesInWindow };
  if (daysLeft < 0 || expiredMinutes > 0) return { exhaustedOn: null, expiringMinutes: remainingMinutes, basis };
  if (remainingMinutes === 0) return { exhaustedOn: on, expiringMinutes: 0, basis };
  if (usedMinutesInWindow <= 0 || windowDays === 0) {
    return { exhaustedOn: null, expiringMinutes: remainingMinutes, basis };
  }
  const daysToExhaustion = ceilDivide(remainingMinutes * windowDays, usedMinutesInWindow);
  const projectedMinutes = floorDivide(usedMinutesInWindow * daysLeft, windowDays);
  return {
    exhaustedOn: daysToExhaustion <= daysLeft && !isTooEarly(basis) ? addDays(on, daysToExhaustion) : null,
    expiringMinutes: Math.max(0, remainingMinutes - projectedMinutes),
    basis,
  };
}

/**
 * The second line of a forecast: the minutes used so far and the open planned sessions, without any trend (§6). Sessions count from `on`
 * to the last day of the term, so an overdue session does not count, and a fulfilled one counts once, as use.
 *
 * - `exhaustedOn` is the day of the session that takes the last minutes, or null if minutes are left.
 * - `expiringMinutes` are the minutes left if just these sessions take place.
 *
 * Example: 1,000 minutes left and three sessions of 300: 900 planned, 100 expire. A fourth session exhausts the hours.
 */
export function forecastOfPlans({
  remainingMinutes,
  expiredMinutes,
  sessions,
  on,
  endsOn,
}: {
  remainingMinutes: number;
  expiredMinutes: number;
  sessions: readonly { plannedOn: Day; minutes: number }[];
  on: Day;
  endsOn: Day;
}): PlannedForecast {
  const isOver = on > endsOn || expiredMinutes > 0;
  const ahead = isOver ? [] : sessions.filter(({ plannedOn }) => on <= plannedOn && plannedOn <= endsOn);
  let exhaustedOn: Day | null = remainingMinutes === 0 && !isOver ? on : null;
  let plannedMinutes = 0;
  for (const { plannedOn, minutes } of ahead.toSorted((one, other) => (one.plannedOn < other.plannedOn ? -1 : 1))) {
    plannedMinutes += minutes;
    if (plannedMinutes >= remainingMinutes) exhaustedOn ??= plannedOn;
  }
  return { plannedMinutes, expiringMinutes: Math.max(0, remainingMinutes - plannedMinutes), exhaustedOn };
}

/** Plan and use of each service month. `used` has minutes of work days, net of reversals, in any order. */
export function burnDown(plan: PacePlan, used: readonly { workDate: Day; minutes: number }[]): BurnDownMonth[] {
  const usedMinutes = plan.months.map(() => 0);
  for (const { workDate, minutes } of used) {
    const month = monthOn(plan, workDate);
    if (month) usedMinutes[month.month]! += minutes;
  }
  return burnDownOfMonths(plan, usedMinutes);
}

/** As `burnDown`, from the used minutes of each service month. */
export function burnDownOfMonths(plan: PacePlan, usedMinutes: readonly number[]): BurnDownMonth[] {
  let cumulativePlannedMinutes = 0;
  let cumulativeUsedMinutes = 0;
  return plan.months.map(({ month, startsOn, endsOn }) => {
    const plannedBefore = cumulativePlannedMinutes;
    cumulativePlannedMinutes = plannedMinutes(plan, endsOn);
    cumulativeUsedMinutes += usedMinutes[month]!;
    return {
      month,
      startsOn,
      endsOn,
      plannedMinutes: cumulativePlannedMinutes - plannedBefore,
      usedMinutes: usedMinutes[month]!,
      cumulativePlannedMinutes,
      cumulativeUsedMinutes,
    };
  });
}

function baseReleased(plan: PacePlan, on: Day): number {
  const current = monthOn(plan, on);
  if (!current) return plan.baseMinutes;
  const { month, startsOn, days } = current;
  return floorDivide(plan.baseMinutes * (month * days + daysIn(startsOn, on)), termMonths * days);
}

function grantedBy(plan: PacePlan, on: Day): number {
  return plan.additions.reduce(
    (sum, { effectiveOn, extraMinutes }) => (effectiveOn <= on ? sum + extraMinutes : sum),
    plan.baseMinutes,
  );
}

function monthOn(plan: PacePlan, day: Day): PacePlan['months'][number] | undefined {
  return day < plan.startsOn ? undefined : plan.months.find((month) => day <= month.endsOn);
}

function daysIn(first: Day, last: Day): number {
  return daysBetween(first, last) + 1;
}
