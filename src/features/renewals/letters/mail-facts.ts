import type { IneffectiveReason, Party } from '../../../domain/notice.js';
import type { PackageVersion } from '../../../domain/package.js';
import type { StandIn } from '../../people/csm-contact.js';
import type { SubscriptionIdentity } from '../../subscriptions/subscription-identity.js';
import type { RenewalFacts } from '../renewal.store.js';

/** A package in one version. The published table may have a newer version when the mail is written. */
export type StoredPackage = Pick<PackageVersion, 'code' | 'version'>;

/**
 * The facts of a term that a mail stores when it is queued, as plain JSON. The writer derives names, dates in words
 * and the picture from them.
 */
export interface StoredTerm extends Pick<
  RenewalFacts,
  | 'number'
  | 'anchorOn'
  | 'startsOn'
  | 'endsOn'
  | 'noticeDeadlineOn'
  | 'renewalState'
  | 'package'
  | 'grantedMinutes'
  | 'usedMinutes'
  | 'remainingMinutes'
  | 'lastSequence'
  | 'seatsInUse'
  | 'maxSeats'
  | 'customerName'
  | 'timeZone'
  | 'country'
  | 'csmName'
  | 'csmEmail'
> {
  /** Missing in mails that were queued before terms stored it. Default: the customer's zone. */
  deadlineZone?: string;
  /** Missing in mails that were queued before mails stored it. */
  identity?: SubscriptionIdentity;
  /** How many mails about the subscription were queued before; missing in the same old mails. */
  mailsBefore?: number;
  /** The deputies of the CSM when the mail leaves; missing in mails that were queued before mails stored them. */
  standIns?: readonly StandIn[];
  renewsAs: StoredPackage;
}

/** A notice as it was recorded. It is effective if it has no reason. Instants are ISO texts, here and below. */
export interface StoredNotice {
  id: string;
  party: Party;
  signedBy: string;
  receivedAt: string;
  reason: IneffectiveReason | null;
}

export interface StoredWithdrawal {
  id: string;
  party: Party;
  receivedAt: string;
  withdrawnAt: string;
  signedBy: string;
  /** Who agreed for the other party; null before the deadline, when no agreement is needed. */
  otherPartySignedBy: string | null;
}

export interface StoredWaiver {
  id: string;
  party: Party;
  receivedAt: string;
  waivedAt: string;
  customerSignedBy: string;
  providerSignedBy: string;
}

/** The term that a roll-over has opened. */
export interface StoredNextTerm extends Pick<
  StoredTerm,
  'number' | 'startsOn' | 'endsOn' | 'noticeDeadlineOn' | 'deadlineZone'
> {
  termId: string;
}

/** What a roll-over has done to a term. */
export interface StoredRollOver {
  packageBefore: StoredPackage;
  /** Null if the subscription has ended. */
  packageAfter: StoredPackage | null;
  /** Null if the subscription has ended. */
  next: StoredNextTerm | null;
  expiredMinutes: number;
  seatsDropped: number;
  /** The names of consultants and product lines for which the next package has no room. */
  consultantsDropped: readonly string[];
  productLinesDropped: readonly string[];
}

/** A change of the package that will renew. The term has the new package. */
export interface StoredPackageChange {
  /** The package that would have renewed, or the next package that an upgrade has removed. */
  before: StoredPackage;
}

/** A contact who got no reminder, and why the last one failed. */
export interface UndeliveredContact {
  name: string;
  address: string;
  /** Null if no attempt has been answered yet. */
  error: string | null;
}

/** Why a mail failed for good. `unwritten`: it could not be written, so there was no attempt. */
export type FailureCause = 'refused' | 'given-up' | 'unwritten';

/** A mail to a contact that failed for good. */
export interface StoredFailure {
  mailId: string;
  kind: string;
  /** Null if it could not be written. */
  subject: string | null;
  name: string;
  address: string;
  cause: FailureCause;
  /** The server's last answer, or the error. */
  error: string;
  attempts: number;
  failedAt: string;
}

/** The facts of each mail: its term, and what the occasion adds. */
export interface MailFacts {
  term: StoredTerm;
  notice?: StoredNotice;
  withdrawal?: StoredWithdrawal;
  waiver?: StoredWaiver;
  /** The renewal was locked before: this mail takes back the confirmation of the renewal. */
  replacesLock?: boolean;
  change?: StoredPackageChange;
  turn?: StoredRollOver;
  undelivered?: readonly UndeliveredContact[];
  failure?: StoredFailure;
  /** True if the customer has no renewal contact, so only the CSM gets the mail. */
  withoutContact?: true;
}
