import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { activities, deliveries, type Activity, type Delivery } from '../../domain/time-entry.js';
import { IsDay, IsId, IsName, IsNotBefore, IsNullable, IsText } from '../../platform/http/fields.js';
import { PageQuery } from '../../platform/http/paging.js';
import { BalanceAnswer } from '../ledger/balance.dto.js';

/** Minutes worked on one day by one consultant on one product line. */
export class NewTimeEntry {
  /** The day of the work, in the customer's time zone. */
  @IsDay()
  workDate!: string;

  /** Whole minutes; the rules decide how many of them can be taken. */
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  minutes!: number;

  @IsId()
  consultantId!: string;

  @IsId()
  productLineId!: string;

  @IsIn(activities)
  activity!: Activity;

  @IsIn(deliveries)
  delivery!: Delivery;

  /** The visit to which onsite work belongs. */
  @IsOptional()
  @IsNullable()
  @IsId()
  visitId?: string | null;

  @IsText({ max: 2_000 })
  summary!: string;

  /** For instance a case number. */
  @IsOptional()
  @IsNullable()
  @IsName({ max: 200 })
  reference?: string | null;

  /** The severity of the case, 1 to 4. */
  @IsOptional()
  @IsNullable()
  @IsInt()
  @Min(1)
  @Max(4)
  severity?: number | null;
}

/** A time entry in a batch, which may be about several subscriptions. */
export class NewTimeEntryOfSubscription extends NewTimeEntry {
  @IsId()
  subscriptionId!: string;
}

export class NewReversal {
  /** For staff: customers do not see it. */
  @IsText({ max: 2_000 })
  reason!: string;

  /** For the customer: it is printed on statements and shown to the customer's users. */
  @IsOptional()
  @IsNullable()
  @IsText({ max: 2_000 })
  customerNote?: string | null;
}

/** The whole new entry, and why it takes the place of the old one. */
export class NewCorrection extends NewTimeEntry {
  /** For staff: customers do not see it. */
  @IsText({ max: 2_000 })
  reason!: string;

  /** For the customer: it is printed on statements and shown to the customer's users. */
  @IsOptional()
  @IsNullable()
  @IsText({ max: 2_000 })
  customerNote?: string | null;
}

/** Forgotten work of a closed month. */
export class NewAdjustment extends NewTimeEntryOfSubscription {
  /** Why the closed month lacks the entry. For staff: customers do not see it. */
  @IsText({ max: 2_000 })
  reason!: string;
}

export class NewBatch {
  /** True: all entries or none. False: each that the rules accept. */
  @IsBoolean()
  atomic!: boolean;

  /** Up to 1,000 entries, each as for a single one with its `subscriptionId`; each is judged for itself. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1_000)
  entries!: NewTimeEntryOfSubscription[];
}

export class TimeEntriesQuery extends PageQuery {
  /** The first work day. */
  @IsOptional()
  @IsDay()
  from?: string;

  /** The last work day. */
  @IsOptional()
  @IsDay()
  @IsNotBefore('from')
  to?: string;

  @IsOptional()
  @IsId()
  consultantId?: string;

  @IsOptional()
  @IsId()
  productLineId?: string;

  @IsOptional()
  @IsIn(deliveries)
  delivery?: Delivery;

  @IsOptional()
  @IsIn(activities)
  activity?: Activity;
}

export class ReversalAnswer {
  id!: string;
  /** For staff: null where a customer's user reads it. */
  reason!: string | null;
  /** For the customer, where staff gave one. */
  customerNote!: string | null;
  recordedAt!: Date;
  recordedBy!: string;
  /** The reversed entry. This and the next two fields are only in the answer to a reversal or a correction. */
  timeEntryId?: string;
  /** The accounting month in which the reversal counts. */
  accountingMonth?: string;
  /** The closed month that the reversal adjusts. */
  adjustsMonth?: string | null;
}

export class TimeEntryAnswer {
  id!: string;
  subscriptionId!: string;
  termId!: string;
  workDate!: string;
  minutes!: number;
  consultantId!: string;
  productLineId!: string;
  activity!: Activity;
  delivery!: Delivery;
  visitId!: string | null;
  summary!: string;
  reference!: string | null;
  severity!: number | null;
  /** The package in force on the work day. */
  package!: string;
  /** The month in which it counts. */
  accountingMonth!: string;
  /** The closed month that it adjusts, where it counts in a later one. */
  adjustsMonth!: string | null;
  /** The entry whose place it took. */
  correctsEntryId!: string | null;
  /** Why forgotten work of a closed month was entered. For staff: null where a customer's user reads it. */
  adjustmentReason!: string | null;
  recordedAt!: Date;
  recordedBy!: string;
  reversal!: ReversalAnswer | null;
}

export class TimeEntryList {
  data!: TimeEntryAnswer[];
  nextCursor!: string | null;
}

export class WarningAnswer {
  code!: string;
  detail!: string;
  /** The earlier entry that a `possible-duplicate` equals. */
  timeEntryId?: string;
}

export class LoggedAnswer {
  entry!: TimeEntryAnswer;
  /** The balance of the entry's term after it. */
  balance!: BalanceAnswer;
  warnings!: WarningAnswer[];
}

export class ReversedAnswer {
  /** The entry that was taken back. */
  reversed!: TimeEntryAnswer;
  balance!: BalanceAnswer;
}

export class CorrectedAnswer extends LoggedAnswer {
  reversed!: TimeEntryAnswer;
}

export class BatchRowAnswer {
  /** The HTTP status that the single call would have had. */
  status!: number;
  entry?: TimeEntryAnswer;
  warnings?: WarningAnswer[];
  /** A problem document, where it was refused. */
  problem?: object;
}

export class BatchAnswer {
  accepted!: number;
  refused!: number;
  /** One for each entry, in the order in which they were sent. */
  results!: BatchRowAnswer[];
}
