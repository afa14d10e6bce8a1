const httpsOnly = { 'strict-transport-security': 'max-age=31536000; includeSubDomains' };

/**
 * Headers of every response that is not a page. Such a response may contain tokens and personal data, so it must not
 * be cached. They are set by hand: helmet builds them for each response, which costs a twentieth of the time of a
 * booking.
 */
const apiHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** HSTS on plain http would lock browsers out of the service. */
export const isHttps = (publicUrl: string): boolean => publicUrl.startsWith('https:');

/** The headers, with HSTS if the public address is https. */
export const withHttps = (publicUrl: string, headers: Readonly<Record<string, string>>): Record<string, string> =>
  isHttps(publicUrl) ? { ...headers, ...httpsOnly } : { ...headers };

/** The headers of every response that is neither a page nor documentation. */
export const apiHeadersFor = (publicUrl: string): Record<string, string> => withHttps(publicUrl, apiHeaders);
