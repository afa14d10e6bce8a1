import type { FastifyRequest } from 'fastify';
import { Refusal } from '../../domain/refusal.js';
import type { DryRunQuery } from './dry-run.dto.js';
import { isIdName } from './request.pipe.js';

const visible = /^[\x21-\x7e]{1,255}$/;

/**
 * The `Idempotency-Key` of a POST. Undefined if there is none, and for a dry run, which changes nothing. Only routes
 * with a dry run accept `dryRun`.
 * @throws Refusal `idempotency-key-malformed`
 */
export function idempotencyKeyOf(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined || request.method !== 'POST') return undefined;
  if ((request.query as DryRunQuery).dryRun === true) return undefined;
  // Node joins repeated headers with a comma and a space, which no key contains.
  if (typeof key !== 'string' || !visible.test(key)) throw new Refusal('idempotency-key-malformed');
  return key;
}

/**
 * The normalised path of a request: capital letters in an id and percent-encoding do not make a different request.
 * Otherwise a repetition with another spelling would be carried out again.
 */
export function normalPathOf({ routeOptions, params }: FastifyRequest): string {
  const values = params as Readonly<Record<string, string>>;
  return (routeOptions.url ?? '').replace(/:(\w+)/g, (_, name: string) => {
    const value = values[name] ?? '';
    return encodeURIComponent(isIdName(name) ? value.toLowerCase() : value);
  });
}
