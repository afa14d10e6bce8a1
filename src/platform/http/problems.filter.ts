import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal, statusOf } from '../../domain/refusal.js';
import type { RefusalCode } from '../../domain/refusals.js';
import { refusalOf } from '../database/database-errors.js';
import { isPagePath, pageText } from '../pages/page.js';
import { problemPage } from '../pages/problem.page.js';
import { malformedJson, typesTaken } from './body.js';
import { languageOf } from './language.js';
import { problemOf } from './problems.js';
import { pathOf } from './request.js';
import { Routes } from './routes.js';

/** What Fastify and Nest refuse by themselves, in our words. What is not listed is `malformed-request`. */
const byStatus: Partial<Record<number, RefusalCode>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  413: 'payload-too-large',
  415: 'unsupported-media-type',
  429: 'too-many-requests',
  503: 'overloaded',
};

/** An address as long as a book is not repeated. */
const maxInstance = 2000;

const jsonErrors = new Set(['FST_ERR_CTP_INVALID_JSON_BODY', 'FST_ERR_CTP_EMPTY_JSON_BODY']);

const byFastifyCode: Partial<Record<string, RefusalCode>> = {
  // A path parameter longer than any of ours names nothing.
  FST_ERR_MAX_PARAM_LENGTH: 'not-found',
};

/** Every "no", and every failure, as `application/problem+json` (RFC 9457) in the language of the reader. */
@Catch()
export class ProblemsFilter implements ExceptionFilter {
  readonly #logger = new Logger('Http');

  constructor(private readonly routes: Routes) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const refusal = this.#refusalFor(error, request, reply);
    if (reply.sent) {
      // A stream has begun: all that is left is to break it off, so that nobody takes it for whole.
      reply.raw.destroy();
      return;
    }
    const language = languageOf(request.headers['accept-language']);
    if (refusal.code === 'unauthenticated') reply.header('www-authenticate', 'Bearer realm="trm"');
    if (refusal.retryAfterSeconds !== undefined) reply.header('retry-after', refusal.retryAfterSeconds);
    reply.removeHeader('content-length').removeHeader('content-disposition');
    if (isPagePath(request.routeOptions?.url ?? pathOf(request)) && !asksForJson(request)) {
      const goesOn = refusal.code === 'invalid-query' && request.method === 'GET';
      const html = problemPage(refusal, language, goesOn ? pathOf(request) : undefined);
      void pageText(reply, { html, language, status: statusOf(refusal.code) }).then((page) => reply.send(page));
      return;
    }
    void reply
      .status(statusOf(refusal.code))
      .type('application/problem+json; charset=utf-8')
      .header('content-language', language)
      .header('vary', 'accept-language')
      .header('cache-control', 'no-store')
      // Sent as text: what a client does with `{"toString": …}` in a body is none of the serialiser's business.
      .send(JSON.stringify(problemOf(refusal, language, pathOf(request).slice(0, maxInstance))));
  }

  #refusalFor(error: unknown, request: FastifyRequest, reply: FastifyReply): Refusal {
    const refusal = refusalOf(error) ?? refusedByFramework(error);
    if (!refusal) {
      this.#logger.error(
        `${request.method} ${request.routeOptions?.url ?? ''}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
      return new Refusal('internal-error');
    }
    if (refusal.code === 'unsupported-media-type') {
      const types = typesTaken(request);
      reply.header('accept', types);
      return new Refusal('unsupported-media-type', { types });
    }
    const methods = refusal.code === 'not-found' && refusal !== error ? this.routes.methodsOf(pathOf(request)) : [];
    // With a slash at its end it is the address that is wrong.
    if (methods.length === 0 || methods.includes(request.method)) return refusal;
    const allowed = methods.join(', ');
    reply.header('allow', allowed);
    return new Refusal('method-not-allowed', { methods: allowed });
  }
}

/** Whether a program looks at a page, and would rather have a problem that it can read. */
const asksForJson = ({ headers: { accept = '' } }: FastifyRequest): boolean =>
  /\bjson\b/i.test(accept) && !/\bhtml\b/i.test(accept);

/**
 * Answers what the router refuses before any hook runs, such as `/%zz`: an option of Fastify itself, so it is set before there are routes.
 */
export const frameworkErrors =
  (headers: Readonly<Record<string, string>>) =>
  (error: Error, request: FastifyRequest, reply: FastifyReply): void => {
    new ProblemsFilter(new Routes()).answer(error, request, reply.headers(headers));
  };

/** Undefined for what is a fault of ours. */
function refusedByFramework(error: unknown): Refusal | undefined {
  const cause = error instanceof HttpException && error.cause instanceof Error ? error.cause : error;
  const code = (cause as { code?: unknown } | undefined)?.code;
  if (typeof code === 'string' && jsonErrors.has(code)) return malformedJson();
  const named = typeof code === 'string' ? byFastifyCode[code] : undefined;
  if (named) return new Refusal(named);
  const status = error instanceof HttpException ? error.getStatus() : frameworkStatus(cause);
  if (status === undefined || (status >= 500 && status !== 503)) return undefined;
  if (cause instanceof SyntaxError) return malformedJson();
  return new Refusal(byStatus[status] ?? 'malformed-request', {}, status === 503 ? { retryAfterSeconds: 5 } : {});
}

/** Fastify's errors, and those of its JSON parser, carry the status that they mean. */
function frameworkStatus(error: unknown): number | undefined {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' ? status : undefined;
}
