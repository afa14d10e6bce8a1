import { IsIn, IsOptional } from 'class-validator';
import type { Day } from '../../domain/calendar.js';
import { expectations, type Expectation } from '../../domain/outlook.js';
import { IsDay, IsText } from '../../platform/http/fields.js';

export class NewOutlook {
  @IsIn(expectations)
  expectation!: Expectation;

  /** Why the CSM expects this. */
  @IsOptional()
  @IsText({ max: 2000 })
  reason?: string;

  /** What the CSM will do next. */
  @IsOptional()
  @IsText({ max: 500 })
  nextStep?: string;

  /** The day of the next step. */
  @IsOptional()
  @IsDay()
  nextStepOn?: string;
}

export class OutlookAuthor {
  id!: string;
  name!: string;
}

/** An outlook as lists of renewals show it. */
export class StatedOutlook {
  expectation!: Expectation;
  reason!: string | null;
  nextStep!: string | null;
  nextStepOn!: Day | null;
  recordedAt!: Date;
  recordedBy!: OutlookAuthor;
}

export class OutlookAnswer extends StatedOutlook {
  id!: string;
  termId!: string;
  /** From 0. */
  termNumber!: number;
}

export class PresentOutlookAnswer extends OutlookAnswer {
  /** The number of outlooks of the subscription: the value of the `ETag`. */
  version!: number;
}

export class OutlookHistory {
  /** The outlook of the current term. `null` if none is stated for it yet. */
  outlook!: OutlookAnswer | null;
  /** The number of outlooks of the subscription: the value of the `ETag`. 0 if none is stated yet. */
  version!: number;
  /** The outlooks of all terms, newest first. */
  data!: OutlookAnswer[];
  nextCursor!: string | null;
}
