import type { Actor } from '../../src/domain/access.js';
import { NoticeService } from '../../src/features/notices/notice.service.js';
import { RenewalLockService } from '../../src/features/renewals/renewal-lock.service.js';
import { TermPlanService } from '../../src/features/subscriptions/term-plan.service.js';
import type { Transaction } from '../../src/platform/database/transaction.js';
import { startService, type TestService } from '../support/service.js';
import { runDue } from '../support/due-work.js';
import {
  advance,
  mailbox,
  mailsOf,
  renewalStates,
  renewingContract,
  type RenewingContract,
} from '../support/renewal.js';

let service: TestService;

beforeEach(async () => {
  service = await startService({ clock: '2026-04-01T03:00:00Z' });
});
afterEach(() => service.stop());

const byCustomer = { party: 'customer' as const, signedBy: '山田 太郎', channel: 'email' };
const byProvider = { party: 'provider', signedBy: 'Sato', channel: 'letter' };
const noticesOf = ({ id }: RenewingContract) => `/v1/subscriptions/${id}/non-renewal-notices`;

// The last day for a notice of 2026-04-01…2027-03-31 is 2027-01-30; it ends at 15:00Z in Tokyo, at 08:00Z the day after in Los Angeles.
describe.each([
  { timeZone: 'Asia/Tokyo', lastMoment: '2027-01-30T14:59:59.999Z', lockAt: '2027-01-30T15:00:00Z' },
  { timeZone: 'America/Los_Angeles', lastMoment: '2027-01-31T07:59:59.999Z', lockAt: '2027-01-31T08:00:00Z' },
])('in $timeZone', ({ timeZone, lastMoment, lockAt }) => {
  test('a notice received in the last moment ends the subscription at the end of the term', async () => {
    const contract = await renewingContract(service, { startsOn: '2026-04-01', timeZone });
    await advance(service, lastMoment);
    const given = await contract.customer.post(noticesOf(contract), byCustomer);
    expect([given.status, given.body]).toMatchObject([
      201,
      { effective: true, noticeDeadline: '2027-01-30', renewalState: 'declined', receivedAt: lastMoment },
    ]);
    await advance(service, '2027-04-02T00:00:00Z');
    expect(await renewalStates(contract)).toEqual(['ended']);
    expect((await mailsOf(contract)).slice(-4)).toEqual([
      'notice-recorded customer sent',
      'notice-recorded csm sent',
      'term-ended customer sent',
      'term-ended csm sent',
    ]);
  });

  test('a notice received a moment later is recorded without effect, and the term renews', async () => {
    const contract = await renewingContract(service, { startsOn: '2026-04-01', timeZone });
    await advance(service, lockAt);
    const given = await contract.customer.post(noticesOf(contract), byCustomer);
    expect(given.body).toMatchObject({ effective: false, reason: 'late', renewalState: 'locked' });
    await advance(service, '2027-04-02T00:00:00Z');
    expect(await renewalStates(contract)).toEqual(['renewed', 'open']);
    expect((await contract.csm.get(noticesOf(contract))).body.data).toMatchObject([
      { effective: false, reason: 'late' },
    ]);
  });
});

test('a notice received in time and recorded after the lock declines the locked renewal', async () => {
  const contract = await renewingContract(service, { startsOn: '2026-04-01' });
  await advance(service, '2027-02-10T00:00:00Z');
  expect(await renewalStates(contract)).toEqual(['locked']);
  const letter = {
    ...byCustomer,
    channel: 'letter',
    sentAt: '2027-01-27T00:00:00Z',
    receivedAt: '2027-01-29T00:00:00Z',
  };
  expect((await contract.csm.post(noticesOf(contract), letter)).body).toMatchObject({
    effective: true,
    renewalState: 'declined',
  });
});

test('a notice recorded after the roll-over is stored with its term, without effect', async () => {
  const contract = await renewingContract(service, { startsOn: '2026-04-01' });
  await advance(service, '2027-04-05T00:00:00Z');
  const letter = { ...byCustomer, channel: 'letter', receivedAt: '2027-01-29T00:00:00Z' };
  const given = await contract.csm.post(noticesOf(contract), letter);
  expect(given.body).toMatchObject({ effective: false, reason: 'recorded-after-roll-over', renewalState: 'renewed' });
  const { data } = (await contract.csm.get(`/v1/subscriptions/${contract.id}/terms`)).body;
  expect(given.body.termId).toBe(data[0].id);
  await advance(service, '2027-04-05T00:00:00Z');
  expect((await mailbox(service)).at(-1)!.text).toMatch(/効力は生じません/);
});

test('a notice that is withdrawn before the deadline opens the renewal and its reminders again', async () => {
  const contract = await renewingContract(service, { startsOn: '2026-04-01' });
  await advance(service, '2027-01-10T00:00:00Z');
  const { id } = (await contract.customer.post(noticesOf(contract), byCustomer)).body;
  await advance(service, '2027-01-20T00:00:00Z');
  const withdrawal = { signedBy: '山田 太郎', reason: '継続することにしました' };
  const withdrawn = await contract.customer.post(`/v1/non-renewal-notices/${id}/withdrawal`, withdrawal);
  expect([withdrawn.status, withdrawn.body]).toMatchObject([
    200,
    { renewalState: 'open', withdrawal: { signedBy: '山田 太郎' } },
  ]);
  await advance(service, '2027-02-01T00:00:00Z');
  expect(
    (await mailsOf(contract)).filter((mail) => mail.startsWith('renewal-reminder') && mail.endsWith('customer sent')),
  ).toEqual([
    'renewal-reminder-90 customer sent',
    // This reminder fell due while the notice stood, and is sent after the withdrawal.
    'renewal-reminder-75 customer sent',
    'renewal-reminder-67 customer sent',
    'renewal-reminder-60 customer sent',
  ]);
  expect(await renewalStates(contract)).toEqual(['locked']);
});

test('a withdrawal after the deadline needs the other party’s agreement, and locks the renewal', async () => {
  const contract = await renewingContract(service, { startsOn: '2026-04-01' });
  const { id } = (await contract.customer.post(noticesOf(contract), byCustomer)).body;
  await advance(service, '2027-02-10T00:00:00Z');
  const path = `/v1/non-renewal-notices/${id}/withdrawal`;
  const withdrawal = { signedBy: '山田 太郎', reason: '継続' };
  const alone = await contract.customer.post(path, withdrawal);
  expect([alone.status, alone.body.code]).toEqual([422, 'agreement-required']);
  const agreed = { ...withdrawal, otherPartySignedBy: 'Sato' };
  expect((await contract.customer.post(path, agreed)).status).toBe(403);
  expect((await contract.csm.post(path, agreed)).body).toMatchObject({ renewalState: 'locked' });
  const again = await contract.csm.post(path, agreed);
  expect([again.status, again.body.code]).toEqual([409, 'already-withdrawn']);
});

test('if both parties have given notice, the term renews only after both withdraw it', async () => {
  const contract = await renewingContract(service, { startsOn: '2026-04-01' });
  const customers = (await contract.customer.post(noticesOf(contract), byCustomer)).body.id;
  const providers = (await contract.csm.post(noticesOf(contract), byProvider)).body.id;
  const second = await contract.csm.post(noticesOf(contract), byProvider);
  expect([second.status, second.body.code]).toEqual([409, 'notice-already-given']);
  const withdrawal = { signedBy: 'x', reason: 'y' };
  const withdraw = async (id: string) =>
    (await contract.csm.post(`/v1/non-renewal-notices/${id}/withdrawal`, withdrawal)).body.renewalState as string;
  expect(await withdraw(customers)).toBe('declined');
  expect(await withdraw(providers)).toBe('open');
});

test('both parties may accept a late notice until the term rolls over', async () => {
  const contract = await renewingContract(service, { startsOn: '2026-04-01' });
  await advance(service, '2027-02-10T00:00:00Z');
  const { id } = (await contract.customer.post(noticesOf(contract), byCustomer)).body;
  const waiver = { customerSignedBy: '山田 太郎', providerSignedBy: 'Sato', reason: 'Goodwill' };
  const path = `/v1/non-renewal-notices/${id}/waiver`;
  expect((await contract.csm.post(path, waiver)).status).toBe(403);
  expect((await contract.admin.post(path, waiver)).body).toMatchObject({
    effective: true,
    reason: 'late',
    renewalState: 'declined',
    waiver: { ...waiver, at: '2027-02-10T00:00:00.000Z' },
  });
  expect((await mailsOf(contract)).filter((mail) => mail.startsWith('notice-waived'))).toHaveLength(2);
  const again = await contract.admin.post(path, waiver);
  expect([again.status, again.body.code]).toEqual([409, 'already-waived']);
  await advance(service, '2027-04-01T00:00:00Z');
  expect(await renewalStates(contract)).toEqual(['ended']);
});

test('a notice received just before the deadline declines the renewal, even if the lock job runs at the same time', async () => {
  const contracts = await Promise.all(
    Array.from({ length: 12 }, () => renewingContract(service, { startsOn: '2026-04-01' })),
  );
  await advance(service, '2027-01-30T14:59:59.999Z');
  const midnight = new Date('2027-01-30T15:00:00Z');
  // The notices are received before midnight, and the lock job runs while they are written.
  const given = contracts.map(({ customer, id }) =>
    customer.post(`/v1/subscriptions/${id}/non-renewal-notices`, byCustomer),
  );
  await Promise.all([
    runDue(service, RenewalLockService, midnight),
    runDue(service, RenewalLockService, midnight),
    ...given,
  ]);
  await runDue(service, RenewalLockService, midnight);
  expect((await Promise.all(contracts.map(renewalStates))).flat()).toEqual(contracts.map(() => 'declined'));
});

test('the lock job skips terms whose notice is not yet committed, and declined terms', async () => {
  const contract = await renewingContract(service, { startsOn: '2026-04-01' });
  await advance(service, '2027-01-30T14:59:59.999Z');
  const midnight = new Date('2027-01-30T15:00:00Z');
  const actor: Actor = {
    userId: contract.customer.id,
    name: '山田 太郎',
    email: 'taro@customer.example',
    role: 'customer',
    customerId: contract.customerId,
    deputyFor: [],
    tokenId: contract.customer.id,
  };
  const termId = await service.database.write(async (tx) => {
    const given = await service.app
      .get(NoticeService)
      .give(tx, actor, contract.id, { ...byCustomer, channel: 'portal' });
    expect(await runDue(service, RenewalLockService, midnight)).toMatchObject({ locked: 0, mails: 0 });
    return given.termId;
  });
  expect(await runDue(service, RenewalLockService, midnight)).toMatchObject({ locked: 0, mails: 0 });
  // The write of a job that has read the term before the notice was committed.
  const stale = (tx: Transaction) => service.app.get(TermPlanService).lockRenewals(tx, [termId], midnight, 'locked');
  expect(await service.database.write(stale)).toEqual([]);
  expect(await renewalStates(contract)).toEqual(['declined']);
});

test('a job that runs twice does its work once', async () => {
  const contract = await renewingContract(service, { startsOn: '2026-04-01' });
  await advance(service, '2027-04-02T00:00:00Z');
  const before = await mailsOf(contract);
  for (const name of ['renewal-lock', 'term-roll-over', 'renewal-reminders', 'mail-delivery']) {
    expect((await contract.admin.post(`/v1/jobs/${name}/run`)).body.outcome).toBe('succeeded');
  }
  expect(await mailsOf(contract)).toEqual(before);
  expect(await renewalStates(contract)).toEqual(['renewed', 'open']);
});
