import type { ApiExample } from '../../src/platform/http/openapi-examples.js';
import { api, type Answer, type HeadersGiven, type Json } from './client.js';

/** The request of an example. `parameters` holds the parameters of path and query by name. */
export interface ExampleRequest {
  token?: string;
  parameters?: Readonly<Record<string, string>>;
  /** JSON, or the text of a CSV file. */
  body?: unknown;
  headers?: HeadersGiven;
  /** The answer is a file or a page, which the example leaves out. */
  answersFile?: boolean;
}

interface Operation {
  method: string;
  path: string;
}

/** Sends the example requests of operations to a service, and records them with their answers. */
export class ExampleRecorder {
  readonly examples: Record<string, ApiExample> = {};

  private constructor(
    private readonly baseUrl: string,
    private readonly operations: ReadonlyMap<string, Operation>,
  ) {}

  /** Reads the operations from the API document of a service. */
  static async of(baseUrl: string): Promise<ExampleRecorder> {
    const { body } = await api(baseUrl).get('/openapi.json');
    const items = Object.entries(body.paths as Record<string, Record<string, { operationId: string }>>);
    const operations = items.flatMap(([path, item]) =>
      Object.entries(item).map(
        ([method, { operationId }]) => [operationId, { method: method.toUpperCase(), path }] as const,
      ),
    );
    return new ExampleRecorder(baseUrl, new Map(operations));
  }

  get operationIds(): string[] {
    return [...this.operations.keys()];
  }

  /** Sends the example request of an operation, which must succeed, and returns the answer. */
  async show(operationId: string, request: ExampleRequest = {}): Promise<Json> {
    const { parameters, headers, body, answersFile } = request;
    const { status, body: answer } = await this.send(operationId, request);
    if (status >= 300) throw new Error(`${operationId}: ${status} ${JSON.stringify(answer)}`);
    const all = { ...parameters, ...(headers?.['if-match'] !== undefined && { 'If-Match': headers['if-match'] }) };
    this.examples[operationId] = {
      ...(Object.keys(all).length > 0 && { parameters: all }),
      ...(body !== undefined && { body }),
      status,
      ...(answer !== undefined && !answersFile && { answer }),
    };
    return answer;
  }

  /** Sends a request that the service must refuse, and records it beside the example of the operation. */
  async refuse(operationId: string, request: ExampleRequest): Promise<void> {
    const { status, body: answer } = await this.send(operationId, request);
    if (status < 400) throw new Error(`${operationId} was not refused: ${JSON.stringify(answer)}`);
    this.examples[operationId]!.refused = { body: request.body, status, answer };
  }

  /** Sends a request without recording it. */
  send(operationId: string, { token, parameters = {}, body, headers }: ExampleRequest = {}): Promise<Answer> {
    const operation = this.operations.get(operationId);
    if (!operation) throw new Error(`There is no operation ${operationId}`);
    const left = new Map(Object.entries(parameters));
    const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = left.get(name);
      if (value === undefined) throw new Error(`${operationId} needs the parameter ${name}`);
      left.delete(name);
      return encodeURIComponent(value);
    });
    const query = left.size > 0 ? `?${new URLSearchParams([...left])}` : '';
    const type = typeof body === 'string' ? 'text/csv' : 'application/json';
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    return api(this.baseUrl, token).send(operation.method, path + query, text, {
      ...(body !== undefined && { 'content-type': type }),
      ...headers,
    });
  }
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Replaces values that differ between runs: ids become numbered ids; tokens and cursors become fixed texts. */
export function withStableValues(examples: Readonly<Record<string, ApiExample>>): Record<string, ApiExample> {
  const numbers = new Map<string, string>();
  const idFor = (id: string): string => {
    if (!numbers.has(id)) numbers.set(id, `01990000-0000-7000-8000-${String(numbers.size + 1).padStart(12, '0')}`);
    return numbers.get(id)!;
  };
  const stable = (value: unknown, name = ''): unknown => {
    if (Array.isArray(value)) return value.map((one) => stable(one));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, inside]) => [key, stable(inside, key)]));
    }
    if (typeof value !== 'string') return value;
    if (name === 'nextCursor') return 'eyJhbiI6Im9wYXF1ZSJ9';
    if (name === 'token')
      return value.startsWith('trm_') ? 'trm_shown-in-this-answer-only' : 'from-the-link-in-the-mail';
    return value.replace(uuid, idFor);
  };
  return stable(examples) as Record<string, ApiExample>;
}
