import type { FastifyReply, FastifyRequest } from 'fastify';
import { etagOf } from './etag.js';
import { pathOf } from './request.js';

/**
 * Headers that follow from the body of a response: `ETag` if it has a version, `Link: rel="next"` if it has a next
 * page. They are derived, so that a stored response that is sent again has them too.
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
