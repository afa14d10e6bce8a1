import type { FastifyRequest, RouteOptions } from 'fastify';
import { scopeOf, type Actor } from '../../domain/access.js';
import { Refusal } from '../../domain/refusals.js';
import { dropTracking } from '../pages/page-query.js';
import { isPagePath } from '../pages/page.js';
import type { AccessTokens } from './access-tokens.js';
import type { ControllerRoute } from './controller-routes.js';
import { readQuery } from './query.js';
import type { RateLimits } from './rate-limits.js';

/**
 * Decides, before anything of a body is read: who asks, may a user in that role ever do this, and does the route know every
 * parameter of the query? Whether the user may see the object is asked by its service. It stands in Fastify's `onRequest` and
 * not in a guard of Nest, as guards run after the body has been read: a request without a token would learn what bodies a route takes.
 */
export class Admission {
  readonly #routes: ReadonlyMap<string, ControllerRoute>;
  readonly #watched = new Set<string>();

  constructor(
    routes: readonly ControllerRoute[],
    private readonly tokens: AccessTokens,
    private readonly limits: RateLimits,
  ) {
    this.#routes = new Map(routes.map((route) => [keyOf(route.method, route.path), route]));
  }

  /** For Fastify's `onRoute` hook. The files of the documentation, which belong to no controller, are left alone. */
  watch(fastifyRoute: RouteOptions): void {
    const { url, method } = fastifyRoute;
    for (const each of [method].flat()) {
      const key = keyOf(each === 'HEAD' ? 'GET' : each, url);
      const route = this.#routes.get(key);
      if (route) {
        this.#watched.add(key);
        fastifyRoute.onRequest = (request) => this.#admit(request, route);
      } else if (/^\/(openapi\.json|docs\/?)$/.test(url)) {
        fastifyRoute.onRequest = (request, _reply, done) => {
          readQuery(request);
          done();
        };
      }
    }
  }

  /** Fails the start when a route of a controller was added without its checks. */
  refuseUnwatched(): void {
    const missing = [...this.#routes.keys()].filter((key) => !this.#watched.has(key));
    if (missing.length > 0) throw new Error(`Nobody checks who asks for ${missing.join(', ')}`);
  }

  async #admit(
    request: FastifyRequest,
    { path, isPublic, isLimited, permission, query }: ControllerRoute,
  ): Promise<void> {
    if (!isPublic) {
      request.actor = await this.#authenticate(request);
      await this.limits.countToken(request);
      if (scopeOf(permission!, request.actor.role) === 'never') throw new Refusal('forbidden');
    } else if (isLimited) await this.limits.countAddress(request);
    if (isPagePath(path)) dropTracking(request);
    readQuery(request, query);
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

const keyOf = (method: string, path: string): string => `${method} ${path}`;

/** The token of an `Authorization: Bearer` header (RFC 6750); undefined for anything else. */
function bearerToken(header: string | undefined): string | undefined {
  return /^Bearer +([\x21-\x7e]{1,1024})$/i.exec(header ?? '')?.[1];
}
