import { Injectable } from '@nestjs/common';
import type { Transaction } from '../../platform/database.js';
import { newId } from '../../platform/ids.js';

/** What makes a file the same import: its bytes, and how they are read. */
export interface ImportIdentity {
  /** SHA-256 of the bytes, in hex. */
  sha256: string;
  /** Encoding, map of columns and defaults, written down in one way. */
  reading: string;
}

/** Lines of a file whose rows are taken, each with its minutes. */
export type TakenRows = ReadonlyMap<number, number>;

/** Which files were imported, and which of their rows. */
@Injectable()
export class ImportStore {
  /**
   * The import of a file, made where it is sent for the first time, and locked until the end of the transaction: two who
   * send the same file go through it in turns.
   */
  async hold(tx: Transaction, identity: ImportIdentity, rows: number, userId: string, now: Date): Promise<string> {
    const [held] = await tx.prepared<{ id: string }>(
      'import-hold',
      `insert into imports (id, sha256, reading, rows, status, begun_at, begun_by)
       values ($1, decode($2, 'hex'), $3, $4, 'begun', $5, $6)
       on conflict on constraint imports_once do update set rows = excluded.rows returning id`,
      [newId(), identity.sha256, identity.reading, rows, now, userId],
    );
    return held!.id;
  }

  /** The rows that are taken, at least those from one line to another, both included. */
  async taken(tx: Transaction, identity: ImportIdentity, fromLine: number, toLine: number): Promise<TakenRows> {
    const parts = await tx.prepared<{ lines: number[]; minutes: number[] }>(
      'import-taken',
      `select lines, minutes from import_parts
       where import_id = (select id from imports where sha256 = decode($1, 'hex') and reading = $2)
         and first_line <= $4 and last_line >= $3`,
      [identity.sha256, identity.reading, fromLine, toLine],
    );
    return new Map(
      parts.flatMap(({ lines, minutes }) => lines.map((line, at): [number, number] => [line, minutes[at]!])),
    );
  }

  /** Remembers rows, ascending by line, as taken. */
  async take(tx: Transaction, importId: string, rows: TakenRows, userId: string, now: Date): Promise<void> {
    const lines = [...rows.keys()];
    await tx.prepared(
      'import-take',
      `insert into import_parts (id, import_id, first_line, last_line, lines, minutes, booked_at, booked_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [newId(), importId, lines[0], lines.at(-1), lines, [...rows.values()], now, userId],
    );
  }

  /** It was gone through to its end. */
  async done(tx: Transaction, { sha256, reading }: ImportIdentity, userId: string, now: Date): Promise<void> {
    await tx.query(
      `update imports set status = 'done', done_at = $3, done_by = $4 where sha256 = decode($1, 'hex') and reading = $2`,
      [sha256, reading, now, userId],
    );
  }
}
