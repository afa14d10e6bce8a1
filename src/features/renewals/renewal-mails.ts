import { Injectable } from '@nestjs/common';
import type { IneffectiveReason, Party } from '../../domain/notice.js';
import { packageAtRenewal, type PackageVersion } from '../../domain/package.js';
import { termDates } from '../../domain/term.js';
import type { MailToQueue } from '../../platform/mail/mail-queue.js';
import type { RecipientRole } from '../../platform/mail/mail.store.js';
import { PackageService } from '../packages/package.service.js';
import type { TermTurn } from '../subscriptions/roll-over.service.js';
import { dayText, hours, momentText, oneLine, type Words } from './mail-words.js';
import { reminderKindPrefix, type RenewalFacts } from './renewal.store.js';

export interface Recipient {
  role: RecipientRole;
  name: string;
  address: string;
}

/** What a mail about a notice says of it. */
export interface NoticeTold {
  id: string;
  party: Party;
  signedBy: string;
  receivedAt: Date;
  reason?: IneffectiveReason;
}

/** What the next package has no room for, by name: the CSM is told (§11). */
export interface DroppedNames {
  consultants: readonly string[];
  productLines: readonly string[];
}

interface Occasion {
  kind: string;
  occasion?: string;
  words?: Words;
  validUntil?: Date;
}

/** Who is told about a renewal: each of the customer's renewal contacts, and the CSM (§11). */
export function recipientsOf({ contacts, csmName, csmEmail }: RenewalFacts): Recipient[] {
  const toCustomer = contacts
    .filter(({ roles }) => roles.includes('renewal'))
    .map(({ name, email }): Recipient => ({ role: 'customer', name, address: email }));
  return [...toCustomer, { role: 'csm', name: csmName, address: csmEmail }];
}

/** Writes the mails about renewals: one for each recipient, in the customer's language. */
@Injectable()
export class RenewalMails {
  constructor(private readonly packages: PackageService) {}

  reminder(facts: RenewalFacts, daysBefore: number): MailToQueue[] {
    // From the lock on it would call a deadline open that has passed.
    const validUntil = facts.lockAt;
    return this.#letters(facts, { kind: `${reminderKindPrefix}${daysBefore}`, validUntil });
  }

  locked(terms: readonly RenewalFacts[]): MailToQueue[] {
    return terms.flatMap((facts) => this.#letters(facts, { kind: 'renewal-locked' }));
  }

  noticeRecorded(facts: RenewalFacts, { id, party, signedBy, receivedAt, reason }: NoticeTold): MailToQueue[] {
    const words = {
      noticeId: id,
      party,
      signedBy: oneLine(signedBy),
      receivedAt: momentText(receivedAt, facts.timeZone, facts.locale),
      effect: reason ?? 'effective',
    };
    return this.#letters(facts, { kind: 'notice-recorded', occasion: id, words });
  }

  rolledOver(
    facts: RenewalFacts,
    { decided, outcome, packageBefore, packageAfter }: TermTurn,
    dropped: DroppedNames,
  ): MailToQueue[] {
    const words = {
      expired: hours(-(decided.expiry?.minutes ?? 0), facts.locale),
      seatsDropped: decided.seatsDropped.length,
      consultantsDropped: dropped.consultants.length,
      consultantNames: dropped.consultants.map(oneLine).join(', '),
      productLinesDropped: dropped.productLines.length,
      productLineNames: dropped.productLines.map(oneLine).join(', '),
      package: packageBefore.name[facts.locale],
      ...(packageAfter && nextPackageWords(packageAfter, facts)),
    };
    const renewed = outcome === 'renewed';
    return this.#letters(facts, {
      kind: renewed ? 'term-renewed' : 'term-ended',
      words,
    });
  }

  #letters(facts: RenewalFacts, { kind, occasion = '', words, validUntil }: Occasion): MailToQueue[] {
    const { locale, subscriptionId, termId } = facts;
    const shared = { ...this.#words(facts), ...words };
    return recipientsOf(facts).map(({ role, name, address }) => {
      const forCsm = role === 'csm' ? 'yes' : 'no';
      return {
        kind,
        subscriptionId,
        termId,
        occasion,
        recipientRole: role,
        recipientName: name,
        recipientAddress: address,
        locale,
        facts: { ...shared, recipient: oneLine(name), forCsm },
        validUntil: validUntil ?? null,
      };
    });
  }

  #words(facts: RenewalFacts): Words {
    const { locale } = facts;
    const { table } = this.packages;
    const nextDates = termDates(facts.anchorOn, facts.number + 1);
    const next = packageAtRenewal(table, facts, nextDates.startsOn);
    return {
      customer: oneLine(facts.customerName),
      subscriptionId: facts.subscriptionId,
      package: table[facts.package][0]!.name[locale],
      startsOn: dayText(facts.startsOn, locale),
      endsOn: dayText(facts.endsOn, locale),
      granted: hours(facts.grantedMinutes, locale),
      used: hours(facts.usedMinutes, locale),
      remaining: hours(facts.remainingMinutes, locale),
      seatsInUse: facts.seatsInUse,
      maxSeats: facts.maxSeats,
      ...nextPackageWords(next, facts),
      nextStartsOn: dayText(nextDates.startsOn, locale),
      nextEndsOn: dayText(nextDates.endsOn, locale),
      deadline: dayText(facts.noticeDeadlineOn, locale),
      deadlineOn: facts.noticeDeadlineOn,
      timeZone: facts.timeZone,
      csm: oneLine(facts.csmName),
      csmEmail: facts.csmEmail,
    };
  }
}

function nextPackageWords(next: PackageVersion, { locale }: RenewalFacts): Words {
  return { nextPackage: next.name[locale], nextGranted: hours(next.grantedMinutes, locale) };
}
