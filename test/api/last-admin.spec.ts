import { api, type Api } from '../support/client.js';
import { person, type Person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let first: Api;
let firstId: string;

beforeAll(async () => {
  service = await startService();
  first = api(service.baseUrl, service.adminToken);
  firstId = (await first.get('/v1/me')).body.id as string;
});
afterAll(() => service.stop());

const demote = (by: Api, id: string) => by.patch(`/v1/users/${id}`, { role: 'csm' }, { 'if-match': '"1"' });

const admins = async (): Promise<number> => {
  const rows = await service.database.read((tx) => tx.query(`select 1 from users where role = 'admin'`));
  return rows.length;
};

test('the last administrator cannot give up the role, but can change other fields', async () => {
  const refused = await demote(first, firstId);
  expect([refused.status, refused.body.code]).toEqual([409, 'last-admin']);
  const renamed = await first.patch(`/v1/users/${firstId}`, { name: 'Operator' }, { 'if-match': '"1"' });
  expect([renamed.status, renamed.body.role]).toEqual([200, 'admin']);
});

test('if two administrators demote each other at the same time, only one succeeds', async () => {
  await service.database.write((tx) => tx.query('update users set version = 1 where id = $1', [firstId]));
  for (let round = 0; round < 5; round++) {
    const pair: Person[] = [await person(service, 'admin'), await person(service, 'admin')];
    const setRole = `update users set role = $2 where id = $1`;
    await service.database.write((tx) => tx.query(setRole, [firstId, 'csm']));
    const answers = await Promise.all([demote(pair[0]!, pair[1]!.id), demote(pair[1]!, pair[0]!.id)]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await admins()).toBe(1);
    await service.database.write((tx) => tx.query(setRole, [firstId, 'admin']));
    for (const { id } of pair) await service.database.write((tx) => tx.query(setRole, [id, 'csm']));
  }
});

test('if two administrators deactivate each other at the same time, only one succeeds', async () => {
  for (let round = 0; round < 5; round++) {
    const pair: Person[] = [await person(service, 'admin'), await person(service, 'admin')];
    const setRole = `update users set role = $2 where id = $1`;
    await service.database.write((tx) => tx.query(setRole, [firstId, 'csm']));
    const deactivate = (by: Api, id: string) => by.patch(`/v1/users/${id}`, { active: false }, { 'if-match': '"1"' });
    const answers = await Promise.all([deactivate(pair[0]!, pair[1]!.id), deactivate(pair[1]!, pair[0]!.id)]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    await service.database.write((tx) => tx.query(setRole, [firstId, 'admin']));
    for (const { id } of pair) await service.database.write((tx) => tx.query(setRole, [id, 'csm']));
  }
});

test('an inactive administrator does not count as another administrator', async () => {
  const inactive = await person(service, 'admin');
  const change = { active: false };
  expect((await first.patch(`/v1/users/${inactive.id}`, change, { 'if-match': '"1"' })).status).toBe(200);
  const { version } = (await first.get(`/v1/users/${firstId}`)).body as { version: number };
  const refused = await first.patch(`/v1/users/${firstId}`, { role: 'csm' }, { 'if-match': `"${version}"` });
  expect([refused.status, refused.body.code]).toEqual([409, 'last-admin']);
});

test('a start with ADMIN_TOKEN gives the role back to the first administrator', async () => {
  await person(service, 'admin');
  expect((await demote(first, firstId)).status).toBe(200);
  expect((await first.get('/v1/users')).status).toBe(403);
  const token = 'another-admin-token-of-the-tests-0123456789';
  const again = await startService({ databaseUrl: service.databaseUrl, env: { ADMIN_TOKEN: token } });
  try {
    const operator = api(again.baseUrl, token);
    expect((await operator.get('/v1/me')).body).toMatchObject({ id: firstId, role: 'admin', customerId: null });
    expect((await operator.get('/v1/users')).status).toBe(200);
  } finally {
    await again.stop();
  }
});
