import type { Month } from '../../domain/calendar.js';
import type { MonthlyMoment, ReportPeriod } from '../../domain/report-schedule.js';
import type { ContactRole } from '../customers/contact.js';
import type { FormatName } from '../reports/formats.js';
import type { FileOptions } from '../reports/report-format.js';
import type { ReportFilter } from '../reports/report.js';
import type { ReportName } from '../reports/reports.js';

/** The kind of the mails that bring reports. */
export const scheduledReportKind = 'scheduled-report';

/** The kind of the mails that say that a role of a schedule reaches no contact. */
export const reportContactMissingKind = 'report-contact-missing';

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
  /** Missing in mails that were queued before customers had codes in mails. */
  customerCode?: string | null;
  csmName: string | null;
  /** Who asked for it out of turn; null where its day has come. */
  askedForBy: string | null;
  /** Set where the mail goes to contacts of the customer: it shows what the customer may see. */
  forContacts?: true;
}

/** Roles of a schedule that reach no contact, and why. */
export interface UnreachedRoles {
  roles: readonly ContactRole[];
  because: 'no-contact' | 'owner-lost-sight';
}

/** What a mail was queued with that says that roles of a schedule reach no contact. */
export interface ReportContactMissingFacts extends ScheduledReportFacts {
  unreached: UnreachedRoles;
}
