import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Refusal } from '../../domain/refusal.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { PortfolioConditions } from '../customers/portfolio.js';
import { RoleChangeChecks } from '../people/role-change.js';
import { hasSubscription, SubscriptionStore } from './subscription.store.js';

/** Answers what earlier rooms ask about the subscriptions of a CSM. */
@Injectable()
export class CsmPortfolio implements OnModuleInit {
  constructor(
    private readonly roleChangeChecks: RoleChangeChecks,
    private readonly portfolioConditions: PortfolioConditions,
    private readonly store: SubscriptionStore,
  ) {}

  onModuleInit(): void {
    this.roleChangeChecks.register('active-subscriptions', (tx, userId) => this.#refuseCsm(tx, userId));
    this.portfolioConditions.register('subscriptions', hasSubscription);
  }

  /** Ended subscriptions do not count: their CSM has no more work with them (§14). */
  async #refuseCsm(tx: Transaction, userId: string): Promise<void> {
    const count = await this.store.activeOf(tx, userId);
    if (count > 0) throw new Refusal('user-owns-subscriptions', { count });
  }
}
