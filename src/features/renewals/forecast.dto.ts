import type { Expectation } from '../../domain/outlook.js';
import type { PackageCode } from '../../domain/package.js';
import { IsDayOrInstant } from '../../platform/http/fields.js';
import { PageQuery } from '../../platform/http/paging.js';

export class ForecastQuery extends PageQuery {
  /** The end of the forecast: an instant, or a day in UTC, which is included. At most two years ahead. */
  @IsDayOrInstant()
  until!: string;
}

export class ForecastEventAnswer {
  at!: Date;
  event!: 'reminder' | 'lock' | 'roll-over';
  subscriptionId!: string;
  customerId!: string;
  customer!: string;
  /** `null` for a term that does not exist yet. */
  termId!: string | null;
  /** From 0. */
  termNumber!: number;
  /** The package of the term. */
  package!: PackageCode;
  /** Only of a reminder: the days before the last day of the term. */
  daysBefore!: number | null;
  /** Whether the term renews or ends. `null` for a reminder. */
  outcome!: 'renews' | 'ends' | null;
  /** Only of a roll-over that renews: the package of the next term. */
  renewsAs!: PackageCode | null;
  /** Only of the roll-over of an open term: the minutes likely to expire at the recent rate of use. */
  expiringMinutes!: number | null;
}

/** The open terms that end in a month with one expectation. Terms whose renewal is declined do not count. */
export class ExpectedMonthAnswer {
  /** The month of the last day of the terms, as `YYYY-MM`. */
  month!: string;
  /** `none`: no outlook is stated. */
  expectation!: Expectation | 'none';
  terms!: number;
  /** The minutes that these terms would grant if all renewed. */
  minutes!: number;
}

export class ForecastAnswer {
  data!: ForecastEventAnswer[];
  /** What the CSMs expect of the open terms that end by `until`, by month. `null` on every page but the first. */
  expected!: ExpectedMonthAnswer[] | null;
  nextCursor!: string | null;
}
