import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Transaction } from '../../platform/database.js';
import { MailQueue } from '../../platform/mail/mail-queue.js';
import type { QueuedMail } from '../../platform/mail/mail.store.js';
import type { MailContent, MailWriter } from '../../platform/mail/mail-writer.js';
import { write, type MailSentences, type Words } from './mail-words.js';
import { noticeRecorded } from './notice-recorded.mail.js';
import { renewalLocked } from './renewal-locked.mail.js';
import { renewalReminder } from './renewal-reminder.mail.js';
import { reminderKindPrefix } from './renewal.store.js';
import { termEnded } from './term-ended.mail.js';
import { termRenewed } from './term-renewed.mail.js';

const sentencesByKind: Readonly<Record<string, MailSentences>> = {
  'renewal-locked': renewalLocked,
  'notice-recorded': noticeRecorded,
  'term-renewed': termRenewed,
  'term-ended': termEnded,
};

/** Writes the mails about renewals, in the customer's language. */
@Injectable()
export class RenewalMailWriter implements MailWriter, OnModuleInit {
  constructor(private readonly mails: MailQueue) {}

  onModuleInit(): void {
    this.mails.writtenBy(this);
  }

  writes(kind: string): boolean {
    return sentencesOf(kind) !== undefined;
  }

  write(_tx: Transaction, { kind, locale, facts }: QueuedMail): Promise<MailContent> {
    const { subject, text } = write(sentencesOf(kind)!, locale, facts as Words);
    return Promise.resolve({ subject, text, html: '', pictures: [], attachments: [] });
  }
}

function sentencesOf(kind: string): MailSentences | undefined {
  return kind.startsWith(reminderKindPrefix) ? renewalReminder : sentencesByKind[kind];
}
