import { api, type Api } from '../support/client.js';
import { person, type Person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let admin: Api;
let csm: Person;

beforeAll(async () => {
  service = await startService({ clock: '2026-04-01T00:00:00Z' });
  admin = api(service.baseUrl, service.adminToken);
  csm = await person(service, 'csm');
});
afterAll(() => service.stop());

const mia = { name: 'Mia', email: 'mia@trm.example', role: 'finance' };

test('a user is entered, read, listed and changed', async () => {
  const entered = await admin.post('/v1/users', mia);
  expect(entered.status).toBe(201);
  expect(entered.body).toEqual({
    id: expect.any(String) as string,
    ...mia,
    customerId: null,
    locale: null,
    timeZone: null,
    nudges: true,
    shortcuts: true,
    active: true,
    version: 1,
    createdAt: '2026-04-01T00:00:00.000Z',
  });
  const path = `/v1/users/${entered.body.id}`;

  const read = await admin.get(path);
  expect(read.body).toEqual(entered.body);
  expect(read.headers.get('etag')).toBe('"1"');

  const changed = await admin.patch(path, { name: 'Mia M.' }, { 'if-match': '"1"' });
  expect(changed.body).toMatchObject({ name: 'Mia M.', email: mia.email, version: 2 });
  expect(changed.headers.get('etag')).toBe('"2"');

  expect((await admin.patch(path, { name: 'Late' }, { 'if-match': '"1"' })).body.code).toBe('etag-stale');
  expect((await admin.patch(path, { name: 'Blind' })).status).toBe(428);
  expect((await admin.get('/v1/users')).body.data).toContainEqual(changed.body);
});

test('two users cannot have one e-mail address, even in other capital letters', async () => {
  const first = await admin.post('/v1/users', { ...mia, email: 'noah@trm.example' });
  const again = await admin.post('/v1/users', { ...mia, email: 'NOAH@trm.example' });
  expect([again.status, again.body.code]).toEqual([409, 'email-already-used']);
  const other = await admin.post('/v1/users', { ...mia, email: 'noa@trm.example' });
  const moved = await admin.patch(`/v1/users/${other.body.id}`, { email: first.body.email }, { 'if-match': '"1"' });
  expect([moved.status, moved.body.code]).toEqual([409, 'email-already-used']);
});

test('only a user with the role customer belongs to a customer', async () => {
  const { body: customer } = await admin.post('/v1/customers', { name: 'Aoi', locale: 'ja', timeZone: 'Asia/Tokyo' });
  const of = (role: string, customerId?: string) =>
    admin.post('/v1/users', { name: 'N', email: `${role}-of-${customerId}@trm.example`, role, customerId });

  expect((await of('customer')).body).toMatchObject({
    code: 'customer-required',
    violations: [{ code: 'customer-required', pointer: '/customerId' }],
  });
  expect((await of('csm', customer.id)).body.code).toBe('customer-not-allowed');
  expect((await of('customer', csm.id)).body.code).toBe('customer-unknown');
  const entered = await of('customer', customer.id);
  expect(entered.body.customerId).toBe(customer.id);

  const promoted = await admin.patch(`/v1/users/${entered.body.id}`, { role: 'finance' }, { 'if-match': '"1"' });
  expect(promoted.body).toMatchObject({ role: 'finance', customerId: null });
});

test('every user can read their own record', async () => {
  expect((await csm.get('/v1/me')).body).toMatchObject({ id: csm.id, role: 'csm', customerId: null });
});

test('a token is shown once, and stops working as soon as it is revoked', async () => {
  const given = await csm.post(`/v1/users/${csm.id}/tokens`, { name: 'laptop' });
  expect(given.status).toBe(201);
  const { id, token } = given.body as { id: string; token: string };
  const listed = (await csm.get(`/v1/users/${csm.id}/tokens`)).body.data as { id: string }[];
  expect(listed.find((shown) => shown.id === id)).toEqual({
    id,
    name: 'laptop',
    expiresOn: null,
    createdAt: '2026-04-01T00:00:00.000Z',
  });

  const laptop = api(service.baseUrl, token);
  expect((await laptop.get('/v1/me')).status).toBe(200);
  expect((await csm.delete(`/v1/tokens/${id}`)).status).toBe(204);
  expect((await laptop.get('/v1/me')).status).toBe(401);
  expect((await csm.delete(`/v1/tokens/${id}`)).status).toBe(404);
});

test('a token is valid until the end of its last day in UTC', async () => {
  const past = await csm.post(`/v1/users/${csm.id}/tokens`, { name: 'late', expiresOn: '2026-03-31' });
  expect([past.status, past.body.code]).toEqual([422, 'expires-on-in-past']);

  const given = await csm.post(`/v1/users/${csm.id}/tokens`, { name: 'short', expiresOn: '2026-04-02' });
  const short = api(service.baseUrl, given.body.token as string);
  await service.clock.advanceTo(new Date('2026-04-02T23:59:59Z'));
  expect((await short.get('/v1/me')).status).toBe(200);
  await service.clock.advanceTo(new Date('2026-04-03T00:00:00Z'));
  expect((await short.get('/v1/me')).status).toBe(401);
});

test('only administrators list, create and revoke the tokens of other users', async () => {
  const finance = await person(service, 'finance');
  expect((await csm.get(`/v1/users/${finance.id}/tokens`)).status).toBe(404);
  expect((await csm.post(`/v1/users/${finance.id}/tokens`, { name: 'x' })).status).toBe(404);
  const [{ id }] = (await admin.get(`/v1/users/${finance.id}/tokens`)).body.data;
  expect((await csm.delete(`/v1/tokens/${id}`)).status).toBe(404);
  expect((await admin.delete(`/v1/tokens/${id}`)).status).toBe(204);
  expect((await finance.get('/v1/me')).status).toBe(401);
});

test('a changed role takes effect with the next request', async () => {
  const promoted = await person(service, 'csm');
  expect((await promoted.get('/v1/users')).status).toBe(403);
  await admin.patch(`/v1/users/${promoted.id}`, { role: 'admin' }, { 'if-match': '"1"' });
  expect((await promoted.get('/v1/users')).status).toBe(200);
});

describe('a user who owns subscriptions', () => {
  const changed = (id: string, change: object) => admin.patch(`/v1/users/${id}`, change, { 'if-match': '"1"' });

  async function owned(owner: Person, startsOn?: string): Promise<string> {
    const customer = await owner.post('/v1/customers', { name: 'Aoi', locale: 'ja', timeZone: 'Asia/Tokyo' });
    const request = { customerId: customer.body.id as string, package: 'basic', startsOn };
    return (await owner.post('/v1/subscriptions', request)).body.id as string;
  }

  test('cannot get another role before another CSM owns all of the active ones', async () => {
    const owner = await person(service, 'csm');
    const successor = await person(service, 'csm');
    const ids = [await owned(owner), await owned(owner)];
    const { body: customer } = await admin.post('/v1/customers', { name: 'B', locale: 'en', timeZone: 'UTC' });
    for (const change of [{ role: 'finance' }, { role: 'admin' }, { role: 'customer', customerId: customer.id }]) {
      const { status, body } = await changed(owner.id, change);
      expect([change.role, status, body.code]).toEqual([change.role, 409, 'user-owns-subscriptions']);
      expect(body.detail).toContain('2 active subscriptions');
    }
    expect((await changed(owner.id, { role: 'csm' })).status).toBe(200);

    for (const id of ids) {
      await admin.patch(`/v1/subscriptions/${id}`, { csmId: successor.id }, { 'if-match': '"1"' });
    }
    const freed = await changed(owner.id, { role: 'finance' });
    expect([freed.status, freed.body.role]).toEqual([200, 'finance']);
  });

  test('cannot lose the role csm while another request makes them an owner: one of the two requests is refused', async () => {
    const customerOf = await admin.post('/v1/customers', { name: 'Race', locale: 'ja', timeZone: 'Asia/Tokyo' });
    for (let round = 0; round < 10; round++) {
      const raced = await person(service, 'csm');
      const request = { customerId: customerOf.body.id as string, package: 'basic', csmId: raced.id };
      const [entered, demoted] = await Promise.all([
        admin.post('/v1/subscriptions', request),
        changed(raced.id, { role: 'finance' }),
      ]);
      expect([
        [201, 409],
        [422, 200],
      ]).toContainEqual([entered.status, demoted.status]);
    }
  });
});

test('a user has a language, a time zone and nudges of their own', async () => {
  const own = { locale: 'ja', timeZone: 'Asia/Tokyo', nudges: false };
  const entered = await admin.post('/v1/users', { name: 'Yui', email: 'yui@trm.example', role: 'csm', ...own });
  expect([entered.status, entered.body]).toEqual([201, expect.objectContaining({ ...own, active: true })]);
  const path = `/v1/users/${entered.body.id}`;
  const changed = await admin.patch(path, { locale: null, timeZone: null, nudges: true }, { 'if-match': '"1"' });
  expect(changed.body).toMatchObject({ locale: null, timeZone: null, nudges: true, version: 2 });
  for (const [field, value] of [
    ['locale', 'fr'],
    ['timeZone', 'Mars/Olympus'],
    ['nudges', 'no'],
    ['nudges', null],
    ['active', null],
  ] as const) {
    const refused = await admin.patch(path, { [field]: value }, { 'if-match': '"2"' });
    expect([field, refused.status, refused.body.errors[0].pointer]).toEqual([field, 400, `/${field}`]);
  }
  const early = { name: 'Z', email: 'z@trm.example', role: 'csm', active: false };
  expect((await admin.post('/v1/users', early)).status).toBe(400);
});

describe('a deactivated user', () => {
  const setActive = (by: Api, id: string, active: boolean, version = 1) =>
    by.patch(`/v1/users/${id}`, { active }, { 'if-match': `"${version}"` });

  test('has no valid token, and needs a new one when active again', async () => {
    const left = await person(service, 'csm');
    expect((await left.get('/v1/me')).status).toBe(200);
    const deactivated = await setActive(admin, left.id, false);
    expect([deactivated.status, deactivated.body.active]).toEqual([200, false]);
    expect((await left.get('/v1/me')).status).toBe(401);

    const given = await admin.post(`/v1/users/${left.id}/tokens`, { name: 'new' });
    expect([given.status, given.body.code]).toEqual([422, 'user-inactive']);
    expect((await setActive(admin, left.id, true, 2)).status).toBe(200);
    expect((await left.get('/v1/me')).status).toBe(401);
    const { token } = (await admin.post(`/v1/users/${left.id}/tokens`, { name: 'new' })).body as { token: string };
    expect((await api(service.baseUrl, token).get('/v1/me')).status).toBe(200);
  });

  test('has no valid token on any other instance either', async () => {
    const other = await startService({ databaseUrl: service.databaseUrl });
    try {
      const left = await person(service, 'finance');
      const there = api(other.baseUrl, left.token);
      expect((await there.get('/v1/me')).status).toBe(200);
      await setActive(admin, left.id, false);
      // The other instance hears of it by a notification, which may arrive after some more answers.
      let status = 200;
      while (status === 200) ({ status } = await there.get('/v1/me'));
      expect(status).toBe(401);
    } finally {
      await other.stop();
    }
  });

  test('cannot become a CSM, and stays one of no active subscription', async () => {
    const left = await person(service, 'csm');
    const successor = await person(service, 'csm');
    const { body: customer } = await admin.post('/v1/customers', { name: 'Left', locale: 'en', timeZone: 'UTC' });
    const request = { customerId: customer.id as string, package: 'basic', csmId: left.id };
    const { body: subscription } = await admin.post('/v1/subscriptions', request);
    const path = `/v1/subscriptions/${subscription.id}`;
    const owning = await setActive(admin, left.id, false);
    expect([owning.status, owning.body.code]).toEqual([409, 'user-owns-subscriptions']);
    expect((await left.get('/v1/me')).status).toBe(200);

    await admin.patch(path, { csmId: successor.id }, { 'if-match': '"1"' });
    expect((await setActive(admin, left.id, false)).status).toBe(200);
    const back = await admin.patch(path, { csmId: left.id }, { 'if-match': '"2"' });
    expect([back.status, back.body.code]).toEqual([422, 'user-inactive']);
    const entered = await admin.post('/v1/subscriptions', request);
    expect([entered.status, entered.body.code]).toEqual([422, 'user-inactive']);
  });

  test('cannot be made an owner while being deactivated: one of the two requests is refused', async () => {
    const { body: customer } = await admin.post('/v1/customers', { name: 'Race 2', locale: 'en', timeZone: 'UTC' });
    for (let round = 0; round < 10; round++) {
      const raced = await person(service, 'csm');
      const [entered, deactivated] = await Promise.all([
        admin.post('/v1/subscriptions', { customerId: customer.id as string, package: 'basic', csmId: raced.id }),
        setActive(admin, raced.id, false),
      ]);
      expect([
        [201, 409],
        [422, 200],
      ]).toContainEqual([entered.status, deactivated.status]);
    }
  });

  test('is never the administrator who sends the request', async () => {
    const other = await person(service, 'admin');
    const refused = await setActive(other, other.id, false);
    expect([refused.status, refused.body.code]).toEqual([409, 'own-deactivation']);
    expect((await setActive(admin, other.id, false)).status).toBe(200);
  });
});

test('a list has pages', async () => {
  const all = (await admin.get('/v1/users?limit=200')).body.data as { id: string }[];
  const seen: string[] = [];
  let path: string | undefined = '/v1/users?limit=2';
  while (path !== undefined) {
    const answer = await admin.get(path);
    seen.push(...(answer.body.data as { id: string }[]).map(({ id }) => id));
    const next: string | undefined = /^<(.+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1];
    expect(next === undefined).toBe(answer.body.nextCursor === null);
    path = next;
  }
  expect(seen).toEqual(all.map(({ id }) => id));
  for (const limit of ['0', '201', 'x', '1.5', '']) {
    const answer = await admin.get(`/v1/users?limit=${limit}`);
    expect([limit, answer.status, answer.body.errors?.[0].pointer]).toEqual([limit, 400, '/limit']);
  }
  for (const cursor of ['x', 'WyJ4Il0', 'bnVsbA']) {
    expect((await admin.get(`/v1/users?cursor=${cursor}`)).body.code).toBe('invalid-cursor');
  }
});
