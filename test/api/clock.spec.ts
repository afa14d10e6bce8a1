import { TimeTravel } from '../../src/jobs/time-travel.js';
import { SystemClock } from '../../src/platform/clock.js';
import { api } from '../support/client.js';
import { person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;

beforeAll(async () => {
  service = await startService({ clock: '2026-04-01T00:00:00Z' });
});
afterAll(() => service.stop());

const admin = () => api(service.baseUrl, service.adminToken);

test('time stands still until it is advanced, and the advance runs the jobs that fall due', async () => {
  expect((await admin().get('/v1/clock')).body).toEqual({ now: '2026-04-01T00:00:00.000Z', simulated: true });
  const advanced = await admin().post('/v1/clock/advance', { to: '2026-04-02T12:00:00+09:00' });
  expect(advanced.status).toBe(200);
  expect(advanced.body).toMatchObject({ now: '2026-04-02T03:00:00.000Z', simulated: true });
  expect((await admin().get('/v1/clock')).body.now).toBe('2026-04-02T03:00:00.000Z');
  const { data } = (await admin().get('/v1/jobs?job=ledger-verification')).body;
  expect(data[0]).toMatchObject({ outcome: 'succeeded', counts: { differences: 0 } });
});

test('an advance to the present time is accepted, and to an earlier time is refused', async () => {
  const { now } = (await admin().get('/v1/clock')).body;
  expect(await admin().post('/v1/clock/advance', { to: now })).toMatchObject({ status: 200, body: { runs: 0, now } });
  const back = await admin().post('/v1/clock/advance', { to: '2026-04-01T23:00:00Z' });
  expect([back.status, back.body.code]).toEqual([422, 'clock-backwards']);
});

test('a second advance is refused while the first one runs', async () => {
  const [one, other] = await Promise.all(
    ['2026-05-01T00:00:00Z', '2026-05-02T00:00:00Z'].map((to) => admin().post('/v1/clock/advance', { to })),
  );
  expect([one!.status, other!.status].sort()).toEqual([200, 409]);
  expect([one!, other!].find(({ status }) => status === 409)!.body.code).toBe('clock-busy');
});

test('instances on one database share the time, and allow one advance at a time', async () => {
  const other = await startService({ databaseUrl: service.databaseUrl, clock: '2026-04-01T00:00:00Z' });
  const { now } = (await admin().get('/v1/clock')).body;
  const otherAdmin = api(other.baseUrl, other.adminToken);
  expect((await otherAdmin.get('/v1/clock')).body.now).toBe(now);
  const both = await Promise.all(
    [admin(), otherAdmin].map((instance) => instance.post('/v1/clock/advance', { to: '2026-08-01T00:00:00Z' })),
  );
  expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  for (const instance of [admin(), otherAdmin]) {
    while ((await instance.get('/v1/clock')).body.now !== '2026-08-01T00:00:00.000Z') await new Promise(setImmediate);
  }
  await other.stop();
});

test.each([
  ['a body without a time', {}, '/to'],
  ['a day instead of a time', { to: '2027-01-01' }, '/to'],
  ['a time without a zone', { to: '2027-01-01T00:00:00' }, '/to'],
  ['a number instead of a time', { to: 1 }, '/to'],
  ['an unknown field', { to: '2027-01-01T00:00:00Z', by: 1 }, '/by'],
])('%s is refused as malformed', async (_, body, pointer) => {
  const answer = await admin().post('/v1/clock/advance', body);
  expect(answer.status).toBe(400);
  expect(answer.body.errors[0].pointer).toBe(pointer);
});

test('the system clock is neither shown nor advanced', async () => {
  const time = new TimeTravel(new SystemClock(), ...([] as unknown as [never, never, never, never]));
  expect(() => time.read()).toThrow(expect.objectContaining({ code: 'clock-not-simulated' }) as Error);
  await expect(time.advance(new Date('2030-01-01T00:00:00Z'))).rejects.toMatchObject({ code: 'clock-not-simulated' });
});

test('only an administrator can read and advance the clock', async () => {
  const csm = await person(service, 'csm');
  expect((await csm.get('/v1/clock')).status).toBe(403);
  expect((await csm.post('/v1/clock/advance', { to: '2030-01-01T00:00:00Z' })).status).toBe(403);
});
