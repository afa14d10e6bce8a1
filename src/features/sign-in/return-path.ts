/** Pages to which nobody returns after signing in. */
const doors = /^\/console\/sign-(?:in|out)(?:\/|$)/;

/**
 * The page to return to after signing in, if it is a page of this console; undefined for everything else. So a link to the sign-in
 * page cannot lead to another site.
 */
export function returnPath(asked: unknown): string | undefined {
  if (typeof asked !== 'string' || asked.length > 500 || !/^\/console(?:[/?]|$)[\x21-\x7e]*$/.test(asked))
    return undefined;
  if (asked.includes('\\') || asked.includes('//')) return undefined;
  const { pathname, search } = new URL(asked, 'http://console.invalid');
  return /^\/console(?:\/|$)/.test(pathname) && !doors.test(pathname) ? pathname + search : undefined;
}
