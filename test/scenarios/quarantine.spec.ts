import { Logger } from '@nestjs/common';
import { RenewalLockService } from '../../src/features/renewals/renewal-lock.service.js';
import { DueWorkService } from '../../src/features/due-work/due-work.service.js';
import type { JobName } from '../../src/jobs/job.js';
import { api, type Json } from '../support/client.js';
import { advance, renewingContract, renewalStates, type RenewingContract } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';
import { runDue } from '../support/due-work.js';

/** One subscription makes a job fail, among others that do not. Each story starts on 2026-04-01. */

// The clock advances over many days, while other specs run on the same machine.
jest.setTimeout(120_000);

let service: TestService;
let errors: jest.SpyInstance;

beforeEach(async () => {
  service = await startService({ clock: '2026-04-01T03:00:00Z' });
  errors = jest.spyOn(Logger.prototype, 'error');
});
afterEach(async () => {
  errors.mockRestore();
  await service.stop();
});

const admin = () => api(service.baseUrl, service.adminToken);

const sql = (statement: string) => service.database.write((tx) => tx.query(statement));

/** Waits until a transaction waits for a lock. */
async function waitingForALock(): Promise<void> {
  const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  while ((await sql(waiting)).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Makes every change of the subscription's terms fail. */
async function poison({ id }: RenewingContract): Promise<void> {
  await sql(
    `create function stop_it() returns trigger language plpgsql as $$ begin raise exception 'poisoned'; end $$`,
  );
  await sql(`create trigger stop_it before update on terms
    for each row when (new.subscription_id = '${id}') execute function stop_it()`);
}

async function job(name: JobName): Promise<Json> {
  const { jobs } = (await admin().get('/v1/jobs')).body;
  return jobs.find((known: Json) => known.name === name);
}

const run = async (name: JobName, query = ''): Promise<Json> =>
  (await admin().post(`/v1/jobs/${name}/run${query}`)).body;

const threeContracts = async (): Promise<[RenewingContract, RenewingContract, RenewingContract]> => [
  await renewingContract(service, { startsOn: '2026-04-01' }),
  await renewingContract(service, { startsOn: '2026-04-01' }),
  await renewingContract(service, { startsOn: '2026-04-01' }),
];

const jobsThatFail: {
  name: JobName;
  at: string;
  spoil: (contract: RenewingContract) => Promise<unknown>;
  cure: (contract: RenewingContract) => Promise<unknown>;
  error: RegExp;
  done: Record<string, number>;
}[] = [
  {
    name: 'renewal-reminders',
    at: '2026-12-31T00:00:00.000Z',
    spoil: poison,
    cure: () => sql('drop trigger stop_it on terms'),
    error: /poisoned/,
    done: { terms: 1 },
  },
  {
    name: 'renewal-lock',
    at: '2027-01-30T15:00:00.000Z',
    spoil: poison,
    cure: () => sql('drop trigger stop_it on terms'),
    error: /poisoned/,
    done: { locked: 1 },
  },
  {
    name: 'term-roll-over',
    at: '2027-03-31T15:00:00.000Z',
    spoil: ({ id }) => sql(`update subscriptions set next_package = 'gone' where id = '${id}'`),
    cure: ({ id }) => sql(`update subscriptions set next_package = null where id = '${id}'`),
    error: /./,
    done: { rolled: 1 },
  },
];

test.each(jobsThatFail)(
  '$name quarantines and reports the failing subscription, completes the others, and completes it after the repair',
  async (failing) => {
    const { name, at } = failing;
    const [first, bad, last] = await threeContracts();
    await failing.spoil(bad);
    await service.clock.advanceTo(new Date(at));

    expect(await run(name)).toMatchObject({ outcome: 'succeeded', counts: { setAside: 1, busy: 0 } });
    const [quarantined, ...more] = (await job(name)).setAside;
    expect(more).toEqual([]);
    expect(quarantined).toMatchObject({
      subscriptionId: bad.id,
      error: expect.stringMatching(failing.error) as string,
      since: at,
      lastTriedAt: at,
      tries: 1,
      tryAgainAt: new Date(new Date(at).getTime() + 600_000).toISOString(),
    });
    expect(errors.mock.calls.filter(([message]) => String(message).includes(bad.id))).toHaveLength(1);
    // The others are complete, and the quarantined one is due again only after its pause.
    expect((await job(name)).nextDueAt).toBe(quarantined.tryAgainAt);
    // A run that a person requests retries it at once, and so does a dry run.
    expect((await run(name, '?dryRun=true')).counts).toMatchObject({ setAside: 1 });

    await failing.cure(bad);
    expect(await run(name)).toMatchObject({ outcome: 'succeeded', counts: { ...failing.done, setAside: 0 } });
    expect((await job(name)).setAside).toEqual([]);
    const states = await Promise.all([first, bad, last].map(renewalStates));
    expect(states[1]).toEqual(states[0]);
    expect(states[1]).toEqual(states[2]);
  },
);

test('a failing subscription is retried after growing pauses of at most a day, and its error is logged once', async () => {
  const bad = await renewingContract(service, { startsOn: '2026-04-01', contacts: 0 });
  await service.clock.advanceTo(new Date('2027-01-30T14:59:00Z'));
  await poison(bad);
  const runs = await advance(service, '2027-02-04T15:00:00Z');
  // Pauses of 10, 20, … 640 and 1,280 minutes, 42½ hours together, and then one day each.
  expect((await job('renewal-lock')).setAside).toMatchObject([{ tries: 12, since: '2027-01-30T15:00:00.000Z' }]);
  expect(runs).toBeLessThan(100);
  const about = `renewal-lock failed for subscription ${bad.id}`;
  expect(errors.mock.calls.filter(([message]) => String(message).startsWith(about))).toHaveLength(1);
});

test('a run on request retries a quarantined subscription at once, and a new failure keeps it in quarantine', async () => {
  const bad = await renewingContract(service, { startsOn: '2026-04-01' });
  await service.clock.advanceTo(new Date('2027-01-30T14:59:00Z'));
  await poison(bad);
  await advance(service, '2027-01-30T15:00:00Z');
  expect(await run('renewal-lock')).toMatchObject({ counts: { locked: 0, setAside: 1 } });
  expect((await job('renewal-lock')).setAside).toMatchObject([{ tries: 2 }]);
});

test('a subscription that is no longer due leaves the quarantine', async () => {
  const bad = await renewingContract(service, { startsOn: '2026-04-01' });
  await service.clock.advanceTo(new Date('2027-01-30T14:59:00Z'));
  await poison(bad);
  await advance(service, '2027-01-30T15:00:00Z');
  await sql('drop trigger stop_it on terms');
  const letter = { party: 'customer', signedBy: '山田 太郎', channel: 'letter', receivedAt: '2027-01-30T14:00:00Z' };
  expect((await bad.csm.post(`/v1/subscriptions/${bad.id}/non-renewal-notices`, letter)).status).toBe(201);
  await advance(service, '2027-01-30T15:10:00Z');
  expect((await job('renewal-lock')).setAside).toEqual([]);
  expect(await renewalStates(bad)).toEqual(['declined']);
});

test('a locked subscription is tried alone after the others, or left for the next run', async () => {
  const [first, locked] = await threeContracts();
  await service.clock.advanceTo(new Date('2027-01-30T15:00:00Z'));
  const now = service.clock.now();
  const whileLocked = <T>(work: () => Promise<T>): Promise<T> =>
    service.database.write(async (tx) => {
      await tx.query('select 1 from subscriptions where id = $1 for no key update', [locked.id]);
      return work();
    });
  expect(await whileLocked(() => runDue(service, RenewalLockService, now))).toMatchObject({
    locked: 2,
    setAside: 0,
    busy: 1,
  });
  expect(await renewalStates(first)).toEqual(['locked']);
  const { run: waitingRun } = await whileLocked(async () => {
    const run = runDue(service, RenewalLockService, now);
    await waitingForALock();
    // In an object, because awaiting the run here would wait for the lock that this transaction holds.
    return { run };
  });
  expect(await waitingRun).toMatchObject({ locked: 1, busy: 0 });
});

test('a database outage quarantines nothing', async () => {
  await renewingContract(service, { startsOn: '2026-04-01' });
  const disconnecting = {
    name: 'renewal-lock',
    chunkSize: 10,
    nothing: {},
    due: { by: (...[tx]: Parameters<typeof dueAll>) => dueAll(tx) },
    work: (tx: { query(text: string): Promise<never[]> }) => tx.query('select pg_terminate_backend(pg_backend_pid())'),
  };
  const dueAll = (tx: { query<Row>(text: string): Promise<Row[]> }) =>
    tx.query<{ subscriptionId: string; termId: string; dueAt: Date }>(
      `select subscription_id as "subscriptionId", id as "termId", lock_at as "dueAt" from terms`,
    );
  const dueWork = service.app.get(DueWorkService);
  await expect(dueWork.run(disconnecting as never, service.clock.now())).rejects.toMatchObject({
    code: 'database-unavailable',
  });
  expect((await job('renewal-lock')).setAside).toEqual([]);
});
