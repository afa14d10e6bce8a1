import { Injectable } from '@nestjs/common';
import type { Day } from '../../domain/calendar.js';
import type { LedgerEntry, LedgerKind } from '../../domain/ledger.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { newId } from '../../platform/ids.js';
import type { LedgerRow } from './ledger-row.js';
import { LedgerStore } from './ledger.store.js';

/** The number of entries in memory while a ledger is read. */
const batchEntries = 500;

export interface Posting {
  termId: string;
  /** In the order in which they happen. */
  entries: readonly LedgerEntry[];
}

/** Writes and reads the append-only record of every minute that was granted, used, reversed or expired (§4). */
@Injectable()
export class LedgerService {
  constructor(private readonly store: LedgerStore) {}

  /**
   * Posts entries to the ledgers of terms. The caller has locked their subscriptions. Triggers maintain the balances,
   * and refuse an entry that would break a promise of §4.
   */
  async post(tx: Transaction, postings: readonly Posting[], now: Date): Promise<void> {
    const lines = postings.flatMap(({ termId, entries }) => entries.map((entry) => ({ termId, ...entry })));
    if (lines.length === 0) return;
    await this.store.append(
      tx,
      {
        ids: lines.map(() => newId()),
        termIds: lines.map(({ termId }) => termId),
        kinds: lines.map(({ kind }) => kind),
        minutes: lines.map(({ minutes }) => minutes),
        onsiteMinutes: lines.map(({ onsiteMinutes }) => onsiteMinutes),
        effectiveOn: lines.map(({ effectiveOn }) => effectiveOn),
        timeEntryIds: lines.map(({ timeEntryId }) => timeEntryId ?? null),
      },
      now,
    );
  }

  /** All entries of a term in the order in which they were posted, in batches. */
  async *ofTerm(tx: Transaction, termId: string): AsyncGenerator<readonly LedgerRow[]> {
    let last = 0;
    for (;;) {
      const rows = await this.store.list(tx, termId, last, batchEntries);
      if (rows.length > 0) yield rows;
      if (rows.length < batchEntries) return;
      last = rows.at(-1)!.sequence;
    }
  }

  /** Up to `limit` entries of a term after a sequence number, in the order in which they were posted. */
  page(tx: Transaction, termId: string, afterSequence: number, limit: number): Promise<LedgerRow[]> {
    return this.store.list(tx, termId, afterSequence, limit);
  }

  /** The sums of a term's first entries, up to a sequence number, by kind and day. */
  sumsByDay(
    tx: Transaction,
    termId: string,
    lastSequence: number,
  ): Promise<{ kind: LedgerKind; effectiveOn: Day; minutes: number }[]> {
    return this.store.sumsByDay(tx, termId, lastSequence);
  }
}
