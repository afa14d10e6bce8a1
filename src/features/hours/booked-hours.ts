/** Where hours are booked, in SQL, and with which sign; an entry is `e` in either. */
export interface BookedHours {
  alias: 'e' | 'r';
  sign: 1 | -1;
  tables: string;
}

/**
 * The package in force on the work day of an entry, in SQL. An entry keeps the package of the moment in which it was booked;
 * of terms with an upgrade, which are few, the package is looked up, as an upgrade can be entered for earlier days. With
 * `exists`, PostgreSQL hashes these few terms for a long report, and asks the index for a few entries.
 */
export const packageInForce = (entry: string): string => `case
    when exists (select from term_packages upgraded where upgraded.term_id = ${entry}.term_id and upgraded.sequence > 0)
    then (select sold.package from term_packages sold
      where sold.term_id = ${entry}.term_id and sold.effective_on <= ${entry}.work_date order by sold.sequence desc limit 1)
    else ${entry}.package end`;

/** Time entries, and the reversals that take them back. */
export const bookedHours: readonly BookedHours[] = [
  { alias: 'e', sign: 1, tables: 'time_entries e' },
  { alias: 'r', sign: -1, tables: 'time_entry_reversals r join time_entries e on e.id = r.time_entry_id' },
];
