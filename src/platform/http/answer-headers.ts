import type { FastifyReply, FastifyRequest } from 'fastify';
import { etagOf } from './etag.js';
import { pathOf } from './request.js';

/**
 * The headers that follow from an answer: `ETag` where it has a version, `Link: rel="next"` where it has a next page.
 * As they are derived, a stored answer that comes again has them too.
 */
export function setAnswerHeaders(request: FastifyRequest, reply: FastifyReply, answer: unknown): void {
  if (reply.statusCode >= 300 || typeof answer !== 'object' || answer === null) return;
  const { version, nextCursor } = answer as { version?: unknown; nextCursor?: unknown };
  if (typeof version === 'number') reply.header('etag', etagOf(version));
  if (typeof nextCursor === 'string') {
    const query = new URLSearchParams(request.url.slice(pathOf(request).length));
    query.set('cursor', nextCursor);
    reply.header('link', `<${pathOf(request)}?${query.toString()}>; rel="next"`);
  }
}
