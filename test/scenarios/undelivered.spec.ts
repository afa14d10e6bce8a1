import { RollOverService } from '../../src/features/subscriptions/roll-over.service.js';
import { api, type Json } from '../support/client.js';
import { renewingContract, type RenewingContract } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';

/** Who gets a mail if no reminder has reached a customer by the notice deadline (§11), 2027-01-30 in Tokyo. */

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

/** Advances the clock and runs the renewal jobs. No mail is delivered: the story sets the outcome of each mail. */
async function travel(to: string): Promise<void> {
  await service.clock.advanceTo(new Date(to));
  for (const name of ['renewal-lock', 'term-roll-over', 'renewal-reminders']) await run(name);
}

/** Sets the outcome of the mails to a role, or to one recipient of that role. */
async function setOutcome({ id }: RenewingContract, role: string, outcome: string, address?: string): Promise<void> {
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

const reportsOf = ({ id }: RenewingContract) =>
  sql(
    `select recipient_role as role, recipient_address as address, facts -> 'undelivered' as contacts from mails
     where kind = 'reminders-undelivered' and subscription_id = $1 order by recipient_role, term_id`,
    [id],
  ) as Promise<{ role: string; address: string; contacts: Json }[]>;

const lockAt = '2027-01-30T15:00:00Z';

test('terms whose customer got no reminder are reported, and no others', async () => {
  const sell = (wanted: object = {}) => renewingContract(service, { startsOn: '2026-04-01', ...wanted });
  const outcomes = [
    { customer: 'sent', csm: 'failed', isReported: false },
    { customer: 'failed', csm: 'sent', isReported: true },
    { customer: 'queued', csm: 'sent', isReported: true },
    // Nobody knows whether these arrived. An unnecessary report costs less than a missing one.
    { customer: 'sending', csm: 'sent', isReported: true },
    { customer: 'uncertain', csm: 'sent', isReported: true },
    // A mail that is written to a file reaches nobody.
    { customer: 'filed', csm: 'sent', isReported: true },
  ];
  const contracts = [];
  for (const outcome of outcomes) contracts.push({ ...outcome, contract: await sell() });
  const oneOfTwo = await sell({ contacts: 2 });
  const nobody = await sell({ contacts: 0 });
  const declined = await sell();
  const late = await sell({ startsOn: '2025-05-01' });
  const notice = { party: 'customer', signedBy: 'A', channel: 'portal' };
  await declined.customer.post(`/v1/subscriptions/${declined.id}/non-renewal-notices`, notice);
  // The renewal of this contract was locked when the contract was entered.
  await travel('2026-05-02T00:00:00Z');
  expect(await reportsOf(late)).toEqual([]);

  await travel('2026-12-31T00:00:00Z');
  for (const { contract, customer, csm } of contracts) {
    await setOutcome(contract, 'customer', customer);
    await setOutcome(contract, 'csm', csm);
  }
  await setOutcome(oneOfTwo, 'customer', 'failed');
  await setOutcome(oneOfTwo, 'customer', 'sent', oneOfTwo.contacts[1]);
  await setOutcome(nobody, 'csm', 'sent');
  // This contract is entered now, and no job runs until its deadline, so it gets no reminder.
  const missed = await sell({ startsOn: '2026-04-01' });
  await travel(lockAt);

  for (const { contract, customer, isReported } of contracts) {
    const error = customer === 'filed' ? 'It became a file' : '550 no such mailbox';
    const undelivered = { name: '山田 太郎1', address: contract.contacts[0], error };
    const both = [
      { role: 'csm', address: expect.stringContaining('csm-') as string, contacts: [undelivered] },
      { role: 'operator', address: 'operator@trm.example', contacts: [undelivered] },
    ];
    expect(await reportsOf(contract)).toEqual(isReported ? both : []);
    // The renewal locks all the same.
    const { data } = (await contract.csm.get(`/v1/subscriptions/${contract.id}/terms`)).body;
    expect(data).toMatchObject([{ renewalState: 'locked' }]);
  }
  const untried = { name: '山田 太郎1', address: missed.contacts[0], error: null };
  expect(await reportsOf(missed)).toMatchObject([{ contacts: [untried] }, { contacts: [untried] }]);
  expect(await reportsOf(nobody)).toMatchObject([{ contacts: [] }, { contacts: [] }]);
  expect([await reportsOf(oneOfTwo), await reportsOf(declined)]).toEqual([[], []]);

  await travel('2027-04-01T00:00:00Z');
  expect(await reportsOf(missed)).toHaveLength(2);
});

test('a term that was locked by a change of the contract before the job ran is reported at its roll-over', async () => {
  const contract = await renewingContract(service, { startsOn: '2027-04-01' });
  await service.clock.advanceTo(new Date('2029-04-02T00:00:00Z'));
  await service.database.write((tx) =>
    service.app.get(RollOverService).rollOver(tx, [contract.id], service.clock.now()),
  );
  // One report for each recipient and each of the two past terms.
  expect((await reportsOf(contract)).map(({ role }) => role)).toEqual(['csm', 'csm', 'operator', 'operator']);
});
