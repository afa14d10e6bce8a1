import { Injectable } from '@nestjs/common';
import type { Transaction } from '../../platform/database/transaction.js';
import { tryAgainAt, type QuarantinedTerm } from './quarantine.js';

const columns = `job, subscription_id as "subscriptionId", term_id as "termId", error, since,
  last_tried_at as "lastTriedAt", tries, try_again_at as "tryAgainAt"`;

/** SQL of `set_asides`, the table of the quarantine. */
@Injectable()
export class QuarantineStore {
  /** Stores a failure and plans the next retry. Returns how often the job has failed for the subscription. */
  async add(
    tx: Transaction,
    failed: Pick<QuarantinedTerm, 'job' | 'subscriptionId' | 'termId' | 'error'>,
    now: Date,
  ): Promise<number> {
    const { job, subscriptionId, termId, error } = failed;
    const [before] = await tx.query<{ tries: number }>(
      'select tries from set_asides where job = $1 and subscription_id = $2 for update',
      [job, subscriptionId],
    );
    const tries = (before?.tries ?? 0) + 1;
    await tx.query(
      `insert into set_asides (job, subscription_id, term_id, error, since, last_tried_at, tries, try_again_at)
       values ($1, $2, $3, $4, $5, $5, $6, $7)
       on conflict (job, subscription_id) do update set term_id = excluded.term_id, error = excluded.error,
         last_tried_at = excluded.last_tried_at, tries = excluded.tries, try_again_at = excluded.try_again_at`,
      [job, subscriptionId, termId, error, now, tries, tryAgainAt(tries, now)],
    );
    return tries;
  }

  /** Takes a subscription out of quarantine. */
  async clear(tx: Transaction, job: string, subscriptionId: string): Promise<void> {
    await tx.query('delete from set_asides where job = $1 and subscription_id = $2', [job, subscriptionId]);
  }

  /** Ends the pause of a subscription in quarantine. Returns whether it is in quarantine. */
  async endPause(tx: Transaction, job: string, subscriptionId: string, now: Date): Promise<boolean> {
    const ended = await tx.query(
      // A retry is later than the failure, also if the clock stands still.
      `update set_asides set try_again_at = least(try_again_at, greatest($3, last_tried_at + interval '1 millisecond'))
       where job = $1 and subscription_id = $2 returning job`,
      [job, subscriptionId, now],
    );
    return ended.length > 0;
  }

  /** The subscriptions that a job is to retry by an instant, by subscription id; without `by`, all. */
  toRetry(
    tx: Transaction,
    job: string,
    by: Date | undefined,
    afterId: string | undefined,
    limit: number,
  ): Promise<QuarantinedTerm[]> {
    return tx.query(
      `select ${columns} from set_asides
       where job = $1 and try_again_at <= $2 and ($3::uuid is null or subscription_id > $3)
       order by subscription_id limit $4`,
      [job, by ?? 'infinity', afterId ?? null, limit],
    );
  }

  /** The quarantined subscriptions of all jobs, the oldest first, up to `limit` a job. */
  list(tx: Transaction, limit: number): Promise<QuarantinedTerm[]> {
    return tx.query(
      `select ${columns}
       from (select *, row_number() over (partition by job order by since, subscription_id) as place from set_asides) a
       where place <= $1 order by job, place`,
      [limit],
    );
  }
}
