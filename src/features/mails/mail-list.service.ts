import { Injectable } from '@nestjs/common';
import { visibilityOf, type Actor } from '../../domain/access.js';
import { addDays, startOfDay, type Day } from '../../domain/calendar.js';
import { Refusal } from '../../domain/refusal.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { Clock } from '../../platform/clock.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { page, readCursor, rowsToFetch } from '../../platform/http/paging.js';
import type { MailHoldAnswer } from '../../platform/mail/mail-hold.dto.js';
import { MailHold } from '../../platform/mail/mail-hold.js';
import { progressOfMail } from '../../platform/mail/mail-progress.js';
import { MailQueue } from '../../platform/mail/mail-queue.js';
import type { MailRecord } from '../../platform/mail/mail.store.js';
import { ReminderService } from '../renewals/reminder.service.js';
import { ReportDeliveryService } from '../schedules/report-delivery.service.js';
import type { MailAnswer, MailList, MailOutcome, MailsQuery } from './mail-list.dto.js';
import { MailListStore, type ListedMail } from './mail-list.store.js';

/** Lists the mails that the reader may see, with their attempts, and sends a mail again. */
@Injectable()
export class MailListService {
  constructor(
    private readonly store: MailListStore,
    private readonly mails: MailQueue,
    private readonly reminders: ReminderService,
    private readonly reportDeliveries: ReportDeliveryService,
    private readonly hold: MailHold,
    private readonly rules: ServiceRules,
    private readonly clock: Clock,
  ) {}

  /**
   * Newest first.
   * @throws Refusal `invalid-cursor`
   */
  async list(tx: Transaction, actor: Actor, query: MailsQuery): Promise<MailList> {
    const { outcome, customerId, limit } = query;
    const [queuedAt, id] = readCursor(query.cursor, ['instant', 'id']) ?? [];
    const rows = await this.store.list(tx, visibilityOf(actor, 'reminders.read'), {
      outcome,
      customerId,
      ...this.#range(query),
      after: queuedAt !== undefined && id !== undefined ? { queuedAt: new Date(queuedAt), id } : undefined,
      limit: rowsToFetch(limit),
    });
    const records = await this.mails.find(
      tx,
      rows.map((row) => row.id),
    );
    const listed = page(
      rows,
      limit,
      (row) => [row.queuedAt, row.id],
      (row) => shown(row, records.get(row.id)!),
    );
    return { ...listed, mailHold: actor.role === 'customer' ? null : await this.hold.state(tx) };
  }

  /**
   * One mail with its attempts.
   * @throws Refusal `not-found`
   */
  async read(tx: Transaction, actor: Actor, id: string): Promise<MailAnswer> {
    const [row] = await this.store.list(tx, visibilityOf(actor, 'reminders.read'), { id, limit: 1 });
    const mail = row && (await this.mails.find(tx, [id])).get(id);
    if (!mail) throw new Refusal('not-found');
    return shown(row, mail);
  }

  /**
   * Sends a mail again that failed or whose outcome is uncertain: the same message, with a new set of retries.
   * @throws Refusal `not-found`, `mail-not-failed`, `mail-no-longer-true`
   */
  async resend(tx: Transaction, actor: Actor, id: string): Promise<MailAnswer> {
    const visibility = visibilityOf(actor, 'reminders.resend');
    const [row] = await this.store.list(tx, visibility, { id, limit: 1 });
    const mail = row && (await this.mails.find(tx, [id])).get(id);
    if (!mail) throw new Refusal('not-found');
    if (mail.reportScheduleId) await this.reportDeliveries.resend(tx, actor, mail.reportScheduleId, id);
    else if (mail.userId) await this.#resendNudge(tx, id);
    else await this.reminders.resend(tx, actor, id);
    return shown(row, (await this.mails.find(tx, [id])).get(id)!);
  }

  /** Holds all mails until an administrator releases them. */
  holdAll(tx: Transaction): Promise<MailHoldAnswer> {
    return this.hold.hold(tx);
  }

  /**
   * Releases held mails.
   * @throws Refusal `mails-held-by-setting`
   */
  release(tx: Transaction, { userId }: Actor): Promise<MailHoldAnswer> {
    return this.hold.release(tx, userId);
  }

  /** A list has shown the nudge to the actor, who therefore may see it. */
  async #resendNudge(tx: Transaction, id: string): Promise<void> {
    const mail = (await this.mails.lock(tx, id))!;
    await this.mails.resend(tx, mail, this.clock.now());
  }

  #range({ from, to }: { from?: Day; to?: Day }): { from?: Date; before?: Date } {
    const zone = this.rules.houseTimeZone;
    return {
      ...(from !== undefined && { from: startOfDay(from, zone) }),
      ...(to !== undefined && { before: startOfDay(addDays(to, 1), zone) }),
    };
  }
}

function shown({ customerId, customer }: ListedMail, mail: MailRecord): MailAnswer {
  return {
    id: mail.id,
    kind: mail.kind,
    outcome: outcomeOf(mail),
    customerId,
    customer,
    subscriptionId: mail.subscriptionId ?? null,
    termId: mail.termId ?? null,
    reportScheduleId: mail.reportScheduleId ?? null,
    recipient: { role: mail.recipientRole, name: mail.recipientName, address: mail.recipientAddress },
    ...progressOfMail(mail),
  };
}

function outcomeOf({ status, delivered }: MailRecord): MailOutcome {
  if (status === 'sent') return delivered ? 'sent' : 'filed';
  return status === 'queued' || status === 'sending' ? 'waiting' : status;
}
