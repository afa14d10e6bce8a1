import { Injectable } from '@nestjs/common';
import { Refusal } from '../../domain/refusal.js';
import { Config } from '../settings/config.js';
import type { Transaction } from '../database/transaction.js';
import { newId } from '../ids.js';
import { MailHold } from './mail-hold.js';
import { MailDelivery, type DeliveryCounts, type DeliveryOptions, type FailureReporter } from './mail-delivery.js';
import type { MailWriter } from './mail-writer.js';
import {
  MailStore,
  type Departure,
  type MailEvidence,
  type MailRecord,
  type MailToQueue,
  type ReportMail,
  type ReportMailFacts,
  type TermMail,
  type ValidityMove,
} from './mail.store.js';

/** How waiting mails change when the zone of their customer, or its rules, change. */
export interface ZoneMove {
  subscriptionIds: readonly string[];
  now: Date;
  /** The new time of a mail that was to leave at the given instant. Default: unchanged. */
  departure?: (at: Date) => Date;
  /** The new end of validity, for mails that are valid until an instant that moves. */
  validity: readonly ValidityMove[];
}

/**
 * Mails are rows: queued in the transaction of their reason, delivered afterwards, and stored as evidence. Queue libraries
 * (graphile-worker, pg-boss) plan retries by the database's clock, so a simulated clock could not move them.
 */
@Injectable()
export class MailQueue {
  readonly #idDomain: string;

  constructor(
    { mailFrom }: Config,
    private readonly store: MailStore,
    private readonly delivery: MailDelivery,
    private readonly hold: MailHold,
  ) {
    this.#idDomain = mailFrom.address.split('@').at(-1)!;
  }

  /** Lets a room write its kinds of mails. */
  writtenBy(writer: MailWriter): void {
    this.delivery.writtenBy(writer);
  }

  /** Lets a room report mails to customers' contacts that failed for good. */
  failuresReportedBy(reporter: FailureReporter): void {
    this.delivery.failuresReportedBy(reporter);
  }

  /**
   * Queues mails. A mail that was queued before for the same reason is not queued again.
   * @returns the number of new mails
   */
  async queue(tx: Transaction, mails: readonly MailToQueue[], now: Date): Promise<number> {
    if (mails.length === 0) return 0;
    const named = mails.map((mail) => {
      const id = newId();
      return { ...mail, id, messageId: `${id}@${this.#idDomain}` };
    });
    return this.store.insert(tx, named, now);
  }

  /** Queues a mail for which a person waits. It leaves right after the commit, before others that are due. */
  async queueUrgent(tx: Transaction, mail: MailToQueue, now: Date): Promise<void> {
    const id = newId();
    await this.store.insert(tx, [{ ...mail, id, messageId: `${id}@${this.#idDomain}` }], now);
    tx.afterCommit(() => this.delivery.hurry(id));
  }

  /**
   * Gives up unsent mails whose reason no longer exists: all whose kind begins with one of these prefixes. They
   * cannot be sent again. A transaction calls this once, with all kinds, because it locks the mails in order.
   */
  giveUp(
    tx: Transaction,
    termIds: readonly string[],
    kindPrefixes: readonly string[],
    reason: string,
  ): Promise<number> {
    return this.store.giveUp(tx, termIds, kindPrefixes, reason);
  }

  /**
   * Gives up unsent mails of one kind and occasion, whose reason no longer exists. They cannot be sent again.
   * @returns how many there were
   */
  giveUpOccasion(tx: Transaction, termId: string, kind: string, occasion: string, reason: string): Promise<number> {
    return this.store.giveUpOccasion(tx, termId, kind, occasion, reason);
  }

  /** Moves unsent mails of subscriptions with the zone of their customer. */
  async followZone(tx: Transaction, { subscriptionIds, now, departure, validity }: ZoneMove): Promise<void> {
    const waiting = departure ? await this.store.departures(tx, subscriptionIds, now) : [];
    const departures = waiting.map((from) => ({ from, to: departure!(from) }));
    await this.store.move(tx, subscriptionIds, { now, departures, validity });
  }

  /** Changes when mails leave that wait for a morning and have not been tried; returns how many changed. */
  moveDepartures(tx: Transaction, moves: readonly Departure[]): Promise<number> {
    return this.store.moveDepartures(tx, moves);
  }

  /** Gives up unsent mails of a report schedule that was cancelled. They cannot be sent again. */
  giveUpReports(tx: Transaction, reportScheduleId: string, reason: string): Promise<number> {
    return this.store.giveUpReports(tx, reportScheduleId, reason);
  }

  /** Locks the row of a mail and returns the mail; undefined if there is none. */
  lock(tx: Transaction, id: string): Promise<MailRecord | undefined> {
    return this.store.lock(tx, id);
  }

  /**
   * Sends a failed or uncertain mail again, with all its retries. It keeps its Message-ID and its bytes. A mail that
   * could not be written is written again. The caller holds the lock of its row.
   * @throws Refusal `mail-not-failed`, `mail-no-longer-true`
   */
  async resend<Mail extends MailRecord>(tx: Transaction, mail: Mail, now: Date): Promise<Mail> {
    if (mail.status !== 'failed' && mail.status !== 'uncertain')
      throw new Refusal('mail-not-failed', { status: mail.status });
    if (mail.givenUpBecause !== null || (mail.validUntil && mail.validUntil <= now)) {
      throw new Refusal('mail-no-longer-true');
    }
    await this.store.queueAgain(tx, mail.id, now);
    return (await this.store.lock(tx, mail.id)) as Mail;
  }

  /** Mails by their ids. */
  find(tx: Transaction, ids: readonly string[]): Promise<Map<string, MailRecord>> {
    return this.store.find(tx, ids);
  }

  ofSubscription(tx: Transaction, subscriptionId: string): Promise<TermMail[]> {
    return this.store.ofSubscription(tx, subscriptionId);
  }

  ofReportSchedule(tx: Transaction, reportScheduleId: string): Promise<ReportMail[]> {
    return this.store.ofReportSchedule(tx, reportScheduleId);
  }

  /** The facts with which a report mail was queued; undefined if there is no such mail. */
  factsOfReport(tx: Transaction, id: string): Promise<ReportMailFacts | undefined> {
    return this.store.factsOfReport(tx, id);
  }

  /** All mails of a term with every attempt, in batches. Messages are read one by one. */
  evidenceOf(tx: Transaction, termId: string): AsyncGenerator<readonly MailEvidence[]> {
    return this.store.evidenceOf(tx, termId);
  }

  /** The MIME of a mail as it was sent; null for a mail that was never written. */
  messageOf(tx: Transaction, id: string): Promise<Buffer | null> {
    return this.store.messageOf(tx, id);
  }

  /** The number of mails of a term, and when its mail of a kind was queued; the kind occurs once per term. */
  summaryOf(tx: Transaction, termId: string, kind: string): Promise<{ count: number; queuedAt: Date | null }> {
    return this.store.summaryOf(tx, termId, kind);
  }

  /** The next instant at which a mail falls due; none while mails are held. */
  async nextDueAfter(tx: Transaction, instant: Date): Promise<Date | undefined> {
    if (await this.hold.isHeld(tx)) return undefined;
    return this.store.nextDueAfter(tx, instant);
  }

  /** Delivers every mail that is due by `now`; other instances may do so at the same time. */
  runDue(now: Date, options?: DeliveryOptions): Promise<DeliveryCounts> {
    return this.delivery.runDue(now, options);
  }
}
