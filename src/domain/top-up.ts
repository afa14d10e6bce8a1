import { unallocatedMinutes, type PairBalance } from './allocation.js';
import type { Day } from './calendar.js';
import {
  entitlementOf,
  packageInForceOn,
  type Entitlement,
  type PackagePeriods,
  type TermTopUp,
  type TopUpKind,
} from './entitlement.js';
import type { Balance } from './ledger.js';
import { ceilDivide } from './minutes.js';
import type { Violation } from './refusal.js';
import type { TermDates } from './term.js';

/** The largest top-up, as a multiple of the minutes of the package in force. */
const mostPackages = 10;

/** The largest number of top-ups in a term, cancelled ones included. Each booking computes a plan with all top-ups. */
export const mostTopUps = 100;

/** A top-up as a request states it. */
export interface ProposedTopUp {
  kind: TopUpKind;
  minutes: number;
  effectiveOn: Day;
  /** Only for a supplement: the customer's order. */
  orderNumber?: string;
  /** Only for a goodwill: why the vendor gives it. */
  reason?: string;
}

/** An open term with its packages and top-ups. */
export interface ToppedUpTerm extends TermDates {
  periods: PackagePeriods;
  topUps: readonly TermTopUp[];
}

/**
 * Judges a top-up of an open term, and computes the entitlement with it (§10). The effective day can be any day of the term up to
 * today. `entered` is the number of top-ups that were entered for the term before.
 *
 * Example: Premier accepts 115,200 minutes and refuses 115,201.
 */
export function judgeTopUp(
  asked: ProposedTopUp,
  { term, entered, today }: { term: ToppedUpTerm; entered: number; today: Day },
): { violations: Violation[]; entitlement?: Entitlement } {
  const violations = [
    ...wrongFields(asked),
    ...effectiveOutsideTerm(asked, term, today),
    ...tooManyMinutes(asked, term),
    ...tooManyTopUps(entered),
  ];
  if (violations.length > 0) return { violations };
  return { violations, entitlement: entitlementOf(term.periods, term, [...term.topUps, asked]) };
}

function wrongFields({ kind, orderNumber, reason }: ProposedTopUp): Violation[] {
  if (kind === 'supplement') {
    return [
      ...(orderNumber === undefined ? [{ code: 'order-number-required' as const, pointer: '/orderNumber' }] : []),
      ...(reason === undefined ? [] : [ofOtherKind('reason', kind)]),
    ];
  }
  return [
    ...(reason === undefined ? [{ code: 'reason-required' as const, pointer: '/reason' }] : []),
    ...(orderNumber === undefined ? [] : [ofOtherKind('orderNumber', kind)]),
  ];
}

const ofOtherKind = (field: string, kind: TopUpKind): Violation => ({
  code: 'field-of-other-top-up',
  params: { field, kind },
  pointer: `/${field}`,
});

function effectiveOutsideTerm(
  { effectiveOn }: ProposedTopUp,
  { startsOn, endsOn }: TermDates,
  today: Day,
): Violation[] {
  const latest = today < endsOn ? today : endsOn;
  if (startsOn <= effectiveOn && effectiveOn <= latest) return [];
  const params = { effectiveOn, earliest: startsOn, latest };
  return [{ code: 'effective-on-out-of-range', params, pointer: '/effectiveOn' }];
}

function tooManyMinutes({ minutes, effectiveOn }: ProposedTopUp, { periods }: ToppedUpTerm): Violation[] {
  const limitMinutes = mostPackages * packageInForceOn(periods, effectiveOn).grantedMinutes;
  if (minutes <= limitMinutes) return [];
  const amounts = { limitMinutes, maxAcceptableMinutes: limitMinutes };
  return [{ code: 'top-up-too-large', params: { minutes, packages: mostPackages }, pointer: '/minutes', ...amounts }];
}

function tooManyTopUps(entered: number): Violation[] {
  return entered >= mostTopUps ? [{ code: 'too-many-top-ups', params: { limit: mostTopUps } }] : [];
}

export interface TopUpCancellation {
  /** How many minutes the cancellation takes back. */
  minutes: number;
  /** The entitlement of the term without them. */
  entitlement: Entitlement;
}

/**
 * Judges the cancellation of a top-up of an open term (§10). It takes back as many of its minutes as nobody uses: the term keeps
 * what is worked and allocated, and an onsite cap that covers the onsite work. `topUp` is one of the term's top-ups.
 *
 * Examples, Premier with a supplement of 600: 11,520 minutes allocated give back all 600. 12,000 give back 120. 12,120 give back none,
 * and the cancellation is refused. 3,000 onsite minutes need a base of 12,000 minutes for the cap, so they give back 120 too.
 */
export function judgeTopUpCancellation(
  topUp: TermTopUp,
  { term, balance, pairs }: { term: ToppedUpTerm; balance: Balance; pairs: Iterable<PairBalance> },
): { violations: Violation[]; cancellation?: TopUpCancellation } {
  const minutes = Math.min(
    topUp.minutes,
    unallocatedMinutes(balance.grantedMinutes, pairs),
    topUp.kind === 'supplement' ? minutesAboveOnsiteWork(term, balance.onsiteUsedMinutes) : topUp.minutes,
  );
  if (minutes <= 0) return { violations: [{ code: 'top-up-used', limitMinutes: topUp.minutes, remainingMinutes: 0 }] };
  const others = term.topUps.filter((other) => other !== topUp);
  const left = { ...topUp, minutes: topUp.minutes - minutes };
  return {
    violations: [],
    cancellation: { minutes, entitlement: entitlementOf(term.periods, term, [...others, left]) },
  };
}

/** How many minutes packages and supplements can lose until the onsite cap equals the onsite work. */
function minutesAboveOnsiteWork({ periods, topUps, ...term }: ToppedUpTerm, onsiteUsedMinutes: number): number {
  const { capPercent } = periods.at(-1)!.package.onsite;
  if (capPercent === 0) return Infinity;
  const supplements = topUps.filter(({ kind }) => kind === 'supplement');
  return entitlementOf(periods, term, supplements).grantedMinutes - ceilDivide(onsiteUsedMinutes * 100, capPercent);
}
