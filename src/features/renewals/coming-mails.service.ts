import { Injectable } from '@nestjs/common';
import { firstMorningFrom } from '../../domain/morning.js';
import { plannedReminders, reminderSchedule } from '../../domain/notice.js';
import type { PackageVersion } from '../../domain/package.js';
import { ServiceRules } from '../../domain/service-rules.js';
import type { Imagined } from '../../domain/what-if.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { MailQueue } from '../../platform/mail/mail-queue.js';
import type { RecipientRole } from '../../platform/mail/mail.store.js';
import { csmRecipients, standInsAt } from '../people/csm-contact.js';
import {
  contactMissingKind,
  lockKind,
  nextPackageDroppedKind,
  noticeRecordedKind,
  reminderKindPrefix,
  renewalChangedKind,
  rollOverKinds,
} from './mail-kinds.js';
import { renewalContacts } from './renewal-mails.js';
import { RenewalStore, type RenewalFacts } from './renewal.store.js';

/** A mail that will follow. */
export interface ComingMail {
  kind: string;
  /** When it leaves. */
  at: Date;
  /** The role of each recipient. */
  recipients: RecipientRole[];
}

/** The packages under which the term would renew before and after an imagined upgrade. */
export interface ImaginedRenewal {
  before: PackageVersion;
  after: PackageVersion;
  /** The next package that the upgrade makes obsolete. */
  overtaken: PackageVersion | null;
}

/** Answers which mails about a renewal will follow (§6, §11), as things stand or after imagined changes. Queues nothing. */
@Injectable()
export class ComingMailsService {
  constructor(
    private readonly store: RenewalStore,
    private readonly mails: MailQueue,
    private readonly rules: ServiceRules,
  ) {}

  /** In the order of time, until the term ends. Mails that are queued already are not listed. */
  async after(
    tx: Transaction,
    subscriptionId: string,
    { upgrade, notice, renews }: Imagined,
    renewal: ImaginedRenewal,
    now: Date,
  ): Promise<ComingMail[]> {
    const facts = (await this.store.factsOfSubscription(tx, subscriptionId))!;
    const isDeclined = notice?.effective === true;
    const coming = [
      ...(await this.#reminders(tx, facts, isDeclined ? notice.recordedAt : facts.lockAt, now)),
      ...(facts.renewalState === 'open' && !isDeclined ? this.#lock(facts) : []),
      ...(upgrade ? await this.#upgrade(tx, facts, upgrade, renewal) : []),
      ...(notice ? [this.#toBoth(facts, noticeRecordedKind, notice.recordedAt)] : []),
      this.#toBoth(facts, renews ? rollOverKinds.renewed : rollOverKinds.ended, morningAfter(facts.endsAt, facts)),
    ];
    return coming.sort((one, other) => one.at.getTime() - other.at.getTime());
  }

  /** The reminders until the deadline, or until a notice stops them. */
  async #reminders(tx: Transaction, facts: RenewalFacts, until: Date, now: Date): Promise<ComingMail[]> {
    const { nextReminderAt: nextAt, lockAt, termId } = facts;
    const schedule = reminderSchedule(facts.endsOn, this.rules.reminderDays, facts.timeZone);
    const planned = plannedReminders(schedule, { nextAt, lockAt, now }).filter(({ at }) => latest(at, now) < until);
    if (renewalContacts(facts).length > 0) {
      return planned.map(({ daysBefore, at }) => this.#toBoth(facts, `${reminderKindPrefix}${daysBefore}`, at));
    }
    // The mail about a missing contact is sent once in a term, instead of all reminders.
    const [first] = planned;
    const mails = await this.mails.ofSubscription(tx, facts.subscriptionId);
    const isSent = mails.some((mail) => mail.termId === termId && mail.kind === contactMissingKind);
    return first && !isSent ? [this.#toCsm(facts, contactMissingKind, first.at)] : [];
  }

  #lock(facts: RenewalFacts): ComingMail[] {
    // No mail is sent about a lock before the contract was entered.
    return facts.lockAt > facts.enteredAt ? [this.#toBoth(facts, lockKind, morningAfter(facts.lockAt, facts))] : [];
  }

  async #upgrade(
    tx: Transaction,
    facts: RenewalFacts,
    { at, renewalState }: NonNullable<Imagined['upgrade']>,
    { before, after, overtaken }: ImaginedRenewal,
  ): Promise<ComingMail[]> {
    const dropped = overtaken ? [this.#toCsm(facts, nextPackageDroppedKind, at)] : [];
    if (after.code === before.code || renewalState !== 'locked') return dropped;
    // The mail goes to the recipients of the mail about the lock, and not before it.
    const changed = this.#toBoth(facts, renewalChangedKind, latest(morningAfter(facts.lockAt, facts), at));
    if (facts.renewalState !== 'locked') return [...dropped, changed];
    const recipients = (await this.store.lockConfirmedTo(tx, facts.termId)).map(({ role }) => role);
    return recipients.length > 0 ? [...dropped, { ...changed, recipients }] : dropped;
  }

  #toBoth(facts: RenewalFacts, kind: string, at: Date): ComingMail {
    const toCsm = this.#toCsm(facts, kind, at);
    return { ...toCsm, recipients: [...renewalContacts(facts).map(({ role }) => role), ...toCsm.recipients] };
  }

  /** A mail to the CSM, and to the deputies of its day. */
  #toCsm(facts: RenewalFacts, kind: string, at: Date): ComingMail {
    const standIns = standInsAt(facts, at, this.rules.houseTimeZone);
    return { kind, at, recipients: csmRecipients(facts, standIns).map(({ role }) => role) };
  }
}

const morningAfter = (instant: Date, { timeZone }: RenewalFacts): Date => firstMorningFrom(instant, timeZone);

const latest = (one: Date, other: Date): Date => (one > other ? one : other);
