import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { scopeOf, type Actor } from '../../domain/access.js';
import { Refusal } from '../../domain/refusal.js';
import { dropTracking } from '../pages/page-query.js';
import { isConsolePath, isPagePath } from '../pages/page.js';
import type { AccessTokens } from './access-tokens.js';
import type { BrowserSession, BrowserSessions } from './browser-sessions.js';
import type { ControllerRoute } from './controller-routes.js';
import { isDocumentation } from './openapi.js';
import { readQuery } from './query.js';
import type { AddressCount, RateLimits } from './rate-limits.js';

/** Finds the session of a browser by its cookie. */
export interface SessionCookies extends Pick<BrowserSessions, 'find'> {
  tokenOf(request: FastifyRequest): string | undefined;
}

/**
 * Checks, before the body is read: the token, whether the user's role has the permission of the route, and whether
 * the route knows every query parameter. The service of the room checks whether the user may see the object. This
 * runs in Fastify's `onRequest` and not in a Nest guard, because guards run after the body has been read: a request
 * without a token would learn which bodies a route takes.
 */
export class Admission {
  readonly #routes: ReadonlyMap<string, ControllerRoute>;
  readonly #watched = new Set<string>();

  constructor(
    routes: readonly ControllerRoute[],
    private readonly tokens: AccessTokens,
    private readonly sessions: SessionCookies,
    private readonly limits: RateLimits,
  ) {
    this.#routes = new Map(routes.map((route) => [keyOf(route.method, route.path), route]));
  }

  /** For Fastify's `onRoute` hook. */
  watch(fastifyRoute: RouteOptions): void {
    const { url, method } = fastifyRoute;
    for (const each of [method].flat()) {
      const key = keyOf(each === 'HEAD' ? 'GET' : each, url);
      const route = this.#routes.get(key);
      if (route) {
        this.#watched.add(key);
        fastifyRoute.onRequest = (request, reply) => this.#admit(request, reply, route);
        const { rowsIn } = route;
        if (rowsIn !== undefined) fastifyRoute.preHandler = (request, reply) => this.#countRows(request, reply, rowsIn);
      } else if (isDocumentation(url)) {
        fastifyRoute.onRequest = async (request, reply) => {
          await this.limits.countAddress(request, reply);
          // The files of the documentation have their version in the query.
          if (/^\/(openapi\.json|docs\/?)$/.test(url)) readQuery(request);
        };
      }
    }
  }

  /** An unknown address counts like a public route. @throws Refusal `too-many-requests` */
  async admitNowhere(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    await this.limits.countAddress(request, reply);
  }

  /** Fails the start if a controller has a route without these checks. */
  refuseUnwatched(): void {
    const missing = [...this.#routes.keys()].filter((key) => !this.#watched.has(key));
    if (missing.length > 0) throw new Error(`Nobody checks who asks for ${missing.join(', ')}`);
  }

  async #admit(
    request: FastifyRequest,
    reply: FastifyReply,
    { path, isPublic, permission, query }: ControllerRoute,
  ): Promise<void> {
    if (!isPublic) {
      await this.#authenticate(request, reply, path);
      await this.limits.countUser(request.actor!.userId, reply);
      if (scopeOf(permission!, request.actor!.role) === 'never') throw new Refusal('forbidden');
    } else await this.limits.countAddress(request, reply, countOf(request.method, path));
    if (isPagePath(path)) dropTracking(request);
    readQuery(request, query);
  }

  /** Only invalid tokens count towards their address, so that no client behind the address can lock out the others. */
  async #authenticate(request: FastifyRequest, reply: FastifyReply, path: string): Promise<void> {
    if (isConsolePath(path)) {
      request.browserSession = (await this.#sessionOf(request)) ?? null;
      request.actor = request.browserSession?.actor ?? null;
    } else request.actor = (await this.#bearerOf(request)) ?? null;
    if (request.actor) return;
    await this.limits.countAddress(request, reply);
    throw new Refusal('unauthenticated');
  }

  async #bearerOf({ headers }: FastifyRequest): Promise<Actor | undefined> {
    const token = bearerToken(headers.authorization);
    return token === undefined ? undefined : this.tokens.find(token);
  }

  /** A page of another site can make a browser send a form with the cookie. Browsers say so. */
  async #sessionOf(request: FastifyRequest): Promise<BrowserSession | undefined> {
    const changes = request.method !== 'GET' && request.method !== 'HEAD';
    const site = request.headers['sec-fetch-site'];
    if (changes && site !== undefined && site !== 'same-origin') throw new Refusal('form-not-ours');
    const token = this.sessions.tokenOf(request);
    return token === undefined ? undefined : this.sessions.find(token);
  }

  async #countRows({ actor, body }: FastifyRequest, reply: FastifyReply, field: string): Promise<void> {
    const rows: unknown = (body as Record<string, unknown> | null | undefined)?.[field];
    if (Array.isArray(rows) && rows.length > 1) await this.limits.countRows(actor!.userId, rows.length, reply);
  }
}

function countOf(method: string, path: string): AddressCount {
  if (path.startsWith('/health/')) return 'health';
  return method === 'POST' && /^\/console\/sign-in(\/|$)/.test(path) ? 'sign-in' : 'other';
}

const keyOf = (method: string, path: string): string => `${method} ${path}`;

/** The token of an `Authorization: Bearer` header (RFC 6750); undefined for any other header. */
function bearerToken(header: string | undefined): string | undefined {
  return /^Bearer +([\x21-\x7e]{1,1024})$/i.exec(header ?? '')?.[1];
}
