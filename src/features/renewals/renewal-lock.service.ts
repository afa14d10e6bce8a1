import { Injectable } from '@nestjs/common';
import { moveRenewal } from '../../domain/term.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { MailQueue } from '../../platform/mail/mail-queue.js';
import type { DueTerm } from '../due-work/due-terms.js';
import type { ChunkResult, DueJob } from '../due-work/due-job.js';
import { RenewalMails } from './renewal-mails.js';
import { RenewalStore } from './renewal.store.js';
import { TermPlanService } from '../subscriptions/term-plan.service.js';
import { UndeliveredReminders } from './undelivered-reminders.js';

const nothingLocked = { locked: 0, mails: 0 };
type LockCounts = typeof nothingLocked;

/** Locks renewals after the last day for a notice: from then on, the term will renew (§11). */
@Injectable()
export class RenewalLockService {
  /** Locks every open renewal whose notice deadline has passed. */
  readonly job: DueJob<LockCounts>;

  constructor(
    private readonly store: RenewalStore,
    private readonly termPlans: TermPlanService,
    private readonly mails: MailQueue,
    private readonly renewalMails: RenewalMails,
    private readonly undelivered: UndeliveredReminders,
  ) {
    this.job = {
      name: 'renewal-lock',
      chunkSize: 500,
      nothing: nothingLocked,
      due: this.store.locks,
      work: (tx, due, now) => this.#lock(tx, due, now),
    };
  }

  async #lock(tx: Transaction, due: readonly DueTerm[], now: Date): Promise<ChunkResult<LockCounts>> {
    if (due.length === 0) return { counts: nothingLocked, happened: [] };
    const ids = due.map(({ termId }) => termId);
    const locked = new Set(await this.termPlans.lockRenewals(tx, ids, now, moveRenewal('open', 'deadline-passed')!));
    const facts = [...(await this.store.facts(tx, [...locked])).values()];
    // No mail is sent about a lock before the contract was entered, or about a term that is over.
    const announced = facts.filter((term) => term.lockAt > term.enteredAt && term.endsAt > now);
    const mails = await this.mails.queue(tx, this.renewalMails.locked(announced), now);
    const warnings = await this.undelivered.report(tx, facts, now);
    const happened = due
      .filter(({ termId }) => locked.has(termId))
      .map(({ subscriptionId, termId }) => ({ subscriptionId, termId, what: 'locked' }));
    return { counts: { locked: locked.size, mails: mails + warnings }, happened };
  }
}
