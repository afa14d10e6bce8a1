/** SQL for rows that count as booked hours, with their sign. In each, `e` is the alias of the entry. */
export interface BookedHours {
  alias: 'e' | 'r';
  sign: 1 | -1;
  tables: string;
}

/**
 * The package in force on the work day of an entry, in SQL. An entry stores the package at the moment of booking. An upgrade can
 * be entered for earlier days, so for the few terms with an upgrade the package is looked up. With `exists`, PostgreSQL hashes
 * these terms for a long report, and uses the index for a few entries.
 */
export const packageInForce = (entry: string): string => `case
    when exists (select from term_packages upgraded where upgraded.term_id = ${entry}.term_id and upgraded.sequence > 0)
    then (select sold.package from term_packages sold
      where sold.term_id = ${entry}.term_id and sold.effective_on <= ${entry}.work_date order by sold.sequence desc limit 1)
    else ${entry}.package end`;

/** Time entries, and their reversals. */
export const bookedHours: readonly BookedHours[] = [
  { alias: 'e', sign: 1, tables: 'time_entries e' },
  { alias: 'r', sign: -1, tables: 'time_entry_reversals r join time_entries e on e.id = r.time_entry_id' },
];
