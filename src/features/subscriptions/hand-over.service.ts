import { Injectable } from '@nestjs/common';
import { Refusal, refuseByRules, type Violation } from '../../domain/refusal.js';
import type { Transaction } from '../../platform/database/transaction.js';
import type { Actor } from '../../domain/access.js';
import { Clock } from '../../platform/clock.js';
import { newId } from '../../platform/ids.js';
import { MailQueue } from '../../platform/mail/mail-queue.js';
import type { MailToQueue } from '../../platform/mail/mail.store.js';
import type { UserAnswer } from '../people/people.dto.js';
import { SubscriptionLockStore } from '../ledger/subscription-lock.store.js';
import { UserService } from '../people/user.service.js';
import type { HandOver, HandOverAnswer } from './hand-over.dto.js';
import { handOverKind, type HandOverFacts } from './hand-over.mail.js';
import { HandOverStore } from './hand-over.store.js';

/** Gives a CSM's active subscriptions to another CSM (§13). */
@Injectable()
export class HandOverService {
  constructor(
    private readonly users: UserService,
    private readonly locks: SubscriptionLockStore,
    private readonly store: HandOverStore,
    private readonly mails: MailQueue,
    private readonly clock: Clock,
  ) {}

  /**
   * Hands over all active subscriptions of a user, or the given ones, all or none. Each of the two CSMs gets one mail.
   * @throws Refusal `not-found`, `nothing-to-hand-over`, or by the rules: `hand-over-to-same`, `not-a-csm`,
   *   `user-inactive`, `subscription-not-owned`
   */
  async handOver(
    tx: Transaction,
    actor: Actor,
    fromUserId: string,
    { toUserId, subscriptionIds }: HandOver,
    dryRun: boolean,
  ): Promise<HandOverAnswer> {
    if (dryRun) tx.rollBackAtEnd();
    const from = await this.users.find(tx, fromUserId);
    if (!from) throw new Refusal('not-found');
    const target = await this.#targetWrong(tx, fromUserId, toUserId);
    const wanted = subscriptionIds ?? (await this.store.activeOf(tx, fromUserId));
    await this.locks.raiseAll(tx, wanted);
    // Under the lock: until then, another request could give a subscription another CSM.
    const owned = await this.store.owned(tx, fromUserId, wanted);
    const violations = [...target, ...notOwned(subscriptionIds ?? [], owned)];
    if (violations.length > 0) throw refuseByRules(violations);
    if (owned.length === 0) throw new Refusal('nothing-to-hand-over');
    await this.store.give(
      tx,
      owned.map(({ subscriptionId }) => subscriptionId),
      toUserId,
    );
    const to = (await this.users.find(tx, toUserId))!;
    await this.mails.queue(tx, letters({ from, to, by: actor.name, subscriptions: owned }), this.clock.now());
    return { fromUserId, toUserId, subscriptions: owned };
  }

  async #targetWrong(tx: Transaction, fromUserId: string, toUserId: string): Promise<Violation[]> {
    const pointer = '/toUserId';
    if (toUserId === fromUserId) return [{ code: 'hand-over-to-same', pointer }];
    const code = await this.users.holdCsm(tx, toUserId);
    return code === undefined ? [] : [{ code, params: { id: toUserId }, pointer }];
  }
}

function letters({
  from,
  to,
  ...facts
}: Pick<HandOverFacts, 'by' | 'subscriptions'> & Record<'from' | 'to', UserAnswer>): MailToQueue[] {
  const occasion = newId();
  const named = { from: { name: from.name, email: from.email }, to: { name: to.name, email: to.email } };
  return [from, to].map(({ id, name, email, locale }) => ({
    kind: handOverKind,
    userId: id,
    occasion,
    recipientRole: 'csm',
    recipientName: name,
    recipientAddress: email,
    locale: locale ?? 'en',
    facts: { ...named, ...facts, isNewCsm: id === to.id } satisfies HandOverFacts,
    validUntil: null,
  }));
}

function notOwned(asked: readonly string[], owned: HandOverAnswer['subscriptions']): Violation[] {
  const ids = new Set(owned.map(({ subscriptionId }) => subscriptionId));
  return asked.flatMap((id, at) =>
    ids.has(id.toLowerCase())
      ? []
      : [{ code: 'subscription-not-owned' as const, params: { id }, pointer: `/subscriptionIds/${at}` }],
  );
}
