import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Config } from '../../platform/settings/config.js';
import type { Transaction } from '../../platform/database/transaction.js';
import type { Language } from '../../domain/language.js';
import { htmlOf, textOf, type MailPage } from '../../platform/mail/layout.js';
import { oneLine } from '../../platform/mail/mail-words.js';
import { MailQueue } from '../../platform/mail/mail-queue.js';
import type { QueuedTermMail } from '../../platform/mail/mail.store.js';
import type { MailContent, MailWriter } from '../../platform/mail/mail-writer.js';
import { burnDownAlt, burnDownPicture, type BurnDown } from '../balances/burn-down.picture.js';
import { ConsoleLinks } from '../subscriptions/console-links.service.js';
import { topUpMail } from './top-up.mail.js';
import { usageAlert } from './usage-alert.mail.js';
import type { UsageReader } from './usage-blocks.js';
import {
  alertKindPrefix,
  statementKindPrefix,
  topUpCancelledKind,
  topUpEnteredKind,
  type AlertFacts,
  type StatementFacts,
  type TopUpFacts,
  type UsageFacts,
} from './usage-facts.js';
import { usageStatement } from './usage-statement.mail.js';

const burnDownId = 'burn-down';

/** Writes alerts and monthly statements in the customer's language, only from their stored facts. */
@Injectable()
export class UsageMailWriter implements MailWriter, OnModuleInit {
  constructor(
    private readonly mails: MailQueue,
    private readonly consoleLinks: ConsoleLinks,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.mails.writtenBy(this);
  }

  writes(kind: string): boolean {
    return kind.startsWith(alertKindPrefix) || kind.startsWith(statementKindPrefix) || isAboutTopUp(kind);
  }

  async write(tx: Transaction, mail: QueuedTermMail): Promise<MailContent> {
    const { kind, locale, facts, recipientName, recipientRole } = mail;
    const kept = facts as UsageFacts;
    const burnDown = burnDownOf(kept);
    const consoleLink = await this.consoleLinks.linkFor(tx, mail);
    const reader: UsageReader = {
      name: oneLine(recipientName),
      isCsm: recipientRole === 'csm',
      vendor: this.config.mailFrom.name,
      picture: { kind: 'picture', contentId: burnDownId, alt: burnDownAlt(burnDown, locale) },
      ...(consoleLink !== undefined && { consoleLink }),
    };
    const page = pageOf(kind, kept, reader, locale);
    return {
      subject: page.subject,
      text: textOf(page, locale),
      html: htmlOf(page, locale),
      pictures: [
        {
          contentId: burnDownId,
          fileName: `${burnDownId}.png`,
          png: () => burnDownPicture(burnDown, { language: locale }),
        },
      ],
      attachments: [],
      replyTo: { name: oneLine(kept.csmName), address: kept.csmEmail },
    };
  }
}

const isAboutTopUp = (kind: string): boolean => kind === topUpEnteredKind || kind === topUpCancelledKind;

function pageOf(kind: string, kept: UsageFacts, reader: UsageReader, language: Language): MailPage {
  if (kind.startsWith(alertKindPrefix)) return usageAlert(kept as AlertFacts, reader, language);
  if (isAboutTopUp(kind)) return topUpMail(kept as TopUpFacts, reader, language);
  return usageStatement(kept as StatementFacts, reader, language);
}

function burnDownOf({ figures, months }: UsageFacts): BurnDown {
  const { grantedMinutes, usedMinutes, pace, on } = figures;
  return { months, grantedMinutes, usedMinutes, plannedMinutes: pace.plannedMinutes, asOf: on };
}
