import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { controllerRoutes } from './controller-routes.js';

type Schema = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string];

const problemSchema: Schema = {
  type: 'object',
  required: ['type', 'code', 'title', 'status', 'detail'],
  properties: {
    type: { type: 'string', example: '/problems/hours-exhausted' },
    code: { type: 'string', example: 'hours-exhausted' },
    title: { type: 'string' },
    status: { type: 'integer', example: 422 },
    detail: { type: 'string', description: 'In the language of Accept-Language: en or ja.' },
    instance: { type: 'string', example: '/v1/subscriptions/0198…/time-entries' },
    violations: {
      type: 'array',
      description: 'Every rule that says no, with its limit, what is used, what is left and what could be accepted.',
      items: {
        type: 'object',
        required: ['code', 'detail'],
        properties: {
          code: { type: 'string' },
          detail: { type: 'string' },
          limitMinutes: { type: 'integer' },
          usedMinutes: { type: 'integer' },
          remainingMinutes: { type: 'integer' },
          maxAcceptableMinutes: { type: 'integer' },
        },
      },
    },
    maxAcceptableMinutes: { type: 'integer', description: 'The largest value that all rules would accept.' },
    errors: {
      type: 'array',
      description: 'What cannot be read in a body, a query or a file.',
      items: {
        type: 'object',
        required: ['detail'],
        properties: {
          pointer: { type: 'string', description: 'JSON Pointer into the body, or /name of a query parameter.' },
          line: { type: 'integer', description: 'Of a CSV file: the line on which the record begins.' },
          column: { type: 'integer', description: 'Of a CSV file: the number of the column, from 1.' },
          detail: { type: 'string' },
        },
      },
    },
  },
};

const problemResponse = {
  description: 'A problem (RFC 9457): the request was refused, or failed.',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header' as const,
  required: false,
  description: 'The same request sent twice with one key is done once, and its first answer comes again.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

/** Whether a route is one of the description of the interface or of the pages that show it. */
export const isDocumentation = (url: string): boolean => /^\/(openapi\.json$|docs(\/|$))/.test(url);

/** The description of the interface, at `/openapi.json` and to be tried out at `/docs`. */
export function publishOpenApi(app: INestApplication): void {
  SwaggerModule.setup('docs', app, () => openApiOf(app), { jsonDocumentUrl: 'openapi.json', raw: ['json'] });
}

/** The OpenAPI document of all controllers. */
function openApiOf(app: INestApplication): OpenAPIObject {
  const settings = new DocumentBuilder()
    .setTitle('TRM service')
    .setDescription('TRM subscriptions: terms, hours, renewals and what is reported of them.')
    .setVersion('1')
    .addBearerAuth()
    .build();
  const document = SwaggerModule.createDocument(app, settings);
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, Problem: problemSchema },
  };
  const publicRoutes = new Set(
    controllerRoutes(app)
      .filter(({ isPublic }) => isPublic)
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`),
  );
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of ['get', 'post', 'put', 'patch', 'delete'] as const) {
      const operation = item[method];
      if (!operation) continue;
      operation.responses.default = problemResponse;
      const isPublic = publicRoutes.has(`${method.toUpperCase()} ${path}`);
      if (!isPublic) operation.security = [{ bearer: [] }];
      // What is public and can be posted is a page, which knows by itself what was sent twice.
      if (method === 'post' && !isPublic) operation.parameters = [...(operation.parameters ?? []), idempotencyKey];
    }
  }
  return document;
}
