import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { api, type Answer, type Json } from '../support/client.js';
import { soldContract, type SoldContract } from '../support/contract.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let contract: SoldContract;

beforeAll(async () => {
  service = await startService({ clock: '2026-06-10T03:00:00Z' });
  contract = await assignedContract();
});
afterAll(() => service.stop());

async function assignedContract(): Promise<SoldContract> {
  const sold = await soldContract(service, { package: 'premier', startsOn: '2026-04-01' });
  const allocations = sold.consultantIds.map((consultantId) => ({
    consultantId,
    productLineId: sold.productLineIds[0],
    minutes: 0,
  }));
  const path = `/v1/subscriptions/${sold.id}/allocations`;
  expect((await sold.csm.put(path, { allocations }, { 'if-match': '"0"' })).status).toBe(200);
  return sold;
}

const work = (sold = contract) => ({
  minutes: 60,
  consultantId: sold.consultantIds[0],
  productLineId: sold.productLineIds[0],
  activity: 'health-check',
  delivery: 'remote',
  summary: 'Health check',
});

async function plannedSession(plannedOn = '2026-06-10', sold = contract): Promise<string> {
  const { status, body } = await sold.csm.post(`/v1/subscriptions/${sold.id}/planned-sessions`, {
    ...work(sold),
    plannedOn,
  });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body.id as string;
}

const log = (change: object, sold = contract, query = ''): Promise<Answer> =>
  sold.csm.post(`/v1/subscriptions/${sold.id}/time-entries${query}`, {
    ...work(sold),
    workDate: '2026-06-10',
    ...change,
  });

async function logged(change: object, sold = contract): Promise<Json> {
  const { status, body } = await log(change, sold);
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body.entry;
}

const session = async (id: string): Promise<Json> => (await contract.admin.get(`/v1/planned-sessions/${id}`)).body;
const entryOf = async (id: string): Promise<Json> => (await contract.admin.get(`/v1/time-entries/${id}`)).body;
const open = { status: 'open', fulfilledByEntryId: null };

test('an entry fulfils a session, and both name each other', async () => {
  const plannedSessionId = await plannedSession();
  const entry = await logged({ plannedSessionId, minutes: 75, consultantId: contract.consultantIds[1] });
  expect(entry.plannedSessionId).toBe(plannedSessionId);
  expect(await session(plannedSessionId)).toMatchObject({
    status: 'fulfilled',
    fulfilledByEntryId: entry.id,
    minutes: 60,
  });
  expect(await entryOf(entry.id)).toMatchObject({ plannedSessionId });
  const list = await contract.csm.get(`/v1/subscriptions/${contract.id}/time-entries?limit=200`);
  expect(list.body.data.find(({ id }: Json) => id === entry.id)).toMatchObject({ plannedSessionId });
  expect((await logged({})).plannedSessionId).toBeNull();
});

test('a fulfilled session cannot be changed, cancelled or fulfilled again', async () => {
  const plannedSessionId = await plannedSession();
  await logged({ plannedSessionId });
  const path = `/v1/planned-sessions/${plannedSessionId}`;
  const refused = { status: 409, body: { code: 'planned-session-fulfilled' } };
  expect(await log({ plannedSessionId })).toMatchObject(refused);
  expect(await contract.csm.patch(path, { minutes: 5 }, { 'if-match': '"1"' })).toMatchObject(refused);
  expect(await contract.csm.delete(path, { 'if-match': '"1"' })).toMatchObject(refused);
});

test('an entry is refused for a session that is cancelled, unknown, or of another subscription', async () => {
  const other = await assignedContract();
  const cancelled = await plannedSession();
  await contract.csm.delete(`/v1/planned-sessions/${cancelled}`, { 'if-match': '"1"' });
  const balance = async () => (await contract.csm.get(`/v1/subscriptions/${contract.id}/balance`)).body.usedMinutes;
  const before = await balance();
  expect(await log({ plannedSessionId: cancelled })).toMatchObject({
    status: 409,
    body: { code: 'planned-session-cancelled' },
  });
  for (const plannedSessionId of [randomUUID(), await plannedSession('2026-06-10', other)]) {
    expect(await log({ plannedSessionId })).toMatchObject({ status: 422, body: { code: 'planned-session-not-found' } });
  }
  const both = await log({ plannedSessionId: randomUUID(), workDate: '2026-06-11' });
  expect(both.body.violations.map(({ code }: Json) => code)).toEqual([
    'work-date-in-future',
    'planned-session-not-found',
  ]);
  expect((await log({ plannedSessionId: 'x' })).status).toBe(400);
  expect(await balance()).toBe(before);
});

test('a reversal opens the session again, and another entry can fulfil it', async () => {
  const plannedSessionId = await plannedSession();
  const entry = await logged({ plannedSessionId });
  const reversal = await contract.csm.post(`/v1/time-entries/${entry.id}/reversal`, { reason: 'Wrong day' });
  expect(reversal).toMatchObject({ status: 201, body: { reversed: { id: entry.id, plannedSessionId: null } } });
  expect(await session(plannedSessionId)).toMatchObject(open);
  expect(await entryOf(entry.id)).toMatchObject({ plannedSessionId: null });
  const next = await logged({ plannedSessionId });
  expect(await session(plannedSessionId)).toMatchObject({ fulfilledByEntryId: next.id });
});

test('a correction takes the session over, drops it with null, or names another one', async () => {
  const [first, second] = [await plannedSession(), await plannedSession()];
  const correct = async (id: string, change: object): Promise<Json> => {
    const body = { ...work(), workDate: '2026-06-10', reason: 'Corrected', ...change };
    const answer = await contract.csm.post(`/v1/time-entries/${id}/correction`, body);
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
    return answer.body.entry;
  };
  const kept = await correct((await logged({ plannedSessionId: first })).id, { minutes: 30 });
  expect(kept.plannedSessionId).toBe(first);
  expect(await session(first)).toMatchObject({ fulfilledByEntryId: kept.id });
  const moved = await correct(kept.id, { plannedSessionId: second });
  expect([await session(first), await session(second)]).toMatchObject([open, { fulfilledByEntryId: moved.id }]);
  const dropped = await correct(moved.id, { plannedSessionId: null });
  expect(dropped.plannedSessionId).toBeNull();
  expect([await session(first), await session(second)]).toMatchObject([open, open]);
});

test('of the rows of a batch, only the first fulfils a session; a refused atomic batch and a dry run fulfil none', async () => {
  const plannedSessionId = await plannedSession();
  const row = { ...work(), subscriptionId: contract.id, workDate: '2026-06-10', plannedSessionId };
  const atomic = await contract.csm.post('/v1/time-entries/batch', { atomic: true, entries: [row, row] });
  expect(atomic.status).toBe(422);
  expect((await log({ plannedSessionId }, contract, '?dryRun=true')).status).toBe(200);
  expect(await session(plannedSessionId)).toMatchObject(open);
  const { body } = await contract.csm.post('/v1/time-entries/batch', { atomic: false, entries: [row, row] });
  expect(body.results).toMatchObject([
    { status: 201, entry: { plannedSessionId } },
    { status: 409, problem: { code: 'planned-session-fulfilled' } },
  ]);
  expect(await session(plannedSessionId)).toMatchObject({ fulfilledByEntryId: body.results[0].entry.id });
});

test('of many entries at the same time, exactly one fulfils a session, also on two instances', async () => {
  const other = await startService({ databaseUrl: service.databaseUrl, clock: '2026-06-10T03:00:00Z' });
  try {
    const atOther = api(other.baseUrl, contract.csm.token);
    for (let round = 0; round < 5; round++) {
      const plannedSessionId = await plannedSession();
      const body = { ...work(), workDate: '2026-06-10', minutes: 1, plannedSessionId };
      const path = `/v1/subscriptions/${contract.id}/time-entries`;
      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, at) => (at % 2 ? contract.csm : atOther).post(path, body)),
      );
      const accepted = answers.filter(({ status }) => status === 201);
      expect(accepted).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 409)).toHaveLength(11);
      expect(await session(plannedSessionId)).toMatchObject({ fulfilledByEntryId: accepted[0]!.body.entry.id });
    }
  } finally {
    await other.stop();
  }
});

test('a cancellation and an entry at the same time leave the session either cancelled or fulfilled', async () => {
  for (let round = 0; round < 8; round++) {
    const plannedSessionId = await plannedSession();
    const cancel = () => contract.csm.delete(`/v1/planned-sessions/${plannedSessionId}`, { 'if-match': '"1"' });
    const book = () => log({ plannedSessionId, minutes: 1 });
    const [one, two] = await Promise.all(round % 2 ? [cancel(), book()] : [book(), cancel()]);
    const [cancelled, booked] = round % 2 ? [one, two] : [two, one];
    const { status } = await session(plannedSessionId);
    if (status === 'cancelled') expect([cancelled.status, booked.status]).toEqual([204, 409]);
    else expect([status, cancelled.status, booked.status]).toEqual(['fulfilled', 409, 201]);
  }
});

test('the database refuses to give a fulfilled session to another entry, or to one of another subscription', async () => {
  const plannedSessionId = await plannedSession();
  const entry = await logged({ plannedSessionId });
  const another = await logged({});
  const elsewhere = await assignedContract();
  const foreign = await logged({}, elsewhere);
  const free = await plannedSession();
  const client = new Client({ connectionString: service.databaseUrl });
  await client.connect();
  try {
    const fulfil = (id: string, by: string | null) =>
      client.query('update planned_sessions set fulfilled_by_entry_id = $2 where id = $1', [id, by]);
    await expect(fulfil(plannedSessionId, another.id)).rejects.toThrow('is fulfilled by entry');
    await expect(fulfil(plannedSessionId, null)).rejects.toThrow('is fulfilled by entry');
    await expect(fulfil(free, foreign.id)).rejects.toThrow('cannot fulfil');
    await expect(fulfil(free, entry.id)).rejects.toThrow('planned_sessions_one_per_entry');
    await expect(client.query('delete from planned_sessions')).rejects.toThrow();
  } finally {
    await client.end();
  }
});

test('a session is overdue after three days, and can still be fulfilled, moved or cancelled', async () => {
  const other = await assignedContract();
  const ids = [];
  for (let at = 0; at < 3; at++) ids.push(await plannedSession('2026-06-10', other));
  const statuses = async () => {
    const list = await other.csm.get(`/v1/subscriptions/${other.id}/planned-sessions?status=overdue`);
    return list.body.data.length as number;
  };
  await service.clock.advanceTo(new Date('2026-06-13T14:59:00Z'));
  expect(await statuses()).toBe(0);
  await service.clock.advanceTo(new Date('2026-06-13T15:00:00Z'));
  expect(await statuses()).toBe(3);
  expect(await session(ids[0]!)).toMatchObject({ status: 'overdue' });
  await logged({ plannedSessionId: ids[0] }, other);
  const etag = { 'if-match': '"1"' };
  const moved = await other.csm.patch(`/v1/planned-sessions/${ids[1]}`, { plannedOn: '2026-06-20' }, etag);
  expect(moved).toMatchObject({ status: 200, body: { status: 'open' } });
  expect((await other.csm.delete(`/v1/planned-sessions/${ids[2]}`, etag)).status).toBe(204);
  expect(await statuses()).toBe(0);
});

test('an annulment cancels the open sessions, and the lists leave them out', async () => {
  const other = await assignedContract();
  const id = await plannedSession('2026-07-10', other);
  const annulled = await other.admin.post(`/v1/subscriptions/${other.id}/annulment`, { reason: 'Entered twice' });
  expect(annulled.status).toBeLessThan(300);
  expect(await session(id)).toMatchObject({ status: 'cancelled' });
  const { body } = await other.csm.get('/v1/planned-sessions');
  expect(body.data).toEqual([]);
  expect((await other.customer.get(`/v1/planned-sessions/${id}`)).status).toBe(404);
});

test('the preview of a closing lists the sessions of the month that have no entry', async () => {
  const other = await assignedContract();
  const days = ['2026-07-20', '2026-07-10', '2026-07-15', '2026-08-01'];
  const ids: string[] = [];
  for (const day of days) ids.push(await plannedSession(day, other));
  await logged({ plannedSessionId: ids[1] }, other);
  await service.clock.advanceTo(new Date('2026-08-02T00:00:00Z'));
  const { status, body } = await contract.admin.post('/v1/periods/2026-07/close?dryRun=true');
  expect(status).toBe(200);
  const found = body.plannedSessionsWithoutEntry.filter(({ subscriptionId }: Json) => subscriptionId === other.id);
  expect(found.map(({ plannedSessionId }: Json) => plannedSessionId)).toEqual([ids[2], ids[0]]);
  expect(found[0]).toMatchObject({
    month: '2026-07',
    plannedOn: '2026-07-15',
    minutes: 60,
    customerId: other.customerId,
    csmId: other.csm.id,
  });
  expect(body.plannedSessionsWithoutEntryCount).toBe(body.plannedSessionsWithoutEntry.length);
});
