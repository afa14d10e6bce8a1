/** How the granted minutes of a term are divided. The three parts add up to the whole; `unallocated` is negative if they are too many. */
export interface AllocationSum {
  grantedMinutes: number;
  allocatedMinutes: number;
  /** Worked by pairs without an allocation, or beyond it. */
  beyondMinutes: number;
  unallocatedMinutes: number;
}

/** Adds up a set of allocations; `worked` has one amount for each allocation. `workedElsewhere` is the work of pairs outside of the set. */
export function allocationSum(
  grantedMinutes: number,
  rows: readonly { minutes: number; worked: number }[],
  workedElsewhere: number,
): AllocationSum {
  const allocatedMinutes = rows.reduce((sum, { minutes }) => sum + minutes, 0);
  const beyondMinutes = rows.reduce((sum, { minutes, worked }) => sum + Math.max(0, worked - minutes), workedElsewhere);
  return {
    grantedMinutes,
    allocatedMinutes,
    beyondMinutes,
    unallocatedMinutes: grantedMinutes - allocatedMinutes - beyondMinutes,
  };
}
