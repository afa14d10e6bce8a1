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

/** Each address gets a report once. */
const byEmail = ({ email }: ReportRecipient) => email.toLowerCase();

export class NewReportSchedule {
  @IsIn(reportNames)
  report!: ReportName;

  @IsIn(formatNames)
  format!: FormatName;

  /** The day of the month on which it goes out; the 31st of a shorter month is its last day. */
  @IsInt()
  @Min(1)
  @Max(31)
  dayOfMonth!: number;

  /** `HH:MM`; without it `09:00`. */
  @IsOptional()
  @Matches(timeOfDay)
  timeOfDay?: string;

  /** IANA, e.g. `Asia/Tokyo`; without it the zone of the house (`config/service.yaml`). */
  @IsOptional()
  @IsTimeZone()
  timeZone?: string;

  /** May be left out where `recipientRoles` names a role. */
  @IsOptional()
  @IsObjectOf(() => ReportRecipient, { each: true })
  @IsUniqueBy(byEmail)
  @ArrayMaxSize(mostRecipients)
  recipients?: ReportRecipient[];

  /**
   * Roles of contacts of the customer `customerId`. Each contact that has one of them when the report goes out gets it, in the
   * customer's language, with what the customer may see. Only for `usage-lines`, `usage-summary` and `entitlements`. If a role
   * reaches no contact, the user who set the report up and the operator get a mail that says so.
   */
  @IsOptional()
  @IsIn(contactRoles, { each: true })
  @ArrayUnique()
  @ArrayMaxSize(contactRoles.length)
  recipientRoles?: ContactRole[];

  /** The language of the mail and, unless `headings` says otherwise, of the headings. */
  @IsIn(languages)
  locale!: Language;

  /**
   * Which days it is about, seen from the month in which it goes out; without it `previous-month`. A year to date ends with the
   * month before: in the first month of a year it is the whole year before. `previous-fiscal-year` is the last fiscal year
   * that is over. `fiscalYearStartMonth` in `config/service.yaml` is the first month of a fiscal year.
   */
  @IsOptional()
  @IsIn(reportPeriods)
  period?: ReportPeriod;

  /** Without it `corrected`. */
  @IsOptional()
  @IsIn(bases)
  basis?: Basis;

  @IsOptional()
  @IsId()
  customerId?: string;

  /** The present CSM of the subscription, whoever it was when the work was done. */
  @IsOptional()
  @IsId()
  csmId?: string;

  @IsOptional()
  @IsIn(packageCodes)
  package?: PackageCode;

  /** The headings of a CSV or XLSX file: a language, or `names` for the stable names of the columns. */
  @IsOptional()
  @IsIn(headingChoices)
  headings?: HeadingChoice;

  /** Whether a CSV file begins with a byte order mark, by which Excel knows UTF-8. */
  @IsOptional()
  @IsBoolean()
  bom?: boolean;

  /** The encoding of a CSV file; without it `utf-8`. */
  @IsOptional()
  @IsIn(charsets)
  charset?: Charset;
}

/** What is left out stays as it is. Of months that have gone out nothing changes. */
export class ReportScheduleChange {
  @IsOptional()
  @IsIn(reportNames)
  report?: ReportName;

  @IsOptional()
  @IsIn(formatNames)
  format?: FormatName;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(31)
  dayOfMonth?: number;

  @IsOptional()
  @Matches(timeOfDay)
  timeOfDay?: string;

  @IsOptional()
  @IsTimeZone()
  timeZone?: string;

  /** All of them: the list is replaced. The links of those who leave it are dead. */
  @IsOptional()
  @IsObjectOf(() => ReportRecipient, { each: true })
  @IsUniqueBy(byEmail)
  @ArrayMaxSize(mostRecipients)
  recipients?: ReportRecipient[];

  /** All of them: the list is replaced. Links of contacts that no longer have one of the roles are dead. */
  @IsOptional()
  @IsIn(contactRoles, { each: true })
  @ArrayUnique()
  @ArrayMaxSize(contactRoles.length)
  recipientRoles?: ContactRole[];

  @IsOptional()
  @IsIn(languages)
  locale?: Language;

  @IsOptional()
  @IsIn(reportPeriods)
  period?: ReportPeriod;

  @IsOptional()
  @IsIn(bases)
  basis?: Basis;

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

  @IsOptional()
  @IsIn(headingChoices)
  headings?: HeadingChoice;

  @IsOptional()
  @IsBoolean()
  bom?: boolean;

  @IsOptional()
  @IsIn(charsets)
  charset?: Charset;
}

export class ReportScheduleOwner {
  id!: string;
  name!: string;
}

export class ReportScheduleAnswer {
  id!: string;
  /** Who set it up: the file shows what this user may see when it is made. */
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
  /** When it goes out next. */
  nextAt!: Date;
  version!: number;
  createdAt!: Date;
}

export class ReportScheduleList {
  data!: ReportScheduleAnswer[];
  nextCursor!: string | null;
}

export class ReportRunAnswer {
  /** How many mails are on their way. */
  mails!: number;
}
