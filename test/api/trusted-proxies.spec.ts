import { DeclineLinks } from '../../src/features/notices/decline-link.js';
import { api } from '../support/client.js';
import { evidenceZip } from '../support/evidence.js';
import { renewingContract } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';

const limit = { RATE_LIMIT_PER_MINUTE: '30' };
const page = '/decline/nothing';

/** Sends requests with this header, and returns their statuses. The fourth is beyond the limit of one address. */
async function ask(service: TestService, forwardedFor: (time: number) => string, times = 4): Promise<number[]> {
  const statuses: number[] = [];
  for (let time = 0; time < times; time++) {
    const answer = await api(service.baseUrl).get(page, { 'x-forwarded-for': forwardedFor(time) });
    statuses.push(answer.status);
  }
  return statuses;
}

test('behind a trusted proxy each client address has its own limit; addresses that a client adds do not count', async () => {
  const service = await startService({ env: { ...limit, TRUSTED_PROXIES: '127.0.0.0/8' } });
  try {
    expect(await ask(service, (time) => `203.0.113.${time}, 198.51.100.1`)).toEqual([404, 404, 404, 429]);
    expect(await ask(service, () => '198.51.100.2', 1)).toEqual([404]);
  } finally {
    await service.stop();
  }
});

test.each([[{}], [{ TRUSTED_PROXIES: '10.0.0.0/8' }]])(
  'with %j the service ignores the header, as no trusted proxy sent it',
  async (env) => {
    const service = await startService({ env: { ...limit, ...env } });
    try {
      expect(await ask(service, (time) => `198.51.100.${time}`)).toEqual([404, 404, 404, 429]);
    } finally {
      await service.stop();
    }
  },
);

test.each([
  ['as the trusted proxy saw it', { TRUSTED_PROXIES: '127.0.0.0/8' }, '198.51.100.7'],
  ['of the connection, if no proxy is trusted', {}, '127.0.0.1'],
])('the evidence of a notice names the client’s address: %s', async (_, env, address) => {
  const service = await startService({ env });
  try {
    const { csm, id, contacts } = await renewingContract(service, {});
    const { id: termId } = (await csm.get(`/v1/subscriptions/${id}`)).body.currentTerm as { id: string };
    const link = service.app.get(DeclineLinks).linkFor({ termId, address: contacts[0]! });
    const given = await api(service.baseUrl).post(
      new URL(link).pathname,
      { signedBy: '山田 太郎' },
      // The client forged the first address, and the proxy added the second.
      { 'x-forwarded-for': '203.0.113.66, 198.51.100.7' },
    );
    expect(given.status).toBe(200);
    const { notices } = (await evidenceZip(service, termId, service.adminToken)).json('notices.json');
    expect(notices).toMatchObject([{ recordedByLink: { contactEmail: contacts[0], address } }]);
  } finally {
    await service.stop();
  }
});
