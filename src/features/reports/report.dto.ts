import { IsIn, IsOptional } from 'class-validator';
import { packageCodes, type PackageCode } from '../../domain/package.js';
import { IsDay, IsId, IsInstant, IsNotBefore, QueryBoolean } from '../../platform/http/fields.js';
import { formatNames, type FormatName } from './formats.js';
import { charsets, delimiterNames, type Charset, type Delimiter } from './report-format.js';
import { bases, type Basis } from './report.js';

const headingLanguages = ['en', 'ja'] as const;

export class ReportQuery {
  /** The first day; without it, from the beginning. Which day of a row is meant is said of each report. */
  @IsOptional()
  @IsDay()
  from?: string;

  /** The last day, included; without it, to the end. */
  @IsOptional()
  @IsDay()
  @IsNotBefore('from')
  to?: string;

  @IsOptional()
  @IsId()
  customerId?: string;

  /** The CSM of the subscription: the present one; on the basis `closed`, of a closed month the one when it was closed. */
  @IsOptional()
  @IsId()
  csmId?: string;

  /** Of hours, the package in force on the work day; else, that of the term. */
  @IsOptional()
  @IsIn(packageCodes)
  package?: PackageCode;

  /** Without it `json`. */
  @IsOptional()
  @IsIn(formatNames)
  format?: FormatName;

  /**
   * The language of the headings of a CSV or XLSX file, and of the words under them. Without it, headings are stable names and
   * values are codes. JSON has no headings.
   */
  @IsOptional()
  @IsIn(headingLanguages)
  headings?: (typeof headingLanguages)[number];

  /** Whether a CSV file begins with a byte order mark, by which Excel knows UTF-8; other formats have none. */
  @IsOptional()
  @QueryBoolean()
  bom?: boolean;

  /**
   * The encoding of a CSV file; without it `utf-8`. `cp932` is for old versions of Excel in Japanese: a character that it lacks
   * becomes `〓`, and it has no byte order mark. Other formats are always in UTF-8.
   */
  @IsOptional()
  @IsIn(charsets)
  charset?: Charset;

  /** What stands between the cells of a CSV file; without it `comma`. */
  @IsOptional()
  @IsIn(delimiterNames)
  delimiter?: Delimiter;

  /**
   * Without it `corrected`, everything under its work day; `closed` shows months as they stood when they were closed. Reports
   * that count nothing in months are the same on both.
   */
  @IsOptional()
  @IsIn(bases)
  basis?: Basis;
}

/** For reports whose rows are made from records that have a time of recording. */
export class RecordedReportQuery extends ReportQuery {
  /** Only what was recorded at this instant or later: the change feed. */
  @IsOptional()
  @IsInstant()
  recordedSince?: string;

  /** Only what was recorded before this instant, so that two spans that meet hold nothing twice. */
  @IsOptional()
  @IsInstant()
  @IsNotBefore('recordedSince')
  recordedUntil?: string;
}
