import { Injectable } from '@nestjs/common';
import type { Visibility } from '../../domain/access.js';
import { Refusal } from '../../domain/refusal.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { SubscriptionLockStore } from '../ledger/subscription-lock.store.js';
import { ContractStore } from './contract.store.js';
import type { CoveredDays, SubscriptionName, SubscriptionContract } from './contract.js';
import { RollOverService } from './roll-over.service.js';

/** A list to choose from is not longer; the portfolio finds the others. */
const mostChoices = 500;

/** Reads contracts, and opens them for a change under the lock of their subscription. */
@Injectable()
export class ContractService {
  constructor(
    private readonly store: ContractStore,
    private readonly locks: SubscriptionLockStore,
    private readonly rollOvers: RollOverService,
  ) {}

  /**
   * The contract, locked for a change. The revision is raised, and terms that are over are rolled over. The version
   * is the one before that, because `If-Match` names the version that the caller could read.
   * @throws Refusal `not-found` if it is missing or not visible, `subscription-annulled`
   */
  async openForChange(
    tx: Transaction,
    visibility: Visibility,
    subscriptionId: string,
    now: Date,
  ): Promise<SubscriptionContract> {
    const found = await this.locks.raise(tx, visibility, subscriptionId);
    if (!found) throw new Refusal('not-found');
    await this.rollOvers.rollOver(tx, [subscriptionId], now);
    const contract = await this.#one(tx, subscriptionId);
    if (contract.status === 'annulled') throw new Refusal('subscription-annulled');
    return { ...contract, version: found.version };
  }

  /** Which of these ids are subscriptions. */
  existing(tx: Transaction, subscriptionIds: readonly string[]): Promise<string[]> {
    return this.store.existing(tx, subscriptionIds);
  }

  /** The contracts by the ids of their subscriptions, in a fixed number of SQL statements. */
  load(tx: Transaction, subscriptionIds: readonly string[]): Promise<Map<string, SubscriptionContract>> {
    return this.store.load(tx, subscriptionIds);
  }

  /** Whose subscriptions these are, by id. It does not check the visibility. */
  async names(tx: Transaction, subscriptionIds: readonly string[]): Promise<Map<string, SubscriptionName>> {
    const found = await this.store.names(tx, [...new Set(subscriptionIds)]);
    return new Map(found.map((subscription) => [subscription.id, subscription]));
  }

  /** Visible active subscriptions by the name of the customer, for a choice. */
  activeNames(tx: Transaction, visibility: Visibility): Promise<SubscriptionName[]> {
    return this.store.activeNames(tx, visibility, mostChoices);
  }

  /** Which of these subscriptions are visible. */
  visible(tx: Transaction, visibility: Visibility, subscriptionIds: readonly string[]): Promise<string[]> {
    return this.store.visible(tx, visibility, subscriptionIds);
  }

  /** The days that the visible subscriptions of customers cover. */
  coveredDays(tx: Transaction, visibility: Visibility, customerIds: readonly string[]): Promise<CoveredDays[]> {
    return this.store.coveredDays(tx, visibility, customerIds);
  }

  /**
   * The present contract, without a lock.
   * @throws Refusal `not-found` if it is missing or not visible
   */
  async see(tx: Transaction, visibility: Visibility, subscriptionId: string): Promise<SubscriptionContract> {
    if (!(await this.store.isVisible(tx, visibility, subscriptionId))) throw new Refusal('not-found');
    return this.#one(tx, subscriptionId);
  }

  /**
   * The present contract of a term, without a lock.
   * @throws Refusal `not-found` if the term is missing or not visible
   */
  async seeByTerm(tx: Transaction, visibility: Visibility, termId: string): Promise<SubscriptionContract> {
    const subscriptionId = await this.store.subscriptionOfTerm(tx, visibility, termId);
    if (subscriptionId === undefined) throw new Refusal('not-found');
    return this.#one(tx, subscriptionId);
  }

  /** The contract of a term, for a caller that has already checked the right to see it. */
  async findByTerm(tx: Transaction, termId: string): Promise<SubscriptionContract | undefined> {
    const subscriptionId = await this.store.subscriptionOfTerm(tx, { kind: 'all' }, termId);
    return subscriptionId === undefined ? undefined : this.#one(tx, subscriptionId);
  }

  async #one(tx: Transaction, subscriptionId: string): Promise<SubscriptionContract> {
    return (await this.store.load(tx, [subscriptionId])).get(subscriptionId)!;
  }
}
