import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../config.js';
import { Database, type Transaction } from '../database.js';
import { newId } from '../ids.js';
import type { MailWriter } from './mail-writer.js';
import { mailerFor, type HandOver, type Mailbox, type Mailer } from './mailer.js';
import { messageOf } from './message.js';
import { MailStore, type ClaimedMail, type MailRecord, type NewMail } from './mail.store.js';

/** What a sender says of a mail; its ids are made here. */
export type MailToQueue = Omit<NewMail, 'id' | 'messageId'>;

export type Delivery = 'sent' | 'retried' | 'failed';

/** Minutes from an attempt that failed to the next one: three days in all, as mail servers do it among themselves. */
const retryPausesMinutes = [1, 5, 15, 60, 120, 240, 480, 720, 720, 720, 1200];

/** Slow servers are waited for side by side. */
const lanes = 4;

/**
 * Mails wait in the database: queued in the transaction of their reason, handed over after it. The start of an attempt
 * is committed before the message goes out and its outcome after, so that a mail is never lost, and one that may have
 * come through is known as such and sent again under the same Message-ID.
 */
@Injectable()
export class MailQueue implements OnApplicationShutdown {
  readonly #logger = new Logger('Mails');
  readonly #mailer: Mailer;
  readonly #from: Mailbox;
  readonly #writers: MailWriter[] = [];

  constructor(
    config: Config,
    private readonly store: MailStore,
    private readonly database: Database,
  ) {
    this.#mailer = mailerFor(config);
    this.#from = config.mailFrom;
  }

  /** Lets a room write its kinds of mails. */
  writtenBy(writer: MailWriter): void {
    this.#writers.push(writer);
  }

  /** Keeps mails to be handed over. One reason sends one mail, however often it is queued; returns how many are new. */
  async queue(tx: Transaction, mails: readonly MailToQueue[], now: Date): Promise<number> {
    if (mails.length === 0) return 0;
    const idDomain = this.#from.address.split('@').at(-1)!;
    const named = mails.map((mail) => {
      const id = newId();
      return { ...mail, id, messageId: `${id}@${idDomain}` };
    });
    return this.store.insert(tx, named, now);
  }

  /** Gives up mails that are not out yet and whose `kind` begins so, as their reason has gone. */
  giveUp(tx: Transaction, termIds: readonly string[], kindPrefix: string, reason: string): Promise<number> {
    return this.store.giveUp(tx, termIds, kindPrefix, reason);
  }

  ofSubscription(tx: Transaction, subscriptionId: string): Promise<MailRecord[]> {
    return this.store.ofSubscription(tx, subscriptionId);
  }

  nextDueAfter(tx: Transaction, instant: Date): Promise<Date | undefined> {
    return this.store.nextAttemptAfter(tx, instant);
  }

  /** Hands over every mail that is due by `now`. Only one run may be under way over all instances: the job's lock sees to it. */
  async runDue(now: Date): Promise<Record<Delivery | 'uncertain', number>> {
    const counts = { sent: 0, retried: 0, failed: 0, uncertain: 0 };
    counts.uncertain = await this.database.write((tx) => this.store.markUncertain(tx));
    const lane = async (): Promise<void> => {
      for (let mail = await this.#claim(now); mail; mail = await this.#claim(now))
        counts[await this.#deliver(mail, now)]++;
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    return counts;
  }

  onApplicationShutdown(): void {
    this.#mailer.close();
  }

  #claim(now: Date): Promise<ClaimedMail | undefined> {
    return this.database.write((tx) => this.store.claim(tx, now));
  }

  async #deliver(mail: ClaimedMail, now: Date): Promise<Delivery> {
    const result = await this.#handOver(mail, now);
    return this.database.write(async (tx) => {
      if (result.outcome === 'accepted') {
        await this.store.recordSent(tx, mail.id, now, result.serverAnswer);
        return 'sent';
      }
      const next = result.outcome === 'failed' ? nextAttempt(mail.attempts, now) : null;
      await this.store.recordFailure(tx, mail.id, result.error, next);
      if (next) return 'retried';
      this.#logger.error(`Mail ${mail.id} (${mail.kind}) is given up: ${result.error}`);
      return 'failed';
    });
  }

  async #handOver(mail: ClaimedMail, now: Date): Promise<HandOver> {
    if (mail.validUntil && mail.validUntil <= now) {
      return { outcome: 'refused', error: `No longer true since ${mail.validUntil.toISOString()}: not sent` };
    }
    return this.#mailer.handOver({
      kind: mail.kind,
      messageId: mail.messageId,
      to: { name: mail.recipientName, address: mail.recipientAddress },
      writtenAt: mail.queuedAt,
      message: mail.message ?? (await this.#write(mail)),
    });
  }

  /** Writes the message once and keeps it before it goes out: every attempt hands over the same one. */
  #write(mail: ClaimedMail): Promise<Buffer> {
    const writer = this.#writers.find((candidate) => candidate.writes(mail.kind));
    if (!writer) throw new Error(`Nobody writes mails of the kind ${mail.kind}`);
    return this.database.write(async (tx) => {
      const content = await writer.write(tx, mail);
      const message = await messageOf(mail, content, this.#from);
      await this.store.keepMessage(tx, mail.id, content.subject, message);
      return message;
    });
  }
}

/** When to try again after so many attempts; null when it has been tried for three days. */
function nextAttempt(attempts: number, now: Date): Date | null {
  const pause = retryPausesMinutes[attempts - 1];
  return pause === undefined ? null : new Date(now.getTime() + pause * 60_000);
}
