import { person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';
import { renewingContract, type RenewingContract } from '../support/renewal.js';

let service: TestService;
let contract: RenewingContract;

beforeAll(async () => {
  service = await startService({ clock: '2026-06-01T00:00:00Z' });
});
beforeEach(async () => {
  contract = await renewingContract(service, { startsOn: '2026-04-01' });
});
afterAll(() => service.stop());

const path = () => `/v1/subscriptions/${contract.id}/non-renewal-notices`;
const notice = { party: 'customer', signedBy: '山田 太郎', channel: 'portal' };

test('the service stores a notice with its evidence, and the database refuses to change or delete it', async () => {
  const documentSha256 = 'A0'.repeat(32);
  const request = {
    ...notice,
    sentAt: '2026-05-30T10:00:00+09:00',
    receivedAt: '2026-05-31T01:00:00Z',
    note: '内容証明',
    documentSha256,
  };
  const given = await contract.csm.post(path(), request);
  expect([given.status, given.body]).toEqual([
    201,
    {
      id: expect.any(String) as string,
      recordedBy: contract.csm.id,
      givenByContact: null,
      subscriptionId: contract.id,
      termId: expect.any(String) as string,
      ...notice,
      sentAt: '2026-05-30T01:00:00.000Z',
      receivedAt: '2026-05-31T01:00:00.000Z',
      recordedAt: '2026-06-01T00:00:00.000Z',
      note: '内容証明',
      documentSha256: documentSha256.toLowerCase(),
      deadlineAt: '2027-01-30T15:00:00.000Z',
      effective: true,
      withdrawal: null,
      waiver: null,
      noticeDeadline: '2027-01-30',
      renewalState: 'declined',
    },
  ]);
  expect((await contract.customer.get(path())).body).toEqual({ data: [given.body], nextCursor: null });
  await expect(
    service.database.write((tx) =>
      tx.query(`update non_renewal_notices set signed_by = 'x' where id = $1`, [given.body.id]),
    ),
  ).rejects.toMatchObject({ constraint: 'non_renewal_notices_append_only' });
  await expect(
    service.database.write((tx) => tx.query('delete from non_renewal_notices where id = $1', [given.body.id])),
  ).rejects.toMatchObject({ code: '23000' });
});

test('the database refuses a second standing notice of the same party', async () => {
  const { id } = (await contract.customer.post(path(), notice)).body;
  await expect(
    service.database.write((tx) =>
      tx.query(
        `insert into non_renewal_notices (id, subscription_id, term_id, party, signed_by, channel, received_at, recorded_at, recorded_by, deadline_at, effective)
         select gen_random_uuid(), subscription_id, term_id, party, signed_by, channel, received_at, recorded_at, recorded_by, deadline_at, effective
         from non_renewal_notices where id = $1`,
        [id],
      ),
    ),
  ).rejects.toMatchObject({ constraint: 'non_renewal_notices_one_standing_per_party' });
});

test('of several equal notices sent at once, one is stored; a repeated idempotency key gets the first answer', async () => {
  const answers = await Promise.all(Array.from({ length: 6 }, () => contract.customer.post(path(), notice)));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
  const repeated = { 'idempotency-key': 'once' };
  const other = await renewingContract(service, { startsOn: '2026-04-01' });
  const first = await other.customer.post(`/v1/subscriptions/${other.id}/non-renewal-notices`, notice, repeated);
  const again = await other.customer.post(`/v1/subscriptions/${other.id}/non-renewal-notices`, notice, repeated);
  expect([again.status, again.body]).toEqual([201, first.body]);
});

test('a customer can neither give nor withdraw a notice of the provider, nor choose when its own was received', async () => {
  const forProvider = await contract.customer.post(path(), { ...notice, party: 'provider' });
  expect([forProvider.status, forProvider.body.code]).toEqual([403, 'notice-not-own']);
  const dated = await contract.customer.post(path(), { ...notice, receivedAt: '2026-05-01T00:00:00Z' });
  expect([dated.status, dated.body.code]).toEqual([403, 'field-for-staff-only']);
  const { id } = (await contract.csm.post(path(), { ...notice, party: 'provider' })).body;
  const withdrawn = await contract.customer.post(`/v1/non-renewal-notices/${id}/withdrawal`, {
    signedBy: 'x',
    reason: 'y',
  });
  expect([withdrawn.status, withdrawn.body.code]).toEqual([403, 'notice-not-own']);
});

test('a stranger gets 404 for the notices of a subscription; finance may read them, but gets 403 for giving one', async () => {
  const stranger = await renewingContract(service, { startsOn: '2026-04-01' });
  const finance = await person(service, 'finance');
  expect((await stranger.csm.post(path(), notice)).status).toBe(404);
  expect((await stranger.customer.get(path())).status).toBe(404);
  expect((await finance.post(path(), notice)).status).toBe(403);
  const { id } = (await contract.customer.post(path(), notice)).body;
  const withdrawal = { signedBy: 'x', reason: 'y' };
  expect((await stranger.customer.post(`/v1/non-renewal-notices/${id}/withdrawal`, withdrawal)).status).toBe(404);
  expect((await finance.get(path())).body.data).toHaveLength(1);
});

test.each([
  ['received in the future', { receivedAt: '2026-06-01T00:00:01Z' }, 422, 'receipt-in-future'],
  ['received before the purchase', { receivedAt: '1950-01-01T00:00:00Z' }, 422, 'notice-before-contract'],
  ['sent before the purchase', { sentAt: '1950-01-01T00:00:00Z' }, 422, 'notice-before-contract'],
  [
    'sent after it was received',
    { sentAt: '2026-05-31T00:00:01Z', receivedAt: '2026-05-31T00:00:00Z' },
    422,
    'sent-after-receipt',
  ],
])('refuses a notice %s', async (_, times, status, code) => {
  const refused = await contract.csm.post(path(), { ...notice, ...times });
  expect([refused.status, refused.body.code]).toEqual([status, code]);
  expect((await contract.csm.get(path())).body.data).toEqual([]);
});

test.each([
  ['an unknown party', { party: 'both' }, '/party'],
  ['a blank signature', { signedBy: ' ' }, '/signedBy'],
  ['an unknown channel', { channel: 'fax' }, '/channel'],
  ['a day where an instant is required', { receivedAt: '2026-05-01' }, '/receivedAt'],
  ['half a hash', { documentSha256: 'a0'.repeat(16) }, '/documentSha256'],
  ['a note of a megabyte', { note: 'x'.repeat(1_000_000) }, '/note'],
  ['an unknown field', { effective: true }, '/effective'],
])('refuses a notice with %s as malformed', async (_, wrong, pointer) => {
  const answer = await contract.csm.post(path(), { ...notice, ...wrong });
  expect(answer.status).toBe(400);
  expect(answer.body.errors[0].pointer).toBe(pointer);
});

test('lists coming renewals by their notice deadline, with the minutes and seats that would expire', async () => {
  await contract.csm.post(`/v1/subscriptions/${contract.id}/seats`, {
    learnerName: 'Hana',
    learnerEmail: 'hana@aoi.example',
  });
  const query = '/v1/renewals?from=2027-01-30&to=2027-01-30';
  const { data, nextCursor } = (await contract.csm.get(query)).body;
  expect(nextCursor).toBeNull();
  expect(data).toMatchObject([
    {
      subscriptionId: contract.id,
      customerId: contract.customerId,
      package: 'basic',
      nextPackage: null,
      renewsAs: { package: 'basic', grantedMinutes: 5760, startsOn: '2027-04-01', endsOn: '2028-03-31' },
      endsOn: '2027-03-31',
      noticeDeadline: '2027-01-30',
      renewalState: 'open',
      remainingMinutes: 5760,
      seatsInUse: 1,
    },
  ]);
  await contract.csm.post(path(), notice);
  expect((await contract.csm.get(query)).body.data).toMatchObject([{ renewalState: 'declined', renewsAs: null }]);
  expect((await contract.csm.get('/v1/renewals?from=2027-01-31')).body.data).toEqual([]);
  expect((await contract.customer.get(query)).status).toBe(403);

  const all = (await contract.admin.get(query)).body.data as { termId: string }[];
  const paged: string[] = [];
  let cursor: string | null = null;
  do {
    const answer = await contract.admin.get(`${query}&limit=2${cursor === null ? '' : `&cursor=${cursor}`}`);
    paged.push(...(answer.body.data as { termId: string }[]).map(({ termId }) => termId));
    cursor = answer.body.nextCursor as string | null;
  } while (cursor);
  expect(paged).toEqual(all.map(({ termId }) => termId));
});
