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

/** The token of the session; undefined if the browser sent none. */
export const sessionTokenOf = (request: FastifyRequest, publicUrl: string): string | undefined =>
  cookiesOf(request)[nameFor(publicUrl)];

/** Gives the browser the token of a session. The cookie ends with the session at the latest. */
export function setSessionCookie(reply: FastifyReply, publicUrl: string, token: string, maxAgeSeconds: number): void {
  void reply.setCookie(nameFor(publicUrl), token, { ...attributesFor(publicUrl), maxAge: maxAgeSeconds });
}

export function clearSessionCookie(reply: FastifyReply, publicUrl: string): void {
  void reply.clearCookie(nameFor(publicUrl), attributesFor(publicUrl));
}

const attributesFor = (publicUrl: string) =>
  ({ path: '/', httpOnly: true, sameSite: 'lax', secure: isHttps(publicUrl) }) as const;
