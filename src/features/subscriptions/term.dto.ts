import { IsOptional } from 'class-validator';
import type { PackageCode } from '../../domain/package.js';
import type { RenewalState, TermStatus } from '../../domain/term.js';
import { IsId, IsName, IsNullable } from '../../platform/http/fields.js';

export class TermChange {
  /** `null` removes the purchase order. */
  @IsOptional()
  @IsNullable()
  @IsName({ max: 50 })
  purchaseOrder?: string | null;
}

/** Chooses a term of a subscription. */
export class TermQuery {
  /** Default: the current term. */
  @IsOptional()
  @IsId()
  termId?: string;
}

export class TermAnswer {
  id!: string;
  /** From 0. */
  number!: number;
  /** The package after the last upgrade of the term. */
  package!: PackageCode;
  packageVersion!: string;
  startsOn!: string;
  /** The last day, included. */
  endsOn!: string;
  /** The last day on which a notice of non-renewal is in time. */
  noticeDeadline!: string;
  status!: TermStatus;
  renewalState!: RenewalState;
  /** The customer's purchase order for this term. The next term starts without one. */
  purchaseOrder!: string | null;
  version!: number;
}

export class TermList {
  data!: TermAnswer[];
  nextCursor!: string | null;
}
