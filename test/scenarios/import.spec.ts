import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import * as fc from 'fast-check';
import { Client } from 'pg';
import { api, type Answer, type Api } from '../support/client.js';
import { soldContract, type ContractWanted, type SoldContract } from '../support/contract.js';
import { ServiceProcess } from '../support/process.js';
import { startService, type TestService } from '../support/service.js';

jest.setTimeout(120_000);

const startOfTests = '2026-07-10T03:00:00Z';
let service: TestService;
/** A second instance on the same database. */
let twin: TestService;
/** A connection of the tests themselves. */
let database: Client;

beforeAll(async () => {
  service = await startService({ clock: startOfTests });
  twin = await startService({ clock: startOfTests, databaseUrl: service.databaseUrl });
  database = new Client({ connectionString: service.databaseUrl });
  await database.connect();
});
afterAll(async () => {
  await database.end();
  await twin.stop();
  await service.stop();
});

interface Row {
  subscriptionId: string;
  workDate: string;
  minutes: number;
  consultantId: string;
  productLineId: string;
  summary: string;
}

/** The answer to an import. The problem document of a refused atomic import has the same fields. */
interface ImportAnswer {
  rows: number;
  accepted: number;
  refused: number;
  importId?: string;
  present: number;
  minutes: number;
  problems: { line: number; status: number; code: string; maxAcceptableMinutes?: number }[];
  problemsOmitted: number;
}

const headings = ['subscriptionId', 'workDate', 'minutes', 'consultantId', 'productLineId', 'summary'] as const;

/** Numbers the files. The number makes the rows of each file unique, so that no row is already booked. */
let fileNumber = 0;

const fileOf = (rows: readonly Row[]): string => {
  const prefix = `File ${++fileNumber}`;
  const lines = rows.map((row) =>
    [...headings.map((name) => (name === 'summary' ? `${prefix}, ${row.summary}` : row[name])), 'upgrade', 'remote']
      .map((value) => `"${value}"`)
      .join(),
  );
  return [[...headings, 'activity', 'delivery'].join(), ...lines, ''].join('\r\n');
};

const send = (client: Api, file: string, query = ''): Promise<Answer> =>
  client.send('POST', `/v1/time-entries/import${query}`, file, { 'content-type': 'text/csv' });

const importFile = async (client: Api, file: string, query = ''): Promise<ImportAnswer> =>
  importAnswer(await send(client, file, query));

function importAnswer(answer: Answer): ImportAnswer {
  expect([answer.status, answer.body]).toEqual([200, expect.anything()]);
  return answer.body as ImportAnswer;
}

async function contract(wanted: Partial<ContractWanted> = {}): Promise<SoldContract> {
  const sold = await soldContract(service, {
    package: 'dedicated',
    startsOn: '2026-04-01',
    productLines: 1,
    ...wanted,
  });
  const allocations = sold.consultantIds.map((consultantId) => ({
    consultantId,
    productLineId: sold.productLineIds[0],
    minutes: 0,
  }));
  const set = await sold.csm.put(`/v1/subscriptions/${sold.id}/allocations`, { allocations }, { 'if-match': '"0"' });
  expect(set.status).toBe(200);
  return sold;
}

const dayOf = (days: number): string => new Date(Date.UTC(2026, 3, 1 + days)).toISOString().slice(0, 10);

/** Rows that the rules accept, spread over a hundred days. */
const rowsOf = (sold: SoldContract, count: number): Row[] =>
  Array.from({ length: count }, (_, at) => ({
    subscriptionId: sold.id,
    workDate: dayOf(at % 100),
    minutes: 1 + (at % 3),
    consultantId: sold.consultantIds[at % sold.consultantIds.length]!,
    productLineId: sold.productLineIds[0]!,
    summary: `Row ${at}`,
  }));

const minutesOf = (rows: readonly Row[]): number => rows.reduce((sum, { minutes }) => sum + minutes, 0);

const admin = (): Api => api(service.baseUrl, service.adminToken);

async function used(sold: SoldContract): Promise<number> {
  const verified = await sold.csm.post(`/v1/subscriptions/${sold.id}/verify`);
  expect(verified.body).toEqual({ consistent: true, differences: [] });
  const balance = await sold.csm.get(`/v1/subscriptions/${sold.id}/balance`);
  return (balance.body as { usedMinutes: number }).usedMinutes;
}

async function count(sql: string, values: unknown[] = [], client = database): Promise<number> {
  const { rows } = await client.query<{ count: number }>(`select count(*)::integer as count from ${sql}`, values);
  return rows[0]!.count;
}

const entriesOf = (sold: SoldContract): Promise<number> => count('time_entries where subscription_id = $1', [sold.id]);

/** Waits until imports have booked this many chunks more than `before`. */
async function chunksBooked(before: number, chunks: number, client = database): Promise<void> {
  while ((await count('import_chunks', [], client)) < before + chunks) await pause(5);
}

async function waitingForLocks(sessions: number, kind = '%'): Promise<void> {
  const waiting = `pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and wait_event like $1`;
  while ((await count(waiting, [kind])) < sessions) {
    // Inside a transaction, PostgreSQL reads pg_stat_activity only once unless its snapshot is cleared.
    await database.query('select pg_stat_clear_snapshot()');
    await pause(5);
  }
}

interface PausedImport {
  sold: SoldContract[];
  rows: Row[];
  file: string;
  importing: Promise<Answer>;
  /** Unlocks the subscription, so that the import continues. */
  release: () => Promise<unknown>;
}

/** Imports rows of two subscriptions, of which the test locks the second: the import books the first 3,000 rows, then waits. */
async function pausedImport(baseUrl: string): Promise<PausedImport> {
  const sold = [await contract(), await contract()];
  const rows = sold.flatMap((one) => rowsOf(one, 3_000));
  const file = fileOf(rows);
  await database.query('begin');
  await database.query('select from subscriptions where id = $1 for update', [sold[1]!.id]);
  const importing = send(api(baseUrl, service.adminToken), file);
  while ((await entriesOf(sold[0]!)) < 3_000) await pause(5);
  await waitingForLocks(1, 'transactionid');
  return { sold, rows, file, importing, release: () => database.query('rollback') };
}

/** Checks the number of entries and of used minutes of these subscriptions together. A row booked twice would raise both. */
async function expectTotals(sold: readonly SoldContract[], entries: number, minutes: number): Promise<void> {
  const counts = await Promise.all(sold.map(entriesOf));
  const balances = await Promise.all(sold.map(used));
  expect([counts, balances].map((each) => each.reduce((sum, one) => sum + one, 0))).toEqual([entries, minutes]);
}

describe('the import of a large file', () => {
  it('books the rows that the rules accept, gives a reason for the others, and agrees with the ledger', async () => {
    const sold = await contract();
    const rows = rowsOf(sold, 1_800).map((row, at) => (at % 9 === 0 ? { ...row, workDate: '2026-07-11' } : row));
    const accepted = rows.filter((_, at) => at % 9 !== 0);
    const answer = await importFile(sold.csm, fileOf(rows));
    expect(answer).toMatchObject({
      rows: 1_800,
      accepted: 1_600,
      refused: 200,
      present: 0,
      problemsOmitted: 0,
    });
    expect(answer.minutes).toBe(minutesOf(accepted));
    expect(answer.problems.map(({ line }) => line)).toEqual(Array.from({ length: 200 }, (_, at) => 2 + at * 9));
    expect(answer.problems[0]).toMatchObject({ status: 422, code: 'work-date-in-future' });
    expect(await used(sold)).toBe(minutesOf(accepted));
    expect(await entriesOf(sold)).toBe(1_600);
  });

  it('reports the largest amount that would be accepted, and at most 1,000 problems', async () => {
    const sold = await contract({ package: 'basic', consultants: 1 });
    const rows = rowsOf(sold, 1_104).map((row, at) => ({ ...row, minutes: at < 3 ? 1_440 : 1_441 }));
    const answer = await importFile(sold.csm, fileOf(rows));
    expect(answer).toMatchObject({ accepted: 3, refused: 1_101, problemsOmitted: 101 });
    expect(answer.problems).toHaveLength(1_000);
    expect(answer.problems[0]).toMatchObject({
      line: 5,
      status: 422,
      code: 'rules-violated',
      maxAcceptableMinutes: 1_440,
      violations: [
        { code: 'hours-exhausted' },
        { code: 'allocation-exhausted' },
        { code: 'consultant-day-exceeded', limitMinutes: 1_440 },
      ],
    });
  });

  it('books each row once, however often the file is sent, and tries refused rows again', async () => {
    const sold = await contract();
    const [stranger] = (await contract()).consultantIds;
    const rows = rowsOf(sold, 700).map((row, at) => (at % 7 === 0 ? { ...row, consultantId: stranger! } : row));
    const file = fileOf(rows);
    expect(await importFile(sold.csm, file)).toMatchObject({ accepted: 600, present: 0, refused: 100 });
    const path = `/v1/subscriptions/${sold.id}/allocations`;
    const allocations = [...sold.consultantIds, stranger].map((consultantId) => ({
      consultantId,
      productLineId: sold.productLineIds[0],
      minutes: 0,
    }));
    const { headers } = await sold.csm.get(path);
    await sold.csm.put(path, { allocations }, { 'if-match': headers.get('etag')! });
    const again = await importFile(sold.csm, file);
    expect(again).toMatchObject({
      accepted: 100,
      present: 600,
      refused: 0,
      minutes: minutesOf(rows.filter((_, at) => at % 7 === 0)),
    });
    const third = await importFile(admin(), file);
    expect(third).toMatchObject({ accepted: 0, present: 700, refused: 0, minutes: 0 });
    expect([await entriesOf(sold), await used(sold)]).toEqual([700, minutesOf(rows)]);
  });

  it('shows a CSM nothing about the imports of another CSM', async () => {
    const [sold, other] = [await contract(), await contract()];
    const file = fileOf([...rowsOf(sold, 3), ...rowsOf(other, 2)]);
    expect(await importFile(sold.csm, file)).toMatchObject({ accepted: 3, refused: 2 });
    expect(await importFile(other.csm, file)).toMatchObject({ accepted: 2, present: 0, refused: 3 });
    expect(await importFile(admin(), file)).toMatchObject({ accepted: 0, present: 5 });
  });

  it('books each line once if two instances get the file at the same time', async () => {
    const sold = await contract();
    // The file has each row twice, in different chunks.
    const rows = [...rowsOf(sold, 1_300), ...rowsOf(sold, 1_300)];
    const file = fileOf(rows);
    const answers = await Promise.all(
      [service, twin, service].map(({ baseUrl }) => importFile(api(baseUrl, sold.csm.token), file)),
    );
    expect(answers.map(({ accepted, present }) => accepted + present)).toEqual([2_600, 2_600, 2_600]);
    expect(answers.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(2_600);
    expect([await entriesOf(sold), await used(sold)]).toEqual([2_600, minutesOf(rows)]);
  });

  it('does not block single bookings, on the same subscription or on others', async () => {
    const [sold, other] = [await contract(), await contract()];
    const rows = rowsOf(sold, 12_000);
    let ended = false;
    const importing = importFile(sold.csm, fileOf(rows)).finally(() => (ended = true));
    const book = (
      on: SoldContract,
      row: Omit<Row, 'subscriptionId'> & { subscriptionId?: string },
    ): Promise<Answer> => {
      const { subscriptionId: _, ...body } = row;
      const entry = { ...body, activity: 'upgrade', delivery: 'remote' };
      return on.csm.post(`/v1/subscriptions/${on.id}/time-entries`, entry);
    };
    await chunksBooked(await count('import_chunks'), 1);
    let booked = 0;
    while (!ended) {
      for (const on of [sold, other]) expect((await book(on, rowsOf(on, 1)[0]!)).status).toBe(201);
      booked++;
    }
    expect(await importing).toMatchObject({ accepted: 12_000 });
    expect(booked).toBeGreaterThan(2);
    expect([await used(sold), await used(other)]).toEqual([minutesOf(rows) + booked, booked]);
  });
});

describe('an atomic import', () => {
  it('books all rows, or writes nothing', async () => {
    const sold = await contract();
    const rows = rowsOf(sold, 900);
    const bad = fileOf(rows.map((row, at) => (at === 880 ? { ...row, workDate: '2025-01-01' } : row)));
    const refused = await send(sold.csm, bad, '?atomic=true');
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({ code: 'rules-violated', rows: 900, accepted: 0, refused: 1, minutes: 0 });
    expect(refused.body.problems).toMatchObject([{ line: 882, status: 422, code: 'term-not-found' }]);
    expect([await entriesOf(sold), await used(sold)]).toEqual([0, 0]);
    const good = fileOf(rows);
    expect(await importFile(sold.csm, good, '?atomic=true&dryRun=true')).toMatchObject({ dryRun: true, accepted: 900 });
    expect(await importFile(sold.csm, good, '?atomic=true')).toMatchObject({ accepted: 900, present: 0 });
    expect(await importFile(sold.csm, good, '?atomic=true')).toMatchObject({ accepted: 0, present: 900, minutes: 0 });
    expect(await used(sold)).toBe(minutesOf(rows));
  });

  it('refuses a file of more than 10,000 rows', async () => {
    const sold = await contract();
    const answer = await send(sold.csm, fileOf(rowsOf(sold, 10_001)), '?atomic=true');
    expect([answer.status, answer.body.code]).toEqual([422, 'too-many-rows']);
    expect(await used(sold)).toBe(0);
  });

  it('books a file with more consultant days than it may lock one by one, and does not block other bookings', async () => {
    const sold = [
      await contract({ startsOn: '2025-08-01', consultants: 3 }),
      await contract({ startsOn: '2025-08-01', consultants: 3 }),
    ];
    const rows = sold.flatMap((one) =>
      one.consultantIds.flatMap((consultantId) =>
        Array.from({ length: 340 }, (_, days): Row => ({
          ...rowsOf(one, 1)[0]!,
          consultantId,
          workDate: dayOf(days - 243),
        })),
      ),
    );
    expect(rows.length).toBeGreaterThan(2_000);
    const importing = importFile(admin(), fileOf(rows), '?atomic=true');
    const other = await contract();
    const { subscriptionId: _, ...body } = rowsOf(other, 1)[0]!;
    const entry = { ...body, activity: 'upgrade', delivery: 'remote' };
    expect((await other.csm.post(`/v1/subscriptions/${other.id}/time-entries`, entry)).status).toBe(201);
    expect(await importing).toMatchObject({ accepted: rows.length, refused: 0 });
    for (const one of sold) expect(await used(one)).toBe(rows.length / 2);
  });

  it('books nothing if a CSM includes one row of another CSM’s subscription', async () => {
    const [sold, other] = [await contract(), await contract()];
    const rows = rowsOf(sold, 20);
    const refused = await send(sold.csm, fileOf([...rows, ...rowsOf(other, 1)]), '?atomic=true');
    expect([refused.status, refused.body.accepted, refused.body.refused]).toEqual([422, 0, 1]);
    expect(refused.body.problems).toMatchObject([{ line: 22 }]);
    expect([await entriesOf(sold), await entriesOf(other)]).toEqual([0, 0]);
    expect(await importFile(sold.csm, fileOf(rows), '?atomic=true')).toMatchObject({ accepted: 20 });
    expect(await used(sold)).toBe(minutesOf(rows));
  });
});

describe('a dry run', () => {
  it('gives the same answer as the import after it, and writes nothing', async () => {
    const sold = [
      await contract({ package: 'basic', consultants: 1 }),
      await contract({ package: 'premier' }),
      await contract({ timeZone: 'America/New_York' }),
    ];
    await sold[1]!.csm.patch(`/v1/subscriptions/${sold[1]!.id}`, { pacePolicy: 'enforce' }, { 'if-match': '"1"' });
    const everybody = sold.flatMap(({ consultantIds }) => consultantIds);
    const row = fc
      .record({
        on: fc.constantFrom(...sold),
        day: fc.integer({ min: -3, max: 102 }),
        minutes: fc.integer({ min: 1, max: 120 }),
        stranger: fc.option(fc.constantFrom(...everybody), { freq: 20 }),
      })
      .map(({ on, day, minutes, stranger }): Row => ({
        ...rowsOf(on, 1)[0]!,
        workDate: dayOf(day),
        minutes,
        ...(stranger !== null && { consultantId: stranger }),
      }));
    const files = fc.array(row, { minLength: 1, maxLength: 1_300, size: 'max' });
    const state = async (): Promise<number[]> => [
      await count('ledger_entries'),
      await count('imports'),
      await count('term_days'),
    ];
    const property = fc.asyncProperty(files, async (rows) => {
      const file = fileOf(rows);
      const before = await state();
      const predicted = await importFile(admin(), file, '?dryRun=true');
      expect(await state()).toEqual(before);
      const real = await importFile(admin(), file);
      const { importId, ...answer } = real;
      expect({ ...predicted, dryRun: false }).toEqual(answer);
      expect(importId).toBeDefined();
      const { accepted, refused } = real;
      expect(await importFile(admin(), file, '?dryRun=true')).toMatchObject({
        accepted: 0,
        refused,
        present: accepted,
      });
    });
    // No shrinking: the bookings of a failed run stay, so a smaller example would start from other data.
    await fc.assert(property, { numRuns: 4, endOnFailure: true });
    for (const one of sold) await used(one);
  });
});

describe('during an import', () => {
  it('once a month is closed, its remaining rows are refused, and its booked rows stay', async () => {
    const { sold, rows, release, importing } = await pausedImport(service.baseUrl);
    const closing = admin().post('/v1/periods/2026-04/close');
    await waitingForLocks(1, 'advisory');
    await release();
    expect((await closing).status).toBe(200);
    const answer = importAnswer(await importing);
    expect((await admin().post('/v1/periods/2026-04/reopen', { reason: 'Test' })).status).toBe(200);
    expect(answer.refused).toBeGreaterThan(0);
    expect(new Set(answer.problems.map(({ code }) => code))).toEqual(new Set(['period-closed']));
    const ids = sold.map(({ id }) => id);
    const inApril = await count(`time_entries where subscription_id = any($1) and work_date < '2026-05-01'`, [ids]);
    expect(inApril).toBe(rows.filter(({ workDate }) => workDate < '2026-05-01').length - answer.refused);
    await expectTotals(sold, answer.accepted, answer.minutes);
  });

  it('a chunk is tried again if its subscription stays locked for longer than the chunk waits', async () => {
    const sold = await contract();
    await database.query('begin');
    await database.query('select from subscriptions where id = $1 for update', [sold.id]);
    const importing = importFile(sold.csm, fileOf(rowsOf(sold, 40)));
    await pause(2_300);
    await database.query('rollback');
    expect(await importing).toMatchObject({ accepted: 40 });
    expect(await entriesOf(sold)).toBe(40);
  });

  it('a booking and a chunk are both booked if they wait for the same subscription, and none was booked on it before', async () => {
    const sold = await contract();
    await database.query('begin');
    await database.query('select from subscriptions where id = $1 for update', [sold.id]);
    const { subscriptionId: _, ...body } = rowsOf(sold, 1)[0]!;
    const entry = { ...body, activity: 'upgrade', delivery: 'remote' };
    const booking = sold.csm.post(`/v1/subscriptions/${sold.id}/time-entries`, entry);
    await waitingForLocks(1);
    const importing = importFile(sold.csm, fileOf(rowsOf(sold, 40)));
    await waitingForLocks(2);
    await database.query('rollback');
    expect((await booking).status).toBe(201);
    expect(await importing).toMatchObject({ accepted: 40, refused: 0 });
    expect(await used(sold)).toBe(1 + minutesOf(rowsOf(sold, 40)));
  });

  it('a row that causes an internal error is refused, and the other rows are booked', async () => {
    const sold = await contract();
    await database.query(`alter table time_entries add constraint no_poison check (summary not like '%poison')`);
    const rows = rowsOf(sold, 600).map((row, at) => (at === 300 ? { ...row, summary: 'poison' } : row));
    const answer = await importFile(sold.csm, fileOf(rows));
    await database.query('alter table time_entries drop constraint no_poison');
    expect(answer).toMatchObject({ accepted: 599, refused: 1, problems: [{ line: 302, code: 'internal-error' }] });
    expect(await used(sold)).toBe(answer.minutes);
  });

  it('a lost database connection interrupts the import; the same file, sent again, completes it', async () => {
    const { sold, rows, file, release, importing } = await pausedImport(service.baseUrl);
    await database.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'trm-service' and wait_event_type = 'Lock'`);
    const answer = await importing;
    await release();
    expect([answer.status, answer.body.code]).toEqual([503, 'import-interrupted']);
    const again = await importFile(admin(), file);
    expect(again).toMatchObject({ accepted: rows.length / 2, refused: 0, present: rows.length / 2 });
    await expectTotals(sold, rows.length, minutesOf(rows));
  });

  it.each([
    ['stopped', 'SIGTERM', [503, 'import-interrupted', 0]],
    ['killed', 'SIGKILL', [undefined, undefined, null]],
  ] as const)(
    'the process is %s; the same file, sent again to another instance, completes the import',
    async (_, signal, expected) => {
      const folder = mkdtempSync(join(tmpdir(), 'trm-import-'));
      chmodSync(folder, 0o755);
      const instance = new ServiceProcess({
        DATABASE_URL: service.databaseUrl,
        DATA_DIR: folder,
        SECRET_KEY: 'secret-key-of-the-tests-0123456789',
        ADMIN_TOKEN: service.adminToken,
        CLOCK: `simulated:${startOfTests}`,
        JOBS: 'off',
      });
      const url = await instance.ready();
      const { sold, rows, file, release, importing } = await pausedImport(url);
      const answered = importing.catch(() => undefined);
      instance.signal(signal);
      // The lock is released only after the instance has begun to stop, so that it books no further chunk.
      if (signal === 'SIGKILL') await instance.ended;
      else while ((await api(url).get('/health/ready')).status === 200) await pause(5);
      await release();
      const answer = await answered;
      expect([answer?.status, answer?.body.code, await instance.ended]).toEqual(expected);
      rmSync(folder, { recursive: true, force: true });

      const again = await importFile(admin(), file);
      expect(again).toMatchObject({ rows: rows.length, refused: 0 });
      expect(again.present).toBeGreaterThanOrEqual(rows.length / 2);
      expect(again.present).toBeLessThan(rows.length);
      expect(again.accepted).toBe(rows.length - again.present);
      await expectTotals(sold, rows.length, minutesOf(rows));
    },
  );
});

describe('a dry run after the end of a term', () => {
  it('judges every chunk as if the next term were open, and opens no term', async () => {
    const sold = await contract({ startsOn: '2025-07-11' });
    await service.clock.advanceTo(new Date('2026-07-11T03:00:00Z'));
    const days = ['2026-07-10', '2026-07-11'];
    const rows = rowsOf(sold, 2_400).map((row, at) => ({ ...row, minutes: 1, workDate: days[at % 2]! }));
    const file = fileOf(rows);
    const terms = (): Promise<number> => count('terms where subscription_id = $1', [sold.id]);
    const before = await terms();
    const predicted = await importFile(sold.csm, file, '?dryRun=true');
    expect([await terms(), await entriesOf(sold)]).toEqual([before, 0]);
    const real = await importFile(sold.csm, file);
    expect({ ...predicted, dryRun: false, importId: real.importId }).toEqual(real);
    expect(real.accepted).toBeGreaterThan(1_000);
    expect(await terms()).toBe(before + 1);
    expect(await used(sold)).toBeGreaterThan(0);
  });
});
