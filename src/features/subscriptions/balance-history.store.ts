import { Injectable } from '@nestjs/common';
import type { PairBalance } from '../../domain/allocation.js';
import type { Day } from '../../domain/calendar.js';
import type { LedgerTotals } from '../../domain/ledger.js';
import type { Transaction } from '../../platform/database/transaction.js';

/** Reads the facts of a term that were effective at the end of a day. */
@Injectable()
export class BalanceHistoryStore {
  async totals(tx: Transaction, termId: string, on: Day): Promise<LedgerTotals> {
    const [totals] = await tx.query<LedgerTotals>(
      `select coalesce(sum(granted_minutes), 0) as "grantedMinutes", coalesce(sum(used_minutes), 0) as "usedMinutes",
         coalesce(sum(expired_minutes), 0) as "expiredMinutes", coalesce(sum(onsite_used_minutes), 0) as "onsiteUsedMinutes"
       from term_days where term_id = $1 and day <= $2`,
      [termId, on],
    );
    return totals!;
  }

  async usedBetween(tx: Transaction, termId: string, fromOn: Day, toOn: Day): Promise<number> {
    const [row] = await tx.query<{ minutes: number }>(
      `select coalesce(sum(used_minutes), 0) as minutes from term_days where term_id = $1 and day between $2 and $3`,
      [termId, fromOn, toOn],
    );
    return row!.minutes;
  }

  /** The used minutes, net of reversals, of each day of the term. */
  usedByDay(tx: Transaction, termId: string): Promise<{ workDate: Day; minutes: number }[]> {
    return tx.query(
      `select day as "workDate", used_minutes as minutes from term_days where term_id = $1 and used_minutes <> 0`,
      [termId],
    );
  }

  /** The allocations in force, and the worked minutes of each pair. */
  pairs(
    tx: Transaction,
    subscriptionId: string,
    termId: string,
    on: Day,
  ): Promise<(PairBalance & { consultantId: string; productLineId: string })[]> {
    return tx.query(
      `with worked as (
         select e.consultant_id, e.product_line_id, sum(e.minutes) as minutes from time_entries e
         where e.subscription_id = $1 and e.term_id = $2 and e.work_date <= $3
           and not exists (select from time_entry_reversals r where r.time_entry_id = e.id)
         group by 1, 2
       ), allocated as (
         select a.consultant_id, a.product_line_id, a.minutes from allocations a
         where a.set_id = (
           select id from allocation_sets where term_id = $2 and from_on <= $3 order by sequence desc limit 1)
       )
       select consultant_id as "consultantId", product_line_id as "productLineId",
         coalesce(allocated.minutes, 0) as "allocatedMinutes", coalesce(worked.minutes, 0) as "workedMinutes"
       from worked full join allocated using (consultant_id, product_line_id)`,
      [subscriptionId, termId, on],
    );
  }

  /** Visits that were planned or had begun, and seats in use, at the end of a day, which is given as an instant. */
  async visitsAndSeats(
    tx: Transaction,
    termId: string,
    on: Day,
    dayEndsAt: Date,
  ): Promise<{ visitsUsed: number; seatsUsed: number }> {
    const [row] = await tx.query<{ visitsUsed: number; seatsUsed: number }>(
      `select
         (select count(*) from visits
          where term_id = $1 and status <> 'cancelled' and (created_at < $3 or starts_on <= $2)) as "visitsUsed",
         (select count(*) from seats
          where term_id = $1 and assigned_at < $3 and (ended_at is null or ended_at > $3)) as "seatsUsed"`,
      [termId, on, dayEndsAt],
    );
    return row!;
  }
}
