import { startService, type TestService } from '../support/service.js';

describe('health', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.stop());

  it.each(['live', 'ready'])('says that it is %s, to everybody', async (state) => {
    const answer = await fetch(`${service.baseUrl}/health/${state}`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ status: state });
  });

  it('is not ready, but still alive, without its database', async () => {
    const lonely = await startService();
    await lonely.database.close();
    const ready = await fetch(`${lonely.baseUrl}/health/ready`);
    expect(ready.status).toBe(503);
    expect(ready.headers.get('retry-after')).toBe('5');
    expect(await ready.json()).toMatchObject({ code: 'database-unavailable' });
    expect((await fetch(`${lonely.baseUrl}/health/live`)).status).toBe(200);
    await lonely.stop();
  });
});
