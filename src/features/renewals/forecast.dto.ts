import type { PackageCode } from '../../domain/package.js';
import { IsDayOrInstant } from '../../platform/http/fields.js';
import { PageQuery } from '../../platform/http/paging.js';

export class ForecastQuery extends PageQuery {
  /** How far to look ahead, two years at most: an instant, or a day, which is meant to its end in UTC. */
  @IsDayOrInstant()
  until!: string;
}

export class ForecastEventAnswer {
  at!: Date;
  event!: 'reminder' | 'lock' | 'roll-over';
  subscriptionId!: string;
  customerId!: string;
  customer!: string;
  /** Null for a term that is not yet open. */
  termId!: string | null;
  /** From 0. */
  termNumber!: number;
  /** The package of the term. */
  package!: PackageCode;
  /** Of a reminder: how long before the term's last day; else null. */
  daysBefore!: number | null;
  /** Of a lock, which means that the term renews, and of a roll-over; null of a reminder. */
  outcome!: 'renews' | 'ends' | null;
  /** Of a roll-over that renews: the package of the next term; else null. */
  renewsAs!: PackageCode | null;
  /** Of the roll-over of a term that is open: what will be left and expire if work goes on as of late; else null. */
  expiringMinutes!: number | null;
}

export class ForecastAnswer {
  data!: ForecastEventAnswer[];
  nextCursor!: string | null;
}
