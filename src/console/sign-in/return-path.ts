import { ownPath } from '../page/own-path.js';

/** Pages to which nobody returns after signing in. */
const doors = /^\/console\/sign-(?:in|out)(?:\/|$)/;

/**
 * The page to return to after signing in, if it is a page of this console; undefined for everything else. So a link to the sign-in
 * page cannot lead to another site, or sign the user out again.
 */
export function returnPath(asked: unknown): string | undefined {
  const path = ownPath(asked);
  if (path === undefined || path.length > 500 || path.includes('//')) return undefined;
  const { pathname, search } = new URL(path, 'http://console.invalid');
  return /^\/console(?:\/|$)/.test(pathname) && !doors.test(pathname) ? pathname + search : undefined;
}
