import { Injectable } from '@nestjs/common';
import type { Month } from '../../domain/calendar.js';
import type { Transaction } from '../../platform/database.js';

/** Shared by every booking and exclusive to whoever closes a month: no booking slips past a closing. */
const periodLock = 1_001;

/** The accounting months that finance has closed (§12). */
@Injectable()
export class PeriodService {
  /** Keeps the months as they are until the end of the transaction; to be taken before any other lock but that of a key. */
  async hold(tx: Transaction): Promise<void> {
    await tx.prepared('periods-hold', 'select pg_advisory_xact_lock_shared($1)', [periodLock]);
  }

  /** The last closed month; all before it are closed too. Null while none is. */
  async closedThrough(tx: Transaction): Promise<Month | null> {
    const [row] = await tx.prepared<{ month: Month | null }>(
      'periods-closed-through',
      `select max(month) as month from accounting_periods where status = 'closed'`,
      [],
    );
    return row?.month ?? null;
  }
}
