import { IsIn, IsOptional } from 'class-validator';
import { activities, deliveries, type Activity, type Delivery } from '../../domain/time-entry.js';
import { IsDay, IsId, IsName, IsText } from '../../platform/http/fields.js';
import { PageQuery } from '../../platform/http/paging.js';

export class PlannedPageQuery extends PageQuery {
  /** Only sessions of this subscription. */
  @IsOptional()
  @IsId()
  subscription?: string;
}

export class NewSessionQuery {
  @IsOptional()
  @IsId()
  subscription?: string;
}

export class ProposalQuery {
  @IsId()
  subscription!: string;

  @IsOptional()
  @IsIn(['1', '2', '4'])
  everyWeeks?: '1' | '2' | '4';
}

/** The fields that a new session and a change have in common. */
export class SessionForm {
  @IsDay()
  plannedOn!: string;

  /** An amount of time as people type it. */
  @IsName({ max: 20 })
  minutes!: string;

  /** A consultant and a product line, with a dot between them. */
  @IsName({ max: 80 })
  pair!: string;

  @IsIn(activities)
  activity!: Activity;

  @IsIn(deliveries)
  delivery!: Delivery;

  @IsText({ max: 2_000 })
  summary!: string;
}

export class NewSessionForm extends SessionForm {
  @IsId()
  subscription!: string;

  /** The distance of repeated sessions; absent for a single one. */
  @IsOptional()
  @IsIn(['1', '2', '3', '4'])
  everyWeeks?: '1' | '2' | '3' | '4';

  @IsOptional()
  @IsDay()
  until?: string;
}

export class SessionChangeForm extends SessionForm {
  /** The version that the page showed. */
  @IsName({ max: 10 })
  version!: string;
}

export class SessionCancelForm {
  @IsName({ max: 10 })
  version!: string;

  @IsOptional()
  @IsIn(['true'])
  following?: 'true';
}

/** What was done of a planned session. Without fields, it is logged as it was planned. */
export class SessionLogForm {
  @IsOptional()
  @IsDay()
  workDate?: string;

  @IsOptional()
  @IsName({ max: 20 })
  minutes?: string;

  @IsOptional()
  @IsText({ max: 2_000 })
  summary?: string;

  /** The visit of onsite work. */
  @IsOptional()
  @IsId()
  visitId?: string;
}

export class ProposalForm {
  @IsId()
  subscription!: string;

  @IsIn(['1', '2', '4'])
  everyWeeks!: '1' | '2' | '4';
}
