import { Query, type Connection } from 'pg';

/**
 * A COPY into a table that sends its rows at once, without waiting for the server to ask for them. So it can stand between the
 * statements of a pipeline, for which `pg` offers no COPY; pg-copy-streams waits for the server first. If it fails, the server discards the remaining rows, as the protocol
 * demands, and goes on with the next statement.
 */
export class CopyIn extends Query {
  /** `into`: a table and its columns; `rows`: as `copyRows` writes them. */
  constructor(into: string, rows: string, ended: (error: Error | undefined) => void) {
    const sql = `COPY ${into} FROM STDIN`;
    super(sql, ended);
    this.submit = (connection): void => {
      const { sendCopyFromChunk, endCopyFrom } = connection as CopyingConnection;
      connection.query(sql);
      sendCopyFromChunk.call(connection, Buffer.from(rows));
      endCopyFrom.call(connection);
    };
  }

  /** The server asks for the rows, which have already been sent. */
  handleCopyInResponse(): void {}
}

/** Adds what the types of `pg` leave out. */
type CopyingConnection = Connection & { sendCopyFromChunk: (chunk: Buffer) => void; endCopyFrom: () => void };

/** Writes rows in the text format of COPY. A value that may need escaping must have passed `copyText`. */
export function copyRows<Row>(
  rows: readonly Row[],
  valuesOf: (row: Row) => readonly (string | number | null | undefined)[],
): string {
  return rows.map((row) => `${valuesOf(row).map(written).join('\t')}\n`).join('');
}

const written = (value: string | number | null | undefined): string | number => value ?? '\\N';

/** Escapes any text as a value of a row. */
export function copyText(text: string): string {
  return special.test(text) ? text.replaceAll(/[\\\t\n\r]/g, (character) => escapes[character]!) : text;
}

const special = /[\\\t\n\r]/;
const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
