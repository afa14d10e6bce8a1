import type { OpenAPIObject } from '@nestjs/swagger';

interface Schema {
  nullable?: boolean;
  type?: string | string[];
  enum?: unknown[];
  allOf?: unknown[];
  anyOf?: unknown[];
}

/**
 * Writes the document as OpenAPI 3.1, where `null` is a type. NestJS writes 3.0, in which an object that may be null cannot be told:
 * its `nullable` has no effect beside a reference.
 */
export function asOpenApi31(document: OpenAPIObject): OpenAPIObject {
  return { ...(withNullTypes(document) as OpenAPIObject), openapi: '3.1.0' };
}

function withNullTypes(value: unknown, name = ''): unknown {
  // An example is what the service answered: it is no schema.
  if (name === 'example' || name === 'examples' || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => withNullTypes(one));
  const node = Object.fromEntries(Object.entries(value).map(([key, inside]) => [key, withNullTypes(inside, key)]));
  const { nullable, ...schema } = node as Schema;
  if (typeof nullable !== 'boolean') return node;
  return nullable ? orNull(schema) : schema;
}

function orNull({ type, allOf, ...schema }: Omit<Schema, 'nullable'>): Schema {
  if (allOf) return { ...schema, anyOf: [...allOf, { type: 'null' }] };
  return {
    ...schema,
    ...(type !== undefined && { type: [type, 'null'].flat() }),
    ...(schema.enum && { enum: [...schema.enum, null] }),
  };
}
