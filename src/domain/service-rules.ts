/**
 * The settings that are not in the published table; `config/service.yaml` gives the reason of each. It is a class, not an
 * interface, so that Nest can inject it.
 */
export abstract class ServiceRules {
  /** The days before `endsOn` on which reminders are sent, largest first (§11). */
  abstract readonly reminderDays: readonly number[];
  /** `noticeDeadline = endsOn − noticeDays` (§11). */
  abstract readonly noticeDays: number;
  /** The days after a term, or after the entry of a contract that was taken over, in which its work can still be logged (§5). */
  abstract readonly lateEntryDays: number;
  /** The maximum work of one consultant on one day, over all customers (§5). */
  abstract readonly consultantDayMinutes: number;
  /** Use is `on-pace` within this share of a service month's minutes (§6). */
  abstract readonly paceTolerancePercent: number;
  /** The past days of use that the forecast continues (§6). */
  abstract readonly forecastDays: number;
  /** Shares of the granted minutes, in percent, that cause an alert when they are used, lowest first (§6). */
  abstract readonly usageAlertPercents: readonly number[];
  /** From this share on, the alert goes to the customer as well as to the CSM (§6). */
  abstract readonly customerAlertPercent: number;
  /** The CSM gets an alert when use is more than this many service months behind the plan (§6). */
  abstract readonly behindAlertMonths: number;
  /** The days before `endsOn` from which likely expiring minutes cause an alert (§6). */
  abstract readonly expiryAlertDays: number;
  /** The days before the notice deadline from which an open renewal needs the CSM's attention (§6). */
  abstract readonly noticeNearDays: number;
  /** The days without a time entry after which a subscription needs attention (§6). */
  abstract readonly noEntryDays: number;
  /** Use that is behind the plan by more than this many service months needs attention (§6). */
  abstract readonly behindPlanMonths: number;
  /** The further days after which an open planned session is overdue (§6). */
  abstract readonly plannedSessionGraceDays: number;
  /** The days before the end of a late-entry window from which minutes that expired need attention (§6). */
  abstract readonly lateEntryClosingDays: number;
  /** The service's own time zone (IANA): accounting months, and report schedules without a zone (§12). */
  abstract readonly houseTimeZone: string;
  /** The first month of the fiscal year, 1 to 12 (§12). */
  abstract readonly fiscalYearStartMonth: number;
  /** The largest report that is mailed as an attachment, in megabytes; a larger one is mailed as a link (§12). */
  abstract readonly reportAttachmentMegabytes: number;
  /** How long this link is valid, in days of 24 hours (§12). */
  abstract readonly reportLinkDays: number;
}
