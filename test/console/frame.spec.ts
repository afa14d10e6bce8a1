import { roles } from '../../src/domain/access.js';
import { consoleClient, sessionOf } from '../support/console.js';
import { person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';

// What every page of the console shares: signing in, the frame, forms, and the headers.

let service: TestService;

beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

const send = (path: string, init: RequestInit = {}) => fetch(service.baseUrl + path, { redirect: 'manual', ...init });

test('the address of the service leads to the console', async () => {
  const { status, headers } = await send('/');
  expect([status, headers.get('location')]).toEqual([302, '/console']);
});

test.each([
  ['/console', '/console/sign-in'],
  ['/console/today?x=1', '/console/sign-in?to=%2Fconsole%2Ftoday%3Fx%3D1'],
])('without a session, %s leads to %s', async (path, to) => {
  const { status, headers } = await send(path);
  expect([status, headers.get('location')]).toEqual([303, to]);
});

test('an API token is no session', async () => {
  const csm = await person(service, 'csm');
  const { status } = await send('/console', { headers: { authorization: `Bearer ${csm.token}` } });
  expect(status).toBe(303);
});

test('a session is no API token', async () => {
  const csm = await person(service, 'csm');
  const session = await sessionOf(service, csm.id);
  expect((await send('/v1/me', { headers: { authorization: `Bearer ${session}` } })).status).toBe(401);
  expect((await send('/v1/me', { headers: { cookie: `trm=${session}` } })).status).toBe(401);
});

test.each(roles.filter((role) => role !== 'customer'))(
  'a user with the role %s begins on the own start page',
  async (role) => {
    const reader = await consoleClient(service, await person(service, role));
    const home = { admin: 'jobs', csm: 'today', finance: 'months' }[role as 'admin'];
    expect((await reader.get('/console')).location).toBe(`/console/${home}`);
  },
);
