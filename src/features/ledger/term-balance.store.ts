import { Injectable } from '@nestjs/common';
import type { Pair, PairBalance } from '../../domain/allocation.js';
import type { Day } from '../../domain/calendar.js';
import type { Balance, LedgerTotals } from '../../domain/ledger.js';
import type { Transaction } from '../../platform/database/transaction.js';
import type { AllocatedPair, BalanceLimits, NewBalance } from './balance-changes.js';
import type { TermBalanceRecord } from './term-balance.js';

export type PairRow = Pair & PairBalance;

/** A term balance as one row: the minutes are not nested, and the pairs are a list. */
export type TermBalanceRow = Omit<TermBalanceRecord, 'balance' | 'pairs'> & Balance & { pairs: PairRow[] };

/** Days of a term, from the first to the last one. */
export interface TermSpan {
  termId: string;
  from: Day;
  to: Day;
}

const balanceColumns = `b.term_id as "termId", b.granted_minutes as "grantedMinutes", b.used_minutes as "usedMinutes",
  b.expired_minutes as "expiredMinutes", b.onsite_cap_minutes as "onsiteCapMinutes",
  b.onsite_used_minutes as "onsiteUsedMinutes", b.closed, b.last_sequence as "lastSequence",
  b.visits_used as "visitsUsed", b.max_visits as "maxVisits", b.seats_used as "seatsUsed", b.max_seats as "maxSeats"`;

const pairsOfTerm = `(select coalesce(json_agg(json_build_object('consultantId', p.consultant_id, 'productLineId', p.product_line_id,
    'allocatedMinutes', p.allocated_minutes, 'workedMinutes', p.worked_minutes)), '[]')
  from pair_balances p where p.term_id = b.term_id) as pairs`;

/** The balances of terms, which triggers maintain from the ledger. No query here scans the ledger. */
@Injectable()
export class TermBalanceStore {
  /** The balances of terms; `recentUsedMinutes` is the use from the first to the second day. */
  balances(tx: Transaction, termIds: string[], fromOn: Day[], toOn: Day[]): Promise<TermBalanceRow[]> {
    return tx.prepared(
      'balances-of-terms',
      `select ${balanceColumns},
         (select coalesce(sum(d.used_minutes), 0) from term_days d
          where d.term_id = b.term_id and d.day between wanted.from_on and wanted.to_on) as "recentUsedMinutes",
         ${pairsOfTerm}
       from unnest($1::uuid[], $2::date[], $3::date[]) as wanted (term_id, from_on, to_on)
       join balances b on b.term_id = wanted.term_id`,
      [termIds, fromOn, toOn],
    );
  }

  /** The balances of terms without their recent use. */
  balancesAlone(tx: Transaction, termIds: string[]): Promise<Omit<TermBalanceRow, 'recentUsedMinutes'>[]> {
    return tx.prepared(
      'balances-alone',
      `select ${balanceColumns}, ${pairsOfTerm} from balances b where b.term_id = any($1::uuid[])`,
      [termIds],
    );
  }

  totals(tx: Transaction, termIds: readonly string[]): Promise<({ termId: string } & LedgerTotals)[]> {
    return tx.prepared(
      'balances-totals',
      `select term_id as "termId", granted_minutes as "grantedMinutes", used_minutes as "usedMinutes",
         expired_minutes as "expiredMinutes", onsite_used_minutes as "onsiteUsedMinutes"
       from balances where term_id = any($1::uuid[])`,
      [termIds],
    );
  }

  /** What a term's ledger added up to at the end of a day, and the minutes used from `recentFromOn` to that day. */
  async totalsOn(
    tx: Transaction,
    termId: string,
    on: Day,
    recentFromOn: Day,
  ): Promise<LedgerTotals & { recentUsedMinutes: number }> {
    const [totals] = await tx.query<LedgerTotals & { recentUsedMinutes: number }>(
      `select coalesce(sum(granted_minutes), 0) as "grantedMinutes", coalesce(sum(used_minutes), 0) as "usedMinutes",
         coalesce(sum(expired_minutes), 0) as "expiredMinutes", coalesce(sum(onsite_used_minutes), 0) as "onsiteUsedMinutes",
         coalesce(sum(used_minutes) filter (where day >= $3), 0) as "recentUsedMinutes"
       from term_days where term_id = $1 and day <= $2`,
      [termId, on, recentFromOn],
    );
    return totals!;
  }

  /** The minutes of terms, net of reversals, that were used on the days of each span. Omits spans without use. */
  usedIn(tx: Transaction, spans: readonly TermSpan[]): Promise<{ at: number; minutes: number }[]> {
    return tx.prepared(
      'balances-used-in-spans',
      `select (span.at - 1)::integer as at, used.minutes
       from unnest($1::uuid[], $2::date[], $3::date[]) with ordinality as span (term_id, from_on, to_on, at)
       cross join lateral (select sum(d.used_minutes) as minutes from term_days d
         where d.term_id = span.term_id and d.day between span.from_on and span.to_on) used
       where used.minutes <> 0`,
      [spans.map(({ termId }) => termId), spans.map(({ from }) => from), spans.map(({ to }) => to)],
    );
  }

  /** The used minutes, net of reversals, of each day of a term. */
  usedByDay(tx: Transaction, termId: string): Promise<{ workDate: Day; minutes: number }[]> {
    return tx.query(
      `select day as "workDate", used_minutes as minutes from term_days where term_id = $1 and used_minutes <> 0`,
      [termId],
    );
  }

  /** The allocated and worked minutes of each pair in terms. */
  pairs(tx: Transaction, termIds: string[]): Promise<PairRow[]> {
    return tx.prepared(
      'pairs-of-terms',
      `select consultant_id as "consultantId", product_line_id as "productLineId", allocated_minutes as "allocatedMinutes",
         worked_minutes as "workedMinutes"
       from pair_balances where term_id = any($1::uuid[])`,
      [termIds],
    );
  }

  /** Opens the balances of new terms. */
  async open(tx: Transaction, balances: readonly NewBalance[]): Promise<void> {
    await tx.prepared(
      'balances-open',
      `insert into balances (term_id, onsite_cap_minutes, max_visits, max_seats, alert_from_minutes)
       select * from unnest($1::uuid[], $2::integer[], $3::integer[], $4::integer[], $5::integer[])`,
      [
        balances.map(({ termId }) => termId),
        balances.map(({ onsiteCapMinutes }) => onsiteCapMinutes),
        balances.map(({ maxVisits }) => maxVisits),
        balances.map(({ learningSeats }) => learningSeats),
        balances.map(({ alertFromMinutes }) => alertFromMinutes),
      ],
    );
  }

  /** Sets the limits of a term that was upgraded. The minutes that the upgrade adds go through the ledger. */
  async setLimits(
    tx: Transaction,
    { termId, onsiteCapMinutes, maxVisits, learningSeats }: BalanceLimits,
  ): Promise<void> {
    await tx.query('update balances set onsite_cap_minutes = $2, max_visits = $3, max_seats = $4 where term_id = $1', [
      termId,
      onsiteCapMinutes,
      maxVisits,
      learningSeats,
    ]);
  }

  async close(tx: Transaction, termIds: readonly string[]): Promise<void> {
    await tx.prepared('balances-close', 'update balances set closed = true where term_id = any($1::uuid[])', [termIds]);
  }

  /** Sets the used minutes from which a booking makes a check of the alerts worthwhile. */
  async setAlertMinutes(
    tx: Transaction,
    terms: readonly { termId: string; fromMinutes: number | null }[],
  ): Promise<void> {
    await tx.query(
      `update balances b set alert_from_minutes = n.minutes
       from unnest($1::uuid[], $2::integer[]) as n (id, minutes)
       where b.term_id = n.id and b.alert_from_minutes is distinct from n.minutes`,
      [terms.map(({ termId }) => termId), terms.map(({ fromMinutes }) => fromMinutes)],
    );
  }

  /** Which of these terms have used as many minutes as `setAlertMinutes` set. */
  async reachedAlertMinutes(tx: Transaction, termIds: readonly string[]): Promise<Set<string>> {
    const rows = await tx.query<{ termId: string }>(
      `select term_id as "termId" from balances where term_id = any($1::uuid[]) and used_minutes >= alert_from_minutes`,
      [termIds],
    );
    return new Set(rows.map(({ termId }) => termId));
  }

  /** Sets the allocated minutes of pairs. The worked minutes stay. A trigger keeps the sum of the term. */
  async allocate(tx: Transaction, pairs: readonly AllocatedPair[]): Promise<void> {
    await tx.query(
      `insert into pair_balances (term_id, consultant_id, product_line_id, allocated_minutes)
       select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::integer[])
       on conflict (term_id, consultant_id, product_line_id)
       do update set allocated_minutes = excluded.allocated_minutes`,
      [
        pairs.map(({ termId }) => termId),
        pairs.map(({ consultantId }) => consultantId),
        pairs.map(({ productLineId }) => productLineId),
        pairs.map(({ minutes }) => minutes),
      ],
    );
  }
}
