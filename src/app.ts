import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { apiGuide } from './api-guide.js';
import { AppModule } from './app.module.js';
import { installHttp } from './platform/http/install.js';
import { limitConnections } from './platform/http/open-connections.js';
import { publishOpenApi } from './platform/http/openapi.js';
import { frameworkErrors } from './platform/http/problems.filter.js';
import { apiHeadersFor } from './platform/http/security-headers.js';
import { unreadableRequests } from './platform/http/unreadable-requests.js';
import { logSettings, NestLog, RequestLog } from './platform/logs.js';
import type { Foundation } from './platform/platform.module.js';

/** Creates the whole service on its foundation, not yet listening: the same for the process and for tests. */
export async function createApp(foundation: Foundation): Promise<NestFastifyApplication> {
  const { config } = foundation;
  const limits = config.httpLimits;
  const headers = apiHeadersFor(config.publicUrl);
  const adapter = new FastifyAdapter({
    logger: logSettings(config.logLevel),
    logController: new RequestLog(),
    // Fastify would also take host and protocol from proxy headers. client-address.ts reads the client's address.
    trustProxy: false,
    frameworkErrors: frameworkErrors(headers),
    clientErrorHandler: unreadableRequests(headers),
    keepAliveTimeout: limits.idleMs,
    // Node compares this value with its own limit for whole requests. `arriving-bodies.ts` replaces that limit.
    http: {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.headersMs,
      connectionsCheckingInterval: Math.min(5_000, limits.headersMs / 2),
    },
    // A stop waits for running requests, not for idle keep-alive connections.
    forceCloseConnections: 'idle',
  });
  limitConnections(adapter.getInstance().server, limits, config.trustedProxies);
  const logger = new NestLog(adapter.getInstance().log);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.on(foundation), adapter, {
    logger,
    bodyParser: false,
    // A start error is thrown to the caller instead of ending the process.
    abortOnError: false,
  });
  closeWhatBecomesIdle(adapter);
  await installHttp(app, config);
  publishOpenApi(app, apiGuide);
  return app;
}

const lookForIdleMs = 50;

/** Closes connections that become idle during a stop. Fastify closes only those that are idle when the stop begins. */
function closeWhatBecomesIdle(adapter: FastifyAdapter): void {
  const fastify = adapter.getInstance();
  fastify.addHook('preClose', (done) => {
    const looking = setInterval(() => fastify.server.closeIdleConnections(), lookForIdleMs);
    fastify.server.once('close', () => clearInterval(looking));
    looking.unref();
    done();
  });
}
