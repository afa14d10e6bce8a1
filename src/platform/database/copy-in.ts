import { Query, type Connection } from 'pg';

/**
 * A COPY into a table that goes to the server in one piece with its rows, without waiting to be told that it may send them:
 * so it can stand between the statements of a pipeline, for which pg has no COPY. Where it fails, the server drops what is
 * left of its rows, as its protocol says, and goes on with the statement after it.
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

  /** The server is ready for the rows, which are on their way. */
  handleCopyInResponse(): void {}
}

/** With what pg's types leave out. */
type CopyingConnection = Connection & { sendCopyFromChunk: (chunk: Buffer) => void; endCopyFrom: () => void };

/** Rows in the text format of COPY. Their values must need no escapes, or have passed `copyText`. */
export function copyRows<Row>(
  rows: readonly Row[],
  valuesOf: (row: Row) => readonly (string | number | null | undefined)[],
): string {
  return rows.map((row) => `${valuesOf(row).map(written).join('\t')}\n`).join('');
}

const written = (value: string | number | null | undefined): string | number => value ?? '\\N';

/** Any text as a value of a row. */
export function copyText(text: string): string {
  return special.test(text) ? text.replaceAll(/[\\\t\n\r]/g, (character) => escapes[character]!) : text;
}

const special = /[\\\t\n\r]/;
const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
