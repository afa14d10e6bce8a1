import type { Day, Month } from '../../domain/calendar.js';
import type { TermTopUp } from '../../domain/entitlement.js';
import type { BurnDownMonth } from '../../domain/pace.js';
import type { TermDates } from '../../domain/term.js';
import type { Activity, Delivery } from '../../domain/time-entry.js';
import type { Language } from '../../domain/language.js';
import type { BalanceAnswer } from '../ledger/balance.dto.js';
import type { SubscriptionIdentity } from '../subscriptions/subscription-identity.js';

/** The content of a statement before its entries. */
export interface TermStatement extends TermDates {
  language: Language;
  vendor: string;
  customerName: string;
  timeZone: string;
  subscriptionId: string;
  identity: SubscriptionIdentity;
  /** Its packages by effective day, each with its name in the language of the statement. */
  packages: readonly { name: string; effectiveOn: Day }[];
  /** By the day of the statement. */
  topUps: readonly TermTopUp[];
  /** Whether the term has closed and its unused hours have expired. */
  closed: boolean;
  issuedAt: Date;
  /** The day of `issuedAt` in the customer's zone. */
  issuedOn: Day;
  balance: BalanceAnswer;
  months: readonly BurnDownMonth[];
}

/**
 * An entry, or its reversal with negative minutes. The summary of a reversal is the note for the customer, and may be
 * empty.
 */
export interface StatedWork {
  workDate: Day;
  consultant: string;
  productLine: string;
  activity: Activity;
  delivery: Delivery;
  minutes: number;
  reference: string | null;
  summary: string;
  adjustsMonth: Month | null;
}
