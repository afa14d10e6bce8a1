import { addDays, daysBetween, type Day } from './calendar.js';
import { ceilDivide, floorDivide } from './minutes.js';
import { serviceMonths, termMonths, type ServiceMonth, type TermDates } from './term.js';

/** Minutes that an upgrade added, released evenly by days from its effective day to the end of the term. */
export interface UpgradePlan {
  effectiveOn: Day;
  extraMinutes: number;
}

/** The straight plan of a term. Built once for a term and asked for each booking: it holds the bounds of the months. */
export interface PacePlan extends TermDates {
  months: readonly (ServiceMonth & { days: number })[];
  baseMinutes: number;
  upgrades: readonly (UpgradePlan & { days: number })[];
  tolerancePercent: number;
}

export const paceStatuses = ['ahead', 'on-pace', 'behind'] as const;
export type PaceStatus = (typeof paceStatuses)[number];

export interface Pace {
  plannedMinutes: number;
  /** Used less planned: positive when ahead. */
  differenceMinutes: number;
  status: PaceStatus;
}

/** What a forecast rests on: the days of the term that it looks back on, and the minutes used in them. */
export interface ForecastBasis {
  days: number;
  minutes: number;
}

export interface Forecast {
  exhaustedOn: Day | null;
  expiringMinutes: number;
  basis: ForecastBasis;
}

/** A forecast that rests on fewer days is too early to name the day on which the hours run out. */
const leastForecastDays = 14;

/** Whether a forecast rests on too few days of the term to name a day (§6). */
export function isTooEarly({ days }: ForecastBasis): boolean {
  return days < leastForecastDays;
}

export interface BurnDownMonth extends ServiceMonth {
  plannedMinutes: number;
  usedMinutes: number;
  cumulativePlannedMinutes: number;
  cumulativeUsedMinutes: number;
}

/**
 * The plan of term `number` on an anchor: what it opened with, and what its upgrades added. `tolerancePercent` is how far
 * use may be off the plan, in percent of a service month's minutes, and still be on pace.
 */
export function paceOfTerm({
  anchor,
  number,
  baseMinutes,
  upgrades,
  tolerancePercent,
}: {
  anchor: Day;
  number: number;
  baseMinutes: number;
  upgrades: readonly UpgradePlan[];
  tolerancePercent: number;
}): PacePlan {
  const months = serviceMonths(anchor, number).map((month) => ({
    ...month,
    days: daysIn(month.startsOn, month.endsOn),
  }));
  const startsOn = months[0]!.startsOn;
  const endsOn = months.at(-1)!.endsOn;
  return {
    startsOn,
    endsOn,
    months,
    baseMinutes,
    upgrades: upgrades.map((upgrade) => ({ ...upgrade, days: daysIn(upgrade.effectiveOn, endsOn) })),
    tolerancePercent,
  };
}

/**
 * The minutes that the plan has released by the end of a day (§6), rounded down: each service month releases a twelfth
 * of what the term opened with, evenly over its own days; an upgrade's minutes are a plan of their own. Premier from
 * 2026-04-01: 32 on the first day, 960 on 2026-04-30, 11,520 on 2027-03-31. Nothing before the term, all after it.
 */
export function plannedMinutes(plan: PacePlan, on: Day): number {
  if (on < plan.startsOn) return 0;
  let planned = baseReleased(plan, on);
  for (const { effectiveOn, extraMinutes, days } of plan.upgrades) {
    if (on >= plan.endsOn) planned += extraMinutes;
    else if (on >= effectiveOn) planned += floorDivide(extraMinutes * daysIn(effectiveOn, on), days);
  }
  return planned;
}

/** What the plan has released by the end of the service month of a day: as much as the policy `enforce` lets be used (§6). */
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

/** The last `forecastDays` days, `on` included and none before the term, whose use the forecast continues. */
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
 * Goes on with the daily use of the window from the day after `on` (§6): the first day by whose end all is used, null
 * where that lies after the term, nothing was used or the rest has expired, and the minutes that are then left at the term's end. 900 minutes
 * in 90 days and 1,000 left: used up after 100 days; with 60 days to go 400 expire. A window of less than 14 days names no
 * day on which the hours will run out: the first week of work says little about the year.
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

/** Plan and use of each service month, from the minutes (net of reversals) of each work day, in any order. */
export function burnDown(plan: PacePlan, used: readonly { workDate: Day; minutes: number }[]): BurnDownMonth[] {
  const usedMinutes = plan.months.map(() => 0);
  for (const { workDate, minutes } of used) {
    const month = monthOn(plan, workDate);
    if (month) usedMinutes[month.month]! += minutes;
  }
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
  return plan.upgrades.reduce(
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
