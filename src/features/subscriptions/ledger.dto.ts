import { IsOptional } from 'class-validator';
import type { LedgerKind } from '../../domain/ledger.js';
import { IsId } from '../../platform/http/fields.js';
import { PageQuery } from '../../platform/http/paging.js';

export class LedgerQuery extends PageQuery {
  /** Without it, the current term. */
  @IsOptional()
  @IsId()
  termId?: string;
}

export class LedgerEntryAnswer {
  id!: string;
  kind!: LedgerKind;
  /** Negative where minutes are taken: `use` and `expiry`. */
  minutes!: number;
  /** Signed like the minutes. */
  onsiteMinutes!: number;
  effectiveOn!: string;
  recordedAt!: Date;
  timeEntryId?: string;
  balanceAfterMinutes!: number;
}

export class LedgerList {
  data!: LedgerEntryAnswer[];
  nextCursor!: string | null;
}

export class DifferenceAnswer {
  termId!: string;
  /** What differs: an amount of the balance, of a pair or of a day. */
  field!: string;
  stored!: number;
  /** What the ledger, the time entries, the visits and the seats add up to. */
  rebuilt!: number;
}

export class VerificationAnswer {
  consistent!: boolean;
  differences!: DifferenceAnswer[];
}
