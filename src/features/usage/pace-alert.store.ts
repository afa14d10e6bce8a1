import { Injectable } from '@nestjs/common';
import type { UsageAlert } from '../../domain/alerts.js';
import type { Transaction } from '../../platform/database/database.js';
import { DueTerms } from '../due-work/due-terms.js';

/** An alert that was given, with the facts at that moment. */
export interface GivenAlert {
  termId: string;
  alert: UsageAlert;
  givenAt: Date;
  /** False if a higher share was reached at the same time and its mail was sent instead. */
  mailed: boolean;
  grantedMinutes: number;
  usedMinutes: number;
  plannedMinutes: number;
  expiringMinutes: number;
}

/** When to check a term again: at an instant, or when a number of minutes is used. */
export interface NextLook {
  termId: string;
  nextAt: Date | null;
  fromMinutes: number | null;
}

/**
 * SQL of the alerts, and of the next check of each term: `terms.next_alert_at`. The database moves it forward when a
 * booking reaches `balances.alert_from_minutes`.
 */
@Injectable()
export class PaceAlertStore {
  readonly looks = new DueTerms('next_alert_at');

  /** In the order in which they were given. */
  given(tx: Transaction, termIds: readonly string[]): Promise<GivenAlert[]> {
    return tx.query(
      `select term_id as "termId", alert, given_at as "givenAt", mailed, granted_minutes as "grantedMinutes",
         used_minutes as "usedMinutes", planned_minutes as "plannedMinutes", expiring_minutes as "expiringMinutes"
       from usage_alerts where term_id = any($1::uuid[]) order by given_at, length(alert), alert`,
      [termIds],
    );
  }

  async give(tx: Transaction, alerts: readonly GivenAlert[]): Promise<void> {
    if (alerts.length === 0) return;
    await tx.query(
      `insert into usage_alerts (term_id, alert, given_at, mailed, granted_minutes, used_minutes, planned_minutes,
         expiring_minutes)
       select * from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::boolean[], $5::integer[], $6::integer[],
         $7::integer[], $8::integer[])`,
      [
        alerts.map(({ termId }) => termId),
        alerts.map(({ alert }) => alert),
        alerts.map(({ givenAt }) => givenAt),
        alerts.map(({ mailed }) => mailed),
        alerts.map(({ grantedMinutes }) => grantedMinutes),
        alerts.map(({ usedMinutes }) => usedMinutes),
        alerts.map(({ plannedMinutes }) => plannedMinutes),
        alerts.map(({ expiringMinutes }) => expiringMinutes),
      ],
    );
  }

  async planLooks(tx: Transaction, looks: readonly NextLook[]): Promise<void> {
    const ids = looks.map(({ termId }) => termId);
    await tx.query(
      `update terms t set next_alert_at = n.at
       from unnest($1::uuid[], $2::timestamptz[]) as n (id, at) where t.id = n.id`,
      [ids, looks.map(({ nextAt }) => nextAt)],
    );
    await tx.query(
      `update balances b set alert_from_minutes = n.minutes
       from unnest($1::uuid[], $2::integer[]) as n (id, minutes)
       where b.term_id = n.id and b.alert_from_minutes is distinct from n.minutes`,
      [ids, looks.map(({ fromMinutes }) => fromMinutes)],
    );
  }

  /** Which of these terms have reached `alert_from_minutes` since their last check. */
  async reachedSinceLook(tx: Transaction, termIds: readonly string[]): Promise<Set<string>> {
    const rows = await tx.query<{ termId: string }>(
      `select term_id as "termId" from balances where term_id = any($1::uuid[]) and used_minutes >= alert_from_minutes`,
      [termIds],
    );
    return new Set(rows.map(({ termId }) => termId));
  }

  /** Makes the open terms of a customer due for a check, because its mornings have moved with its zone. */
  async callForCustomer(tx: Transaction, customerId: string, now: Date): Promise<void> {
    await tx.query(
      `update terms t set next_alert_at = $2 from subscriptions s
       where s.customer_id = $1 and t.subscription_id = s.id and t.next_alert_at > $2`,
      [customerId, now],
    );
  }
}
