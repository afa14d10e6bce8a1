import { Injectable } from '@nestjs/common';
import type { Day } from '../../domain/calendar.js';
import { equalityText, type ComparedEntry } from '../../domain/equal-entries.js';
import type { LedgerEntry } from '../../domain/ledger.js';
import type { Transaction } from '../../platform/database/database.js';
import type { BookedEntry, ReversalRow } from './booked-entry.js';
import { timeEntryColumns } from './time-entry.store.js';

export interface NewLedgerEntry extends LedgerEntry {
  id: string;
  termId: string;
  sequence: number;
  recordedAt: Date;
  balanceAfterMinutes: number;
}

/** What a pair of consultant and product line has come to in a term. */
export interface PairWork {
  termId: string;
  consultantId: string;
  productLineId: string;
  workedMinutes: number;
}

/** Everything that a batch has changed. Pairs and days hold what they have come to; both are locked since they were read. */
export interface Writes {
  entries: BookedEntry[];
  reversals: ReversalRow[];
  ledger: NewLedgerEntry[];
  pairs: Map<string, PairWork>;
  /** The keys of those pairs that had no row before. */
  newPairs: Set<string>;
  days: Map<string, { consultantId: string; day: Day; minutes: number }>;
}

const allDaysLock = 1_002;
/** Whoever wants more days takes them all. */
export const mostDaysLocked = 2_000;

export const dayKey = (consultantId: string, day: Day): string => `${consultantId} ${day}`;

/**
 * The SQL of the desk. Its one writing statement goes across rooms (entries, ledger, pairs, days), because the path of a
 * booking is the one place where a statement more or less decides how many bookings a second there are.
 */
@Injectable()
export class BookingStore {
  /** Entries never change, so they may be read before anything is locked. */
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
   * Standing entries under some keys, up to so many for each key, as ids by `equalityText`. It must be sent when the subscriptions
   * are locked.
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
   * Locks days of consultants, over all customers, until the end of the transaction; `keys` must be sorted. PostgreSQL has
   * room for some thousand locks in all: whoever wants too many of them takes all days at once, which every other booking
   * holds shared.
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

  /** As `lockDays`, without waiting: returns the keys that somebody else has locked. */
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

  /** What consultants have logged on days that are locked, by `dayKey`. */
  async days(tx: Transaction, days: readonly { consultantId: string; day: Day }[]): Promise<Map<string, number>> {
    const rows = await tx.prepared<{ minutes: number | null }>(
      'booking-days',
      // Not a join: one that was planned while the table was small reads all of it for each batch when it has grown.
      `select (select d.minutes from consultant_days d where (d.consultant_id, d.day) = (asked.consultant_id, asked.day))
         from unnest($1::uuid[], $2::date[]) with ordinality as asked (consultant_id, day, place) order by place`,
      [days.map(({ consultantId }) => consultantId), days.map(({ day }) => day)],
    );
    return new Map(days.map(({ consultantId, day }, at) => [dayKey(consultantId, day), rows[at]!.minutes ?? 0]));
  }

  /** Writes a whole batch. Balances, days of terms and commitments follow by triggers; the constraints have the last word. */
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
