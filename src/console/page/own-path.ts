/**
 * A path of the console that came from outside, e.g. in a query; undefined if it leads anywhere else. A browser reads `//host` and `/\host`
 * as addresses of other sites.
 */
export const ownPath = (path: unknown): string | undefined =>
  typeof path === 'string' && path.length <= 2_000 && /^\/console(?:[/?][\x21-\x5b\x5d-\x7e]*)?$/.test(path)
    ? path
    : undefined;
