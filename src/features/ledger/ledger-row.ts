import type { Day } from '../../domain/calendar.js';
import type { LedgerKind } from '../../domain/ledger.js';

/** A ledger entry as the database has it. */
export interface LedgerRow {
  id: string;
  sequence: number;
  kind: LedgerKind;
  minutes: number;
  onsiteMinutes: number;
  effectiveOn: Day;
  recordedAt: Date;
  timeEntryId: string | null;
  balanceAfterMinutes: number;
}
