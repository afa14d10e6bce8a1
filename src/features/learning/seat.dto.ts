import { IsOptional } from 'class-validator';
import { IsEmailAddress, IsName, QueryBoolean } from '../../platform/http/fields.js';
import { PageQuery } from '../../platform/http/paging.js';

export class NewSeat {
  @IsName({ max: 200 })
  learnerName!: string;

  /** Identifies the learner. Case is ignored. */
  @IsEmailAddress()
  learnerEmail!: string;
}

export class SeatsQuery extends PageQuery {
  /** `true`: also list released and expired seats. */
  @IsOptional()
  @QueryBoolean()
  includeEnded?: boolean;
}

export class SeatAnswer {
  id!: string;
  subscriptionId!: string;
  termId!: string;
  learnerName!: string;
  learnerEmail!: string;
  status!: 'in-use' | 'released' | 'expired';
  assignedAt!: Date;
  endedAt!: Date | null;
}

export class SeatList {
  data!: SeatAnswer[];
  nextCursor!: string | null;
}
