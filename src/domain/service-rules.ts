/**
 * The settings of the house that are not in the published table; each stands with its reason in `config/service.yaml`. A plain value;
 * declared as a class so that services can name what they want to be given.
 */
export abstract class ServiceRules {
  /** How many days before `endsOn` a reminder goes out, farthest first (§11). */
  abstract readonly reminderDays: readonly number[];
  /** `noticeDeadline = endsOn − noticeDays` (§11). */
  abstract readonly noticeDays: number;
  /** How long after a term, or after the entering of an older contract, its work may still be logged (§5). */
  abstract readonly lateEntryDays: number;
  /** The most one consultant can work on one day, over all customers (§5). */
  abstract readonly consultantDayMinutes: number;
  /** `on-pace` is within this share of a service month's minutes (§6). */
  abstract readonly paceTolerancePercent: number;
  /** How many days of use the forecast looks back on (§6). */
  abstract readonly forecastDays: number;
  /** Shares of the granted minutes, in percent, that alert whoever is concerned when they are used, lowest first (§6). */
  abstract readonly usageAlertPercents: readonly number[];
  /** From this share on the customer is alerted too, and not the CSM alone (§6). */
  abstract readonly customerAlertPercent: number;
  /** More than so many service months behind the plan alerts the CSM (§6). */
  abstract readonly behindAlertMonths: number;
  /** How many days before `endsOn` minutes that are likely to expire are told (§6). */
  abstract readonly expiryAlertDays: number;
  /** The zone of the people who read reports, for schedules that name none; IANA (§12). */
  abstract readonly houseTimeZone: string;
  /** The month in which the fiscal year of the house begins, 1 to 12 (§12). */
  abstract readonly fiscalYearStartMonth: number;
  /** A report of up to so many megabytes comes by mail as an attachment, a larger one as a link (§12). */
  abstract readonly reportAttachmentMegabytes: number;
  /** How long such a link is good, in days of 24 hours (§12). */
  abstract readonly reportLinkDays: number;
}
