import type { AttentionCode } from '../../src/domain/attention.js';
import { AttentionService } from '../../src/features/attention/attention.service.js';
import type { Api, Json } from '../support/client.js';
import { contractToBookOn, logOn } from '../support/booking.js';
import { soldContract, type SoldContract } from '../support/contract.js';
import { person } from '../support/people.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;

beforeAll(async () => {
  service = await startService({ clock: '2026-04-10T03:00:00Z' });
});
afterAll(() => service.stop());

const sql = <Row = Json>(statement: string, values: unknown[] = []): Promise<Row[]> =>
  service.database.write((tx) => tx.query<Row>(statement, values));

/** The rows of all pages. */
async function listed(who: Api, query = '', limit = 200): Promise<Json[]> {
  const rows: Json[] = [];
  let cursor = '';
  for (;;) {
    const { status, body } = await who.get(`/v1/attention?limit=${limit}${query}${cursor}`);
    expect(status).toBe(200);
    rows.push(...(body.data as Json[]));
    if (body.nextCursor === null) return rows;
    cursor = `&cursor=${body.nextCursor as string}`;
  }
}

const codesOf = ({ reasons }: Json): AttentionCode[] => (reasons as { code: AttentionCode }[]).map(({ code }) => code);

async function setRenewalContact({ csm, customerId }: SoldContract): Promise<void> {
  const { headers } = await csm.get(`/v1/customers/${customerId}`);
  const contacts = [{ name: 'Sato Hanako', email: 'sato@customer.example', roles: ['renewal'] }];
  const { status } = await csm.patch(`/v1/customers/${customerId}`, { contacts }, { 'if-match': headers.get('etag')! });
  expect(status).toBe(200);
}

test('a subscription without allocations says so, in both languages', async () => {
  const contract = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  const { status, body } = await contract.csm.get(`/v1/subscriptions/${contract.id}/attention`);
  expect(status).toBe(200);
  const { balance } = (await contract.csm.get(`/v1/subscriptions/${contract.id}`)).body;
  expect(body).toEqual({
    subscriptionId: contract.id,
    customerId: contract.customerId,
    customer: expect.stringMatching(/^Customer \d+$/) as string,
    csmId: contract.csm.id,
    contractNumber: null,
    package: 'premier',
    reasons: [
      {
        code: 'allocation-missing',
        since: '2026-04-01',
        detail: 'The term has no allocation, so nobody can log time.',
        figures: { allocations: 0, productLineIds: [], productLines: 0 },
      },
    ],
    // 21 days after the day of entry, 2026-04-10.
    nextChangeOn: '2026-05-01',
    balance,
    pace: balance.pace,
    deadline: '2027-01-30',
  });
  const japanese = await contract.csm.get(`/v1/subscriptions/${contract.id}/attention`, { 'accept-language': 'ja' });
  expect(japanese.body.reasons[0].detail).toBe('時間配分が設定されていないため、作業を記録できません。');
});

test('the list shows the gravest first, page by page, and only the visible ones with reasons', async () => {
  const quiet = await contractToBookOn(service, { productLines: 1 });
  const unallocated = await soldContract(service, { package: 'basic', startsOn: '2026-04-02' });
  const other = await soldContract(service, { package: 'basic', startsOn: '2026-04-03' });
  // The notice deadline is 2026-05-01, and the renewal is open.
  const near = await soldContract(service, { package: 'basic', startsOn: '2025-07-01' });
  const { admin } = near;
  const finance = await person(service, 'finance');
  for (const reader of [admin, finance]) {
    const all = await listed(reader);
    const ids = all.map(({ subscriptionId }) => subscriptionId as string);
    expect(ids).toEqual(expect.arrayContaining([near.id, unallocated.id, other.id]));
    expect(ids).not.toContain(quiet.id);
    expect(ids.indexOf(near.id)).toBeLessThan(ids.indexOf(unallocated.id));
    // The same reason: by notice deadline.
    expect(ids.indexOf(unallocated.id)).toBeLessThan(ids.indexOf(other.id));
    expect(await listed(reader, '', 1)).toEqual(all);
  }
  expect((await listed(unallocated.csm)).map((row) => [row.subscriptionId, codesOf(row)])).toEqual([
    [unallocated.id, ['allocation-missing']],
  ]);
  expect(await listed(quiet.csm)).toEqual([]);
  const ofCustomer = await listed(admin, `&customerId=${other.customerId}`);
  expect(ofCustomer.map(({ subscriptionId }) => subscriptionId)).toEqual([other.id]);
  expect((await listed(admin, `&csmId=${near.csm.id}`)).map(({ subscriptionId }) => subscriptionId)).toEqual([near.id]);
  const byReason = await listed(admin, '&reason=notice-deadline-near');
  expect(byReason.map(({ subscriptionId }) => subscriptionId)).toEqual([near.id]);
});

test('who may read it: not customers, and no other CSM', async () => {
  const contract = await soldContract(service, { package: 'basic', startsOn: '2026-04-01' });
  const path = `/v1/subscriptions/${contract.id}/attention`;
  const stranger = await person(service, 'csm');
  expect((await contract.customer.get('/v1/attention')).status).toBe(403);
  expect((await contract.customer.get(path)).status).toBe(403);
  expect((await stranger.get(path)).status).toBe(404);
  expect(await listed(stranger)).toEqual([]);
  expect(await listed(stranger, `&csmId=${contract.csm.id}`)).toEqual([]);
});

test('a wrong query is refused', async () => {
  const { admin, csm } = await soldContract(service, { package: 'basic', startsOn: '2026-04-01' });
  await soldContract(service, { package: 'basic', startsOn: '2026-04-01' });
  for (const query of ['reason=boredom', 'csmId=me', 'limit=0', 'cursor=x', 'from=2026-04-01']) {
    expect((await admin.get(`/v1/attention?${query}`)).status).toBe(400);
  }
  const { nextCursor } = (await admin.get('/v1/attention?limit=1')).body;
  expect((await admin.get(`/v1/attention?limit=1&cursor=${nextCursor}`)).status).toBe(200);
  const otherFilter = await admin.get(`/v1/attention?limit=1&csmId=${csm.id}&cursor=${nextCursor}`);
  expect([otherFilter.status, otherFilter.body.code]).toEqual([400, 'invalid-cursor']);
});

test('an annulled contract needs no attention', async () => {
  const contract = await soldContract(service, { package: 'basic', startsOn: '2026-04-01' });
  expect(await listed(contract.csm)).toHaveLength(1);
  await contract.admin.post(`/v1/subscriptions/${contract.id}/annulment`, { reason: 'Entered twice' });
  expect(await listed(contract.csm)).toEqual([]);
  const { body } = await contract.csm.get(`/v1/subscriptions/${contract.id}/attention`);
  expect(body).toMatchObject({ reasons: [], nextChangeOn: null });
});

describe('a stored state', () => {
  let contract: SoldContract;

  beforeEach(async () => {
    contract = await contractToBookOn(service, { productLines: 1, startsOn: '2025-07-01' });
    await setRenewalContact(contract);
    await listed(contract.admin);
    await service.app.get(AttentionService).allStored();
  });

  /** A stored state that no facts can give. */
  const falsify = () =>
    sql(`update attention_states set codes = '{locked-downgrade}', gravity = 13 where subscription_id = $1`, [
      contract.id,
    ]);
  const isFalse = async () =>
    (await listed(contract.csm, '&reason=locked-downgrade')).some(
      ({ subscriptionId }) => subscriptionId === contract.id,
    );

  const patch = async (path: string, change: object): Promise<number> => {
    const { headers } = await contract.csm.get(path);
    return (await contract.csm.patch(path, change, { 'if-match': headers.get('etag')! })).status;
  };

  const changes: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['time is logged', () => logOn(contract, '2026-04-09')],
    [
      'an entry is reversed',
      async () => {
        const { body } = await logOn(contract, '2026-04-09');
        await listed(contract.csm);
        await service.app.get(AttentionService).allStored();
        await falsify();
        return contract.csm.post(`/v1/time-entries/${body.entry.id}/reversal`, { reason: 'Wrong customer' });
      },
    ],
    [
      'a notice is recorded',
      () =>
        contract.csm.post(`/v1/subscriptions/${contract.id}/non-renewal-notices`, {
          party: 'customer',
          signedBy: 'A',
          channel: 'letter',
          receivedAt: '2026-04-10T02:00:00Z',
        }),
    ],
    ['the contacts change', () => patch(`/v1/customers/${contract.customerId}`, { contacts: [] })],
    ['the zone changes', () => patch(`/v1/customers/${contract.customerId}`, { timeZone: 'America/Los_Angeles' })],
    [
      'a visit is planned',
      () =>
        contract.csm.post(`/v1/subscriptions/${contract.id}/visits`, {
          startsOn: '2026-04-20',
          endsOn: '2026-04-21',
          place: 'Osaka',
          consultantIds: [contract.consultantIds[0]],
        }),
    ],
    [
      'a seat is assigned',
      () =>
        contract.csm.post(`/v1/subscriptions/${contract.id}/seats`, {
          learnerName: 'Mori',
          learnerEmail: 'mori@customer.example',
        }),
    ],
    [
      'a package is bought',
      () => contract.csm.post(`/v1/subscriptions/${contract.id}/upgrade`, { package: 'enterprise' }),
    ],
    [
      'a reminder fails for good',
      () =>
        sql(
          `insert into mails (id, kind, subscription_id, term_id, recipient_role, recipient_name, recipient_address, locale,
             message_id, queued_at, status, last_error, given_up_because)
           select gen_random_uuid(), 'renewal-reminder-90', s.id, s.current_term_id, 'customer', 'A', 'a@customer.example', 'ja',
             gen_random_uuid()::text, '2026-04-05T00:00:00Z', 'failed', '550', 'Refused'
           from subscriptions s where s.id = $1`,
          [contract.id],
        ),
    ],
    [
      'a session is planned',
      () =>
        contract.csm.post(`/v1/subscriptions/${contract.id}/planned-sessions`, {
          plannedOn: '2026-04-20',
          minutes: 60,
          consultantId: contract.consultantIds[0],
          productLineId: contract.productLineIds[0],
          activity: 'health-check',
          delivery: 'remote',
          summary: 'Health check',
        }),
    ],
    ['finance closes a month', () => contract.admin.post('/v1/periods/2026-03/close', {})],
    ['an administrator reopens it', () => contract.admin.post('/v1/periods/2026-03/reopen', { reason: 'Late work' })],
  ];

  it.each(changes)('is shown while nothing has changed, and not after: %s', async (_, change) => {
    await falsify();
    expect(await isFalse()).toBe(true);
    await change();
    expect(await isFalse()).toBe(false);
    const { body } = await contract.csm.get(`/v1/subscriptions/${contract.id}/attention`);
    expect(await listed(contract.csm)).toEqual(body.reasons.length === 0 ? [] : [body]);
  });

  it('is not shown after the day on which time alone changes it', async () => {
    await falsify();
    const { nextChangeOn } = (await contract.csm.get(`/v1/subscriptions/${contract.id}/attention`)).body;
    await service.clock.advanceTo(new Date(Date.parse(`${nextChangeOn as string}T00:00:00+09:00`) - 1));
    expect(await isFalse()).toBe(true);
    await service.clock.advanceTo(new Date(`${nextChangeOn as string}T00:00:00+09:00`));
    expect(await isFalse()).toBe(false);
  });

  it('of another release is not shown', async () => {
    await falsify();
    await sql(`update attention_states set computed_by = 'earlier' where subscription_id = $1`, [contract.id]);
    expect(await isFalse()).toBe(false);
  });

  it('of a newer snapshot is not replaced by an older one, and is not shown before its facts', async () => {
    await falsify();
    await sql('update attention_states set revision = revision + 1 where subscription_id = $1', [contract.id]);
    expect(await isFalse()).toBe(false);
    await service.app.get(AttentionService).allStored();
    const [state] = await sql('select codes from attention_states where subscription_id = $1', [contract.id]);
    expect(state).toEqual({ codes: ['locked-downgrade'] });
    await sql('delete from attention_states where subscription_id = $1', [contract.id]);
  });
});

/** A row that is written again has another `xmin`. */
const storedStates = () => sql('select a.*, a.xmin::text from attention_states a order by subscription_id');

test('after the job, a list finds nothing to compute', async () => {
  const { admin } = await soldContract(service, { package: 'basic', startsOn: '2025-07-01' });
  const before = await listed(admin);
  await service.app.get(AttentionService).allStored();
  await sql(`update attention_states set computed_by = 'earlier'`);
  await sql('delete from attention_states where gravity > 3');
  const { body } = await admin.post('/v1/jobs/housekeeping/run');
  expect(body).toMatchObject({ outcome: 'succeeded' });
  expect(body.counts.attentions).toBeGreaterThanOrEqual(before.length);
  const afterJob = await storedStates();
  expect(await listed(admin)).toEqual(before);
  await service.app.get(AttentionService).allStored();
  expect(await storedStates()).toEqual(afterJob);
  expect((await admin.post('/v1/jobs/housekeeping/run')).body.counts).toMatchObject({ attentions: 0 });
});

test('lists and jobs at the same time compute the same reasons', async () => {
  const { admin } = await soldContract(service, { package: 'basic', startsOn: '2025-07-01' });
  await sql('delete from attention_states');
  const attentions = service.app.get(AttentionService);
  const [one, other, , another] = await Promise.all([
    listed(admin),
    listed(admin),
    attentions.refresh(),
    listed(admin),
    attentions.refresh(),
  ]);
  expect(other).toEqual(one);
  expect(another).toEqual(one);
  await attentions.allStored();
  expect(await listed(admin)).toEqual(one);
});

test('the plan behind a reason is the plan of the term, also after an upgrade and a top-up', async () => {
  const contracts = await Promise.all(
    [1, 2, 3].map(() => contractToBookOn(service, { productLines: 1, startsOn: '2025-07-01' })),
  );
  const [, upgraded, toppedUp] = contracts;
  await upgraded!.csm.post(`/v1/subscriptions/${upgraded!.id}/upgrade`, { package: 'enterprise' });
  const topUp = await toppedUp!.csm.post(`/v1/subscriptions/${toppedUp!.id}/top-ups`, {
    kind: 'supplement',
    minutes: 600,
    orderNumber: 'PO-1',
  });
  expect(topUp.status).toBe(201);
  // A contract that is taken over is judged from the day after its entry.
  await service.clock.advanceTo(new Date(service.clock.now().getTime() + 2 * 86_400_000));
  for (const { csm, id } of contracts) {
    const { reasons, pace } = (await csm.get(`/v1/subscriptions/${id}/attention`)).body;
    const behind = (reasons as { code: AttentionCode; figures: Json }[]).find(({ code }) => code === 'behind-plan');
    expect(behind?.figures['plannedMinutes']).toBe(pace.plannedMinutes);
  }
});

test('a reversal in a closed term drops a stored state, also after late entries are over', async () => {
  await service.clock.advanceTo(new Date('2026-07-10T03:00:00Z'));
  const contract = await contractToBookOn(service, { productLines: 1, startsOn: '2025-08-16' });
  await service.clock.advanceTo(new Date('2026-08-14T03:00:00Z'));
  const { body } = await logOn(contract, '2026-08-13');
  await service.clock.advanceTo(new Date('2026-09-03T03:00:00Z'));
  expect((await contract.admin.post('/v1/jobs/term-roll-over/run')).status).toBe(200);
  // Which subscriptions are found with a reason depends on the stored states alone.
  const isFound = async () =>
    (await listed(contract.csm, '&reason=month-closing-unlogged')).some(
      ({ subscriptionId }) => subscriptionId === contract.id,
    );
  expect(await isFound()).toBe(false);
  await service.app.get(AttentionService).allStored();
  const reversed = await contract.csm.post(`/v1/time-entries/${body.entry.id}/reversal`, { reason: 'Wrong customer' });
  expect(reversed.status).toBe(201);
  expect(await isFound()).toBe(true);
});
