import compress from '@fastify/compress';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import { NotFoundException } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { clientAddress } from '../client-address.js';
import type { Config } from '../settings/config.js';
import { isAssetPath, serveAssets } from '../pages/assets.js';
import { consoleHeaders, isConsolePath, isPagePath, pageHeaders } from '../pages/page.js';
import { AccessTokens } from './access-tokens.js';
import { BrowserSessions } from './browser-sessions.js';
import { Admission, type SessionCookies } from './admission.js';
import { setAnswerHeaders } from './answer-headers.js';
import { limitArrivingBodies } from './arriving-bodies.js';
import { applyBodyLimit, takeJsonAndForms } from './body.js';
import { controllerRoutes, refuseCarelessRoutes } from './controller-routes.js';
import { ProblemsFilter } from './problems.filter.js';
import { rateLimits } from './rate-limits.js';
import { requestProperties } from './request.js';
import { RequestPipe } from './request.pipe.js';
import { Routes } from './routes.js';
import { sessionTokenOf } from './session-cookie.js';
import { apiHeadersFor, isHttps, withHttps } from './security-headers.js';
import { Turn } from './turn.js';
import { UserAllowances } from './user-allowances.js';

/** The number of addresses that are counted at a time. The address not seen for longest is forgotten first. */
const maxCounted = 50_000;

/**
 * Installs everything between the socket and the controllers. Call it before the application is initialised, because
 * hooks apply only to routes that are added after them. The application must be created with `bodyParser: false`.
 */
export async function installHttp(app: NestFastifyApplication, config: Config): Promise<void> {
  const ours = controllerRoutes(app);
  refuseCarelessRoutes(ours);
  const headers = {
    ofPage: withHttps(config.publicUrl, pageHeaders),
    ofConsole: withHttps(config.publicUrl, consoleHeaders),
    ofDocumentation: documentationHeaders(isHttps(config.publicUrl)),
    ofOthers: apiHeadersFor(config.publicUrl),
  };
  const fastify = app.getHttpAdapter().getInstance();
  const routes = new Routes();
  for (const property of requestProperties) fastify.decorateRequest(property, null);
  fastify.decorateRequest('clientAddress', {
    getter(this: FastifyRequest) {
      return clientAddress(this.raw.socket.remoteAddress, forwardedFor(this), config.trustedProxies);
    },
  });
  fastify.addHook('onRoute', (route) => {
    routes.add(route.url, route.method);
    applyBodyLimit(route);
    if (isDocumentationPage(route.url)) route.helmet = headers.ofDocumentation;
    if (isPagePath(route.url)) route.compress = { customTypes: /^text\/html/ };
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    const url = request.routeOptions.url ?? '';
    if (isConsolePath(url)) reply.headers(headers.ofConsole);
    else if (isPagePath(url)) reply.headers(headers.ofPage);
    else if (isAssetPath(url)) reply.header('x-content-type-options', 'nosniff');
    else if (!isDocumentationPage(url)) reply.headers(headers.ofOthers);
    if (request.method !== 'GET' && request.method !== 'HEAD') request.turn = Turn.next(request.raw.socket, reply.raw);
    done();
  });
  fastify.addHook('preSerialization', (request, reply, answer, done) => {
    setAnswerHeaders(request, reply, answer);
    done(null, answer);
  });
  await takeJsonAndForms(app);
  limitArrivingBodies(fastify, config.httpLimits);
  await app.register(compress, { global: false });
  await app.register(cookie, { hook: false });
  await serveAssets(fastify, config.publicUrl);
  await app.register(helmet, { global: false });
  await app.register(rateLimit, { global: false, cache: maxCounted });
  const filter = new ProblemsFilter(routes);
  app.useGlobalFilters(filter);
  const admission = new Admission(
    ours,
    app.get(AccessTokens),
    sessionCookies(app.get(BrowserSessions), config.publicUrl),
    rateLimits(fastify, app.get(UserAllowances), config.rateLimitPerMinute),
  );
  // An unknown address or method is refused before its body matters.
  fastify.addHook('onRequest', async (request, reply) => {
    if (!request.is404) return;
    await admission.admitNowhere(request, reply);
    throw new NotFoundException();
  });
  fastify.addHook('onRoute', (route) => admission.watch(route));
  fastify.addHook('onReady', (done) => {
    admission.refuseUnwatched();
    done();
  });
  app.useGlobalPipes(new RequestPipe());
}

const sessionCookies = (sessions: BrowserSessions, publicUrl: string): SessionCookies => ({
  find: (token) => sessions.find(token),
  tokenOf: (request) => sessionTokenOf(request, publicUrl),
});

/** Returns the header as one list, because it may be sent in several lines. */
const forwardedFor = ({ headers }: FastifyRequest): string | undefined =>
  [headers['x-forwarded-for'] ?? []].flat().join(',') || undefined;

const isDocumentationPage = (url: string): boolean => url.startsWith('/docs');

/** The headers of the documentation, set by helmet. */
function documentationHeaders(hasHttps: boolean) {
  return {
    strictTransportSecurity: hasHttps,
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        // The page at /docs has an inline style sheet.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        upgradeInsecureRequests: hasHttps ? [] : null,
      },
    },
  };
}
