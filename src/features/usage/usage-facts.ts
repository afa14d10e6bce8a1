import type { UsageAlert } from '../../domain/alerts.js';
import type { Day } from '../../domain/calendar.js';
import { packageInForceOn, type TermTopUp } from '../../domain/entitlement.js';
import type { BurnDownMonth, Forecast, Pace } from '../../domain/pace.js';
import type { TermDates } from '../../domain/term.js';
import type { StandIn } from '../people/csm-contact.js';
import type { SubscriptionTerm } from '../subscriptions/contract.js';
import { identityOf, type SubscriptionIdentity } from '../subscriptions/subscription-identity.js';
import type { UsageAudience } from './usage-audience.js';

/** The kind of an alert mail is this prefix and the alert. */
export const alertKindPrefix = 'usage-alert-';

/** The kind of a statement mail is this prefix and the number of the service month in its term, from 1. */
export const statementKindPrefix = 'usage-statement-';

/** The kinds of the mails about a top-up. */
export const topUpEnteredKind = 'usage-top-up-entered';
export const topUpCancelledKind = 'usage-top-up-cancelled';

/** Mails queued by an earlier version have no basis of the forecast. */
export type KeptForecast = Omit<Forecast, 'basis'> & Partial<Pick<Forecast, 'basis'>>;

/** The state of a term at the end of a day. */
export interface TermFigures {
  on: Day;
  grantedMinutes: number;
  usedMinutes: number;
  remainingMinutes: number;
  /** Missing in mails queued by an earlier version. */
  drawnAheadMinutes?: number;
  pace: Pace;
  forecast: KeptForecast;
}

/**
 * The facts that a usage mail stores when its reason arises, as plain JSON. Its text is made from them when it is
 * sent.
 */
export interface UsageFacts extends TermDates {
  subscriptionId: string;
  customerName: string;
  /** The name of the package in the language of the mail. */
  package: string;
  csmName: string;
  csmEmail: string;
  /** The deputies of the CSM when the mail leaves. Missing in mails queued by an earlier version. */
  standIns?: readonly StandIn[];
  /** Missing in mails queued by an earlier version. */
  identity?: SubscriptionIdentity;
  figures: TermFigures;
  /** Plan and use of the term by month. */
  months: readonly BurnDownMonth[];
}

export interface AlertFacts extends UsageFacts {
  alert: UsageAlert;
  /** Whether the customer gets the alert too. The mail to the CSM says so. */
  customerTold: boolean;
}

export interface TopUpFacts extends UsageFacts {
  topUp: TermTopUp & {
    orderNumber: string | null;
    /** Null in the mail about the top-up itself. */
    cancelledMinutes: number | null;
  };
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
  /** The first entries by day. */
  entries: readonly StatedEntry[];
  more: { entries: number; minutes: number };
  onsite: { capMinutes: number; usedMinutes: number; visitsUsed: number; maxVisits: number | null };
  seats: { used: number; max: number };
  /** By the end of the month. Missing in mails queued by an earlier version. */
  topUps?: readonly TermTopUp[];
  /** The minutes that expired at the end of the term; null while it is open. */
  expiredMinutes: number | null;
}

/** The facts that all usage mails of a term have, as of a day. */
export function usageFacts(
  { subscriptionId, term, on }: { subscriptionId: string; term: SubscriptionTerm; on: Day },
  audience: UsageAudience,
  standIns: readonly StandIn[],
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
    standIns,
    identity: identityOf(audience),
  };
}
