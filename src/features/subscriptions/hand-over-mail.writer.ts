import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Transaction } from '../../platform/database/transaction.js';
import { htmlOf, textOf } from '../../platform/mail/layout.js';
import { MailQueue } from '../../platform/mail/mail-queue.js';
import { oneLine } from '../../platform/mail/mail-words.js';
import type { MailContent, MailWriter } from '../../platform/mail/mail-writer.js';
import type { QueuedMail } from '../../platform/mail/mail.store.js';
import { PackageService } from '../packages/package.service.js';
import { handOverKind, handOverMail, type HandOverFacts } from './hand-over.mail.js';

/** Writes the mails about hand-overs, only from their stored facts. */
@Injectable()
export class HandOverMailWriter implements MailWriter, OnModuleInit {
  constructor(
    private readonly mails: MailQueue,
    private readonly packages: PackageService,
  ) {}

  onModuleInit(): void {
    this.mails.writtenBy(this);
  }

  writes(kind: string): boolean {
    return kind === handOverKind;
  }

  write(_tx: Transaction, { facts, locale, recipientName }: QueuedMail): Promise<MailContent> {
    const stored = facts as HandOverFacts;
    const other = stored.isNewCsm ? stored.from : stored.to;
    const reader = {
      name: oneLine(recipientName),
      packageName: (code: HandOverFacts['subscriptions'][number]['package']): string =>
        this.packages.table[code][0]!.name[locale],
    };
    const page = handOverMail(stored, reader, locale);
    return Promise.resolve({
      subject: page.subject,
      text: textOf(page, locale),
      html: htmlOf(page, locale),
      pictures: [],
      attachments: [],
      // The two CSMs may have questions for each other.
      replyTo: { name: oneLine(other.name), address: other.email },
    });
  }
}
