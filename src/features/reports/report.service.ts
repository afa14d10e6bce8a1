import { Readable } from 'node:stream';
import { Injectable, StreamableFile } from '@nestjs/common';
import { sightOf, type Actor } from '../../domain/access.js';
import { Database } from '../../platform/database.js';
import { formats, type FormatName } from './formats.js';
import type { FileOptions } from './report-format.js';
import type { Report, ReportFilter } from './report.js';
import { Snapshot } from './snapshot.js';

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
    { format = 'json', headings, bom, ...filter }: ReportFilter & FileOptions & { format?: FormatName },
  ): Promise<StreamableFile> {
    const fileFormat = formats[format];
    const snapshot = await Snapshot.take(this.database, report.rows(sightOf(actor, report.permission), filter));
    return new StreamableFile(bodyOf(snapshot, fileFormat.write(report, snapshot.batches(), { headings, bom })), {
      type: fileFormat.mediaType,
      disposition: `attachment; filename="${fileName(report, filter)}.${format}"`,
    });
  }
}

/**
 * The snapshot is let go when the body ends in any way, read or not: a generator that was never begun would not clean up. An
 * error destroys the body, and with it the response, so that the reader sees a broken transfer and no trailer.
 */
function bodyOf(snapshot: Snapshot, pieces: AsyncIterable<string>): Readable {
  const iterator = pieces[Symbol.asyncIterator]();
  const body = new Readable({
    read() {
      iterator.next().then(
        ({ done, value }) => this.push(done === true ? null : value),
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
