import { RollOverService } from '../../src/features/subscriptions/roll-over.service.js';
import { api, type Json } from '../support/client.js';
import { renewingContract, type RenewingContract } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';

/** Who hears of a customer whom no reminder has reached by the last day for a notice (§11): 2027-01-30 in Tokyo. */

let service: TestService;

beforeAll(async () => {
  service = await startService({
    clock: '2026-04-01T03:00:00Z',
    env: { OPERATOR_EMAIL: 'operator@trm.example', SMTP_URL: 'smtp://127.0.0.1:1' },
  });
});
afterAll(() => service.stop());

const sql = (statement: string, values: unknown[] = []) => service.database.write((tx) => tx.query(statement, values));

const run = async (name: string): Promise<Json> =>
  (await api(service.baseUrl, service.adminToken).post(`/v1/jobs/${name}/run`)).body;

/** Goes to a moment and runs the jobs about renewals; mails stay in the queue, and get the state that the story says. */
async function travel(to: string): Promise<void> {
  await service.clock.advanceTo(new Date(to));
  for (const name of ['renewal-lock', 'term-roll-over', 'renewal-reminders']) await run(name);
}

/** What became of the reminder of a customer, of those of one recipient where one is named, and of that of the CSM. */
async function became({ id }: RenewingContract, role: string, outcome: string, address?: string): Promise<void> {
  const now = service.clock.now();
  const status = outcome === 'filed' ? 'sent' : outcome;
  await sql(
    `update mails set status = $3, delivered = $8, sent_at = $4, next_attempt_at = $5, delivery_key = $6, message = 'x',
       message_sha256 = 'x', last_error = '550 no such mailbox'
     where subscription_id = $1 and recipient_role = $2 and ($7::text is null or recipient_address = $7)`,
    [
      id,
      role,
      status,
      status === 'sent' ? now : null,
      ['sent', 'failed'].includes(status) ? null : now,
      status === 'sending' ? 1 : null,
      address ?? null,
      outcome === 'sent',
    ],
  );
}

const told = ({ id }: RenewingContract) =>
  sql(
    `select recipient_role as role, recipient_address as address, facts -> 'undelivered' as contacts from mails
     where kind = 'reminders-undelivered' and subscription_id = $1 order by recipient_role, term_id`,
    [id],
  ) as Promise<{ role: string; address: string; contacts: Json }[]>;

const lockAt = '2027-01-30T15:00:00Z';

test('reports terms that no reminder has reached, and no others', async () => {
  const sell = (wanted: object = {}) => renewingContract(service, { startsOn: '2026-04-01', ...wanted });
  const outcomes = [
    { customer: 'sent', csm: 'failed', isTold: false },
    { customer: 'failed', csm: 'sent', isTold: true },
    { customer: 'queued', csm: 'sent', isTold: true },
    // Nobody knows whether these have come through: a call too many costs less than one too few.
    { customer: 'sending', csm: 'sent', isTold: true },
    { customer: 'uncertain', csm: 'sent', isTold: true },
    // A file reaches nobody.
    { customer: 'filed', csm: 'sent', isTold: true },
  ];
  const contracts = [];
  for (const outcome of outcomes) contracts.push({ ...outcome, contract: await sell() });
  const oneOfTwo = await sell({ contacts: 2 });
  const nobody = await sell({ contacts: 0 });
  const declined = await sell();
  const late = await sell({ startsOn: '2025-05-01' });
  const notice = { party: 'customer', signedBy: 'A', channel: 'portal' };
  await declined.customer.post(`/v1/subscriptions/${declined.id}/non-renewal-notices`, notice);
  // It was locked when it was entered.
  await travel('2026-05-02T00:00:00Z');
  expect(await told(late)).toEqual([]);

  await travel('2026-12-31T00:00:00Z');
  for (const { contract, customer, csm } of contracts) {
    await became(contract, 'customer', customer);
    await became(contract, 'csm', csm);
  }
  await became(oneOfTwo, 'customer', 'failed');
  await became(oneOfTwo, 'customer', 'sent', oneOfTwo.contacts[1]);
  await became(nobody, 'csm', 'sent');
  // This one is sold now, and an outage over its last day for a notice leaves it without any.
  const missed = await sell({ startsOn: '2026-04-01' });
  await travel(lockAt);

  for (const { contract, customer, isTold } of contracts) {
    const error = customer === 'filed' ? 'It became a file' : '550 no such mailbox';
    const undelivered = { name: '山田 太郎1', address: contract.contacts[0], error };
    const both = [
      { role: 'csm', address: expect.stringContaining('csm-') as string, contacts: [undelivered] },
      { role: 'operator', address: 'operator@trm.example', contacts: [undelivered] },
    ];
    expect(await told(contract)).toEqual(isTold ? both : []);
    // It renews all the same.
    const { data } = (await contract.csm.get(`/v1/subscriptions/${contract.id}/terms`)).body;
    expect(data).toMatchObject([{ renewalState: 'locked' }]);
  }
  const untried = { name: '山田 太郎1', address: missed.contacts[0], error: null };
  expect(await told(missed)).toMatchObject([{ contacts: [untried] }, { contacts: [untried] }]);
  expect(await told(nobody)).toMatchObject([{ contacts: [] }, { contacts: [] }]);
  expect([await told(oneOfTwo), await told(declined)]).toEqual([[], []]);

  await travel('2027-04-01T00:00:00Z');
  expect(await told(missed)).toHaveLength(2);
});

test('a term that was locked by a change of the contract before the job ran is reported at its roll-over', async () => {
  const contract = await renewingContract(service, { startsOn: '2027-04-01' });
  await service.clock.advanceTo(new Date('2029-04-02T00:00:00Z'));
  await service.database.write((tx) =>
    service.app.get(RollOverService).rollOver(tx, [contract.id], service.clock.now()),
  );
  // Of each of the two terms that are over.
  expect((await told(contract)).map(({ role }) => role)).toEqual(['csm', 'csm', 'operator', 'operator']);
});
