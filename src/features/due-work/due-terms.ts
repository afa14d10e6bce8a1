import type { Transaction } from '../../platform/database/database.js';
import { idBeforeAll } from '../../platform/ids.js';

/** A subscription of which something is due, and the term that it is about. */
export interface Due {
  subscriptionId: string;
  termId: string;
}

/** Its place in the order of such moments is (moment, term). */
export interface DueInOrder extends Due {
  dueAt: Date;
}

/** What a job has not set aside of the terms `t`. */
const notSetAside = (job: string): string => `not exists (select 1 from set_asides aside
  where aside.job = '${job}' and aside.subscription_id = t.subscription_id)`;

/**
 * SQL of the moments at which something of a term falls due for a job: a column of `terms t` with an index, and a condition
 * on the terms for which it counts, as it stands in the index.
 */
export class DueTerms {
  constructor(
    private readonly column: 'ends_at' | 'lock_at' | 'next_reminder_at' | 'next_alert_at' | 'next_statement_at',
    private readonly condition = `t.${column} is not null`,
  ) {}

  /**
   * The first moment after `instant` at which something falls due that the job has not set aside, or at which it tries again
   * what it has. In one statement, as every step through time asks it of every job.
   */
  async nextAfter(tx: Transaction, job: string, instant: Date): Promise<Date | undefined> {
    const [row] = await tx.query<{ at: Date | null }>(
      `select least(
         (select t.${this.column} from terms t
          where ${this.condition} and t.${this.column} > $1 and ${notSetAside(job)} order by t.${this.column} limit 1),
         (select min(aside.try_again_at) from set_asides aside where aside.job = '${job}' and aside.try_again_at > $1)
       ) as at`,
      [instant],
    );
    return row?.at ?? undefined;
  }

  /** What is due by `now` and not set aside, in order, from after the last one of the chunk before. */
  by(tx: Transaction, job: string, now: Date, after: DueInOrder | undefined, limit: number): Promise<DueInOrder[]> {
    return tx.query(
      `select t.subscription_id as "subscriptionId", t.id as "termId", t.${this.column} as "dueAt" from terms t
       where ${this.condition} and t.${this.column} <= $1 and (t.${this.column}, t.id) > ($2, $3) and ${notSetAside(job)}
       order by t.${this.column}, t.id limit $4`,
      [now, after?.dueAt ?? '-infinity', after?.termId ?? idBeforeAll, limit],
    );
  }
}
