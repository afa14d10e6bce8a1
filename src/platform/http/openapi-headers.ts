import type { OpenAPIObject } from '@nestjs/swagger';
import { isKept } from '../idempotency.js';
import { refusals, type RefusalCode } from '../../domain/refusals.js';

type Components = NonNullable<OpenAPIObject['components']>;
type Headers = NonNullable<Components['headers']>;
type Schemas = NonNullable<Components['schemas']>;
type Responses = NonNullable<OpenAPIObject['paths'][string]['get']>['responses'];
type Response = NonNullable<Responses[string]>;

const text = { type: 'string' };

/** The headers of answers that the API document describes. `RateLimit-…` can be in every answer: the introduction names them. */
export const answerHeaders = {
  ETag: {
    description: 'The version of the object. Send it in `If-Match` to change the object.',
    schema: text,
    example: '"1"',
  },
  Link: {
    description: 'The address of the next page, with `rel="next"`. Absent on the last page.',
    schema: text,
  },
  'Idempotency-Replayed': {
    description: '`true` if this is the first answer to the same `Idempotency-Key` again. Otherwise absent.',
    schema: { type: 'string', enum: ['true'] },
  },
  'Retry-After': {
    description: 'After how many seconds to send the request again.',
    schema: { type: 'integer' },
    example: 5,
  },
  'WWW-Authenticate': {
    description: 'The way to sign in: a bearer token.',
    schema: text,
    example: 'Bearer realm="trm"',
  },
  'Content-Disposition': {
    description: 'The name of the file.',
    schema: text,
    example: 'attachment; filename="report.csv"',
  },
} as const satisfies Headers;
export type AnswerHeader = keyof typeof answerHeaders;

/** Adds headers to a response of the document. */
export function addHeaders(response: Response, names: readonly AnswerHeader[]): void {
  if ('$ref' in response || names.length === 0) return;
  response.headers = Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

/** The headers of an answer without an error. They follow from its body, as in `setAnswerHeaders`. */
export function headersOfSuccess(response: Response, schemas: Schemas, takesKey: boolean): AnswerHeader[] {
  const bodies = ('content' in response ? Object.values(response.content ?? {}) : []).map(({ schema }) => schema);
  const has = (field: string, type?: string): boolean =>
    bodies.some((body) => hasField(body, { field, type }, schemas));
  const isFile = bodies.some((body) => body && 'format' in body && body.format === 'binary');
  return [
    ...(has('version', 'number') ? (['ETag'] as const) : []),
    ...(has('nextCursor') ? (['Link'] as const) : []),
    ...(takesKey ? (['Idempotency-Replayed'] as const) : []),
    ...(isFile ? (['Content-Disposition'] as const) : []),
  ];
}

/** The headers of an error answer with one of these codes. With an idempotency key, a stored refusal is repeated as a success is. */
export function headersOfRefusal(codes: readonly RefusalCode[], takesKey: boolean): AnswerHeader[] {
  return [
    ...(codes.includes('unauthenticated') ? (['WWW-Authenticate'] as const) : []),
    ...(codes.some(saysWhenToRetry) ? (['Retry-After'] as const) : []),
    ...(takesKey && codes.some(isRepeated) ? (['Idempotency-Replayed'] as const) : []),
  ];
}

/** A refusal of the key itself is not stored. */
const isRepeated = (code: RefusalCode): boolean => isKept({ code }) && !code.startsWith('idempotency-key-');

const saysWhenToRetry = (code: RefusalCode): boolean =>
  ['too-many', 'unavailable'].includes(refusals[code].kind) || code === 'idempotency-key-in-use';

/** Whether a body has the field, of this type if one is given. A body with several forms has the fields of all. */
function hasField(
  schema: Schemas[string] | undefined,
  wanted: { field: string; type: string | undefined },
  schemas: Schemas,
): boolean {
  if (schema === undefined) return false;
  if ('$ref' in schema) return hasField(schemas[schema.$ref.split('/').at(-1)!], wanted, schemas);
  const found = schema.properties?.[wanted.field];
  if (found) return wanted.type === undefined || ('type' in found && found.type === wanted.type);
  return (schema.oneOf ?? []).some((one) => hasField(one, wanted, schemas));
}
