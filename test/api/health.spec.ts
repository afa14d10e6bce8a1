import request from 'supertest';
import { Database } from '../../src/platform/database/database.js';
import { startService, type TestService } from '../support/service.js';

describe('health', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.stop());

  it.each(['live', 'ready'])('reports %s without a token', async (state) => {
    const { body } = await request(service.baseUrl).get(`/health/${state}`).expect(200);
    expect(body).toMatchObject({ status: state });
  });

  it('reports live but not ready if the database is away', async () => {
    const withoutDatabase = await startService();
    await withoutDatabase.app.get(Database).close();
    const ready = await request(withoutDatabase.baseUrl).get('/health/ready').expect(503).expect('retry-after', '5');
    expect(ready.body).toMatchObject({ code: 'database-unavailable' });
    await request(withoutDatabase.baseUrl).get('/health/live').expect(200);
    await withoutDatabase.stop();
  });
});

describe('the documentation', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.stop());

  it('is public, and may run only scripts of the service', async () => {
    const page = await request(service.baseUrl).get('/docs').expect(200).expect('content-type', /html/);
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    const description = await request(service.baseUrl).get('/openapi.json').expect(200);
    expect(Object.keys((description.body as { paths: object }).paths)).toContain('/v1/subscriptions/{id}/time-entries');
  });

  it('does not loosen the content security policy of other answers', async () => {
    await request(service.baseUrl)
      .get('/v1/me')
      .expect(401)
      .expect('content-security-policy', /default-src 'none'/)
      .expect('x-content-type-options', 'nosniff');
  });
});
