// The entities refer to each other by name, so TypeORM needs this one too, although the test does not use it.
import '../../src/features/people/user.entity.js';
import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import type { Job, BacklogJob } from '../../src/jobs/job.js';
import { JobStore, newRun, type JobRun } from '../../src/jobs/job.store.js';
import { JobRunner } from '../../src/jobs/runner.js';
import type { Schedule } from '../../src/jobs/schedule.js';
import { SystemClock } from '../../src/platform/clock.js';
import { Database } from '../../src/platform/database/database.js';
import { testDatabase, type TestDatabase } from '../support/database.js';

const night = new Date('2026-04-02T02:00:00Z');
const nextNight = new Date('2026-04-03T02:00:00Z');
const later = new Date('2026-04-04T02:00:00Z');

let testDb: TestDatabase;
let database: Database;
let store: JobStore;

beforeAll(() => Logger.overrideLogger(false));
beforeEach(async () => {
  testDb = await testDatabase();
  database = await Database.open({ url: testDb.url });
  store = new JobStore(database);
  await store.register();
});
afterEach(async () => {
  await database.close();
  await testDb.drop();
});

/** A job that is due every night and calls `run`. */
function nightly(name: Job['name'], run: Job['run']): Job {
  const nextDueAfter = (instant: Date) => [night, nextNight, later].find((moment) => moment > instant)!;
  return { name, why: 'for the test', due: 'timed', nextDueAfter, run };
}

/** The job runner of one instance of the service. */
function instance(...jobs: Job[]): JobRunner {
  const schedule = { jobs, job: (name: string) => jobs.find((job) => job.name === name)! } as unknown as Schedule;
  return new JobRunner(schedule, store, database, new SystemClock());
}

async function tick(runner: JobRunner, now: Date, others: 'leave' | 'wait' = 'leave'): Promise<JobRun[]> {
  return (await runner.runDue(now, await runner.dueTimes(now), others)).runs;
}

const recorded = (): Promise<JobRun[]> => database.read((tx) => store.runs(tx, { limit: 10 }));

test('a job runs once for each moment at which it was due', async () => {
  const runner = instance(nightly('housekeeping', () => Promise.resolve({ tidied: 1 })));
  const run = { job: 'housekeeping', askedBy: 'schedule', dueAt: night, outcome: 'succeeded', counts: { tidied: 1 } };
  expect(await tick(runner, night)).toMatchObject([run]);
  expect(await tick(runner, night)).toEqual([]);
  expect(await tick(runner, new Date('2026-04-02T23:00:00Z'))).toEqual([]);
  expect(await tick(runner, nextNight)).toHaveLength(1);
  expect(await recorded()).toMatchObject([{ ...run, dueAt: nextNight }, run]);
});

test('a failed job is recorded with its error, does not stop the other jobs, and is tried again', async () => {
  let broken = true;
  const failing = nightly('ledger-verification', () =>
    broken ? Promise.reject(new Error('no luck')) : Promise.resolve({}),
  );
  const runner = instance(
    failing,
    nightly('housekeeping', () => Promise.resolve({})),
  );
  expect(await tick(runner, night)).toMatchObject([
    { job: 'ledger-verification', outcome: 'failed', error: 'no luck' },
    { job: 'housekeeping', outcome: 'succeeded', error: null },
  ]);
  broken = false;
  expect(await tick(runner, night)).toMatchObject([{ job: 'ledger-verification', outcome: 'succeeded' }]);
});

test('two instances run a due job only once', async () => {
  let runs = 0;
  const slow = nightly('housekeeping', async () => {
    runs += 1;
    await new Promise((resolve) => setTimeout(resolve, 200));
    return {};
  });
  const [one, other] = await Promise.all([tick(instance(slow), night), tick(instance(slow), night)]);
  expect(runs).toBe(1);
  expect([...one, ...other]).toHaveLength(1);
  const waited = await Promise.all([tick(instance(slow), nextNight, 'wait'), tick(instance(slow), nextNight, 'wait')]);
  expect(waited.flat()).toHaveLength(1);
  expect(runs).toBe(2);
});

test('a request for a run waits for a run in progress', async () => {
  const lock = (await store.lock('housekeeping', 0))!;
  const asked = instance(nightly('housekeeping', () => Promise.resolve({ tidied: 2 }))).runNow('housekeeping', night);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await lock.release();
  expect(await asked).toMatchObject({ askedBy: 'person', outcome: 'succeeded', counts: { tidied: 2 } });
});

test('waiting for a job lock ends after the time limit', async () => {
  const lock = (await store.lock('housekeeping', 0))!;
  expect(await store.lock('housekeeping', 0)).toBeUndefined();
  expect(await store.lock('housekeeping', 50)).toBeUndefined();
  expect(await store.lock('mail-delivery', 0).then((other) => other?.release())).toBeUndefined();
  await lock.release();
});

test('a stop waits for the running job', async () => {
  const steps: string[] = [];
  const runner = instance(
    nightly('housekeeping', async () => {
      void runner.stop().then(() => steps.push('stopped'));
      await new Promise((resolve) => setTimeout(resolve, 50));
      steps.push('done');
      return {};
    }),
  );
  await runner.runNow('housekeeping', night);
  await runner.stop();
  expect(steps).toEqual(['done', 'stopped']);
});

test('a run whose process was killed is recorded as interrupted, and the next run does the work', async () => {
  const killed = await Database.open({ url: testDb.url });
  const killedStore = new JobStore(killed);
  const killedLock = await killedStore.lock('housekeeping', 0);
  await killedStore.begin(newRun('housekeeping', 'schedule', night), killedLock!);
  const runner = instance(nightly('housekeeping', () => Promise.resolve({ tidied: 3 })));
  expect(await tick(runner, night)).toEqual([]);

  await endConnectionsWithJobLock();
  expect(await tick(runner, night, 'wait')).toMatchObject([{ outcome: 'succeeded', counts: { tidied: 3 } }]);
  expect(await recorded()).toMatchObject([
    { outcome: 'succeeded', dueAt: night },
    { outcome: 'interrupted', dueAt: night, finishedAt: expect.any(Date) as Date },
  ]);
  await killedLock!.release();
  await killed.close();
});

test('concurrent runs of a shared job do not wait for each other; each has a record, and dead runs are recorded as interrupted', async () => {
  let due = true;
  const steps: string[] = [];
  const shared = (name: string, ends: Promise<void>): BacklogJob => ({
    name: 'mail-delivery',
    why: 'for the test',
    due: 'backlog',
    shared: true,
    nextDueAfter: () => Promise.resolve(due ? night : undefined),
    run: async () => {
      steps.push(`${name} began`);
      await ends;
      due = false;
      return { sent: 1 };
    },
  });
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const slow = tick(instance(shared('slow', ended)), night);
  while (steps.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));

  const killed = await Database.open({ url: testDb.url });
  const killedStore = new JobStore(killed);
  const killedRun = await killedStore.join();
  await killedStore.begin(newRun('mail-delivery', 'schedule', night), killedRun);
  expect(await instance(shared('asked', Promise.resolve())).runNow('mail-delivery', night)).toMatchObject({
    outcome: 'succeeded',
  });
  expect((await recorded()).map(({ outcome }) => outcome)).toEqual(['succeeded', 'running', 'running']);

  await killedRun.release();
  await killed.close();
  due = true;
  expect(await tick(instance(shared('later', Promise.resolve())), night)).toMatchObject([{ outcome: 'succeeded' }]);
  expect((await recorded()).map(({ outcome }) => outcome)).toEqual([
    ...['succeeded', 'succeeded', 'interrupted', 'running'],
  ]);
  end();
  expect(await slow).toMatchObject([{ outcome: 'succeeded', counts: { sent: 1 } }]);
  expect((await recorded()).at(-1)).toMatchObject({ outcome: 'succeeded', finishedAt: expect.any(Date) as Date });
});

test('work that a job makes due for a later job of the schedule is done in the same tick', async () => {
  let queued = false;
  const first: Job = nightly('renewal-reminders', () => {
    queued = true;
    return Promise.resolve({});
  });
  const second: BacklogJob = {
    name: 'mail-delivery',
    why: 'for the test',
    due: 'backlog',
    nextDueAfter: () => Promise.resolve(queued ? night : undefined),
    run: () => {
      queued = false;
      return Promise.resolve({ sent: 1 });
    },
  };
  expect(await tick(instance(first, second), night)).toMatchObject([
    { job: 'renewal-reminders' },
    { job: 'mail-delivery', counts: { sent: 1 } },
  ]);
});

test('work that a job makes due for an earlier job is done in the same tick; a job that stays due is not repeated forever', async () => {
  let opened = false;
  const withBacklog = (name: BacklogJob['name'], isDue: () => boolean, run: () => void): BacklogJob => ({
    name,
    why: 'for the test',
    due: 'backlog',
    nextDueAfter: () => Promise.resolve(isDue() ? night : undefined),
    run: () => {
      run();
      return Promise.resolve({});
    },
  });
  let isLocked = false;
  const lock = withBacklog(
    'renewal-lock',
    () => opened && !isLocked,
    () => (isLocked = true),
  );
  const rollOver = withBacklog(
    'term-roll-over',
    () => !opened,
    () => (opened = true),
  );
  expect(await tick(instance(lock, rollOver), night)).toMatchObject([
    { job: 'term-roll-over' },
    { job: 'renewal-lock' },
  ]);

  let runs = 0;
  const idle = withBacklog(
    'pace-alerts',
    () => true,
    () => (runs += 1),
  );
  await tick(instance(idle), night);
  expect(runs).toBeLessThan(5);

  const failing: BacklogJob = { ...idle, name: 'usage-statements', run: () => Promise.reject(new Error('no')) };
  expect(await tick(instance(idle, failing), night)).toMatchObject([
    { job: 'pace-alerts' },
    { job: 'usage-statements', outcome: 'failed' },
    { job: 'pace-alerts' },
    { job: 'pace-alerts' },
  ]);
});

/** Ends the connections that hold the lock of a job, as happens when their process is killed. */
async function endConnectionsWithJobLock(): Promise<void> {
  const client = new Client({ connectionString: testDb.url });
  await client.connect();
  await client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and state = 'idle in transaction' and query like '%from jobs where name = $1%'`,
  );
  await client.end();
}
