/** Where hours are booked, in SQL, and with which sign; an entry is `e` in either. */
export interface BookedHours {
  alias: 'e' | 'r';
  sign: 1 | -1;
  tables: string;
}

/** Time entries, and the reversals that take them back. */
export const bookedHours: readonly BookedHours[] = [
  { alias: 'e', sign: 1, tables: 'time_entries e' },
  { alias: 'r', sign: -1, tables: 'time_entry_reversals r join time_entries e on e.id = r.time_entry_id' },
];
