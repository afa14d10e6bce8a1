import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

/** Random bytes are fetched for many ids at once: fetched singly, they cost more than the rest of an id. */
const pool = new Uint8Array(16 * 256);
let used = pool.length;
/** Ids made in the same millisecond sort in the order in which they were made. */
let sequence = 0;

/** Sorts before every id, so that a first page can start after it. */
export const idBeforeAll = '00000000-0000-0000-0000-000000000000';

/** A new UUIDv7. The service makes it, not the database, so that a writer can find its rows after a COMMIT without an answer. */
export function newId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  sequence = (sequence + 1) >>> 0;
  return v7({ random: pool.subarray(used, (used += 16)), seq: sequence });
}
