import { OmitType, PartialType } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayUnique, IsBoolean, IsIn, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { packageCodes, type PackageCode } from '../../domain/package.js';
import { reportPeriods, type ReportPeriod } from '../../domain/report-schedule.js';
import {
  IsEmailAddress,
  IsId,
  IsName,
  IsNullable,
  IsObjectOf,
  IsTimeZone,
  IsUniqueBy,
} from '../../platform/http/fields.js';
import type { Language } from '../../domain/language.js';
import { contactRoles, type ContactRole } from '../customers/contact.js';
import { formatNames, type FormatName } from '../reports/formats.js';
import { charsets, type Charset } from '../reports/report-format.js';
import { bases, type Basis } from '../reports/report.js';
import { reportNames, type ReportName } from '../reports/reports.js';

const languages = ['en', 'ja'] as const;

/** `names`: the stable names of the columns. */
export const headingChoices = ['en', 'ja', 'names'] as const;
export type HeadingChoice = (typeof headingChoices)[number];

const mostRecipients = 20;

const timeOfDay = /^(?:[01]\d|2[0-3]):[0-5]\d$/;

export class ReportRecipient {
  @IsName({ max: 200 })
  name!: string;

  @IsEmailAddress()
  email!: string;
}

/** An address gets a report once, so it may occur only once in the list. */
const byEmail = ({ email }: ReportRecipient) => email.toLowerCase();

export class NewReportSchedule {
  @IsIn(reportNames)
  report!: ReportName;

  @IsIn(formatNames)
  format!: FormatName;

  /** The day of the month on which the report goes out. In a shorter month, it is the last day. */
  @IsInt()
  @Min(1)
  @Max(31)
  dayOfMonth!: number;

  /** `HH:MM`. Default: `09:00`. */
  @IsOptional()
  @Matches(timeOfDay)
  timeOfDay?: string;

  /** An IANA time zone. Default: the vendor's time zone in `config/service.yaml`. */
  @IsOptional()
  @IsTimeZone()
  timeZone?: string;

  /** Who gets the report. Optional if `recipientRoles` has a role. */
  @IsOptional()
  @IsObjectOf(() => ReportRecipient, { each: true })
  @IsUniqueBy(byEmail)
  @ArrayMaxSize(mostRecipients)
  recipients?: ReportRecipient[];

  /**
   * Sends the report to the contacts of the customer `customerId` that have one of these roles at that moment. They get
   * it in the customer's language, with what the customer may see. Only for `usage-lines`, `usage-summary` and
   * `entitlements`. If a role has no contact, the owner of the schedule and the operator get a mail about it.
   */
  @IsOptional()
  @IsIn(contactRoles, { each: true })
  @ArrayUnique()
  @ArrayMaxSize(contactRoles.length)
  recipientRoles?: ContactRole[];

  /** The language of the mail, and of the headings unless `headings` differs. */
  @IsIn(languages)
  locale!: Language;

  /**
   * The days that the report covers, seen from the month in which it goes out. Default: `previous-month`. A year to
   * date ends with the month before; in the first month of a year, it is the whole previous year.
   * `previous-fiscal-year` is the last fiscal year that is over; `fiscalYearStartMonth` in `config/service.yaml` sets
   * its first month.
   */
  @IsOptional()
  @IsIn(reportPeriods)
  period?: ReportPeriod;

  /** Default: `corrected`. */
  @IsOptional()
  @IsIn(bases)
  basis?: Basis;

  @IsOptional()
  @IsId()
  customerId?: string;

  /** Only subscriptions of this CSM. The present CSM counts. */
  @IsOptional()
  @IsId()
  csmId?: string;

  @IsOptional()
  @IsIn(packageCodes)
  package?: PackageCode;

  /** The language of the headings of a CSV or XLSX file, or `names` for stable names. Default: `locale`. */
  @IsOptional()
  @IsIn(headingChoices)
  headings?: HeadingChoice;

  /** `true`: a CSV file begins with a byte order mark, so that Excel recognises UTF-8. */
  @IsOptional()
  @IsBoolean()
  bom?: boolean;

  /** The encoding of a CSV file. Default: `utf-8`. */
  @IsOptional()
  @IsIn(charsets)
  charset?: Charset;
}

/** The fields that mean something else in a change. */
const changedOtherwise = ['recipients', 'recipientRoles', 'customerId', 'csmId', 'package'] as const;

/** Fields that are left out do not change. Reports that have gone out do not change either. */
export class ReportScheduleChange extends PartialType(OmitType(NewReportSchedule, changedOtherwise)) {
  /** The complete new list. Links of recipients who are no longer in it stop working. */
  @IsOptional()
  @IsObjectOf(() => ReportRecipient, { each: true })
  @IsUniqueBy(byEmail)
  @ArrayMaxSize(mostRecipients)
  recipients?: ReportRecipient[];

  /** The complete new list. Links of contacts without one of these roles stop working. */
  @IsOptional()
  @IsIn(contactRoles, { each: true })
  @ArrayUnique()
  @ArrayMaxSize(contactRoles.length)
  recipientRoles?: ContactRole[];

  @IsOptional()
  @IsNullable()
  @IsId()
  customerId?: string | null;

  @IsOptional()
  @IsNullable()
  @IsId()
  csmId?: string | null;

  @IsOptional()
  @IsNullable()
  @IsIn(packageCodes)
  package?: PackageCode | null;
}

export class ReportScheduleOwner {
  id!: string;
  name!: string;
}

export class ReportScheduleAnswer {
  id!: string;
  /** The user who created the schedule. The report shows what this user may see when it goes out. */
  owner!: ReportScheduleOwner;
  report!: ReportName;
  format!: FormatName;
  dayOfMonth!: number;
  timeOfDay!: string;
  timeZone!: string;
  recipients!: ReportRecipient[];
  recipientRoles!: ContactRole[];
  locale!: Language;
  period!: ReportPeriod;
  basis!: Basis;
  customerId!: string | null;
  csmId!: string | null;
  package!: PackageCode | null;
  headings!: HeadingChoice;
  bom!: boolean;
  charset!: Charset;
  /** When the report goes out next. */
  nextAt!: Date;
  version!: number;
  createdAt!: Date;
}

export class ReportScheduleList {
  data!: ReportScheduleAnswer[];
  nextCursor!: string | null;
}

export class ReportRunAnswer {
  /** The number of mails that were queued. */
  mails!: number;
}
