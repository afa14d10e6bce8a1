import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Config } from '../../platform/settings/config.js';
import type { Transaction } from '../../platform/database/database.js';
import { MailQueue } from '../../platform/mail/mail-queue.js';
import type { RolledTerm } from '../subscriptions/roll-over-steps.js';
import { RollOverService } from '../subscriptions/roll-over.service.js';
import type { UndeliveredContact } from './letters/mail-facts.js';
import { RenewalMails, renewalContacts } from './renewal-mails.js';
import { RenewalStore, type RenewalFacts } from './renewal.store.js';

/**
 * Tells the CSM and the operator of renewals whose customer has been reached by no reminder until the last day for a
 * notice (§11); the CSM's copies do not count. From then on none goes out any more, so what is not known to be delivered
 * at this moment counts as undelivered, an attempt that is under way or whose answer was lost included: a call too many
 * costs less than a customer who learns from the invoice.
 */
@Injectable()
export class UndeliveredReminders implements OnModuleInit {
  constructor(
    private readonly rollOvers: RollOverService,
    private readonly store: RenewalStore,
    private readonly mails: MailQueue,
    private readonly renewalMails: RenewalMails,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.rollOvers.register('mail-undelivered-reminders', (tx, rolledTerms, now) => this.#apply(tx, rolledTerms, now));
  }

  /** Terms whose last day for a notice was over before the contract was entered could not be announced. RerolledTerms how many mails are new. */
  async tell(tx: Transaction, locked: readonly RenewalFacts[], now: Date): Promise<number> {
    const announceable = locked.filter(({ lockAt, enteredAt }) => lockAt > enteredAt);
    if (announceable.length === 0) return 0;
    const termIds = announceable.map(({ termId }) => termId);
    // Where all mails become files, no mail server delivers any, and else every term would be reported.
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

  /** After an outage a term may be over before its lock has come by; its customer has not been reached all the same. */
  async #apply(tx: Transaction, rolledTerms: readonly RolledTerm[], now: Date): Promise<void> {
    const neverLocked = rolledTerms.filter(({ closed, silent }) => closed.renewalState === 'open' && !silent);
    if (neverLocked.length === 0) return;
    const termIds = neverLocked.map(({ closed }) => closed.id);
    await this.tell(tx, [...(await this.store.facts(tx, termIds)).values()], now);
  }
}

/** The renewal contacts whom no reminder has reached; where nothing was sent at all, those that there are. */
function contactsOf(
  facts: RenewalFacts,
  tried: ReadonlyMap<string, readonly UndeliveredContact[]>,
): readonly UndeliveredContact[] {
  return tried.get(facts.termId) ?? renewalContacts(facts).map(({ name, address }) => ({ name, address, error: null }));
}
