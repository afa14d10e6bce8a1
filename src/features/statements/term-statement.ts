import type { Day, Month } from '../../domain/calendar.js';
import type { BurnDownMonth } from '../../domain/pace.js';
import type { TermDates } from '../../domain/term.js';
import type { Activity, Delivery } from '../../domain/time-entry.js';
import type { Language } from '../../domain/language.js';
import type { BalanceAnswer } from '../ledger/balance.dto.js';
import type { SubscriptionIdentity } from '../subscriptions/subscription-identity.js';

/** What a statement says of a term before its entries. */
export interface TermStatement extends TermDates {
  language: Language;
  vendor: string;
  customerName: string;
  timeZone: string;
  subscriptionId: string;
  identity: SubscriptionIdentity;
  /** Its packages by effective day, each by its name in the language. */
  packages: readonly { name: string; effectiveOn: Day }[];
  /** Whether the term has been closed, and its unused hours have expired. */
  closed: boolean;
  issuedAt: Date;
  /** The day of `issuedAt`, in the customer's zone. */
  issuedOn: Day;
  balance: BalanceAnswer;
  months: readonly BurnDownMonth[];
}

/** An entry, or with negative minutes its reversal: its summary is the note for the customer, and empty without one. */
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
