import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsOptional } from 'class-validator';
import type { VisitStatus } from '../../domain/onsite.js';
import { IsDay, IsId, IsName, IsNullable, IsText } from '../../platform/http/fields.js';

export class NewVisit {
  /** The first day. */
  @IsDay()
  startsOn!: string;

  /** The last day, included. */
  @IsDay()
  endsOn!: string;

  @IsName({ max: 200 })
  place!: string;

  @IsId({ each: true })
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @ArrayUnique()
  consultantIds!: string[];

  @IsOptional()
  @IsText({ max: 2000 })
  purpose?: string;
}

export class VisitChange {
  /** The first day. */
  @IsOptional()
  @IsDay()
  startsOn?: string;

  /** The last day, included. */
  @IsOptional()
  @IsDay()
  endsOn?: string;

  @IsOptional()
  @IsName({ max: 200 })
  place?: string;

  /** The complete new list of consultants. */
  @IsOptional()
  @IsId({ each: true })
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @ArrayUnique()
  consultantIds?: string[];

  @IsOptional()
  @IsNullable()
  @IsText({ max: 2000 })
  purpose?: string | null;
}

export class VisitAnswer {
  id!: string;
  subscriptionId!: string;
  termId!: string;
  startsOn!: string;
  endsOn!: string;
  place!: string;
  purpose!: string | null;
  consultantIds!: string[];
  status!: VisitStatus;
  createdAt!: Date;
  version!: number;
}

export class VisitList {
  data!: VisitAnswer[];
  nextCursor!: string | null;
}
