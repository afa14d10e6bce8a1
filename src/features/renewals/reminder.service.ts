import { Injectable } from '@nestjs/common';
import { sightOf, type Actor } from '../../domain/access.js';
import {
  nextReminderAt,
  reminderOwed,
  reminderSchedule,
  type PlannedReminder,
  type ReminderProgress,
} from '../../domain/notice.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { Clock } from '../../platform/clock.js';
import { Database, type Transaction } from '../../platform/database.js';
import { page, readCursor, rowsToFetch, type PageQuery } from '../../platform/http/paging.js';
import { MailQueue } from '../../platform/mail/mail-queue.js';
import type { MailRecord } from '../../platform/mail/mail.store.js';
import { ContractService } from '../subscriptions/contract.service.js';
import { RenewalMails, recipientsOf, type Recipient } from './renewal-mails.js';
import { RenewalStore, reminderKindPrefix, type DueTerm, type RenewalFacts } from './renewal.store.js';
import type { ReminderList, ReminderAnswer } from './renewal.dto.js';

const chunkSize = 200;

/** The mails that announce a coming renewal and the last day for a notice (§11). */
@Injectable()
export class ReminderService {
  constructor(
    private readonly store: RenewalStore,
    private readonly mails: MailQueue,
    private readonly renewalMails: RenewalMails,
    private readonly contracts: ContractService,
    private readonly database: Database,
    private readonly rules: ServiceRules,
    private readonly clock: Clock,
  ) {}

  nextDueAfter(tx: Transaction, instant: Date): Promise<Date | undefined> {
    return this.store.nextReminderAfter(tx, instant);
  }

  /** Queues every reminder that is owed by `now`, and plans the next one of each term; a chunk in a transaction. */
  async runDue(now: Date): Promise<{ terms: number; mails: number }> {
    const counts = { terms: 0, mails: 0 };
    let last: DueTerm | undefined;
    do {
      last = await this.database.write(async (tx) => {
        const due = await this.store.takeForReminder(tx, now, last, chunkSize);
        const mails = await this.#remind(tx, due, now);
        tx.afterCommit(() => {
          counts.terms += due.length;
          counts.mails += mails;
        });
        return due.at(-1);
      });
    } while (last);
    return counts;
  }

  /** When the next reminder of a term falls due, for a renewal that is open again. */
  async replanned(tx: Transaction, termId: string, now: Date): Promise<Date | undefined> {
    const facts = (await this.store.facts(tx, [termId])).get(termId)!;
    return nextReminderAt(this.#schedule(facts), { ...progressOf(facts, now), renewalState: 'open' });
  }

  /** What was sent, could not be, waits or is planned of a subscription's mails, in the order of time. */
  async list(tx: Transaction, actor: Actor, subscriptionId: string, query: PageQuery): Promise<ReminderList> {
    const sight = sightOf(actor, 'reminders.read');
    await this.contracts.see(tx, sight, subscriptionId);
    const [passed = '0'] = readCursor(query.cursor, ['integer']) ?? [];
    const facts = (await this.store.factsOfSubscription(tx, subscriptionId))!;
    const mails = await this.mails.ofSubscription(tx, subscriptionId);
    // A subscription has a few dozen mails: they are put together with what is planned, and paged, in memory.
    const all = [...mails.map(mailShown), ...this.#planned(facts, this.clock.now())]
      .filter(({ recipient }) => sight.kind !== 'own' || recipient.role === 'customer')
      .map((reminder, at) => ({ reminder, at }));
    const from = Math.max(0, Number(passed));
    const rows = all.slice(from, from + rowsToFetch(query.limit));
    return page(
      rows,
      query.limit,
      ({ at }) => [at + 1],
      ({ reminder }) => reminder,
    );
  }

  async #remind(tx: Transaction, due: readonly DueTerm[], now: Date): Promise<number> {
    if (due.length === 0) return 0;
    const facts = [
      ...(
        await this.store.facts(
          tx,
          due.map(({ termId }) => termId),
        )
      ).values(),
    ];
    const decided = facts.map((term) => {
      const schedule = this.#schedule(term);
      const progress = progressOf(term, now);
      const owed = reminderOwed(schedule, progress);
      const lastSentDaysBefore = owed?.daysBefore ?? progress.lastSentDaysBefore;
      return { term, owed, nextAt: nextReminderAt(schedule, { ...progress, lastSentDaysBefore }) };
    });
    const letters = decided.flatMap(({ term, owed }) =>
      owed ? this.renewalMails.reminder(term, owed.daysBefore) : [],
    );
    const queued = await this.mails.queue(tx, letters, now);
    await this.store.planReminders(
      tx,
      decided.map(({ term, nextAt }) => ({ termId: term.termId, nextAt })),
    );
    return queued;
  }

  #schedule({ endsOn, timeZone }: RenewalFacts): PlannedReminder[] {
    return reminderSchedule(endsOn, this.rules.reminderDays, timeZone);
  }

  #planned(facts: RenewalFacts, now: Date): ReminderAnswer[] {
    const schedule = this.#schedule(facts);
    const nextAt = nextReminderAt(schedule, progressOf(facts, now));
    if (!nextAt) return [];
    return schedule
      .filter(({ at }) => at >= nextAt && at < facts.lockAt)
      .flatMap((reminder) => recipientsOf(facts).map((recipient) => plannedShown(facts, reminder, recipient)));
  }
}

function progressOf(facts: RenewalFacts, now: Date): ReminderProgress {
  const { lockAt, renewalState, lastReminderDaysBefore } = facts;
  return { now, lockAt, renewalState, lastSentDaysBefore: lastReminderDaysBefore ?? undefined };
}

function mailShown(mail: MailRecord): ReminderAnswer {
  return {
    id: mail.id,
    kind: mail.kind,
    termId: mail.termId,
    daysBefore: mail.kind.startsWith(reminderKindPrefix) ? Number(mail.kind.slice(reminderKindPrefix.length)) : null,
    status: mail.status,
    recipient: { role: mail.recipientRole, name: mail.recipientName, address: mail.recipientAddress },
    subject: mail.subject,
    messageId: mail.messageId,
    plannedAt: mail.queuedAt,
    nextAttemptAt: mail.nextAttemptAt,
    sentAt: mail.sentAt,
    attempts: mail.attempts,
    lastError: mail.lastError,
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
    status: 'planned',
    recipient: { role, name, address },
    subject: null,
    messageId: null,
    plannedAt: at,
    nextAttemptAt: null,
    sentAt: null,
    attempts: 0,
    lastError: null,
  };
}
