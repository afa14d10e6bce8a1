import { carryAllocations, type AllocationSet } from './allocation.js';
import { addDays, type Day } from './calendar.js';
import { enrolledOn, type Enrolment } from './contract.js';
import { entitlementOf, type Entitlement } from './entitlement.js';
import { expiryAtClose, grant, type LedgerEntry, type LedgerTotals } from './ledger.js';
import type { PackageVersion } from './package.js';
import { carrySeats } from './seats.js';
import { moveRenewal, noticeDeadline, termDates, type RenewalState } from './term.js';

/** A term whose last day is over, with the facts that its roll-over needs. */
export interface EndedTerm<Seat> {
  /** From 0. */
  number: number;
  /** The first day of term 0. */
  anchorOn: Day;
  endsOn: Day;
  renewalState: RenewalState;
  balance: LedgerTotals;
  /** The present set of allocations. */
  allocations: AllocationSet;
  enrolments: readonly Enrolment[];
  /** The seats in use, in the order in which they were assigned. */
  seats: readonly Seat[];
}

export interface RollOver<Seat> {
  /** The renewal state of the closed term. */
  renewalState: 'renewed' | 'ended';
  /** Closes the old ledger; undefined if all minutes were used. */
  expiry: LedgerEntry | undefined;
  /** The seats that the next term does not continue; all seats of the old term expire. */
  seatsDropped: Seat[];
  /** Undefined if the subscription ends. */
  next: NextTerm<Seat> | undefined;
}

export interface NextTerm<Seat> {
  number: number;
  startsOn: Day;
  endsOn: Day;
  /** The days from the last day for a notice to the last day of the term. The term stores the present setting. */
  noticeDays: number;
  noticeDeadlineOn: Day;
  package: PackageVersion;
  entitlement: Entitlement;
  grant: LedgerEntry;
  allocations: AllocationSet;
  /** The product lines that stay enrolled. */
  productLineIds: string[];
  seats: Seat[];
  /** The consultants and lines above the limits of the package; a mail lists them for the CSM. */
  dropped: { consultantIds: string[]; productLineIds: string[] };
}

/**
 * The roll-over of a term, at the first instant after its last day (§11). Its unused minutes and seats expire on the last day.
 * Unless the renewal was declined, the next term opens with the full entitlement of `nextPackage`. It continues product
 * lines, allocations and seats up to the limits of that package. A term that is still `open` renews too: its deadline has
 * passed, but the lock job has not run. After an outage, the caller rolls each missed term over in turn.
 *
 * Example: Premier, 2026-04-01…2027-03-31, 2,000 of 11,520 minutes unused: −2,000 on 2027-03-31, then +11,520 on 2027-04-01.
 * @throws Error if the term is not over or was rolled over before
 */
export function rollOver<Seat>(
  term: EndedTerm<Seat>,
  { nextPackage, noticeDays, today }: { nextPackage: PackageVersion; noticeDays: number; today: Day },
): RollOver<Seat> {
  if (today <= term.endsOn) throw new Error(`The term ends on ${term.endsOn} and is not over on ${today}`);
  const renewalState = moveRenewal(term.renewalState, 'roll-over');
  if (renewalState !== 'renewed' && renewalState !== 'ended') {
    throw new Error(`A term that is ${term.renewalState} was rolled over before`);
  }
  const expiry = expiryAtClose(term.balance, term.endsOn);
  if (renewalState === 'ended') return { renewalState, expiry, seatsDropped: [...term.seats], next: undefined };

  const seats = carrySeats(term.seats, nextPackage.learningSeats);
  const next = { ...nextTerm(term, nextPackage, noticeDays), seats: seats.kept };
  return { renewalState, expiry, seatsDropped: seats.dropped, next };
}

function nextTerm(
  term: EndedTerm<unknown>,
  nextPackage: PackageVersion,
  noticeDays: number,
): Omit<NextTerm<unknown>, 'seats'> {
  const number = term.number + 1;
  const dates = termDates(term.anchorOn, number);
  const entitlement = entitlementOf([{ package: nextPackage, effectiveOn: dates.startsOn }], dates);
  const carried = carryAllocations(term.allocations, {
    fromGrantedMinutes: term.balance.grantedMinutes,
    toGrantedMinutes: entitlement.grantedMinutes,
    maxConsultants: entitlement.maxConsultants,
    maxProductLines: entitlement.maxProductLines,
    enrolledProductLineIds: enrolledOn(term.enrolments, addDays(term.endsOn, 1)),
  });
  return {
    number,
    ...dates,
    noticeDays,
    noticeDeadlineOn: noticeDeadline(dates.endsOn, noticeDays),
    package: nextPackage,
    entitlement,
    grant: grant(entitlement.grantedMinutes, dates.startsOn),
    allocations: carried.set,
    productLineIds: carried.productLineIds,
    dropped: carried.dropped,
  };
}
