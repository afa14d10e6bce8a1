import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import type { Transaction } from '../database.js';
import type { Language } from '../http/language.js';

export type MailStatus = 'queued' | 'sending' | 'uncertain' | 'sent' | 'failed';
export type RecipientRole = 'customer' | 'csm' | 'operator';

/** A mail to be kept and sent: one for each term, kind, occasion and recipient. */
export interface NewMail {
  id: string;
  kind: string;
  subscriptionId: string;
  termId: string;
  /** What within the term it is about, where its kind can come more than once; else empty. */
  occasion: string;
  recipientRole: RecipientRole;
  recipientName: string;
  recipientAddress: string;
  locale: Language;
  messageId: string;
  /** What it speaks of, as it is when the mail is queued: plain JSON, which the writer of its kind understands. */
  facts: object;
  /** From then on it is no longer true, and is given up. */
  validUntil: Date | null;
}

/** A mail that waits to be written. */
export interface QueuedMail extends NewMail {
  queuedAt: Date;
}

/** A mail that was taken out of the queue to be handed over. */
export interface ClaimedMail extends QueuedMail {
  /** This attempt included. */
  attempts: number;
  /** Its MIME, from the first attempt on. */
  message: Buffer | null;
}

/** A mail as it is shown. */
export interface MailRecord {
  id: string;
  kind: string;
  termId: string;
  recipientRole: RecipientRole;
  recipientName: string;
  recipientAddress: string;
  messageId: string;
  /** Null until it has been written. */
  subject: string | null;
  status: MailStatus;
  attempts: number;
  queuedAt: Date;
  nextAttemptAt: Date | null;
  sentAt: Date | null;
  lastError: string | null;
}

/** SQL of `mails`. */
@Injectable()
export class MailStore {
  /** Keeps mails that are to be handed over at once; those whose reason has had its mail are left out. Returns how many are new. */
  async insert(tx: Transaction, mails: readonly NewMail[], now: Date): Promise<number> {
    const inserted = await tx.query(
      `insert into mails (id, kind, subscription_id, term_id, occasion, recipient_role, recipient_name, recipient_address,
         locale, message_id, facts, queued_at, valid_until, status, next_attempt_at)
       select m.id, m.kind, m."subscriptionId", m."termId", m.occasion, m."recipientRole", m."recipientName",
         m."recipientAddress", m.locale, m."messageId", m.facts, $2, m."validUntil", 'queued', $2
       from jsonb_to_recordset($1::jsonb) as m (id uuid, kind text, "subscriptionId" uuid, "termId" uuid, occasion text,
         "recipientRole" text, "recipientName" text, "recipientAddress" text, locale text, "messageId" text,
         facts jsonb, "validUntil" timestamptz)
       on conflict (term_id, kind, occasion, lower(recipient_address), recipient_role) do nothing
       returning id`,
      [JSON.stringify(mails), now],
    );
    return inserted.length;
  }

  /** Gives up the mails of terms that begin with `kindPrefix` and are not out yet; returns how many. */
  async giveUp(tx: Transaction, termIds: readonly string[], kindPrefix: string, reason: string): Promise<number> {
    const given = await tx.query(
      `update mails set status = 'failed', next_attempt_at = null, last_error = $3
       where term_id = any($1::uuid[]) and starts_with(kind, $2) and status in ('queued', 'uncertain') returning id`,
      [termIds, kindPrefix, reason],
    );
    return given.length;
  }

  /** The first moment after `instant` at which a mail is to be handed over. */
  async nextAttemptAfter(tx: Transaction, instant: Date): Promise<Date | undefined> {
    const [row] = await tx.query<{ at: Date | null }>(
      'select min(next_attempt_at) as at from mails where next_attempt_at > $1',
      [instant],
    );
    return row?.at ?? undefined;
  }

  /**
   * Attempts that began and never came to an end: nobody knows whether the server took the message. Only to be asked
   * where no attempt can be under way.
   */
  async markUncertain(tx: Transaction): Promise<number> {
    const uncertain = await tx.query(`update mails set status = 'uncertain' where status = 'sending' returning id`);
    return uncertain.length;
  }

  /** Takes the mail that has waited longest out of the queue. */
  async claim(tx: Transaction, now: Date): Promise<ClaimedMail | undefined> {
    const [mail] = await tx.prepared<ClaimedMail>(
      'mail-claim',
      `update mails set status = 'sending', attempts = attempts + 1, attempt_started_at = $1
       where id = (select id from mails where next_attempt_at <= $1 and status in ('queued', 'uncertain')
                   order by next_attempt_at, id limit 1 for update skip locked)
       returning id, kind, subscription_id as "subscriptionId", term_id as "termId", occasion,
         recipient_role as "recipientRole", recipient_name as "recipientName", recipient_address as "recipientAddress",
         locale, message_id as "messageId", facts, valid_until as "validUntil", queued_at as "queuedAt", attempts, message`,
      [now],
    );
    return mail?.message ? { ...mail, message: gunzipSync(mail.message) } : mail;
  }

  /** Keeps the message as it goes out, in this attempt and every later one. */
  async keepMessage(tx: Transaction, id: string, subject: string, message: Buffer): Promise<void> {
    await tx.query(`update mails set subject = $2, message = $3, message_sha256 = $4 where id = $1`, [
      id,
      subject,
      gzipSync(message),
      createHash('sha256').update(message).digest('hex'),
    ]);
  }

  async recordSent(tx: Transaction, id: string, at: Date, serverAnswer: string): Promise<void> {
    await tx.query(
      `update mails set status = 'sent', sent_at = $2, server_answer = $3, last_error = null, next_attempt_at = null
       where id = $1`,
      [id, at, serverAnswer],
    );
  }

  /** Notes a failure; without a next attempt the mail is given up. */
  async recordFailure(tx: Transaction, id: string, error: string, nextAttemptAt: Date | null): Promise<void> {
    await tx.query(
      `update mails set status = case when $3::timestamptz is null then 'failed' else 'queued' end,
         last_error = $2, next_attempt_at = $3
       where id = $1`,
      [id, error, nextAttemptAt],
    );
  }

  /** The mails of a subscription in the order in which they were queued. */
  async ofSubscription(tx: Transaction, subscriptionId: string): Promise<MailRecord[]> {
    return tx.query<MailRecord>(
      `select id, kind, term_id as "termId", recipient_role as "recipientRole", recipient_name as "recipientName",
         recipient_address as "recipientAddress", message_id as "messageId", subject, status, attempts,
         queued_at as "queuedAt", next_attempt_at as "nextAttemptAt", sent_at as "sentAt", last_error as "lastError"
       from mails where subscription_id = $1 order by queued_at, id`,
      [subscriptionId],
    );
  }
}
