import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { scopeOf, type Actor, type Permission } from '../../domain/access.js';
import { Refusal } from '../../domain/refusals.js';
import { limitedRoute, permissionOfRoute, publicRoute } from './access.decorators.js';
import type { AccessTokens } from './access-tokens.js';
import type { RateLimits } from './rate-limits.js';
import { requestOf } from './request.js';

/** Who asks, and may a user in that role ever do this? Whether one may see the object is asked by its service. */
export class AuthenticationGuard implements CanActivate {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly limits: RateLimits,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const handler = context.getHandler();
    const request = requestOf(context);
    if (Reflect.getMetadata(publicRoute, handler)) {
      if (Reflect.getMetadata(limitedRoute, handler)) await this.limits.countAddress(request);
      return true;
    }
    request.actor = await this.#authenticate(request);
    await this.limits.countToken(request);
    const permission = Reflect.getMetadata(permissionOfRoute, handler) as Permission;
    if (scopeOf(permission, request.actor.role) === 'never') throw new Refusal('forbidden');
    return true;
  }

  async #authenticate(request: FastifyRequest): Promise<Actor> {
    const token = bearerToken(request.headers.authorization);
    // Guesses cost their address, and when it has made too many they no longer reach the database.
    const actor = token && (await this.tokens.find(token, () => this.limits.refuseSpentAddress(request)));
    if (actor) return actor;
    await this.limits.countAddress(request);
    throw new Refusal('unauthenticated');
  }
}

/** The token of an `Authorization: Bearer` header (RFC 6750); undefined for anything else. */
function bearerToken(header: string | undefined): string | undefined {
  return /^Bearer +([\x21-\x7e]{1,1024})$/i.exec(header ?? '')?.[1];
}
