import { controllerRoutes } from '../../src/platform/http/controller-routes.js';
import { api, type Answer, type Api } from '../support/client.js';
import { person, type Person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let admin: Api;

beforeAll(async () => {
  service = await startService({ clock: '2026-08-01T00:00:00Z' });
  admin = api(service.baseUrl, service.adminToken);
});
afterAll(() => service.stop());

/** A CSM in a zone. */
async function csmIn(timeZone: string): Promise<Person> {
  const csm = await person(service, 'csm');
  await admin.patch(`/v1/users/${csm.id}`, { timeZone }, { 'if-match': '"1"' });
  return csm;
}

interface Days {
  userId: string;
  from: string;
  to: string;
}

async function setDeputies(by: Api, csmId: string, ...deputies: Days[]): Promise<Answer> {
  const { body } = await admin.get(`/v1/users/${csmId}/deputies`);
  return by.put(`/v1/users/${csmId}/deputies`, { deputies }, { 'if-match': `"${body.version}"` });
}

const stopAll = (csmId: string) => setDeputies(admin, csmId);

describe('the list of deputies', () => {
  test('is set by the CSM, read by the CSM and administrators, and replaced as a whole', async () => {
    const [csm, one, other] = [await csmIn('Asia/Tokyo'), await csmIn('UTC'), await csmIn('UTC')];
    const path = `/v1/users/${csm.id}/deputies`;
    const empty = await csm.get(path);
    expect([empty.status, empty.body]).toEqual([200, { timeZone: 'Asia/Tokyo', deputies: [], version: 0 }]);

    const days = { userId: one.id, from: '2026-08-10', to: '2026-08-15' };
    const set = await csm.put(path, { deputies: [days] }, { 'if-match': empty.headers.get('etag')! });
    expect([set.status, set.body.deputies]).toEqual([200, [{ ...days, name: expect.any(String) as string }]]);
    expect(set.headers.get('etag')).toBe('"1"');
    expect((await csm.put(path, { deputies: [] }, { 'if-match': '"0"' })).body.code).toBe('etag-stale');
    expect((await csm.put(path, { deputies: [] })).status).toBe(428);

    const later = { userId: other.id, from: '2026-08-12', to: '2026-08-20' };
    const both = await admin.put(path, { deputies: [later, days] }, { 'if-match': '"1"' });
    expect(both.body.deputies).toMatchObject([days, later]);
    const unchanged = await admin.put(path, { deputies: [days, later] }, { 'if-match': '"2"' });
    expect([unchanged.status, unchanged.body.version]).toEqual([200, 2]);

    expect((await csm.get('/v1/me')).body).toMatchObject({ deputies: [days, later], deputyFor: [] });
    const seen = (await one.get('/v1/me')).body;
    expect(seen.deputyFor).toMatchObject([{ userId: csm.id, from: '2026-08-10', to: '2026-08-15' }]);
    await stopAll(csm.id);
    expect((await one.get('/v1/me')).body.deputyFor).toEqual([]);
  });

  test('is not for others, and exists for no unknown user', async () => {
    const [csm, other, finance] = [await csmIn('UTC'), await csmIn('UTC'), await person(service, 'finance')];
    for (const [by, of, status] of [
      [other, csm.id, 404],
      [finance, csm.id, 403],
      [finance, finance.id, 403],
      [admin, '01990000-0000-7000-8000-000000000000', 404],
    ] as const) {
      const put = await by.put(`/v1/users/${of}/deputies`, { deputies: [] }, { 'if-match': '"0"' });
      expect([put.status, (await by.get(`/v1/users/${of}/deputies`)).status]).toEqual([status, status]);
    }
    expect((await setDeputies(admin, finance.id)).body.code).toBe('not-a-csm');
  });

  test('names each wrong deputy, and then nothing is written', async () => {
    const [csm, good, gone] = [await csmIn('Asia/Tokyo'), await csmIn('UTC'), await csmIn('UTC')];
    await admin.patch(`/v1/users/${gone.id}`, { active: false }, { 'if-match': '"2"' });
    const finance = await person(service, 'finance');
    const august = { from: '2026-08-01', to: '2026-08-31' };
    const wrong = [
      { userId: csm.id, ...august },
      { userId: finance.id, ...august },
      { userId: gone.id, ...august },
      { userId: good.id, from: '2026-08-03', to: '2026-08-02' },
      { userId: good.id, from: '2026-07-03', to: '2026-07-31' },
      { userId: good.id, ...august },
      { userId: good.id, ...august },
    ];
    const refused = await setDeputies(csm, csm.id, ...wrong);
    expect([refused.status, refused.body.code]).toEqual([422, 'rules-violated']);
    expect((refused.body.violations as { code: string; pointer: string }[]).map((v) => [v.code, v.pointer])).toEqual([
      ['deputy-is-csm', '/deputies/0/userId'],
      ['deputy-not-a-csm', '/deputies/1/userId'],
      ['user-inactive', '/deputies/2/userId'],
      ['deputy-days-reversed', '/deputies/3/from'],
      ['deputy-days-past', '/deputies/4/to'],
      ['deputy-days-overlap', '/deputies/6/from'],
    ]);
    expect((await csm.get(`/v1/users/${csm.id}/deputies`)).body.deputies).toEqual([]);
  });

  test('never closes a circle, even if two CSMs name each other at the same time', async () => {
    const [one, other] = [await csmIn('UTC'), await csmIn('UTC')];
    const august = { from: '2026-08-01', to: '2026-08-31' };
    for (let round = 0; round < 5; round++) {
      const answers = await Promise.all([
        setDeputies(one, one.id, { userId: other.id, ...august }),
        setDeputies(other, other.id, { userId: one.id, ...august }),
      ]);
      expect(answers.map(({ status, body }) => [status, body.code as unknown]).sort()).toEqual([
        [200, undefined],
        [422, 'deputy-circle'],
      ]);
      await stopAll(one.id);
      await stopAll(other.id);
    }
  });
});

describe('the rights of a deputy', () => {
  let csm: Person;
  let deputy: Person;
  let second: Person;
  let other: Api;
  let otherService: TestService;
  let subscriptionId: string;
  let customerId: string;
  let consultantId: string;
  let productLineId: string;

  beforeAll(async () => {
    [csm, deputy, second] = [await csmIn('Asia/Tokyo'), await csmIn('America/Los_Angeles'), await csmIn('UTC')];
    const customer = { name: 'Aoi', locale: 'ja', timeZone: 'Asia/Tokyo' };
    customerId = (await csm.post('/v1/customers', customer)).body.id as string;
    productLineId = (await admin.post('/v1/product-lines', { code: 'db', name: 'Database' })).body.id as string;
    const consultant = { name: 'Sato', email: 'sato@vendor.example' };
    consultantId = (await admin.post('/v1/consultants', consultant)).body.id as string;
    const request = { customerId, package: 'premier', startsOn: '2026-08-01', productLineIds: [productLineId] };
    subscriptionId = (await csm.post('/v1/subscriptions', request)).body.id as string;
    const allocations = [{ consultantId, productLineId, minutes: 600, primary: true }];
    const path = `/v1/subscriptions/${subscriptionId}/allocations`;
    expect((await csm.put(path, { allocations }, { 'if-match': '"0"' })).status).toBe(200);
    otherService = await startService({ databaseUrl: service.databaseUrl });
    other = api(otherService.baseUrl, deputy.token);
    await otherService.clock.advanceTo(new Date('2026-08-01T00:00:00Z'));
  });
  afterAll(() => otherService.stop());

  const entry = (minutes: number) => ({
    ...{ workDate: '2026-08-01', minutes, consultantId, productLineId },
    ...{ activity: 'technical-advice', delivery: 'remote', summary: 'x' },
  });

  /** Every list, with the number of its rows. */
  const lists = async (by: Api): Promise<Record<string, number>> => {
    const counts: Record<string, number> = {};
    for (const path of [
      'customers',
      'subscriptions',
      'time-entries',
      'renewals',
      'imports',
      'mails',
      'report-schedules',
    ]) {
      const { status, body } = await by.get(`/v1/${path}?limit=200`);
      expect([path, status]).toEqual([path, 200]);
      counts[path] = (body.data as unknown[]).length;
    }
    for (const report of ['usage-lines', 'entitlements', 'renewals']) {
      const { status, body } = await by.get(`/v1/reports/${report}?from=2026-08-01&to=2027-07-31&format=json`);
      expect([report, status]).toEqual([report, 200]);
      counts[report] = body.rowCount as number;
    }
    return counts;
  };

  /** Every GET of the service that is about the subscription or the customer. */
  const reads = () =>
    controllerRoutes(service.app)
      .filter(
        ({ method, path }) => method === 'GET' && /^v1\/(subscriptions|customers)\/:id/.test(path.replace(/^\//, '')),
      )
      .map(({ path }) => path.replace(':id', path.includes('customers') ? customerId : subscriptionId))
      .filter((path) => !path.includes(':'));

  test('before, on and after the days, in the zone of the CSM, on every instance', async () => {
    const booked = await csm.post(`/v1/subscriptions/${subscriptionId}/time-entries`, entry(30));
    expect(booked.status).toBe(201);
    const own = await lists(csm);
    const nothing = Object.fromEntries(Object.keys(own).map((name) => [name, 0]));
    const set = await setDeputies(csm, csm.id, { userId: deputy.id, from: '2026-08-10', to: '2026-08-15' });
    expect(set.status).toBe(200);
    const paths = reads();
    expect(paths.length).toBeGreaterThan(10);

    // prettier-ignore
    for (const [instant, isDeputy] of [
      ['2026-08-09T14:59:59.999Z', false],
      ['2026-08-09T15:00:00Z',     true],
      ['2026-08-15T14:59:59.999Z', true],
      ['2026-08-15T15:00:00Z',     false],
    ] as const) {
      await service.clock.advanceTo(new Date(instant));
      await otherService.clock.advanceTo(new Date(instant));
      expect([instant, await lists(deputy)]).toEqual([instant, isDeputy ? own : nothing]);
      for (const path of paths) {
        const here = await deputy.get(path);
        expect([instant, path, here.status === 404]).toEqual([instant, path, !isDeputy]);
      }
      const log = await deputy.post(`/v1/subscriptions/${subscriptionId}/time-entries?dryRun=true`, entry(1));
      expect([instant, log.status]).toEqual([instant, isDeputy ? 200 : 404]);
      const there = await other.get(`/v1/subscriptions/${subscriptionId}`);
      expect([instant, there.status]).toEqual([instant, isDeputy ? 200 : 404]);
      const batch = { atomic: false, entries: [{ subscriptionId, ...entry(1) }] };
      const { body } = await other.post('/v1/time-entries/batch?dryRun=true', batch);
      expect([instant, body.results?.[0].status]).toEqual([instant, isDeputy ? 201 : 404]);
    }
  });

  test('end at once when the CSM takes them back, and what was done names the deputy', async () => {
    const days = { from: '2026-08-16', to: '2026-08-31' };
    await setDeputies(csm, csm.id, { userId: deputy.id, ...days });
    const booked = await deputy.post(`/v1/subscriptions/${subscriptionId}/time-entries`, entry(45));
    expect(booked.status).toBe(201);
    const { id } = booked.body.entry as { id: string };
    expect((await csm.get(`/v1/time-entries/${id}`)).body.recordedBy).toBe(deputy.id);
    const notice = { party: 'provider', signedBy: 'T', channel: 'letter', receivedAt: '2026-08-15T12:00:00Z' };
    const given = await deputy.post(`/v1/subscriptions/${subscriptionId}/non-renewal-notices`, notice);
    expect(given.status).toBe(201);
    await stopAll(csm.id);
    expect((await deputy.get(`/v1/subscriptions/${subscriptionId}`)).status).toBe(404);
    const back = await deputy.post(`/v1/time-entries/${id}/reversal`, { reason: 'x' });
    expect(back.status).toBe(404);
    expect((await csm.post(`/v1/time-entries/${id}/reversal`, { reason: 'x' })).status).toBe(201);
  });

  test('do not chain', async () => {
    const days = { from: '2026-08-16', to: '2026-08-31' };
    await setDeputies(csm, csm.id, { userId: deputy.id, ...days });
    await setDeputies(deputy, deputy.id, { userId: second.id, ...days });
    expect((await deputy.get(`/v1/subscriptions/${subscriptionId}`)).status).toBe(200);
    expect((await second.get(`/v1/subscriptions/${subscriptionId}`)).status).toBe(404);
    expect((await deputy.get(`/v1/users/${csm.id}/deputies`)).status).toBe(404);
    await stopAll(deputy.id);
  });

  test('are shared by several deputies, and a deputy of two CSMs sees both portfolios', async () => {
    const days = { from: '2026-08-16', to: '2026-08-31' };
    await setDeputies(csm, csm.id, { userId: deputy.id, ...days }, { userId: second.id, ...days });
    const third = await csmIn('Asia/Tokyo');
    const customer = (await third.post('/v1/customers', { name: 'B', locale: 'en', timeZone: 'UTC' })).body
      .id as string;
    const { id } = (await third.post('/v1/subscriptions', { customerId: customer, package: 'basic' })).body as {
      id: string;
    };
    await setDeputies(third, third.id, { userId: second.id, ...days });
    const seen = async (by: Api) =>
      ((await by.get('/v1/subscriptions')).body.data as { id: string }[]).map((subscription) => subscription.id).sort();
    expect(await seen(second)).toEqual([subscriptionId, id].sort());
    expect(await seen(deputy)).toEqual([subscriptionId]);
    expect(((await second.get(`/v1/subscriptions?csmId=${third.id}`)).body.data as { id: string }[]).length).toBe(1);
    await stopAll(third.id);
    expect(await seen(second)).toEqual([subscriptionId]);
  });

  test('end with the deactivation of the deputy, and return with a new token', async () => {
    const { version } = (await admin.get(`/v1/users/${second.id}`)).body as { version: number };
    await admin.patch(`/v1/users/${second.id}`, { active: false }, { 'if-match': `"${version}"` });
    expect((await second.get(`/v1/subscriptions/${subscriptionId}`)).status).toBe(401);
  });
});
