import { Injectable } from '@nestjs/common';
import { concernsCustomer, type AlertCheck, type UsageAlert } from '../../domain/alerts.js';
import { firstMorningFrom } from '../../domain/morning.js';
import type { Language } from '../../domain/language.js';
import { burnDown } from '../../domain/pace.js';
import { ServiceRules } from '../../domain/service-rules.js';
import type { Transaction } from '../../platform/database/transaction.js';
import type { MailToQueue } from '../../platform/mail/mail.store.js';
import type { SubscriptionTerm } from '../subscriptions/contract.js';
import { csmRecipients, standInsAt } from '../people/csm-contact.js';
import { usageContacts, type UsageAudience, type UsageRecipient } from './usage-audience.js';
import { alertKindPrefix, usageFacts, type AlertFacts, type TermFigures } from './usage-facts.js';
import { UsageStore, type EffectiveDay } from './usage.store.js';

/** A term that is open or closes now, and the outcome of its check. */
export interface LookedAt {
  subscriptionId: string;
  timeZone: string;
  term: SubscriptionTerm;
  figures: TermFigures;
  look: AlertCheck;
}

/** Writes the facts of alert mails, one for each recipient. */
@Injectable()
export class UsageAlertMails {
  constructor(
    private readonly store: UsageStore,
    private readonly rules: ServiceRules,
  ) {}

  /** The mails for all alerts of these terms. They leave in the customer's next morning (§14). */
  async letters(tx: Transaction, looked: readonly LookedAt[], now: Date): Promise<MailToQueue[]> {
    const telling = looked.filter(({ look }) => look.mailed.length > 0);
    if (telling.length === 0) return [];
    const ids = telling.map(({ term }) => term.id);
    const audiences = await this.store.audiences(tx, ids);
    const days = await this.store.days(tx, new Map(telling.map(({ term }) => [term.id, term.endsOn])));
    return telling.flatMap((one) =>
      one.look.mailed.flatMap((alert) =>
        this.#letters(one, alert, audiences.get(one.term.id)!, {
          days: days.get(one.term.id) ?? [],
          leavesAt: firstMorningFrom(now, one.timeZone),
        }),
      ),
    );
  }

  #letters(
    { subscriptionId, term, figures }: LookedAt,
    alert: UsageAlert,
    audience: UsageAudience,
    { days, leavesAt }: { days: readonly EffectiveDay[]; leavesAt: Date },
  ): MailToQueue[] {
    const contacts = concernsCustomer(alert, this.rules) ? usageContacts(audience) : [];
    const standIns = standInsAt(audience, leavesAt, this.rules.houseTimeZone);
    const months = burnDown(term.plan, used(days));
    const factsIn = (locale: Language): AlertFacts => ({
      ...usageFacts({ subscriptionId, term, on: figures.on }, { ...audience, locale }, standIns),
      alert,
      customerTold: contacts.length > 0,
      figures,
      months,
    });
    // Mails in one language share their facts.
    const facts = { en: factsIn('en'), ja: factsIn('ja') };
    const recipients: UsageRecipient[] = [...contacts, ...csmRecipients(audience, standIns)];
    return recipients.map(({ role, name, address, locale }) => ({
      kind: `${alertKindPrefix}${alert}`,
      subscriptionId,
      termId: term.id,
      occasion: '',
      recipientRole: role,
      recipientName: name,
      recipientAddress: address,
      locale: locale ?? audience.locale,
      facts: facts[locale ?? audience.locale],
      validUntil: null,
      leavesAt,
    }));
  }
}

const used = (days: readonly EffectiveDay[]) =>
  days.map(({ day, usedMinutes }) => ({ workDate: day, minutes: usedMinutes }));
