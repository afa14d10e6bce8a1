import { Readable } from 'node:stream';
import { createParamDecorator } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Refusal } from '../../domain/refusal.js';
import { requestOf } from './request.js';

/** A file that is arriving. Nothing of it has been read. */
export interface CsvBody {
  stream: Readable;
}

/** For a route whose body is a CSV file of any length, which the route reads as it arrives. */
export const TakesCsv = () => RouteConfig({ takesCsv: true });

/** The body of a route with `@TakesCsv()`. Anything other than `text/csv` is refused (415). */
export const Csv = createParamDecorator((_: unknown, context): CsvBody => {
  const { body } = requestOf(context);
  if (!(body instanceof Readable)) throw new Refusal('unsupported-media-type');
  return { stream: body };
});

const said = ({ headers }: FastifyRequest): string => headers['content-type'] ?? '';
const isCsv = (request: FastifyRequest): boolean => /^text\/csv\s*(;|$)/i.test(said(request));

/** Whether the body of a request is a file that its route reads as it arrives. */
export const takesCsv = ({ routeOptions }: FastifyRequest): boolean =>
  (routeOptions.config as { takesCsv?: boolean } | undefined)?.takesCsv === true;

/** Passes CSV files as streams to the routes that accept them. These routes refuse all other bodies. */
export function takeCsv(fastify: FastifyInstance): void {
  fastify.addContentTypeParser('text/csv', (_request, payload, done) => done(null, payload));
  fastify.addHook('preParsing', (request, _reply, _payload, done) => {
    const isMisplaced = said(request) !== '' && isCsv(request) !== takesCsv(request) && !request.is404;
    done(isMisplaced ? new Refusal('unsupported-media-type') : null);
  });
}
