import { Injectable } from '@nestjs/common';
import type { Sight } from '../../domain/access.js';
import { Refusal } from '../../domain/refusals.js';
import type { Transaction } from '../../platform/database.js';
import { ContractStore } from './contract.store.js';
import type { CoveredDays, SubscriptionContract } from './contract.js';
import { RollOverService } from './roll-over.service.js';

/** Reads contracts, and hands them out for a change under the one lock that each subscription has. */
@Injectable()
export class ContractService {
  constructor(
    private readonly store: ContractStore,
    private readonly rollOvers: RollOverService,
  ) {}

  /**
   * The contract, locked for a change: its revision is raised, and what was over by the calendar has been rolled. Its
   * version is the one before that, for `If-Match` is about what the caller could read.
   * @throws Refusal `not-found` where it is missing or out of sight, `subscription-annulled`
   */
  async openForChange(tx: Transaction, sight: Sight, subscriptionId: string, now: Date): Promise<SubscriptionContract> {
    const found = await this.store.raise(tx, sight, subscriptionId);
    if (!found) throw new Refusal('not-found');
    await this.rollOvers.rollOver(tx, [subscriptionId], now);
    const contract = await this.#one(tx, subscriptionId);
    if (contract.status === 'annulled') throw new Refusal('subscription-annulled');
    return { ...contract, version: found.version };
  }

  /** Locks subscriptions in the order of their ids and raises nothing: for bookings, which leave the contract as it is. */
  lock(tx: Transaction, subscriptionIds: readonly string[]): Promise<{ subscriptionId: string; revision: number }[]> {
    return this.store.lock(tx, subscriptionIds);
  }

  /** As `lock`, without waiting: subscriptions that somebody else has locked are left out, like those that do not exist. */
  lockFree(
    tx: Transaction,
    subscriptionIds: readonly string[],
  ): Promise<{ subscriptionId: string; revision: number }[]> {
    return this.store.lockFree(tx, subscriptionIds);
  }

  /** Those of these ids that are subscriptions. */
  existing(tx: Transaction, subscriptionIds: readonly string[]): Promise<string[]> {
    return this.store.existing(tx, subscriptionIds);
  }

  /** The contracts by the ids of their subscriptions, in a few statements however many there are. */
  load(tx: Transaction, subscriptionIds: readonly string[]): Promise<Map<string, SubscriptionContract>> {
    return this.store.load(tx, subscriptionIds);
  }

  /** Those of the subscriptions that are in sight. */
  inSight(tx: Transaction, sight: Sight, subscriptionIds: readonly string[]): Promise<string[]> {
    return this.store.inSight(tx, sight, subscriptionIds);
  }

  /** The days that the subscriptions of customers cover, as far as they are in sight. */
  coveredDays(tx: Transaction, sight: Sight, customerIds: readonly string[]): Promise<CoveredDays[]> {
    return this.store.coveredDays(tx, sight, customerIds);
  }

  /**
   * The contract as it stands, without a lock.
   * @throws Refusal `not-found` where it is missing or out of sight
   */
  async see(tx: Transaction, sight: Sight, subscriptionId: string): Promise<SubscriptionContract> {
    if (!(await this.store.isInSight(tx, sight, subscriptionId))) throw new Refusal('not-found');
    return this.#one(tx, subscriptionId);
  }

  /**
   * The contract of a term as it stands, without a lock.
   * @throws Refusal `not-found` if the term is missing or out of sight
   */
  async seeByTerm(tx: Transaction, sight: Sight, termId: string): Promise<SubscriptionContract> {
    const subscriptionId = await this.store.subscriptionOfTerm(tx, sight, termId);
    if (subscriptionId === undefined) throw new Refusal('not-found');
    return this.#one(tx, subscriptionId);
  }

  async #one(tx: Transaction, subscriptionId: string): Promise<SubscriptionContract> {
    return (await this.store.load(tx, [subscriptionId])).get(subscriptionId)!;
  }
}
