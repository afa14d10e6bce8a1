import { Injectable } from '@nestjs/common';
import { visibilityOf, type Actor } from '../../domain/access.js';
import { lastMonthDue } from '../../domain/report-schedule.js';
import { Refusal } from '../../domain/refusal.js';
import { Clock } from '../../platform/clock.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { pageInMemory, type PageQuery } from '../../platform/http/paging.js';
import { plannedFor, progressOfMail } from '../../platform/mail/mail-progress.js';
import { MailQueue } from '../../platform/mail/mail-queue.js';
import type { ReportMail } from '../../platform/mail/mail.store.js';
import type { ReportDeliveryAnswer, ReportDeliveryList } from './report-delivery.dto.js';
import { ReportRecipients } from './report-recipients.js';
import type { ReportRecipient } from './report-schedule.dto.js';
import { ReportScheduleStore, type ReportSchedule } from './report-schedule.store.js';

/** Lists the report mails of a schedule, past and planned, and sends a mail again. */
@Injectable()
export class ReportDeliveryService {
  constructor(
    private readonly store: ReportScheduleStore,
    private readonly mails: MailQueue,
    private readonly recipients: ReportRecipients,
    private readonly clock: Clock,
  ) {}

  /**
   * The mails that were sent, failed, wait or are planned, in order of time.
   * @throws Refusal `not-found`, `invalid-cursor`
   */
  async list(tx: Transaction, actor: Actor, scheduleId: string, query: PageQuery): Promise<ReportDeliveryList> {
    const schedule = await this.#see(tx, actor, scheduleId);
    // There are a few mails a month, so they are merged with the planned ones and paged in memory.
    const mails = await this.mails.ofReportSchedule(tx, scheduleId);
    const { readers, contacts } = await this.recipients.of(tx, schedule);
    return pageInMemory([...mails.map(mailShown), ...planned(schedule, [...readers, ...contacts])], query);
  }

  /**
   * Sends a failed mail again. If its text could not be written, it is written again.
   * @throws Refusal `not-found`, `mail-not-failed`, `mail-no-longer-true`
   */
  async resend(tx: Transaction, actor: Actor, scheduleId: string, mailId: string): Promise<ReportDeliveryAnswer> {
    await this.#see(tx, actor, scheduleId);
    const mail = await this.mails.lock(tx, mailId);
    if (mail?.recipientRole !== 'reader' || mail.reportScheduleId !== scheduleId) throw new Refusal('not-found');
    return mailShown(await this.mails.resend(tx, mail, this.clock.now()));
  }

  async #see(tx: Transaction, actor: Actor, id: string): Promise<ReportSchedule> {
    const schedule = await this.store.find(tx, visibilityOf(actor, 'reports.schedule'), id);
    if (!schedule) throw new Refusal('not-found');
    return schedule;
  }
}

function mailShown(mail: ReportMail): ReportDeliveryAnswer {
  return {
    id: mail.id,
    month: /^\d{4}-\d{2}$/.test(mail.occasion) ? mail.occasion : null,
    recipient: { name: mail.recipientName, address: mail.recipientAddress },
    ...progressOfMail(mail),
  };
}

function planned(schedule: ReportSchedule, recipients: readonly ReportRecipient[]): ReportDeliveryAnswer[] {
  // In another zone, the month may not have begun yet or may be over.
  const month = lastMonthDue(schedule, schedule.nextAt);
  return recipients.map(({ name, email }) => ({
    id: null,
    month,
    recipient: { name, address: email },
    ...plannedFor(schedule.nextAt),
  }));
}
