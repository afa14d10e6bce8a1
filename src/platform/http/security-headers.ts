const httpsOnly = { 'strict-transport-security': 'max-age=31536000; includeSubDomains' };

/**
 * What a browser must know about an answer that is no page. Such an answer may hold tokens and personal data, so nobody keeps it.
 * The headers are no concern of helmet: making them anew for each answer cost a twentieth of what a booking costs.
 */
const apiHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** On plain http a browser must not learn that it should use https: it would never come again. */
export const isHttps = (publicUrl: string): boolean => publicUrl.startsWith('https:');

/** The headers together with those of https, where the public address has it. */
export const withHttps = (publicUrl: string, headers: Readonly<Record<string, string>>): Record<string, string> =>
  isHttps(publicUrl) ? { ...headers, ...httpsOnly } : { ...headers };

/** The headers of every answer that is neither a page nor documentation. */
export const apiHeadersFor = (publicUrl: string): Record<string, string> => withHttps(publicUrl, apiHeaders);
