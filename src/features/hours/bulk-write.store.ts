import { Injectable } from '@nestjs/common';
import { copyRows, copyText } from '../../platform/database/copy-in.js';
import type { PipelinedTransaction } from '../../platform/database/transaction.js';
import type { BookedEntry } from './booked-entry.js';
import type { NewLedgerEntry, PairWork, Writes } from './booking.store.js';

/**
 * Writes the entries of one user and one moment by COPY, which costs PostgreSQL two thirds of what the same rows in arrays cost.
 */
@Injectable()
export class BulkWriteStore {
  /** Writes new entries, and their pairs that have no row yet. A call of `use` must follow. */
  async entries(
    tx: PipelinedTransaction,
    entries: readonly BookedEntry[],
    newPairs: readonly PairWork[],
  ): Promise<void> {
    const recordedAt = entries[0]!.recordedAt.toISOString();
    await Promise.all([
      newPairs.length > 0 ? this.#pairs(tx, newPairs) : undefined,
      tx.copyIn(
        `time_entries (${entryColumns})`,
        copyRows(entries, (entry) => entryValues(entry, recordedAt)),
      ),
    ]);
  }

  /** Writes the minutes that entries used. One call for many entries changes each balance, pair and day only once. */
  async use(
    tx: PipelinedTransaction,
    { ledger, pairs, days }: Pick<Writes, 'ledger' | 'pairs' | 'days'>,
  ): Promise<void> {
    const worked = [...days.values()];
    const recordedAt = ledger[0]!.recordedAt.toISOString();
    await Promise.all([
      this.#pairs(tx, [...pairs.values()]),
      tx.prepared('bulk-days', writeDays, [
        plain(worked, ({ consultantId }) => consultantId),
        plain(worked, ({ day }) => day),
        plain(worked, ({ minutes }) => minutes),
      ]),
      tx.copyIn(
        `ledger_entries (${ledgerColumns})`,
        copyRows(ledger, (row) => ledgerValues(row, recordedAt)),
      ),
    ]);
  }

  async #pairs(tx: PipelinedTransaction, pairs: readonly PairWork[]): Promise<void> {
    await tx.prepared('bulk-pairs', writePairs, [
      plain(pairs, ({ termId }) => termId),
      plain(pairs, ({ consultantId }) => consultantId),
      plain(pairs, ({ productLineId }) => productLineId),
      plain(pairs, ({ workedMinutes }) => workedMinutes),
    ]);
  }
}

/** A PostgreSQL array of values that need no quotation marks: ids, numbers and days. */
function plain<Row>(rows: readonly Row[], valueOf: (row: Row) => string | number): string {
  return `{${rows.map(valueOf).join()}}`;
}

const entryColumns = `id, subscription_id, term_id, work_date, minutes, consultant_id, product_line_id, activity, delivery,
  visit_id, summary, reference, severity, package, accounting_month, recorded_at, recorded_by`;

const entryValues = (entry: BookedEntry, recordedAt: string): (string | number | null)[] => [
  entry.id,
  entry.subscriptionId,
  entry.termId,
  entry.workDate,
  entry.minutes,
  entry.consultantId,
  entry.productLineId,
  entry.activity,
  entry.delivery,
  entry.visitId,
  copyText(entry.summary),
  entry.reference === null ? null : copyText(entry.reference),
  entry.severity,
  entry.package,
  entry.accountingMonth,
  recordedAt,
  entry.recordedBy,
];

const ledgerColumns = `id, term_id, sequence, kind, minutes, onsite_minutes, effective_on, recorded_at, time_entry_id,
  balance_after_minutes`;

const ledgerValues = (row: NewLedgerEntry, recordedAt: string): (string | number | null | undefined)[] => [
  row.id,
  row.termId,
  row.sequence,
  row.kind,
  row.minutes,
  row.onsiteMinutes,
  row.effectiveOn,
  recordedAt,
  row.timeEntryId,
  row.balanceAfterMinutes,
];

const writePairs = `
insert into pair_balances (term_id, consultant_id, product_line_id, worked_minutes)
select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[])
on conflict (term_id, consultant_id, product_line_id) do update set worked_minutes = excluded.worked_minutes`;

const writeDays = `
insert into consultant_days (consultant_id, day, minutes)
select * from unnest($1::uuid[], $2::date[], $3::int[])
on conflict (consultant_id, day) do update set minutes = excluded.minutes`;
