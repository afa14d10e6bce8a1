import { refusals } from '../../src/domain/refusals.js';
import { api, type Api } from '../support/client.js';
import { startService, type TestService } from '../support/service.js';

// At the `type` of a problem document, the service explains the problem to people and to programs.

let service: TestService;
let client: Api;

beforeAll(async () => {
  service = await startService();
  client = api(service.baseUrl);
});
afterAll(() => service.stop());

test('the type of a problem is the address of its explanation', async () => {
  const { body: problem } = await client.get('/v1/me');
  const { status, body, headers } = await client.get(problem.type);
  expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
  expect(body).toEqual({
    type: '/problems/unauthenticated',
    code: 'unauthenticated',
    status: 401,
    title: 'Not authenticated',
    detail: 'The request needs a valid bearer token.',
    advice: expect.stringContaining('Authorization: Bearer'),
  });
});

test('an explanation has names in braces in place of the values of a request', async () => {
  const { body } = await client.get('/problems/hours-exhausted');
  expect(body.detail).toContain('{remainingMinutes} min left');
  expect((await client.get('/problems/subscription-has-visits')).body.detail).toContain('{count} visits');
});

test.each(Object.keys(refusals))('%s has an explanation in both languages, as JSON and as a page', async (code) => {
  for (const language of ['en', 'ja'] as const) {
    const { status, body, headers } = await client.get(`/problems/${code}`, { 'accept-language': language });
    expect([status, headers.get('content-language')]).toEqual([200, language]);
    expect(body.title).toBe(refusals[code as keyof typeof refusals].title[language]);
    for (const text of [body.detail, body.advice]) expect(text).toMatch(language === 'ja' ? /[ぁ-ん]/ : /^[A-Za-z“{]/);
    const page = await client.get(`/problems/${code}?lang=${language}`, { accept: 'text/html' });
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.body).toContain(`<html lang="${language}">`);
    expect(page.body).toContain(`<code>${code}</code>`);
  }
});

test('an unknown code gets 404', async () => {
  expect((await client.get('/problems/nothing')).body.code).toBe('not-found');
  expect((await client.get('/problems/constructor')).status).toBe(404);
});
