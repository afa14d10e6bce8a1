import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

/** Random bytes are fetched for many ids at once: one by one, fetching them cost more than all the rest of an id. */
const pool = new Uint8Array(16 * 256);
let used = pool.length;
/** Ids of one millisecond sort in the order in which they were made. */
let sequence = 0;

/** Stands before every id in their order: a first page begins after it. */
export const idBeforeAll = '00000000-0000-0000-0000-000000000000';

/** A new UUIDv7: made here and not by the database, so that a writer knows its rows before, and after, a lost COMMIT. */
export function newId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  sequence = (sequence + 1) >>> 0;
  return v7({ random: pool.subarray(used, (used += 16)), seq: sequence });
}
