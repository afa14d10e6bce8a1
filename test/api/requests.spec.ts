import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { permissions } from '../../src/domain/access.js';
import { controllerRoutes } from '../../src/platform/http/controller-routes.js';
import { isConsolePath } from '../../src/platform/pages/page.js';
import { projectPath } from '../../src/platform/project-root.js';
import { api, type Answer, type Api, type HeadersGiven } from '../support/client.js';
import { soldContract, type SoldContract } from '../support/contract.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let admin: Api;
let contract: SoldContract;

beforeAll(async () => {
  service = await startService({ clock: '2026-04-10T03:00:00Z' });
  admin = api(service.baseUrl, service.adminToken);
  contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  const { id, csm, consultantIds, productLineIds } = contract;
  const allocations = [{ consultantId: consultantIds[0], productLineId: productLineIds[0], minutes: 600 }];
  await csm.put(`/v1/subscriptions/${id}/allocations`, { allocations }, { 'if-match': '"0"' });
});
afterAll(() => service.stop());

interface Operation {
  method: string;
  path: string;
  /** An address of the route with ids that do not exist. */
  address: string;
  parameters: string[];
  answers: string[];
}

type Paths = Record<
  string,
  Record<string, { parameters?: { name: string; in: string }[]; responses: Record<string, unknown> }>
>;

/** Every route of the committed description, which test/openapi.spec.ts compares with the published one. */
function operations(): Operation[] {
  const { paths } = JSON.parse(readFileSync(projectPath('test', 'openapi.json'), 'utf8')) as { paths: Paths };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], responses }]) => ({
      method: method.toUpperCase(),
      path,
      address: path.replace(/\{\w+\}/g, '01981b2c-0000-7000-8000-000000000001'),
      parameters: parameters.filter((one) => one.in === 'query').map(({ name }) => name),
      answers: Object.keys(responses),
    })),
  );
}

/** Without this header, the pages answer an error as HTML. */
const asJson = { accept: 'application/json' };

const errorsOf = ({ body }: Answer) => (body as { errors?: { pointer: string; detail: string }[] }).errors ?? [];

describe('a parameter that the route does not know', () => {
  test('is refused on every route, and the refusal names the accepted parameters', async () => {
    const all = operations();
    expect(all.length).toBeGreaterThan(70);
    for (const { method, path, address, parameters } of all) {
      const refused = await admin.send(method, `${address}?nonsense=1`, undefined, asJson);
      const [error] = errorsOf(refused).filter(({ pointer }) => pointer === '/nonsense');
      expect([method, path, refused.status, refused.body.code, refused.body.instance]).toEqual([
        method,
        path,
        400,
        'invalid-query',
        address,
      ]);
      for (const name of parameters)
        expect([method, path, error!.detail]).toEqual([method, path, expect.stringContaining(name)]);
      if (parameters.length === 0) expect(error!.detail).toBe('is not a parameter of this address, which accepts none');
      if (method === 'GET') {
        const head = await admin.send('HEAD', `${address}?nonsense=1`);
        expect(['HEAD', path, head.status]).toEqual(['HEAD', path, 400]);
      }
    }
  });

  test.each(['/openapi.json', '/docs', '/health/live', '/health/ready'])('is refused by %s too', async (path) => {
    const client = api(service.baseUrl);
    expect((await client.get(path)).status).toBe(200);
    const refused = await client.get(`${path}?nonsense=1`);
    expect([refused.status, refused.body.code]).toEqual([400, 'invalid-query']);
  });

  test('is named in the reader’s language', async () => {
    const refused = await admin.get('/v1/periods?page=2', { 'accept-language': 'ja' });
    expect(errorsOf(refused)).toEqual([
      {
        pointer: '/page',
        detail: 'このアドレスでは使用できないパラメーターです（使用できるパラメーター：limit, cursor）',
      },
    ]);
  });

  test('changes nothing in the refusal of an unknown route or method', async () => {
    expect((await admin.get('/v1/nothing?nonsense=1')).status).toBe(404);
    expect((await admin.delete('/v1/customers?nonsense=1')).status).toBe(405);
  });
});

describe('dryRun', () => {
  test('is refused on every route without a dry run; the description of the others has the answer 200', async () => {
    const withDryRun: string[] = [];
    for (const { method, path, address, parameters, answers } of operations()) {
      const takesIt = parameters.includes('dryRun');
      const answer = await admin.send(method, `${address}?dryRun=true`, undefined, asJson);
      const isRefused =
        answer.body?.code === 'invalid-query' && errorsOf(answer).some(({ pointer }) => pointer === '/dryRun');
      expect([method, path, isRefused]).toEqual([method, path, !takesIt]);
      if (!takesIt) continue;
      withDryRun.push(`${method} ${path}`);
      expect([path, answers]).toEqual([path, expect.arrayContaining(['200'])]);
    }
    expect(withDryRun).toEqual(
      expect.arrayContaining([
        'POST /v1/subscriptions/{id}/time-entries',
        'POST /v1/subscriptions/{id}/upgrade',
        'POST /v1/time-entries/batch',
        'POST /v1/time-entries/import',
        'POST /v1/time-entries/{id}/reversal',
        'POST /v1/time-entries/{id}/correction',
        'POST /v1/jobs/{name}/run',
      ]),
    );
  });

  test('writes nothing if it is refused, and leaves the idempotency key for the real request', async () => {
    const { id, csm, consultantIds } = contract;
    const visits = `/v1/subscriptions/${id}/visits`;
    const visit = { startsOn: '2026-05-11', endsOn: '2026-05-13', place: '大阪', consultantIds };
    const key = { 'idempotency-key': 'visit' };
    for (let time = 0; time < 2; time++) expect((await csm.post(`${visits}?dryRun=true`, visit, key)).status).toBe(400);
    expect((await csm.get(visits)).body.data).toEqual([]);

    const planned = await csm.post(visits, visit, key);
    expect(planned.status).toBe(201);
    expect((await csm.post(`${visits}?dryRun=true`, visit, key)).status).toBe(400);
    const again = await csm.post(visits, visit, key);
    expect([again.status, again.body.id, again.headers.get('idempotency-replayed')]).toEqual([
      201,
      planned.body.id,
      'true',
    ]);
    expect((await csm.get(visits)).body.data).toHaveLength(1);

    const expenses = `/v1/visits/${planned.body.id}/expenses`;
    const expense = { amount: '100', currency: 'JPY', description: 'Taxi' };
    for (let time = 0; time < 2; time++) {
      const refused = await csm.post(`${expenses}?dryRun=true`, expense, { 'idempotency-key': 'expense' });
      expect(refused.status).toBe(400);
    }
    expect((await csm.get(expenses)).body.data).toEqual([]);
  });

  test('of a reversal or a correction gets 200, ignores the idempotency key and stores nothing', async () => {
    const { id, csm, consultantIds, productLineIds } = contract;
    const entry = {
      workDate: '2026-04-09',
      minutes: 60,
      consultantId: consultantIds[0],
      productLineId: productLineIds[0],
      activity: 'health-check',
      delivery: 'remote',
      summary: 'Index',
    };
    const logged = await csm.post(`/v1/subscriptions/${id}/time-entries`, entry);
    const address = `/v1/time-entries/${logged.body.entry.id}`;
    const before = (await csm.get(address)).body;
    for (const [act, body] of [
      ['reversal', { reason: 'Twice' }],
      ['correction', { ...entry, minutes: 30, reason: 'Shorter' }],
    ] as const) {
      for (let time = 0; time < 2; time++) {
        const dry = await csm.post(`${address}/${act}?dryRun=true`, body, { 'idempotency-key': act });
        expect([act, dry.status, dry.headers.get('idempotency-replayed')]).toEqual([act, 200, null]);
        expect((await csm.get(address)).body).toEqual(before);
      }
    }
    const reversed = await csm.post(`${address}/reversal`, { reason: 'Twice' }, { 'idempotency-key': 'reversal' });
    expect([reversed.status, reversed.headers.get('idempotency-replayed')]).toEqual([201, null]);
  });

  test.each(['1', 'yes', 'TRUE', ''])(
    'is refused with the value %j, or given twice, and nothing happens',
    async (value) => {
      const { id, csm } = contract;
      const refused = await csm.post(`/v1/subscriptions/${id}/upgrade?dryRun=${value}`, { package: 'enterprise' });
      expect([refused.status, errorsOf(refused)]).toEqual([
        400,
        [{ pointer: '/dryRun', detail: 'must be true or false' }],
      ]);
      const twice = await csm.post(`/v1/subscriptions/${id}/upgrade?dryRun=true&dryRun=true`, {
        package: 'enterprise',
      });
      expect(twice.status).toBe(400);
      expect((await csm.get(`/v1/subscriptions/${id}`)).body.package).toBe('premier');
    },
  );
});

const customer = JSON.stringify({ name: 'Acme', locale: 'en', timeZone: 'Europe/Berlin' });
const csv = 'workDate,hours\n';
const json = 'application/json';

// prettier-ignore
test.each<[path: string, body: string, headers: HeadersGiven, status: number, code: string | undefined]>([
  ['/v1/customers', customer, { 'content-type': json },                                                   201, undefined],
  ['/v1/customers', customer, { 'content-type': `${json}; charset=utf-8` },                               201, undefined],
  ['/v1/customers', customer, { 'content-type': `${json};charset=UTF-8` },                                201, undefined],
  ['/v1/customers', customer, { 'content-type': `${json}; charset="Utf-8"` },                             201, undefined],
  ['/v1/customers', customer, { 'content-type': json, 'content-encoding': 'identity' },                   201, undefined],
  ['/v1/customers', customer, { 'content-type': json, 'content-encoding': 'Identity' },                   201, undefined],
  ['/v1/customers', customer, { 'content-type': json, 'content-encoding': 'gzip' },                       415, 'unsupported-content-encoding'],
  ['/v1/customers', customer, { 'content-type': json, 'content-encoding': 'br' },                         415, 'unsupported-content-encoding'],
  ['/v1/customers', customer, { 'content-type': json, 'content-encoding': 'identity, deflate' },          415, 'unsupported-content-encoding'],
  ['/v1/customers', customer, { 'content-type': `${json}; charset=utf-16` },                              415, 'unsupported-charset'],
  ['/v1/customers', customer, { 'content-type': `${json}; charset="UTF-16LE"` },                          415, 'unsupported-charset'],
  ['/v1/customers', customer, { 'content-type': `${json}; charset=iso-8859-1` },                          415, 'unsupported-charset'],
  ['/v1/customers', customer, { 'content-type': `${json}; charset=` },                                    415, undefined],
  ['/v1/customers', customer, { 'content-type': `${json}; version=1; charset = shift_jis` },              415, undefined],
  ['/v1/customers', customer, { 'content-type': `${json}; charset=utf-8; charset=utf-16` },               415, 'unsupported-charset'],
  ['/v1/time-entries/import', csv, { 'content-type': 'text/csv; charset=UTF-8' },                         200, undefined],
  ['/v1/time-entries/import', csv, { 'content-type': 'text/csv', 'content-encoding': 'gzip' },            415, 'unsupported-content-encoding'],
  ['/v1/time-entries/import', csv, { 'content-type': 'text/csv; charset=utf-16' },                        415, 'unsupported-charset'],
  ['/v1/time-entries/import?encoding=cp932', csv, { 'content-type': 'text/csv; charset=shift_jis' },      415, 'unsupported-charset'],
  ['/decline/nothing', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' },                    404, 'link-not-valid'],
  ['/decline/nothing', 'a=b', { 'content-type': 'application/x-www-form-urlencoded; charset=shift_jis' }, 415, 'unsupported-charset'],
  ['/decline/nothing', 'a=b', { 'content-type': 'application/x-www-form-urlencoded', 'content-encoding': 'gzip' }, 415, 'unsupported-content-encoding'],
])('POST %s of %j with %j gets %i', async (path, body, headers, status, code) => {
  const answer = await admin.send('POST', path, body, { ...headers, ...asJson });
  if (path.startsWith('/v1/time-entries/import') && status === 200) {
    expect(answer.status).not.toBe(415);
    return;
  }
  expect(answer.status).toBe(status);
  if (code !== undefined) expect(answer.body.code).toBe(code);
});

test('a compressed body is refused, and the answer says which encoding is accepted', async () => {
  const headers = { 'content-type': json, 'content-encoding': 'gzip' };
  const refused = await admin.send('POST', '/v1/customers', new Uint8Array(gzipSync(customer)), headers);
  expect([refused.status, refused.headers.get('accept-encoding')]).toEqual([415, 'identity']);
  expect(refused.body.detail).toBe(
    'The Content-Encoding “gzip” is not supported. Send the body without any content encoding.',
  );
});

/** Pages of the console know their reader by a cookie; test/api/access.spec.ts is about them. */
const routesOfRest = () => controllerRoutes(service.app).filter(({ path }) => !isConsolePath(path));

describe('before anything else, the service checks who sends a request', () => {
  const faults: [fault: string, query: string, body: string | Uint8Array<ArrayBuffer>, headers: HeadersGiven][] = [
    ['another content type', '', 'x', { 'content-type': 'text/plain' }],
    ['JSON', '', '{}', { 'content-type': json }],
    ['CSV', '', csv, { 'content-type': 'text/csv' }],
    ['a compressed body', '', '{}', { 'content-type': json, 'content-encoding': 'gzip' }],
    ['another charset', '', '{}', { 'content-type': `${json}; charset=utf-16` }],
    ['broken JSON', '', '{', { 'content-type': json }],
    ['a body that is too large', '', 'x'.repeat(3_000_000), { 'content-type': json }],
    ['an unknown parameter', '?nonsense=1', '{}', { 'content-type': json }],
  ];

  test.each(faults)(
    'a request with %s but without a token gets 401 on every route',
    async (_, query, body, headers) => {
      const stranger = api(service.baseUrl);
      for (const { method, path, isPublic } of routesOfRest()) {
        if (isPublic || method === 'GET') continue;
        const answer = await stranger.send(method, path.replace(/:\w+/g, 'nothing') + query, body, headers);
        expect([method, path, answer.status, answer.body.code]).toEqual([method, path, 401, 'unauthenticated']);
      }
    },
  );

  test.each(faults)(
    'a request with %s from a role that may never send it gets 403',
    async (_, query, body, headers) => {
      for (const { method, path, permission } of routesOfRest()) {
        if (permission === undefined || method === 'GET' || permissions[permission].customer !== 'never') continue;
        const answer = await contract.customer.send(method, path.replace(/:\w+/g, 'nothing') + query, body, headers);
        expect([method, path, answer.status, answer.body.code]).toEqual([method, path, 403, 'forbidden']);
      }
    },
  );

  test.each(faults)(
    'a request with %s to an unknown route gets 404, and with a wrong method 405',
    async (_, query, body, headers) => {
      const nowhere = await admin.send('POST', `/v1/nothing${query}`, body, headers);
      expect([nowhere.status, nowhere.body.code]).toEqual([404, 'not-found']);
      const method = await admin.send('PUT', `/v1/customers${query}`, body, headers);
      expect([method.status, method.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
    },
  );
});

test('the service stores texts of several lines with line feeds, regardless of the line ends that were sent', async () => {
  const { id, csm, consultantIds, productLineIds } = contract;
  const entry = {
    workDate: '2026-04-08',
    minutes: 15,
    consultantId: consultantIds[0],
    productLineId: productLineIds[0],
    activity: 'health-check',
    delivery: 'remote',
    summary: '一行目\r\n二行目\r三行目\n',
  };
  const path = `/v1/subscriptions/${id}/time-entries`;
  expect((await csm.post(path, entry)).body.entry.summary).toBe('一行目\n二行目\n三行目\n');
  const batch = { atomic: true, entries: [{ ...entry, subscriptionId: id, summary: 'a\r\nb' }] };
  const booked = await csm.post('/v1/time-entries/batch', batch);
  expect(booked.body.results[0].entry.summary).toBe('a\nb');
  const visit = { startsOn: '2026-06-01', endsOn: '2026-06-01', place: '東京', consultantIds, purpose: 'a\r\nb' };
  expect((await csm.post(`/v1/subscriptions/${id}/visits`, visit)).body.purpose).toBe('a\nb');
  // A code may not contain a line break.
  expect((await admin.post('/v1/product-lines', { code: 'A\r\nB', name: 'Line' })).status).toBe(400);
});
