import { assert, asyncProperty, array, constantFrom, oneof, option, string, tuple } from 'fast-check';
import { Refusal } from '../src/domain/refusal.js';
import { Database } from '../src/platform/database/database.js';
import { Snapshot, type CopiedRow, type ReadAs, type Statement } from '../src/platform/database/snapshot.js';
import { emptyDatabase, type TestDatabase } from './support/database.js';

let home: TestDatabase;
let database: Database;

beforeAll(async () => {
  home = await emptyDatabase();
  database = await Database.open({ url: home.url });
});
afterAll(async () => {
  await database.close();
  await home.drop();
});

/** All rows of a query, from a new snapshot. */
async function read(statement: Statement, as?: ReadAs): Promise<CopiedRow[]> {
  const snapshot = await Snapshot.take(database, 'c');
  try {
    const found: CopiedRow[] = [];
    for await (const rows of await snapshot.rows(statement, as)) found.push(...rows);
    await snapshot.end();
    return found;
  } finally {
    snapshot.drop();
  }
}

/** A query that returns these rows. */
const tableOf = (rows: readonly CopiedRow[]): Statement => ({
  sql: `select line ->> 0, line ->> 1, line ->> 2
    from jsonb_array_elements($1) with ordinality as given (line, place) order by place`,
  values: [JSON.stringify(rows)],
});

const backend = async (snapshot: Snapshot): Promise<number> =>
  (await snapshot.query<{ pid: number }>({ sql: 'select pg_backend_pid() as pid', values: [] }))[0]!.pid;

describe('a snapshot reads without a change', () => {
  /** Characters with a special meaning in COPY, and any other text. */
  const piece = oneof(
    constantFrom(
      '\t',
      '\n',
      '\r',
      '\r\n',
      '\\',
      '\\N',
      '\\.',
      '\\t',
      '\\\\',
      '$1',
      "'",
      '"',
      ',',
      '\b',
      '\f',
      '\v',
      '設',
      '𠮷',
      '\u2028',
    ),
    string({ unit: 'binary' }).map((text) => text.replaceAll('\0', '')),
  );
  const value = option(array(piece, { maxLength: 6 }).map((pieces) => pieces.join('')));

  test('any text and null, as text and as bytes', async () => {
    await assert(
      asyncProperty(array(tuple(value, value, value), { maxLength: 40 }), async (rows) => {
        expect(await read(tableOf(rows))).toEqual(rows);
        const bytes = await read(tableOf(rows), 'bytes');
        expect(bytes.map((row) => row.map((each) => each && Buffer.from(each, 'latin1').toString()))).toEqual(rows);
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    [
      'null beside texts that look like null',
      [
        [null, '\\N', ''],
        ['', null, 'N'],
      ],
    ],
    [
      'the end marker of COPY as text',
      [
        ['\\.', 'a', 'b'],
        ['c', '\\.', ''],
      ],
    ],
    [
      'line ends of every kind',
      [
        ['a\nb', 'c\r\nd', 'e\rf'],
        ['\n', '\r', '\t'],
      ],
    ],
    [
      'backslashes before escaped characters',
      [
        ['\\\\n', '\\\n', '\\'],
        ['\\\\', '\\t\t', '\\\\\\'],
      ],
    ],
  ])('%s', async (_, rows) => {
    expect(await read(tableOf(rows))).toEqual(rows);
  });

  test('a result without rows', async () => {
    expect(await read({ sql: 'select 1 where false', values: [] })).toEqual([]);
  });

  test('a row of many chunks, with multi-byte characters at chunk borders', async () => {
    const sql = `select n, repeat('日本語𠮷 text ', $1) || n from generate_series(1, 3) as n`;
    const rows = await read({ sql, values: [400_000] });
    expect(rows).toEqual([1, 2, 3].map((n) => [String(n), `${'日本語𠮷 text '.repeat(400_000)}${n}`]));
  });

  test('many short rows', async () => {
    const rows = await read({
      sql: `select n, '日本語' || n from generate_series(1, $1::integer) as n`,
      values: [100_000],
    });
    expect(rows).toHaveLength(100_000);
    expect(rows.every(([n, text], place) => n === String(place + 1) && text === `日本語${place + 1}`)).toBe(true);
  });
});

describe('the connection of a snapshot', () => {
  const numbers: Statement = { sql: `select n, repeat('x', 1000) from generate_series(1, 100000) as n`, values: [] };

  test('returns to the pool after all rows are read', async () => {
    const first = await Snapshot.take(database, 'c');
    const pid = await backend(first);
    for await (const rows of await first.rows({ sql: 'select 1', values: [] })) expect(rows).toEqual([['1']]);
    await first.end();
    first.drop();
    const second = await Snapshot.take(database, 'c');
    expect(await backend(second)).toBe(pid);
    await second.end();
  });

  test('is destroyed if its rows are not read to the end', async () => {
    const first = await Snapshot.take(database, 'c');
    const pid = await backend(first);
    for await (const rows of await first.rows(numbers)) {
      expect(rows.length).toBeLessThan(1_000);
      break;
    }
    first.drop();
    const second = await Snapshot.take(database, 'c');
    expect(await backend(second)).not.toBe(pid);
    await second.end();
  });

  test('is destroyed if the query fails between rows, and the rows end with the error', async () => {
    const failing: Statement = { sql: 'select 1 / (50000 - n) from generate_series(1, 100000) as n', values: [] };
    await expect(read(failing)).rejects.toMatchObject({ code: '22012' });
    await expect(read({ sql: 'select * from nothing', values: [] })).rejects.toMatchObject({ code: '42P01' });
    expect(await read({ sql: 'select 1', values: [] })).toEqual([['1']]);
  });

  test('ends the rows with an error if it is lost, even before anybody reads them', async () => {
    const snapshot = await Snapshot.take(database, 'c');
    const pid = await backend(snapshot);
    const batches = await snapshot.rows(numbers);
    await database.write((tx) => tx.query('select pg_terminate_backend($1)', [pid]));
    let seen = 0;
    const reading = async (): Promise<void> => {
      for await (const rows of batches) seen += rows.length;
    };
    await expect(reading()).rejects.toThrow();
    expect(seen).toBeLessThan(100_000);
    snapshot.drop();
    expect(await read({ sql: 'select 1', values: [] })).toEqual([['1']]);
  });

  test('reports its loss even if no rows are being read', async () => {
    const snapshot = await Snapshot.take(database, 'c');
    const pid = await backend(snapshot);
    const lost = new Promise((resolve) => snapshot.onLost(resolve));
    await database.write((tx) => tx.query('select pg_terminate_backend($1)', [pid]));
    expect(await lost).toBeInstanceOf(Error);
    snapshot.drop();
  });

  test('is refused to a reader who uses two others, until one of the two ends', async () => {
    const [first, second] = await Promise.all(['a', 'a'].map((reader) => Snapshot.take(database, reader)));
    const refused = await Snapshot.take(database, 'a').catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'too-many-reports', params: { atOnce: 2 }, retryAfterSeconds: 10 });
    const other = await Snapshot.take(database, 'b');
    await first!.end();
    first!.drop();
    const third = await Snapshot.takeCurrent(database, 'a');
    await expect(Snapshot.take(database, 'a')).rejects.toMatchObject({ code: 'too-many-reports' });
    [second!, third, other].forEach((snapshot) => snapshot.drop());
  });

  test('is refused within seconds while all four are in use, and given when one is free', async () => {
    const reading = await Promise.all(['a', 'a', 'b', 'b'].map((reader) => Snapshot.take(database, reader)));
    const refused = await Snapshot.take(database, 'c').catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Refusal);
    expect(refused).toMatchObject({ code: 'reports-busy', retryAfterSeconds: 10 });
    const waiting = Snapshot.take(database, 'c');
    await reading[0]!.end();
    await (await waiting).end();
    reading.forEach((snapshot) => snapshot.drop());
  });
});
