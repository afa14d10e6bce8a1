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
let entryId: string;

const work = (workDate: string, minutes: number) => ({
  workDate,
  minutes,
  consultantId: contract.consultantIds[0],
  productLineId: contract.productLineIds[0],
  activity: 'health-check',
  delivery: 'remote',
  summary: `${minutes} minutes`,
});

async function done({ status, body }: Answer): Promise<Answer['body']> {
  if (status >= 300) throw new Error(JSON.stringify(body));
  return body;
}

// The term has been over since midnight, and no job has run: the lock of its renewal and its roll-over are overdue.
beforeAll(async () => {
  service = await startService({ clock: '2026-04-20T03:00:00Z' });
  admin = api(service.baseUrl, service.adminToken);
  finance = await person(service, 'finance');
  contract = await soldContract(service, { package: 'premier', startsOn: '2025-05-01' });
  const path = `/v1/subscriptions/${contract.id}`;
  const { consultantId, productLineId } = work('', 0);
  const allocations = [{ consultantId, productLineId, minutes: 1_000 }];
  await done(await contract.csm.put(`${path}/allocations`, { allocations }, { 'if-match': '"0"' }));
  entryId = (await done(await contract.csm.post(`${path}/time-entries`, work('2026-04-01', 60)))).entry.id as string;
  await done(await finance.post('/v1/periods/2026-03/close'));
  await service.clock.advanceTo(new Date('2026-04-30T15:00:00Z'));
});
afterAll(() => service.stop());

/** A hash of the rows of every table. */
async function everything(): Promise<Map<string, string>> {
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

const csv = (...dates: string[]): string => {
  const rows = dates.map((day) => ({ subscriptionId: contract.id, ...work(day, 75) }));
  return [Object.keys(rows[0]!), ...rows.map((row) => Object.values(row))].map((row) => row.join()).join('\n');
};

async function imported(query: string): Promise<number> {
  const { status } = await fetch(`${service.baseUrl}/v1/time-entries/import?dryRun=true${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${contract.csm.token}`, 'content-type': 'text/csv' },
    body: csv('2026-05-01', '2026-04-30'),
  });
  return status;
}

async function jobsTried(): Promise<number[]> {
  const statuses: number[] = [];
  for (const name of jobNames) {
    const { status, body } = await admin.post(`/v1/jobs/${name}/run?dryRun=true`);
    if (body.code !== 'dry-run-not-supported') statuses.push(status);
  }
  return statuses;
}

const status = async (answer: Promise<Answer>): Promise<number> => (await answer).status;
const ofSubscription = (rest: string): string => `/v1/subscriptions/${contract.id}${rest}?dryRun=true`;

/** Every route that takes `dryRun`, asked for what it accepts. */
const routes: Record<string, () => Promise<number[]>> = {
  'post /v1/periods/{month}/close': async () => [await status(finance.post('/v1/periods/2026-04/close?dryRun=true'))],
  'post /v1/periods/{month}/reopen': async () => [
    await status(admin.post('/v1/periods/2026-03/reopen?dryRun=true', { reason: 'R' })),
  ],
  'post /v1/subscriptions/{id}/upgrade': async () => [
    await status(contract.csm.post(ofSubscription('/upgrade'), { package: 'enterprise' })),
  ],
  'post /v1/subscriptions/{id}/time-entries': async () => [
    await status(contract.csm.post(ofSubscription('/time-entries'), work('2026-05-01', 30))),
    await status(contract.csm.post(ofSubscription('/time-entries'), work('2026-04-30', 30))),
  ],
  'post /v1/time-entries/batch': async () => {
    const entries = ['2026-05-01', '2026-04-30'].map((day) => ({ subscriptionId: contract.id, ...work(day, 45) }));
    const asked = [true, false].map((atomic) =>
      status(contract.csm.post('/v1/time-entries/batch?dryRun=true', { atomic, entries })),
    );
    return Promise.all(asked);
  },
  'post /v1/periods/{month}/adjustments': async () => {
    const forgotten = { reason: 'F', subscriptionId: contract.id, ...work('2026-03-30', 30) };
    return [await status(finance.post('/v1/periods/2026-03/adjustments?dryRun=true', forgotten))];
  },
  'post /v1/time-entries/{id}/reversal': async () => [
    await status(contract.csm.post(`/v1/time-entries/${entryId}/reversal?dryRun=true`, { reason: 'R' })),
  ],
  'post /v1/time-entries/{id}/correction': async () => {
    const correction = { reason: 'R', ...work('2026-04-01', 90) };
    return [await status(contract.csm.post(`/v1/time-entries/${entryId}/correction?dryRun=true`, correction))];
  },
  'post /v1/time-entries/import': async () => [await imported(''), await imported('&atomic=true')],
  'post /v1/jobs/{name}/run': jobsTried,
};

test('every route that takes dryRun stands in the table of this test', () => {
  const { paths } = JSON.parse(readFileSync('test/openapi.json', 'utf8')) as OpenApi;
  const taking = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { parameters }]) =>
      parameters?.some(({ name }) => name === 'dryRun') ? [`${method} ${path}`] : [],
    ),
  );
  expect(Object.keys(routes).sort()).toEqual(taking.sort());
});

test.each(Object.keys(routes))('%s keeps nothing, not even a roll-over that is overdue', async (route) => {
  const before = await everything();
  const statuses = await routes[route]!();
  const after = await everything();
  expect([...new Set(statuses)]).toEqual([200]);
  expect([...after].filter(([name, hash]) => hash !== before.get(name)).map(([name]) => name)).toEqual([]);
});

test('and tries many at once in the same way, while others book', async () => {
  const other = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  const [consultantId, productLineId] = [other.consultantIds[0], other.productLineIds[0]];
  const allocations = [{ consultantId, productLineId, minutes: 0 }];
  const path = `/v1/subscriptions/${other.id}`;
  await done(await other.csm.put(`${path}/allocations`, { allocations }, { 'if-match': '"0"' }));
  const statuses = await Promise.all(
    Array.from({ length: 10 }, (_, at) => [
      status(contract.csm.post(ofSubscription('/time-entries'), work('2026-05-01', 30 + at))),
      status(other.csm.post(`${path}/time-entries`, { ...work('2026-05-01', 30 + at), consultantId, productLineId })),
    ]).flat(),
  );
  expect(statuses).toEqual(Array.from({ length: 10 }, () => [200, 201]).flat());
  const { currentTerm } = await done(await contract.csm.get(`/v1/subscriptions/${contract.id}`));
  expect([currentTerm.number, currentTerm.status]).toEqual([0, 'open']);
});
