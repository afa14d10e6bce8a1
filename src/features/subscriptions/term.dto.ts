import { IsOptional } from 'class-validator';
import type { PackageCode } from '../../domain/package.js';
import type { RenewalState, TermStatus } from '../../domain/term.js';
import { IsId, IsName, IsNullable } from '../../platform/http/fields.js';
import { PageQuery } from '../../platform/http/paging.js';

export class TermsQuery extends PageQuery {}

export class TermChange {
  /** `null` takes the order away. */
  @IsOptional()
  @IsNullable()
  @IsName({ max: 50 })
  purchaseOrder?: string | null;
}

export class BurnDownQuery {
  /** Without it, the current term. */
  @IsOptional()
  @IsId()
  termId?: string;
}

export class TermAnswer {
  id!: string;
  /** From 0. */
  number!: number;
  /** The package at its last upgrade. */
  package!: PackageCode;
  packageVersion!: string;
  startsOn!: string;
  /** The last day, inclusive. */
  endsOn!: string;
  /** The last day on which a notice of non-renewal is in time. */
  noticeDeadline!: string;
  status!: TermStatus;
  renewalState!: RenewalState;
  /** The customer's order for this term. A renewal starts without one. */
  purchaseOrder!: string | null;
  version!: number;
}

export class TermList {
  data!: TermAnswer[];
  nextCursor!: string | null;
}

export class BurnDownMonthAnswer {
  /** The service month within the term, from 0. */
  month!: number;
  startsOn!: string;
  endsOn!: string;
  plannedMinutes!: number;
  /** Net of reversals. */
  usedMinutes!: number;
  cumulativePlannedMinutes!: number;
  cumulativeUsedMinutes!: number;
}

export class BurnDownAnswer {
  termId!: string;
  months!: BurnDownMonthAnswer[];
}
