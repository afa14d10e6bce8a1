import { Injectable } from '@nestjs/common';
import { firstCheck } from '../../domain/alerts.js';
import { morningOf } from '../../domain/morning.js';
import type { NextTerm } from '../../domain/roll-over.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { termInstants } from '../../domain/term-instants.js';
import { moveRenewal } from '../../domain/term.js';
import { firstStatementAt } from '../../domain/usage-statement.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { newId } from '../../platform/ids.js';
import { withPlan, type SubscriptionTerm } from './contract.js';
import { LedgerService } from '../ledger/ledger.service.js';
import { TermBalanceService } from '../ledger/term-balance.service.js';
import { TermStore, type NewTerm } from './term.store.js';

type UsageLooks = Pick<NewTerm, 'nextAlertAt' | 'alertFromMinutes' | 'nextStatementAt'>;

/** A term to open, as decided by the rules. */
export type TermToOpen = Pick<
  NextTerm,
  'number' | 'startsOn' | 'endsOn' | 'noticeDays' | 'noticeDeadlineOn' | 'package' | 'entitlement' | 'grant'
> & { subscriptionId: string; timeZone: string; anchorOn: string; purchaseOrder: string | null };

/** Opens terms when a contract is entered and at every renewal, and closes them. */
@Injectable()
export class TermService {
  constructor(
    private readonly store: TermStore,
    private readonly ledger: LedgerService,
    private readonly balances: TermBalanceService,
    private readonly rules: ServiceRules,
  ) {}

  /** Closes terms whose unused minutes have expired. */
  async close(
    tx: Transaction,
    terms: readonly { id: string; renewalState: 'renewed' | 'ended' }[],
    now: Date,
  ): Promise<void> {
    await this.store.close(tx, terms, now);
    await this.balances.close(
      tx,
      terms.map(({ id }) => id),
    );
  }

  /** Locks the renewal of a contract that is entered after its last day for a notice (§11). */
  lockPassed(tx: Transaction, subscriptionId: string, now: Date): Promise<void> {
    return this.store.lockPassed(tx, subscriptionId, now, moveRenewal('open', 'deadline-passed')!);
  }

  /** Opens terms with everything that they grant. Returns them in the same order. */
  async open(tx: Transaction, openings: readonly TermToOpen[], now: Date): Promise<SubscriptionTerm[]> {
    if (openings.length === 0) return [];
    const terms = openings.map((opening) => ({
      ...opening,
      id: newId(),
      ...termInstants(opening, now, this.rules),
      ...this.#firstLooks(opening),
    }));
    await this.store.open(tx, terms);
    await this.balances.open(
      tx,
      terms.map(({ id, entitlement, alertFromMinutes }) => ({ ...entitlement, termId: id, alertFromMinutes })),
    );
    await this.ledger.post(
      tx,
      terms.map(({ id, grant }) => ({ termId: id, entries: [grant] })),
      now,
    );
    return terms.map(({ id, number, startsOn, endsOn, startsAt, endsAt, noticeDeadlineOn, ...term }) => {
      const { noticeDays, lockAt, deadlineZone, nextReminderAt, purchaseOrder, anchorOn } = term;
      const dates = { id, number, startsOn, endsOn, startsAt, endsAt, noticeDeadlineOn };
      const opened = {
        ...dates,
        noticeDays,
        lockAt,
        deadlineZone,
        deadlineAnnounced: false,
        nextReminderAt,
        purchaseOrder,
        version: 1,
      };
      const periods = [{ package: term.package, effectiveOn: startsOn }];
      const state = { status: 'open', renewalState: 'open' } as const;
      return withPlan({ ...opened, ...state, periods, topUps: [] }, anchorOn, this.rules.paceTolerancePercent);
    });
  }

  #firstLooks({ anchorOn, number, entitlement: { grantedMinutes }, timeZone }: TermToOpen): UsageLooks {
    const { nextOn, fromMinutes } = firstCheck({ anchor: anchorOn, number, grantedMinutes }, this.rules);
    return {
      nextAlertAt: morningOf(nextOn, timeZone),
      alertFromMinutes: fromMinutes,
      nextStatementAt: firstStatementAt({ anchorOn, number, timeZone }),
    };
  }
}
