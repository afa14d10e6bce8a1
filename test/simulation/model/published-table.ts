/** The published table, copied by hand so that the model does not depend on the file of the service. */
export const publishedTable = {
  basic: { minutes: 5_760, onsitePercent: 0, visits: 0, seats: 1, consultants: 1, lines: 1 },
  premier: { minutes: 11_520, onsitePercent: 25, visits: 2, seats: 2, consultants: 2, lines: 2 },
  enterprise: { minutes: 23_040, onsitePercent: 25, visits: 4, seats: 3, consultants: 2, lines: 2 },
  dedicated: { minutes: 96_000, onsitePercent: 25, visits: Infinity, seats: 6, consultants: 3, lines: 3 },
} as const;

export type Package = keyof typeof publishedTable;

/** The packages in ascending order: each has at least the numbers of the one before it. */
export const packages = Object.keys(publishedTable) as Package[];
