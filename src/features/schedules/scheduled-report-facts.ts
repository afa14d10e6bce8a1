import type { Month } from '../../domain/calendar.js';
import type { MonthlyMoment, ReportPeriod } from '../../domain/report-schedule.js';
import type { ContactRole } from '../customers/contact.js';
import type { FormatName } from '../reports/formats.js';
import type { FileOptions } from '../reports/report-format.js';
import type { ReportFilter } from '../reports/report.js';
import type { ReportName } from '../reports/reports.js';

/** The kind of report mails. */
export const scheduledReportKind = 'scheduled-report';

/** The kind of mails about a role that reaches no contact. */
export const reportContactMissingKind = 'report-contact-missing';

/** The stored facts of a report mail: the settings of the report when it was queued, and its owner. */
export interface ScheduledReportFacts {
  ownerId: string;
  ownerName: string;
  ownerEmail: string;
  report: ReportName;
  format: FormatName;
  options: FileOptions;
  filter: ReportFilter;
  period: ReportPeriod;
  /** The month in which it is sent. */
  month: Month;
  moment: MonthlyMoment;
  /** The names for the ids in the filter. */
  customerName: string | null;
  /** Missing in mails queued by an earlier version. */
  customerCode?: string | null;
  csmName: string | null;
  /** The user who asked to send it now; null on its regular day. */
  askedForBy: string | null;
  /** Set if the mail goes to contacts of the customer: then it shows only what the customer may see. */
  forContacts?: true;
}

/** Roles of a schedule that reach no contact, and the reason. */
export interface UnreachedRoles {
  roles: readonly ContactRole[];
  because: 'no-contact' | 'owner-lost-sight';
}

/** The stored facts of a mail about roles that reach no contact. */
export interface ReportContactMissingFacts extends ScheduledReportFacts {
  unreached: UnreachedRoles;
}
