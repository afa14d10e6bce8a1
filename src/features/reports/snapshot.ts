import type { Connection, Database } from '../../platform/database.js';
import type { Row, Statement } from './report.js';

/** So many rows are in memory at one time. */
const batchRows = 500;

/**
 * The rows of one statement on one snapshot of the database, fetched a batch at a time and only when they are asked for.
 *
 * They come through a cursor of SQL: pg-query-stream never ends when its connection is lost on the way, and so would neither the
 * answer nor the hold on the connection.
 */
export class Snapshot {
  #open = true;
  #lost?: (error: Error) => void;

  private constructor(
    private readonly connection: Connection,
    private readonly first: Row[] = [],
  ) {}

  /** Takes a connection and the first batch, so that what cannot be read at all is found before a byte is sent. */
  static async take(database: Database, { sql, values }: Statement): Promise<Snapshot> {
    const connection = await database.connection('reports');
    try {
      // Nothing but the whole result is wanted: without this, plans are made for the first tenth of it.
      await connection.client.query(
        'begin isolation level repeatable read read only; set local cursor_tuple_fraction = 1',
      );
      await connection.client.query(`declare report no scroll cursor for ${sql}`, values);
      return new Snapshot(connection, await fetchRows(connection));
    } catch (error) {
      connection.release(true);
      throw error;
    }
  }

  /** All rows, once. With the last one the connection goes back. */
  async *batches(): AsyncGenerator<readonly Row[]> {
    let rows = this.first;
    while (rows.length > 0) {
      yield rows;
      rows = rows.length < batchRows ? [] : await fetchRows(this.connection);
    }
    await this.connection.client.query('commit');
    this.#release();
  }

  /** Calls back when the connection is lost, also while nobody asks for rows. */
  onLost(lost: (error: Error) => void): void {
    this.#lost = lost;
    this.connection.client.on('error', lost);
  }

  /** Gives up what has not been read. Amid a transaction, and perhaps a statement, a connection is of no use to others. */
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

async function fetchRows({ client }: Connection): Promise<Row[]> {
  return (await client.query<Row>(`fetch ${batchRows} from report`)).rows;
}
