import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal, statusOf } from '../../domain/refusal.js';
import type { RefusalCode } from '../../domain/refusals.js';
import { refusalOf } from '../database/database-errors.js';
import { isConsolePath, isPagePath, pageText } from '../pages/page.js';
import { problemPage } from '../pages/problem.page.js';
import { malformedJson, typesTaken } from './body.js';
import { languageOf } from './language.js';
import { problemOf } from './problems.js';
import { pathOf } from './request.js';
import { Routes } from './routes.js';

/** The refusals for errors of Fastify and Nest. Errors that are not listed become `malformed-request`. */
const byStatus: Partial<Record<number, RefusalCode>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  413: 'payload-too-large',
  415: 'unsupported-media-type',
  429: 'too-many-requests',
  503: 'overloaded',
};

/** Very long addresses are not repeated in the problem. */
const maxInstance = 2000;

const jsonErrors = new Set(['FST_ERR_CTP_INVALID_JSON_BODY', 'FST_ERR_CTP_EMPTY_JSON_BODY']);

const byFastifyCode: Partial<Record<string, RefusalCode>> = {
  // A path parameter longer than any id or name matches nothing.
  FST_ERR_MAX_PARAM_LENGTH: 'not-found',
};

/** Turns every refusal and error into `application/problem+json` (RFC 9457) in the language of the caller. */
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
      // A stream has begun. It can only be broken off, so that the reader does not take it for complete.
      reply.raw.destroy();
      return;
    }
    const language = languageOf(request.headers['accept-language']);
    if (refusal.code === 'unauthenticated') reply.header('www-authenticate', 'Bearer realm="trm"');
    if (refusal.retryAfterSeconds !== undefined) reply.header('retry-after', refusal.retryAfterSeconds);
    reply.removeHeader('content-length').removeHeader('content-disposition');
    const path = request.routeOptions?.url ?? pathOf(request);
    if (refusal.code === 'unauthenticated' && isConsolePath(path)) {
      void reply.status(303).header('location', signInPath(request)).send('');
      return;
    }
    if (isPagePath(path) && !asksForJson(request)) {
      const goesOn = refusal.code === 'invalid-query' && request.method === 'GET';
      const home = isConsolePath(path) ? '/console' : undefined;
      const html = problemPage(refusal, language, goesOn ? pathOf(request) : undefined, home);
      void pageText(reply, { html, language, status: statusOf(refusal.code) }).then((page) => reply.send(page));
      return;
    }
    void reply
      .status(statusOf(refusal.code))
      .type('application/problem+json; charset=utf-8')
      .header('content-language', language)
      .header('vary', 'accept-language')
      .header('cache-control', 'no-store')
      // Sent as text, so that Fastify's serialiser does not interpret fields that a client sent, such as
      // `{"toString": …}`.
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
    // The address ends with a slash that does not belong there.
    if (methods.length === 0 || methods.includes(request.method)) return refusal;
    const allowed = methods.join(', ');
    reply.header('allow', allowed);
    return new Refusal('method-not-allowed', { methods: allowed });
  }
}

/** Signing in leads back to the page. After a form, that is the page which contained it. */
function signInPath({ method, url, headers: { referer, host } }: FastifyRequest): string {
  const from = referer !== undefined && URL.canParse(referer) ? new URL(referer) : undefined;
  const ofForm = from !== undefined && from.host === host ? from.pathname + from.search : undefined;
  const to = method === 'GET' || method === 'HEAD' ? url : ofForm;
  return to !== undefined && isConsolePath(to) && to !== '/console'
    ? `/console/sign-in?to=${encodeURIComponent(to)}`
    : '/console/sign-in';
}

/** Whether the caller is a program at a page's address, which prefers a problem document. */
const asksForJson = ({ headers: { accept = '' } }: FastifyRequest): boolean =>
  /\bjson\b/i.test(accept) && !/\bhtml\b/i.test(accept);

/**
 * Answers requests that the router refuses before any hook runs, such as `/%zz`. Fastify takes it as an option,
 * before there are routes.
 */
export const frameworkErrors =
  (headers: Readonly<Record<string, string>>) =>
  (error: Error, request: FastifyRequest, reply: FastifyReply): void => {
    new ProblemsFilter(new Routes()).answer(error, request, reply.headers(headers));
  };

/** The refusal for an error that the caller caused; undefined for a fault of the service. */
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

/** The status that Fastify and its JSON parser put into an error. */
function frameworkStatus(error: unknown): number | undefined {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' ? status : undefined;
}
