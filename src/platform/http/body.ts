import { isUtf8 } from 'node:buffer';
import formbody from '@fastify/formbody';
import { RouteConfig, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest, RouteOptions } from 'fastify';
import { Refusal } from '../../domain/refusal.js';
import { isPagePath } from '../pages/page.js';
import { takeCsv, takesCsv } from './csv-body.js';
import { pathOf } from './request.js';

/** The whole body is at fault. */
export const malformedJson = (): Refusal =>
  new Refusal('malformed-json', {}, { errors: [{ pointer: '', code: 'json' }] });

/** For a route that takes larger bodies than the 1 MiB that Fastify does by itself. */
export const BodyLimit = (bytes: number) => RouteConfig({ bodyLimit: bytes });

/** For Fastify's `onRoute` hook. */
export function applyBodyLimit(route: RouteOptions): void {
  const { bodyLimit: bytes } = (route.config ?? {}) as { bodyLimit?: number };
  if (bytes !== undefined) route.bodyLimit = bytes;
}

/**
 * Takes bodies of JSON in UTF-8 and nothing else (415), except that pages take forms and a route may take CSV files; an empty one is none.
 * A body that is compressed, or said to be in another charset, would be read as something that it is not: it is refused too.
 * The application must have been created with `bodyParser: false`, or Nest adds a parser for forms.
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

/** The content types of the bodies that the route of a request takes. */
export function typesTaken(request: FastifyRequest): string {
  if (takesCsv(request)) return 'text/csv';
  return isPagePath(routeOrPath(request)) ? 'application/x-www-form-urlencoded, application/json' : 'application/json';
}

const routeOrPath = (request: FastifyRequest): string => request.routeOptions.url ?? pathOf(request);

/** The refusal of a body whose headers name another coding or another charset than the one that is read. */
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
