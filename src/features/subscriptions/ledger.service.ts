import { Injectable } from '@nestjs/common';
import type { LedgerEntry } from '../../domain/ledger.js';
import type { Transaction } from '../../platform/database.js';
import { newId } from '../../platform/ids.js';
import { LedgerStore } from './ledger.store.js';

export interface Posting {
  termId: string;
  /** In the order in which they happen. */
  entries: readonly LedgerEntry[];
}

/** The append-only record of every minute granted, used, reversed, expired (§4). */
@Injectable()
export class LedgerService {
  constructor(private readonly store: LedgerStore) {}

  /**
   * Posts entries to the ledgers of terms whose subscriptions the caller has locked; each goes on where its ledger ends.
   * The database keeps the balances with them, and refuses what would break a promise of §4.
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
}
