import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Config } from '../../platform/settings/config.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { MailQueue } from '../../platform/mail/mail-queue.js';
import type { FailedMail } from '../../platform/mail/mail.store.js';
import { RenewalMails } from './renewal-mails.js';
import { RenewalStore } from './renewal.store.js';

/**
 * Reports mails to customers' contacts that failed for good to the CSM and the operator, at once and once per contact and term
 * (§11). Mails of all kinds about a term count, alerts and statements of usage included.
 */
@Injectable()
export class ContactFailures implements OnModuleInit {
  constructor(
    private readonly store: RenewalStore,
    private readonly mails: MailQueue,
    private readonly renewalMails: RenewalMails,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.mails.failuresReportedBy((tx, failed, now) => this.#report(tx, failed, now));
  }

  async #report(tx: Transaction, failed: FailedMail, now: Date): Promise<void> {
    const facts = (await this.store.facts(tx, [failed.termId])).get(failed.termId)!;
    await this.mails.queue(tx, this.renewalMails.undeliverable(facts, failed, this.config.operatorEmail), now);
  }
}
