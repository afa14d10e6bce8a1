import type { FastifyRequest } from 'fastify';
import { Refusal } from '../../domain/refusal.js';
import type { DryRunQuery } from './dry-run.dto.js';
import { isIdName } from './request.pipe.js';

const visible = /^[\x21-\x7e]{1,255}$/;

/**
 * The `Idempotency-Key` of a POST; undefined without one and for a dry run, which does nothing that could be done twice.
 * Only routes that have a dry run let `dryRun` pass.
 * @throws Refusal `idempotency-key-malformed`
 */
export function idempotencyKeyOf(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined || request.method !== 'POST') return undefined;
  if ((request.query as DryRunQuery).dryRun === true) return undefined;
  // Node joins a header that was sent twice with a comma and a space, which no key contains.
  if (typeof key !== 'string' || !visible.test(key)) throw new Refusal('idempotency-key-malformed');
  return key;
}

/**
 * The path of a request in its one spelling: capitals in an id and percent signs make no other request of it. Without that, a
 * repetition that is spelt in another way would be done again.
 */
export function normalPathOf({ routeOptions, params }: FastifyRequest): string {
  const values = params as Readonly<Record<string, string>>;
  return (routeOptions.url ?? '').replace(/:(\w+)/g, (_, name: string) => {
    const value = values[name] ?? '';
    return encodeURIComponent(isIdName(name) ? value.toLowerCase() : value);
  });
}
