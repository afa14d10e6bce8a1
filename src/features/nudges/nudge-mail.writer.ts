import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Transaction } from '../../platform/database/transaction.js';
import { htmlOf, textOf } from '../../platform/mail/layout.js';
import { MailQueue } from '../../platform/mail/mail-queue.js';
import { oneLine } from '../../platform/mail/mail-words.js';
import type { MailContent, MailWriter } from '../../platform/mail/mail-writer.js';
import type { QueuedMail } from '../../platform/mail/mail.store.js';
import { logTime } from './log-time.mail.js';
import { mondayDigest } from './monday-digest.mail.js';
import { logTimeKind, mondayDigestKind, type LogTimeFacts, type MondayDigestFacts } from './nudge-facts.js';

/** Writes nudges, only from their stored facts. */
@Injectable()
export class NudgeMailWriter implements MailWriter, OnModuleInit {
  constructor(private readonly mails: MailQueue) {}

  onModuleInit(): void {
    this.mails.writtenBy(this);
  }

  writes(kind: string): boolean {
    return kind === logTimeKind || kind === mondayDigestKind;
  }

  write(_tx: Transaction, { kind, facts, locale, recipientName, recipientAddress }: QueuedMail): Promise<MailContent> {
    const name = oneLine(recipientName);
    const page =
      kind === mondayDigestKind
        ? mondayDigest(facts as MondayDigestFacts, { name }, locale)
        : logTime(facts as LogTimeFacts, { name }, locale);
    return Promise.resolve({
      subject: page.subject,
      text: textOf(page, locale),
      html: htmlOf(page, locale),
      pictures: [],
      attachments: [],
      // As with alerts, a reply reaches the CSM and not an address that nobody reads.
      replyTo: { name, address: recipientAddress },
    });
  }
}
