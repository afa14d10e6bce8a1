import { isUtf8 } from 'node:buffer';
import formbody from '@fastify/formbody';
import { RouteConfig, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest, RouteOptions } from 'fastify';
import { Refusal } from '../../domain/refusal.js';
import { isPagePath } from '../pages/page.js';
import { takeCsv, takesCsv } from './csv-body.js';
import { pathOf } from './request.js';

/** The pointer for the body as a whole. */
export const malformedJson = (): Refusal =>
  new Refusal('malformed-json', {}, { errors: [{ pointer: '', code: 'json' }] });

/** For a route that accepts larger bodies than Fastify's default of 1 MiB. */
export const BodyLimit = (bytes: number) => RouteConfig({ bodyLimit: bytes });

/** For Fastify's `onRoute` hook. */
export function applyBodyLimit(route: RouteOptions): void {
  const { bodyLimit: bytes } = (route.config ?? {}) as { bodyLimit?: number };
  if (bytes !== undefined) route.bodyLimit = bytes;
}

/**
 * Accepts only bodies of JSON in UTF-8 (otherwise 415); pages also accept forms, and a route may accept CSV files. An
 * empty body counts as none. Compressed bodies and bodies in another charset are refused, because they would be
 * misread. The application must be created with `bodyParser: false`, otherwise Nest adds a parser for forms.
 */
export async function takeJsonAndForms(app: NestFastifyApplication): Promise<void> {
  const fastify = app.getHttpAdapter().getInstance();
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (body.length === 0) return done(null, undefined);
    if (!isUtf8(body)) return done(malformedJson());
    void parse(request, body.toString(), done);
  });
  takeCsv(fastify);
  await app.register(formbody);
  fastify.addHook('preParsing', (request, reply, _payload, done) => {
    if (request.method === 'GET' || request.method === 'HEAD') return done();
    const refusal = unreadable(request);
    if (refusal?.code === 'unsupported-content-encoding') reply.header('accept-encoding', 'identity');
    done(refusal);
  });
  fastify.addHook('preParsing', (request, _reply, _payload, done) => {
    const isForm = /^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? '');
    done(isForm && !isPagePath(routeOrPath(request)) ? new Refusal('unsupported-media-type') : null);
  });
}

/** The content types that the route of a request accepts. */
export function typesTaken(request: FastifyRequest): string {
  if (takesCsv(request)) return 'text/csv';
  return isPagePath(routeOrPath(request)) ? 'application/x-www-form-urlencoded, application/json' : 'application/json';
}

const routeOrPath = (request: FastifyRequest): string => request.routeOptions.url ?? pathOf(request);

/** The refusal of a body whose headers name a content encoding or a charset that is not supported. */
function unreadable({ headers }: FastifyRequest): Refusal | null {
  const codings = (headers['content-encoding'] ?? '').split(',').map((each) => each.trim());
  const coding = codings.find((each) => !/^(identity)?$/i.test(each));
  if (coding !== undefined) return new Refusal('unsupported-content-encoding', { value: coding.slice(0, 100) });
  const charsets = (headers['content-type'] ?? '').matchAll(/;\s*charset\s*=\s*("[^"]*"|[^;]*)/gi);
  for (const [, written] of charsets) {
    const charset = written!.trim().replace(/^"(.*)"$/, '$1');
    if (!/^utf-?8$/i.test(charset)) return new Refusal('unsupported-charset', { value: charset.slice(0, 100) });
  }
  return null;
}
