import { addDays, daysBetween, type Day } from './calendar.js';
import { ceilDivide, percentOf } from './minutes.js';
import { isUpgrade, type PackageVersion } from './package.js';
import type { Violation } from './refusal.js';
import type { TermDates } from './term.js';

/** What a term grants (§2). `maxVisits` null is any number. */
export interface Entitlement {
  grantedMinutes: number;
  onsiteCapMinutes: number;
  maxVisits: number | null;
  learningSeats: number;
  maxConsultants: number;
  maxProductLines: number;
}

/** A package from the day on which it took effect in a term: its first day, or the day of an upgrade. */
export interface PackagePeriod {
  package: PackageVersion;
  effectiveOn: Day;
}

/** The periods of a term in order of their effective days; of two on one day the later in the list is in force. */
export type PackagePeriods = readonly PackagePeriod[];

/**
 * What a term grants after all its upgrades (§10): the limits of the last package, and as minutes the sum of each
 * package's minutes × its days in force, divided by the days of the term and rounded up once. Basic to Premier on
 * 2026-10-01 in 2026-04-01…2027-03-31 is (5,760 × 183 + 11,520 × 182) ÷ 365, rounded up 8,633, of which 2,158 onsite.
 */
export function entitlementOf(periods: PackagePeriods, term: TermDates): Entitlement {
  const termEnd = addDays(term.endsOn, 1);
  const minuteDays = periods.reduce((sum, period, at) => {
    const until = periods[at + 1]?.effectiveOn ?? termEnd;
    return sum + period.package.grantedMinutes * daysBetween(period.effectiveOn, until);
  }, 0);
  const { onsite, learningSeats, maxConsultants, maxProductLines } = lastOf(periods).package;
  const grantedMinutes = ceilDivide(minuteDays, daysBetween(term.startsOn, termEnd));
  return {
    grantedMinutes,
    onsiteCapMinutes: percentOf(grantedMinutes, onsite.capPercent),
    maxVisits: onsite.maxVisits,
    learningSeats,
    maxConsultants,
    maxProductLines,
  };
}

/** The package in force on a day of the term; before the first period it is that of the first. */
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
 * Whether an open term may take a better package from a day on, and what it then grants (§10). The day may be any of
 * the term up to today, but not before an earlier upgrade. A preview and the change itself both ask here.
 */
export function judgeUpgrade({
  term,
  periods,
  to,
  effectiveOn,
  today,
}: {
  term: TermDates;
  periods: PackagePeriods;
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
  const entitlement = entitlementOf(periodsAfter, term);
  return {
    violations,
    change: {
      from: last.package,
      to,
      grantedBeforeMinutes: entitlementOf(periods, term).grantedMinutes,
      grantedAfterMinutes: entitlement.grantedMinutes,
      entitlement,
      periods: periodsAfter,
    },
  };
}

function lastOf(periods: PackagePeriods): PackagePeriod {
  const last = periods.at(-1);
  if (!last) throw new Error('A term has at least the package with which it opened');
  return last;
}
