import type { Basis } from './report.js';

/**
 * The name of something in a row, in SQL: on the basis `closed` the one that was kept when the row's month was closed, so that a
 * closed month reads the same after somebody was renamed; the present one while the month is open.
 */
export const printedName = (basis: Basis, present: string, kept: string): string =>
  basis === 'closed' ? `coalesce(${kept}.name, ${present})` : present;

/** The table of the kept names, joined as `kept` for the ids in one column and the months in another. */
export const keptNames = (basis: Basis, kept: string, month: string, id: string): string =>
  basis === 'closed' ? `left join closed_names ${kept} on ${kept}.month = ${month} and ${kept}.subject_id = ${id}` : '';
