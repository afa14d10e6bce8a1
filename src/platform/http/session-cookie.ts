import type { SerializeOptions } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isHttps } from './security-headers.js';

/**
 * The cookie of a session. On https, its name begins with `__Host-`: the browser then accepts it only from this host over https, so a
 * neighbouring host cannot plant one. On plain http, browsers refuse that name.
 */
const nameFor = (publicUrl: string): string => (isHttps(publicUrl) ? '__Host-trm' : 'trm');

/** The cookies of a request. Requests of the API have none, so they are read only where a page asks. */
export function cookiesOf(request: FastifyRequest): Readonly<Record<string, string | undefined>> {
  const { cookie } = request.headers;
  return cookie === undefined ? {} : request.server.parseCookie(cookie);
}

/**
 * Gives the browser a cookie. The header is written here, because the hooks of @fastify/cookie, which would write it, also run for each
 * request of the API.
 */
export function giveCookie(reply: FastifyReply, name: string, value: string, options: SerializeOptions): void {
  void reply.header('set-cookie', reply.server.serializeCookie(name, value, options));
}

/** Takes a cookie from the browser. `options` are those with which it was given. */
export function takeCookie(reply: FastifyReply, name: string, options: SerializeOptions): void {
  giveCookie(reply, name, '', { ...options, maxAge: 0, expires: new Date(0) });
}

/** The token of the session; undefined if the browser sent none. */
export const sessionTokenOf = (request: FastifyRequest, publicUrl: string): string | undefined =>
  cookiesOf(request)[nameFor(publicUrl)];

/** Gives the browser the token of a session. The cookie ends with the session at the latest. */
export function setSessionCookie(reply: FastifyReply, publicUrl: string, token: string, maxAgeSeconds: number): void {
  giveCookie(reply, nameFor(publicUrl), token, { ...attributesFor(publicUrl), maxAge: maxAgeSeconds });
}

export function clearSessionCookie(reply: FastifyReply, publicUrl: string): void {
  takeCookie(reply, nameFor(publicUrl), attributesFor(publicUrl));
}

const attributesFor = (publicUrl: string) =>
  ({ path: '/', httpOnly: true, sameSite: 'lax', secure: isHttps(publicUrl) }) as const;
