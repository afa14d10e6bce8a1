import type { OpenAPIObject } from '@nestjs/swagger';

interface Schema {
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  items?: Schema;
}

/** The format of a text by the name of its field, as the introduction of the API document promises. */
const formats: readonly (readonly [RegExp, string])[] = [
  [/^id$|(?<!^message)Ids?$/, 'uuid'],
  [/^on$|On$|^workDate$|^ends(From|To|Before)$/, 'date'],
  [/At$|^recorded(Since|Until)$/, 'date-time'],
  [/^email$|Email$/, 'email'],
];

/** Adds what TypeScript cannot say: numbers of fields are whole, and names of fields tell days, instants and ids from other text. */
export function addFormats(document: OpenAPIObject): void {
  for (const schema of Object.values(document.components?.schemas ?? {})) {
    if (!('properties' in schema)) continue;
    for (const [name, property] of Object.entries(schema.properties ?? {})) refine(name, property as Schema);
  }
  for (const operation of Object.values(document.paths).flatMap((item) => Object.values(item) as Operation[])) {
    for (const { name, schema } of operation.parameters ?? []) {
      if (schema) refine(/^(from|to)$/.test(name) ? 'on' : name, schema);
    }
  }
}

interface Operation {
  parameters?: { name: string; schema?: Schema }[];
}

function refine(name: string, schema: Schema): void {
  if (schema.type === 'array' && schema.items) return refine(name, schema.items);
  if (schema.type === 'number') schema.type = 'integer';
  if (schema.type !== 'string' || schema.enum || schema.format !== undefined) return;
  const format = formats.find(([pattern]) => pattern.test(name))?.[1];
  if (format !== undefined) schema.format = format;
}
