import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Clock } from '../clock.js';
import type { Config } from '../config.js';
import { Database } from '../database.js';
import { AccessTokens } from './access-tokens.js';
import { setAnswerHeaders } from './answer-headers.js';
import { AuthenticationGuard } from './authentication.guard.js';
import { applyBodyLimit, takeJsonOnly } from './body.js';
import { controllerRoutes, refuseCarelessRoutes } from './controller-routes.js';
import { publishOpenApi } from './openapi.js';
import { ProblemsFilter } from './problems.filter.js';
import { rateLimits } from './rate-limits.js';
import { requestProperties } from './request.js';
import { RequestPipe } from './request.pipe.js';
import { Routes } from './routes.js';
import { TransactionInterceptor } from './transaction.interceptor.js';

/** Tokens and addresses that are counted at one time; the one not seen for longest is forgotten first. */
const maxCounted = 50_000;

/**
 * Everything between the socket and the controllers. To be called before the application is initialised, as hooks
 * concern only the routes that are added after them; the application must be created with `bodyParser: false`.
 */
export async function installHttp(app: NestFastifyApplication, config: Config): Promise<void> {
  refuseCarelessRoutes(controllerRoutes(app));
  const fastify = app.getHttpAdapter().getInstance();
  const routes = new Routes();
  for (const property of requestProperties) fastify.decorateRequest(property, null);
  fastify.addHook('onRoute', (route) => {
    routes.add(route.url, route.method);
    applyBodyLimit(route);
  });
  fastify.addHook('preSerialization', (request, reply, answer, done) => {
    setAnswerHeaders(request, reply, answer);
    done(null, answer);
  });
  takeJsonOnly(app);
  await app.register(helmet, securityHeaders(config));
  await app.register(rateLimit, { global: false, cache: maxCounted });
  const filter = new ProblemsFilter(routes);
  app.useGlobalFilters(filter);
  app.useGlobalGuards(new AuthenticationGuard(app.get(AccessTokens), rateLimits(fastify, config.rateLimitPerMinute)));
  app.useGlobalInterceptors(new TransactionInterceptor(app.get(Database), app.get(Clock)));
  app.useGlobalPipes(new RequestPipe());
  publishOpenApi(app);
}

/** On plain http a browser must not be told to come by https: it would never come again. */
function securityHeaders({ publicUrl }: Config) {
  const isHttps = publicUrl.startsWith('https:');
  return {
    strictTransportSecurity: isHttps,
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        // The page at /docs brings its own style sheet inline.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        upgradeInsecureRequests: isHttps ? [] : null,
      },
    },
  };
}
