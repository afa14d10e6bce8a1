import { Readable } from 'node:stream';
import { Injectable, StreamableFile } from '@nestjs/common';
import { sightOf, type Actor } from '../../domain/access.js';
import { Database } from '../../platform/database.js';
import { Snapshot, type Statement } from '../../platform/snapshot.js';
import { formats, type FormatName } from './formats.js';
import { askedFor } from './printed-columns.js';
import type { FileOptions } from './report-format.js';
import type { Report, ReportFilter } from './report.js';

export type ReportRequest = Partial<ReportFilter> & FileOptions & { format?: FormatName };

/** Writes reports, however long, in constant memory: rows are read as fast as the reader takes the file. */
@Injectable()
export class ReportService {
  constructor(private readonly database: Database) {}

  /**
   * The rows of a report that are in the actor's sight, as a file.
   * @throws Refusal `forbidden`, `database-unavailable`, `overloaded`
   */
  async file(
    actor: Actor,
    report: Report,
    { format = 'json', headings, bom, basis = 'corrected', ...where }: ReportRequest,
  ): Promise<StreamableFile> {
    const fileFormat = formats[format];
    const filter = { basis, ...where };
    const statement = narrowed(report, report.rows(sightOf(actor, report.permission), filter));
    const snapshot = await Snapshot.take(this.database);
    try {
      const rows = await snapshot.rows(statement);
      return new StreamableFile(bodyOf(snapshot, fileFormat.write(report, rows, { headings, bom })), {
        type: fileFormat.mediaType,
        disposition: `attachment; filename="${fileName(report, filter)}.${format}"`,
      });
    } catch (error) {
      snapshot.drop();
      throw error;
    }
  }
}

/** Just the columns of the report, in their order. */
function narrowed(report: Report, { sql, values }: Statement): Statement {
  const names = askedFor(report).map((name) => `"${name}"`);
  return { sql: `select ${names.join(', ')} from (${sql}) as report`, values };
}

/**
 * The snapshot is let go when the body ends in any way, read or not: a generator that was never begun would not clean up. An
 * error destroys the body, and with it the response, so that the reader sees a broken transfer and no trailer.
 */
function bodyOf(snapshot: Snapshot, pieces: AsyncIterable<string | Uint8Array>): Readable {
  const iterator = pieces[Symbol.asyncIterator]();
  const nextPiece = async () => {
    const piece: IteratorResult<string | Uint8Array, unknown> = await iterator.next();
    if (piece.done !== true) return piece.value;
    // Only who has read everything may see the end of the file.
    await snapshot.end();
    return null;
  };
  const body = new Readable({
    read() {
      nextPiece().then(
        (piece) => this.push(piece),
        (error: unknown) => this.destroy(error instanceof Error ? error : new Error(String(error))),
      );
    },
    destroy(error, done) {
      snapshot.drop();
      done(error);
    },
  });
  snapshot.onLost((error) => body.destroy(error));
  return body;
}

/** For instance `usage-lines_from_2026-04-01_to_2026-04-30`. */
function fileName({ name }: Report, { from, to }: ReportFilter): string {
  return [name, from && `from_${from}`, to && `to_${to}`].filter((part) => part !== undefined).join('_');
}
