import { bodyHash, idempotencyScope, type IdempotencyScope } from '../../platform/idempotency.js';

/** The key of a form as bookings take it: sent twice, the form books once. */
export interface KeyOfForm {
  scope: IdempotencyScope;
  bodyHash: string;
}

/** The key within a form, with a hash of the other fields. The CSRF token does not count, because each page has another one. */
export function keyOfForm(userId: string, path: string, body: unknown): KeyOfForm | undefined {
  const { key, csrf: _csrf, ...fields } = (body ?? {}) as Record<string, unknown>;
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) return undefined;
  return { scope: idempotencyScope(userId, 'POST', path, key), bodyHash: bodyHash(fields) };
}
