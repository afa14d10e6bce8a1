import type { CarryContext } from './allocation.js';
import type { Day } from './calendar.js';
import { enrolledOn, type Enrolment } from './contract.js';
import { entitlementOf, type Entitlement } from './entitlement.js';
import { expiryAtClose, grant, type LedgerEntry, type LedgerTotals } from './ledger.js';
import type { PackageVersion } from './package.js';
import { moveRenewal, noticeDeadline, termDates, type RenewalState } from './term.js';

/** A term whose last day is over, with the facts that its roll-over needs. */
export interface EndedTerm {
  /** From 0. */
  number: number;
  /** The first day of term 0. */
  anchorOn: Day;
  endsOn: Day;
  renewalState: RenewalState;
  balance: LedgerTotals;
  enrolments: readonly Enrolment[];
}

export interface RollOver {
  /** The renewal state of the closed term. */
  renewalState: 'renewed' | 'ended';
  /** Closes the old ledger; undefined if all minutes were used. */
  expiry: LedgerEntry | undefined;
  /** Undefined if the subscription ends. */
  next: NextTerm | undefined;
}

export interface NextTerm {
  number: number;
  startsOn: Day;
  endsOn: Day;
  /** The days from the last day for a notice to the last day of the term. The term stores the present setting. */
  noticeDays: number;
  noticeDeadlineOn: Day;
  package: PackageVersion;
  entitlement: Entitlement;
  grant: LedgerEntry;
  /** The facts from which `carryAllocations` decides which allocations and product lines the term continues. */
  carry: CarryContext;
}

/**
 * The roll-over of a term, at the first instant after its last day (§11). Its unused minutes expire on the last day. Unless the
 * renewal was declined, the next term opens with the full entitlement of `nextPackage`. Product lines, allocations and seats
 * continue up to the limits of that package: `carryAllocations` and `carrySeats` decide which. A term that is still `open`
 * renews too: its deadline has passed, but the lock job has not run. After an outage, the caller rolls each missed term over
 * in turn.
 *
 * Example: Premier, 2026-04-01…2027-03-31, 2,000 of 11,520 minutes unused: −2,000 on 2027-03-31, then +11,520 on 2027-04-01.
 * @throws Error if the term is not over or was rolled over before
 */
export function rollOver(
  term: EndedTerm,
  { nextPackage, noticeDays, today }: { nextPackage: PackageVersion; noticeDays: number; today: Day },
): RollOver {
  if (today <= term.endsOn) throw new Error(`The term ends on ${term.endsOn} and is not over on ${today}`);
  const renewalState = moveRenewal(term.renewalState, 'roll-over');
  if (renewalState !== 'renewed' && renewalState !== 'ended') {
    throw new Error(`A term that is ${term.renewalState} was rolled over before`);
  }
  const expiry = expiryAtClose(term.balance, term.endsOn);
  const next = renewalState === 'renewed' ? nextTerm(term, nextPackage, noticeDays) : undefined;
  return { renewalState, expiry, next };
}

function nextTerm(term: EndedTerm, nextPackage: PackageVersion, noticeDays: number): NextTerm {
  const number = term.number + 1;
  const dates = termDates(term.anchorOn, number);
  const entitlement = entitlementOf([{ package: nextPackage, effectiveOn: dates.startsOn }], dates, []);
  return {
    number,
    ...dates,
    noticeDays,
    noticeDeadlineOn: noticeDeadline(dates.endsOn, noticeDays),
    package: nextPackage,
    entitlement,
    grant: grant(entitlement.grantedMinutes, dates.startsOn),
    carry: {
      fromGrantedMinutes: term.balance.grantedMinutes,
      toGrantedMinutes: entitlement.grantedMinutes,
      maxConsultants: entitlement.maxConsultants,
      maxProductLines: entitlement.maxProductLines,
      enrolledProductLineIds: enrolledOn(term.enrolments, dates.startsOn),
    },
  };
}
