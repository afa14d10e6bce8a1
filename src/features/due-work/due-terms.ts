import type { Transaction } from '../../platform/database/transaction.js';
import { idBeforeAll } from '../../platform/ids.js';

/** A term for which something is due, and its subscription. */
export interface DueTerm {
  subscriptionId: string;
  termId: string;
}

/** Due terms are ordered by due time, then by term id. */
export interface DueTermInOrder extends DueTerm {
  dueAt: Date;
}

const notInQuarantine = (job: string): string => `not exists (select 1 from set_asides aside
  where aside.job = '${job}' and aside.subscription_id = t.subscription_id)`;

/**
 * The SQL that finds the terms that are due for a job. `column` of `terms t` holds the due time and has an index; `condition`
 * is the index's own condition.
 */
export class DueTerms {
  constructor(
    private readonly column: 'ends_at' | 'lock_at' | 'next_reminder_at' | 'next_alert_at' | 'next_statement_at',
    private readonly condition = `t.${column} is not null`,
  ) {}

  /**
   * The first time after `instant` at which a term falls due or a quarantined subscription is retried. One statement for
   * both, because the simulated clock asks every job at every step.
   */
  async nextAfter(tx: Transaction, job: string, instant: Date): Promise<Date | undefined> {
    const [row] = await tx.query<{ at: Date | null }>(
      `select least(
         (select t.${this.column} from terms t
          where ${this.condition} and t.${this.column} > $1 and ${notInQuarantine(job)} order by t.${this.column} limit 1),
         (select min(aside.try_again_at) from set_asides aside where aside.job = '${job}' and aside.try_again_at > $1)
       ) as at`,
      [instant],
    );
    return row?.at ?? undefined;
  }

  /** The terms that are due by `now` and not in quarantine, in order, from behind `after`. */
  by(
    tx: Transaction,
    job: string,
    now: Date,
    after: DueTermInOrder | undefined,
    limit: number,
  ): Promise<DueTermInOrder[]> {
    return tx.query(
      `select t.subscription_id as "subscriptionId", t.id as "termId", t.${this.column} as "dueAt" from terms t
       where ${this.condition} and t.${this.column} <= $1 and (t.${this.column}, t.id) > ($2, $3) and ${notInQuarantine(job)}
       order by t.${this.column}, t.id limit $4`,
      [now, after?.dueAt ?? '-infinity', after?.termId ?? idBeforeAll, limit],
    );
  }
}
