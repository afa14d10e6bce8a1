import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { permissions, type Permission, type Role, type AccessScope } from '../../domain/access.js';
import { statusOf } from '../../domain/refusal.js';
import { refusals, type RefusalCode } from '../../domain/refusals.js';
import { outlineOf } from '../sentences.js';
import { controllerRoutes, type ControllerRoute } from './controller-routes.js';
import { addExamples } from './openapi-examples.js';
import { addFormats } from './openapi-formats.js';
import { addHeaders, answerHeaders, headersOfRefusal, headersOfSuccess } from './openapi-headers.js';
import { asOpenApi31 } from './openapi-nullable.js';
import { problemSchema } from './openapi-problem.js';
import { refusalsAnywhere, refusalsOf } from './refusals-of-routes.js';

type Item = OpenAPIObject['paths'][string];
type Operation = NonNullable<Item['get']>;
type Components = NonNullable<OpenAPIObject['components']>;
type Responses = NonNullable<Components['responses']>;

/** What the API document says as a whole. */
export interface ApiGuide {
  title: string;
  /** Markdown. */
  introduction: string;
  /** The tags of the controllers in the order of work, each with a sentence. */
  tags: Readonly<Record<string, string>>;
}

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header' as const,
  required: false,
  description: 'Makes it safe to send the request again: the service does the work once and repeats its first answer.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

/** Whether an address is the API document or the page that shows it. */
export const isDocumentation = (url: string): boolean => /^\/(openapi\.json$|docs(\/|$))/.test(url);

/** Publishes the API document at `/openapi.json`, and at `/docs` as a page to read and try it. */
export function publishOpenApi(app: INestApplication, guide: ApiGuide): void {
  SwaggerModule.setup('docs', app, () => openApiOf(app, guide), {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: guide.title,
    // The page keeps the token in the browser, so that a reload does not ask for it again.
    swaggerOptions: { persistAuthorization: true, docExpansion: 'none', displayRequestDuration: true },
  });
}

function openApiOf(app: INestApplication, guide: ApiGuide): OpenAPIObject {
  const settings = new DocumentBuilder()
    .setTitle(guide.title)
    .setDescription(introductionOf(guide))
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/', 'This service')
    .addBearerAuth({
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'API token of this service, or JWT of the OpenID Connect issuer',
      description: 'Paste the token alone, without the word Bearer.',
    });
  for (const [tag, description] of Object.entries(guide.tags)) settings.addTag(tag, description);
  const document = SwaggerModule.createDocument(app, settings.build(), {
    // Names of handlers are verbs and unique in the service; the lint of the document checks it.
    operationIdFactory: (_controller, handler) => handler,
  });
  const anyProblem = problemResponse('Another problem. Any request can get one; the introduction lists them.');
  addHeaders(anyProblem, headersOfRefusal(refusalsAnywhere, false));
  const shared: Responses = { Problem: anyProblem };
  const schemas = { ...document.components?.schemas, Problem: problemSchema };
  document.components = {
    ...document.components,
    schemas,
    responses: shared,
    headers: answerHeaders,
  };
  const routes = new Map(controllerRoutes(app).map((route) => [`${route.method} ${route.path}`, route]));
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of methods) {
      const operation = item[method];
      if (!operation) continue;
      const route = routes.get(`${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`)!;
      complete(operation, route, { shared, schemas });
    }
  }
  addFormats(document);
  const finished = asOpenApi31(document);
  addExamples(finished);
  return finished;
}

/** Adds what follows from the route: who may call it, what it can refuse, its idempotency key and the headers of its answers. */
function complete(
  operation: Operation,
  route: ControllerRoute,
  { shared, schemas }: { shared: Responses; schemas: NonNullable<Components['schemas']> },
): void {
  const parameters = operation.parameters ?? [];
  const isPage = route.isPublic;
  // The import of a file recognises its rows, and takes no key.
  const takesKey = route.method === 'POST' && !isPage && !takesCsv(operation);
  if (takesKey) parameters.push(idempotencyKey);
  for (const parameter of parameters) {
    if ('in' in parameter && parameter.in === 'path')
      Object.assign(parameter, pathParameter(parameter.name, route.path));
  }
  for (const [status, answer] of Object.entries(operation.responses)) {
    if ('description' in answer! && answer.description === '') answer.description = successes[status] ?? 'Done.';
    addHeaders(answer!, headersOfSuccess(answer!, schemas, takesKey));
  }
  operation.parameters = parameters;
  operation.security = route.permission ? [{ bearer: [] }] : [];
  operation.description = [operation.description, rolesOf(route.permission)].filter(Boolean).join('\n\n');
  const has = (name: string): boolean => parameters.some((one) => 'name' in one && one.name === name);
  const codes = refusalsOf(route, {
    hasBody: operation.requestBody !== undefined,
    hasCursor: has('cursor'),
    needsIfMatch: has('If-Match'),
    takesKey,
  });
  for (const status of [...new Set(codes.map(statusOf))].sort()) {
    operation.responses[status] = refusalResponse(
      codes.filter((code) => statusOf(code) === status),
      takesKey,
      shared,
    );
  }
  operation.responses.default = { $ref: '#/components/responses/Problem' };
}

const successes: Readonly<Record<string, string>> = {
  200: 'The request has succeeded.',
  201: 'Created.',
  204: 'Done. The answer has no body.',
};

const otherParameters: Readonly<Record<string, object>> = {
  month: { description: 'The accounting month, `YYYY-MM`.', schema: { type: 'string', pattern: '^\\d{4}-\\d{2}$' } },
  token: { description: 'The secret part of the link in the mail.' },
  name: { description: 'The name of the job.' },
  code: { description: 'The code of the problem.' },
};

/** For instance "ID of the time entry", after the segment of the path before the parameter. */
function pathParameter(name: string, path: string): object {
  const known = otherParameters[name];
  if (known) return known;
  const [, noun = ''] = new RegExp(`/([a-z-]+)/:${name}(/|$)`).exec(path) ?? [];
  const singular = noun.replace(/ies$/, 'y').replace(/s$/, '').replaceAll('-', ' ');
  return { description: `ID of the ${singular}.`, schema: { type: 'string', format: 'uuid' } };
}

const reach: Readonly<Record<Exclude<AccessScope, 'never'>, string>> = {
  all: '',
  portfolio: ' (own portfolio)',
  own: ' (own data)',
};

/** For instance ``Roles: `admin`, `csm` (own portfolio).`` */
function rolesOf(permission: Permission | undefined): string {
  if (permission === undefined) return 'No token is needed.';
  const roles = (Object.entries(permissions[permission]) as [Role, AccessScope][]).flatMap(([role, scope]) =>
    scope === 'never' ? [] : [`\`${role}\`${reach[scope]}`],
  );
  return `Roles: ${roles.join(', ')}.`;
}

const takesCsv = ({ requestBody }: Operation): boolean =>
  requestBody !== undefined && 'content' in requestBody && 'text/csv' in requestBody.content;

const lineOf = (code: RefusalCode): string => `- [\`${code}\`](/problems/${code}): ${refusals[code].title.en}`;

/** Names the codes, and shows the problem of the first one. A response of one code stands once in the document. */
function refusalResponse(codes: readonly RefusalCode[], takesKey: boolean, shared: Responses): Responses[string] {
  const response = problemResponse(codes.map(lineOf).join('\n'));
  const code = codes[0]!;
  const { title, detail } = refusals[code];
  const example = {
    type: `/problems/${code}`,
    code,
    title: title.en,
    status: statusOf(code),
    detail: outlineOf(detail.en, 'en'),
  };
  Object.assign(response.content['application/problem+json'], { example });
  const headers = headersOfRefusal(codes, takesKey);
  addHeaders(response, headers);
  // Operations with and without a key cannot share a response that names the header of repeated answers.
  if (codes.length > 1 || headers.includes('Idempotency-Replayed')) return response;
  const name = code.replace(/(^|-)(\w)/g, (_, _hyphen, letter: string) => letter.toUpperCase());
  shared[name] = response;
  return { $ref: `#/components/responses/${name}` };
}

function problemResponse(description: string) {
  return {
    description,
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}

const introductionOf = ({ introduction }: ApiGuide): string =>
  introduction.replace('{problems}', refusalsAnywhere.map((code) => `\`${code}\` (${statusOf(code)})`).join(', '));
