import type { UsageAlert } from '../../domain/alerts.js';
import type { Day } from '../../domain/calendar.js';
import { packageInForceOn } from '../../domain/entitlement.js';
import type { BurnDownMonth, Forecast, Pace } from '../../domain/pace.js';
import type { TermDates } from '../../domain/term.js';
import type { SubscriptionTerm } from '../subscriptions/contract.js';
import { identityOf, type SubscriptionIdentity } from '../subscriptions/subscription-identity.js';
import type { UsageAudience } from './usage-audience.js';

/** What mails about alerts are called: this, and the alert. */
export const alertKindPrefix = 'usage-alert-';

/** What statements are called: this, and the number of the service month within the term, from 1. */
export const statementKindPrefix = 'usage-statement-';

/** Mails that were queued by an earlier version kept no basis. */
export type KeptForecast = Omit<Forecast, 'basis'> & Partial<Pick<Forecast, 'basis'>>;

/** How a term stood at the end of a day. */
export interface TermFigures {
  on: Day;
  grantedMinutes: number;
  usedMinutes: number;
  remainingMinutes: number;
  /** Missing in mails that were queued before it was kept. */
  drawnAheadMinutes?: number;
  pace: Pace;
  forecast: KeptForecast;
}

/** What a mail about use keeps when its reason arises: plain JSON, from which its words are made when it is written. */
export interface UsageFacts extends TermDates {
  subscriptionId: string;
  customerName: string;
  /** The name of the package in the customer's language. */
  package: string;
  csmName: string;
  csmEmail: string;
  /** Missing in mails that were queued before mails named it. */
  identity?: SubscriptionIdentity;
  figures: TermFigures;
  /** Plan and use of the term by months. */
  months: readonly BurnDownMonth[];
}

export interface AlertFacts extends UsageFacts {
  alert: UsageAlert;
  /** Whether the customer is told as well; the CSM reads that it is. */
  customerTold: boolean;
}

export interface StatedLine {
  productLine: string;
  delivery: 'remote' | 'onsite';
  minutes: number;
}

export interface StatedEntry extends StatedLine {
  workDate: Day;
  consultant: string;
  summary: string;
}

export interface StatementFacts extends UsageFacts {
  /** From 1. */
  monthNumber: number;
  month: TermDates;
  monthPlannedMinutes: number;
  monthUsedMinutes: number;
  lines: readonly StatedLine[];
  /** The first ones by day. */
  entries: readonly StatedEntry[];
  more: { entries: number; minutes: number };
  onsite: { capMinutes: number; usedMinutes: number; visitsUsed: number; maxVisits: number | null };
  seats: { used: number; max: number };
  /** What has expired with the end of the term; null while it goes on. */
  expiredMinutes: number | null;
}

/** What all mails about a term's use keep of it, as it was on a day. */
export function usageFacts(
  { subscriptionId, term, on }: { subscriptionId: string; term: SubscriptionTerm; on: Day },
  audience: UsageAudience,
): Omit<UsageFacts, 'figures' | 'months'> {
  const { customerName, locale, csmName, csmEmail } = audience;
  return {
    subscriptionId,
    startsOn: term.startsOn,
    endsOn: term.endsOn,
    package: packageInForceOn(term.periods, on).name[locale],
    customerName,
    csmName,
    csmEmail,
    identity: identityOf(audience),
  };
}
