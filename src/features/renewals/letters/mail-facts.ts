import type { IneffectiveReason, Party } from '../../../domain/notice.js';
import type { PackageVersion } from '../../../domain/package.js';
import type { SubscriptionIdentity } from '../../subscriptions/subscription-identity.js';
import type { RenewalFacts } from '../renewal.store.js';

/** A package at one version: the published table may have a newer one by the time the mail is written. */
export type PackageKept = Pick<PackageVersion, 'code' | 'version'>;

/**
 * What a mail keeps of its term when its reason arises, as plain JSON. What follows from it, such as names, dates in
 * words and the picture, is derived when the mail is written.
 */
export interface TermKept extends Pick<
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
  /** Missing in mails that were queued before terms kept it: then it is the customer's zone. */
  deadlineZone?: string;
  /** Missing in mails that were queued before mails named it. */
  identity?: SubscriptionIdentity;
  /** How many mails about the subscription were queued before; missing as above. */
  mailsBefore?: number;
  renewsAs: PackageKept;
}

/** A notice as it was recorded; without a reason it is effective. Instants are ISO texts, here and below. */
export interface NoticeKept {
  id: string;
  party: Party;
  signedBy: string;
  receivedAt: string;
  reason: IneffectiveReason | null;
}

export interface WithdrawalKept {
  id: string;
  party: Party;
  receivedAt: string;
  withdrawnAt: string;
  signedBy: string;
  /** Who agreed to it for the other party; null before the deadline, where it takes none. */
  otherPartySignedBy: string | null;
}

export interface WaiverKept {
  id: string;
  party: Party;
  receivedAt: string;
  waivedAt: string;
  customerSignedBy: string;
  providerSignedBy: string;
}

/** The term that a roll-over has opened. */
export interface NextTermKept extends Pick<
  TermKept,
  'number' | 'startsOn' | 'endsOn' | 'noticeDeadlineOn' | 'deadlineZone'
> {
  termId: string;
}

/** What a roll-over has done to a term. */
export interface TurnKept {
  packageBefore: PackageKept;
  /** Null where the subscription has ended. */
  packageAfter: PackageKept | null;
  /** Null where the subscription has ended. */
  next: NextTermKept | null;
  expiredMinutes: number;
  seatsDropped: number;
  /** What the next package has no room for, by name. */
  consultantsDropped: readonly string[];
  productLinesDropped: readonly string[];
}

/** What will renew has changed; what it is now stands with the term. */
export interface ChangeKept {
  /** What would have renewed, or the next package that an upgrade has overtaken. */
  before: PackageKept;
}

/** A contact whom no reminder has reached, and why the last one did not. */
export interface UndeliveredContact {
  name: string;
  address: string;
  /** Null where no attempt has been answered yet. */
  error: string | null;
}

/** Why a mail failed for good. `unwritten`: it could not be written, so there was no attempt. */
export type FailureCause = 'refused' | 'given-up' | 'unwritten';

/** A mail to a contact that failed for good. */
export interface FailureKept {
  mailId: string;
  kind: string;
  /** Null where it could not be written. */
  subject: string | null;
  name: string;
  address: string;
  cause: FailureCause;
  /** The server's last words, or the error. */
  error: string;
  attempts: number;
  failedAt: string;
}

/** The facts of each mail: its term, and what the occasion adds. */
export interface MailFacts {
  term: TermKept;
  notice?: NoticeKept;
  withdrawal?: WithdrawalKept;
  waiver?: WaiverKept;
  /** The renewal had been locked: this mail takes back the confirmation of it. */
  replacesLock?: boolean;
  change?: ChangeKept;
  turn?: TurnKept;
  undelivered?: readonly UndeliveredContact[];
  failure?: FailureKept;
  /** Set where the CSM gets the mail alone, as the customer has no renewal contact. */
  withoutContact?: true;
}
