import { Injectable } from '@nestjs/common';
import type { Allocation } from '../../domain/allocation.js';
import type { Day } from '../../domain/calendar.js';
import type { SubscriptionStatus } from '../../domain/contract.js';
import type { LedgerTotals } from '../../domain/ledger.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { DueTerms } from '../due-work/due-terms.js';
import { groupedByTerm } from './grouped-by-term.js';

/** A seat in use in a term that is over. */
export interface HeldSeat {
  id: string;
  learnerName: string;
  learnerEmail: string;
}

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

/** Finds the terms that are over, reads what the rules ask of them, and turns their subscriptions. */
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

  /** What each term's ledger adds up to. */
  async totals(tx: Transaction, termIds: readonly string[]): Promise<Map<string, LedgerTotals>> {
    const rows = await tx.prepared<LedgerTotals & { termId: string }>(
      'roll-overs-totals',
      `select term_id as "termId", granted_minutes as "grantedMinutes", used_minutes as "usedMinutes",
         expired_minutes as "expiredMinutes", onsite_used_minutes as "onsiteUsedMinutes"
       from balances where term_id = any($1::uuid[])`,
      [termIds],
    );
    return new Map(rows.map((row) => [row.termId, row]));
  }

  /** The present set of allocations of each term, in the order in which the lines were named; a term without is left out. */
  async allocations(tx: Transaction, termIds: readonly string[]): Promise<Map<string, Allocation[]>> {
    const rows = await tx.prepared<Allocation & { termId: string }>(
      'roll-overs-allocations',
      `select s.term_id as "termId", a.consultant_id as "consultantId", a.product_line_id as "productLineId", a.minutes,
         a.is_primary as "primary"
       from (select distinct on (term_id) id, term_id from allocation_sets where term_id = any($1::uuid[])
             order by term_id, sequence desc) s
       join allocations a on a.set_id = s.id
       order by s.term_id, a.position`,
      [termIds],
    );
    return groupedByTerm(rows);
  }

  /** The seats in use in each term, in the order of assignment; a term without is left out. */
  async seats(tx: Transaction, termIds: readonly string[]): Promise<Map<string, HeldSeat[]>> {
    const rows = await tx.prepared<HeldSeat & { termId: string }>(
      'roll-overs-seats',
      `select term_id as "termId", id, learner_name as "learnerName", learner_email as "learnerEmail"
       from seats where term_id = any($1::uuid[]) and ended_at is null order by term_id, sequence`,
      [termIds],
    );
    return groupedByTerm(rows);
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
