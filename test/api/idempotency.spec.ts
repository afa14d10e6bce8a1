import { randomUUID } from 'node:crypto';
import { api, type Api } from '../support/client.js';
import { soldContract } from '../support/contract.js';
import { person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let admin: Api;

const consultant = (name = 'Ken') => ({ name, email: `${randomUUID()}@trm.example` });
const withKey = (key: string = randomUUID()) => ({ 'idempotency-key': key });

beforeAll(async () => {
  service = await startService();
  admin = api(service.baseUrl, service.adminToken);
});
afterAll(() => service.stop());

test('a request that is repeated with its key runs once, and gets the first answer again', async () => {
  const [body, key] = [consultant(), withKey()];
  const first = await admin.post('/v1/consultants', body, key);
  const again = await admin.post('/v1/consultants', body, key);
  expect([first.status, again.status]).toEqual([201, 201]);
  expect(again.body).toEqual(first.body);
  expect(again.headers.get('etag')).toBe(first.headers.get('etag'));
  expect([first, again].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true']);
  // The same fields in another order are the same request.
  const { name, email } = body;
  expect((await admin.post('/v1/consultants', { email, name }, key)).body).toEqual(first.body);
});

test('30 concurrent requests with the same key run once', async () => {
  const [body, key] = [consultant(), withKey()];
  const answers = await Promise.all(Array.from({ length: 30 }, () => admin.post('/v1/consultants', body, key)));
  expect(new Set(answers.map((answer) => `${answer.status} ${answer.body.id}`)).size).toBe(1);
  expect(answers.filter(({ headers }) => headers.has('idempotency-replayed'))).toHaveLength(29);
});

test('a used key with another body is refused', async () => {
  const key = withKey();
  await admin.post('/v1/consultants', consultant(), key);
  const other = await admin.post('/v1/consultants', consultant(), key);
  expect([other.status, other.body.code]).toEqual([422, 'idempotency-key-reused']);
});

test('a key counts for one user, one method and one path', async () => {
  const [body, key] = [consultant(), withKey()];
  const otherAdmin = await person(service, 'admin');
  await admin.post('/v1/consultants', body, key);
  const conflict = await otherAdmin.post('/v1/consultants', body, key);
  expect([conflict.status, conflict.headers.get('idempotency-replayed')]).toEqual([409, null]);
  expect((await admin.post('/v1/product-lines', { code: 'K', name: 'K' }, key)).status).toBe(201);
});

test('a key counts for all spellings of a path', async () => {
  const { id, csm, consultantIds, productLineIds } = await soldContract(service, {
    package: 'premier',
    startsOn: '2026-04-01',
  });
  const visit = { startsOn: '2026-05-11', endsOn: '2026-05-13', place: '大阪', consultantIds };
  const entry = {
    workDate: '2026-04-01',
    minutes: 60,
    consultantId: consultantIds[0],
    productLineId: productLineIds[0],
    activity: 'health-check',
    delivery: 'remote',
    summary: 'Index',
  };
  await csm.put(
    `/v1/subscriptions/${id}/allocations`,
    { allocations: [{ consultantId: consultantIds[0], productLineId: productLineIds[0], minutes: 600 }] },
    { 'if-match': '"0"' },
  );
  for (const [address, body] of [
    ['visits', visit],
    ['time-entries', entry],
  ] as const) {
    const key = withKey();
    const answers = [];
    for (const spelling of [id, id.toUpperCase(), id.replace('-', '%2d'), `%3${id[0]}${id.slice(1)}`])
      answers.push(await csm.post(`/v1/subscriptions/${spelling}/${address}`, body, key));
    answers.push(await csm.post(`/%761/sub%73criptions/${id}/${address}`, body, key));
    expect(answers.map(({ status, headers }) => [status, headers.get('idempotency-replayed')])).toEqual([
      [201, null],
      ...Array<unknown>(4).fill([201, 'true']),
    ]);
    // These are other paths, which do not exist.
    for (const wrong of [`//v1/subscriptions/${id}/${address}`, `/v1/subscriptions/${id}/${address}/`])
      expect((await csm.post(wrong, body, key)).status).toBe(404);
  }
});

test('a stored conflict is repeated in the language of the later request', async () => {
  const body = consultant();
  const { body: existing } = await admin.post('/v1/consultants', body);
  const key = withKey();
  const first = await admin.post('/v1/consultants', body, key);
  expect([first.status, first.body.code]).toEqual([409, 'email-already-used']);
  const moved = { email: `moved-${existing.email}` };
  expect((await admin.patch(`/v1/consultants/${existing.id}`, moved, { 'if-match': '"1"' })).status).toBe(200);

  const again = await admin.post('/v1/consultants', body, { ...key, 'accept-language': 'ja' });
  expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([409, 'true']);
  expect(again.body.detail).toContain('すでに使用されています');
  expect((await admin.post('/v1/consultants', body)).status).toBe(201);
});

test('a malformed request can be corrected and sent again under the same key', async () => {
  const key = withKey();
  expect((await admin.post('/v1/consultants', { name: 'Ken' }, key)).status).toBe(400);
  expect((await admin.post('/v1/consultants', consultant(), key)).status).toBe(201);
});

test('the stored answer does not contain the secret of a token', async () => {
  const user = await person(service, 'csm');
  const key = withKey();
  const first = await user.post(`/v1/users/${user.id}/tokens`, { name: 'ci' }, key);
  const again = await user.post(`/v1/users/${user.id}/tokens`, { name: 'ci' }, key);
  expect(first.body.token).toMatch(/^trm_/);
  expect(again.body).toEqual({ ...first.body, token: undefined });
  const stored = await service.database.read((tx) =>
    tx.query<{ answer: unknown }>(`select answer from idempotency_keys`),
  );
  expect(JSON.stringify(stored)).not.toContain(first.body.token);
});

test('a stored answer is refused to a user who has lost the permission', async () => {
  const user = await person(service, 'admin');
  const [body, key] = [consultant(), withKey()];
  expect((await user.post('/v1/consultants', body, key)).status).toBe(201);
  await admin.patch(`/v1/users/${user.id}`, { role: 'finance' }, { 'if-match': '"1"' });
  expect((await user.post('/v1/consultants', body, key)).status).toBe(403);
});

test('a stored answer is refused to a user who can no longer see the subscription', async () => {
  const sold = await soldContract(service, { package: 'premier' });
  const learner = { learnerName: 'Hana', learnerEmail: 'hana@acme.example' };
  const work = { activity: 'health-check', delivery: 'remote', summary: 'Check' };
  const entry = { ...work, workDate: sold.startsOn, minutes: 60, consultantId: sold.consultantIds[0] };
  const requests = [
    [`/v1/subscriptions/${sold.id}/seats`, learner, 201],
    [`/v1/subscriptions/${sold.id}/time-entries`, { ...entry, productLineId: sold.productLineIds[0] }, 422],
  ] as const;
  const key = withKey();
  for (const [path, body, status] of requests) {
    expect((await sold.csm.post(path, body, key)).status).toBe(status);
    const again = await sold.csm.post(path, body, key);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([status, 'true']);
  }
  const other = await person(service, 'csm');
  await admin.patch(`/v1/subscriptions/${sold.id}`, { csmId: other.id }, { 'if-match': '"1"' });
  for (const [path, body] of requests) {
    const again = await sold.csm.post(path, body, key);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([404, null]);
  }
  const { body: seats } = await admin.get(`/v1/subscriptions/${sold.id}/seats`);
  expect(seats.data).toHaveLength(1);
});

test.each(['', 'a b', 'clé', 'x'.repeat(256), 'a\tb'])('the key %j is refused as malformed', async (key) => {
  const refused = await admin.post('/v1/consultants', consultant(), withKey(key));
  expect([refused.status, refused.body.code]).toEqual([400, 'idempotency-key-malformed']);
});

test('a request with the same key runs again after thirty days', async () => {
  const [body, key] = [consultant(), withKey()];
  const { body: first } = await admin.post('/v1/consultants', body, key);
  await service.clock.advanceTo(new Date(service.clock.now().getTime() + 30 * 86_400_000 - 1));
  expect((await admin.post('/v1/consultants', body, key)).body).toEqual(first);
  await service.clock.advanceTo(new Date(service.clock.now().getTime() + 1));
  expect((await admin.post('/v1/consultants', body, key)).status).toBe(409);
});
