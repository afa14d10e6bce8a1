import { Injectable } from '@nestjs/common';
import { grantedKindsSql } from '../ledger/granted-kinds.js';
import type { Transaction } from '../../platform/database/transaction.js';

/** The stored amounts of a term that can be recomputed. */
export interface TermAmounts {
  grantedMinutes: number;
  usedMinutes: number;
  expiredMinutes: number;
  onsiteUsedMinutes: number;
  lastSequence: number;
  /** The minutes of the time entries that are not reversed; stored as the used minutes. */
  timeEntryMinutes: number;
  /** The minutes of top-ups that are not cancelled; rebuilt from their entries in the ledger. */
  topUpMinutes: number;
  committedMinutes: number;
  visitsUsed: number;
  seatsUsed: number;
  /** 1 for a closed term, else 0. */
  closed: number;
}

/** The limits of a term. −1: any number. */
export interface TermLimits {
  onsiteCapMinutes: number;
  maxVisits: number;
  maxSeats: number;
}

export interface StoredAndRebuiltTerm {
  termId: string;
  stored: TermAmounts;
  rebuilt: TermAmounts;
  limits: TermLimits;
}

export interface StoredDifference {
  termId: string;
  field: string;
  stored: number;
  rebuilt: number;
}

/** Recomputes ledgers, time entries, allocations, visits and seats, beside their stored amounts. */
@Injectable()
export class VerificationStore {
  /** The next subscriptions in the order of their ids. */
  async subscriptionsAfter(tx: Transaction, afterId: string | undefined, limit: number): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      `select id from subscriptions where $1::uuid is null or id > $1 order by id limit $2`,
      [afterId ?? null, limit],
    );
    return rows.map(({ id }) => id);
  }

  books(tx: Transaction, subscriptionIds: readonly string[]): Promise<StoredAndRebuiltTerm[]> {
    return tx.prepared(
      'verification-books',
      `with these as (select id, subscription_id, status from terms where subscription_id = any($1::uuid[])),
       ledger as (
         select l.term_id,
           coalesce(sum(l.minutes) filter (where l.kind in ${grantedKindsSql}), 0) as granted,
           coalesce(-sum(l.minutes) filter (where l.kind in ('use', 'reversal')), 0) as used,
           coalesce(-sum(l.minutes) filter (where l.kind in ('expiry', 'expiry-reversal')), 0) as expired,
           coalesce(sum(l.minutes) filter (where l.kind in ('supplement', 'goodwill', 'top-up-cancelled')), 0) as topped_up,
           -sum(l.onsite_minutes) as onsite, max(l.sequence) as last_sequence
         from ledger_entries l join these on these.id = l.term_id group by 1
       ),
       topped_up as (
         select u.term_id, sum(u.minutes - coalesce(u.cancelled_minutes, 0)) as minutes
         from top_ups u join these on these.id = u.term_id group by 1
       ),
       worked as (${workedSql}),
       entries as (select term_id, sum(minutes) as minutes from worked group by 1),
       allocated as (${allocatedSql}),
       committed as (
         select term_id, sum(greatest(coalesce(w.minutes, 0), coalesce(a.minutes, 0))) as minutes
         from worked w full join allocated a using (term_id, consultant_id, product_line_id) group by 1
       ),
       visited as (
         select v.term_id, count(*) as visits from visits v join these on these.id = v.term_id
         where v.status <> 'cancelled' group by 1
       ),
       seated as (
         select s.term_id, count(*) as seats from seats s join these on these.id = s.term_id
         where s.ended_at is null group by 1
       )
       select b.term_id as "termId",
         json_build_object('grantedMinutes', b.granted_minutes, 'usedMinutes', b.used_minutes,
           'expiredMinutes', b.expired_minutes, 'onsiteUsedMinutes', b.onsite_used_minutes,
           'lastSequence', b.last_sequence, 'timeEntryMinutes', b.used_minutes, 'committedMinutes', b.committed_minutes,
           'topUpMinutes', coalesce(topped_up.minutes, 0),
           'visitsUsed', b.visits_used, 'seatsUsed', b.seats_used, 'closed', b.closed::integer) as stored,
         json_build_object('grantedMinutes', coalesce(ledger.granted, 0), 'usedMinutes', coalesce(ledger.used, 0),
           'expiredMinutes', coalesce(ledger.expired, 0), 'onsiteUsedMinutes', coalesce(ledger.onsite, 0),
           'lastSequence', coalesce(ledger.last_sequence, 0), 'timeEntryMinutes', coalesce(entries.minutes, 0),
           'topUpMinutes', coalesce(ledger.topped_up, 0),
           'committedMinutes', coalesce(committed.minutes, 0), 'visitsUsed', coalesce(visited.visits, 0),
           'seatsUsed', coalesce(seated.seats, 0), 'closed', (these.status = 'closed')::integer) as rebuilt,
         json_build_object('onsiteCapMinutes', b.onsite_cap_minutes, 'maxVisits', coalesce(b.max_visits, -1),
           'maxSeats', b.max_seats) as limits
       from these join balances b on b.term_id = these.id
         left join ledger on ledger.term_id = these.id
         left join topped_up on topped_up.term_id = these.id
         left join entries on entries.term_id = these.id
         left join committed on committed.term_id = these.id
         left join visited on visited.term_id = these.id
         left join seated on seated.term_id = these.id
       order by these.id`,
      [subscriptionIds],
    );
  }

  /** Pairs whose stored minutes differ from their allocation and their time entries. */
  pairDifferences(tx: Transaction, subscriptionIds: readonly string[]): Promise<StoredDifference[]> {
    return tx.prepared(
      'verification-pairs',
      `with these as (select id, subscription_id from terms where subscription_id = any($1::uuid[])),
       worked as (${workedSql}),
       allocated as (${allocatedSql}),
       kept as (select p.* from pair_balances p join these on these.id = p.term_id),
       compared as (
         select term_id, consultant_id, product_line_id,
           coalesce(kept.allocated_minutes, 0) as allocated_stored, coalesce(allocated.minutes, 0) as allocated_rebuilt,
           coalesce(kept.worked_minutes, 0) as worked_stored, coalesce(worked.minutes, 0) as worked_rebuilt
         from kept full join worked using (term_id, consultant_id, product_line_id)
           full join allocated using (term_id, consultant_id, product_line_id)
       )
       select term_id as "termId", 'pairs/' || consultant_id || '/' || product_line_id || '/' || amount.field as field,
         amount.stored, amount.rebuilt
       from compared cross join lateral (values ('allocatedMinutes', allocated_stored, allocated_rebuilt),
         ('workedMinutes', worked_stored, worked_rebuilt)) as amount (field, stored, rebuilt)
       where amount.stored <> amount.rebuilt order by 1, 2`,
      [subscriptionIds],
    );
  }

  /** Days of a term whose stored minutes differ from the ledger. */
  dayDifferences(tx: Transaction, subscriptionIds: readonly string[]): Promise<StoredDifference[]> {
    return tx.prepared(
      'verification-days',
      `with these as (select id from terms where subscription_id = any($1::uuid[])),
       kept as (select d.* from term_days d join these on these.id = d.term_id),
       ledger as (
         select l.term_id, l.effective_on as day,
           coalesce(sum(l.minutes) filter (where l.kind in ${grantedKindsSql}), 0) as granted_minutes,
           coalesce(-sum(l.minutes) filter (where l.kind in ('use', 'reversal')), 0) as used_minutes,
           coalesce(-sum(l.minutes) filter (where l.kind in ('expiry', 'expiry-reversal')), 0) as expired_minutes,
           -sum(l.onsite_minutes) as onsite_used_minutes
         from ledger_entries l join these on these.id = l.term_id group by 1, 2
       )
       select term_id as "termId", 'days/' || day || '/' || amount.field as field, amount.stored, amount.rebuilt
       from kept full join ledger using (term_id, day)
       cross join lateral (values
         ('grantedMinutes', coalesce(kept.granted_minutes, 0), coalesce(ledger.granted_minutes, 0)),
         ('usedMinutes', coalesce(kept.used_minutes, 0), coalesce(ledger.used_minutes, 0)),
         ('expiredMinutes', coalesce(kept.expired_minutes, 0), coalesce(ledger.expired_minutes, 0)),
         ('onsiteUsedMinutes', coalesce(kept.onsite_used_minutes, 0), coalesce(ledger.onsite_used_minutes, 0))
       ) as amount (field, stored, rebuilt)
       where amount.stored <> amount.rebuilt order by 1, 2`,
      [subscriptionIds],
    );
  }
}

/** The worked minutes of each pair in `these` terms: entries that are not reversed. */
const workedSql = `
  select e.term_id, e.consultant_id, e.product_line_id, sum(e.minutes) as minutes
  from time_entries e join these on these.id = e.term_id
  where e.subscription_id = any($1::uuid[])
    and not exists (select from time_entry_reversals r where r.time_entry_id = e.id)
  group by 1, 2, 3`;

/** The present set of allocations of `these` terms. */
const allocatedSql = `
  select s.term_id, a.consultant_id, a.product_line_id, a.minutes
  from (select distinct on (term_id) id, term_id from allocation_sets
        where term_id in (select id from these) order by term_id, sequence desc) s
  join allocations a on a.set_id = s.id`;
