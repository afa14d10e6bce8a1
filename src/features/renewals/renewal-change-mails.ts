import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Transaction } from '../../platform/database/transaction.js';
import { MailQueue } from '../../platform/mail/mail-queue.js';
import { RenewalChangeSteps, type RenewalChange } from '../subscriptions/renewal-change.js';
import { RenewalMails } from './renewal-mails.js';
import { RenewalStore } from './renewal.store.js';

/**
 * Mails a change of the package that will renew to all recipients of the mail about the lock (§11). Before the lock,
 * the reminders state the package. If an upgrade removes the next package, the CSM gets a mail at once.
 */
@Injectable()
export class RenewalChangeMails implements OnModuleInit {
  constructor(
    private readonly changeSteps: RenewalChangeSteps,
    private readonly store: RenewalStore,
    private readonly mails: MailQueue,
    private readonly renewalMails: RenewalMails,
  ) {}

  onModuleInit(): void {
    this.changeSteps.register('mail-renewal-change', (tx, change, now) => this.#mail(tx, change, now));
  }

  async #mail(tx: Transaction, { term, before, after, overtaken, version }: RenewalChange, now: Date): Promise<void> {
    const facts = (await this.store.facts(tx, [term.id])).get(term.id)!;
    const occasion = String(version);
    if (overtaken)
      await this.mails.queue(tx, this.renewalMails.nextPackageDropped(facts, { overtaken, occasion }), now);
    if (after.code === before.code || term.renewalState !== 'locked') return;
    const recipients = await this.store.lockConfirmedTo(tx, term.id);
    if (recipients.length === 0) return;
    const change = { before, occasion, recipients };
    await this.mails.queue(tx, this.renewalMails.renewalChanged(facts, change), now);
  }
}
