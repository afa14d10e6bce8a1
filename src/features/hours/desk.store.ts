import { Injectable } from '@nestjs/common';
import type { Day } from '../../domain/calendar.js';
import type { LedgerEntry } from '../../domain/ledger.js';
import type { Transaction } from '../../platform/database.js';
import type { BookedEntry, ReversalRow } from './booked-entry.js';
import { timeEntryColumns } from './time-entry.store.js';

export interface LedgerRow extends LedgerEntry {
  id: string;
  termId: string;
  sequence: number;
  recordedAt: Date;
  balanceAfterMinutes: number;
}

/** Everything that a batch has changed. Pairs and days hold what they have come to; both are locked since they were read. */
export interface Writes {
  entries: BookedEntry[];
  reversals: ReversalRow[];
  ledger: LedgerRow[];
  pairs: Map<string, { termId: string; consultantId: string; productLineId: string; workedMinutes: number }>;
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
export class DeskStore {
  /** Entries never change, so they may be read before anything is locked. */
  async entries(tx: Transaction, ids: readonly string[]): Promise<Map<string, BookedEntry>> {
    const rows = await tx.prepared<BookedEntry>(
      'desk-entries',
      `select ${timeEntryColumns('e')} from time_entries e where e.id = any($1::uuid[])`,
      [ids],
    );
    return new Map(rows.map((row) => [row.id, row]));
  }

  async reversed(tx: Transaction, ids: readonly string[]): Promise<Set<string>> {
    const rows = await tx.prepared<{ id: string }>(
      'desk-reversed',
      'select time_entry_id as id from time_entry_reversals where time_entry_id = any($1::uuid[])',
      [ids],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /**
   * Locks days of consultants, over all customers, until the end of the transaction; `keys` must be sorted. PostgreSQL has
   * room for some thousand locks in all: whoever wants too many of them takes all days at once, which every other booking
   * holds shared.
   */
  async lockDays(tx: Transaction, keys: readonly string[]): Promise<void> {
    if (keys.length > mostDaysLocked) {
      await tx.prepared('desk-lock-all-days', 'select pg_advisory_xact_lock($1)', [allDaysLock]);
      return;
    }
    await tx.prepared(
      'desk-lock-days',
      `with days as materialized (select pg_advisory_xact_lock_shared($2))
       select count(pg_advisory_xact_lock(hashtextextended(key, 0))) from days, unnest($1::text[]) as key`,
      [keys, allDaysLock],
    );
  }

  /** What consultants have logged on days that are locked, by `dayKey`. */
  async days(tx: Transaction, days: readonly { consultantId: string; day: Day }[]): Promise<Map<string, number>> {
    const rows = await tx.prepared<{ minutes: number | null }>(
      'desk-days',
      // Not a join: one that was planned while the table was small reads all of it for each batch when it has grown.
      `select (select d.minutes from consultant_days d where (d.consultant_id, d.day) = (asked.consultant_id, asked.day))
         from unnest($1::uuid[], $2::date[]) with ordinality as asked (consultant_id, day, place) order by place`,
      [days.map(({ consultantId }) => consultantId), days.map(({ day }) => day)],
    );
    return new Map(days.map(({ consultantId, day }, at) => [dayKey(consultantId, day), rows[at]!.minutes ?? 0]));
  }

  /** Writes a whole batch. Balances, days of terms and commitments follow by triggers; the constraints have the last word. */
  async write(tx: Transaction, { entries, reversals, ledger, pairs, days }: Writes): Promise<void> {
    await tx.prepared('desk-write', writeAll, [
      JSON.stringify(entries),
      JSON.stringify(reversals),
      JSON.stringify(ledger),
      JSON.stringify([...pairs.values()]),
      JSON.stringify([...days.values()]),
    ]);
  }

  /**
   * Writes many new entries and what their pairs have come to, as one user recorded them at one moment. From arrays and not
   * from JSON, which takes PostgreSQL longer to read than the arrays take us to write. Their use is to follow in the same
   * transaction, by `writeUse`.
   */
  async writeEntries(tx: Transaction, { entries, pairs }: Pick<Writes, 'entries' | 'pairs'>): Promise<void> {
    const paired = [...pairs.values()];
    const { recordedAt, recordedBy } = entries[0]!;
    await tx.prepared('desk-write-entries', writeEntries, [
      recordedAt,
      recordedBy,
      plain(entries, ({ id }) => id),
      plain(entries, ({ subscriptionId }) => subscriptionId),
      plain(entries, ({ termId }) => termId),
      plain(entries, ({ workDate }) => workDate),
      plain(entries, ({ minutes }) => minutes),
      plain(entries, ({ consultantId }) => consultantId),
      plain(entries, ({ productLineId }) => productLineId),
      plain(entries, ({ activity }) => activity),
      plain(entries, ({ delivery }) => delivery),
      plain(entries, ({ visitId }) => visitId),
      entries.map(({ summary }) => summary),
      entries.map(({ reference }) => reference),
      plain(entries, ({ severity }) => severity),
      plain(entries, (entry) => entry.package),
      plain(entries, ({ accountingMonth }) => accountingMonth),
      plain(paired, ({ termId }) => termId),
      plain(paired, ({ consultantId }) => consultantId),
      plain(paired, ({ productLineId }) => productLineId),
      plain(paired, ({ workedMinutes }) => workedMinutes),
    ]);
  }

  /**
   * Writes what many entries have used. The more of them at once the less each costs, as every balance and every day of a
   * term is changed once for all of them, and not over and over in one transaction.
   */
  async writeUse(tx: Transaction, { ledger, days }: Pick<Writes, 'ledger' | 'days'>): Promise<void> {
    const daysOf = [...days.values()];
    await tx.prepared('desk-write-use', writeUse, [
      ledger[0]!.recordedAt,
      plain(daysOf, ({ consultantId }) => consultantId),
      plain(daysOf, ({ day }) => day),
      plain(daysOf, ({ minutes }) => minutes),
      plain(ledger, ({ id }) => id),
      plain(ledger, ({ termId }) => termId),
      plain(ledger, ({ sequence }) => sequence),
      plain(ledger, ({ kind }) => kind),
      plain(ledger, ({ minutes }) => minutes),
      plain(ledger, ({ onsiteMinutes }) => onsiteMinutes),
      plain(ledger, ({ effectiveOn }) => effectiveOn),
      plain(ledger, ({ timeEntryId }) => timeEntryId),
      plain(ledger, ({ balanceAfterMinutes }) => balanceAfterMinutes),
    ]);
  }
}

/** An array as PostgreSQL reads it, of values that need no quotation marks: ids, numbers, days and our own codes. */
function plain<Row>(rows: readonly Row[], valueOf: (row: Row) => string | number | null | undefined): string {
  return `{${rows.map((row) => valueOf(row) ?? 'NULL').join()}}`;
}

const writeEntries = `
with written_pairs as (
  insert into pair_balances (term_id, consultant_id, product_line_id, worked_minutes)
  select * from unnest($18::uuid[], $19::uuid[], $20::uuid[], $21::int[])
  on conflict (term_id, consultant_id, product_line_id) do update set worked_minutes = excluded.worked_minutes
)
insert into time_entries (recorded_at, recorded_by, id, subscription_id, term_id, work_date, minutes, consultant_id,
  product_line_id, activity, delivery, visit_id, summary, reference, severity, package, accounting_month)
select $1::timestamptz, $2::uuid, e.* from unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::date[], $7::int[], $8::uuid[],
  $9::uuid[], $10::text[], $11::text[], $12::uuid[], $13::text[], $14::text[], $15::smallint[], $16::text[], $17::text[]) as e`;

const writeUse = `
with written_days as (
  insert into consultant_days (consultant_id, day, minutes)
  select * from unnest($2::uuid[], $3::date[], $4::int[])
  on conflict (consultant_id, day) do update set minutes = excluded.minutes
)
insert into ledger_entries (recorded_at, id, term_id, sequence, kind, minutes, onsite_minutes, effective_on, time_entry_id,
  balance_after_minutes)
select $1::timestamptz, l.* from unnest($5::uuid[], $6::uuid[], $7::int[], $8::text[], $9::int[], $10::int[], $11::date[],
  $12::uuid[], $13::int[]) as l`;

const writeAll = `
with written_entries as (
  insert into time_entries (id, subscription_id, term_id, work_date, minutes, consultant_id, product_line_id, activity,
    delivery, visit_id, summary, reference, severity, package, accounting_month, adjusts_month, corrects_entry_id,
    recorded_at, recorded_by)
  select * from json_to_recordset($1::json) as e ("id" uuid, "subscriptionId" uuid, "termId" uuid, "workDate" date,
    "minutes" int, "consultantId" uuid, "productLineId" uuid, "activity" text, "delivery" text, "visitId" uuid,
    "summary" text, "reference" text, "severity" smallint, "package" text, "accountingMonth" text, "adjustsMonth" text,
    "correctsEntryId" uuid, "recordedAt" timestamptz, "recordedBy" uuid)
), written_reversals as (
  insert into time_entry_reversals (id, time_entry_id, reason, accounting_month, adjusts_month, recorded_at, recorded_by)
  select * from json_to_recordset($2::json) as r ("id" uuid, "timeEntryId" uuid, "reason" text, "accountingMonth" text,
    "adjustsMonth" text, "recordedAt" timestamptz, "recordedBy" uuid)
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
