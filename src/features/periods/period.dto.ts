import { IsBoolean, IsOptional } from 'class-validator';
import { IsText } from '../../platform/http/fields.js';

export class Closing {
  /** True: closes a month that is not over yet. */
  @IsOptional()
  @IsBoolean()
  early?: boolean;
}

export class Reopening {
  /** Why; it is kept for ever. */
  @IsText({ max: 2000 })
  reason!: string;
}

/** What a month counted when it was closed, over everybody. */
export class ControlTotals {
  /** As many as the report usage-lines has for the month on the basis `closed`. */
  rows!: number;
  minutes!: number;
  onsiteMinutes!: number;
}

export class PeriodEventAnswer {
  event!: 'closed' | 'reopened';
  /** The month that was asked for: others are closed or reopened along with it. */
  askedMonth!: string;
  at!: Date;
  /** The user who did it. */
  by!: string;
  /** Why it was reopened. */
  reason!: string | null;
  /** Of a closing; kept when the month is reopened. */
  controlTotals!: ControlTotals | null;
}

export class PeriodAnswer {
  month!: string;
  status!: 'open' | 'closed';
  closedAt!: Date | null;
  closedBy!: string | null;
  /** Compared at every later export on the basis `closed`; null while the month is open. */
  controlTotals!: ControlTotals | null;
  /** Every closing and reopening, oldest first. */
  history!: PeriodEventAnswer[];
}

export class PeriodChangeAnswer extends PeriodAnswer {
  /** All months that were closed or reopened by this, oldest first. */
  changedMonths!: string[];
}

/** What a month would count if it were closed now. */
export class MonthPreview extends ControlTotals {
  month!: string;
}

/** A subscription with a term in a month, and no time entry that stands in it. */
export class UnloggedSubscription {
  month!: string;
  subscriptionId!: string;
  customerId!: string;
  /** Name of the customer. */
  customer!: string;
  csmId!: string;
  /** Name of the CSM. */
  csm!: string;
}

/** What closing a month would do. */
export class ClosingPreview {
  /** The month that was asked for. */
  month!: string;
  /** All months that would be closed, oldest first. */
  months!: MonthPreview[];
  /** Of all these months together. */
  rows!: number;
  minutes!: number;
  onsiteMinutes!: number;
  /** By month and customer; at most 1,000 of them. */
  subscriptionsWithoutEntry!: UnloggedSubscription[];
  /** How many there are, listed or not. */
  subscriptionsWithoutEntryCount!: number;
}

/** What reopening a month would do. */
export class ReopeningPreview {
  /** The month that was asked for. */
  month!: string;
  /** All months that would be reopened, oldest first, each with the totals of its closing. */
  months!: MonthPreview[];
}

export class PeriodList {
  data!: PeriodAnswer[];
  nextCursor!: string | null;
}
