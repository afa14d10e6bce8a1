import { person } from '../support/people.js';
import { advance, renewingContract, type RenewingContract } from '../support/renewal.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let contract: RenewingContract;

beforeAll(async () => {
  service = await startService({ clock: '2026-10-01T03:00:00Z' });
  contract = await renewingContract(service, { startsOn: '2026-04-01' });
});
afterAll(() => service.stop());

const ask = (body?: object, { id } = contract, by: Pick<RenewingContract['csm'], 'post'> = contract.csm) =>
  by.post(`/v1/subscriptions/${id}/what-if`, body);

test('without a change, the answer shows the present figures', async () => {
  const { id, csm } = contract;
  const { status, body } = await ask();
  expect(status).toBe(200);
  expect(body).toMatchObject({
    package: 'basic',
    change: null,
    notice: null,
    balance: (await csm.get(`/v1/subscriptions/${id}/balance`)).body,
    deadline: { noticeDeadline: '2027-01-30', passesAt: '2027-01-30T15:00:00.000Z', timeZone: 'Asia/Tokyo' },
    renewal: {
      renewalState: 'open',
      renews: true,
      next: { package: 'basic', grantedMinutes: 5_760, startsOn: '2027-04-01', endsOn: '2028-03-31' },
    },
    expiry: { on: '2027-03-31', minutes: 5_760, seats: 0 },
  });
  const both = ['customer', 'csm'];
  expect(body.mails).toEqual([
    { kind: 'renewal-reminder-90', at: '2026-12-31T00:00:00.000Z', on: '2026-12-31', recipients: both },
    { kind: 'renewal-reminder-75', at: '2027-01-15T00:00:00.000Z', on: '2027-01-15', recipients: both },
    { kind: 'renewal-reminder-67', at: '2027-01-23T00:00:00.000Z', on: '2027-01-23', recipients: both },
    { kind: 'renewal-reminder-60', at: '2027-01-30T00:00:00.000Z', on: '2027-01-30', recipients: both },
    { kind: 'renewal-locked', at: '2027-01-31T00:00:00.000Z', on: '2027-01-31', recipients: both },
    { kind: 'term-renewed', at: '2027-04-01T00:00:00.000Z', on: '2027-04-01', recipients: both },
  ]);
  expect((await ask({})).body).toEqual(body);
});

test('an upgrade today grants what its own preview shows', async () => {
  const upgrade = { package: 'premier', on: '2026-10-01' };
  const { body } = await ask({ upgrade });
  const preview = await contract.csm.post(`/v1/subscriptions/${contract.id}/upgrade?dryRun=true`, {
    package: 'premier',
    effectiveOn: '2026-10-01',
  });
  expect(body).toMatchObject({ change: preview.body.change, balance: preview.body.balance });
  expect(body.balance).toMatchObject({ grantedMinutes: 8_633, onsite: { capMinutes: 2_158, maxVisits: 2 } });
  expect(body.renewal.next).toMatchObject({ package: 'premier', grantedMinutes: 11_520 });
  expect(body.expiry.minutes).toBe(8_633);
});

test('an upgrade on a later day counts its minutes, and leaves the plan of today as it is', async () => {
  const present = (await ask()).body;
  const { body } = await ask({ upgrade: { package: 'premier', on: '2027-01-01' } });
  // Basic for 275 days and Premier for 90: (5,760 × 275 + 11,520 × 90) ÷ 365, rounded up.
  expect(body.change).toMatchObject({ grantedBeforeMinutes: 5_760, grantedAfterMinutes: 7_181 });
  expect(body.balance).toMatchObject({ grantedMinutes: 7_181, pace: present.balance.pace });
});

test('a top-up today grants what its own preview shows', async () => {
  const { body } = await ask({ topUp: { minutes: 600, on: '2026-10-01' } });
  const asked = { kind: 'supplement', minutes: 600, effectiveOn: '2026-10-01', orderNumber: 'PO-7' };
  const preview = await contract.csm.post(`/v1/subscriptions/${contract.id}/top-ups?dryRun=true`, asked);
  expect(body).toMatchObject({ balance: preview.body.balance });
  expect(body).toMatchObject({ change: null, balance: { grantedMinutes: 6_360 }, expiry: { minutes: 6_360 } });
  // The next term grants the package alone.
  expect(body.renewal.next).toMatchObject({ package: 'basic', grantedMinutes: 5_760 });
});

test('minutes a month replace the recent use in the forecast', async () => {
  const { body } = await ask({ monthlyMinutes: 600 });
  // 7,200 minutes in 365 days, on the 181 days that are left: 3,570, so 2,190 of 5,760 expire.
  expect(body.balance.forecast).toEqual({
    exhaustedOn: null,
    expiringMinutes: 2_190,
    basis: { days: 365, minutes: 7_200 },
  });
  expect(body.expiry.minutes).toBe(2_190);
  const faster = (await ask({ monthlyMinutes: 1_200 })).body;
  expect(faster.balance.forecast).toMatchObject({ exhaustedOn: '2027-02-24', expiringMinutes: 0 });
  expect((await ask({ monthlyMinutes: 0 })).body.expiry.minutes).toBe(5_760);
});

test('a notice ends the subscription, and stops the reminders after it', async () => {
  const { body } = await ask({ noticeOn: '2027-01-15' });
  expect(body).toMatchObject({
    notice: { effective: true, reason: null },
    renewal: { renewalState: 'declined', renews: false, next: null },
  });
  expect(body.mails.map(({ kind, on }: { kind: string; on: string }) => `${on} ${kind}`)).toEqual([
    '2026-12-31 renewal-reminder-90',
    '2027-01-15 renewal-reminder-75',
    '2027-01-15 notice-recorded',
    '2027-04-01 term-ended',
  ]);
  const late = (await ask({ noticeOn: '2027-01-31' })).body;
  expect(late).toMatchObject({
    notice: { effective: false, reason: 'late' },
    renewal: { renewalState: 'locked', renews: true },
  });
});

test.each<[string, object, number, string]>([
  ['a downgrade', { upgrade: { package: 'basic', on: '2026-10-01' } }, 422, 'not-an-upgrade'],
  [
    'an upgrade after the term',
    { upgrade: { package: 'premier', on: '2027-04-01' } },
    422,
    'effective-on-out-of-range',
  ],
  [
    'an upgrade before the term',
    { upgrade: { package: 'premier', on: '2026-03-31' } },
    422,
    'effective-on-out-of-range',
  ],
  ['an upgrade before the package', { upgrade: { package: 'premier', on: '1990-01-01' } }, 422, 'package-not-offered'],
  ['a top-up of 0', { topUp: { minutes: 0, on: '2026-10-01' } }, 400, 'malformed-body'],
  ['a top-up of over ten packages', { topUp: { minutes: 57_601, on: '2026-10-01' } }, 422, 'top-up-too-large'],
  ['a top-up after the term', { topUp: { minutes: 60, on: '2027-04-01' } }, 422, 'effective-on-out-of-range'],
  ['a notice after the term', { noticeOn: '2027-04-01' }, 422, 'day-outside-term'],
  [
    'two wrong days',
    { upgrade: { package: 'premier', on: '2027-04-01' }, noticeOn: '2027-04-01' },
    422,
    'rules-violated',
  ],
  ['an unknown package', { upgrade: { package: 'gold', on: '2026-10-01' } }, 400, 'malformed-body'],
  ['an upgrade without a day', { upgrade: { package: 'premier' } }, 400, 'malformed-body'],
  ['negative minutes', { monthlyMinutes: -1 }, 400, 'malformed-body'],
  ['an unknown field', { noticeAt: '2026-10-01' }, 400, 'malformed-body'],
])('a question with %s is refused', async (_, question, status, code) => {
  const answer = await ask(question);
  expect([answer.status, answer.body.code]).toEqual([status, code]);
});

test('a second notice is refused, and a question about an ended or annulled subscription too', async () => {
  const [declined, mistaken] = await Promise.all(
    [1, 2].map(() => renewingContract(service, { startsOn: '2025-12-15' })),
  );
  const notice = { party: 'customer', signedBy: 'A. Aoi', channel: 'portal' };
  expect((await declined!.customer.post(`/v1/subscriptions/${declined!.id}/non-renewal-notices`, notice)).status).toBe(
    201,
  );
  const second = await ask({ noticeOn: '2026-10-02' }, declined, declined!.csm);
  expect([second.status, second.body.code]).toEqual([409, 'notice-already-given']);
  const stands = await ask({ upgrade: { package: 'premier', on: '2026-10-01' } }, declined, declined!.csm);
  expect(stands.body.renewal).toEqual({ renewalState: 'declined', renews: false, next: null });

  await mistaken!.admin.post(`/v1/subscriptions/${mistaken!.id}/annulment`, { reason: 'Twice' });
  const annulled = await ask({}, mistaken, mistaken!.csm);
  expect([annulled.status, annulled.body.code]).toEqual([409, 'subscription-annulled']);
  await advance(service, '2026-12-16T00:00:00Z');
  const ended = await ask({}, declined, declined!.csm);
  expect([ended.status, ended.body.code]).toEqual([409, 'subscription-ended']);
});

test('the CSM, finance and administrators may ask, another CSM and the customer not', async () => {
  const question = { noticeOn: '2027-01-15' };
  expect((await ask(question, contract, contract.admin)).status).toBe(200);
  expect((await ask(question, contract, await person(service, 'finance'))).status).toBe(200);
  expect((await ask(question, contract, await person(service, 'csm'))).status).toBe(404);
  expect((await ask(question, contract, contract.customer)).status).toBe(403);
});

test('nothing is written, not even the answer for an idempotency key', async () => {
  const counts = async (): Promise<unknown> =>
    service.database.read((tx) =>
      tx.query(
        `select (select revision from subscriptions where id = $1) as revision,
           (select count(*) from mails) as mails, (select count(*) from idempotency_keys) as keys,
           (select count(*) from ledger_entries) as entries, (select count(*) from non_renewal_notices) as notices`,
        [contract.id],
      ),
    );
  const before = await counts();
  const path = `/v1/subscriptions/${contract.id}/what-if`;
  for (const package_ of ['premier', 'enterprise']) {
    const body = { upgrade: { package: package_, on: '2026-12-20' }, noticeOn: '2026-12-25' };
    const { status } = await contract.csm.post(path, body, { 'idempotency-key': 'what-if' });
    expect(status).toBe(200);
  }
  expect(await counts()).toEqual(before);
});
