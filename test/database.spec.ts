import * as fc from 'fast-check';
import { copyRows, copyText } from '../src/platform/database/copy-in.js';
import { Database } from '../src/platform/database/database.js';
import type { Transaction } from '../src/platform/database/transaction.js';
import { type SimulatedClock, SystemClock } from '../src/platform/clock.js';
import { startClock } from '../src/platform/simulated-clock.store.js';
import { testDatabase, type TestDatabase } from './support/database.js';

/** Any character that PostgreSQL accepts in text, often one with a special meaning in COPY. */
const anyCharacter = fc.oneof(
  fc.constantFrom('\\', '\t', '\n', '\r', 'N', '.', '\b', 'あ'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }).filter((character) => character !== '\0'),
);

describe('the database', () => {
  let test: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    test = await testDatabase();
    database = await Database.open({ url: test.url });
    await database.write((tx) => tx.query('CREATE TABLE note (id int PRIMARY KEY, text text)'));
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });
  beforeEach(() => database.write((tx) => tx.query('TRUNCATE note')));

  const notes = (): Promise<{ id: number; text: string }[]> =>
    database.read((tx) => tx.query('SELECT * FROM note ORDER BY id'));
  const add = (tx: Transaction, id: number): Promise<unknown> => tx.query('INSERT INTO note VALUES ($1)', [id]);

  it('returns days as text, counts as numbers and instants as dates, also in lists', async () => {
    const [row] = await database.read((tx) =>
      tx.query(`SELECT date '2026-02-28' AS day, 7::int8 AS count, timestamptz '2026-02-28T00:00:00Z' AS at,
                       ARRAY[date '2026-02-28'] AS days, ARRAY[7::int8, NULL] AS counts, 1.50::numeric AS money`),
    );
    expect(row).toEqual({
      day: '2026-02-28',
      count: 7,
      at: new Date('2026-02-28T00:00:00Z'),
      days: ['2026-02-28'],
      counts: [7, null],
      money: '1.50',
    });
  });

  it('writes all or nothing, and runs effects only after the commit', async () => {
    const effects: string[] = [];
    const failed = database.write(async (tx) => {
      await add(tx, 1);
      tx.afterCommit(() => effects.push('failed'));
      throw new Error('changed my mind');
    });
    await expect(failed).rejects.toThrow('changed my mind');
    expect(await notes()).toEqual([]);

    await database.write(async (tx) => {
      tx.afterCommit(() => effects.push('written'));
      await add(tx, 1);
      expect(effects).toEqual([]);
    });
    expect(await notes()).toHaveLength(1);
    expect(effects).toEqual(['written']);
  });

  it.each(['write', 'pipelined'] as const)('rolls back `%s` on request, and still returns its result', async (way) => {
    const effects: string[] = [];
    const result = await database[way](async (tx: Transaction) => {
      tx.rollBackAtEnd();
      tx.afterCommit(() => effects.push('written'));
      await add(tx, 1);
      return tx.query('SELECT id FROM note');
    });
    expect(result).toEqual([{ id: 1 }]);
    expect(await notes()).toEqual([]);
    expect(effects).toEqual([]);
  });

  it.each(['write', 'pipelined'] as const)(
    'undoes only the failing part of `%s`, also after an SQL error',
    async (way) => {
      const effects: string[] = [];
      const addWithEffect = async (tx: Transaction, id: number): Promise<void> => {
        await add(tx, id);
        tx.afterCommit(() => effects.push(`added ${id}`));
      };
      await database[way](async (tx: Transaction) => {
        await addWithEffect(tx, 1);
        const failing = tx.withSavepoint(async () => {
          await addWithEffect(tx, 2);
          await tx.withSavepoint(() => addWithEffect(tx, 3));
          const nested = tx.withSavepoint(async () => {
            await addWithEffect(tx, 4);
            throw new Error('the inner part');
          });
          await expect(nested).rejects.toThrow('the inner part');
          expect(await tx.query('SELECT id FROM note ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
          await add(tx, 1);
        });
        await expect(failing).rejects.toThrow('duplicate key');
        const returned = await tx.withSavepoint(async () => {
          await addWithEffect(tx, 5);
          return 'five';
        });
        expect(returned).toBe('five');
        await addWithEffect(tx, 6);
      });
      expect((await notes()).map(({ id }) => id)).toEqual([1, 5, 6]);
      expect(effects).toEqual(['added 1', 'added 5', 'added 6']);
    },
  );

  it('copies rows with any text in the middle of a pipeline', async () => {
    const property = fc.asyncProperty(fc.array(fc.string({ unit: anyCharacter, maxLength: 20 })), async (texts) => {
      await database.write((tx) => tx.query('TRUNCATE note'));
      const rows = copyRows([...texts.entries()], ([id, text]) => [id, copyText(text)]);
      const counted = await database.pipelined(async (tx) => {
        const [, copied, count] = await tx.together(
          () =>
            [
              add(tx, -1),
              tx.copyIn('note (id, text)', rows),
              tx.query<{ n: number }>('SELECT count(*) AS n FROM note'),
            ] as const,
        );
        expect(copied).toBeUndefined();
        return count[0]!.n;
      });
      expect(counted).toBe(texts.length + 1);
      expect(await notes()).toEqual([{ id: -1, text: null }, ...texts.map((text, id) => ({ id, text }))]);
    });
    await fc.assert(property, { numRuns: 30 });
  });

  it.each([
    [
      'a row that violates a constraint',
      'note (id, text)',
      [
        [2, 'two'],
        [1, 'one'],
        [3, 'three'],
      ],
      /note_pkey/,
    ],
    [
      'a row with a malformed value',
      'note (id, text)',
      [
        [2, 'two'],
        ['x', 'one'],
        [3, 'three'],
      ],
      /invalid input syntax/,
    ],
    ['a missing table', 'nothing (id, text)', [[2, 'two']], /"nothing" does not exist/],
  ] as const)('fails the transaction, but keeps the connection, after a copy with %s', async (_, into, rows, why) => {
    await database.write((tx) => add(tx, 1));
    const lines = copyRows<readonly (string | number)[]>(rows, (row) => row);
    const failed = database.pipelined(async (tx) => {
      await tx.together(() => [tx.copyIn(into, lines), add(tx, 5)] as const);
    });
    await expect(failed).rejects.toThrow(why);
    const last = database.pipelined((tx) => {
      tx.last(() => tx.copyIn(into, lines));
      return Promise.resolve();
    });
    await expect(last).rejects.toThrow(why);
    expect(await notes()).toEqual([{ id: 1, text: null }]);
    await database.pipelined((tx) =>
      tx.copyIn(
        'note (id, text)',
        copyRows([[2, null]], (row) => row),
      ),
    );
    expect(await notes()).toHaveLength(2);
  });

  it('runs plain SQL and TypeORM in one transaction', async () => {
    const failed = database.write(async (tx) => {
      await add(tx, 1);
      await tx.manager.query('INSERT INTO note VALUES (2)');
      expect(await tx.prepared('count-notes', 'SELECT count(*) AS n FROM note WHERE id > $1', [0])).toEqual([{ n: 2 }]);
      await tx.manager.transaction((inner) => inner.query('INSERT INTO note VALUES (3)'));
      throw new Error('changed my mind');
    });
    await expect(failed).rejects.toThrow('changed my mind');
    expect(await notes()).toEqual([]);
  });

  it('refuses writes in a read transaction', async () => {
    await expect(database.read((tx) => add(tx, 1))).rejects.toThrow('read-only');
  });

  it('reads one snapshot in a read transaction', async () => {
    await database.read(async (tx) => {
      expect(await tx.query('SELECT FROM note')).toHaveLength(0);
      await database.write((other) => add(other, 1));
      expect(await tx.query('SELECT FROM note')).toHaveLength(0);
    });
  });

  it('repeats a transaction after a deadlock', async () => {
    await database.write((tx) => tx.query(`INSERT INTO note VALUES (1, ''), (2, '')`));
    let attempts = 0;
    let locked = 0;
    let bothLocked = (): void => undefined;
    const eachHasOne = new Promise<void>((resolve) => (bothLocked = resolve));
    const lockBoth = (first: number, second: number): Promise<unknown> =>
      database.write(async (tx) => {
        attempts++;
        const lock = 'UPDATE note SET text = text || $2 WHERE id = $1';
        await tx.query(lock, [first, 'x']);
        if (++locked === 2) bothLocked();
        await eachHasOne;
        await tx.query(lock, [second, 'x']);
      });
    await Promise.all([lockBoth(1, 2), lockBoth(2, 1)]);
    expect(attempts).toBeGreaterThan(2);
    expect((await notes()).map(({ text }) => text)).toEqual(['xx', 'xx']);
  });

  it('refuses to commit if the caller hid an error', async () => {
    const hidden = database.write(async (tx) => {
      await add(tx, 1);
      await add(tx, 1).catch(() => undefined);
    });
    await expect(hidden).rejects.toThrow('Nothing was committed');
    expect(await notes()).toEqual([]);
  });

  it('refuses queries after the end of their transaction', async () => {
    const ended = await database.write(async (tx) => tx);
    await expect(ended.query('SELECT 1')).rejects.toThrow('has ended');
  });

  it('survives the loss of busy and idle connections, and asks the caller of a lost one to retry', async () => {
    const lost = database.write(async (tx) => {
      await tx.query('SELECT pg_terminate_backend(pg_backend_pid())');
    });
    await expect(lost).rejects.toMatchObject({ code: 'database-unavailable', retryAfterSeconds: 5 });
    await database.write((tx) =>
      tx.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      ),
    );
    // The pool notices a lost connection only when its socket closes, after an unknown time.
    while (!(await database.answers(2000))) await new Promise((resolve) => setTimeout(resolve, 10));
  });

  it('uses generic plans for bookings, and sets no time limit for reports', async () => {
    const settings = {
      ordinary: ['auto', '1min'],
      booking: ['force_generic_plan', '1min'],
      reports: ['auto', '0'],
    } as const;
    for (const lane of ['ordinary', 'booking', 'reports'] as const) {
      const { client, release } = await database.connection(lane);
      const { rows } = await client.query(
        `SELECT current_setting('plan_cache_mode') AS plans, current_setting('statement_timeout') AS patience`,
      );
      release();
      expect([rows[0].plans, rows[0].patience]).toEqual(settings[lane]);
    }
  });

  it('cannot be opened without a server', async () => {
    await expect(Database.open({ url: 'postgres://nobody@127.0.0.1:1/none' })).rejects.toThrow('ECONNREFUSED');
  });
});

describe('the clock', () => {
  let test: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    test = await testDatabase();
    database = await Database.open({ url: test.url });
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  const simulated = async (startsAt: string): Promise<SimulatedClock> =>
    (await startClock(database, { kind: 'simulated', startsAt: new Date(startsAt) })) as SimulatedClock;

  it('stands still until it is advanced, and never goes back', async () => {
    const clock = await simulated('2026-04-01T00:00:00Z');
    expect(clock.now()).toEqual(new Date('2026-04-01T00:00:00Z'));
    await clock.advanceTo(new Date('2026-05-01T00:00:00Z'));
    expect(clock.now()).toEqual(new Date('2026-05-01T00:00:00Z'));
    await expect(clock.advanceTo(new Date('2026-04-30T00:00:00Z'))).rejects.toThrow(RangeError);
    await expect(clock.advanceTo(new Date('never'))).rejects.toThrow(RangeError);
    expect(clock.now()).toEqual(new Date('2026-05-01T00:00:00Z'));
  });

  it('continues after a restart from the stored or the configured moment, whichever is later', async () => {
    expect((await simulated('2026-04-01T00:00:00Z')).now()).toEqual(new Date('2026-05-01T00:00:00Z'));
    expect((await simulated('2026-06-01T00:00:00Z')).now()).toEqual(new Date('2026-06-01T00:00:00Z'));
  });

  it('forgets the simulated time after a start with the system clock', async () => {
    expect(await startClock(database, { kind: 'system' })).toBeInstanceOf(SystemClock);
    expect((await simulated('2026-04-01T00:00:00Z')).now()).toEqual(new Date('2026-04-01T00:00:00Z'));
  });
});
