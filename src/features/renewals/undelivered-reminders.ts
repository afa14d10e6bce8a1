import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Config } from '../../platform/settings/config.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { MailQueue } from '../../platform/mail/mail-queue.js';
import { RollOverSteps, type RolledTerm } from '../subscriptions/roll-over-steps.js';
import type { UndeliveredContact } from './letters/mail-facts.js';
import { RenewalMails, renewalContacts } from './renewal-mails.js';
import { RenewalStore, type RenewalFacts } from './renewal.store.js';

/**
 * Reports renewals to the CSM and the operator if no reminder has reached the customer by the last day for a notice
 * (§11). Copies to the CSM do not count. No reminder leaves after that day, so a mail without a confirmed delivery
 * counts as undelivered. An unnecessary call costs less than a customer who learns about the renewal from the
 * invoice.
 */
@Injectable()
export class UndeliveredReminders implements OnModuleInit {
  constructor(
    private readonly rollOverSteps: RollOverSteps,
    private readonly store: RenewalStore,
    private readonly mails: MailQueue,
    private readonly renewalMails: RenewalMails,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.rollOverSteps.register('mail-undelivered-reminders', (tx, rolledTerms, now) =>
      this.#apply(tx, rolledTerms, now),
    );
  }

  /**
   * Queues mails about these terms. Skips a term whose last day for a notice passed before the contract was entered. Returns the
   * number of new mails.
   */
  async report(tx: Transaction, locked: readonly RenewalFacts[], now: Date): Promise<number> {
    const announceable = locked.filter(({ lockAt, enteredAt }) => lockAt > enteredAt);
    if (announceable.length === 0) return 0;
    const termIds = announceable.map(({ termId }) => termId);
    // With `MAIL=files`, no mail server takes any mail, so every term would be reported.
    const reached = this.config.mail === 'files' ? 'sent' : 'delivered';
    const undelivered = new Set(await this.store.withoutReminder(tx, termIds, reached));
    if (undelivered.size === 0) return 0;
    const tried = await this.store.undeliveredReminders(tx, [...undelivered]);
    const letters = announceable
      .filter(({ termId }) => undelivered.has(termId))
      .flatMap((facts) =>
        this.renewalMails.remindersUndelivered(facts, contactsOf(facts, tried), this.config.operatorEmail),
      );
    return this.mails.queue(tx, letters, now);
  }

  /** After an outage, a term may roll over without a lock; its customer got no reminder either. */
  async #apply(tx: Transaction, rolledTerms: readonly RolledTerm[], now: Date): Promise<void> {
    const neverLocked = rolledTerms.filter(({ closed, silent }) => closed.renewalState === 'open' && !silent);
    if (neverLocked.length === 0) return;
    const termIds = neverLocked.map(({ closed }) => closed.id);
    await this.report(tx, [...(await this.store.facts(tx, termIds)).values()], now);
  }
}

/** The renewal contacts that no reminder has reached. If no reminder was sent, all present contacts. */
function contactsOf(
  facts: RenewalFacts,
  tried: ReadonlyMap<string, readonly UndeliveredContact[]>,
): readonly UndeliveredContact[] {
  return tried.get(facts.termId) ?? renewalContacts(facts).map(({ name, address }) => ({ name, address, error: null }));
}
