import { Injectable } from '@nestjs/common';
import type { Day } from '../../domain/calendar.js';
import type { LedgerKind } from '../../domain/ledger.js';
import type { Transaction } from '../../platform/database/transaction.js';
import type { LedgerRow } from './ledger-row.js';

/** Entries to append, by column. The entries of a term are in the order of posting. */
export interface LedgerColumns {
  ids: string[];
  termIds: string[];
  kinds: LedgerKind[];
  minutes: number[];
  onsiteMinutes: number[];
  effectiveOn: Day[];
  timeEntryIds: (string | null)[];
}

/** SQL of the ledger. Triggers maintain the balances, and refuse entries out of sequence. */
@Injectable()
export class LedgerStore {
  /** Sequence and balance continue those of the term, so the caller must hold the lock of its subscription. */
  async append(tx: Transaction, columns: LedgerColumns, recordedAt: Date): Promise<void> {
    await tx.prepared(
      'ledger-append',
      `insert into ledger_entries
         (id, term_id, sequence, kind, minutes, onsite_minutes, effective_on, recorded_at, time_entry_id, balance_after_minutes)
       select e.id, e.term_id, b.last_sequence + row_number() over entries, e.kind, e.minutes, e.onsite_minutes,
         e.effective_on, $8, e.time_entry_id,
         b.granted_minutes - b.used_minutes - b.expired_minutes + sum(e.minutes) over entries
       from unnest($1::uuid[], $2::uuid[], $3::text[], $4::integer[], $5::integer[], $6::date[], $7::uuid[])
         with ordinality as e (id, term_id, kind, minutes, onsite_minutes, effective_on, time_entry_id, position)
       join balances b on b.term_id = e.term_id
       window entries as (partition by e.term_id order by e.position)`,
      [
        columns.ids,
        columns.termIds,
        columns.kinds,
        columns.minutes,
        columns.onsiteMinutes,
        columns.effectiveOn,
        columns.timeEntryIds,
        recordedAt,
      ],
    );
  }

  /** The sums of a term's first entries, up to a sequence number, by kind and day. */
  sumsByDay(
    tx: Transaction,
    termId: string,
    lastSequence: number,
  ): Promise<{ kind: LedgerKind; effectiveOn: Day; minutes: number }[]> {
    return tx.prepared(
      'ledger-sums-by-day',
      `select kind, effective_on as "effectiveOn", sum(minutes) as minutes
       from ledger_entries where term_id = $1 and sequence <= $2 group by 1, 2 order by 2, 1`,
      [termId, lastSequence],
    );
  }

  /** The entries of a term in the order in which they were posted. */
  list(tx: Transaction, termId: string, afterSequence: number, limit: number): Promise<LedgerRow[]> {
    return tx.prepared(
      'ledger-of-term',
      `select id, sequence, kind, minutes, onsite_minutes as "onsiteMinutes", effective_on as "effectiveOn",
         recorded_at as "recordedAt", time_entry_id as "timeEntryId", balance_after_minutes as "balanceAfterMinutes"
       from ledger_entries where term_id = $1 and sequence > $2 order by sequence limit $3`,
      [termId, afterSequence, limit],
    );
  }
}
