import { Client } from 'pg';
import type { HeadersGiven } from './support/client.js';
import { testDatabase, type TestDatabase } from './support/database.js';
import { ServiceProcess } from './support/process.js';
import { head, RawConnection } from './support/raw-connection.js';

// Clients that never finish a request: the service closes their connections, and they delay neither other clients nor a stop.

jest.setTimeout(120_000);

const adminToken = 'admin-token-of-the-tests-0123456789';
const authorization = `Bearer ${adminToken}`;
const json = { 'Content-Type': 'application/json' };
const halfBody = '{"name":';

let database: TestDatabase;
let connections: RawConnection[];

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());
beforeEach(() => {
  connections = [];
});
afterEach(() => connections.forEach((connection) => connection.end()));

function start(limits: string): ServiceProcess {
  return new ServiceProcess({
    DATABASE_URL: database.url,
    SECRET_KEY: 's'.repeat(32),
    ADMIN_TOKEN: adminToken,
    HTTP_LIMITS: limits,
    LOG_LEVEL: 'warn',
  });
}

async function connected(url: string, ...sent: string[]): Promise<RawConnection> {
  const connection = await RawConnection.open(url);
  connections.push(connection);
  for (const text of sent) connection.send(text);
  return connection;
}

describe('with short limits', () => {
  let url: string;
  let short: ServiceProcess;
  beforeAll(async () => {
    short = start('headers=1,body=1,idle=1,stop=60,buffer=1,connections=40');
    url = await short.ready();
  });
  afterAll(async () => {
    short.signal('SIGTERM');
    expect(await short.ended).toBe(0);
  });

  test('unfinished headers are answered with 408, and a silent connection is closed', async () => {
    const slow = await connected(url, 'GET /v1/me HTTP/1.1\r\nHost: trm\r\nX-Slow:');
    await slow.has(/^HTTP\/1\.1 408 .*"code":"request-timeout"/s);
    await slow.closed;
    await (
      await connected(url)
    ).closed;
  });

  test('an idle connection is closed', async () => {
    const idle = await connected(url, head('GET /health/live', {}));
    await idle.has(/^HTTP\/1\.1 200 /);
    await idle.closed;
  });

  test('an unfinished body of a permitted request is answered with 408', async () => {
    const slow = await connected(
      url,
      head('POST /v1/customers', { ...json, authorization, 'Content-Length': 1000 }),
      halfBody,
    );
    await slow.has(/^HTTP\/1\.1 408 .*"code":"request-timeout"/s);
    await slow.closed;
    const chunked = head('POST /decline/nothing', {
      ...json,
      'Transfer-Encoding': 'chunked',
      Accept: 'application/json',
    });
    const page = await connected(url, chunked, '8\r\n{"name":\r\n');
    await page.has(/^HTTP\/1\.1 408 /);
    await page.closed;
  });

  // prettier-ignore
  test.each([
    ['POST /v1/customers',             {},                    401],
    ['POST /v1/customers',             { authorization: 'Bearer guess' }, 401],
    ['POST /v1/time-entries/batch',    {},                    401],
    ['POST /v1/time-entries/import',   {},                    401],
    ['PATCH /v1/customers/1',          {},                    401],
    ['DELETE /v1/tokens/1',            {},                    401],
    ['POST /v1/nothing',               {},                    404],
    ['POST /nothing',                  { authorization },     404],
    ['PUT /v1/customers',              { authorization },     405],
    ['POST /v1/me',                    {},                    405],
    ['GET /v1/me',                     { authorization },     200],
    ['GET /health/live',               {},                    200],
    ['POST /v1/customers?nonsense=1',  { authorization },     400],
  ])('%s with %j answers %i before the body arrives, and closes the connection', async (line, headers, status) => {
    const lengths: HeadersGiven[] = [{ 'Content-Length': '100000000' }, { 'Transfer-Encoding': 'chunked' }];
    const ended = lengths.map(async (length) => {
      const connection = await connected(url, head(line, { ...json, ...headers, ...length }));
      await connection.has(new RegExp(`^HTTP/1\\.1 ${status} .*\r\nconnection: close\r\n`, 'is'));
      await connection.closed;
    });
    await Promise.all(ended);
  });

  test('only an acceptable request of a known sender gets 100 Continue', async () => {
    const expecting = { ...json, Expect: '100-continue', 'Content-Length': 2 };
    const stranger = await connected(url, head('POST /v1/customers', expecting));
    await stranger.has(/^HTTP\/1\.1 401 /);
    const nowhere = await connected(url, head('POST /v1/nothing', expecting));
    await nowhere.has(/^HTTP\/1\.1 404 /);
    const tooLarge = await connected(
      url,
      head('POST /v1/customers', { ...expecting, authorization, 'Content-Length': 3_000_000 }),
    );
    await tooLarge.has(/HTTP\/1\.1 413 /);
    const known = await connected(url, head('POST /v1/customers', { ...expecting, authorization }));
    await known.has(/^HTTP\/1\.1 100 Continue\r\n\r\n/);
    known.send('{}');
    await known.has(/HTTP\/1\.1 400 .*"code":"malformed-body"/s);
  });

  test('a request of a stranger with a complete body gets 401, and its connection can be used again', async () => {
    const body = 'x'.repeat(20);
    const connection = await connected(url, head('POST /v1/customers', { ...json, 'Content-Length': 20 }) + body);
    await connection.has(/HTTP\/1\.1 401 [^]*unauthenticated/);
    connection.send(head('GET /health/live', {}));
    await connection.has(/HTTP\/1\.1 200 /);
  });

  test('unfinished bodies use memory only up to a limit, and small requests are still served', async () => {
    const large = head('POST /v1/time-entries/batch', { ...json, authorization, 'Content-Length': 400_000 });
    const bodies = await Promise.all(Array.from({ length: 4 }, () => connected(url, large, ' '.repeat(300_000))));
    await Promise.any(
      bodies.map((body) => body.has(/^HTTP\/1\.1 503 .*\r\nretry-after: 1\r\n.*"code":"overloaded"/is)),
    );
    const small = await connected(
      url,
      head('POST /v1/customers', { ...json, authorization, 'Content-Length': 2 }) + '{}',
    );
    await small.has(/^HTTP\/1\.1 400 /);
    await Promise.all(bodies.map((body) => body.closed));
    // All of the memory is free again.
    for (let time = 0; time < 3; time++) {
      const later = await connected(url, large, ' '.repeat(399_998) + '{}');
      await later.has(/^HTTP\/1\.1 400 .*"code":"malformed-body"/s);
    }
  });

  test('one address gets at most half of the connections, so that other addresses are still served', async () => {
    const silent = await Promise.all(Array.from({ length: 50 }, () => connected(url)));
    // Connections above the limit are closed before a byte is read. The others are closed because they stay silent.
    await silent.at(-1)!.closed;
    const neighbour = await RawConnection.open(url, '127.0.0.2');
    connections.push(neighbour);
    neighbour.send(head('GET /health/live', {}));
    await neighbour.has(/^HTTP\/1\.1 200 /);
    await Promise.all(silent.map((connection) => connection.closed));
    expect(silent.filter(({ received }) => received === '').length).toBeGreaterThanOrEqual(30);
    const again = await connected(url, head('GET /health/live', {}));
    await again.has(/^HTTP\/1\.1 200 /);
  });
});

test('SIGTERM ends the process with 0, even if clients are connected', async () => {
  const service = start('headers=600,body=600,idle=600,stop=5');
  const url = await service.ready();
  const client = new Client({ connectionString: database.url });
  await client.connect();
  // A request that waits for a lock that is never released.
  await client.query('BEGIN; LOCK TABLE customers');
  const waiting = await connected(url, head('GET /v1/customers', { authorization }));
  const waits = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ILIKE '%customers%'`;
  while ((await client.query(waits)).rowCount === 0) await client.query('SELECT pg_stat_clear_snapshot()');

  const answered = await connected(url, head('GET /health/live', {}));
  await answered.has(/^HTTP\/1\.1 200 /);
  await connected(url);
  await connected(url, 'GET /v1/me HTTP/1.1\r\nHost: trm\r\nX-Slow:');
  await connected(url, head('POST /v1/customers', { ...json, authorization, 'Content-Length': 1000 }), halfBody);
  await connected(url, head('POST /v1/customers', { ...json, 'Content-Length': 1000 }), halfBody);
  const invited = { authorization, 'Content-Type': 'text/csv', Expect: '100-continue', 'Transfer-Encoding': 'chunked' };
  const importing = await connected(url, head('POST /v1/time-entries/import', invited));
  await importing.has(/^HTTP\/1\.1 100 /);
  importing.send('9\r\nworkDate,\r\n');
  const reader = await connected(url, head('GET /docs/swagger-ui-bundle.js', {}));
  reader.pause();

  service.signal('SIGTERM');
  await answered.closed;
  expect(await service.ended).toBe(0);
  await Promise.all([waiting, importing].map((connection) => connection.closed));
  await client.end();
});

test('a request whose body is still arriving at SIGTERM is completed', async () => {
  const service = start('stop=60');
  const url = await service.ready();
  const body = JSON.stringify({ name: 'Acme', locale: 'en', timeZone: 'Asia/Tokyo' });
  const connection = await connected(
    url,
    head('POST /v1/customers', { ...json, authorization, Expect: '100-continue', 'Content-Length': body.length }),
  );
  await connection.has(/^HTTP\/1\.1 100 /);
  const idle = await connected(url, head('GET /health/live', {}));
  await idle.has(/^HTTP\/1\.1 200 /);
  service.signal('SIGTERM');
  await idle.closed;
  connection.send(body);
  await connection.has(/HTTP\/1\.1 201 /);
  expect(await service.ended).toBe(0);
});
