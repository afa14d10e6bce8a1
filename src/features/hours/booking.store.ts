import { Injectable } from '@nestjs/common';
import type { Day } from '../../domain/calendar.js';
import { equalityText, type ComparedEntry } from '../../domain/equal-entries.js';
import type { LedgerEntry } from '../../domain/ledger.js';
import type { Transaction } from '../../platform/database/transaction.js';
import type { BookedEntry, ReversalRow } from './booked-entry.js';
import { timeEntryColumns } from './time-entry.store.js';

export interface NewLedgerEntry extends LedgerEntry {
  id: string;
  termId: string;
  sequence: number;
  recordedAt: Date;
  balanceAfterMinutes: number;
}

/** The minutes that a consultant has worked on a product line in a term. */
export interface PairWork {
  termId: string;
  consultantId: string;
  productLineId: string;
  workedMinutes: number;
}

/** Everything that a batch changes. Pairs and days hold their new totals; both have been locked since they were read. */
export interface Writes {
  entries: BookedEntry[];
  reversals: ReversalRow[];
  ledger: NewLedgerEntry[];
  pairs: Map<string, PairWork>;
  /** The keys of the pairs that have no row yet. */
  newPairs: Set<string>;
  days: Map<string, { consultantId: string; day: Day; minutes: number }>;
  /** The entry that fulfils a planned session from now on, or null, by the session's id. */
  fulfilments: Map<string, string | null>;
}

const allDaysLock = 1_002;
/** A transaction that needs more days locks all days at once. */
export const mostDaysLocked = 2_000;

export const dayKey = (consultantId: string, day: Day): string => `${consultantId} ${day}`;

/**
 * The SQL of bookings. Its one writing statement goes across rooms (entries, ledger, pairs, days): on this path, the number of
 * statements decides how many bookings a second are possible.
 */
@Injectable()
export class BookingStore {
  /** Entries never change, so this may read them before anything is locked. */
  async entries(tx: Transaction, ids: readonly string[]): Promise<Map<string, BookedEntry>> {
    const rows = await tx.prepared<BookedEntry>(
      'booking-entries',
      `select ${timeEntryColumns('e')} from time_entries e where e.id = any($1::uuid[])`,
      [ids],
    );
    return new Map(rows.map((row) => [row.id, row]));
  }

  async reversed(tx: Transaction, ids: readonly string[]): Promise<Set<string>> {
    const rows = await tx.prepared<{ id: string }>(
      'booking-reversed',
      'select time_entry_id as id from time_entry_reversals where time_entry_id = any($1::uuid[])',
      [ids],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /**
   * The ids of standing entries with these keys, up to `mostOfKey` for each key, by `equalityText`. To be sent after the
   * subscriptions are locked.
   */
  async equalEntries(tx: Transaction, keys: readonly number[], mostOfKey: number): Promise<Map<string, string[]>> {
    const found = await tx.prepared<ComparedEntry & { id: string; subscriptionId: string }>(
      'booking-equal-entries',
      `select e.* from unnest($1::bigint[]) as asked (key) cross join lateral (
         select e.id, subscription_id as "subscriptionId", work_date as "workDate", minutes, consultant_id as "consultantId",
           product_line_id as "productLineId", activity, delivery, summary, reference
         from time_entries e
         where e.equality_key = asked.key
           and not exists (select from time_entry_reversals r where r.time_entry_id = e.id)
         limit $2) e`,
      [keys, mostOfKey],
    );
    const ids = new Map<string, string[]>();
    for (const entry of found) {
      const text = equalityText(entry.subscriptionId, entry);
      const others = ids.get(text);
      if (others) others.push(entry.id);
      else ids.set(text, [entry.id]);
    }
    return ids;
  }

  /**
   * The number of standing entries with these keys, by `equalityText`. To be sent after the subscriptions are locked: then no
   * other transaction can add or reverse one.
   */
  async countEqual(tx: Transaction, keys: readonly number[]): Promise<Map<string, number>> {
    const found = await tx.prepared<ComparedEntry & { subscriptionId: string; count: number }>(
      'booking-count-equal',
      `select subscription_id as "subscriptionId", work_date as "workDate", minutes,
         consultant_id as "consultantId", product_line_id as "productLineId", activity, delivery, summary, reference,
         count(*) as count
       from time_entries e
       where equality_key = any($1::bigint[])
         and not exists (select from time_entry_reversals r where r.time_entry_id = e.id)
       group by 1, 2, 3, 4, 5, 6, 7, 8, 9`,
      [keys],
    );
    const counts = new Map<string, number>();
    for (const entry of found) {
      const text = equalityText(entry.subscriptionId, entry);
      // SQL counts texts apart that differ only in blanks, line ends or normal form.
      counts.set(text, (counts.get(text) ?? 0) + entry.count);
    }
    return counts;
  }

  /**
   * Locks consultants' days, across all customers, until the end of the transaction. `keys` must be sorted. PostgreSQL has room
   * for a few thousand locks in all. So a transaction that needs more than 2,000 days takes one lock of all days, which every
   * other booking shares.
   */
  async lockDays(tx: Transaction, keys: readonly string[]): Promise<void> {
    if (keys.length > mostDaysLocked) {
      await tx.prepared('booking-lock-all-days', 'select pg_advisory_xact_lock($1)', [allDaysLock]);
      return;
    }
    await tx.prepared(
      'booking-lock-days',
      `with days as materialized (select pg_advisory_xact_lock_shared($2))
       select count(pg_advisory_xact_lock(hashtextextended(key, 0))) from days, unnest($1::text[]) as key`,
      [keys, allDaysLock],
    );
  }

  /** As `lockDays`, without waiting. Returns the keys that are not locked, because another transaction has them. */
  async lockFreeDays(tx: Transaction, keys: readonly string[]): Promise<readonly string[]> {
    if (keys.length > mostDaysLocked) {
      const [row] = await tx.prepared<{ locked: boolean }>(
        'booking-lock-all-days-if-free',
        'select pg_try_advisory_xact_lock($1) as locked',
        [allDaysLock],
      );
      return row!.locked ? [] : keys;
    }
    const [row] = await tx.prepared<{ taken: string[] | null }>(
      'booking-lock-free-days',
      `with days as materialized (select pg_try_advisory_xact_lock_shared($2) as shared)
       select array_agg(key) filter (where not (shared and pg_try_advisory_xact_lock(hashtextextended(key, 0)))) as taken
       from days, unnest($1::text[]) as key`,
      [keys, allDaysLock],
    );
    return row!.taken ?? [];
  }

  /** The minutes that consultants have logged on locked days, by `dayKey`. */
  async days(tx: Transaction, days: readonly { consultantId: string; day: Day }[]): Promise<Map<string, number>> {
    const rows = await tx.prepared<{ minutes: number | null }>(
      'booking-days',
      // Not a join: a join that was planned while the table was small would later read the whole table for each batch.
      `select (select d.minutes from consultant_days d where (d.consultant_id, d.day) = (asked.consultant_id, asked.day))
         from unnest($1::uuid[], $2::date[]) with ordinality as asked (consultant_id, day, place) order by place`,
      [days.map(({ consultantId }) => consultantId), days.map(({ day }) => day)],
    );
    return new Map(days.map(({ consultantId, day }, at) => [dayKey(consultantId, day), rows[at]!.minutes ?? 0]));
  }

  /** Writes a whole batch. Triggers update balances, the days of terms and commitments; constraints check the result. */
  async write(tx: Transaction, { entries, reversals, ledger, pairs, days }: Writes): Promise<void> {
    await tx.prepared('booking-write', writeAll, [
      JSON.stringify(entries),
      JSON.stringify(reversals),
      JSON.stringify(ledger),
      JSON.stringify([...pairs.values()]),
      JSON.stringify([...days.values()]),
    ]);
  }
}

const writeAll = `
with written_entries as (
  insert into time_entries (id, subscription_id, term_id, work_date, minutes, consultant_id, product_line_id, activity,
    delivery, visit_id, summary, reference, severity, package, accounting_month, adjusts_month, corrects_entry_id,
    adjustment_reason, recorded_at, recorded_by)
  select * from json_to_recordset($1::json) as e ("id" uuid, "subscriptionId" uuid, "termId" uuid, "workDate" date,
    "minutes" int, "consultantId" uuid, "productLineId" uuid, "activity" text, "delivery" text, "visitId" uuid,
    "summary" text, "reference" text, "severity" smallint, "package" text, "accountingMonth" text, "adjustsMonth" text,
    "correctsEntryId" uuid, "adjustmentReason" text, "recordedAt" timestamptz, "recordedBy" uuid)
), written_reversals as (
  insert into time_entry_reversals (id, time_entry_id, reason, customer_note, accounting_month, adjusts_month, recorded_at,
    recorded_by)
  select * from json_to_recordset($2::json) as r ("id" uuid, "timeEntryId" uuid, "reason" text, "customerNote" text,
    "accountingMonth" text, "adjustsMonth" text, "recordedAt" timestamptz, "recordedBy" uuid)
), written_pairs as (
  insert into pair_balances (term_id, consultant_id, product_line_id, worked_minutes)
  select * from json_to_recordset($4::json) as p ("termId" uuid, "consultantId" uuid, "productLineId" uuid, "workedMinutes" int)
  on conflict (term_id, consultant_id, product_line_id) do update set worked_minutes = excluded.worked_minutes
), written_days as (
  insert into consultant_days (consultant_id, day, minutes)
  select * from json_to_recordset($5::json) as d ("consultantId" uuid, "day" date, "minutes" int)
  on conflict (consultant_id, day) do update set minutes = excluded.minutes
)
insert into ledger_entries (id, term_id, sequence, kind, minutes, onsite_minutes, effective_on, recorded_at, time_entry_id,
  balance_after_minutes)
select * from json_to_recordset($3::json) as l ("id" uuid, "termId" uuid, "sequence" int, "kind" text, "minutes" int,
  "onsiteMinutes" int, "effectiveOn" date, "recordedAt" timestamptz, "timeEntryId" uuid, "balanceAfterMinutes" int)`;
