import { Injectable } from '@nestjs/common';
import { Refusal } from '../../domain/refusal.js';
import { Config } from '../settings/config.js';
import type { Transaction } from '../database/database.js';
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

/** What becomes of mails when their customer moves to another zone, or the rules of its zone change. */
export interface ZoneMove {
  subscriptionIds: readonly string[];
  now: Date;
  /** When that leaves which was to leave at a moment; without it, as before. */
  departure?: (at: Date) => Date;
  /** Of mails that are true until an instant that moves. */
  validity: readonly ValidityMove[];
}

/** Mails wait in the database: queued in the transaction of their reason, handed over after it, and kept as evidence. */
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

  /** Lets a room report mails to customers' contacts that failed for good: to the CSM and the operator. */
  failuresReportedBy(reporter: FailureReporter): void {
    this.delivery.failuresReportedBy(reporter);
  }

  /** Keeps mails to be handed over. One reason sends one mail, however often it is queued; returns how many are new. */
  async queue(tx: Transaction, mails: readonly MailToQueue[], now: Date): Promise<number> {
    if (mails.length === 0) return 0;
    const named = mails.map((mail) => {
      const id = newId();
      return { ...mail, id, messageId: `${id}@${this.#idDomain}` };
    });
    return this.store.insert(tx, named, now);
  }

  /**
   * Gives up mails that are not out yet and whose `kind` begins with one of these texts, as their reason has gone. They cannot be
   * sent again. A transaction calls it once, with all kinds: it locks the mails in order.
   */
  giveUp(
    tx: Transaction,
    termIds: readonly string[],
    kindPrefixes: readonly string[],
    reason: string,
  ): Promise<number> {
    return this.store.giveUp(tx, termIds, kindPrefixes, reason);
  }

  /** Lets mails of subscriptions that are not out yet follow the zone of their customer. */
  async followZone(tx: Transaction, { subscriptionIds, now, departure, validity }: ZoneMove): Promise<void> {
    const waiting = departure ? await this.store.departures(tx, subscriptionIds, now) : [];
    const departures = waiting.map((from) => ({ from, to: departure!(from) }));
    await this.store.move(tx, subscriptionIds, { now, departures, validity });
  }

  /** Lets mails that wait for a morning leave at other moments; returns how many had not been tried by then. */
  moveDepartures(tx: Transaction, moves: readonly Departure[]): Promise<number> {
    return this.store.moveDepartures(tx, moves);
  }

  /** Gives up mails of a report schedule that are not out yet, as nobody wants them any more. They cannot be sent again. */
  giveUpReports(tx: Transaction, reportScheduleId: string, reason: string): Promise<number> {
    return this.store.giveUpReports(tx, reportScheduleId, reason);
  }

  /** A mail, and its row locked; undefined where there is none. */
  lock(tx: Transaction, id: string): Promise<MailRecord | undefined> {
    return this.store.lock(tx, id);
  }

  /**
   * Sends a mail that failed, or of which nobody knows whether it arrived, again; its row is locked: with all its retries, under the same Message-ID and byte by byte as it
   * was. One that could not be written is written again.
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

  /** What a mail that brings a report was queued with; undefined where there is no such mail. */
  factsOfReport(tx: Transaction, id: string): Promise<ReportMailFacts | undefined> {
    return this.store.factsOfReport(tx, id);
  }

  /** All mails of a term with every attempt to hand them over, a batch at a time; their messages are read one by one. */
  evidenceOf(tx: Transaction, termId: string): AsyncGenerator<readonly MailEvidence[]> {
    return this.store.evidenceOf(tx, termId);
  }

  /** The MIME of a mail as it went out; null for a mail that was never written. */
  messageOf(tx: Transaction, id: string): Promise<Buffer | null> {
    return this.store.messageOf(tx, id);
  }

  /** How many mails a term has, and when the one of a kind that comes once was queued. */
  summaryOf(tx: Transaction, termId: string, kind: string): Promise<{ count: number; queuedAt: Date | null }> {
    return this.store.summaryOf(tx, termId, kind);
  }

  /** Nothing falls due while mails are held. */
  async nextDueAfter(tx: Transaction, instant: Date): Promise<Date | undefined> {
    if (await this.hold.isHeld(tx)) return undefined;
    return this.store.nextDueAfter(tx, instant);
  }

  /** Hands over every mail that is due by `now`; other instances may be at it too. */
  runDue(now: Date, options?: DeliveryOptions): Promise<DeliveryCounts> {
    return this.delivery.runDue(now, options);
  }
}
