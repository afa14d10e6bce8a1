import { Injectable } from '@nestjs/common';
import { addDays } from '../../domain/calendar.js';
import { firstMorningFrom } from '../../domain/morning.js';
import { packageAtRenewal, type PackageVersion } from '../../domain/package.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { Clock } from '../../platform/clock.js';
import type { FailedMail, MailToQueue } from '../../platform/mail/mail.store.js';
import type { NoticeRecord } from '../notices/notice.js';
import { PackageService } from '../packages/package.service.js';
import { csmRecipients, standInsAt, type StandIn } from '../people/csm-contact.js';
import type { SubscriptionTerm } from '../subscriptions/contract.js';
import { identityOf } from '../subscriptions/subscription-identity.js';
import type { RolledTerm } from '../subscriptions/roll-over-steps.js';
import type {
  StoredFailure,
  MailFacts,
  StoredNextTerm,
  StoredPackage,
  StoredTerm,
  UndeliveredContact,
} from './letters/mail-facts.js';
import {
  contactMissingKind,
  lockKind,
  nextPackageDroppedKind,
  noticeRecordedKind,
  reminderKindPrefix,
  renewalChangedKind,
  rollOverKinds,
} from './mail-kinds.js';
import type { Recipient, RenewalFacts } from './renewal.store.js';

/** The names of consultants and product lines for which the next package has no room; they go to the CSM (§11). */
export interface DroppedNames {
  consultants: readonly string[];
  productLines: readonly string[];
}

interface Occasion extends Omit<MailFacts, 'term'> {
  kind: string;
  occasion?: string;
  validUntil?: Date;
  leavesAt?: Date;
  /** `csms` are the CSM and the deputies of the day. Default: the renewal contacts, and these. */
  recipients?: (csms: readonly Recipient[]) => readonly Recipient[];
}

const csmsAlone = (csms: readonly Recipient[]): readonly Recipient[] => csms;

/** The customer's renewal contacts (§2). */
export function renewalContacts({ contacts }: RenewalFacts): Recipient[] {
  return contacts
    .filter(({ roles }) => roles.includes('renewal'))
    .map(({ name, email }): Recipient => ({ role: 'customer', name, address: email }));
}

/** The recipients of a planned reminder. The CSM gets one only if a renewal contact gets one (§11). */
export function reminderRecipients(facts: RenewalFacts): Recipient[] {
  const contacts = renewalContacts(facts);
  return contacts.length > 0 ? [...contacts, ...csmRecipients(facts, [])] : [];
}

/**
 * Composes the mails about a renewal: one for each recipient, with the present facts. The writer puts them into words
 * later, one by one, because the jobs that call this service handle every due subscription.
 */
@Injectable()
export class RenewalMails {
  constructor(
    private readonly packages: PackageService,
    private readonly clock: Clock,
    private readonly rules: ServiceRules,
  ) {}

  /** If there is no renewal contact, the CSM gets another mail instead, once per term. */
  reminder(facts: RenewalFacts, daysBefore: number): MailToQueue[] {
    // After the lock, the mail would call a passed deadline open.
    const validUntil = facts.lockAt;
    if (renewalContacts(facts).length === 0) {
      return this.#letters(facts, { kind: contactMissingKind, validUntil, recipients: csmsAlone });
    }
    return this.#letters(facts, { kind: `${reminderKindPrefix}${daysBefore}`, validUntil });
  }

  locked(terms: readonly RenewalFacts[]): MailToQueue[] {
    return terms.flatMap((facts) =>
      this.#letters(facts, { kind: lockKind, leavesAt: firstMorningFrom(facts.lockAt, facts.timeZone) }),
    );
  }

  /** `replacesLock`: the renewal was locked, and the mail about the lock may have been sent. */
  noticeRecorded(facts: RenewalFacts, notice: NoticeRecord, replacesLock: boolean): MailToQueue[] {
    const { id, party, signedBy, reason } = notice;
    const stored = { id, party, signedBy, receivedAt: notice.receivedAt.toISOString(), reason };
    return this.#letters(facts, { kind: noticeRecordedKind, occasion: id, notice: stored, replacesLock });
  }

  /** `facts` are the facts after the withdrawal, because the mail states the present renewal. */
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

  /** Both parties accepted a late notice. */
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
   * The package that will renew has changed after the lock. The recipients of the mail about the lock get a mail, and
   * not before that first mail. `occasion` identifies the change.
   */
  renewalChanged(
    facts: RenewalFacts,
    { before, occasion, recipients }: { before: PackageVersion; occasion: string; recipients: readonly Recipient[] },
  ): MailToQueue[] {
    const leavesAt = firstMorningFrom(facts.lockAt, facts.timeZone);
    const change = { before: storedPackage(before) };
    return this.#letters(facts, { kind: renewalChangedKind, occasion, leavesAt, recipients: () => recipients, change });
  }

  /** An upgrade has removed the package that was set for the renewal; the CSM may have to set another. */
  nextPackageDropped(
    facts: RenewalFacts,
    { overtaken, occasion }: { overtaken: PackageVersion; occasion: string },
  ): MailToQueue[] {
    const change = { before: storedPackage(overtaken) };
    return this.#letters(facts, { kind: nextPackageDroppedKind, occasion, recipients: csmsAlone, change });
  }

  /** No reminder of the term has reached the customer: the CSM and the operator get a mail (§11). */
  remindersUndelivered(
    facts: RenewalFacts,
    undelivered: readonly UndeliveredContact[],
    operatorAddress: string,
  ): MailToQueue[] {
    const recipients = csmsAndOperator(operatorAddress);
    return this.#letters(facts, { kind: 'reminders-undelivered', recipients, undelivered });
  }

  /** A mail to a contact failed for good: the CSM and the operator get one mail per contact and term (§11). */
  undeliverable(facts: RenewalFacts, failed: FailedMail, operatorAddress: string): MailToQueue[] {
    const { id: mailId, kind, subject, attempts, refused, error, failedAt } = failed;
    const { recipientName: name, recipientAddress: address } = failed;
    const cause = attempts === 0 ? 'unwritten' : refused ? 'refused' : 'given-up';
    const failure: StoredFailure = {
      ...{ mailId, kind, subject, name, address, cause, error, attempts },
      failedAt: failedAt.toISOString(),
    };
    const recipients = csmsAndOperator(operatorAddress);
    return this.#letters(facts, { kind: 'mail-undeliverable', occasion: address.toLowerCase(), recipients, failure });
  }

  rolledOver(
    facts: RenewalFacts,
    { decided, outcome, packageBefore, packageAfter, next, seatsDropped }: RolledTerm,
    dropped: DroppedNames,
  ): MailToQueue[] {
    const turn = {
      packageBefore: storedPackage(packageBefore),
      packageAfter: packageAfter ? storedPackage(packageAfter) : null,
      next: next ? storedNextTerm(next) : null,
      expiredMinutes: -(decided.expiry?.minutes ?? 0),
      seatsDropped,
      consultantsDropped: dropped.consultants,
      productLinesDropped: dropped.productLines,
    };
    const leavesAt = firstMorningFrom(facts.endsAt, facts.timeZone);
    return this.#letters(facts, { kind: rollOverKinds[outcome], turn, leavesAt });
  }

  #letters(facts: RenewalFacts, occasion: Occasion): MailToQueue[] {
    const {
      kind,
      occasion: name = '',
      validUntil = null,
      leavesAt,
      recipients = (csms) => [...renewalContacts(facts), ...csms],
      ...added
    } = occasion;
    const { locale, subscriptionId, termId } = facts;
    const withoutContact = occasion.recipients === undefined && renewalContacts(facts).length === 0;
    const standIns = standInsAt(facts, leavesAt ?? this.clock.now(), this.rules.houseTimeZone);
    const stored: MailFacts = {
      term: this.#storedTerm(facts, standIns),
      ...added,
      ...(withoutContact && { withoutContact }),
    };
    const csms = csmRecipients(facts, standIns);
    return recipients(csms).map(({ role, name: recipientName, address, locale: own }) => ({
      kind,
      subscriptionId,
      termId,
      occasion: name,
      recipientRole: role,
      recipientName,
      recipientAddress: address,
      locale: (role === 'csm' ? own : null) ?? locale,
      facts: stored,
      validUntil,
      ...(leavesAt && { leavesAt }),
    }));
  }

  #storedTerm(facts: RenewalFacts, standIns: readonly StandIn[]): StoredTerm {
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
      standIns,
      renewsAs: storedPackage(packageAtRenewal(this.packages.table, facts, addDays(facts.endsOn, 1))),
    };
  }
}

const csmsAndOperator =
  (address: string) =>
  (csms: readonly Recipient[]): Recipient[] => [...csms, { role: 'operator', name: '', address }];

function storedNextTerm(term: SubscriptionTerm): StoredNextTerm {
  const { id: termId, number, startsOn, endsOn, noticeDeadlineOn, deadlineZone } = term;
  return { termId, number, startsOn, endsOn, noticeDeadlineOn, deadlineZone };
}

function storedPackage({ code, version }: PackageVersion): StoredPackage {
  return { code, version };
}
