import { IsIn, IsOptional } from 'class-validator';
import type { Day } from '../../domain/calendar.js';
import { packageCodes, type PackageCode } from '../../domain/package.js';
import type { ReportDays } from '../../domain/report-schedule.js';
import { IsDay, IsId, IsName, IsNotBefore } from '../../platform/http/fields.js';
import { readForm, type Form } from '../../platform/pages/form.js';
import { formatNames, type FormatName } from '../../features/reports/formats.js';
import { charsets, delimiterNames, type Charset, type Delimiter } from '../../features/reports/report-format.js';
import type { ReportRequest } from '../../features/reports/report.service.js';
import { bases, type Basis } from '../../features/reports/report.js';
import { reportNames, type ReportName } from '../../features/reports/reports.js';
import type { PageReader } from '../page/console-page.js';
import { daysOfRange, ranges, type ReportRange } from './report-range.js';

/** `names`: the stable names of the columns, and codes instead of words. */
export const headingChoices = ['en', 'ja', 'names'] as const;
type HeadingChoice = (typeof headingChoices)[number];

/** The parameters of the address of a report. Any value is read: the page shows at its field what is wrong with it. */
export class ReportAddress {
  @IsOptional()
  report?: unknown;

  @IsOptional()
  range?: unknown;

  @IsOptional()
  from?: unknown;

  @IsOptional()
  to?: unknown;

  @IsOptional()
  customer?: unknown;

  @IsOptional()
  customerId?: unknown;

  @IsOptional()
  csmId?: unknown;

  @IsOptional()
  package?: unknown;

  @IsOptional()
  basis?: unknown;

  @IsOptional()
  format?: unknown;

  @IsOptional()
  headings?: unknown;

  @IsOptional()
  delimiter?: unknown;

  @IsOptional()
  charset?: unknown;

  @IsOptional()
  bom?: unknown;
}

/** A report as the reader chose it. */
export class ReportChoice {
  @IsOptional()
  @IsIn(reportNames)
  report?: ReportName;

  @IsOptional()
  @IsIn(ranges)
  range?: ReportRange;

  @IsOptional()
  @IsDay()
  from?: string;

  @IsOptional()
  @IsDay()
  @IsNotBefore('from')
  to?: string;

  /** A part of the customer's name, until one customer is chosen. */
  @IsOptional()
  @IsName({ max: 200 })
  customer?: string;

  @IsOptional()
  @IsId()
  customerId?: string;

  @IsOptional()
  @IsId()
  csmId?: string;

  @IsOptional()
  @IsIn(packageCodes)
  package?: PackageCode;

  @IsOptional()
  @IsIn(bases)
  basis?: Basis;

  @IsOptional()
  @IsIn(formatNames)
  format?: FormatName;

  @IsOptional()
  @IsIn(headingChoices)
  headings?: HeadingChoice;

  @IsOptional()
  @IsIn(delimiterNames)
  delimiter?: Delimiter;

  @IsOptional()
  @IsIn(charsets)
  charset?: Charset;

  @IsOptional()
  @IsIn(['true'])
  bom?: 'true';
}

/** The names of the parameters in the order of the form. */
export const choiceFields = [
  'report',
  'range',
  'from',
  'to',
  'customerId',
  'csmId',
  'package',
  'basis',
  'format',
  'headings',
  'delimiter',
  'charset',
  'bom',
] as const satisfies readonly (keyof ReportChoice)[];

/** Reads the choice out of the query of an address. */
export const choiceOf = (query: ReportAddress): Form<ReportChoice> => readForm(ReportChoice, query);

/** The report, its days and its options, with the defaults for what was not chosen. */
export interface ChosenReport {
  report: ReportName;
  range: ReportRange;
  days: ReportDays;
  request: ReportRequest & { format: FormatName };
  headings: HeadingChoice;
}

/** Without days the choice covers the month before; renewals, whose deadlines are ahead, cover the coming months. */
export function chosenReport(
  { report = 'usage-lines', range, from, to, headings, bom, customer: _, ...choice }: ReportChoice,
  { today, language }: Pick<PageReader, 'today' | 'language'>,
  fiscalYearStartMonth: number,
): ChosenReport {
  const chosenRange = range ?? rangeWithout(report, from, to);
  const days = daysOfRange(chosenRange, today, fiscalYearStartMonth, { from, to });
  const chosenHeadings = headings ?? language;
  return {
    report,
    range: chosenRange,
    days,
    headings: chosenHeadings,
    request: {
      ...choice,
      ...days,
      format: choice.format ?? 'xlsx',
      headings: chosenHeadings === 'names' ? undefined : chosenHeadings,
      // The mark is one of UTF-8 alone.
      bom: bom === 'true' && choice.charset !== 'cp932',
    },
  };
}

function rangeWithout(report: ReportName, from: Day | undefined, to: Day | undefined): ReportRange {
  if (from !== undefined || to !== undefined) return 'custom';
  return report === 'renewals' ? 'coming-three-months' : 'previous-month';
}
