import { readFileSync } from 'node:fs';
import { jobNames } from '../../src/jobs/job.js';
import { api, type Answer, type Api } from '../support/client.js';
import { soldContract, type SoldContract } from '../support/contract.js';
import { person, type Person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';

interface OpenApi {
  paths: Record<string, Record<string, { parameters?: { name: string }[] }>>;
}

let service: TestService;
let contract: SoldContract;
let admin: Api;
let finance: Person;
let otherCsm: Person;
let entryId: string;
let topUpId: string;

const work = (workDate: string, minutes: number) => ({
  workDate,
  minutes,
  consultantId: contract.consultantIds[0],
  productLineId: contract.productLineIds[0],
  activity: 'health-check',
  delivery: 'remote',
  summary: `${minutes} minutes`,
});

async function expectSuccess({ status, body }: Answer): Promise<Answer['body']> {
  if (status >= 300) throw new Error(JSON.stringify(body));
  return body;
}

// The term ended at midnight and no job has run, so its renewal lock and its roll-over are overdue.
beforeAll(async () => {
  service = await startService({ clock: '2026-04-20T03:00:00Z' });
  admin = api(service.baseUrl, service.adminToken);
  finance = await person(service, 'finance');
  otherCsm = await person(service, 'csm');
  contract = await soldContract(service, { package: 'premier', startsOn: '2025-05-01' });
  const path = `/v1/subscriptions/${contract.id}`;
  const { consultantId, productLineId } = work('', 0);
  const allocations = [{ consultantId, productLineId, minutes: 1_000 }];
  await expectSuccess(await contract.csm.put(`${path}/allocations`, { allocations }, { 'if-match': '"0"' }));
  const logged = await expectSuccess(await contract.csm.post(`${path}/time-entries`, work('2026-04-01', 60)));
  entryId = logged.entry.id as string;
  const current = await soldContract(service, { package: 'basic', startsOn: '2025-06-01' });
  const goodwill = { kind: 'goodwill', minutes: 60, reason: 'R' };
  topUpId = (await expectSuccess(await admin.post(`/v1/subscriptions/${current.id}/top-ups`, goodwill))).id as string;
  await expectSuccess(await finance.post('/v1/periods/2026-03/close'));
  await service.clock.advanceTo(new Date('2026-04-30T15:00:00Z'));
});
afterAll(() => service.stop());

/** A hash of the rows of each table. */
async function hashesOfTables(): Promise<Map<string, string>> {
  return service.database.read(async (tx) => {
    const tables = await tx.query<{ name: string }>(
      `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by 1`,
    );
    const rows = new Map<string, string>();
    for (const { name } of tables) {
      const [row] = await tx.query<{ hash: string }>(
        `select md5(coalesce(string_agg(t::text, E'\\n' order by t::text), '')) as hash from "${name}" t`,
      );
      rows.set(name, row!.hash);
    }
    return rows;
  });
}

const csvFile = (...dates: string[]): string => {
  const rows = dates.map((day) => ({ subscriptionId: contract.id, ...work(day, 75) }));
  return [Object.keys(rows[0]!), ...rows.map((row) => Object.values(row))].map((row) => row.join()).join('\n');
};

async function importDryRun(query: string): Promise<number> {
  const { status } = await fetch(`${service.baseUrl}/v1/time-entries/import?dryRun=true${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${contract.csm.token}`, 'content-type': 'text/csv' },
    body: csvFile('2026-05-01', '2026-04-30'),
  });
  return status;
}

async function jobDryRuns(): Promise<number[]> {
  const statuses: number[] = [];
  for (const name of jobNames) {
    const { status, body } = await admin.post(`/v1/jobs/${name}/run?dryRun=true`);
    if (body.code !== 'dry-run-not-supported') statuses.push(status);
  }
  return statuses;
}

const status = async (answer: Promise<Answer>): Promise<number> => (await answer).status;
const dryRunPath = (rest: string): string => `/v1/subscriptions/${contract.id}${rest}?dryRun=true`;

/** For each route with `dryRun`: sends dry runs that it accepts, and returns their statuses. */
const routes: Record<string, () => Promise<number[]>> = {
  'post /v1/periods/{month}/close': async () => [await status(finance.post('/v1/periods/2026-04/close?dryRun=true'))],
  'post /v1/periods/{month}/reopen': async () => [
    await status(admin.post('/v1/periods/2026-03/reopen?dryRun=true', { reason: 'R' })),
  ],
  'post /v1/subscriptions/{id}/upgrade': async () => [
    await status(contract.csm.post(dryRunPath('/upgrade'), { package: 'enterprise' })),
  ],
  'post /v1/users/{id}/hand-over': async () => {
    const path = `/v1/users/${contract.csm.id}/hand-over?dryRun=true`;
    return [await status(admin.post(path, { toUserId: otherCsm.id }))];
  },
  'post /v1/subscriptions/{id}/planned-sessions': async () => {
    const { workDate, ...planned } = work('2026-06-02', 90);
    const series = { everyWeeks: 2 };
    return [
      await status(contract.csm.post(dryRunPath('/planned-sessions'), { ...planned, plannedOn: workDate })),
      await status(contract.csm.post(dryRunPath('/planned-sessions'), { ...planned, plannedOn: workDate, series })),
    ];
  },
  'post /v1/subscriptions/{id}/top-ups': async () => [
    await status(contract.csm.post(dryRunPath('/top-ups'), { kind: 'supplement', minutes: 60, orderNumber: 'PO' })),
  ],
  'post /v1/top-ups/{id}/cancellation': async () => [
    await status(admin.post(`/v1/top-ups/${topUpId}/cancellation?dryRun=true`, { reason: 'R' })),
  ],
  'post /v1/subscriptions/{id}/planned-sessions/proposal': async () => [
    await status(contract.csm.post(dryRunPath('/planned-sessions/proposal'), {})),
  ],
  'post /v1/subscriptions/{id}/time-entries': async () => [
    await status(contract.csm.post(dryRunPath('/time-entries'), work('2026-05-01', 30))),
    await status(contract.csm.post(dryRunPath('/time-entries'), work('2026-04-30', 30))),
  ],
  'post /v1/time-entries/batch': async () => {
    const entries = ['2026-05-01', '2026-04-30'].map((day) => ({ subscriptionId: contract.id, ...work(day, 45) }));
    const requests = [true, false].map((atomic) =>
      status(contract.csm.post('/v1/time-entries/batch?dryRun=true', { atomic, entries })),
    );
    return Promise.all(requests);
  },
  'post /v1/periods/{month}/adjustments': async () => {
    const adjustment = { reason: 'F', subscriptionId: contract.id, ...work('2026-03-30', 30) };
    return [await status(finance.post('/v1/periods/2026-03/adjustments?dryRun=true', adjustment))];
  },
  'post /v1/time-entries/{id}/reversal': async () => [
    await status(contract.csm.post(`/v1/time-entries/${entryId}/reversal?dryRun=true`, { reason: 'R' })),
  ],
  'post /v1/time-entries/{id}/correction': async () => {
    const correction = { reason: 'R', ...work('2026-04-01', 90) };
    return [await status(contract.csm.post(`/v1/time-entries/${entryId}/correction?dryRun=true`, correction))];
  },
  'post /v1/time-entries/import': async () => [await importDryRun(''), await importDryRun('&atomic=true')],
  'post /v1/jobs/{name}/run': jobDryRuns,
};

test('the table of this test contains every route that has the parameter dryRun', () => {
  const { paths } = JSON.parse(readFileSync('test/openapi.json', 'utf8')) as OpenApi;
  const routesWithDryRun = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { parameters }]) =>
      parameters?.some(({ name }) => name === 'dryRun') ? [`${method} ${path}`] : [],
    ),
  );
  expect(Object.keys(routes).sort()).toEqual(routesWithDryRun.sort());
});

test.each(Object.keys(routes))('a dry run of %s stores nothing, not even an overdue roll-over', async (route) => {
  const before = await hashesOfTables();
  const statuses = await routes[route]!();
  const after = await hashesOfTables();
  expect([...new Set(statuses)]).toEqual([200]);
  expect([...after].filter(([name, hash]) => hash !== before.get(name)).map(([name]) => name)).toEqual([]);
});

test('many dry runs at the same time as bookings of others store nothing', async () => {
  const other = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  const [consultantId, productLineId] = [other.consultantIds[0], other.productLineIds[0]];
  const allocations = [{ consultantId, productLineId, minutes: 0 }];
  const path = `/v1/subscriptions/${other.id}`;
  await expectSuccess(await other.csm.put(`${path}/allocations`, { allocations }, { 'if-match': '"0"' }));
  const statuses = await Promise.all(
    Array.from({ length: 10 }, (_, at) => [
      status(contract.csm.post(dryRunPath('/time-entries'), work('2026-05-01', 30 + at))),
      status(other.csm.post(`${path}/time-entries`, { ...work('2026-05-01', 30 + at), consultantId, productLineId })),
    ]).flat(),
  );
  expect(statuses).toEqual(Array.from({ length: 10 }, () => [200, 201]).flat());
  const { currentTerm } = await expectSuccess(await contract.csm.get(`/v1/subscriptions/${contract.id}`));
  expect([currentTerm.number, currentTerm.status]).toEqual([0, 'open']);
});
