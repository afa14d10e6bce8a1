import { ArrayMaxSize, IsBoolean, IsInt, IsOptional, Max, Min } from 'class-validator';
import { IsDay, IsId, IsObjectOf } from '../../platform/http/fields.js';

export class AllocationAsked {
  @IsId()
  consultantId!: string;

  @IsId()
  productLineId!: string;

  /** Minutes of the term set aside for the pair; 0 assigns the consultant, who then draws from the unallocated minutes. */
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  minutes!: number;

  /** Marks the primary consultant; without a mark it is the first named. */
  @IsOptional()
  @IsBoolean()
  primary?: boolean;
}

/** The whole set: a pair that it leaves out is closed. */
export class AllocationsAsked {
  @IsObjectOf(() => AllocationAsked, { each: true })
  @ArrayMaxSize(100)
  allocations!: AllocationAsked[];
}

export class AllocationsQuery {
  /** The set that was in force on that day; without it, the present set of the current term. */
  @IsOptional()
  @IsDay()
  on?: string;
}

export class AllocationAnswer {
  consultantId!: string;
  productLineId!: string;
  minutes!: number;
  primary!: boolean;
  /** What is used of the allocation. */
  usedMinutes!: number;
  /** What was worked beyond the allocation. */
  drawnFromUnallocatedMinutes!: number;
}

export class AllocationsAnswer {
  termId!: string;
  /** The day from which the set holds; null while none was set. */
  fromOn!: string | null;
  grantedMinutes!: number;
  /** What neither an allocation nor work beyond one has taken of the term. */
  unallocatedMinutes!: number;
  allocations!: AllocationAnswer[];
  /** The number of the set, 0 while there is none. */
  version!: number;
}
