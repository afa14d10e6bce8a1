import { createParamDecorator, SetMetadata } from '@nestjs/common';
import type { Actor, Permission } from '../../domain/access.js';
import { requestOf } from './request.js';

export const permissionOfRoute = 'trm:permission';
export const publicRoute = 'trm:public';

/** The permission that a route needs, a row of the table in domain/access.ts (§13). */
export const Allow = (permission: Permission) => SetMetadata(permissionOfRoute, permission);

/** A route for everybody, without a token. */
export const Public = () => SetMetadata(publicRoute, true);

/** The user behind the token of the request. */
export const Who = createParamDecorator((_: unknown, context): Actor => {
  const { actor } = requestOf(context);
  if (!actor) throw new Error('@Who() on a route without @Allow()');
  return actor;
});
