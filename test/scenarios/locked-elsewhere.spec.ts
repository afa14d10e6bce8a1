import { Client } from 'pg';
import { idempotencyScope } from '../../src/platform/idempotency.js';
import { api, type Answer } from '../support/client.js';
import { contractToBookOn, entryOf, fileOf, logOn } from '../support/booking.js';
import type { SoldContract } from '../support/contract.js';
import { startService, type TestService } from '../support/service.js';

const startOfTests = '2026-07-10T03:00:00Z';
const today = '2026-07-10';
let service: TestService;
/** Locks what the tests keep from the service. */
let holder: Client;
/** Looks on: within a transaction PostgreSQL shows its sessions as they were at the first look. */
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

/** Whether an answer has come yet. */
function watched(answer: Promise<Answer>) {
  const watch = { answer, isThere: false };
  answer.then(
    () => (watch.isThere = true),
    () => (watch.isThere = true),
  );
  return watch;
}

const keepSubscription = (sold: SoldContract): Promise<unknown> =>
  holder.query('select from subscriptions where id = $1 for update', [sold.id]);

/** Returns when that number of sessions of the service wait for a lock. */
async function waitersInDatabase(count: number): Promise<void> {
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

async function consistent(sold: SoldContract): Promise<void> {
  expect((await sold.csm.post(`/v1/subscriptions/${sold.id}/verify`)).body).toEqual({
    consistent: true,
    differences: [],
  });
}

describe('a booking that needs a lock of another transaction', () => {
  it('waits apart, does not delay other bookings, and is booked when the lock is free', async () => {
    const [stuck, free] = [await contractToBookOn(service), await contractToBookOn(service)];
    await keepSubscription(stuck);
    const waiting = watched(logOn(stuck, today));
    await waitersInDatabase(1);
    expect(statuses(await Promise.all(Array.from({ length: 20 }, () => logOn(free, today))))).toEqual(
      Array(20).fill(201),
    );
    expect(waiting.isThere).toBe(false);
    await holder.query('rollback');
    expect((await waiting.answer).status).toBe(201);
    await consistent(stuck);
    await consistent(free);
  });

  it('is refused with 503 after a while, and nothing of it is booked', async () => {
    const stuck = await contractToBookOn(service);
    await keepSubscription(stuck);
    const answers = await Promise.all(Array.from({ length: 10 }, () => logOn(stuck, today)));
    answers.forEach((answer) => expectBusy(answer));
    await holder.query('rollback');
    expect((await logOn(stuck, today)).body.balance.usedMinutes).toBe(1);
    await consistent(stuck);
  });

  it('keeps the order of a user’s requests on one subscription, also those that need nothing else', async () => {
    const [stuck, other] = [await contractToBookOn(service), await contractToBookOn(service)];
    const admin = api(service.baseUrl, service.adminToken);
    const batch = [stuck, other].map((sold) => ({ subscriptionId: sold.id, ...entryOf(sold, today) }));
    await keepSubscription(stuck);
    const first = watched(admin.post('/v1/time-entries/batch', { atomic: true, entries: batch }));
    await waitersInDatabase(1);
    const second = watched(admin.post(`/v1/subscriptions/${other.id}/time-entries`, entryOf(other, today)));
    // Another user does not wait.
    expect((await logOn(other, today)).body.balance.usedMinutes).toBe(1);
    expect([first.isThere, second.isThere]).toEqual([false, false]);
    await holder.query('rollback');
    expect([(await first.answer).status, (await second.answer).body.balance.usedMinutes]).toEqual([200, 3]);
  });

  it('waits for the day of a consultant in the same way', async () => {
    const [one, other] = [await contractToBookOn(service), await contractToBookOn(service)];
    await holder.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`${one.consultantIds[0]} ${today}`]);
    const waiting = watched(logOn(one, today));
    await waitersInDatabase(1);
    expect((await logOn(other, today)).status).toBe(201);
    expect(waiting.isThere).toBe(false);
    await holder.query('rollback');
    expect((await waiting.answer).status).toBe(201);
    await consistent(one);
  });

  it('waits for a month that is being closed, and for a balance, which no booking expects to be locked', async () => {
    const [one, other] = [await contractToBookOn(service), await contractToBookOn(service)];
    await holder.query(
      'select from balances where term_id in (select id from terms where subscription_id = $1) for update',
      [one.id],
    );
    const waiting = watched(logOn(one, today));
    await waitersInDatabase(1);
    expect(statuses(await Promise.all([logOn(other, today), logOn(other, today)]))).toEqual([201, 201]);
    await holder.query('rollback');
    expect((await waiting.answer).status).toBe(201);

    await holder.query('begin; select pg_advisory_xact_lock(1001)');
    const all = watched(Promise.all([logOn(one, today), logOn(other, today)]).then((answers) => answers[1]));
    await waitersInDatabase(1);
    expect(all.isThere).toBe(false);
    await holder.query('rollback');
    expect((await all.answer).body.balance.usedMinutes).toBe(3);
    await consistent(one);
  });

  it('waits for its Idempotency-Key without holding up others with other keys', async () => {
    const sold = await contractToBookOn(service);
    const path = `/v1/subscriptions/${sold.id}/time-entries`;
    const { lockKey } = idempotencyScope(sold.csm.id, 'POST', path, 'kept');
    await holder.query('select pg_advisory_xact_lock($1)', [lockKey]);
    const keyed = (key: string) => sold.csm.post(path, entryOf(sold, today), { 'idempotency-key': key });
    const waiting = watched(keyed('kept'));
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

  it('is refused with 503 after a while, and leaves connections for all others', async () => {
    const [stuck, free] = [await contractToBookOn(service), await contractToBookOn(service)];
    const [etag, freeEtag] = [await etagOf(stuck), await etagOf(free)];
    await keepSubscription(stuck);
    // More than the ordinary lane has connections.
    const changes = Promise.all(Array.from({ length: 30 }, (_, at) => rename(stuck, etag, `STUCK-${at}`)));
    await waitersInDatabase(1);
    for (let at = 0; at < 10; at++)
      expect((await free.csm.get(`/v1/subscriptions/${free.id}/balance`)).status).toBe(200);
    expect((await rename(free, freeEtag, 'FREE')).status).toBe(200);
    (await changes).forEach((answer) => expectBusy(answer));
  });

  it('continues when the lock is free, and only the first of equal changes is made', async () => {
    const stuck = await contractToBookOn(service);
    const etag = await etagOf(stuck);
    await keepSubscription(stuck);
    const changes = Promise.all(Array.from({ length: 5 }, (_, at) => rename(stuck, etag, `AFTER-${at}`)));
    await waitersInDatabase(1);
    await holder.query('rollback');
    expect(statuses(await changes).sort()).toEqual([200, 412, 412, 412, 412]);
  });
});

describe('an import with rows on a subscription that another transaction has locked', () => {
  it('holds up the bookings of no other subscription in the file, and goes on when the lock is free', async () => {
    const contracts = [
      await contractToBookOn(service),
      await contractToBookOn(service),
      await contractToBookOn(service),
    ];
    const [first, stuck, last] = contracts as [SoldContract, SoldContract, SoldContract];
    await keepSubscription(stuck);
    const imported = watched(
      api(service.baseUrl, service.adminToken).send('POST', '/v1/time-entries/import', fileOf(contracts, today), {
        'content-type': 'text/csv',
      }),
    );
    await waitersInDatabase(1);
    const others = [first, last].map((sold) => logOn(sold, today, { summary: 'Not in the file' }));
    expect(statuses(await Promise.all(others))).toEqual([201, 201]);
    expect(imported.isThere).toBe(false);
    await holder.query('rollback');
    expect((await imported.answer).body).toMatchObject({ accepted: 3, refused: 0 });
    for (const sold of contracts) await consistent(sold);
  });
});
