import { Injectable } from '@nestjs/common';
import { visibilityOf, type Actor } from '../../domain/access.js';
import { judgeAnnulment } from '../../domain/annulment.js';
import { currentTerm } from '../../domain/contract.js';
import { stands } from '../../domain/notice.js';
import { refuseByRules } from '../../domain/refusal.js';
import { Clock } from '../../platform/clock.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { MailQueue } from '../../platform/mail/mail-queue.js';
import { HoursService } from '../hours/hours.service.js';
import { ExpenseService } from '../onsite/expense.service.js';
import { VisitService } from '../onsite/visit.service.js';
import { PlanningService } from '../planning/planning.service.js';
import { PeriodService } from '../periods/period.service.js';
import { ContractService } from '../subscriptions/contract.service.js';
import type { SubscriptionAnswer } from '../subscriptions/subscription.dto.js';
import { SubscriptionService } from '../subscriptions/subscription.service.js';
import type { NewAnnulment } from './annulment.dto.js';
import { stateOf } from './notice.js';
import { NoticeService } from './notice.service.js';

/** A prefix of every kind of mail. */
const anyKind = '';

/** Annuls a contract that was entered by mistake (§14). */
@Injectable()
export class AnnulmentService {
  constructor(
    private readonly periods: PeriodService,
    private readonly contracts: ContractService,
    private readonly subscriptions: SubscriptionService,
    private readonly hours: HoursService,
    private readonly visits: VisitService,
    private readonly expenses: ExpenseService,
    private readonly notices: NoticeService,
    private readonly planning: PlanningService,
    private readonly mails: MailQueue,
    private readonly clock: Clock,
  ) {}

  /**
   * Annuls a subscription under its lock, gives up its unsent mails, and cancels its planned sessions.
   * @throws Refusal `not-found`, `subscription-annulled`, or a violation that names everything that prevents the
   *   annulment
   */
  async annul(tx: Transaction, actor: Actor, id: string, { reason }: NewAnnulment): Promise<SubscriptionAnswer> {
    const now = this.clock.now();
    // No period can close in the meantime. This lock is taken before the subscription's lock.
    await this.periods.hold(tx);
    const contract = await this.contracts.openForChange(tx, visibilityOf(actor, 'subscriptions.annul'), id, now);
    const term = currentTerm(contract);
    const visits = (await this.visits.ofSubscriptions(tx, [id])).get(id) ?? [];
    const violations = judgeAnnulment(contract, {
      entries: await this.hours.standing(tx, id),
      visits: visits.filter(({ status }) => status !== 'cancelled').length,
      expenses: await this.expenses.standing(tx, id),
      notices: (await this.notices.ofTerm(tx, term.id)).map(stateOf).filter(stands).length,
    });
    if (violations.length > 0) throw refuseByRules(violations);
    await this.mails.giveUp(tx, [term.id], [anyKind], 'Not sent: the subscription was annulled');
    await this.planning.cancelAll(tx, actor, id, now);
    const annulment = { reason, annulledAt: now, annulledBy: actor.userId };
    return this.subscriptions.annul(tx, contract, annulment, await this.periods.closedThrough(tx));
  }
}
