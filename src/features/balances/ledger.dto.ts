import { IntersectionType } from '@nestjs/swagger';
import type { LedgerKind } from '../../domain/ledger.js';
import { PageQuery } from '../../platform/http/paging.js';
import { TermQuery } from '../subscriptions/term.dto.js';

export class LedgerQuery extends IntersectionType(PageQuery, TermQuery) {}

export class LedgerEntryAnswer {
  id!: string;
  kind!: LedgerKind;
  /** Negative for `use` and `expiry`, positive for all other kinds. */
  minutes!: number;
  /** The onsite part, with the same sign. */
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
  /** The name of the amount that differs: of the balance, of an allocation or of a day. */
  field!: string;
  stored!: number;
  /** The value computed from the ledger, the time entries, the visits and the seats. */
  rebuilt!: number;
}

export class VerificationAnswer {
  consistent!: boolean;
  differences!: DifferenceAnswer[];
}
