import { IntersectionType } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import {
  longestSessionMinutes,
  plannedSessionStatuses,
  type PlannedSessionStatus,
} from '../../domain/planned-session.js';
import { activities, deliveries, type Activity, type Delivery } from '../../domain/time-entry.js';
import { DayRange } from '../../platform/http/day-range.dto.js';
import { IsDay, IsId, IsObjectOf, IsText } from '../../platform/http/fields.js';
import { PageQuery } from '../../platform/http/paging.js';

/** A session that repeats every few weeks on the same weekday. */
export class NewSeries {
  @IsInt()
  @Min(1)
  @Max(26)
  everyWeeks!: number;

  /** The last day of the series, included. Default: the last day of the term. */
  @IsOptional()
  @IsDay()
  until?: string;
}

/** Work that is agreed for a day. */
export class NewPlannedSession {
  /** The day of the work in the customer's time zone: today or later. Of a series: the first day. */
  @IsDay()
  plannedOn!: string;

  /** Whole minutes. */
  @IsInt()
  @Min(1)
  @Max(longestSessionMinutes)
  minutes!: number;

  @IsId()
  consultantId!: string;

  @IsId()
  productLineId!: string;

  @IsIn(activities)
  activity!: Activity;

  @IsIn(deliveries)
  delivery!: Delivery;

  @IsText({ max: 2_000 })
  summary!: string;

  /** Repeats the session. */
  @IsOptional()
  @IsObjectOf(() => NewSeries)
  series?: NewSeries;
}

/** How to spread the minutes that would expire. */
export class NewProposal {
  /** The distance of the sessions. If there is more to do than a working day holds, they come closer. Default: 2. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(26)
  everyWeeks?: number;

  /** Default: `technical-advice`. */
  @IsOptional()
  @IsIn(activities)
  activity?: Activity;

  /** Default: a short text in the language of the customer. */
  @IsOptional()
  @IsText({ max: 2_000 })
  summary?: string;
}

export class PlannedSessionChange {
  /** The new day: today or later. */
  @IsOptional()
  @IsDay()
  plannedOn?: string;

  /** Whole minutes. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(longestSessionMinutes)
  minutes?: number;

  @IsOptional()
  @IsId()
  consultantId?: string;

  @IsOptional()
  @IsId()
  productLineId?: string;

  @IsOptional()
  @IsIn(activities)
  activity?: Activity;

  @IsOptional()
  @IsIn(deliveries)
  delivery?: Delivery;

  @IsOptional()
  @IsText({ max: 2_000 })
  summary?: string;
}

export class PlannedSessionCancellation {
  /** `following`: also cancel the open sessions of the same series on later days. */
  @IsOptional()
  @IsIn(['following'])
  series?: 'following';
}

export class PlannedSessionsQuery extends IntersectionType(PageQuery, DayRange) {
  @IsOptional()
  @IsId()
  consultantId?: string;

  @IsOptional()
  @IsIn(plannedSessionStatuses)
  status?: PlannedSessionStatus;
}

export class PlannedSessionAnswer {
  id!: string;
  subscriptionId!: string;
  /** The term that contains the day. */
  termId!: string;
  /** The same for all sessions that were planned with one request. `null` for a single session. */
  seriesId!: string | null;
  plannedOn!: string;
  minutes!: number;
  consultantId!: string;
  productLineId!: string;
  activity!: Activity;
  delivery!: Delivery;
  summary!: string;
  /** `overdue`: the day and three further days have passed without a time entry. */
  status!: PlannedSessionStatus;
  /** The time entry that fulfils the session. */
  fulfilledByEntryId!: string | null;
  cancelledAt!: Date | null;
  createdAt!: Date;
  /** When the session was last moved or changed. */
  changedAt!: Date | null;
  version!: number;
}

/** A session with the names that a person needs to recognise it. */
export class NamedPlannedSession extends PlannedSessionAnswer {
  customerId!: string;
  customer!: string;
  contractNumber!: string | null;
  consultant!: string;
  productLine!: string;
  /** Today in the customer's time zone. */
  today!: string;
}

/** A consultant on a product line. */
export class NamedPair {
  consultantId!: string;
  productLineId!: string;
  consultant!: string;
  productLine!: string;
}

/** The sessions that a proposal would plan. */
export class ProposalPreview {
  /** The minutes that would expire without the proposal. */
  expiringMinutes!: number;
  sessions!: (NamedPair & { plannedOn: string; minutes: number })[];
}

export class SkippedDay {
  day!: string;
  /** The name of the public holiday. */
  holiday!: string;
}

/** The first session of the request, and all sessions. */
export class PlannedSessionsAnswer extends PlannedSessionAnswer {
  /** All sessions that were planned, by day. */
  sessions!: PlannedSessionAnswer[];
  /** The days of the series that are public holidays of the customer's country, and have no session. */
  skipped!: SkippedDay[];
}

export class ProposalAnswer {
  /** The minutes that would expire without the proposal: neither used nor planned. The sessions add up to them. */
  expiringMinutes!: number;
  sessions!: PlannedSessionAnswer[];
}

export class PlannedSessionList {
  data!: PlannedSessionAnswer[];
  nextCursor!: string | null;
}
