import type { JobName } from '../../src/jobs/job.js';
import { api, type Json } from '../support/client.js';
import { renewingContract } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;

beforeAll(async () => {
  service = await startService({ clock: '2026-04-01T03:00:00Z' });
});
afterAll(() => service.stop());

const admin = () => api(service.baseUrl, service.adminToken);

/** All rows that a job run could change. */
const changeableRows = () =>
  service.database.read((tx) =>
    tx.query(
      `select (select jsonb_agg(t order by id) from terms t) as terms,
         (select jsonb_agg(s order by id) from subscriptions s) as subscriptions,
         (select count(*) from ledger_entries) as entries, (select count(*) from mails) as mails,
         (select count(*) from job_runs) as runs, (select jsonb_agg(j order by name) from jobs j) as jobs,
         (select count(*) from set_asides) as "setAsides", (select count(*) from idempotency_keys) as keys`,
    ),
  );

const run = async (name: JobName, query = '', headers = {}): Promise<Json> =>
  (await admin().post(`/v1/jobs/${name}/run${query}`, undefined, headers)).body;

const cases: { name: JobName; at: string; what: string; counts: Record<string, number> }[] = [
  { name: 'renewal-reminders', at: '2026-12-31T00:00:00.000Z', what: 'renewal-reminder-90', counts: { terms: 2 } },
  { name: 'renewal-lock', at: '2027-01-30T15:00:00.000Z', what: 'locked', counts: { locked: 2 } },
  { name: 'term-roll-over', at: '2027-03-31T15:00:00.000Z', what: 'renewed', counts: { rolled: 2, renewed: 2 } },
];

test.each(cases)('the dry run of $name changes nothing, and lists what the job then does', async (dryRunCase) => {
  const { name, at, what, counts } = dryRunCase;
  const contracts =
    dryRunCase === cases[0]
      ? [
          await renewingContract(service, { startsOn: '2026-04-01' }),
          await renewingContract(service, { startsOn: '2026-04-01' }),
        ]
      : [];
  await service.clock.advanceTo(new Date(at));
  const before = await changeableRows();
  const dry = await run(name, '?dryRun=true', { 'idempotency-key': `dry-${name}` });
  expect(dry).toMatchObject({ job: name, asOf: at, counts: { ...counts, setAside: 0, busy: 0 } });
  expect(dry.wouldHappen).toHaveLength(2);
  expect(dry.wouldHappen[0]).toMatchObject({ what, error: null });
  for (const { id } of contracts) expect(dry.wouldHappen.map((one: Json) => one.subscriptionId)).toContain(id);
  expect(await changeableRows()).toEqual(before);
  expect(await run(name, '?dryRun=true', { 'idempotency-key': `dry-${name}` })).toEqual(dry);

  expect((await run(name)).counts).toEqual(dry.counts);
  expect(await run(name, '?dryRun=true')).toMatchObject({ wouldHappen: [] });
});

test('a dry run after an outage of years lists the roll-over of every term, and names the subscription that would fail', async () => {
  const contract = await renewingContract(service, { startsOn: '2027-04-01' });
  await service.clock.advanceTo(new Date('2030-04-02T00:00:00Z'));
  await service.database.write((tx) =>
    tx.query(`update subscriptions set next_package = 'gone' where id = $1`, [contract.id]),
  );
  const { counts, wouldHappen } = await run('term-roll-over', '?dryRun=true');
  expect(counts).toMatchObject({ rolled: 6, renewed: 6, setAside: 1 });
  expect(wouldHappen.filter(({ subscriptionId }: Json) => subscriptionId === contract.id)).toMatchObject([
    { what: 'set-aside', error: expect.any(String) as string },
  ]);
  const { jobs } = (await admin().get('/v1/jobs')).body;
  expect(jobs.every(({ setAside }: Json) => setAside.length === 0)).toBe(true);
});

test('a dry run does not wait for locked subscriptions', async () => {
  await service.database.write(async (tx) => {
    await tx.query('select 1 from subscriptions for no key update');
    expect((await run('term-roll-over', '?dryRun=true')).counts).toMatchObject({ rolled: 0, busy: 3 });
  });
});

test.each(['mail-delivery', 'ledger-verification', 'housekeeping'])('%s has no dry run', async (name) => {
  const answer = await admin().post(`/v1/jobs/${name}/run?dryRun=true`);
  expect([answer.status, answer.body.code]).toEqual([422, 'dry-run-not-supported']);
  expect(answer.body.detail).toMatch(/: renewal-lock, .*usage-statements\.$/);
});

test('the parameter dryRun takes true or false', async () => {
  expect((await admin().post('/v1/jobs/renewal-lock/run?dryRun=perhaps')).status).toBe(400);
  expect((await run('renewal-lock', '?dryRun=false')).outcome).toBe('succeeded');
});
