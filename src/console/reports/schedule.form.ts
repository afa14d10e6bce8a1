import { IsIn, IsOptional, Matches } from 'class-validator';
import { languages, type Language } from '../../domain/language.js';
import type { FieldError } from '../../domain/field-errors.js';
import { packageCodes, type PackageCode } from '../../domain/package.js';
import { Refusal } from '../../domain/refusal.js';
import { reportPeriods, type ReportPeriod } from '../../domain/report-schedule.js';
import { IsId, isEmailAddress, IsText, IsTimeZone } from '../../platform/http/fields.js';
import { contactRoles, type ContactRole } from '../../features/customers/contact.js';
import { formatNames, type FormatName } from '../../features/reports/formats.js';
import { charsets, type Charset } from '../../features/reports/report-format.js';
import { bases, type Basis } from '../../features/reports/report.js';
import { reportNames, type ReportName } from '../../features/reports/reports.js';
import type { NewReportSchedule, ReportRecipient } from '../../features/schedules/report-schedule.dto.js';
import { headingChoices } from './report-choice.js';

/** What a form about a schedule sends. The first fields come from the choice of the report. */
export class ScheduleForm {
  @IsIn(reportNames)
  report!: ReportName;

  @IsIn(reportPeriods)
  period!: ReportPeriod;

  @IsIn(bases)
  basis!: Basis;

  @IsIn(formatNames)
  format!: FormatName;

  @IsIn(headingChoices)
  headings!: (typeof headingChoices)[number];

  @IsOptional()
  @IsIn(charsets)
  charset?: Charset;

  @IsOptional()
  @IsIn(['true'])
  bom?: 'true';

  @IsOptional()
  @IsId()
  customerId?: string;

  @IsOptional()
  @IsId()
  csmId?: string;

  @IsOptional()
  @IsIn(packageCodes)
  package?: PackageCode;

  @Matches(/^(?:[1-9]|[12]\d|3[01])$/)
  dayOfMonth!: string;

  @Matches(/^(?:[01]\d|2[0-3]):[0-5]\d$/)
  timeOfDay!: string;

  @IsTimeZone()
  timeZone!: string;

  @IsIn(languages)
  locale!: Language;

  /** One recipient on each line: `Name <address>`, or an address alone. */
  @IsOptional()
  @IsText({ max: 10_000 })
  recipients?: string;

  @IsOptional()
  @IsIn(contactRoles)
  role?: ContactRole;
}

/** @throws Refusal `malformed-body` if a line of the recipients has no address */
export function scheduleOf({ bom, dayOfMonth, recipients = '', role, ...form }: ScheduleForm): NewReportSchedule {
  return {
    ...form,
    dayOfMonth: Number(dayOfMonth),
    bom: bom === 'true',
    recipients: recipientsOf(recipients),
    recipientRoles: role === undefined ? [] : [role],
  };
}

/** Recipients as the form shows them. */
export const recipientsText = (recipients: readonly ReportRecipient[]): string =>
  recipients.map(({ name, email }) => `${name} <${email}>`).join('\n');

function recipientsOf(text: string): ReportRecipient[] {
  const errors: FieldError[] = [];
  const recipients = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line): ReportRecipient => {
      const [, name, bracketed] = /^(.*?)\s*<([^<>]+)>$/.exec(line) ?? [];
      const email = (bracketed ?? line).trim();
      if (!isEmailAddress(email)) errors.push({ pointer: '/recipients', code: 'email' });
      return { name: name ? name : email, email };
    });
  if (errors.length > 0) throw new Refusal('malformed-body', {}, { errors });
  return recipients;
}
