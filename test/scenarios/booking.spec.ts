import { Client } from 'pg';
import { api, type Answer } from '../support/client.js';
import { soldContract, type ContractWanted, type SoldContract } from '../support/contract.js';
import { cuttingProxy } from '../support/cutting-proxy.js';
import { PipelinedConnection } from '../support/pipelined-connection.js';
import { startService, type TestService } from '../support/service.js';

const startOfTests = '2026-07-10T03:00:00Z';
let service: TestService;
/** A second instance on the same database. */
let twin: TestService;

beforeAll(async () => {
  service = await startService({ clock: startOfTests });
  twin = await startService({ clock: startOfTests, databaseUrl: service.databaseUrl });
});
afterAll(async () => {
  await twin.stop();
  await service.stop();
});

async function contract(wanted: Partial<ContractWanted> = {}): Promise<SoldContract> {
  const sold = await soldContract(service, { package: 'premier', startsOn: '2026-04-01', ...wanted });
  await assign(sold, sold.consultantIds);
  return sold;
}

async function assign(sold: SoldContract, consultantIds: string[]): Promise<void> {
  const path = `/v1/subscriptions/${sold.id}/allocations`;
  const { headers } = await sold.csm.get(path);
  const allocations = consultantIds.map((consultantId) => ({
    consultantId,
    productLineId: sold.productLineIds[0],
    minutes: 0,
  }));
  const set = await sold.csm.put(path, { allocations }, { 'if-match': headers.get('etag')! });
  if (set.status !== 200) throw new Error(JSON.stringify(set.body));
}

const entry = (sold: SoldContract, change: object = {}) => ({
  workDate: '2026-07-10',
  minutes: 1,
  consultantId: sold.consultantIds[0],
  productLineId: sold.productLineIds[0],
  activity: 'health-check',
  delivery: 'remote',
  summary: 'Health check',
  ...change,
});

const log = (at: TestService, sold: SoldContract, change: object = {}): Promise<Answer> =>
  api(at.baseUrl, sold.csm.token).post(`/v1/subscriptions/${sold.id}/time-entries`, entry(sold, change));

async function use(sold: SoldContract, minutes: number): Promise<void> {
  const days = [
    '2026-07-01',
    '2026-07-02',
    '2026-07-03',
    '2026-07-04',
    '2026-07-05',
    '2026-07-06',
    '2026-07-07',
    '2026-07-08',
  ];
  const entries = days.map((workDate, index) => ({
    subscriptionId: sold.id,
    ...entry(sold, { workDate, minutes: Math.min(1_440, minutes - index * 1_440) }),
  }));
  const answer = await sold.csm.post('/v1/time-entries/batch', {
    atomic: true,
    entries: entries.filter((row) => row.minutes > 0),
  });
  expect(answer.status).toBe(200);
}

const countsByStatus = (answers: Answer[]): Record<number, number> =>
  answers.reduce<Record<number, number>>(
    (counts, { status }) => ({ ...counts, [status]: (counts[status] ?? 0) + 1 }),
    {},
  );

async function expectConsistent(sold: SoldContract): Promise<void> {
  expect((await sold.csm.post(`/v1/subscriptions/${sold.id}/verify`)).body).toEqual({
    consistent: true,
    differences: [],
  });
}

async function sql(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: service.databaseUrl });
  await client.connect();
  try {
    return (await client.query(text, values)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

describe('two instances that book at the same time', () => {
  it('accept together no more minutes than the term has left', async () => {
    const sold = await contract({ package: 'basic', consultants: 1, productLines: 1 });
    await use(sold, 5_745);
    const answers = await Promise.all(Array.from({ length: 60 }, (_, at) => log(at % 2 ? service : twin, sold)));
    expect(countsByStatus(answers)).toEqual({ 201: 15, 422: 45 });
    const balance = await sold.csm.get(`/v1/subscriptions/${sold.id}/balance`);
    expect(balance.body).toMatchObject({ usedMinutes: 5_760, remainingMinutes: 0 });
    await expectConsistent(sold);
  });

  it('accept together no more than 24 hours of a consultant’s day, over all customers', async () => {
    const [one, other] = [await contract(), await contract()];
    await assign(other, [one.consultantIds[0]!]);
    await log(service, one, { minutes: 1_430 });
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, at) =>
        log(at % 2 ? service : twin, at % 3 ? one : other, { consultantId: one.consultantIds[0] }),
      ),
    );
    expect(countsByStatus(answers)).toEqual({ 201: 10, 422: 30 });
    await expectConsistent(one);
    await expectConsistent(other);
  });

  it('reverse an entry only once', async () => {
    const sold = await contract();
    const { body } = await log(service, sold, { minutes: 60 });
    const path = `/v1/time-entries/${body.entry.id}/reversal`;
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, at) =>
        api((at % 2 ? service : twin).baseUrl, sold.csm.token).post(path, { reason: 'wrong' }),
      ),
    );
    expect(countsByStatus(answers)).toEqual({ 201: 1, 409: 9 });
    await expectConsistent(sold);
  });

  it('write one entry for all requests with the same idempotency key', async () => {
    const sold = await contract();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        api((at % 2 ? service : twin).baseUrl, sold.csm.token).post(
          `/v1/subscriptions/${sold.id}/time-entries`,
          entry(sold),
          {
            'idempotency-key': `both-${sold.id}`,
          },
        ),
      ),
    );
    expect(countsByStatus(answers)).toEqual({ 201: 20 });
    expect(new Set(answers.map(({ body }) => body.entry.id)).size).toBe(1);
    await expectConsistent(sold);
  });

  it('apply at once what the other instance has changed in the contract', async () => {
    const sold = await contract();
    expect((await log(twin, sold)).status).toBe(201);
    await assign(sold, [sold.consultantIds[1]!]);
    const unassigned = { workDate: '2026-07-10', consultantId: sold.consultantIds[0] };
    expect((await log(twin, sold, unassigned)).body.code).toBe('consultant-not-assigned');
    expect((await log(twin, sold, { consultantId: sold.consultantIds[1] })).status).toBe(201);
  });
});

describe('bookings that one client sends on one connection without waiting for the answers', () => {
  it('are booked in the order of sending, also if the rate limit takes longer to admit the first', async () => {
    const env = { RATE_LIMIT_PER_MINUTE: '1000' };
    const limited = await startService({ clock: startOfTests, databaseUrl: service.databaseUrl, env });
    const sold = await contract();
    const connection = (await PipelinedConnection.open(limited.baseUrl, sold.csm.token))!;
    const log = () => connection.send('POST', `/v1/subscriptions/${sold.id}/time-entries`, entry(sold));
    // Each row counts, so the limit of the batch is looked up in the database.
    const entries = Array(400).fill({ subscriptionId: sold.id, ...entry(sold) });
    await log();
    const [batch, single] = await Promise.all([
      connection.send('POST', '/v1/time-entries/batch', { atomic: true, entries }),
      log(),
    ]);
    expect([batch!.status, single!.body]).toMatchObject([200, { balance: { usedMinutes: 402 } }]);
    connection.end();
    await limited.stop();
  });

  it('are booked in the order of sending, also if the first is a reversal, whose entry must be read before', async () => {
    const sold = await contract();
    const connection = (await PipelinedConnection.open(service.baseUrl, sold.csm.token))!;
    const log = (minutes: number) =>
      connection.send('POST', `/v1/subscriptions/${sold.id}/time-entries`, entry(sold, { minutes }));
    const { entry: first } = (await log(60))!.body as { entry: { id: string } };
    const [reversal, ...logged] = await Promise.all([
      connection.send('POST', `/v1/time-entries/${first.id}/reversal`, { reason: 'wrong day' }),
      log(7),
      log(5),
    ]);
    connection.end();
    expect([reversal, ...logged].map((answer) => answer!.body)).toMatchObject([
      { balance: { usedMinutes: 0 } },
      { balance: { usedMinutes: 7 } },
      { balance: { usedMinutes: 12 } },
    ]);
  });
});

describe('a request that fails with an internal error', () => {
  it('does not affect the other requests of its batch', async () => {
    const sold = await contract();
    await sql(`
      create or replace function poison() returns trigger language plpgsql as
        $$ begin if new.summary = 'poison' then raise exception 'poisoned' using errcode = 'XX000'; end if; return new; end $$;
      create trigger poison before insert on time_entries for each row execute function poison()`);
    try {
      const answers = await Promise.all(
        Array.from({ length: 21 }, (_, at) => log(service, sold, at === 10 ? { summary: 'poison' } : {})),
      );
      expect(countsByStatus(answers)).toEqual({ 201: 20, 500: 1 });
      expect(answers[10]!.body).toMatchObject({ code: 'internal-error' });
      expect(JSON.stringify(answers[10]!.body)).not.toContain('poisoned');
    } finally {
      await sql('drop trigger poison on time_entries');
    }
    expect((await sold.csm.get(`/v1/subscriptions/${sold.id}/balance`)).body.usedMinutes).toBe(20);
    await expectConsistent(sold);
  });
});

describe('a subscription that another transaction has locked', () => {
  it('makes only its own bookings fail, with the advice to retry', async () => {
    const [stuck, free] = [await contract(), await contract()];
    const blocker = new Client({ connectionString: service.databaseUrl });
    await blocker.connect();
    try {
      await blocker.query('begin');
      await blocker.query('select from subscriptions where id = $1 for update', [stuck.id]);
      const answers = await Promise.all([free, stuck, free].map((sold) => log(service, sold)));
      expect(answers.map(({ status }) => status)).toEqual([201, 503, 201]);
      expect(answers[1]!.headers.get('retry-after')).toBe('1');
    } finally {
      await blocker.end();
    }
    expect((await log(service, stuck)).status).toBe(201);
  });
});

describe('a booking whose connection is lost during the commit', () => {
  it('is answered with 201 and written once, because it was committed', async () => {
    const proxy = await cuttingProxy(service.databaseUrl);
    const behindProxy = await startService({ clock: startOfTests, databaseUrl: proxy.url });
    try {
      const sold = await contract();
      expect((await log(behindProxy, sold)).status).toBe(201);
      proxy.cutAtCommitAfter('booking-write');
      const answer = await log(behindProxy, sold);
      expect([proxy.cuts, answer.status, answer.body.balance?.usedMinutes]).toEqual([1, 201, 2]);
      expect((await sold.csm.get(`/v1/subscriptions/${sold.id}/time-entries`)).body.data).toHaveLength(2);
      await expectConsistent(sold);
    } finally {
      await behindProxy.stop();
      proxy.close();
    }
  });
});

describe('work that is logged before the roll-over job has run', () => {
  it('is booked into the new term, or as a late entry into the term that has ended', async () => {
    const sold = await contract({ startsOn: '2025-07-11' });
    await use(sold, 600);
    const afterMidnight = await startService({ clock: '2026-07-10T15:30:00Z', databaseUrl: service.databaseUrl });
    try {
      const inNewTerm = await log(afterMidnight, sold, { workDate: '2026-07-11', minutes: 30 });
      expect([inNewTerm.status, inNewTerm.body.balance]).toMatchObject([
        201,
        { grantedMinutes: 11_520, usedMinutes: 30 },
      ]);
      const late = await log(afterMidnight, sold, { workDate: '2026-07-10', minutes: 60 });
      expect(late.status).toBe(201);
      expect(late.body.warnings.map(({ code }: { code: string }) => code)).toContain('late-entry');
      expect(late.body.balance).toMatchObject({ usedMinutes: 660, expiredMinutes: 10_860, remainingMinutes: 0 });
      const terms = await api(afterMidnight.baseUrl, sold.csm.token).get(`/v1/subscriptions/${sold.id}/terms`);
      expect(terms.body.data.map(({ status, renewalState }: never) => [status, renewalState])).toEqual([
        ['closed', 'renewed'],
        ['open', 'open'],
      ]);
      const ledger = await sold.csm.get(`/v1/subscriptions/${sold.id}/ledger?termId=${terms.body.data[0].id}`);
      expect(ledger.body.data.slice(-3).map(({ kind, minutes }: never) => [kind, minutes])).toEqual([
        ['expiry', -10_920],
        ['expiry-reversal', 60],
        ['use', -60],
      ]);
      const reversed = await api(afterMidnight.baseUrl, sold.csm.token).post(
        `/v1/time-entries/${late.body.entry.id}/reversal`,
        { reason: 'wrong term' },
      );
      expect(reversed.body.balance).toMatchObject({ usedMinutes: 600, expiredMinutes: 10_920, remainingMinutes: 0 });
      await expectConsistent(sold);
    } finally {
      await afterMidnight.stop();
    }
  });
});

describe('a closed month', () => {
  it('takes no new entry, and a correction of its entries counts in the first open month', async () => {
    const sold = await contract();
    const { body } = await log(service, sold, { workDate: '2026-05-20', minutes: 60 });
    expect((await sold.admin.post('/v1/periods/2026-05/close')).status).toBe(200);
    try {
      expect((await log(service, sold, { workDate: '2026-05-31' })).body.code).toBe('period-closed');
      expect((await log(service, sold, { workDate: '2026-04-30' })).body.code).toBe('period-closed');
      expect((await log(service, sold, { workDate: '2026-06-01' })).status).toBe(201);
      const corrected = await sold.csm.post(`/v1/time-entries/${body.entry.id}/correction`, {
        reason: 'typo',
        ...entry(sold, { workDate: '2026-05-20', minutes: 45 }),
      });
      expect(corrected.body.entry).toMatchObject({ accountingMonth: '2026-06', adjustsMonth: '2026-05' });
      const [reversal] = await sql(
        'select accounting_month, adjusts_month from time_entry_reversals where time_entry_id = $1',
        [body.entry.id],
      );
      expect(reversal).toEqual({ accounting_month: '2026-06', adjusts_month: '2026-05' });
    } finally {
      await sold.admin.post('/v1/periods/2026-01/reopen', { reason: 'other tests' });
    }
    await expectConsistent(sold);
  });
});
