import { jobNames } from '../../src/jobs/job.js';
import { api } from '../support/client.js';
import { person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;

beforeAll(async () => {
  service = await startService({ clock: '2026-04-01T00:00:00Z' });
});
afterAll(() => service.stop());

const admin = () => api(service.baseUrl, service.adminToken);

test('the schedule shows each job with its next due time and its latest run', async () => {
  const { jobs, data, nextCursor } = (await admin().get('/v1/jobs')).body;
  expect(jobs.map(({ name }: { name: string }) => name)).toEqual(jobNames);
  expect([data, nextCursor]).toEqual([[], null]);
  expect(jobs[0]).toMatchObject({ nextDueAt: null, latestRun: null });
});

test.each(jobNames)('%s runs on request, and the answer comes after its end', async (name) => {
  const run = await admin().post(`/v1/jobs/${name}/run`);
  expect(run.status).toBe(200);
  expect(run.body).toMatchObject({
    id: expect.any(String) as string,
    job: name,
    askedBy: 'person',
    dueAt: '2026-04-01T00:00:00.000Z',
    outcome: 'succeeded',
    error: null,
  });
  const { jobs } = (await admin().get('/v1/jobs')).body;
  expect(jobs.find((job: { name: string }) => job.name === name).latestRun).toEqual(run.body);
});

test('a job runs once for an idempotency key, also if two requests arrive at the same time', async () => {
  const run = (key: string, name = 'renewal-lock') =>
    admin().post(`/v1/jobs/${name}/run`, undefined, { 'idempotency-key': key });
  const answers = await Promise.all([run('once'), run('once')]);
  answers.push(await run('once'));
  expect(new Set(answers.map(({ status, body }) => `${status} ${body.id}`)).size).toBe(1);
  expect(answers.filter(({ headers }) => headers.has('idempotency-replayed'))).toHaveLength(2);
  const another = await run('once', 'term-roll-over');
  expect([another.status, another.headers.get('idempotency-replayed')]).toEqual([200, null]);

  const advanced = await admin().post('/v1/clock/advance', { to: '2026-04-01T00:00:00Z' }, { 'idempotency-key': 'on' });
  expect(advanced.status).toBe(200);
  const other = await admin().post('/v1/clock/advance', { to: '2030-04-01T00:00:00Z' }, { 'idempotency-key': 'on' });
  expect([other.status, other.body.code]).toEqual([422, 'idempotency-key-reused']);
});

test('runs are listed newest first, page by page', async () => {
  await admin().post('/v1/jobs/housekeeping/run');
  await admin().post('/v1/jobs/housekeeping/run');
  const first = (await admin().get('/v1/jobs?job=housekeeping&limit=2')).body;
  expect(first.data).toHaveLength(2);
  const rest = (await admin().get(`/v1/jobs?job=housekeeping&limit=2&cursor=${first.nextCursor}`)).body;
  expect(rest.data).toHaveLength(1);
  expect(rest.nextCursor).toBeNull();
  expect(first.data[1].id < first.data[0].id && rest.data[0].id < first.data[1].id).toBe(true);
});

test('an unknown job is not found, and finance can neither list nor run jobs', async () => {
  const unknown = await admin().post('/v1/jobs/coffee/run');
  expect([unknown.status, unknown.body.code]).toEqual([404, 'job-unknown']);
  expect((await admin().get('/v1/jobs?job=coffee')).status).toBe(400);
  const finance = await person(service, 'finance');
  expect((await finance.get('/v1/jobs')).status).toBe(403);
  expect((await finance.post('/v1/jobs/housekeeping/run')).status).toBe(403);
});
