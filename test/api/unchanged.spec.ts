import { readFileSync } from 'node:fs';
import { api, type Answer, type Api } from '../support/client.js';
import { soldContract, type SoldContract } from '../support/contract.js';
import { startService, type TestService } from '../support/service.js';

interface OpenApi {
  paths: Record<string, Record<string, unknown>>;
}

let service: TestService;
let contract: SoldContract;
let admin: Api;

beforeAll(async () => {
  service = await startService({ clock: '2026-04-10T03:00:00Z' });
  admin = api(service.baseUrl, service.adminToken);
  contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
});
afterAll(() => service.stop());

async function created(answer: Promise<Answer>): Promise<string> {
  const { status, body } = await answer;
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body.id as string;
}

/** For each route with PATCH: the path of a record, and fields with the values that the record already has. */
const routes: Record<string, () => Promise<[path: string, same: object]>> = {
  '/v1/users/{id}': async () => {
    const user = { name: 'Ken', email: 'ken@vendor.example', role: 'csm' };
    return [`/v1/users/${await created(admin.post('/v1/users', user))}`, user];
  },
  '/v1/me': () => Promise.resolve(['/v1/me', { locale: null, timeZone: null, nudges: true, shortcuts: true }]),
  '/v1/customers/{id}': async () => {
    const contacts = [{ name: 'Eva', email: 'eva@acme.example', roles: ['renewal', 'usage'] }];
    const customer = { name: 'Acme', locale: 'en', timeZone: 'Europe/Berlin', country: 'DE', contacts };
    return [`/v1/customers/${await created(admin.post('/v1/customers', customer))}`, customer];
  },
  '/v1/consultants/{id}': async () => {
    const consultant = { name: 'Lee', email: 'lee@trm.example' };
    return [`/v1/consultants/${await created(admin.post('/v1/consultants', consultant))}`, consultant];
  },
  '/v1/product-lines/{id}': async () => {
    const line = { code: 'ERP', name: 'Planning' };
    return [`/v1/product-lines/${await created(admin.post('/v1/product-lines', line))}`, line];
  },
  '/v1/subscriptions/{id}': () =>
    Promise.resolve([`/v1/subscriptions/${contract.id}`, { csmId: contract.csm.id, contractNumber: null }]),
  '/v1/terms/{id}': async () => {
    const { body } = await admin.get(`/v1/subscriptions/${contract.id}`);
    return [`/v1/terms/${body.currentTerm.id}`, { purchaseOrder: null }];
  },
  '/v1/visits/{id}': async () => {
    const { consultantIds } = contract;
    const visit = { startsOn: '2026-05-11', endsOn: '2026-05-13', place: '大阪', consultantIds };
    return [`/v1/visits/${await created(admin.post(`/v1/subscriptions/${contract.id}/visits`, visit))}`, visit];
  },
  '/v1/planned-sessions/{id}': async () => {
    const [consultantId, productLineId] = [contract.consultantIds[0]!, contract.productLineIds[0]!];
    const pair = { consultantId, productLineId, minutes: 600 };
    const allocations = `/v1/subscriptions/${contract.id}/allocations`;
    await admin.put(allocations, { allocations: [pair] }, { 'if-match': '"0"' });
    const work = { minutes: 60, activity: 'health-check', delivery: 'remote', summary: '点検' };
    const session = { ...work, plannedOn: '2026-05-12', consultantId, productLineId };
    const path = `/v1/subscriptions/${contract.id}/planned-sessions`;
    return [`/v1/planned-sessions/${await created(admin.post(path, session))}`, session];
  },
  '/v1/report-schedules/{id}': async () => {
    const recipients = [{ name: 'Eva', email: 'eva@acme.example' }];
    const schedule = {
      report: 'usage-lines',
      format: 'csv',
      dayOfMonth: 3,
      period: 'previous-month',
      recipients,
      locale: 'ja',
    };
    return [`/v1/report-schedules/${await created(admin.post('/v1/report-schedules', schedule))}`, schedule];
  },
};

test('the table above has every route with PATCH', () => {
  const { paths } = JSON.parse(readFileSync('test/openapi.json', 'utf8')) as OpenApi;
  const patched = Object.keys(paths).filter((path) => 'patch' in paths[path]!);
  expect(Object.keys(routes).sort()).toEqual(patched.sort());
});

test.each(Object.keys(routes))('a PATCH of %s with equal values keeps the ETag', async (route) => {
  const [path, same] = await routes[route]!();
  const { headers, body } = await admin.get(path);
  const read = { 'if-match': headers.get('etag')! };
  for (const change of [{}, same]) {
    const answer = await admin.patch(path, change, read);
    expect([answer.status, answer.headers.get('etag')]).toEqual([200, headers.get('etag')]);
    expect(answer.body).toEqual(body);
  }
  expect((await admin.patch(path, {}, { 'if-match': '"77"' })).status).toBe(412);
});

test('setting the same next package again keeps the ETag', async () => {
  const path = `/v1/subscriptions/${contract.id}/next-package`;
  const first = await contract.csm.put(path, { package: 'basic' }, { 'if-match': '"1"' });
  const again = await contract.csm.put(path, { package: 'basic' }, { 'if-match': '"2"' });
  expect([first, again].map(({ status, headers }) => [status, headers.get('etag')])).toEqual([
    [200, '"2"'],
    [200, '"2"'],
  ]);
});
