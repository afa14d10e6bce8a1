import type { LoggerService } from '@nestjs/common';
import { LogController, type FastifyBaseLogger, type FastifyReply, type FastifyRequest } from 'fastify';
import type { LogLevel } from './settings/config.js';
import { pathOf } from './http/request.js';

/** Settings of Fastify's logger: JSON lines on standard output, without tokens or personal links. */
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
  // Fastify's own serialiser would log the whole URL.
  serializers: { req: (request: FastifyRequest) => ({ method: request.method, path: loggedPath(request) }) },
});

/** Logs one line for each request, when it has been answered. */
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
 * The path of a request without secrets. The path of a personal link contains its token, so only the pattern of its route is logged. A
 * mistyped link (`/Decline/…`, `//decline/…`) matches no route although its token is valid: so no path segment longer than our
 * ids and names is logged.
 */
function loggedPath(request: FastifyRequest): string {
  // Before routing there are no options.
  const route = (request.routeOptions as FastifyRequest['routeOptions'] | undefined)?.url ?? '';
  if (route.includes(':token')) return route;
  return pathOf(request).replace(secretsInPaths, '/$1/[removed]').replace(longParts, '[removed]');
}

/** `/v1/reports/…` names a report; other report paths contain a token. */
const secretsInPaths = /(?<!\/v1)\/(decline|calendar|reports)\/[^/]+/gi;

/** A UUID has 36 characters. Each part is tried from its start alone: trying every character cost 1.6 % of Node's time for a booking. */
const longParts = /(?<![^/])[^/]{41,}/g;

/** Contexts of Nest's start-up messages, which help only when debugging the start. */
const contextsOfStart = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
]);

/** Sends the messages of Nest's `Logger` to Fastify's logger. The last argument is the context. */
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
