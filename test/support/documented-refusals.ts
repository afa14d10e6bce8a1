import { readFileSync } from 'node:fs';
import { projectPath } from '../../src/platform/project-root.js';
import { refusalsAnywhere } from '../../src/platform/http/refusals-of-routes.js';

interface Operation {
  path: RegExp;
  /** The number of path parameters. If two paths match, the one with fewer parameters applies. */
  parameters: number;
  method: string;
  codes: Set<string>;
}

interface Response {
  description?: string;
  $ref?: string;
}

interface Document {
  paths: Record<string, Record<string, { responses: Record<string, Response> }>>;
  components: { responses: Record<string, Response> };
}

let known: Operation[] | undefined;

function operations(): Operation[] {
  const { paths, components } = JSON.parse(readFileSync(projectPath('test', 'openapi.json'), 'utf8')) as Document;
  const descriptionOf = ({ $ref, description = '' }: Response): string =>
    $ref === undefined ? description : descriptionOf(components.responses[$ref.split('/').at(-1)!]!);
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { responses }]) => ({
      path: new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
      parameters: path.split('{').length,
      method: method.toUpperCase(),
      codes: new Set(
        Object.values(responses).flatMap((response) =>
          [...descriptionOf(response).matchAll(/^- \[`([a-z-]+)`\]/gm)].map(([, code]) => code!),
        ),
      ),
    })),
  );
}

/** Throws if the API document does not list this refusal for the operation. It ignores addresses that the document does not have. */
export function expectDocumented(method: string, url: string, code: unknown): void {
  if (typeof code !== 'string' || refusalsAnywhere.some((one) => one === code)) return;
  const [path = ''] = url.split('?');
  const matching = (known ??= operations()).filter((one) => one.method === method && one.path.test(path));
  const [operation] = matching.sort((one, other) => one.parameters - other.parameters);
  if (operation && !operation.codes.has(code))
    throw new Error(`${method} ${path} answers ${code}: name it in @Refuses() of its handler, then npm run openapi`);
}
