import { Injectable } from '@nestjs/common';
import type { Day } from '../../domain/calendar.js';
import type { RenewalState } from '../../domain/term.js';
import type { Transaction } from '../../platform/database/transaction.js';

/** A term whose next statement is planned. */
export interface PlannedStatement {
  termId: string;
  anchorOn: Day;
  number: number;
  nextAt: Date;
}

/** SQL of the moments of terms at which jobs of other rooms have something to do, and of the state of their renewal. */
@Injectable()
export class TermPlanStore {
  /**
   * Locks the renewal of the terms whose notice deadline has passed; returns their ids. The caller has locked the subscriptions, but did
   * not raise their revisions, because only this statement finds out which contracts change.
   */
  async lockRenewals(tx: Transaction, termIds: readonly string[], now: Date, to: RenewalState): Promise<string[]> {
    const locked = await tx.query<{ id: string }>(
      `with locked as (
         update terms set renewal_state = $3, next_reminder_at = null
         where id = any($1::uuid[]) and renewal_state = 'open' and lock_at <= $2 returning id, subscription_id
       ), raised as (
         update subscriptions s set revision = revision + 1 from locked where s.id = locked.subscription_id
       )
       select id from locked`,
      [termIds, now, to],
    );
    return locked.map(({ id }) => id);
  }

  /** Sets when the next reminder of each term is due, and whether a reminder has announced the deadline. */
  async planReminders(
    tx: Transaction,
    terms: readonly { termId: string; nextAt: Date | undefined; announced: boolean }[],
  ): Promise<void> {
    await tx.query(
      `update terms t set next_reminder_at = n.at, deadline_announced = t.deadline_announced or n.announced
       from unnest($1::uuid[], $2::timestamptz[], $3::boolean[]) as n (id, at, announced) where t.id = n.id`,
      [
        terms.map(({ termId }) => termId),
        terms.map(({ nextAt }) => nextAt ?? null),
        terms.map(({ announced }) => announced),
      ],
    );
  }

  /** Sets when the alerts of each term are checked next. */
  async planAlerts(tx: Transaction, terms: readonly { termId: string; nextAt: Date | null }[]): Promise<void> {
    await tx.query(
      `update terms t set next_alert_at = n.at
       from unnest($1::uuid[], $2::timestamptz[]) as n (id, at) where t.id = n.id`,
      [terms.map(({ termId }) => termId), terms.map(({ nextAt }) => nextAt)],
    );
  }

  /** Makes the open terms of a customer due for a check, because its mornings have moved with its zone. */
  async checkAlertsOfCustomer(tx: Transaction, customerId: string, now: Date): Promise<void> {
    await tx.query(
      `update terms t set next_alert_at = $2 from subscriptions s
       where s.customer_id = $1 and t.subscription_id = s.id and t.next_alert_at > $2`,
      [customerId, now],
    );
  }

  /** Sets when the next usage statement of each term is due. */
  async planStatements(tx: Transaction, terms: readonly { termId: string; nextAt: Date | null }[]): Promise<void> {
    await tx.query(
      `update terms t set next_statement_at = n.at
       from unnest($1::uuid[], $2::timestamptz[]) as n (id, at) where t.id = n.id`,
      [terms.map(({ termId }) => termId), terms.map(({ nextAt }) => nextAt)],
    );
  }

  /** The planned statements of a customer's terms, including due ones. */
  plannedStatements(tx: Transaction, customerId: string): Promise<PlannedStatement[]> {
    return tx.query(
      `select t.id as "termId", s.anchor_on as "anchorOn", t.number, t.next_statement_at as "nextAt"
       from subscriptions s join terms t on t.subscription_id = s.id
       where s.customer_id = $1 and t.next_statement_at is not null`,
      [customerId],
    );
  }
}
