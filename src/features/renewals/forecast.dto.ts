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

export class ForecastAnswer {
  data!: ForecastEventAnswer[];
  nextCursor!: string | null;
}
