import { IntersectionType } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { activities, deliveries, type Activity, type Delivery } from '../../domain/time-entry.js';
import { IsDay, IsId, IsName, IsNullable, IsText } from '../../platform/http/fields.js';
import { DayRange } from '../../platform/http/day-range.dto.js';
import { PageQuery } from '../../platform/http/paging.js';
import type { Problem } from '../../platform/http/problems.js';
import { BalanceAnswer } from '../ledger/balance.dto.js';

/** The minutes that one consultant worked on one day on one product line. */
export class NewTimeEntry {
  /** The day of the work in the customer's time zone. */
  @IsDay()
  workDate!: string;

  /** Whole minutes. */
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

  /** The visit of the work. Required for `onsite`, not allowed for `remote`. */
  @IsOptional()
  @IsNullable()
  @IsId()
  visitId?: string | null;

  @IsText({ max: 2_000 })
  summary!: string;

  /** A reference in another system, for example a case number. */
  @IsOptional()
  @IsNullable()
  @IsName({ max: 200 })
  reference?: string | null;

  /** The severity of the case, from 1 to 4. */
  @IsOptional()
  @IsNullable()
  @IsInt()
  @Min(1)
  @Max(4)
  severity?: number | null;

  /** The planned session that the entry fulfils. Default of a correction: the session of the entry that it replaces. */
  @IsOptional()
  @IsNullable()
  @IsId()
  plannedSessionId?: string | null;
}

/** A time entry of a batch. Entries of one batch can belong to different subscriptions. */
export class NewTimeEntryOfSubscription extends NewTimeEntry {
  @IsId()
  subscriptionId!: string;
}

export class NewReversal {
  /** The reason, for staff. Customers do not see it. */
  @IsText({ max: 2_000 })
  reason!: string;

  /** A note for the customer. Statements and the customer's users show it. */
  @IsOptional()
  @IsNullable()
  @IsText({ max: 2_000 })
  customerNote?: string | null;
}

/** The complete new entry, and the reason for the correction. */
export class NewCorrection extends IntersectionType(NewTimeEntry, NewReversal) {}

/** Work that was forgotten before its month was closed. */
export class NewAdjustment extends NewTimeEntryOfSubscription {
  /** Why the entry is missing in the closed month, for staff. Customers do not see it. */
  @IsText({ max: 2_000 })
  reason!: string;
}

export class NewBatch {
  /** `true`: book all entries or none. `false`: book each entry that the rules accept. */
  @IsBoolean()
  atomic!: boolean;

  /** Up to 1,000 entries. Each has the fields of a single entry and its `subscriptionId`. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1_000)
  entries!: NewTimeEntryOfSubscription[];
}

export class TimeEntriesQuery extends IntersectionType(PageQuery, DayRange) {
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
  /** The reason, for staff. `null` for a customer's user. */
  reason!: string | null;
  /** The note for the customer, if staff wrote one. */
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
  /** The package of the term on the work day. */
  package!: string;
  /** The accounting month in which the entry counts. */
  accountingMonth!: string;
  /** The closed month of the work day, if the entry counts in a later month as an adjustment. */
  adjustsMonth!: string | null;
  /** The entry that this one replaced. */
  correctsEntryId!: string | null;
  /** The planned session that the entry fulfils. `null` again after a reversal. */
  plannedSessionId!: string | null;
  /** The reason of an adjustment, for staff. `null` for a customer's user. */
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
  /** Only of `possible-duplicate`: the earlier, equal entry. */
  timeEntryId?: string;
}

export class LoggedEntryAnswer {
  entry!: TimeEntryAnswer;
  /** The balance of the term after the entry. */
  balance!: BalanceAnswer;
  warnings!: WarningAnswer[];
}

export class ReversedEntryAnswer {
  /** The entry that was reversed. */
  reversed!: TimeEntryAnswer;
  balance!: BalanceAnswer;
}

export class CorrectedEntryAnswer extends LoggedEntryAnswer {
  reversed!: TimeEntryAnswer;
}

export class BatchRowAnswer {
  /** The HTTP status that the single request would have had. */
  status!: number;
  entry?: TimeEntryAnswer;
  warnings?: WarningAnswer[];
  /** The problem document of a refused entry. */
  problem?: object;
}

export class BatchAnswer {
  accepted!: number;
  refused!: number;
  /** One result for each entry, in the order of the request. */
  results!: BatchRowAnswer[];
}

/** What became of one change of `HoursService.change`. */
export interface ChangeAnswer {
  /** The name that the caller gave the change. */
  name: string;
  /** Of an accepted change. */
  warnings?: WarningAnswer[];
  /** The problem document of a refused change. */
  problem?: Problem;
}

export interface ChangesAnswer {
  changes: ChangeAnswer[];
}
