import { hash } from 'node:crypto';
import { daysBetween, type Day } from '../../domain/calendar.js';

/** The keys under which the database and an import look for entries that may be equal. */
export interface EqualityKey {
  /** `time_entries.equality_key`: two different entries of one day share it with a chance of 1 in 2^36. */
  key: number;
  /** Two words of 32 bits for a table in memory. */
  high: number;
  low: number;
}

/** The keys of an `equalityText`. The database computes the same `key` in SQL (migration 0028). */
export function equalityKey(text: string): EqualityKey {
  const day = dayNumber(text.slice(0, dayLength));
  const digest = hash('md5', text.slice(dayLength + 1), 'hex');
  return {
    key: day * 2 ** 36 + parseInt(digest.slice(0, 9), 16),
    high: (parseInt(digest.slice(9, 17), 16) ^ day) >>> 0,
    low: parseInt(digest.slice(17, 25), 16),
  };
}

const dayLength = 'YYYY-MM-DD'.length;
const dayNumber = (day: Day): number => daysBetween('1900-01-01', day);
