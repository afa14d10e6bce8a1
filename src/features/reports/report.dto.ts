import { IsIn, IsOptional } from 'class-validator';
import { packageCodes, type PackageCode } from '../../domain/package.js';
import { IsId, IsInstant, IsNotBefore, QueryBoolean } from '../../platform/http/fields.js';
import { DayRange } from '../../platform/http/day-range.dto.js';
import { formatNames, type FormatName } from './formats.js';
import { charsets, delimiterNames, type Charset, type Delimiter } from './report-format.js';
import { bases, type Basis } from './report.js';

const headingLanguages = ['en', 'ja'] as const;

export class ReportQuery extends DayRange {
  @IsOptional()
  @IsId()
  customerId?: string;

  /** The present CSM of the subscription. On the basis `closed`, the CSM when the month was closed. */
  @IsOptional()
  @IsId()
  csmId?: string;

  /** For time entries, the package on the work day; otherwise the package of the term. */
  @IsOptional()
  @IsIn(packageCodes)
  package?: PackageCode;

  /** Default: `json`. */
  @IsOptional()
  @IsIn(formatNames)
  format?: FormatName;

  /** The language of headings and codes in a CSV or XLSX file. Default: stable names and codes. Other formats ignore it. */
  @IsOptional()
  @IsIn(headingLanguages)
  headings?: (typeof headingLanguages)[number];

  /** `true`: a CSV file begins with a byte order mark, so that Excel recognises UTF-8. Only for CSV. */
  @IsOptional()
  @QueryBoolean()
  bom?: boolean;

  /**
   * The encoding of a CSV file. Default: `utf-8`. `cp932` is for old versions of Excel in Japanese; characters that it
   * lacks become `〓`.
   */
  @IsOptional()
  @IsIn(charsets)
  charset?: Charset;

  /** The separator between the cells of a CSV file. Default: `comma`. */
  @IsOptional()
  @IsIn(delimiterNames)
  delimiter?: Delimiter;

  /**
   * `corrected` (default): everything counts on its work day. `closed`: each month shows what it showed when it was
   * closed, and later changes count in later months.
   */
  @IsOptional()
  @IsIn(bases)
  basis?: Basis;
}

/** The query of reports whose rows have a time of recording. */
export class RecordedReportQuery extends ReportQuery {
  /** Only rows that were recorded at this instant or later. Use it to read changes since the last export. */
  @IsOptional()
  @IsInstant()
  recordedSince?: string;

  /** Only rows that were recorded before this instant. So two spans that meet have no row in common. */
  @IsOptional()
  @IsInstant()
  @IsNotBefore('recordedSince')
  recordedUntil?: string;
}
