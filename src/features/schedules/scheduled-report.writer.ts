import type { Readable } from 'node:stream';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Refusal, statusOf } from '../../domain/refusal.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { Clock } from '../../platform/clock.js';
import { Config } from '../../platform/settings/config.js';
import { refusalOf } from '../../platform/database/database-errors.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { problemOf } from '../../platform/http/problems.js';
import { htmlOf, textOf } from '../../platform/mail/layout.js';
import type { Mailbox } from '../../platform/mail/mail-transport.js';
import { MailQueue } from '../../platform/mail/mail-queue.js';
import {
  NotForNow,
  type Attachment,
  type LongToMake,
  type MailContent,
  type MailWriter,
} from '../../platform/mail/mail-writer.js';
import { oneLine } from '../../platform/mail/mail-words.js';
import type { QueuedReportMail } from '../../platform/mail/mail.store.js';
import { UserService, type UserWithRights } from '../people/user.service.js';
import { PeriodService } from '../periods/period.service.js';
import { ReportService } from '../reports/report.service.js';
import { ReportTally } from '../reports/report-tally.js';
import { reports } from '../reports/reports.js';
import { ReportLinks } from './report-link.js';
import { reportContactMissing } from './report-contact-missing.mail.js';
import { readingOf } from './report-reading.js';
import {
  reportContactMissingKind,
  scheduledReportKind,
  type ReportContactMissingFacts,
  type ScheduledReportFacts,
} from './scheduled-report-facts.js';
import { scheduledReport, type ScheduledReportOutcome } from './scheduled-report.mail.js';

const megabyte = 1024 * 1024;
const dayMs = 86_400_000;

/** Reports by mail have a limit of their own, apart from those of users. */
const readerOfMails = 'mails';

/** The outcome of a report, and its file if it is attached. */
interface Made {
  outcome: ScheduledReportOutcome;
  attachments: Attachment[];
}

/**
 * Writes report mails. The file is made now, limited to what its owner may see now, on the reports lane and outside
 * the transaction of the mail. If it grows too large, it is discarded and the mail contains a link instead.
 */
@Injectable()
export class ScheduledReportWriter implements MailWriter, OnModuleInit {
  constructor(
    private readonly mails: MailQueue,
    private readonly reports: ReportService,
    private readonly users: UserService,
    private readonly periods: PeriodService,
    private readonly links: ReportLinks,
    private readonly rules: ServiceRules,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.mails.writtenBy(this);
  }

  writes(kind: string): boolean {
    return kind === scheduledReportKind || kind === reportContactMissingKind;
  }

  async write(tx: Transaction, mail: QueuedReportMail): Promise<MailContent | LongToMake> {
    if (mail.kind === reportContactMissingKind) return this.#contactMissing(mail);
    const facts = mail.facts as ScheduledReportFacts;
    const owner = await this.users.findWithRights(tx, facts.ownerId);
    const closedThrough = await this.periods.closedThrough(tx);
    return async () => {
      const { outcome, attachments } = await this.#make(mail, facts, owner);
      const letter = {
        recipient: oneLine(mail.recipientName),
        vendor: this.config.mailFrom.name,
        scheduleId: mail.reportScheduleId,
        writtenAt: this.clock.now(),
        closedThrough,
        outcome,
      };
      const page = scheduledReport(facts, letter, mail.locale);
      return {
        subject: page.subject,
        text: textOf(page, mail.locale),
        html: htmlOf(page, mail.locale),
        pictures: [],
        attachments,
        replyTo: ownerOf(facts),
      };
    };
  }

  #contactMissing({ facts, recipientName, reportScheduleId, locale }: QueuedReportMail): MailContent {
    const contactFacts = facts as ReportContactMissingFacts;
    const letter = {
      recipient: oneLine(recipientName),
      vendor: this.config.mailFrom.name,
      scheduleId: reportScheduleId,
    };
    const page = reportContactMissing(contactFacts, letter, locale);
    return {
      subject: page.subject,
      text: textOf(page, locale),
      html: htmlOf(page, locale),
      pictures: [],
      attachments: [],
      replyTo: ownerOf(contactFacts),
    };
  }

  /** A refusal is explained to the recipients. An outage makes the mail wait. */
  async #make(mail: QueuedReportMail, facts: ScheduledReportFacts, owner: UserWithRights | undefined): Promise<Made> {
    try {
      return await this.#file(mail, facts, owner);
    } catch (error) {
      const refusal = refusalOf(error);
      if (!refusal) throw error;
      const { detail } = problemOf(refusal, mail.locale);
      if (statusOf(refusal.code) === 503 || refusal.code === 'too-many-reports')
        throw new NotForNow(`The report cannot be read for now: ${detail}`);
      return { outcome: { kind: 'refused', why: detail }, attachments: [] };
    }
  }

  async #file(mail: QueuedReportMail, facts: ScheduledReportFacts, owner: UserWithRights | undefined): Promise<Made> {
    const report = reports[facts.report];
    const tally = new ReportTally(report);
    const reading = readingOf(facts, owner);
    if (!reading) throw new Refusal('report-owner-lost-sight', { owner: oneLine(facts.ownerName) });
    const file = await this.reports.write(reading.viewer, report, reading.request, readerOfMails, tally);
    const megabytes = this.rules.reportAttachmentMegabytes;
    const content = await readUpTo(file.body, megabytes * megabyte);
    if (!content) {
      const expiresAt = new Date(this.clock.now().getTime() + this.rules.reportLinkDays * dayMs);
      const url = this.links.linkFor({ mailId: mail.id, expiresAt });
      return { outcome: { kind: 'linked', url, expiresAt, megabytes }, attachments: [] };
    }
    const { name, mediaType } = file;
    return {
      outcome: { kind: 'attached', fileName: name, rowCount: tally.rowCount, totalMinutes: tally.totalMinutes },
      attachments: [{ fileName: name, contentType: mediaType, content }],
    };
  }
}

const ownerOf = ({ ownerName, ownerEmail }: ScheduledReportFacts): Mailbox => ({
  name: oneLine(ownerName),
  address: ownerEmail,
});

/** The whole file; undefined if it is larger than the limit, and then the rest is not made. */
async function readUpTo(body: Readable, mostBytes: number): Promise<Buffer | undefined> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of body as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > mostBytes) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces, bytes);
}
