import { readFileSync } from 'node:fs';
import { reportNames } from '../../src/features/reports/reports.js';
import { projectPath } from '../../src/platform/project-root.js';
import { api, type Api } from '../support/client.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let admin: Api;

beforeAll(async () => {
  service = await startService();
  admin = api(service.baseUrl, service.adminToken);
});
afterAll(() => service.stop());

/** The query parameters that start a range, each with the parameter that ends it. */
const endOf: Readonly<Record<string, string>> = { from: 'to', endsFrom: 'endsTo', recordedSince: 'recordedUntil' };

interface Parameter {
  name: string;
  in: string;
}

type Paths = Record<string, Record<string, { parameters?: Parameter[] }>>;

/** The ranges in the queries of the committed description, which test/openapi.spec.ts compares with the published one. */
function ranges(): [path: string, start: string, end: string][] {
  const { paths } = JSON.parse(readFileSync(projectPath('test', 'openapi.json'), 'utf8')) as { paths: Paths };
  return Object.entries(paths).flatMap(([path, methods]) => {
    const names = (methods.get?.parameters ?? []).filter((one) => one.in === 'query').map(({ name }) => name);
    return names.flatMap((name): [string, string, string][] => {
      const end = endOf[name];
      return end !== undefined && names.includes(end) ? [[path, name, end]] : [];
    });
  });
}

const missing = '01981b2c-0000-7000-8000-000000000001';

test('every route with a range refuses a range that ends before it starts, and accepts one of a single day', async () => {
  const found = ranges();
  expect(found.map(([path]) => path)).toEqual(
    expect.arrayContaining([
      '/v1/renewals',
      '/v1/time-entries',
      '/v1/subscriptions/{id}/time-entries',
      ...reportNames.map((name) => `/v1/reports/${name}`),
    ]),
  );
  for (const [path, start, end] of found) {
    const address = path.replace(/\{\w+\}/g, missing);
    const ask = async (days: [string, string]) => {
      let answer = await admin.get(`${address}?${start}=${days[0]}&${end}=${days[1]}`);
      const errors = (answer.body as { errors?: { detail: string }[] }).errors ?? [];
      if (errors.some(({ detail }) => /RFC 3339/.test(detail))) {
        answer = await admin.get(`${address}?${start}=${days[0]}T00:00:00Z&${end}=${days[1]}T00:00:00Z`);
      }
      return answer;
    };
    const refused = await ask(['2026-02-02', '2026-02-01']);
    expect([path, refused.status, refused.body.code, refused.body.errors]).toEqual([
      path,
      400,
      'invalid-query',
      [
        {
          pointer: `/${end}`,
          detail: expect.stringContaining(`must not be before \`${start}\` (2026-02-02`) as string,
        },
      ],
    ]);
    const oneDay = await ask(['2026-02-02', '2026-02-02']);
    expect([path, oneDay.status]).toEqual([path, address.includes(missing) ? 404 : 200]);
  }
});

test('the refusal is in the reader’s language', async () => {
  const refused = await admin.get('/v1/renewals?from=2026-02-02&to=2026-02-01', { 'accept-language': 'ja' });
  expect(refused.body.errors).toEqual([{ pointer: '/to', detail: '`from`（2026-02-02）以降の値を指定してください' }]);
});
