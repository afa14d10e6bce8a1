import type { Readable } from 'node:stream';
import { Injectable, StreamableFile } from '@nestjs/common';
import { visibilityOf, type Visibility, type Viewer } from '../../domain/access.js';
import { Refusal } from '../../domain/refusal.js';
import { Clock } from '../../platform/clock.js';
import { Config } from '../../platform/settings/config.js';
import { Database } from '../../platform/database/database.js';
import { literalStatement, Snapshot } from '../../platform/database/snapshot.js';
import type { Ask, Part } from '../periods/month-totals.js';
import { PeriodService } from '../periods/period.service.js';
import { subscriptionAsked, Values } from './conditions.js';
import { formats, type FormatName } from './formats.js';
import { statementOf } from './printed-columns.js';
import { snapshotBody } from '../../platform/database/snapshot-body.js';
import { fileName } from './report-file-name.js';
import { previewOf, type ReportPreview, type ReportSums } from './report-preview.js';
import type { FileOptions } from './report-format.js';
import type { ReportTally } from './report-tally.js';
import type { Report, ReportFilter } from './report.js';

export type ReportRequest = Partial<ReportFilter> & FileOptions & { format?: FormatName };

export interface ReportFile {
  /** With its extension. Only letters, digits and `_.-`. */
  name: string;
  mediaType: string;
  /** Read it to its end or destroy it, because it holds a connection. It ends normally only if the file is complete. */
  body: Readable;
}

/** Writes reports of any length in constant memory: rows are read only as fast as the reader takes the file. */
@Injectable()
export class ReportService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly periods: PeriodService,
    private readonly config: Config,
  ) {}

  /** As `write`, for an HTTP response. */
  async file(
    actor: Viewer,
    report: Report,
    request: ReportRequest,
    reader: string = actor.userId,
  ): Promise<StreamableFile> {
    const { name, mediaType, body } = await this.write(actor, report, request, reader);
    return new StreamableFile(body, { type: mediaType, disposition: `attachment; filename="${name}"` });
  }

  /**
   * Writes the rows of a report that the actor may see, as a file. On the basis `closed` it reflects every closing,
   * reopening and adjustment before the request, even if it is read from a replica that lags behind.
   * @param reader the user or recipient who reads the file
   * @throws Refusal `forbidden`, `invalid-query`, `control-totals-differ`, `too-many-reports`, `reports-busy`,
   *   `database-unavailable`, `overloaded`
   */
  async write(
    actor: Viewer,
    report: Report,
    { format = 'json', headings, bom, charset, delimiter, basis = 'corrected', ...where }: ReportRequest,
    reader: string,
    tally?: ReportTally,
  ): Promise<ReportFile> {
    const fileFormat = formats[format];
    const options = { headings, bom, charset, delimiter };
    refuseContradiction(options);
    const filter = { basis, ...where };
    const visibility = visibilityOf(actor, report.permission);
    const statement = statementOf(report, visibility, filter, this.clock.now());
    const snapshot = await this.#checkedSnapshot(report, visibility, filter, reader);
    try {
      const rows = await snapshot.rows(statement, 'bytes');
      return {
        name: `${fileName(report, filter)}.${format}`,
        mediaType: fileFormat.mediaType(options),
        body: snapshotBody(
          snapshot,
          fileFormat.write(report, tally ? tally.counting(rows) : rows, options),
          this.config.httpLimits,
        ),
      };
    } catch (error) {
      snapshot.drop();
      throw error;
    }
  }

  /**
   * The first rows of a report that the actor may see, as its file would print them, and the totals of the whole file, from one
   * snapshot. Words are in this language.
   * @throws Refusal as `write`
   */
  async preview(
    actor: Viewer,
    report: Report,
    { headings: language, basis = 'corrected', ...where }: Partial<ReportFilter> & Pick<FileOptions, 'headings'>,
    mostRows: number,
  ): Promise<ReportPreview> {
    const filter = { basis, ...where };
    const visibility = visibilityOf(actor, report.permission);
    const snapshot = await this.#checkedSnapshot(report, visibility, filter, actor.userId);
    try {
      const [sums] = report.sums ? await snapshot.query<ReportSums>(report.sums(visibility, filter)) : [];
      const all = statementOf(report, visibility, filter, this.clock.now());
      const statement = sums === undefined ? all : { ...all, sql: `${all.sql} limit ${mostRows}` };
      const rows = await snapshot.rows(statement, 'bytes');
      const preview = await previewOf(report, rows, { language }, mostRows, sums);
      await snapshot.end();
      return preview;
    } catch (error) {
      snapshot.drop();
      throw error;
    }
  }

  /** A snapshot for a report. On the basis `closed`, its control totals have been compared. */
  async #checkedSnapshot(
    report: Report,
    visibility: Visibility,
    filter: ReportFilter,
    reader: string,
  ): Promise<Snapshot> {
    if (filter.basis !== 'closed') return Snapshot.take(this.database, reader);
    const snapshot = await Snapshot.takeCurrent(this.database, reader);
    if (!report.countsHoursByMonth) return snapshot;
    try {
      const ask: Ask = (asked) => snapshot.query(asked);
      await this.periods.checkControlTotals(ask, filter, visibility.kind === 'all', partAsked(visibility, filter));
      return snapshot;
    } catch (error) {
      snapshot.drop();
      throw error;
    }
  }
}

/**
 * The subscriptions of a report; undefined for all, and if only the facts stored with closed months tell which they
 * are.
 */
function partAsked(visibility: Visibility, filter: ReportFilter): Part | undefined {
  if (visibility.kind === 'all' && filter.customerId === undefined) return undefined;
  const values = new Values();
  const sql = `select s.id from subscriptions s where ${subscriptionAsked(visibility, filter, values)}`;
  return literalStatement({ sql, values: values.list });
}

/** The byte order mark, as a character. */
function refuseContradiction({ bom, charset }: FileOptions): void {
  if (bom !== true || charset !== 'cp932') return;
  throw new Refusal('invalid-query', {}, { errors: [{ pointer: '/bom', code: 'unicode-only' }] });
}
