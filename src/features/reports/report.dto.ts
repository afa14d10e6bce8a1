import { IsIn, IsOptional } from 'class-validator';
import { packageCodes, type PackageCode } from '../../domain/package.js';
import { IsDay, IsId, QueryBoolean } from '../../platform/http/fields.js';
import { formatNames, type FormatName } from './formats.js';
import { bases, type Basis } from './report.js';

const headingLanguages = ['en', 'ja'] as const;

export class ReportQuery {
  /** The first day; without it, from the beginning. */
  @IsOptional()
  @IsDay()
  from?: string;

  /** The last day, included; without it, to the end. */
  @IsOptional()
  @IsDay()
  to?: string;

  @IsOptional()
  @IsId()
  customerId?: string;

  /** The CSM of the subscription. */
  @IsOptional()
  @IsId()
  csmId?: string;

  /** The package in force on the work day. */
  @IsOptional()
  @IsIn(packageCodes)
  package?: PackageCode;

  /** Without it `json`. */
  @IsOptional()
  @IsIn(formatNames)
  format?: FormatName;

  /** The language of the headings of a CSV file; without it they are the stable names of the columns. */
  @IsOptional()
  @IsIn(headingLanguages)
  headings?: (typeof headingLanguages)[number];

  /** Whether a CSV file begins with a byte order mark, by which Excel knows UTF-8. */
  @IsOptional()
  @QueryBoolean()
  bom?: boolean;

  /** Without it `corrected`, everything under its work day; `closed` shows months as they stood when they were closed. */
  @IsOptional()
  @IsIn(bases)
  basis?: Basis;
}
