import { ArrayMaxSize, IsBoolean, IsInt, IsOptional, Max, Min } from 'class-validator';
import { IsDay, IsId, IsObjectOf } from '../../platform/http/fields.js';

export class NewAllocation {
  @IsId()
  consultantId!: string;

  @IsId()
  productLineId!: string;

  /** The minutes reserved for this consultant on this product line. With 0, the consultant draws from the unallocated minutes. */
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  minutes!: number;

  /** Whether this is the primary consultant. Default: the first consultant of the list. */
  @IsOptional()
  @IsBoolean()
  primary?: boolean;
}

/** The whole set of allocations. A pair that is left out is closed. */
export class NewAllocations {
  @IsObjectOf(() => NewAllocation, { each: true })
  @ArrayMaxSize(100)
  allocations!: NewAllocation[];
}

export class AllocationsQuery {
  /** Read the set that was in force on this day. Default: the present set of the current term. */
  @IsOptional()
  @IsDay()
  on?: string;
}

export class AllocationAnswer {
  consultantId!: string;
  productLineId!: string;
  minutes!: number;
  primary!: boolean;
  /** The minutes worked within the allocation. */
  usedMinutes!: number;
  /** The minutes worked beyond the allocation. */
  drawnFromUnallocatedMinutes!: number;
}

export class AllocationsAnswer {
  termId!: string;
  /** The first day of this set. `null` if no set exists yet. */
  fromOn!: string | null;
  grantedMinutes!: number;
  /** The minutes of the term that no allocation reserves and no work beyond an allocation has used. */
  unallocatedMinutes!: number;
  allocations!: AllocationAnswer[];
  /** The number of this set: the value of the `ETag`. 0 if no set exists yet. */
  version!: number;
}
