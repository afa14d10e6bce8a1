import type { FastifyRequest } from 'fastify';
import { Refusal } from '../../domain/refusals.js';

const visible = /^[\x21-\x7e]{1,255}$/;

/**
 * The `Idempotency-Key` of a POST; undefined without one and with `?dryRun=true`, which does nothing that could be done twice.
 * @throws Refusal `idempotency-key-malformed`
 */
export function idempotencyKeyOf(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined || request.method !== 'POST') return undefined;
  // Said as text or, once the query has been read, as a boolean.
  if (String((request.query as { dryRun?: unknown } | undefined)?.dryRun) === 'true') return undefined;
  // Node joins a header that was sent twice with a comma and a space, which no key contains.
  if (typeof key !== 'string' || !visible.test(key)) throw new Refusal('idempotency-key-malformed');
  return key;
}
