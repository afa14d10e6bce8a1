import { Injectable } from '@nestjs/common';
import type { Visibility } from '../../domain/access.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { lockOf } from '../../platform/database/database-errors.js';
import { visibilityCondition } from '../people/visibility.js';

/** A subscription that this transaction has locked. Its revision changes with every change of the contract. */
export interface LockedSubscription {
  subscriptionId: string;
  revision: number;
}

/**
 * Every way to lock a subscription. The lock guards the contract and the ledgers of its terms. A transaction that writes to either takes
 * it first, in the order of ids. A change of the contract also raises the revision.
 */
@Injectable()
export class SubscriptionLockStore {
  /** Locks a subscription for a change and returns its version; undefined if it is missing or not visible. */
  async raise(tx: Transaction, visibility: Visibility, id: string): Promise<{ version: number } | undefined> {
    const values: unknown[] = [id];
    const raised = tx.query<{ version: number }>(
      `update subscriptions s set revision = revision + 1
       where s.id = $1 and ${visibilityCondition(visibility, 's', values)} returning s.version`,
      values,
    );
    const [row] = await lockOf(id, raised);
    return row;
  }

  /** Locks a customer's subscriptions for a change and returns their ids. */
  async raiseOfCustomer(tx: Transaction, customerId: string): Promise<string[]> {
    const raised = tx.query<{ id: string }>(
      `with locked as (select id from subscriptions where customer_id = $1 order by id for no key update)
       update subscriptions s set revision = revision + 1 from locked where s.id = locked.id returning s.id`,
      [customerId],
    );
    return (await lockOf(customerId, raised)).map(({ id }) => id);
  }

  /** Locks subscriptions for a change. */
  async raiseAll(tx: Transaction, ids: readonly string[]): Promise<void> {
    await tx.query(
      `with locked as (select id from subscriptions where id = any($1::uuid[]) order by id for no key update)
       update subscriptions s set revision = revision + 1 from locked where s.id = locked.id`,
      [ids],
    );
  }

  /** Locks subscriptions for bookings, which leave the contract as it is. Waits for the locks. */
  lock(tx: Transaction, ids: readonly string[]): Promise<LockedSubscription[]> {
    return tx.prepared(
      'subscriptions-lock',
      `select id as "subscriptionId", revision from subscriptions where id = any($1::uuid[]) order by id for no key update`,
      [ids],
    );
  }

  /** As `lock`, without waiting: leaves out the subscriptions that another transaction has locked. */
  lockFree(tx: Transaction, ids: readonly string[]): Promise<LockedSubscription[]> {
    return tx.prepared(
      'subscriptions-lock-free',
      `select id as "subscriptionId", revision from subscriptions where id = any($1::uuid[]) order by id
       for no key update skip locked`,
      [ids],
    );
  }

  /** Locks a subscription against changes of its status only. Several transactions can hold this lock at a time. */
  async share(tx: Transaction, id: string): Promise<void> {
    await lockOf(id, tx.query('select from subscriptions where id = $1 for share', [id]));
  }
}
