import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Language } from '../../domain/language.js';
import { firstMorningFrom } from '../../domain/morning.js';
import { burnDown } from '../../domain/pace.js';
import { ServiceRules } from '../../domain/service-rules.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { MailQueue } from '../../platform/mail/mail-queue.js';
import { csmRecipients, standInsAt } from '../people/csm-contact.js';
import { TopUpSteps, type TopUpChange } from '../top-ups/top-up-steps.js';
import { usageContacts, type UsageRecipient } from './usage-audience.js';
import { topUpCancelledKind, topUpEnteredKind, usageFacts, type TopUpFacts } from './usage-facts.js';
import { UsageStore } from './usage.store.js';

/**
 * Mails top-ups and their cancellations to the usage contacts and the CSM. The mails leave in the customer's next morning. A top-up
 * that is cancelled as a whole before that is not mailed at all.
 */
@Injectable()
export class TopUpMails implements OnModuleInit {
  constructor(
    private readonly topUpSteps: TopUpSteps,
    private readonly store: UsageStore,
    private readonly mails: MailQueue,
    private readonly rules: ServiceRules,
  ) {}

  onModuleInit(): void {
    this.topUpSteps.register('mail-top-up', (tx, change, now) => this.#mail(tx, change, now));
  }

  async #mail(tx: Transaction, change: TopUpChange, now: Date): Promise<void> {
    const { topUp } = change;
    if (topUp.cancellation === null) return this.#queue(tx, change, topUpEnteredKind, now);
    const reason = 'The top-up was cancelled';
    const waiting = await this.mails.giveUpOccasion(tx, topUp.termId, topUpEnteredKind, topUp.id, reason);
    if (waiting > 0 && topUp.cancellation.minutes === topUp.minutes) return;
    await this.#queue(tx, change, topUpCancelledKind, now);
  }

  async #queue(tx: Transaction, change: TopUpChange, kind: string, now: Date): Promise<void> {
    const { topUp, contract, term, balance } = change;
    const { subscriptionId, timeZone } = contract;
    const leavesAt = firstMorningFrom(now, timeZone);
    const audience = (await this.store.audiences(tx, [term.id])).get(term.id)!;
    const days = (await this.store.days(tx, new Map([[term.id, term.endsOn]]))).get(term.id) ?? [];
    const months = burnDown(
      term.plan,
      days.map(({ day, usedMinutes }) => ({ workDate: day, minutes: usedMinutes })),
    );
    const standIns = standInsAt(audience, leavesAt, this.rules.houseTimeZone);
    const { asOf: on, grantedMinutes, usedMinutes, remainingMinutes, drawnAheadMinutes, pace, forecast } = balance;
    const factsIn = (locale: Language): TopUpFacts => ({
      ...usageFacts({ subscriptionId, term, on }, { ...audience, locale }, standIns),
      figures: { on, grantedMinutes, usedMinutes, remainingMinutes, drawnAheadMinutes, pace, forecast },
      months,
      topUp: {
        kind: topUp.kind,
        minutes: topUp.minutes,
        effectiveOn: topUp.effectiveOn,
        orderNumber: topUp.orderNumber,
        cancelledMinutes: topUp.cancellation?.minutes ?? null,
      },
    });
    const facts = { en: factsIn('en'), ja: factsIn('ja') };
    const recipients: UsageRecipient[] = [...usageContacts(audience), ...csmRecipients(audience, standIns)];
    await this.mails.queue(
      tx,
      recipients.map(({ role, name, address, locale }) => ({
        kind,
        subscriptionId,
        termId: term.id,
        occasion: topUp.id,
        recipientRole: role,
        recipientName: name,
        recipientAddress: address,
        locale: locale ?? audience.locale,
        facts: facts[locale ?? audience.locale],
        validUntil: null,
        leavesAt,
      })),
      now,
    );
  }
}
