import type { Month } from '../../domain/calendar.js';
import type { MonthlyMoment, ReportPeriod } from '../../domain/report-schedule.js';
import type { FormatName } from '../reports/formats.js';
import type { FileOptions } from '../reports/report-format.js';
import type { ReportFilter } from '../reports/report.js';
import type { ReportName } from '../reports/reports.js';

/** The kind of the mails that bring reports. */
export const scheduledReportKind = 'scheduled-report';

/** What a mail that brings a report was queued with: the report as it was wanted then, and who had set it up. */
export interface ScheduledReportFacts {
  ownerId: string;
  ownerName: string;
  ownerEmail: string;
  report: ReportName;
  format: FormatName;
  options: FileOptions;
  filter: ReportFilter;
  period: ReportPeriod;
  /** The month in which it goes out. */
  month: Month;
  moment: MonthlyMoment;
  /** Names to the ids of the filter. */
  customerName: string | null;
  csmName: string | null;
  /** Who asked for it out of turn; null where its day has come. */
  askedForBy: string | null;
}
