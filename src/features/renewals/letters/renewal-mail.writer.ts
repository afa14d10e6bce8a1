import { Injectable, type OnModuleInit } from '@nestjs/common';
import { addDays, dayAt, startOfDay } from '../../../domain/calendar.js';
import type { PackageVersion } from '../../../domain/package.js';
import { termDates } from '../../../domain/term.js';
import { Config } from '../../../platform/settings/config.js';
import type { Transaction } from '../../../platform/database/transaction.js';
import type { Language } from '../../../domain/language.js';
import { htmlOf, textOf, type Block } from '../../../platform/mail/layout.js';
import { MailQueue } from '../../../platform/mail/mail-queue.js';
import type { QueuedTermMail } from '../../../platform/mail/mail.store.js';
import type { Attachment, MailContent, MailWriter, Picture } from '../../../platform/mail/mail-writer.js';
import { dayText, hours, momentText, oneLine, weekdayText, zoneText } from '../../../platform/mail/mail-words.js';
import { PackageService } from '../../packages/package.service.js';
import { ConsoleLinks } from '../../subscriptions/console-links.service.js';
import { identityRows, subscriptionReference, unknownIdentity } from '../../subscriptions/subscription-identity.js';
import { burnDownAlt, burnDownPicture } from '../../balances/burn-down.picture.js';
import { BurnDownService } from '../../balances/burn-down.service.js';
import { lastBusinessDayBefore } from '../../../platform/business-days.js';
import { DeclineLinks } from '../../notices/decline-link.js';
import { dayOffText, type Letter, type LetterWords, type PackageWords } from './letter.js';
import type { MailFacts, StoredPackage, StoredTerm } from './mail-facts.js';
import { mailUndeliverable } from './mail-undeliverable.mail.js';
import { nextPackageDropped } from './next-package-dropped.mail.js';
import { noticeRecorded } from './notice-recorded.mail.js';
import { noticeWaived } from './notice-waived.mail.js';
import { noticeWithdrawn } from './notice-withdrawn.mail.js';
import { remindersUndelivered } from './reminders-undelivered.mail.js';
import { calendarFile } from './renewal-calendar.js';
import { renewalDays } from '../renewal-days.js';
import { renewalChanged } from './renewal-changed.mail.js';
import { renewalContactMissing } from './renewal-contact-missing.mail.js';
import { renewalLocked } from './renewal-locked.mail.js';
import { renewalReminder } from './renewal-reminder.mail.js';
import { lockKind, reminderKindPrefix } from '../mail-kinds.js';
import { RenewalStore } from '../renewal.store.js';
import { termEnded } from './term-ended.mail.js';
import { termRenewed } from './term-renewed.mail.js';

/** The letter of a kind of mail, and its attachments. */
interface MailKind {
  letter: Letter;
  /** Whether the customer's copies have the personal link to the page for notices. */
  link?: boolean;
}

const reminder: MailKind = { letter: renewalReminder, link: true };

const kinds: Readonly<Record<string, MailKind>> = {
  [lockKind]: { letter: renewalLocked },
  'renewal-changed': { letter: renewalChanged },
  'next-package-dropped': { letter: nextPackageDropped },
  'notice-recorded': { letter: noticeRecorded, link: true },
  'notice-withdrawn': { letter: noticeWithdrawn, link: true },
  'notice-waived': { letter: noticeWaived },
  'term-renewed': { letter: termRenewed },
  'term-ended': { letter: termEnded },
  'reminders-undelivered': { letter: remindersUndelivered },
  'mail-undeliverable': { letter: mailUndeliverable },
  'renewal-contact-missing': { letter: renewalContactMissing },
};

const burnDownId = 'burn-down';

/**
 * Writes the mails about renewals in the customer's language. They state the facts as of the time when they were
 * queued.
 */
@Injectable()
export class RenewalMailWriter implements MailWriter, OnModuleInit {
  constructor(
    private readonly mails: MailQueue,
    private readonly packages: PackageService,
    private readonly store: RenewalStore,
    private readonly burnDowns: BurnDownService,
    private readonly links: DeclineLinks,
    private readonly consoleLinks: ConsoleLinks,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.mails.writtenBy(this);
  }

  writes(kind: string): boolean {
    return kindNamed(kind) !== undefined;
  }

  async write(tx: Transaction, mail: QueuedTermMail): Promise<MailContent> {
    const kind = kindNamed(mail.kind)!;
    const kept = await this.#factsOf(tx, mail);
    const { locale } = mail;
    const { picture, block } = await this.#picture(tx, mail, kept.term);
    const consoleLink = await this.consoleLinks.linkFor(tx, mail);
    const words = { ...this.#words(mail, kept, kept.term, kind), picture: block, consoleLink };
    const page = kind.letter[locale](words, kept);
    const { csmName, csmEmail } = kept.term;
    return {
      subject: page.subject,
      text: textOf(page, locale),
      html: htmlOf(page, locale),
      pictures: [picture],
      attachments: this.#calendar(mail, kept, { ...this.#words(mail, kept, termAhead(kept), kind), picture: block }),
      replyTo: { name: oneLine(csmName), address: csmEmail },
    };
  }

  /** A reminder that has not left names the present zone of the deadline, as the customer's zone may have changed. */
  async #factsOf(tx: Transaction, { facts, validUntil, termId }: QueuedTermMail): Promise<MailFacts> {
    const kept = facts as MailFacts;
    if (validUntil === null) return kept;
    return { ...kept, term: { ...kept.term, deadlineZone: await this.store.deadlineZone(tx, termId) } };
  }

  async #picture(
    tx: Transaction,
    { termId, queuedAt, locale }: QueuedTermMail,
    { anchorOn, number, lastSequence, timeZone }: StoredTerm,
  ): Promise<{ picture: Picture; block: Block }> {
    const asOf = dayAt(queuedAt, timeZone);
    const burnDown = await this.burnDowns.burnDownThen(tx, { id: termId, anchorOn, number }, lastSequence, asOf);
    const png = (): Promise<Buffer> => burnDownPicture(burnDown, { language: locale });
    return {
      picture: { contentId: burnDownId, fileName: `${burnDownId}.png`, png },
      block: { kind: 'picture', contentId: burnDownId, alt: burnDownAlt(burnDown, locale) },
    };
  }

  /** The coming days; after a renewal, those of the next term. */
  #calendar({ termId, queuedAt, locale }: QueuedTermMail, kept: MailFacts, words: LetterWords): Attachment[] {
    const uidEnd = `${kept.turn?.next?.termId ?? termId}@${this.config.mailFrom.address.split('@').at(-1)!}`;
    const term = termAhead(kept);
    const { csmName, csmEmail, timeZone, mailsBefore = 0 } = term;
    const organizer = { name: oneLine(csmName), address: csmEmail };
    const facts = { language: locale, writtenAt: queuedAt, mailsBefore, timeZone, organizer };
    return renewalDays(term, words, locale, uidEnd).map((day) => calendarFile(day, facts));
  }

  #words(
    mail: QueuedTermMail,
    { withoutContact }: MailFacts,
    term: StoredTerm,
    { link }: MailKind,
  ): Omit<LetterWords, 'picture'> {
    const { locale, recipientRole, leavesAt } = mail;
    const { noticeDeadlineOn, timeZone, deadlineZone = timeZone, identity = unknownIdentity } = term;
    const inHours = (minutes: number): string => hours(minutes, locale);
    const packageNamed = (stored: StoredPackage): PackageWords => packageWords(this.#version(stored), locale);
    const next = termDates(term.anchorOn, term.number + 1);
    // The offset at the end of the day, as the offset may change on that day.
    const deadlineAt = new Date(startOfDay(addDays(noticeDeadlineOn, 1), deadlineZone).getTime() - 1);
    const dayOff = lastBusinessDayBefore(noticeDeadlineOn, term.country, locale);
    const today = dayAt(leavesAt, deadlineZone);
    const packageName = this.packages.table[term.package][0]!.name[locale];
    return {
      recipient: oneLine(mail.recipientName),
      copy: recipientRole !== 'customer',
      alone: withoutContact === true,
      customer: oneLine(term.customerName),
      package: packageName,
      reference: subscriptionReference(packageName, identity, locale),
      identity: identityRows(identity, mail.subscriptionId, locale),
      startsOn: dayText(term.startsOn, locale),
      endsOn: dayText(term.endsOn, locale),
      granted: inHours(term.grantedMinutes),
      used: inHours(term.usedMinutes),
      remaining: inHours(term.remainingMinutes),
      seatsInUse: term.seatsInUse,
      maxSeats: term.maxSeats,
      next: packageNamed(term.renewsAs),
      nextStartsOn: dayText(next.startsOn, locale),
      nextEndsOn: dayText(next.endsOn, locale),
      deadline: dayText(noticeDeadlineOn, locale),
      timeZone: zoneText(deadlineZone, deadlineAt, locale),
      isLastDay: today === noticeDeadlineOn,
      isBeforeDeadline: leavesAt <= deadlineAt,
      ...(dayOff && {
        dayOff: {
          reason: dayOffText(dayOff.reason, weekdayText(noticeDeadlineOn, locale), locale),
          ...(dayOff.day >= today && { businessDayBefore: dayText(dayOff.day, locale) }),
        },
      }),
      csm: oneLine(term.csmName),
      csmEmail: term.csmEmail,
      standIns: (term.standIns ?? []).map(({ name, email, until }) => ({
        ...{ name: oneLine(name), email },
        until: dayText(until, locale),
      })),
      vendor: this.config.mailFrom.name,
      ...(link &&
        recipientRole === 'customer' && {
          noticeLink: this.links.linkFor({ termId: mail.termId, address: mail.recipientAddress }),
        }),
      moment: (iso) => momentText(new Date(iso), timeZone, locale),
      zoneAt: (iso) => zoneText(timeZone, new Date(iso), locale),
      hours: inHours,
      packageNamed,
    };
  }

  #version({ code, version }: StoredPackage): PackageVersion {
    const versions = this.packages.table[code];
    return versions.find((candidate) => candidate.version === version) ?? versions[0]!;
  }
}

/** The term whose days are still to come. */
function termAhead({ term, turn }: MailFacts): StoredTerm {
  if (!turn?.next || !turn.packageAfter) return term;
  const { next, packageAfter } = turn;
  return { ...term, ...next, renewalState: 'open', package: packageAfter.code, renewsAs: packageAfter };
}

function kindNamed(kind: string): MailKind | undefined {
  return kind.startsWith(reminderKindPrefix) ? reminder : kinds[kind];
}

function packageWords(
  { name, grantedMinutes, onsite, learningSeats }: PackageVersion,
  language: Language,
): PackageWords {
  return {
    name: name[language],
    hours: hours(grantedMinutes, language),
    onsiteHours: hours(onsite.capMinutes, language),
    onsiteVisits: onsite.included ? onsite.maxVisits : 0,
    seats: learningSeats,
  };
}
