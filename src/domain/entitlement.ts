import { addDays, daysBetween, type Day } from './calendar.js';
import { ceilDivide, percentOf } from './minutes.js';
import { isUpgrade, type PackageVersion } from './package.js';
import type { Violation } from './refusal.js';
import type { TermDates } from './term.js';

/** What a term grants (§2). `maxVisits` null means any number. */
export interface Entitlement {
  grantedMinutes: number;
  onsiteCapMinutes: number;
  maxVisits: number | null;
  learningSeats: number;
  maxConsultants: number;
  maxProductLines: number;
}

/** A package with its effective day in a term: the first day of the term, or the day of an upgrade. */
export interface PackagePeriod {
  package: PackageVersion;
  effectiveOn: Day;
}

/** The periods of a term by effective day. If two have the same day, the later one in the list is in force. */
export type PackagePeriods = readonly PackagePeriod[];

/** The kinds of top-ups (§10): bought by the customer, or given by the vendor. */
export const topUpKinds = ['supplement', 'goodwill'] as const;
export type TopUpKind = (typeof topUpKinds)[number];

/** The minutes of a top-up that were not cancelled. They count from the effective day to the end of the term. */
export interface TermTopUp {
  kind: TopUpKind;
  minutes: number;
  effectiveOn: Day;
}

/** A top-up of a term, by its id. */
export interface EnteredTopUp extends TermTopUp {
  id: string;
}

/**
 * The entitlement of a term after all its upgrades and top-ups (§10). Its limits are those of the last package. The minutes of
 * its packages are the sum of each package's minutes × its days in force, divided by the days of the term and rounded up once.
 * Top-ups add their whole minutes. The onsite cap is a share of packages and supplements, not of goodwill.
 *
 * Example: Basic to Premier on 2026-10-01 in 2026-04-01…2027-03-31 grants (5,760 × 183 + 11,520 × 182) ÷ 365 = 8,633 minutes,
 * rounded up, with an onsite cap of 2,158. A supplement of 600 and a goodwill of 120 make it 9,353, with a cap of 2,308.
 */
export function entitlementOf(periods: PackagePeriods, term: TermDates, topUps: readonly TermTopUp[]): Entitlement {
  const termEnd = addDays(term.endsOn, 1);
  const minuteDays = periods.reduce((sum, period, at) => {
    const until = periods[at + 1]?.effectiveOn ?? termEnd;
    return sum + period.package.grantedMinutes * daysBetween(period.effectiveOn, until);
  }, 0);
  const { onsite, learningSeats, maxConsultants, maxProductLines } = lastOf(periods).package;
  const soldMinutes = ceilDivide(minuteDays, daysBetween(term.startsOn, termEnd)) + minutesOf(topUps, 'supplement');
  return {
    grantedMinutes: soldMinutes + minutesOf(topUps, 'goodwill'),
    onsiteCapMinutes: percentOf(soldMinutes, onsite.capPercent),
    maxVisits: onsite.maxVisits,
    learningSeats,
    maxConsultants,
    maxProductLines,
  };
}

function minutesOf(topUps: readonly TermTopUp[], kind: TopUpKind): number {
  return topUps.reduce((sum, topUp) => (topUp.kind === kind ? sum + topUp.minutes : sum), 0);
}

/** The package in force on a day of the term; before the first period, the first package. */
export function packageInForceOn(periods: PackagePeriods, day: Day): PackageVersion {
  return (periods.findLast((period) => period.effectiveOn <= day) ?? periods[0]!).package;
}

export interface UpgradeChange {
  from: PackageVersion;
  to: PackageVersion;
  grantedBeforeMinutes: number;
  grantedAfterMinutes: number;
  entitlement: Entitlement;
  /** The periods of the term after the change. */
  periods: PackagePeriods;
}

/**
 * Judges an upgrade of an open term, and computes its new entitlement (§10). The effective day can be any day of the term
 * up to today, but not before an earlier upgrade. The preview and the change itself both use this function.
 */
export function judgeUpgrade({
  term,
  periods,
  topUps,
  to,
  effectiveOn,
  today,
}: {
  term: TermDates;
  periods: PackagePeriods;
  topUps: readonly TermTopUp[];
  to: PackageVersion;
  effectiveOn: Day;
  today: Day;
}): { violations: Violation[]; change?: UpgradeChange } {
  const last = lastOf(periods);
  const violations: Violation[] = [];
  if (!isUpgrade(last.package, to)) {
    violations.push({ code: 'not-an-upgrade', params: { from: last.package.code, to: to.code } });
  }
  if (effectiveOn < last.effectiveOn || effectiveOn > term.endsOn) {
    const params = { effectiveOn, earliest: last.effectiveOn, latest: today < term.endsOn ? today : term.endsOn };
    violations.push({ code: 'effective-on-out-of-range', params });
  } else if (effectiveOn > today) {
    violations.push({ code: 'upgrade-in-future', params: { effectiveOn, today } });
  }
  if (violations.length > 0) return { violations };
  const periodsAfter = [...periods, { package: to, effectiveOn }];
  const entitlement = entitlementOf(periodsAfter, term, topUps);
  return {
    violations,
    change: {
      from: last.package,
      to,
      grantedBeforeMinutes: entitlementOf(periods, term, topUps).grantedMinutes,
      grantedAfterMinutes: entitlement.grantedMinutes,
      entitlement,
      periods: periodsAfter,
    },
  };
}

function lastOf(periods: PackagePeriods): PackagePeriod {
  const last = periods.at(-1);
  if (!last) throw new Error('A term always has the package with which it opened');
  return last;
}
