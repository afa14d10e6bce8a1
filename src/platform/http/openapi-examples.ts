import { readFileSync } from 'node:fs';
import type { OpenAPIObject } from '@nestjs/swagger';
import { projectPath } from '../project-root.js';

/** A request that the service has answered, as `test/api/examples.spec.ts` records it. */
export interface ApiExample {
  /** By name: parameters of the path and the query, and headers. */
  parameters?: Readonly<Record<string, string>>;
  /** JSON, or the text of a file. */
  body?: unknown;
  status: number;
  /** JSON, or text; left out for a file that people cannot read. */
  answer?: unknown;
  /** A refusal of the same operation, for operations whose refusals say more than a sentence. */
  refused?: { body: unknown; status: number; answer: unknown };
}

export const examplesFile = projectPath('config', 'api-examples.json');

/** By the id of the operation. */
export const readExamples = (): Record<string, ApiExample> =>
  JSON.parse(readFileSync(examplesFile, 'utf8')) as Record<string, ApiExample>;

interface Media {
  example?: unknown;
  examples?: Record<string, { summary: string; value: unknown }>;
}

/** Puts the recorded requests and answers into the document. */
export function addExamples(document: OpenAPIObject): void {
  const examples = readExamples();
  for (const operation of Object.values(document.paths).flatMap((item) => Object.values(item) as Operation[])) {
    const example = examples[operation.operationId];
    if (example) addExample(operation, example);
  }
}

function addExample({ parameters = [], requestBody, responses }: Operation, example: ApiExample): void {
  for (const parameter of parameters) {
    const value = example.parameters?.[parameter.name];
    if (value !== undefined) parameter.example = typed(value, parameter.schema?.type);
  }
  const { body, status, answer, refused } = example;
  if (answer !== undefined) setExample(responses[status], answer);
  // A dry run answers 200 with what would have been 201.
  if (status === 201) setExample(responses[200], answer);
  if (!refused) {
    if (body !== undefined) setExample(requestBody, body);
    return;
  }
  setExample(responses[refused.status], refused.answer);
  const [request] = Object.values(requestBody?.content ?? {});
  if (!request) return;
  request.examples = {
    accepted: { summary: 'Accepted', value: body },
    refused: { summary: 'Refused', value: refused.body },
  };
}

interface Operation {
  operationId: string;
  parameters?: { name: string; schema?: { type?: string | string[] }; example?: unknown }[];
  requestBody?: { content?: Record<string, Media> };
  responses: Record<string, { content?: Record<string, Media> }>;
}

/** Examples of parameters have the type that their schema names. */
function typed(value: string, type: string | string[] | undefined): unknown {
  if (type === 'integer' || type === 'number') return Number(value);
  return type === 'boolean' ? value === 'true' : value;
}

/** Without a place for it there is no example: then the classes were compiled without NestJS's plugin, as in tests. */
function setExample(holder: { content?: Record<string, Media> } | undefined, example: unknown): void {
  const [media] = Object.values(holder?.content ?? {});
  if (media) media.example = example;
}
