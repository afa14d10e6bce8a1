import { escapeLiteral } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { refusalOf } from './database-errors.js';
import type { Connection, Database } from './database.js';

/** The values of a row as PostgreSQL writes them down, in the order of the statement's columns. */
export type CopiedRow = readonly (string | null)[];

export interface Statement {
  sql: string;
  /** What `$1`, `$2` … stand for. */
  values: readonly (string | number | null)[];
}

const lineFeed = 10;

/**
 * The database as it is at one moment, for as long as a reader takes: on the lane of the reports, so from the replica where
 * there is one. Rows come by COPY, as fast as they are taken and no faster: a cursor took twice as long.
 */
export class Snapshot {
  #open = true;
  #lost?: (error: Error) => void;

  private constructor(private readonly connection: Connection) {}

  /** @throws Refusal (503) where the database is away or overloaded */
  static async take(database: Database): Promise<Snapshot> {
    const connection = await database.connection('reports');
    try {
      await connection.client.query('begin isolation level repeatable read read only');
      return new Snapshot(connection);
    } catch (error) {
      connection.release(true);
      throw refusalOf(error) ?? error;
    }
  }

  /** All rows of a short statement; to be asked before `rows` are read, or after. */
  async query<Row>({ sql, values }: Statement): Promise<Row[]> {
    try {
      return (await this.connection.client.query(sql, [...values])).rows as Row[];
    } catch (error) {
      throw refusalOf(error) ?? error;
    }
  }

  /**
   * All rows of a statement, once, a batch of some hundred at a time. The first batch is read before this returns, so that what
   * cannot be read at all is found before a byte is sent.
   */
  async rows(statement: Statement): Promise<AsyncIterable<readonly CopiedRow[]>> {
    const copied = this.connection.client.query(copyTo(`copy (${withLiterals(statement)}) to stdout`));
    const batches = batchesOf(copied);
    try {
      const first = await batches.next();
      return startingWith(first, batches);
    } catch (error) {
      throw refusalOf(error) ?? error;
    }
  }

  /** Calls back when the connection is lost, also while nobody asks for rows. */
  onLost(lost: (error: Error) => void): void {
    this.#lost = lost;
    this.connection.client.on('error', lost);
  }

  /** To be called when everything that was asked for has been read: the connection goes back. */
  async end(): Promise<void> {
    await this.connection.client.query('commit');
    this.#release();
  }

  /** Gives up what has not been read. Amid a COPY a connection is of no use to others; after `end` this does nothing. */
  drop(): void {
    this.#release(true);
  }

  #release(broken?: true): void {
    if (!this.#open) return;
    this.#open = false;
    if (this.#lost) this.connection.client.off('error', this.#lost);
    this.connection.release(broken);
  }
}

/** COPY takes no parameters: they are written into the statement, quoted by the driver. */
function withLiterals({ sql, values }: Statement): string {
  return sql.replaceAll(/\$(\d+)/g, (_, place: string) => {
    const value = values[Number(place) - 1];
    if (value === undefined) throw new Error(`The statement has no value ${place}`);
    return value === null ? 'null' : escapeLiteral(String(value));
  });
}

/** A chunk ends where the network cut it: what follows its last whole line waits for the next one. */
async function* batchesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<readonly CopiedRow[], void> {
  let rest: Buffer[] = [];
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(lineFeed);
    if (end < 0) {
      rest.push(chunk);
      continue;
    }
    const whole = rest.length === 0 ? chunk.subarray(0, end) : Buffer.concat([...rest, chunk.subarray(0, end)]);
    rest = end + 1 < chunk.length ? [chunk.subarray(end + 1)] : [];
    yield whole.toString().split('\n').map(valuesOf);
  }
}

async function* startingWith<T>(first: IteratorResult<T, void>, others: AsyncGenerator<T, void>): AsyncGenerator<T> {
  if (first.done === true) return;
  yield first.value;
  yield* others;
}

const valuesOf = (line: string): CopiedRow =>
  line.includes('\\') ? line.split('\t').map(unescaped) : line.split('\t');

const escapes: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

const unescaped = (value: string): string | null =>
  value === '\\N' ? null : value.replaceAll(/\\(.)/gs, (_, character: string) => escapes[character] ?? character);
