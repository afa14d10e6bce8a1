import { api } from '../support/client.js';
import { startService, type TestService } from '../support/service.js';

const limit = { RATE_LIMIT_PER_MINUTE: '30' };
const page = '/decline/nothing';

/** Asks as often as the limit of an address allows, and answers the statuses. */
async function ask(service: TestService, forwardedFor: (time: number) => string, times = 4): Promise<number[]> {
  const statuses: number[] = [];
  for (let time = 0; time < times; time++) {
    const answer = await api(service.baseUrl).get(page, { 'x-forwarded-for': forwardedFor(time) });
    statuses.push(answer.status);
  }
  return statuses;
}

test('behind a trusted proxy each customer has a limit of their own, whatever they add to the header', async () => {
  const service = await startService({ env: { ...limit, TRUSTED_PROXIES: '127.0.0.0/8' } });
  try {
    expect(await ask(service, (time) => `203.0.113.${time}, 198.51.100.1`)).toEqual([404, 404, 404, 429]);
    expect(await ask(service, () => '198.51.100.2', 1)).toEqual([404]);
  } finally {
    await service.stop();
  }
});

test.each([[{}], [{ TRUSTED_PROXIES: '10.0.0.0/8' }]])('with %j a forged header changes nothing', async (env) => {
  const service = await startService({ env: { ...limit, ...env } });
  try {
    expect(await ask(service, (time) => `198.51.100.${time}`)).toEqual([404, 404, 404, 429]);
  } finally {
    await service.stop();
  }
});
