import { IsBoolean, IsOptional } from 'class-validator';
import { IsText } from '../../platform/http/fields.js';

export class Closing {
  /** `true`: also close a month that is not over yet. */
  @IsOptional()
  @IsBoolean()
  early?: boolean;
}

export class Reopening {
  /** The reason. It is kept for ever. */
  @IsText({ max: 2000 })
  reason!: string;
}

/** The totals of a month over all customers when it was closed. */
export class ControlTotals {
  /** The number of rows of the report usage-lines for the month, on the basis `closed`. */
  rows!: number;
  minutes!: number;
  onsiteMinutes!: number;
}

export class PeriodEventAnswer {
  event!: 'closed' | 'reopened';
  /** The month of the request. Other months can be closed or reopened with it. */
  askedMonth!: string;
  at!: Date;
  /** The ID of the user who did this. */
  by!: string;
  /** The reason of a reopening. */
  reason!: string | null;
  /** The totals of a closing. They are kept when the month is reopened. */
  controlTotals!: ControlTotals | null;
}

export class PeriodAnswer {
  month!: string;
  status!: 'open' | 'closed';
  closedAt!: Date | null;
  closedBy!: string | null;
  /** Every export on the basis `closed` is compared with these totals. `null` while the month is open. */
  controlTotals!: ControlTotals | null;
  /** Every closing and reopening, oldest first. */
  history!: PeriodEventAnswer[];
}

export class PeriodChangeAnswer extends PeriodAnswer {
  /** All months that the request closed or reopened, oldest first. */
  changedMonths!: string[];
}

/** The totals of a month if it were closed now. */
export class MonthPreview extends ControlTotals {
  month!: string;
}

/** A subscription with a term but without a time entry in a month. Reversed entries do not count. */
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

/** A planned session that no time entry has fulfilled. */
export class UnloggedPlannedSession extends UnloggedSubscription {
  plannedSessionId!: string;
  plannedOn!: string;
  minutes!: number;
}

/** What closing a month would do. */
export class ClosingPreview {
  /** The month of the request. */
  month!: string;
  /** All months that would be closed, oldest first. */
  months!: MonthPreview[];
  /** The rows of all these months together. */
  rows!: number;
  minutes!: number;
  onsiteMinutes!: number;
  /** Ordered by month and customer, at most 1,000. */
  subscriptionsWithoutEntry!: UnloggedSubscription[];
  /** The number of such subscriptions, listed or not. */
  subscriptionsWithoutEntryCount!: number;
  /** The planned sessions of these months that are neither fulfilled nor cancelled, in the order of their days, at most 1,000. */
  plannedSessionsWithoutEntry!: UnloggedPlannedSession[];
  /** The number of such sessions, listed or not. */
  plannedSessionsWithoutEntryCount!: number;
}

/** What reopening a month would do. */
export class ReopeningPreview {
  /** The month of the request. */
  month!: string;
  /** All months that would be reopened, oldest first, with the totals of their closing. */
  months!: MonthPreview[];
}

export class PeriodList {
  data!: PeriodAnswer[];
  nextCursor!: string | null;
}
