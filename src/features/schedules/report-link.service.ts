import { Injectable, type StreamableFile } from '@nestjs/common';
import { Refusal } from '../../domain/refusal.js';
import type { Viewer } from '../../domain/access.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import type { Transaction } from '../../platform/database/transaction.js';
import type { Language } from '../../domain/language.js';
import { MailQueue } from '../../platform/mail/mail-queue.js';
import type { PageAnswer } from '../../platform/pages/page.js';
import { UserService } from '../people/user.service.js';
import { ReportService, type ReportRequest } from '../reports/report.service.js';
import { reports } from '../reports/reports.js';
import { reportLinkPage } from './report-link.page.js';
import { ReportLinks } from './report-link.js';
import { readingOf } from './report-reading.js';
import { isAmong, ReportRecipients } from './report-recipients.js';
import { ReportScheduleStore, type ReportSchedule } from './report-schedule.store.js';
import type { ScheduledReportFacts } from './scheduled-report-facts.js';

/** An opened link and its report. */
interface Visit {
  facts: ScheduledReportFacts;
  locale: Language;
  expiresAt: Date;
  viewer: Viewer;
  request: ReportRequest;
  /** The address to which the link was mailed. All its links share one recipient's limits. */
  recipient: string;
}

/** Serves the links to reports that were too large for a mail. */
@Injectable()
export class ReportLinkService {
  constructor(
    private readonly links: ReportLinks,
    private readonly store: ReportScheduleStore,
    private readonly mails: MailQueue,
    private readonly users: UserService,
    private readonly recipients: ReportRecipients,
    private readonly reports: ReportService,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Describes the report. It does not make the file, because mail scanners open links too.
   * @throws Refusal `report-link-not-valid`
   */
  async show(tx: Transaction, token: string, asked: Language | undefined): Promise<PageAnswer> {
    const { facts, locale, expiresAt } = await this.#visit(tx, token);
    const language = asked ?? locale;
    return { html: reportLinkPage({ facts, expiresAt, path: this.links.pathOf(token) }, language), language };
  }

  /**
   * Makes the report as of now, limited to what its owner may see now.
   * @throws Refusal `report-link-not-valid`, and those of the report itself
   */
  async download(token: string): Promise<StreamableFile> {
    const { facts, viewer, request, recipient } = await this.database.read((tx) => this.#visit(tx, token));
    return this.reports.file(viewer, reports[facts.report], request, `recipient ${recipient}`);
  }

  /** A link is valid while its report is sent, its recipient is on the list, and its owner may read the report. */
  async #visit(tx: Transaction, token: string): Promise<Visit> {
    const link = this.links.read(token);
    if (!link || this.clock.now() >= link.expiresAt) throw new Refusal('report-link-not-valid');
    const mail = await this.mails.factsOfReport(tx, link.mailId);
    const schedule = mail && (await this.store.find(tx, { kind: 'all' }, mail.reportScheduleId));
    if (!schedule) throw new Refusal('report-link-not-valid');
    const facts = mail.facts as ScheduledReportFacts;
    const reading = readingOf(facts, await this.users.findWithRights(tx, schedule.ownerId));
    if (!reading || !(await this.#isRecipient(tx, schedule, facts, mail.recipientAddress))) {
      throw new Refusal('report-link-not-valid');
    }
    const recipient = mail.recipientAddress.toLowerCase();
    return { facts, locale: mail.locale, expiresAt: link.expiresAt, recipient, ...reading };
  }

  /** A mail to a contact is about one customer. It becomes invalid when the schedule is changed to another customer. */
  async #isRecipient(
    tx: Transaction,
    schedule: ReportSchedule,
    { forContacts, filter }: ScheduledReportFacts,
    address: string,
  ): Promise<boolean> {
    if (!forContacts) return isAmong(schedule.recipients, address);
    const { readers, contacts } = await this.recipients.of(tx, schedule);
    return schedule.customerId === filter.customerId && isAmong([...readers, ...contacts], address);
  }
}
