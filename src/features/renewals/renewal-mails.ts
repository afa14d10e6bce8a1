import { Injectable } from '@nestjs/common';
import { addDays } from '../../domain/calendar.js';
import { firstMorningFrom } from '../../domain/morning.js';
import { packageAtRenewal, type PackageVersion } from '../../domain/package.js';
import type { FailedMail, MailToQueue } from '../../platform/mail/mail.store.js';
import type { NoticeRecord } from '../notices/notice.js';
import { PackageService } from '../packages/package.service.js';
import type { SubscriptionTerm } from '../subscriptions/contract.js';
import { identityOf } from '../subscriptions/subscription-identity.js';
import type { RolledTerm } from '../subscriptions/roll-over-steps.js';
import type {
  FailureKept,
  MailFacts,
  NextTermKept,
  PackageKept,
  TermKept,
  UndeliveredContact,
} from './letters/mail-facts.js';
import { lockKind, reminderKindPrefix } from './mail-kinds.js';
import type { Recipient, RenewalFacts } from './renewal.store.js';

/** What the next package has no room for, by name: the CSM is told (§11). */
export interface DroppedNames {
  consultants: readonly string[];
  productLines: readonly string[];
}

interface Occasion extends Omit<MailFacts, 'term'> {
  kind: string;
  occasion?: string;
  validUntil?: Date;
  leavesAt?: Date;
  recipients?: readonly Recipient[];
}

/** The customer's renewal contacts (§2). */
export function renewalContacts({ contacts }: RenewalFacts): Recipient[] {
  return contacts
    .filter(({ roles }) => roles.includes('renewal'))
    .map(({ name, email }): Recipient => ({ role: 'customer', name, address: email }));
}

const csmOf = ({ csmName, csmEmail }: RenewalFacts): Recipient => ({ role: 'csm', name: csmName, address: csmEmail });

/** Who is told about a renewal: each of the customer's renewal contacts, and the CSM (§11). */
export const recipientsOf = (facts: RenewalFacts): Recipient[] => [...renewalContacts(facts), csmOf(facts)];

/** Who gets a reminder. The CSM gets a copy only of what a contact gets (§11). */
export function reminderRecipients(facts: RenewalFacts): Recipient[] {
  return renewalContacts(facts).length > 0 ? recipientsOf(facts) : [];
}

/**
 * Says which mails about a renewal there are to be: one for each recipient, with the facts as they are. Nothing is put into
 * words here, as the jobs that call it go through every subscription that is due; the writer does it mail by mail.
 */
@Injectable()
export class RenewalMails {
  constructor(private readonly packages: PackageService) {}

  /** Without a renewal contact, the CSM gets a mail that says so instead: one mail per term. */
  reminder(facts: RenewalFacts, daysBefore: number): MailToQueue[] {
    // From the lock on it would call a deadline open that has passed.
    const validUntil = facts.lockAt;
    if (renewalContacts(facts).length === 0) {
      return this.#letters(facts, { kind: contactMissingKind, validUntil, recipients: [csmOf(facts)] });
    }
    return this.#letters(facts, { kind: `${reminderKindPrefix}${daysBefore}`, validUntil });
  }

  locked(terms: readonly RenewalFacts[]): MailToQueue[] {
    return terms.flatMap((facts) =>
      this.#letters(facts, { kind: lockKind, leavesAt: firstMorningFrom(facts.lockAt, facts.timeZone) }),
    );
  }

  /** `replacesLock`: the renewal was locked, and its confirmation may have gone out. */
  noticeRecorded(facts: RenewalFacts, notice: NoticeRecord, replacesLock: boolean): MailToQueue[] {
    const { id, party, signedBy, reason } = notice;
    const kept = { id, party, signedBy, receivedAt: notice.receivedAt.toISOString(), reason };
    return this.#letters(facts, { kind: 'notice-recorded', occasion: id, notice: kept, replacesLock });
  }

  /** `facts` are those after the withdrawal: what the renewal is now is said. */
  noticeWithdrawn(facts: RenewalFacts, row: NoticeRecord): MailToQueue[] {
    const withdrawal = {
      id: row.id,
      party: row.party,
      receivedAt: row.receivedAt.toISOString(),
      withdrawnAt: row.withdrawnAt!.toISOString(),
      signedBy: row.withdrawalSignedBy!,
      otherPartySignedBy: row.withdrawalOtherPartySignedBy,
    };
    return this.#letters(facts, { kind: 'notice-withdrawn', occasion: row.id, withdrawal });
  }

  /** A late notice that both sides have accepted. */
  noticeWaived(facts: RenewalFacts, row: NoticeRecord, replacesLock: boolean): MailToQueue[] {
    const waiver = {
      id: row.id,
      party: row.party,
      receivedAt: row.receivedAt.toISOString(),
      waivedAt: row.waivedAt!.toISOString(),
      customerSignedBy: row.waiverCustomerSignedBy!,
      providerSignedBy: row.waiverProviderSignedBy!,
    };
    return this.#letters(facts, { kind: 'notice-waived', occasion: row.id, waiver, replacesLock });
  }

  /**
   * What will renew has changed after the lock: those who got the confirmation of the lock are told, and not before it
   * has left. `occasion` names the change.
   */
  renewalChanged(
    facts: RenewalFacts,
    { before, occasion, recipients }: { before: PackageVersion; occasion: string; recipients: readonly Recipient[] },
  ): MailToQueue[] {
    const leavesAt = firstMorningFrom(facts.lockAt, facts.timeZone);
    const change = { before: packageKept(before) };
    return this.#letters(facts, { kind: 'renewal-changed', occasion, leavesAt, recipients, change });
  }

  /** An upgrade has overtaken the package that was set for the renewal: the CSM may have to set another. */
  nextPackageDropped(
    facts: RenewalFacts,
    { overtaken, occasion }: { overtaken: PackageVersion; occasion: string },
  ): MailToQueue[] {
    const change = { before: packageKept(overtaken) };
    return this.#letters(facts, { kind: 'next-package-dropped', occasion, recipients: [csmOf(facts)], change });
  }

  /** No reminder of the term has reached the customer: the CSM and the operator are told (§11). */
  remindersUndelivered(
    facts: RenewalFacts,
    undelivered: readonly UndeliveredContact[],
    operatorAddress: string,
  ): MailToQueue[] {
    const recipients = [csmOf(facts), operatorAt(operatorAddress)];
    return this.#letters(facts, { kind: 'reminders-undelivered', recipients, undelivered });
  }

  /** A mail to a contact failed for good: the CSM and the operator are told once per contact and term (§11). */
  undeliverable(facts: RenewalFacts, failed: FailedMail, operatorAddress: string): MailToQueue[] {
    const { id: mailId, kind, subject, attempts, refused, error, failedAt } = failed;
    const { recipientName: name, recipientAddress: address } = failed;
    const cause = attempts === 0 ? 'unwritten' : refused ? 'refused' : 'given-up';
    const failure: FailureKept = {
      ...{ mailId, kind, subject, name, address, cause, error, attempts },
      failedAt: failedAt.toISOString(),
    };
    const recipients = [csmOf(facts), operatorAt(operatorAddress)];
    return this.#letters(facts, { kind: 'mail-undeliverable', occasion: address.toLowerCase(), recipients, failure });
  }

  rolledOver(
    facts: RenewalFacts,
    { decided, outcome, packageBefore, packageAfter, next }: RolledTerm,
    dropped: DroppedNames,
  ): MailToQueue[] {
    const turn = {
      packageBefore: packageKept(packageBefore),
      packageAfter: packageAfter ? packageKept(packageAfter) : null,
      next: next ? nextKept(next) : null,
      expiredMinutes: -(decided.expiry?.minutes ?? 0),
      seatsDropped: decided.seatsDropped.length,
      consultantsDropped: dropped.consultants,
      productLinesDropped: dropped.productLines,
    };
    const leavesAt = firstMorningFrom(facts.endsAt, facts.timeZone);
    return this.#letters(facts, { kind: outcome === 'renewed' ? 'term-renewed' : 'term-ended', turn, leavesAt });
  }

  #letters(facts: RenewalFacts, occasion: Occasion): MailToQueue[] {
    const {
      kind,
      occasion: name = '',
      validUntil = null,
      leavesAt,
      recipients = recipientsOf(facts),
      ...added
    } = occasion;
    const { locale, subscriptionId, termId } = facts;
    const withoutContact = occasion.recipients === undefined && renewalContacts(facts).length === 0;
    const kept: MailFacts = { term: this.#kept(facts), ...added, ...(withoutContact && { withoutContact }) };
    return recipients.map(({ role, name: recipientName, address }) => ({
      kind,
      subscriptionId,
      termId,
      occasion: name,
      recipientRole: role,
      recipientName,
      recipientAddress: address,
      locale,
      facts: kept,
      validUntil,
      ...(leavesAt && { leavesAt }),
    }));
  }

  #kept(facts: RenewalFacts): TermKept {
    return {
      number: facts.number,
      anchorOn: facts.anchorOn,
      startsOn: facts.startsOn,
      endsOn: facts.endsOn,
      noticeDeadlineOn: facts.noticeDeadlineOn,
      deadlineZone: facts.deadlineZone,
      renewalState: facts.renewalState,
      package: facts.package,
      grantedMinutes: facts.grantedMinutes,
      usedMinutes: facts.usedMinutes,
      remainingMinutes: facts.remainingMinutes,
      lastSequence: facts.lastSequence,
      seatsInUse: facts.seatsInUse,
      maxSeats: facts.maxSeats,
      identity: identityOf(facts),
      mailsBefore: facts.mailsBefore,
      customerName: facts.customerName,
      timeZone: facts.timeZone,
      country: facts.country,
      csmName: facts.csmName,
      csmEmail: facts.csmEmail,
      renewsAs: packageKept(packageAtRenewal(this.packages.table, facts, addDays(facts.endsOn, 1))),
    };
  }
}

/** The mail to the CSM in place of a reminder that nobody could get. */
const contactMissingKind = 'renewal-contact-missing';

const operatorAt = (address: string): Recipient => ({ role: 'operator', name: '', address });

function nextKept(term: SubscriptionTerm): NextTermKept {
  const { id: termId, number, startsOn, endsOn, noticeDeadlineOn, deadlineZone } = term;
  return { termId, number, startsOn, endsOn, noticeDeadlineOn, deadlineZone };
}

function packageKept({ code, version }: PackageVersion): PackageKept {
  return { code, version };
}
