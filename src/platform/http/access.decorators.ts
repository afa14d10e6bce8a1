import { applyDecorators, createParamDecorator, SetMetadata, UseInterceptors } from '@nestjs/common';
import type { Actor, Permission } from '../../domain/access.js';
import type { RefusalCode } from '../../domain/refusals.js';
import { requestOf } from './request.js';
import { TransactionInterceptor } from './transaction.interceptor.js';

export const permissionOfRoute = 'trm:permission';
export const publicRoute = 'trm:public';
export const rowsOfRoute = 'trm:rows';
export const refusalsOfRoute = 'trm:refusals';
/** The class of the query of a route whose handler has no `@Query()`. */
export const queryOfRoute = 'trm:query';

/**
 * The permission that a route needs, from the table in domain/access.ts (§13). Each handler runs in a transaction
 * that is opened for it. A handler with `own-transaction` opens its own and handles `Idempotency-Key` itself, e.g.
 * bookings and streams.
 */
export const Allow = (permission: Permission, transaction: 'in-transaction' | 'own-transaction' = 'in-transaction') =>
  transaction === 'own-transaction'
    ? SetMetadata(permissionOfRoute, permission)
    : applyDecorators(SetMetadata(permissionOfRoute, permission), UseInterceptors(TransactionInterceptor));

/** A public route, which needs no token. Requests count towards the limit of the address. */
export const Public = () => SetMetadata(publicRoute, true);

/** A request counts once for each row in this field of its body. */
export const CountsRowsOf = (field: string) => SetMetadata(rowsOfRoute, field);

/**
 * The refusals that the rules of a route can give. The API document lists them together with the refusals that follow
 * from the form of the route (`refusals-of-routes.ts`). Every test that calls the service fails on a refusal that is
 * missing here.
 */
export const Refuses = (...codes: readonly RefusalCode[]) => SetMetadata(refusalsOfRoute, codes);

/** The user behind the token of the request. */
export const Who = createParamDecorator((_: unknown, context): Actor => {
  const { actor } = requestOf(context);
  if (!actor) throw new Error('@Who() on a route without @Allow()');
  return actor;
});
