import type { Day } from '../../domain/calendar.js';
import type { Contract, ContractTerm, Enrolment } from '../../domain/contract.js';
import { entitlementOf, type EnteredTopUp, type PackagePeriod, type PackagePeriods } from '../../domain/entitlement.js';
import { percentOf } from '../../domain/minutes.js';
import { paceOfTerm, type PacePlan } from '../../domain/pace.js';
import { packageOn, type PackageCode, type PackageTable } from '../../domain/package.js';
import { Refusal } from '../../domain/refusal.js';
import type { Deadline } from '../../domain/term-instants.js';
import { termDates, type RenewalState } from '../../domain/term.js';

export interface SubscriptionTerm extends ContractTerm, Deadline {
  /** The days from the last day for a notice to `endsOn`, as set when the term opened. */
  noticeDays: number;
  /** Whether a reminder of the term was queued. */
  deadlineAnnounced: boolean;
  nextReminderAt: Date | null;
  /** The customer's purchase order for this term. */
  purchaseOrder: string | null;
  /** The version for `If-Match`. */
  version: number;
}

/**
 * The days from the first to the last day of a subscription, with its product lines. `endsOn` is null if the
 * subscription goes on.
 */
export interface CoveredDays {
  customerId: string;
  subscriptionId: string;
  startsOn: Day;
  endsOn: Day | null;
  enrolments: Enrolment[];
}

/** Whose subscription it is, for lists of what belongs to subscriptions. */
export interface SubscriptionName {
  id: string;
  customerId: string;
  /** The name of the customer. */
  customer: string;
  customerCode: string | null;
  contractNumber: string | null;
  csmId: string;
  timeZone: string;
}

/** How many open terms have a version of a package. */
export interface VersionInUse {
  package: PackageCode;
  version: string;
  terms: number;
}

/** Why a contract was annulled. `annulledBy` is the id of a user. */
export interface Annulment {
  reason: string;
  annulledAt: Date;
  annulledBy: string;
}

/** A contract with its editable fields. */
export interface SubscriptionContract extends Contract {
  /** The version for `If-Match`. */
  version: number;
  nextPackage: PackageCode | null;
  /** The vendor's own number of this contract. */
  contractNumber: string | null;
  purchasedAt: Date;
  enteredAt: Date;
  /** Null unless annulled. */
  annulment: Annulment | null;
  terms: SubscriptionTerm[];
}

/** A subscription with its customer's time zone. */
export type SubscriptionRow = Omit<SubscriptionContract, 'terms' | 'enrolments' | 'annulment'> & {
  annulmentReason: string | null;
  annulledAt: Date | null;
  annulledBy: string | null;
};

/** A package of a term, with the dates of the term. */
export interface TermPackageRow {
  subscriptionId: string;
  id: string;
  number: number;
  startsOn: Day;
  endsOn: Day;
  startsAt: Date;
  endsAt: Date;
  noticeDays: number;
  noticeDeadlineOn: Day;
  lockAt: Date;
  deadlineZone: string;
  deadlineAnnounced: boolean;
  nextReminderAt: Date | null;
  purchaseOrder: string | null;
  version: number;
  status: 'open' | 'closed' | 'annulled';
  renewalState: RenewalState;
  package: PackageCode;
  packageVersion: string;
  effectiveOn: Day;
  grantedMinutes: number;
  onsiteCapPercent: number;
  maxVisits: number | null;
  learningSeats: number;
  maxConsultants: number;
  maxProductLines: number;
  /** Of the term: by effective day, without those that were cancelled as a whole. */
  topUps: EnteredTopUp[];
}

export type EnrolmentRow = Enrolment & { subscriptionId: string };

/** Values that are not in the rows of a contract. */
export interface ContractSettings {
  packages: PackageTable;
  tolerancePercent: number;
}

/** Puts contracts together from their rows, by subscription id. */
export function contractsOf(
  rows: {
    subscriptions: readonly SubscriptionRow[];
    /** By subscription, term number and sequence. */
    termPackages: readonly TermPackageRow[];
    enrolments: readonly EnrolmentRow[];
  },
  settings: ContractSettings,
): Map<string, SubscriptionContract> {
  const contracts = new Map<string, SubscriptionContract>(
    rows.subscriptions.map(({ annulmentReason: reason, annulledAt, annulledBy, ...row }) => {
      const annulment = reason !== null && annulledAt && annulledBy ? { reason, annulledAt, annulledBy } : null;
      return [row.subscriptionId, { ...row, annulment, terms: [], enrolments: [] }];
    }),
  );
  for (const [subscriptionId, terms] of packagesByTerm(rows.termPackages)) {
    const contract = contracts.get(subscriptionId);
    contract?.terms.push(...terms.map((packages) => termOf(contract.anchorOn, packages, settings)));
  }
  for (const { subscriptionId, ...enrolment } of rows.enrolments) {
    contracts.get(subscriptionId)?.enrolments.push(enrolment);
  }
  return contracts;
}

/** A term with its even plan, which is computed on first use, because many callers do not need it. */
export function withPlan(
  term: Omit<SubscriptionTerm, 'plan'>,
  anchorOn: Day,
  tolerancePercent: number,
): SubscriptionTerm {
  let plan: PacePlan | undefined;
  return {
    ...term,
    get plan() {
      return (plan ??= planOf(anchorOn, term, tolerancePercent));
    },
  };
}

/** The minutes at the opening of the term, and those that each upgrade and each top-up added from its day on (§6). */
function planOf(
  anchorOn: Day,
  { number, periods, topUps }: { number: number; periods: PackagePeriods; topUps: readonly EnteredTopUp[] },
  tolerancePercent: number,
): PacePlan {
  const dates = termDates(anchorOn, number);
  const granted = periods.map((_, at) => entitlementOf(periods.slice(0, at + 1), dates, []).grantedMinutes);
  return paceOfTerm({
    anchor: anchorOn,
    number,
    baseMinutes: granted[0]!,
    additions: [
      ...periods.slice(1).map(({ effectiveOn }, at) => ({
        effectiveOn,
        extraMinutes: granted[at + 1]! - granted[at]!,
      })),
      ...topUps.map(({ effectiveOn, minutes }) => ({ effectiveOn, extraMinutes: minutes })),
    ],
    tolerancePercent,
  });
}

function packagesByTerm(rows: readonly TermPackageRow[]): Map<string, TermPackageRow[][]> {
  const bySubscription = new Map<string, TermPackageRow[][]>();
  for (const row of rows) {
    let terms = bySubscription.get(row.subscriptionId);
    if (!terms) bySubscription.set(row.subscriptionId, (terms = []));
    const last = terms.at(-1);
    if (last?.[0]?.id === row.id) last.push(row);
    else terms.push([row]);
  }
  return bySubscription;
}

function termOf(
  anchorOn: Day,
  rows: readonly TermPackageRow[],
  { packages, tolerancePercent }: ContractSettings,
): SubscriptionTerm {
  const {
    id,
    number,
    startsOn,
    endsOn,
    startsAt,
    endsAt,
    noticeDays,
    noticeDeadlineOn,
    lockAt,
    deadlineZone,
    deadlineAnnounced,
    nextReminderAt,
    purchaseOrder,
    version,
    status,
    renewalState,
    topUps,
  } = rows[0]!;
  const dates = { id, number, startsOn, endsOn, startsAt, endsAt, noticeDeadlineOn };
  const term = {
    ...dates,
    noticeDays,
    lockAt,
    deadlineZone,
    deadlineAnnounced,
    nextReminderAt,
    purchaseOrder,
    version,
  };
  const periods = rows.map((row) => periodOf(row, packages));
  return withPlan({ ...term, status, renewalState, periods, topUps }, anchorOn, tolerancePercent);
}

/** The numbers are those under which the package was sold. The published table only adds its name. */
function periodOf(row: TermPackageRow, packages: PackageTable): PackagePeriod {
  const published =
    packages[row.package].find(({ version }) => version === row.packageVersion) ??
    packageOn(packages, row.package, row.effectiveOn) ??
    packages[row.package].at(-1)!;
  const { grantedMinutes, onsiteCapPercent, maxVisits, learningSeats, maxConsultants, maxProductLines } = row;
  return {
    effectiveOn: row.effectiveOn,
    package: {
      ...published,
      version: row.packageVersion,
      grantedMinutes,
      onsite: {
        included: onsiteCapPercent > 0,
        capPercent: onsiteCapPercent,
        capMinutes: percentOf(grantedMinutes, onsiteCapPercent),
        maxVisits,
      },
      learningSeats,
      maxConsultants,
      maxProductLines,
    },
  };
}

/** @throws Refusal `subscription-ended` */
export function refuseEnded({ status }: Contract): void {
  if (status === 'ended') throw new Refusal('subscription-ended');
}
