import { IsOptional } from 'class-validator';
import { IsEmailAddress, IsName, QueryBoolean } from '../../platform/http/fields.js';
import { PageQuery } from '../../platform/http/paging.js';

export class NewSeat {
  @IsName({ max: 200 })
  learnerName!: string;

  /** Who the learner is: capitals make no difference. */
  @IsEmailAddress()
  learnerEmail!: string;
}

export class SeatsQuery extends PageQuery {
  /** Also the seats that were released or have expired. */
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
