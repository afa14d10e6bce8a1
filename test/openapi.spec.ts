import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readExamples } from '../src/platform/http/openapi-examples.js';
import { projectPath } from '../src/platform/project-root.js';
import { testDatabase } from './support/database.js';
import { ServiceProcess } from './support/process.js';

const copy = projectPath('test', 'openapi.json');

jest.setTimeout(120_000);

/** The API document is generated from compiled classes, so it comes from the built service. */
async function published(): Promise<unknown> {
  const database = await testDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'trm-openapi-'));
  const service = new ServiceProcess({
    DATABASE_URL: database.url,
    DATA_DIR: folder,
    SECRET_KEY: 'secret-key-of-the-tests-0123456789',
    ADMIN_TOKEN: 'admin-token-of-the-tests-0123456789',
    JOBS: 'off',
  });
  try {
    const answer = await fetch(`${await service.ready()}/openapi.json`);
    return JSON.parse(await answer.text(), sortedEnums);
  } finally {
    service.signal('SIGTERM');
    await service.ended;
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The compiler lists the members of a union type in the order in which it meets them, which any file can change. */
const sortedEnums = (key: string, value: unknown): unknown =>
  key === 'enum' && Array.isArray(value) ? [...(value as unknown[])].sort(byText) : value;

interface Media {
  example?: unknown;
  examples?: unknown;
}

interface Operation {
  operationId: string;
  summary?: string;
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { content?: Record<string, Media> }>;
}

const operations = (): Operation[] => {
  const { paths } = JSON.parse(readFileSync(copy, 'utf8')) as { paths: Record<string, Record<string, Operation>> };
  return Object.values(paths).flatMap((item) => Object.values(item));
};

test('every operation has a one-line summary and its recorded examples', () => {
  for (const { operationId, summary, requestBody, responses } of operations()) {
    expect([operationId, summary]).toEqual([operationId, expect.stringMatching(/^[A-Z].{4,58}[^.]$/)]);
    const { body, status, answer } = readExamples()[operationId]!;
    const sent = Object.values(requestBody?.content ?? {}).some(({ example, examples }) => example ?? examples);
    expect([operationId, sent]).toEqual([operationId, body !== undefined]);
    const [shown] = Object.values(responses[status]?.content ?? {});
    expect([operationId, answer === undefined || shown?.example !== undefined]).toEqual([operationId, true]);
  }
});

const byText = (one: unknown, other: unknown): number => (String(one) < String(other) ? -1 : 1);

/** Clients depend on this document. It changes only on purpose, with `npm run openapi`, so that the diff shows it. */
test('the published API document equals the committed one', async () => {
  const description = await published();
  if (process.env.UPDATE_OPENAPI === 'yes') writeFileSync(copy, `${JSON.stringify(description, null, 2)}\n`);
  expect(description).toEqual(JSON.parse(readFileSync(copy, 'utf8')));
});
