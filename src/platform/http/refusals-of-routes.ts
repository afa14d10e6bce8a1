import { permissions } from '../../domain/access.js';
import type { RefusalCode } from '../../domain/refusals.js';
import type { ControllerRoute } from './controller-routes.js';

/** Every address can give these. The introduction of the API document lists them once. */
export const refusalsAnywhere: readonly RefusalCode[] = [
  'malformed-request',
  'not-found',
  'method-not-allowed',
  'request-timeout',
  'payload-too-large',
  'unsupported-media-type',
  'headers-too-large',
  'too-many-requests',
  'internal-error',
  'overloaded',
  'database-unavailable',
  'storage-full',
];

/** What the form of a route can refuse, without a rule of its own. */
export interface RouteForm {
  hasBody: boolean;
  hasCursor: boolean;
  needsIfMatch: boolean;
  takesKey: boolean;
}

/** All refusals of a route but those that every address can give: from its form, its permission and `@Refuses()`. */
export function refusalsOf(
  route: ControllerRoute,
  { hasBody, hasCursor, needsIfMatch, takesKey }: RouteForm,
): RefusalCode[] {
  const reads = route.method === 'GET';
  const namesObject = /:(id|\w+Id)(\/|$)/.test(route.path);
  return [
    ...new Set<RefusalCode>([
      'invalid-query',
      ...(hasCursor ? (['invalid-cursor'] as const) : []),
      ...(hasBody ? (['malformed-body', 'malformed-json'] as const) : []),
      ...(!reads ? (['malformed-body', 'unsupported-content-encoding', 'unsupported-charset'] as const) : []),
      ...(takesKey ? (['idempotency-key-malformed'] as const) : []),
      ...(route.permission ? (['unauthenticated'] as const) : []),
      ...(route.permission && isForSome(route.permission) ? (['forbidden'] as const) : []),
      ...(namesObject ? (['not-found'] as const) : []),
      ...(takesKey ? (['idempotency-key-in-use', 'idempotency-key-reused'] as const) : []),
      ...(needsIfMatch ? (['etag-stale', 'etag-required'] as const) : []),
      ...route.refusals,
      ...(!reads ? (['subscription-busy'] as const) : []),
    ]),
  ];
}

const isForSome = (permission: keyof typeof permissions): boolean =>
  Object.values(permissions[permission]).includes('never');
