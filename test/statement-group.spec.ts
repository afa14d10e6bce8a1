import { Database } from '../src/platform/database/database.js';
import type { PipelinedTransaction } from '../src/platform/database/transaction.js';
import { testDatabase, type TestDatabase } from './support/database.js';

describe('a group of statements', () => {
  let test: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    test = await testDatabase();
    // With one connection, all transactions of this spec see its prepared statements.
    database = await Database.open({ url: test.url, mostOfLane: 1 });
    await database.write((tx) => tx.query('CREATE TABLE note (id int PRIMARY KEY, text text)'));
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });
  beforeEach(() => database.write((tx) => tx.query('TRUNCATE note')));

  const notes = (): Promise<{ id: number; text: string }[]> =>
    database.read((tx) => tx.query('SELECT * FROM note ORDER BY id'));
  const add = (tx: PipelinedTransaction, id: number, text: string | null = null): Promise<unknown> =>
    tx.prepared('test-add', 'INSERT INTO note VALUES ($1, $2)', [id, text]);
  const divided = (tx: PipelinedTransaction, by: number): Promise<{ result: number }[]> =>
    tx.prepared('test-divided', 'SELECT 10 / $1::int AS result', [by]);

  it('runs in order, each statement sees the ones before it, and each has its own rows', async () => {
    const results = await database.pipelined((tx) =>
      tx.together(() => [
        add(tx, 1, 'あ'),
        tx.query('SELECT text FROM note'),
        tx.prepared('test-dates', 'SELECT $1::date AS day, NULL AS nothing', ['2026-02-28']),
        add(tx, 2),
        tx.query('SELECT count(*) FROM note'),
      ]),
    );
    expect(results).toEqual([[], [{ text: 'あ' }], [{ day: '2026-02-28', nothing: null }], [], [{ count: 2 }]]);
  });

  it('parses a named statement once for each connection', async () => {
    const parsedAt = (): Promise<{ at: Date }[]> =>
      database.pipelined((tx) =>
        tx.query(`SELECT prepare_time AS at FROM pg_prepared_statements WHERE name = 'test-divided'`),
      );
    await database.pipelined((tx) => divided(tx, 2));
    const first = await parsedAt();
    const again = await database.pipelined((tx) => tx.together(() => [divided(tx, 5), divided(tx, 1)] as const));
    expect(again).toEqual([[{ result: 2 }], [{ result: 10 }]]);
    expect(first).toHaveLength(1);
    expect(await parsedAt()).toEqual(first);
  });

  it('fails as a whole if one statement fails, and nothing is committed', async () => {
    const statements = database.pipelined(async (tx) => {
      const [outcomes] = await tx.together(
        () =>
          [
            Promise.allSettled([add(tx, 1), divided(tx, 0), tx.prepared('test-skipped', 'SELECT 1 AS one', [])]),
          ] as const,
      );
      expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
      tx.last(() => add(tx, 2));
    });
    await expect(statements).rejects.toThrow('current transaction is aborted');
    expect(await notes()).toEqual([]);
  });

  it('can be sent again after it failed, also with statements that the server never parsed', async () => {
    await expect(
      database.pipelined((tx) =>
        tx.together(() => [divided(tx, 0), tx.prepared('test-never-parsed', 'SELECT 1 AS one', [])] as const),
      ),
    ).rejects.toThrow('division by zero');
    expect(
      await database.pipelined((tx) =>
        tx.together(() => [divided(tx, 5), tx.prepared('test-never-parsed', 'SELECT 1 AS one', [])] as const),
      ),
    ).toEqual([[{ result: 2 }], [{ one: 1 }]]);
  });

  it('can be sent again after the server could not parse a statement', async () => {
    const missing = (): Promise<unknown> =>
      database.pipelined((tx) => tx.together(() => [tx.prepared('test-missing', 'SELECT id FROM missing', [])]));
    await expect(missing()).rejects.toThrow('relation "missing" does not exist');
    await database.write((tx) => tx.query('CREATE TABLE missing (id int)'));
    expect(await missing()).toEqual([[]]);
  });

  it('sends nothing if a value cannot be sent', async () => {
    const unsendable = {
      toPostgres(): never {
        throw new Error('no text for this value');
      },
    };
    const failed = database.pipelined((tx) => {
      tx.last(() => add(tx, 1));
      tx.last(() => tx.query('SELECT $1::text', [unsendable]));
      return Promise.resolve();
    });
    await expect(failed).rejects.toThrow('no text for this value');
    expect(await notes()).toEqual([]);
  });

  it('commits all of its last statements, or nothing', async () => {
    const commit = (by: number): Promise<void> =>
      database.pipelined((tx) => {
        tx.last(() => add(tx, by, 'last'));
        tx.last(() => divided(tx, by));
        return Promise.resolve();
      });
    await expect(commit(0)).rejects.toThrow('division by zero');
    await commit(5);
    expect(await notes()).toEqual([{ id: 5, text: 'last' }]);
  });
});
