import { Injectable, Logger } from '@nestjs/common';
import { dayAt, monthOf, type Month } from '../../domain/calendar.js';
import { daysOf, monthOwed, nextMoment, type ReportDays } from '../../domain/report-schedule.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { Config } from '../../platform/settings/config.js';
import { Database } from '../../platform/database/database.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { refusalOf } from '../../platform/database/database-errors.js';
import type { Language } from '../../domain/language.js';
import { newId } from '../../platform/ids.js';
import { MailQueue } from '../../platform/mail/mail-queue.js';
import type { MailToQueue } from '../../platform/mail/mail.store.js';
import { ReportRecipients } from './report-recipients.js';
import type { ReportRecipient } from './report-schedule.dto.js';
import { ReportScheduleStore, type ReportSchedule } from './report-schedule.store.js';
import {
  reportContactMissingKind,
  scheduledReportKind,
  type ReportContactMissingFacts,
  type ScheduledReportFacts,
} from './scheduled-report-facts.js';

/** The counts of a run. */
export type ScheduledReportCounts = Record<'schedules' | 'mails', number>;

const everything = { kind: 'all' } as const;

const pieceSize = 200;

/** Queues report mails, each month once. The file is made when the mail is sent. */
@Injectable()
export class ScheduledReportsService {
  readonly #logger = new Logger('Reports');

  constructor(
    private readonly store: ReportScheduleStore,
    private readonly mails: MailQueue,
    private readonly recipients: ReportRecipients,
    private readonly rules: ServiceRules,
    private readonly config: Config,
    private readonly database: Database,
  ) {}

  nextDueAfter(tx: Transaction, instant: Date): Promise<Date | undefined> {
    return this.store.nextDueAfter(tx, instant);
  }

  /**
   * Queues the reports that are due by `now`, each schedule in a transaction of its own, so that a failing one does
   * not delay others. A failed schedule remains due. The run fails after all others have been handled.
   */
  async runDue(now: Date): Promise<ScheduledReportCounts> {
    const counts = { schedules: 0, mails: 0 };
    const failures: string[] = [];
    for (const id of await this.database.read((tx) => this.store.dueBy(tx, now))) {
      try {
        const mails = await this.database.write((tx) => this.#send(tx, id, now));
        if (mails === undefined) continue;
        counts.schedules++;
        counts.mails += mails;
      } catch (error) {
        if (refusalOf(error)) throw error;
        this.#logger.error(`Report schedule ${id}`, error instanceof Error ? error.stack : error);
        failures.push(`${id}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    if (failures.length > 0) throw new Error(`Report schedules that could not be dealt with: ${failures.join('; ')}`);
    return counts;
  }

  /** Recomputes future moments after time zone rules have changed. Returns the number of schedules that it changed. */
  async recheck(now: Date): Promise<number> {
    let moved = 0;
    let afterId: string | undefined;
    const isMoved = (schedule: ReportSchedule): boolean =>
      schedule.nextAt > now && nextMoment(schedule, schedule.doneThrough).getTime() !== schedule.nextAt.getTime();
    for (;;) {
      const piece = await this.database.read((tx) => this.store.list(tx, everything, afterId, pieceSize));
      for (const { id } of piece.filter(isMoved)) {
        moved += await this.database.write(async (tx) => {
          const schedule = await this.store.lock(tx, everything, id);
          if (!schedule || !isMoved(schedule)) return 0;
          await this.store.moveOn(tx, id, schedule.doneThrough, nextMoment(schedule, schedule.doneThrough));
          return 1;
        });
      }
      if (piece.length < pieceSize) return moved;
      afterId = piece.at(-1)!.id;
    }
  }

  /** Queues the report of the present month now, without changing its regular day. Returns the number of mails. */
  sendNow(tx: Transaction, schedule: ReportSchedule, askedForBy: string, now: Date): Promise<number> {
    const month = monthOf(dayAt(now, schedule.timeZone));
    return this.#queue(tx, schedule, { month, occasion: `asked-for-${newId()}`, askedForBy }, now);
  }

  /** Undefined if another instance has already handled it. */
  async #send(tx: Transaction, id: string, now: Date): Promise<number | undefined> {
    const schedule = await this.store.lock(tx, everything, id);
    const month = schedule && monthOwed(schedule, schedule.doneThrough, now);
    if (!month) return undefined;
    await this.store.moveOn(tx, id, month, nextMoment(schedule, month));
    return this.#queue(tx, schedule, { month, occasion: month, askedForBy: null }, now);
  }

  /**
   * Queues the report for all recipients, and a mail to owner and operator for a role that reaches no contact.
   * Returns the number of report mails.
   */
  async #queue(
    tx: Transaction,
    schedule: ReportSchedule,
    { month, occasion, askedForBy }: { month: Month; occasion: string; askedForBy: string | null },
    now: Date,
  ): Promise<number> {
    const { readers, contacts, contactLocale, unreached } = await this.recipients.of(tx, schedule);
    const days = daysOf(schedule.period, month, this.rules.fiscalYearStartMonth);
    const facts = factsOf(schedule, { month, days, askedForBy });
    const forContacts = factsForContacts(facts, schedule.locale, contactLocale);
    const about = { reportScheduleId: schedule.id, occasion, recipientRole: 'reader' as const, validUntil: null };
    const letter = (
      kind: string,
      { name, email }: ReportRecipient,
      locale: Language,
      mailFacts: object,
    ): MailToQueue => ({
      ...about,
      kind,
      recipientName: name,
      recipientAddress: email,
      locale,
      facts: mailFacts,
    });
    const letters = [
      ...readers.map((reader) => letter(scheduledReportKind, reader, schedule.locale, facts)),
      ...contacts.map((contact) => letter(scheduledReportKind, contact, contactLocale, forContacts)),
    ];
    const queued = await this.mails.queue(tx, letters, now);
    if (unreached !== null) {
      const missingFacts: ReportContactMissingFacts = { ...facts, unreached };
      const responsible = [
        { name: schedule.ownerName, email: schedule.ownerEmail },
        { name: '', email: this.config.operatorEmail },
      ];
      const notices = responsible.map((one) => letter(reportContactMissingKind, one, schedule.locale, missingFacts));
      await this.mails.queue(tx, notices, now);
    }
    return queued;
  }
}

/** The options for contacts of the customer: headings follow the language of the mail. */
function factsForContacts(facts: ScheduledReportFacts, from: Language, to: Language): ScheduledReportFacts {
  const { options } = facts;
  return { ...facts, options: options.headings === from ? { ...options, headings: to } : options, forContacts: true };
}

function factsOf(
  schedule: ReportSchedule,
  { month, days, askedForBy }: { month: Month; days: ReportDays; askedForBy: string | null },
): ScheduledReportFacts {
  const { ownerId, ownerName, ownerEmail, report, format, period, basis } = schedule;
  const { customerName, customerCode, csmName } = schedule;
  const { headings, bom, charset } = schedule.options;
  const { dayOfMonth, timeOfDay, timeZone } = schedule;
  return {
    ownerId,
    ownerName,
    ownerEmail,
    report,
    format,
    options: { ...(headings !== 'names' && { headings }), bom, charset },
    filter: {
      basis,
      ...days,
      ...(schedule.customerId !== null && { customerId: schedule.customerId }),
      ...(schedule.csmId !== null && { csmId: schedule.csmId }),
      ...(schedule.package !== null && { package: schedule.package }),
    },
    period,
    month,
    moment: { dayOfMonth, timeOfDay, timeZone },
    customerName,
    customerCode,
    csmName,
    askedForBy,
  };
}
