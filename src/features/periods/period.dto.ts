import { IsText } from '../../platform/http/fields.js';

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

export class PeriodList {
  data!: PeriodAnswer[];
  nextCursor!: string | null;
}
