import type { FastifyReply, FastifyRequest } from 'fastify';
import { cookiesOf, giveCookie, takeCookie } from '../../platform/http/session-cookie.js';
import type { Redirect } from './console-page.js';

/** What the page after a redirect shows once. */
export type Flash = Pick<Redirect, 'said' | 'undo'>;

const name = 'trm-said';
const attributes = { path: '/console', httpOnly: true, sameSite: 'lax' } as const;

/** Browsers refuse larger cookies. */
const mostBytes = 3_000;

/** Keeps the message for the next page in a cookie. It contains only what the reader may see, and is shown as plain text. */
export function keepFlash(reply: FastifyReply, { said, undo }: Flash): void {
  if (said === undefined) return;
  const value = Buffer.from(JSON.stringify({ said, undo })).toString('base64url');
  if (value.length > mostBytes) return;
  giveCookie(reply, name, value, { ...attributes, maxAge: 60 });
}

/** Takes the message out of the cookie. */
export function takeFlash(request: FastifyRequest, reply: FastifyReply): Flash {
  const value = cookiesOf(request)[name];
  if (value === undefined) return {};
  takeCookie(reply, name, attributes);
  return readFlash(value);
}

/** A browser can send anything: an undo leads only to a path of the console, and other values are dropped. */
function readFlash(value: string): Flash {
  let read: unknown;
  try {
    read = JSON.parse(Buffer.from(value, 'base64url').toString());
  } catch {
    return {};
  }
  const { said, undo } = (read ?? {}) as { said?: unknown; undo?: { action?: unknown; label?: unknown } };
  if (typeof said !== 'string') return {};
  const { action, label } = undo ?? {};
  const isUndo = typeof action === 'string' && action.startsWith('/console/') && typeof label === 'string';
  return isUndo ? { said, undo: { action, label } } : { said };
}
