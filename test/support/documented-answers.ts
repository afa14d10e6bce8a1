import { readFileSync } from 'node:fs';
import { projectPath } from '../../src/platform/project-root.js';
import { answerHeaders } from '../../src/platform/http/openapi-headers.js';
import { refusalsAnywhere } from '../../src/platform/http/refusals-of-routes.js';

interface Operation {
  path: RegExp;
  /** The number of path parameters. If two paths match, the one with fewer parameters applies. */
  parameters: number;
  method: string;
  codes: Set<string>;
  /** The names of the headers of each status, and of `default`, in lower case. */
  headers: Map<string, Set<string>>;
}

interface Response {
  description?: string;
  headers?: Record<string, unknown>;
  $ref?: string;
}

interface Document {
  paths: Record<string, Record<string, { responses: Record<string, Response> }>>;
  components: { responses: Record<string, Response> };
}

let known: Operation[] | undefined;

function operations(): Operation[] {
  const { paths, components } = JSON.parse(readFileSync(projectPath('test', 'openapi.json'), 'utf8')) as Document;
  const resolved = (response: Response): Response =>
    response.$ref === undefined ? response : components.responses[response.$ref.split('/').at(-1)!]!;
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { responses }]) => ({
      path: new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
      parameters: path.split('{').length,
      method: method.toUpperCase(),
      codes: new Set(
        Object.values(responses).flatMap((response) =>
          [...(resolved(response).description ?? '').matchAll(/^- \[`([a-z-]+)`\]/gm)].map(([, code]) => code!),
        ),
      ),
      headers: new Map(
        Object.entries(responses).map(([status, response]) => [
          status,
          new Set(Object.keys(resolved(response).headers ?? {}).map((name) => name.toLowerCase())),
        ]),
      ),
    })),
  );
}

const headersToCheck = Object.keys(answerHeaders).map((name) => name.toLowerCase());

/**
 * Throws if the API document does not list the refusal or a header of this answer for the operation. It ignores addresses that the
 * document does not have.
 */
export function expectDocumented(
  method: string,
  url: string,
  { status, body, headers }: { status: number; body: unknown; headers: Headers },
): void {
  const [path = ''] = url.split('?');
  const matching = (known ??= operations()).filter((one) => one.method === method && one.path.test(path));
  const [operation] = matching.sort((one, other) => one.parameters - other.parameters);
  if (!operation) return;
  const code = status >= 400 ? (body as { code?: unknown } | undefined)?.code : undefined;
  if (typeof code === 'string' && !refusalsAnywhere.some((one) => one === code) && !operation.codes.has(code))
    throw new Error(`${method} ${path} answers ${code}: name it in @Refuses() of its handler, then npm run openapi`);
  const documented = operation.headers.get(String(status)) ?? operation.headers.get('default')!;
  const missing = headersToCheck.filter((name) => headers.has(name) && !documented.has(name));
  if (missing.length > 0)
    throw new Error(
      `${method} ${path} answers ${status} with ${missing.join(', ')}: add it in src/platform/http/openapi-headers.ts`,
    );
}
