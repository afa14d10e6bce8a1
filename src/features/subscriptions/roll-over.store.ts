import { Injectable } from '@nestjs/common';
import type { Day } from '../../domain/calendar.js';
import type { SubscriptionStatus } from '../../domain/contract.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { DueTerms } from '../due-work/due-terms.js';

export interface EnrolmentEnd {
  subscriptionId: string;
  productLineId: string;
  /** The first day without the product line. */
  untilOn: Day;
}

/** A subscription after one of its terms has rolled over. */
export interface RolledSubscription {
  subscriptionId: string;
  status: SubscriptionStatus;
  currentTermId: string;
}

/** Finds the terms that are over, and updates their subscriptions. */
@Injectable()
export class RollOverStore {
  /** Terms that are over. */
  readonly over = new DueTerms('ends_at', "t.status = 'open'");

  /** Which of the subscriptions have a term that is over by now and still open. */
  async due(tx: Transaction, subscriptionIds: readonly string[], now: Date): Promise<string[]> {
    const rows = await tx.prepared<{ id: string }>(
      'roll-overs-due',
      `select subscription_id as id from terms
       where subscription_id = any($1::uuid[]) and status = 'open' and ends_at <= $2 order by 1`,
      [subscriptionIds, now],
    );
    return rows.map(({ id }) => id);
  }

  async update(tx: Transaction, rolled: readonly RolledSubscription[]): Promise<void> {
    await tx.prepared(
      'roll-overs-update',
      `update subscriptions s set status = t.status, current_term_id = t.current_term_id, next_package = null,
         version = s.version + 1, revision = s.revision + 1
       from unnest($1::uuid[], $2::text[], $3::uuid[]) as t (id, status, current_term_id) where s.id = t.id`,
      [
        rolled.map(({ subscriptionId }) => subscriptionId),
        rolled.map(({ status }) => status),
        rolled.map(({ currentTermId }) => currentTermId),
      ],
    );
  }

  /** Ends enrolments, also those that would have ended later. */
  async endEnrolments(tx: Transaction, leaving: readonly EnrolmentEnd[]): Promise<void> {
    if (leaving.length === 0) return;
    await tx.prepared(
      'roll-overs-end-enrolments',
      `update enrolments e set until_on = l.until_on
       from unnest($1::uuid[], $2::uuid[], $3::date[]) as l (subscription_id, product_line_id, until_on)
       where e.subscription_id = l.subscription_id and e.product_line_id = l.product_line_id
         and e.from_on < l.until_on and (e.until_on is null or e.until_on > l.until_on)`,
      [
        leaving.map(({ subscriptionId }) => subscriptionId),
        leaving.map(({ productLineId }) => productLineId),
        leaving.map(({ untilOn }) => untilOn),
      ],
    );
  }
}
