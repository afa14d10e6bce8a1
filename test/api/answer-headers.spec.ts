import { head, RawConnection } from '../support/raw-connection.js';
import { api } from '../support/client.js';
import { ServiceProcess } from '../support/process.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await startService({ env: { PUBLIC_URL: 'https://trm.example' } });
});
afterAll(() => service.stop());

const hsts = 'max-age=31536000; includeSubDomains';

// prettier-ignore
test.each([
  ['GET',  '/v1/me',                       true,  200],
  ['GET',  '/v1/packages',                 true,  200],
  ['GET',  '/v1/users',                    true,  200],
  ['HEAD', '/v1/users',                    true,  200],
  ['GET',  '/v1/reports/renewals?from=2026-04-01&to=2026-04-30&format=csv', true, 200],
  ['GET',  '/v1/me',                       false, 401],
  ['GET',  '/v1/me?nonsense=1',            true,  400],
  ['POST', '/v1/customers',                true,  400],
  ['GET',  '/v1/customers/nothing',        true,  404],
  ['GET',  '/v1/nothing',                  false, 404],
  ['PUT',  '/v1/customers',                true,  405],
  ['GET',  '/%zz',                         false, 400],
  ['GET',  '/docs/nothing',                false, 404],
  ['GET',  '/decline/nothing',             false, 404],
  ['GET',  '/decline/nothing/withdrawal?nonsense=1', false, 400],
  ['GET',  '/reports/nothing',             false, 404],
  ['GET',  '/reports/nothing/file',        false, 404],
  ['GET',  '/health/live',                 false, 200],
])('%s %s (with a token: %s) answers %i, with HSTS and without caching', async (method, path, hasToken, status) => {
  const answer = await api(service.baseUrl, hasToken ? service.adminToken : undefined).send(method, path);
  const { headers } = answer;
  expect([answer.status, headers.get('strict-transport-security'), headers.get('cache-control')]).toEqual([
    status,
    hsts,
    'no-store',
  ]);
});

test.each(['/docs', '/docs/swagger-ui.css', '/openapi.json'])('%s answers with HSTS', async (path) => {
  const { status, headers } = await api(service.baseUrl).get(path);
  expect([status, headers.get('strict-transport-security')]).toEqual([200, hsts]);
});

test('the answer to bytes that are not HTTP has HSTS', async () => {
  const connection = await RawConnection.open(service.baseUrl);
  connection.send('NONSENSE\r\n\r\n');
  await connection.closed;
  expect(connection.received).toMatch(/^HTTP\/1\.1 400 /);
  expect(connection.received).toContain(`\r\nstrict-transport-security: ${hsts}\r\n`);
});

test('a service with an http address answers without HSTS', async () => {
  const plain = await startService();
  try {
    for (const path of ['/v1/me', '/nothing', '/docs', '/decline/nothing', '/%zz']) {
      expect([path, (await api(plain.baseUrl).get(path)).headers.get('strict-transport-security')]).toEqual([
        path,
        null,
      ]);
    }
  } finally {
    await plain.stop();
  }
});

test('the token of a personal link is not logged, however its path is spelt', async () => {
  const logging = new ServiceProcess({
    DATABASE_URL: service.databaseUrl,
    SECRET_KEY: service.config.secretKey,
    LOG_LEVEL: 'trace',
  });
  const url = await logging.ready();
  const token = 'Ab-_'.repeat(20);
  const spellings = [
    'decline/',
    'decline%2F',
    'Decline/',
    '/decline/',
    '%64ecline/',
    'reports/',
    'x?to=',
    'a/decline/',
  ];
  for (const path of [...spellings.map((spelling) => spelling + token), `decline/${token}%zz`]) {
    const connection = await RawConnection.open(url);
    connection.send(head(`GET /${path}`, { Referer: `https://trm.example/decline/${token}`, Connection: 'close' }));
    await connection.closed;
  }
  logging.signal('SIGTERM');
  expect(await logging.ended).toBe(0);
  expect(logging.output.match(/"status":404/g)).toHaveLength(spellings.length);
  expect(logging.output).not.toContain(token);
}, 60_000);
