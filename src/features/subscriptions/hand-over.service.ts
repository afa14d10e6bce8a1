import { Injectable } from '@nestjs/common';
import { Refusal, refuseByRules, type Violation } from '../../domain/refusal.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { SubscriptionLockStore } from '../ledger/subscription-lock.store.js';
import { UserService } from '../people/user.service.js';
import type { HandOver, HandOverAnswer } from './hand-over.dto.js';
import { HandOverStore } from './hand-over.store.js';

/** Gives a CSM's active subscriptions to another CSM (§13). */
@Injectable()
export class HandOverService {
  constructor(
    private readonly users: UserService,
    private readonly locks: SubscriptionLockStore,
    private readonly store: HandOverStore,
  ) {}

  /**
   * Hands over all active subscriptions of a user, or the given ones, all or none.
   * @throws Refusal `not-found`, `nothing-to-hand-over`, or by the rules: `hand-over-to-same`, `not-a-csm`,
   *   `user-inactive`, `subscription-not-owned`
   */
  async handOver(
    tx: Transaction,
    fromUserId: string,
    { toUserId, subscriptionIds }: HandOver,
    dryRun: boolean,
  ): Promise<HandOverAnswer> {
    if (dryRun) tx.rollBackAtEnd();
    if (!(await this.users.find(tx, fromUserId))) throw new Refusal('not-found');
    const target = await this.#targetWrong(tx, fromUserId, toUserId);
    const wanted = subscriptionIds ?? (await this.store.activeOf(tx, fromUserId));
    await this.locks.raiseAll(tx, wanted);
    // Under the lock: until then, another request could give one of them another CSM.
    const owned = await this.store.owned(tx, fromUserId, wanted);
    const violations = [...target, ...notOwned(subscriptionIds ?? [], owned)];
    if (violations.length > 0) throw refuseByRules(violations);
    if (owned.length === 0) throw new Refusal('nothing-to-hand-over');
    await this.store.give(
      tx,
      owned.map(({ subscriptionId }) => subscriptionId),
      toUserId,
    );
    return { fromUserId, toUserId, subscriptions: owned };
  }

  async #targetWrong(tx: Transaction, fromUserId: string, toUserId: string): Promise<Violation[]> {
    const pointer = '/toUserId';
    if (toUserId === fromUserId) return [{ code: 'hand-over-to-same', pointer }];
    const code = await this.users.holdCsm(tx, toUserId);
    return code === undefined ? [] : [{ code, params: { id: toUserId }, pointer }];
  }
}

function notOwned(asked: readonly string[], owned: HandOverAnswer['subscriptions']): Violation[] {
  const ids = new Set(owned.map(({ subscriptionId }) => subscriptionId));
  return asked.flatMap((id, at) =>
    ids.has(id.toLowerCase())
      ? []
      : [{ code: 'subscription-not-owned' as const, params: { id }, pointer: `/subscriptionIds/${at}` }],
  );
}
