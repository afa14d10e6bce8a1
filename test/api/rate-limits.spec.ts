import { Client } from 'pg';
import { api, type Answer } from '../support/client.js';
import { person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';

const limit = 20;
const env = { RATE_LIMIT_PER_MINUTE: String(limit) };

let service: TestService;
beforeEach(async () => {
  service = await startService({ env });
});
afterEach(() => service.stop());

const adminOf = ({ baseUrl, adminToken }: TestService) => api(baseUrl, adminToken);

/** Starts the user's allowance in the next minute, so that it cannot end in the middle of a test. */
async function allowNextMinute(userId: string): Promise<void> {
  await service.database.write((tx) =>
    tx.query(
      `insert into request_allowances (user_id, minute, leased, granted)
       values ($1, date_trunc('minute', clock_timestamp()) + interval '1 minute', 0, 0)
       on conflict (user_id) do update set minute = excluded.minute, leased = 0, granted = 0`,
      [userId],
    ),
  );
}

/** A user whose requests are not counted yet, with two tokens. */
async function newUser() {
  const admin = adminOf(service);
  const { id } = (await admin.post('/v1/users', { name: 'Csm', email: 'csm@vendor.example', role: 'csm' })).body;
  const tokens: string[] = [];
  for (const name of ['one', 'two']) tokens.push((await admin.post(`/v1/users/${id}/tokens`, { name })).body.token);
  await allowNextMinute(id as string);
  return { tokens };
}

async function statuses(times: number, ask: (time: number) => Promise<Answer>): Promise<number[]> {
  const answers = await Promise.all(Array.from({ length: times }, (_, time) => ask(time)));
  return answers.map(({ status }) => status).sort();
}

const many = (times: number, status: number): number[] => Array<number>(times).fill(status);

test('a user has one limit for all tokens on all instances', async () => {
  const { tokens } = await newUser();
  const other = await startService({ env, databaseUrl: service.databaseUrl });
  try {
    const urls = [service.baseUrl, other.baseUrl];
    const ask = (time: number) => api(urls[time % 2]!, tokens[Math.floor(time / 2) % 2]).get('/v1/me');
    expect(await statuses(3 * limit, ask)).toEqual([...many(limit, 200), ...many(2 * limit, 429)]);
    const refused = await ask(0);
    expect([
      refused.body.code,
      refused.headers.get('ratelimit-limit'),
      refused.headers.get('ratelimit-remaining'),
    ]).toEqual(['too-many-requests', '20', '0']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.headers.get('ratelimit-reset')).toBe(refused.headers.get('retry-after'));
  } finally {
    await other.stop();
  }
});

test('a batch counts as many requests as it has rows; a refused batch counts as one', async () => {
  const { tokens } = await newUser();
  const csm = api(service.baseUrl, tokens[0]);
  const batch = (rows: number) => csm.post('/v1/time-entries/batch', { atomic: false, entries: many(rows, 0) });
  const left = async (rows: number): Promise<unknown[]> => {
    const answer = await batch(rows);
    return [answer.status, answer.headers.get('ratelimit-remaining')];
  };
  expect(await left(12)).toEqual([200, '8']);
  expect(await left(9)).toEqual([429, '7']);
  expect(await left(7)).toEqual([200, '0']);
  expect((await csm.get('/v1/me')).status).toBe(429);
});

test('a batch with more rows than the limit is accepted, and uses up the whole minute', async () => {
  const { tokens } = await newUser();
  const csm = api(service.baseUrl, tokens[0]);
  const batch = { atomic: false, entries: many(5 * limit, 0) };
  expect((await csm.post('/v1/time-entries/batch', batch)).status).toBe(200);
  expect((await csm.post('/v1/time-entries/batch', batch)).status).toBe(429);
});

test('every instance notices a revoked token and a changed role at once', async () => {
  const other = await startService({ databaseUrl: service.databaseUrl });
  const now = jest.spyOn(performance, 'now');
  try {
    const admin = adminOf(service);
    const { id, token } = await person(service, 'csm');
    const there = api(other.baseUrl, token);
    // The clock of the process stops, so that no cached token expires: only a notification can renew it.
    now.mockReturnValue(performance.now());
    expect((await there.get('/v1/users')).status).toBe(403);
    const user = await admin.get(`/v1/users/${id}`);
    await admin.patch(`/v1/users/${id}`, { role: 'admin' }, { 'if-match': user.headers.get('etag')! });
    const statusBecomes = async (status: number): Promise<void> => {
      while ((await there.get('/v1/users')).status !== status) await new Promise((resolve) => setTimeout(resolve, 20));
    };
    await statusBecomes(200);
    const [{ id: tokenId }] = (await admin.get(`/v1/users/${id}/tokens`)).body.data;
    await admin.delete(`/v1/tokens/${tokenId}`);
    await statusBecomes(401);
  } finally {
    now.mockRestore();
    await other.stop();
  }
});

test('requests with invalid tokens count for their address, and do not limit users with a valid token', async () => {
  const admin = adminOf(service);
  const { id } = (await admin.get('/v1/me')).body;
  const given = (await admin.post(`/v1/users/${id}/tokens`, { name: 'revoked soon' })).body;
  await allowNextMinute(id as string);
  const guesses = [];
  for (let time = 0; time < 4; time++) guesses.push(await api(service.baseUrl, `guess-${time}`).get('/v1/me'));
  expect(guesses.map(({ status }) => status)).toEqual([401, 401, 429, 429]);
  expect((await api(service.baseUrl, 'guess').get('/v1/me')).headers.get('retry-after')).toMatch(/^\d+$/);
  // Revoking a token empties the cache of tokens, so the next request must look its token up.
  expect((await admin.delete(`/v1/tokens/${given.id}`)).status).toBe(204);
  expect((await admin.get('/v1/me')).status).toBe(200);
  expect((await api(service.baseUrl, given.token).get('/v1/me')).status).toBe(429);
});

test.each([
  '/openapi.json',
  '/docs',
  '/docs/swagger-ui.css',
  '/nothing',
  '/decline/nothing',
  '/health/live',
  '/health/ready',
])('a request for %s counts for the address', async (path) => {
  const client = api(service.baseUrl);
  const answers = [];
  for (let time = 0; time < 3; time++) answers.push(await client.get(path));
  expect(answers.map(({ status }) => status === 429)).toEqual([false, false, true]);
  expect(answers[0]!.headers.get('ratelimit-remaining')).toBe('1');
  // Health checks have a limit of their own, so a load balancer at the same address is not refused.
  const apart = path.startsWith('/health') ? '/nothing' : '/health/live';
  expect((await client.get(apart)).status).not.toBe(429);
  expect((await adminOf(service).get('/v1/me')).status).toBe(200);
});

test('a request with a wrong method counts for the address', async () => {
  const refused = [];
  for (let time = 0; time < 3; time++) refused.push((await adminOf(service).put('/v1/customers', {})).status);
  expect(refused).toEqual([405, 405, 429]);
});

test('while the database does not answer, an instance counts the requests itself', async () => {
  const { tokens } = await newUser();
  const csm = api(service.baseUrl, tokens[0]);
  const client = new Client({ connectionString: service.databaseUrl });
  await client.connect();
  await client.query('begin; lock table request_allowances');
  expect((await csm.get('/v1/me')).headers.get('ratelimit-remaining')).toBe('19');
  expect((await csm.get('/v1/me')).headers.get('ratelimit-remaining')).toBe('18');
  await client.query('rollback');
  await client.end();
  expect((await csm.get('/v1/me')).status).toBe(200);
});
