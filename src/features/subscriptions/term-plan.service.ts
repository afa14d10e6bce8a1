import { Injectable } from '@nestjs/common';
import type { RenewalState } from '../../domain/term.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { TermPlanStore, type PlannedStatement } from './term-plan.store.js';

/** Lets other rooms plan their work on terms. The caller has locked the subscriptions. */
@Injectable()
export class TermPlanService {
  constructor(private readonly store: TermPlanStore) {}

  /** Locks the renewal of the terms whose notice deadline has passed; returns their ids. */
  lockRenewals(tx: Transaction, termIds: readonly string[], now: Date, to: RenewalState): Promise<string[]> {
    return this.store.lockRenewals(tx, termIds, now, to);
  }

  planReminders(
    tx: Transaction,
    terms: readonly { termId: string; nextAt: Date | undefined; announced: boolean }[],
  ): Promise<void> {
    return this.store.planReminders(tx, terms);
  }

  planAlerts(tx: Transaction, terms: readonly { termId: string; nextAt: Date | null }[]): Promise<void> {
    return this.store.planAlerts(tx, terms);
  }

  /** Makes the open terms of a customer due for a check, because its mornings have moved with its zone. */
  checkAlertsOfCustomer(tx: Transaction, customerId: string, now: Date): Promise<void> {
    return this.store.checkAlertsOfCustomer(tx, customerId, now);
  }

  planStatements(tx: Transaction, terms: readonly { termId: string; nextAt: Date | null }[]): Promise<void> {
    return this.store.planStatements(tx, terms);
  }

  /** The planned statements of a customer's terms, including due ones. */
  plannedStatements(tx: Transaction, customerId: string): Promise<PlannedStatement[]> {
    return this.store.plannedStatements(tx, customerId);
  }
}
