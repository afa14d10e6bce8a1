import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Config } from '../../platform/settings/config.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { htmlOf, textOf } from '../../platform/mail/layout.js';
import { oneLine } from '../../platform/mail/mail-words.js';
import { MailQueue } from '../../platform/mail/mail-queue.js';
import type { QueuedMail } from '../../platform/mail/mail.store.js';
import type { MailContent, MailWriter } from '../../platform/mail/mail-writer.js';
import { burnDownAlt, burnDownPicture, type BurnDown } from '../balances/burn-down.picture.js';
import { usageAlert } from './usage-alert.mail.js';
import type { UsageReader } from './usage-blocks.js';
import {
  alertKindPrefix,
  statementKindPrefix,
  type AlertFacts,
  type StatementFacts,
  type UsageFacts,
} from './usage-facts.js';
import { usageStatement } from './usage-statement.mail.js';

const burnDownId = 'burn-down';

/** Writes alerts and monthly statements in the customer's language, only from their stored facts. */
@Injectable()
export class UsageMailWriter implements MailWriter, OnModuleInit {
  constructor(
    private readonly mails: MailQueue,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.mails.writtenBy(this);
  }

  writes(kind: string): boolean {
    return kind.startsWith(alertKindPrefix) || kind.startsWith(statementKindPrefix);
  }

  write(_tx: Transaction, { kind, locale, facts, recipientName, recipientRole }: QueuedMail): Promise<MailContent> {
    const kept = facts as UsageFacts;
    const burnDown = burnDownOf(kept);
    const reader: UsageReader = {
      name: oneLine(recipientName),
      isCsm: recipientRole === 'csm',
      vendor: this.config.mailFrom.name,
      picture: { kind: 'picture', contentId: burnDownId, alt: burnDownAlt(burnDown, locale) },
    };
    const page = kind.startsWith(alertKindPrefix)
      ? usageAlert(kept as AlertFacts, reader, locale)
      : usageStatement(kept as StatementFacts, reader, locale);
    return Promise.resolve({
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
    });
  }
}

function burnDownOf({ figures, months }: UsageFacts): BurnDown {
  const { grantedMinutes, usedMinutes, pace, on } = figures;
  return { months, grantedMinutes, usedMinutes, plannedMinutes: pace.plannedMinutes, asOf: on };
}
