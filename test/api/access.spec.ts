import { permissions, roles, type Role } from '../../src/domain/access.js';
import { controllerRoutes, type ControllerRoute } from '../../src/platform/http/controller-routes.js';
import { isConsolePath } from '../../src/platform/pages/page.js';
import { api } from '../support/client.js';
import { consoleClient } from '../support/console.js';
import { person, type Person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
const people = {} as Record<Role, Person>;

beforeAll(async () => {
  service = await startService();
  const admin = api(service.baseUrl, service.adminToken);
  const { body } = await admin.post('/v1/customers', { name: 'Acme', locale: 'en', timeZone: 'Asia/Tokyo' });
  for (const role of roles) {
    people[role] = await person(service, role, role === 'customer' ? (body.id as string) : undefined);
  }
});
afterAll(() => service.stop());

const allRoutes = (): ControllerRoute[] => controllerRoutes(service.app);
/** The routes of the REST interface that need a token. */
const protectedRoutes = (): ControllerRoute[] =>
  allRoutes().filter(({ isPublic, path }) => !isPublic && !isConsolePath(path));
/** The routes of the console that need a session. */
const consoleRoutes = (): ControllerRoute[] =>
  allRoutes().filter(({ isPublic, path }) => !isPublic && isConsolePath(path));

/** The path of the route with ids that do not exist. To a user with the permission, it answers neither 401 nor 403. */
const addressOf = ({ path }: ControllerRoute): string => path.replace(/:\w+/g, 'nothing');

test('every route except the public ones answers 401 without a token', async () => {
  const routes = protectedRoutes();
  expect(routes.length).toBeGreaterThan(20);
  for (const route of routes) {
    const answer = await api(service.baseUrl).send(route.method, addressOf(route));
    expect([route.name, answer.status]).toEqual([route.name, 401]);
  }
});

test.each(roles)('a route answers 403 to the role %s exactly if the permission table forbids it', async (role) => {
  for (const route of protectedRoutes()) {
    const answer = await people[role].send(route.method, addressOf(route));
    const isForbidden = permissions[route.permission!][role] === 'never';
    expect([route.name, answer.status === 403, answer.status >= 500]).toEqual([route.name, isForbidden, false]);
  }
});

test('every page except the public ones leads to the sign-in page without a session', async () => {
  const routes = consoleRoutes();
  expect(routes.length).toBeGreaterThan(20);
  for (const route of routes) {
    const { status, headers } = await fetch(service.baseUrl + addressOf(route), {
      method: route.method,
      redirect: 'manual',
    });
    const [path] = (headers.get('location') ?? '').split('?');
    expect([route.name, status, path]).toEqual([route.name, 303, '/console/sign-in']);
  }
});

test.each(roles)('a page refuses a user with the role %s exactly if the permission table forbids it', async (role) => {
  const reader = await consoleClient(service, people[role]);
  for (const route of consoleRoutes()) {
    const answer = await fetch(service.baseUrl + addressOf(route), {
      method: route.method,
      headers: { cookie: reader.cookie, accept: 'text/html' },
      redirect: 'manual',
    });
    // A form without the token of its session gets 403 as well, with another reason.
    const isRefused = (await answer.text()).includes('Your role does not allow this.');
    const isForbidden = permissions[route.permission!][role] === 'never';
    expect([route.name, isRefused, answer.status >= 500]).toEqual([route.name, isForbidden, false]);
    if (isRefused) expect([route.name, answer.status]).toEqual([route.name, 403]);
  }
});

test.each([
  ['no token', undefined],
  ['an unknown token', 'Bearer trm_unknown'],
  ['Basic credentials', 'Basic YTpi'],
  ['no token after Bearer', 'Bearer '],
  ['two tokens', 'Bearer a b'],
])('a request with %s gets the same problem and the status 401', async (_, authorization) => {
  const answer = await api(service.baseUrl).get('/v1/me', authorization === undefined ? {} : { authorization });
  expect(answer.status).toBe(401);
  expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="trm"');
  expect(answer.body).toEqual({
    type: '/problems/unauthenticated',
    code: 'unauthenticated',
    title: expect.any(String) as string,
    status: 401,
    detail: expect.any(String) as string,
    instance: '/v1/me',
  });
});

test('only health checks, problem pages, signed links and the way into the console are public', () => {
  const publicRoutes = controllerRoutes(service.app).filter(({ isPublic }) => isPublic);
  expect(publicRoutes.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
    'GET /',
    'GET /console/accessibility',
    'GET /console/sign-in',
    'GET /console/sign-in/:token',
    'GET /console/sign-in/sent',
    'GET /decline/:token',
    'GET /decline/:token/withdrawal',
    'GET /health/live',
    'GET /health/ready',
    'GET /problems/:code',
    'GET /reports/:token',
    'GET /reports/:token/file',
    'POST /console/sign-in',
    'POST /console/sign-in/:token',
    'POST /console/sign-in/access-token',
    'POST /decline/:token',
    'POST /decline/:token/withdrawal',
  ]);
});

test('the API document describes every route except those of the console, and its page does not ask for https if the service runs on http', async () => {
  const anybody = api(service.baseUrl);
  const { body: document, status } = await anybody.get('/openapi.json');
  expect([status, document.openapi.slice(0, 2)]).toEqual([200, '3.']);
  for (const { method, path } of allRoutes().filter((route) => route.path !== '/' && !isConsolePath(route.path))) {
    const operation = document.paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
    expect([path, operation?.responses.default]).toEqual([path, { $ref: '#/components/responses/Problem' }]);
  }
  const docs = await anybody.get('/docs');
  expect([docs.status, docs.headers.get('content-type')]).toEqual([200, 'text/html']);
  expect(docs.headers.get('strict-transport-security')).toBeNull();
  expect(docs.headers.get('content-security-policy')).not.toContain('upgrade-insecure-requests');
});
