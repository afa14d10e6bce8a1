import type { LoggerService } from '@nestjs/common';
import { LogController, type FastifyBaseLogger, type FastifyReply, type FastifyRequest } from 'fastify';
import type { LogLevel } from './settings/config.js';
import { pathOf } from './http/request.js';

/** Fastify's logger: JSON lines on the standard output, without what would let a reader act as somebody else. */
export const logSettings = (level: LogLevel) => ({
  level,
  redact: {
    paths: [
      'headers.authorization',
      'headers.cookie',
      'req.headers.authorization',
      'req.headers.cookie',
      'res.headers["set-cookie"]',
    ],
    censor: '[removed]',
  },
  // Fastify's own serialiser names the whole address.
  serializers: { req: (request: FastifyRequest) => ({ method: request.method, path: loggedPath(request) }) },
});

/** One line for each request, when it is answered. */
export class RequestLog extends LogController {
  override incomingRequest(): void {}

  /** Every request is logged when it is answered. */
  override routeNotFound(): void {}

  override requestCompleted(error: Error | null | undefined, request: FastifyRequest, reply: FastifyReply): void {
    const line = {
      method: request.method,
      path: loggedPath(request),
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      address: request.clientAddress,
    };
    if (error) request.log.error({ ...line, err: error }, 'request failed');
    else request.log.info(line, 'request');
  }
}

/**
 * Personal links carry their token in the path, which may be written in more ways than one: of their routes only the pattern is
 * logged. A link that was mistyped on its way (`/Decline/…`, `//decline/…`) matches no route, and its token is still
 * good. So no part of a path is logged that is longer than our ids and names.
 */
function loggedPath(request: FastifyRequest): string {
  // Before the routing there are no options.
  const route = (request.routeOptions as FastifyRequest['routeOptions'] | undefined)?.url ?? '';
  if (route.includes(':token')) return route;
  return pathOf(request).replace(secretsInPaths, '/$1/[removed]').replace(longParts, '[removed]');
}

/** Reports have a name at `/v1/reports/…`, and a token elsewhere. */
const secretsInPaths = /(?<!\/v1)\/(decline|calendar|reports)\/[^/]+/gi;

/** A UUID has 36 characters. */
const longParts = /[^/]{41,}/g;

/** What Nest says of its own start: of interest only to whoever looks for a fault in it. */
const contextsOfStart = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
]);

/** Lets Nest's `Logger`, and so all of the service, write to Fastify's. Its callers name their context last. */
export class NestLog implements LoggerService {
  constructor(private readonly sink: FastifyBaseLogger) {}

  log(message: unknown, context?: string): void {
    this.sink[contextsOfStart.has(context ?? '') ? 'debug' : 'info']({ context }, String(message));
  }

  warn(message: unknown, context?: string): void {
    this.sink.warn({ context }, String(message));
  }

  error(message: unknown, ...stackAndContext: string[]): void {
    const context = stackAndContext.at(-1);
    const stack = stackAndContext.length > 1 ? stackAndContext[0] : undefined;
    this.sink.error({ context, stack }, String(message));
  }

  debug(message: unknown, context?: string): void {
    this.sink.debug({ context }, String(message));
  }

  verbose(message: unknown, context?: string): void {
    this.sink.trace({ context }, String(message));
  }
}
