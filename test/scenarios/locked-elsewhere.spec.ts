import { Client } from 'pg';
import { idempotencyScope } from '../../src/platform/idempotency.js';
import { api, type Answer } from '../support/client.js';
import { contractToBookOn, entryOf, fileOf, logOn } from '../support/booking.js';
import type { SoldContract } from '../support/contract.js';
import { PipelinedConnection } from '../support/pipelined-connection.js';
import { startService, type TestService } from '../support/service.js';

const startOfTests = '2026-07-10T03:00:00Z';
const today = '2026-07-10';
let service: TestService;
/** The connection whose transaction holds the locks. */
let holder: Client;
/** A connection without a transaction: within one, `pg_stat_activity` stays as it was at the first query. */
let watcher: Client;

async function connected(): Promise<Client> {
  const client = new Client({ connectionString: service.databaseUrl });
  await client.connect();
  return client;
}

beforeAll(async () => {
  service = await startService({ clock: startOfTests });
  watcher = await connected();
});
afterAll(async () => {
  await watcher.end();
  await service.stop();
});

beforeEach(async () => {
  holder = await connected();
  await holder.query('begin');
});
afterEach(() => holder.end());

/** An answer, and whether it has arrived. */
function watched(answer: Promise<Answer>) {
  const watch = { answer, hasArrived: false };
  answer.then(
    () => (watch.hasArrived = true),
    () => (watch.hasArrived = true),
  );
  return watch;
}

const lockSubscription = (sold: SoldContract): Promise<unknown> =>
  holder.query('select from subscriptions where id = $1 for update', [sold.id]);

/** Waits until this many sessions of the service wait for a lock. */
async function sessionsWaiting(count: number): Promise<void> {
  for (;;) {
    const { rows } = await watcher.query<{ count: string }>(
      `select count(*) from pg_stat_activity
       where datname = current_database() and application_name = 'trm-service' and wait_event_type = 'Lock'`,
    );
    if (Number(rows[0]!.count) >= count) return;
  }
}

const statuses = (answers: readonly Answer[]): number[] => answers.map(({ status }) => status);

const expectBusy = ({ status, body, headers }: Answer, code = 'subscription-busy'): void =>
  expect([status, body.code, headers.get('retry-after')]).toEqual([503, code, '1']);

async function expectConsistent(sold: SoldContract): Promise<void> {
  expect((await sold.csm.post(`/v1/subscriptions/${sold.id}/verify`)).body).toEqual({
    consistent: true,
    differences: [],
  });
}

describe('a booking that needs a lock of another transaction', () => {
  it('waits without delaying other bookings, and is booked when the lock is free', async () => {
    const [stuck, free] = [await contractToBookOn(service), await contractToBookOn(service)];
    await lockSubscription(stuck);
    const waiting = watched(logOn(stuck, today));
    await sessionsWaiting(1);
    expect(statuses(await Promise.all(Array.from({ length: 20 }, () => logOn(free, today))))).toEqual(
      Array(20).fill(201),
    );
    expect(waiting.hasArrived).toBe(false);
    await holder.query('rollback');
    expect((await waiting.answer).status).toBe(201);
    await expectConsistent(stuck);
    await expectConsistent(free);
  });

  it('is refused with 503 after a while, and books nothing', async () => {
    const stuck = await contractToBookOn(service);
    await lockSubscription(stuck);
    const answers = await Promise.all(Array.from({ length: 10 }, () => logOn(stuck, today)));
    answers.forEach((answer) => expectBusy(answer));
    await holder.query('rollback');
    expect((await logOn(stuck, today)).body.balance.usedMinutes).toBe(1);
    await expectConsistent(stuck);
  });

  it('delays later bookings of the same user on its other subscriptions, to keep their order, but not those of other users', async () => {
    const [stuck, other] = [await contractToBookOn(service), await contractToBookOn(service)];
    const admin = api(service.baseUrl, service.adminToken);
    const batch = [stuck, other].map((sold) => ({ subscriptionId: sold.id, ...entryOf(sold, today) }));
    await lockSubscription(stuck);
    const first = watched(admin.post('/v1/time-entries/batch', { atomic: true, entries: batch }));
    await sessionsWaiting(1);
    const second = watched(admin.post(`/v1/subscriptions/${other.id}/time-entries`, entryOf(other, today)));
    // Another user does not wait.
    expect((await logOn(other, today)).body.balance.usedMinutes).toBe(1);
    expect([first.hasArrived, second.hasArrived]).toEqual([false, false]);
    await holder.query('rollback');
    expect([(await first.answer).status, (await second.answer).body.balance.usedMinutes]).toEqual([200, 3]);
  });

  it('stays before the next booking of its user also if others wait already for what that one needs', async () => {
    const contracts = [
      await contractToBookOn(service),
      await contractToBookOn(service),
      await contractToBookOn(service),
    ];
    // The batch locks subscriptions in the order of their ids, so it waits for the first and does not hold the second.
    const [longer, stuck, free] = contracts as [SoldContract, SoldContract, SoldContract];
    const another = await connected();
    await another.query('begin');
    await another.query('select from subscriptions where id = $1 for update', [longer.id]);
    await lockSubscription(stuck);
    const ofOthers = watched(logOn(stuck, today));
    await sessionsWaiting(1);
    const connection = (await PipelinedConnection.open(service.baseUrl, service.adminToken))!;
    const post = (path: string, body: object) => connection.send('POST', `/v1/${path}`, body);
    const rows = [longer, stuck].map((sold) => ({ subscriptionId: sold.id, ...entryOf(sold, today) }));
    const first = post('time-entries/batch', { atomic: true, entries: rows });
    await sessionsWaiting(2);
    const second = post(`subscriptions/${stuck.id}/time-entries`, entryOf(stuck, today));
    void post(`subscriptions/${free.id}/time-entries`, entryOf(free, today));
    // The booking on the free subscription was sent last, so the queue has taken all three.
    while ((await free.csm.get(`/v1/subscriptions/${free.id}/balance`)).body.usedMinutes === 0);
    await holder.query('rollback');
    expect((await ofOthers.answer).body.balance.usedMinutes).toBe(1);
    await another.end();
    expect((await first)!.status).toBe(200);
    expect((await second)!.body).toMatchObject({ balance: { usedMinutes: 3 } });
    connection.end();
  });

  it('waits in the same way for the lock of a consultant’s day', async () => {
    const [one, other] = [await contractToBookOn(service), await contractToBookOn(service)];
    await holder.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`${one.consultantIds[0]} ${today}`]);
    const waiting = watched(logOn(one, today));
    await sessionsWaiting(1);
    expect((await logOn(other, today)).status).toBe(201);
    expect(waiting.hasArrived).toBe(false);
    await holder.query('rollback');
    expect((await waiting.answer).status).toBe(201);
    await expectConsistent(one);
  });

  it('waits while a month is being closed, and while another transaction locks a balance', async () => {
    const [one, other] = [await contractToBookOn(service), await contractToBookOn(service)];
    await holder.query(
      'select from balances where term_id in (select id from terms where subscription_id = $1) for update',
      [one.id],
    );
    const waiting = watched(logOn(one, today));
    await sessionsWaiting(1);
    expect(statuses(await Promise.all([logOn(other, today), logOn(other, today)]))).toEqual([201, 201]);
    await holder.query('rollback');
    expect((await waiting.answer).status).toBe(201);

    await holder.query('begin; select pg_advisory_xact_lock(1001)');
    const all = watched(Promise.all([logOn(one, today), logOn(other, today)]).then((answers) => answers[1]));
    await sessionsWaiting(1);
    expect(all.hasArrived).toBe(false);
    await holder.query('rollback');
    expect((await all.answer).body.balance.usedMinutes).toBe(3);
    await expectConsistent(one);
  });

  it('waits for its Idempotency-Key without delaying bookings with other keys', async () => {
    const sold = await contractToBookOn(service);
    const path = `/v1/subscriptions/${sold.id}/time-entries`;
    const { lockKey } = idempotencyScope(sold.csm.id, 'POST', path, 'locked');
    await holder.query('select pg_advisory_xact_lock($1)', [lockKey]);
    const keyed = (key: string) => sold.csm.post(path, entryOf(sold, today), { 'idempotency-key': key });
    const waiting = watched(keyed('locked'));
    expect(statuses(await Promise.all(['a', 'b', 'c'].map(keyed)))).toEqual([201, 201, 201]);
    await holder.query('rollback');
    expect((await waiting.answer).body.balance.usedMinutes).toBe(4);
  });
});

describe('a change of a contract that another transaction has locked', () => {
  const rename = (sold: SoldContract, etag: string, contractNumber: string): Promise<Answer> =>
    sold.csm.patch(`/v1/subscriptions/${sold.id}`, { contractNumber }, { 'if-match': etag });
  const etagOf = async (sold: SoldContract): Promise<string> =>
    (await sold.csm.get(`/v1/subscriptions/${sold.id}`)).headers.get('etag')!;

  it('is refused with 503 after a while, and leaves connections for all other requests', async () => {
    const [stuck, free] = [await contractToBookOn(service), await contractToBookOn(service)];
    const [etag, freeEtag] = [await etagOf(stuck), await etagOf(free)];
    await lockSubscription(stuck);
    // More changes than the ordinary lane has connections.
    const changes = Promise.all(Array.from({ length: 30 }, (_, at) => rename(stuck, etag, `STUCK-${at}`)));
    await sessionsWaiting(1);
    for (let at = 0; at < 10; at++)
      expect((await free.csm.get(`/v1/subscriptions/${free.id}/balance`)).status).toBe(200);
    expect((await rename(free, freeEtag, 'FREE')).status).toBe(200);
    (await changes).forEach((answer) => expectBusy(answer));
  });

  it('continues when the lock is free, and of several changes with the same ETag only the first is made', async () => {
    const stuck = await contractToBookOn(service);
    const etag = await etagOf(stuck);
    await lockSubscription(stuck);
    const changes = Promise.all(Array.from({ length: 5 }, (_, at) => rename(stuck, etag, `AFTER-${at}`)));
    await sessionsWaiting(1);
    await holder.query('rollback');
    expect(statuses(await changes).sort()).toEqual([200, 412, 412, 412, 412]);
  });
});

describe('an import with rows on a subscription that another transaction has locked', () => {
  it('does not delay bookings on the other subscriptions of the file, and continues when the lock is free', async () => {
    const contracts = [
      await contractToBookOn(service),
      await contractToBookOn(service),
      await contractToBookOn(service),
    ];
    const [first, stuck, last] = contracts as [SoldContract, SoldContract, SoldContract];
    await lockSubscription(stuck);
    const imported = watched(
      api(service.baseUrl, service.adminToken).send('POST', '/v1/time-entries/import', fileOf(contracts, today), {
        'content-type': 'text/csv',
      }),
    );
    await sessionsWaiting(1);
    const others = [first, last].map((sold) => logOn(sold, today, { summary: 'Not in the file' }));
    expect(statuses(await Promise.all(others))).toEqual([201, 201]);
    expect(imported.hasArrived).toBe(false);
    await holder.query('rollback');
    expect((await imported.answer).body).toMatchObject({ accepted: 3, refused: 0 });
    for (const sold of contracts) await expectConsistent(sold);
  });
});
