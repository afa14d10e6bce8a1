import { api, type Api } from '../support/client.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let admin: Api;

beforeAll(async () => {
  service = await startService();
  admin = api(service.baseUrl, service.adminToken);
});
afterAll(() => service.stop());

test('lists the packages of the published table', async () => {
  const { status, body } = await admin.get('/v1/packages');
  expect(status).toBe(200);
  const table = (body.data as Record<string, Record<string, unknown>>[]).map(({ code, onsite, ...sold }) => [
    code,
    sold.name,
    sold.grantedMinutes,
    onsite?.capMinutes,
    onsite?.maxVisits,
    sold.learningSeats,
    sold.maxConsultants,
    sold.maxProductLines,
    sold.travelExpenses,
  ]);
  // prettier-ignore
  expect(table).toEqual([
    ['basic',      'Basic',       5_760,      0,    0, 1, 1, 1, 'not-applicable'],
    ['premier',    'Premier',    11_520,  2_880,    2, 2, 2, 2, 'included'],
    ['enterprise', 'Enterprise', 23_040,  5_760,    4, 3, 2, 2, 'included'],
    ['dedicated',  'Dedicated',  96_000, 24_000, null, 6, 3, 3, 'included'],
  ]);
  expect(body.data[1]).toEqual({
    code: 'premier',
    version: '1',
    name: 'Premier',
    grantedMinutes: 11_520,
    onsite: { included: true, capPercent: 25, capMinutes: 2_880, maxVisits: 2 },
    travelExpenses: 'included',
    learningSeats: 2,
    maxConsultants: 2,
    maxProductLines: 2,
    termMonths: 12,
  });
});

test('names the packages in the reader’s language', async () => {
  const nameFor = async (language: string) =>
    (await admin.get('/v1/packages', { 'accept-language': language })).body.data[0].name as string;
  expect(await nameFor('ja')).toBe('ベーシック');
  expect(await nameFor('fr, ja-JP;q=0.9, en;q=0.8')).toBe('ベーシック');
  expect(await nameFor('ja;q=0.2, en;q=0.8')).toBe('Basic');
  expect(await nameFor('ja;q=0')).toBe('Basic');
  expect(await nameFor('xx;;q==,')).toBe('Basic');
});

test('lists the packages on sale on a given day', async () => {
  expect((await admin.get('/v1/packages?on=2026-01-01')).body.data).toHaveLength(4);
  expect((await admin.get('/v1/packages?on=1999-12-31')).body.data).toEqual([]);
  const malformed = await admin.get('/v1/packages?on=2026-02-30');
  expect([malformed.status, malformed.body.code, malformed.body.errors[0].pointer]).toEqual([
    400,
    'invalid-query',
    '/on',
  ]);
});
