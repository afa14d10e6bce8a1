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
import type { FileOptions } from './report-format.js';
import type { ReportTally } from './report-tally.js';
import type { Report, ReportFilter } from './report.js';

export type ReportRequest = Partial<ReportFilter> & FileOptions & { format?: FormatName };

export interface ReportFile {
  /** With its extension; letters, digits and `_.-` only. */
  name: string;
  mediaType: string;
  /** To be read to its end or destroyed, as it holds a connection; it ends only where the file is complete. */
  body: Readable;
}

/** Writes reports, however long, in constant memory: rows are read as fast as the reader takes the file. */
@Injectable()
export class ReportService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly periods: PeriodService,
    private readonly config: Config,
  ) {}

  /** As `write`, for an answer. */
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
   * The rows of a report that are in the actor's visibility, as a file. On the basis `closed` they contain every closing, reopening and
   * adjustment before the request, also where reports come from a replica that lags behind.
   * @param reader who takes the file, as one person
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
    const snapshot = await (basis === 'closed'
      ? Snapshot.takeCurrent(this.database, reader)
      : Snapshot.take(this.database, reader));
    try {
      if (basis === 'closed' && report.countsHoursByMonth) {
        const ask: Ask = (asked) => snapshot.query(asked);
        await this.periods.checkControlTotals(ask, filter, visibility.kind === 'all', partAsked(visibility, filter));
      }
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
}

/** The subscriptions that a report is about; undefined where these are all, or not known without reading what closed months kept. */
function partAsked(visibility: Visibility, filter: ReportFilter): Part | undefined {
  if (visibility.kind === 'all' && filter.customerId === undefined) return undefined;
  const values = new Values();
  const sql = `select s.id from subscriptions s where ${subscriptionAsked(visibility, filter, values)}`;
  return literalStatement({ sql, values: values.list });
}

/** A byte order mark is a character of Unicode. */
function refuseContradiction({ bom, charset }: FileOptions): void {
  if (bom !== true || charset !== 'cp932') return;
  throw new Refusal('invalid-query', {}, { errors: [{ pointer: '/bom', code: 'unicode-only' }] });
}
