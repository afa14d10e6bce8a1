import { Injectable } from '@nestjs/common';
import type { UsageAlert } from '../../domain/alerts.js';
import type { Transaction } from '../../platform/database/transaction.js';
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
}
