import { Injectable } from '@nestjs/common';
import { visibilityOf, type Actor } from '../../domain/access.js';
import {
  nextReminderAt,
  plannedReminders,
  reminderOwed,
  reminderSchedule,
  type PlannedReminder,
  type ReminderProgress,
} from '../../domain/notice.js';
import { Refusal } from '../../domain/refusal.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { Clock } from '../../platform/clock.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { pageInMemory, type PageQuery } from '../../platform/http/paging.js';
import { plannedFor, progressOfMail } from '../../platform/mail/mail-progress.js';
import { MailQueue } from '../../platform/mail/mail-queue.js';
import type { TermMail } from '../../platform/mail/mail.store.js';
import { ContractService } from '../subscriptions/contract.service.js';
import type { DueTerm } from '../due-work/due-terms.js';
import type { ChunkResult, DueJob } from '../due-work/due-job.js';
import { RenewalMails, reminderRecipients } from './renewal-mails.js';
import { reminderKindPrefix } from './mail-kinds.js';
import { RenewalStore, type Recipient, type RenewalFacts } from './renewal.store.js';
import { TermPlanService } from '../subscriptions/term-plan.service.js';
import type { ReminderList, ReminderAnswer } from './renewal.dto.js';

const nothingReminded = { terms: 0, mails: 0 };
type ReminderCounts = typeof nothingReminded;

/** Sends renewal reminders to the renewal contacts and the CSM (§11). */
@Injectable()
export class ReminderService {
  /** Queues every reminder that is due, and plans the next one of each term. */
  readonly job: DueJob<ReminderCounts>;

  constructor(
    private readonly store: RenewalStore,
    private readonly termPlans: TermPlanService,
    private readonly mails: MailQueue,
    private readonly renewalMails: RenewalMails,
    private readonly contracts: ContractService,
    private readonly rules: ServiceRules,
    private readonly clock: Clock,
  ) {
    this.job = {
      name: 'renewal-reminders',
      chunkSize: 500,
      nothing: nothingReminded,
      due: this.store.reminders,
      work: (tx, due, now) => this.#remind(tx, due, now),
    };
  }

  /** Plans the next reminder of a renewal that is open again. */
  async planAgain(tx: Transaction, termId: string, now: Date): Promise<void> {
    const facts = (await this.store.facts(tx, [termId])).get(termId)!;
    const progress = progressOf(facts, await this.store.lastReminders(tx, [termId]), now);
    const nextAt = nextReminderAt(this.#schedule(facts), progress);
    await this.termPlans.planReminders(tx, [{ termId, nextAt, announced: false }]);
  }

  /** The mails of a subscription: sent, failed, waiting and planned, in the order of time. */
  async list(tx: Transaction, actor: Actor, subscriptionId: string, query: PageQuery): Promise<ReminderList> {
    const visibility = visibilityOf(actor, 'reminders.read');
    await this.contracts.see(tx, visibility, subscriptionId);
    const facts = (await this.store.factsOfSubscription(tx, subscriptionId))!;
    const mails = await this.mails.ofSubscription(tx, subscriptionId);
    // A subscription has a few dozen mails, so memory can hold them all while they are merged and paged.
    const all = [...mails.map(mailShown), ...this.#planned(facts)];
    return pageInMemory(
      all.filter(({ recipient }) => visibility.kind !== 'own' || recipient.role === 'customer'),
      query,
    );
  }

  /**
   * Sends a failed mail of any kind about a term again.
   * @throws Refusal `mail-not-failed`, `mail-no-longer-true`
   */
  async resend(tx: Transaction, actor: Actor, id: string): Promise<ReminderAnswer> {
    const visibility = visibilityOf(actor, 'reminders.resend');
    const mail = await this.mails.lock(tx, id);
    if (!mail?.termId) throw new Refusal('not-found');
    await this.contracts.see(tx, visibility, mail.subscriptionId);
    return mailShown(await this.mails.resend(tx, mail, this.clock.now()));
  }

  async #remind(tx: Transaction, due: readonly DueTerm[], now: Date): Promise<ChunkResult<ReminderCounts>> {
    if (due.length === 0) return { counts: nothingReminded, happened: [] };
    const termIds = due.map(({ termId }) => termId);
    const facts = [...(await this.store.facts(tx, termIds)).values()];
    const lastReminders = await this.store.lastReminders(tx, termIds);
    const decided = facts.map((term) => {
      const schedule = this.#schedule(term);
      const progress = progressOf(term, lastReminders, now);
      const owed = reminderOwed(schedule, progress);
      const lastSentDaysBefore = owed?.daysBefore ?? progress.lastSentDaysBefore;
      return { term, owed, nextAt: nextReminderAt(schedule, { ...progress, lastSentDaysBefore }) };
    });
    const letters = decided.flatMap(({ term, owed }) =>
      owed ? this.renewalMails.reminder(term, owed.daysBefore) : [],
    );
    const mails = await this.mails.queue(tx, letters, now);
    const reminders = letters.filter(({ kind }) => kind.startsWith(reminderKindPrefix));
    const announced = new Set(reminders.map(({ termId }) => termId));
    await this.termPlans.planReminders(
      tx,
      decided.map(({ term: { termId }, nextAt }) => ({ termId, nextAt, announced: announced.has(termId) })),
    );
    const kinds = new Map(letters.map(({ termId, kind }) => [termId, kind]));
    const happened = decided.flatMap(({ term: { subscriptionId, termId }, owed }) =>
      owed ? [{ subscriptionId, termId, what: kinds.get(termId)! }] : [],
    );
    return { counts: { terms: due.length, mails }, happened };
  }

  #schedule({ endsOn, timeZone }: RenewalFacts): PlannedReminder[] {
    return reminderSchedule(endsOn, this.rules.reminderDays, timeZone);
  }

  #planned(facts: RenewalFacts): ReminderAnswer[] {
    const { nextReminderAt: nextAt, lockAt } = facts;
    return plannedReminders(this.#schedule(facts), { nextAt, lockAt, now: this.clock.now() }).flatMap((reminder) =>
      reminderRecipients(facts).map((recipient) => plannedShown(facts, reminder, recipient)),
    );
  }
}

function progressOf(
  { termId, lockAt, renewalState }: RenewalFacts,
  lastReminders: ReadonlyMap<string, number>,
  now: Date,
): ReminderProgress {
  return { now, lockAt, renewalState, lastSentDaysBefore: lastReminders.get(termId) };
}

function mailShown(mail: TermMail): ReminderAnswer {
  return {
    id: mail.id,
    kind: mail.kind,
    termId: mail.termId,
    daysBefore: mail.kind.startsWith(reminderKindPrefix) ? Number(mail.kind.slice(reminderKindPrefix.length)) : null,
    recipient: { role: mail.recipientRole, name: mail.recipientName, address: mail.recipientAddress },
    ...progressOfMail(mail),
  };
}

function plannedShown(
  { termId }: RenewalFacts,
  { daysBefore, at }: PlannedReminder,
  recipient: Recipient,
): ReminderAnswer {
  const { role, name, address } = recipient;
  return {
    id: null,
    kind: `${reminderKindPrefix}${daysBefore}`,
    termId,
    daysBefore,
    recipient: { role, name, address },
    ...plannedFor(at),
  };
}
