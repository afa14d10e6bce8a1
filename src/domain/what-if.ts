import { addDays, daysBetween, startOfDay, type Day } from './calendar.js';
import {
  entitlementOf,
  judgeUpgrade,
  type Entitlement,
  type PackagePeriods,
  type TermTopUp,
  type UpgradeChange,
} from './entitlement.js';
import { judgeNotice, type IneffectiveReason, type NoticeState, type NoticeTerm } from './notice.js';
import type { PackageVersion } from './package.js';
import type { ForecastBasis } from './pace.js';
import type { Violation } from './refusal.js';
import { judgeTopUp, type ProposedTopUp, type ToppedUpTerm } from './top-up.js';
import { moveRenewal, termMonths, type RenewalState, type TermDates } from './term.js';

/** Changes of a term that somebody considers (§6). The notice is one of the customer. */
export interface ConsideredChanges {
  upgrade?: { to: PackageVersion; on: Day };
  /** Minutes that the customer would buy. */
  topUp?: { minutes: number; on: Day };
  noticeOn?: Day;
}

/** A term, and the moment at which its changes are considered. */
export interface ConsideredTerm {
  term: ToppedUpTerm & NoticeTerm;
  /** The number of top-ups that were entered for the term, cancelled ones included. */
  topUpsEntered: number;
  /** The notices of the term so far. */
  notices: readonly NoticeState[];
  now: Date;
  today: Day;
  timeZone: string;
}

/** A change with the moment at which the service would learn of it. */
export interface ImaginedUpgrade {
  change: UpgradeChange;
  at: Date;
  /** The state of the renewal at that moment. */
  renewalState: RenewalState;
}

export interface ImaginedNotice {
  receivedAt: Date;
  recordedAt: Date;
  effective: boolean;
  reason: IneffectiveReason | null;
  /** The state of the renewal before and after the notice. */
  stateBefore: RenewalState;
  renewalState: RenewalState;
}

/** What the changes lead to, by the rules for the real changes. */
export interface Imagined {
  /** The packages, top-ups and limits of the term after the changes. */
  periods: PackagePeriods;
  topUps: readonly TermTopUp[];
  entitlement: Entitlement;
  /** The minutes that the changes add. */
  addedMinutes: number;
  upgrade?: ImaginedUpgrade;
  notice?: ImaginedNotice;
  /** The state of the renewal after the last change, or now without any. */
  renewalState: RenewalState;
  /** Whether the subscription goes on after the term. */
  renews: boolean;
}

/**
 * Judges changes as if the day of each were today (§6). A day in the past, or today, means that the change is entered now. A
 * later day means the end of that day. All refusals are those of the real changes, and a day outside the term is refused.
 *
 * Example: the term ends on 2027-03-31 and the last day for a notice is 2027-01-30. On 2026-10-01, a notice on 2027-01-30 is
 * effective and the subscription ends. A notice on 2027-01-31 is late: by then the renewal is locked.
 */
export function imagine(
  considered: ConsideredTerm,
  { upgrade, topUp, noticeOn }: ConsideredChanges,
): { violations: Violation[]; imagined?: Imagined } {
  const { term } = considered;
  const upgradedAt = upgrade && enteredAt(considered, upgrade.on);
  const supplement = topUp && supplementOf(topUp);
  // Of two changes at one moment, the upgrade comes first, then the top-up, then the notice.
  const isToppedUpFirst =
    topUp !== undefined && upgradedAt !== undefined && enteredAt(considered, topUp.on) < upgradedAt;
  const topUpsBefore = [...term.topUps, ...(supplement && isToppedUpFirst ? [supplement] : [])];
  const judged = upgrade && judgeUpgradeOn(term, topUpsBefore, upgrade);
  const change = judged?.change;
  const periods = change?.periods ?? term.periods;
  const violations = [
    ...(judged?.violations ?? []),
    ...(supplement ? judgeSupplement(considered, periods, supplement) : []),
    ...outsideTerm(term, noticeOn),
  ];
  if (violations.length > 0) return { violations };

  const notice = noticeOn === undefined ? undefined : imagineNotice(considered, noticeOn);
  if (notice?.violation) return { violations: [notice.violation] };

  const given = notice?.imagined;
  const upgradeIsLater = upgradedAt !== undefined && given !== undefined && upgradedAt > given.recordedAt;
  const stateAtUpgrade =
    upgradedAt &&
    stateAt({ ...term, renewalState: upgradeIsLater ? given.renewalState : term.renewalState }, upgradedAt);
  const renewalState = (upgradeIsLater ? stateAtUpgrade : (given?.renewalState ?? stateAtUpgrade)) ?? term.renewalState;
  const topUps = [...term.topUps, ...(supplement ? [supplement] : [])];
  const entitlement = entitlementOf(periods, term, topUps);
  return {
    violations,
    imagined: {
      periods,
      topUps,
      entitlement,
      addedMinutes: entitlement.grantedMinutes - entitlementOf(term.periods, term, term.topUps).grantedMinutes,
      ...(change && { upgrade: { change, at: upgradedAt!, renewalState: stateAtUpgrade! } }),
      ...(given && { notice: given }),
      renewalState,
      renews: moveRenewal(renewalState, 'roll-over') === 'renewed',
    },
  };
}

/**
 * The basis of a forecast that assumes a number of minutes in each service month: a year of such months, spread evenly over the days
 * of the term. Example: 960 minutes a month are 11,520 minutes in 365 days.
 */
export function evenUse({ startsOn, endsOn }: TermDates, monthlyMinutes: number): ForecastBasis {
  return { days: daysBetween(startsOn, endsOn) + 1, minutes: monthlyMinutes * termMonths };
}

function judgeUpgradeOn(
  term: ToppedUpTerm,
  topUps: readonly TermTopUp[],
  { to, on }: { to: PackageVersion; on: Day },
): ReturnType<typeof judgeUpgrade> {
  // No day of the term is in the future if its last day is today.
  const judged = judgeUpgrade({ term, periods: term.periods, topUps, to, effectiveOn: on, today: term.endsOn });
  return { ...judged, violations: judged.violations.map((violation) => ({ ...violation, pointer: '/upgrade' })) };
}

/** The order would have a number. */
function supplementOf({ minutes, on }: { minutes: number; on: Day }): ProposedTopUp {
  return { kind: 'supplement', minutes, effectiveOn: on, orderNumber: '' };
}

function judgeSupplement(
  { term, topUpsEntered: entered }: ConsideredTerm,
  periods: PackagePeriods,
  supplement: ProposedTopUp,
): Violation[] {
  const judged = judgeTopUp(supplement, { term: { ...term, periods }, entered, today: term.endsOn });
  return judged.violations.map((violation) => ({ ...violation, pointer: '/topUp' }));
}

function imagineNotice(
  considered: ConsideredTerm,
  noticeOn: Day,
): { violation: Violation; imagined?: undefined } | { violation?: undefined; imagined: ImaginedNotice } {
  const { term, notices, today, now, timeZone } = considered;
  const recordedAt = enteredAt(considered, noticeOn);
  const receivedAt = noticeOn === today ? now : endOfDay(noticeOn, timeZone);
  const stateBefore = stateAt(term, recordedAt);
  const judgedTerm = { ...term, renewalState: stateBefore };
  const judged = judgeNotice({ party: 'customer', receivedAt, recordedAt, term: judgedTerm, notices });
  if (judged.violation) return { violation: { ...judged.violation, pointer: '/noticeOn' } };
  const { effective, reason = null, renewalState } = judged;
  return { imagined: { receivedAt, recordedAt, effective, reason, stateBefore, renewalState } };
}

/** The moment at which a change of a day is entered: now, or at the end of a later day. */
function enteredAt({ now, today, timeZone }: ConsideredTerm, on: Day): Date {
  return on <= today ? now : endOfDay(on, timeZone);
}

const endOfDay = (day: Day, timeZone: string): Date => new Date(startOfDay(addDays(day, 1), timeZone).getTime() - 1);

/** The state of a renewal at a later moment: after the deadline it is locked, unless it was declined. */
function stateAt({ renewalState, lockAt }: NoticeTerm, at: Date): RenewalState {
  return at < lockAt ? renewalState : (moveRenewal(renewalState, 'deadline-passed') ?? renewalState);
}

function outsideTerm({ startsOn, endsOn }: TermDates, day: Day | undefined): Violation[] {
  if (day === undefined || (startsOn <= day && day <= endsOn)) return [];
  return [{ code: 'day-outside-term', params: { day, startsOn, endsOn }, pointer: '/noticeOn' }];
}
