import type { Month } from '../../domain/calendar.js';
import type { Expectation } from '../../domain/outlook.js';
import type { RenewalAnswer } from './renewal.dto.js';

/**
 * Where a renewal stands, by its contract: no notice and the deadline far or near, locked, declined, or over (renewed or ended
 * lately). Nobody moves a renewal by hand.
 */
export const renewalColumns = ['far', 'near', 'locked', 'declined', 'over'] as const;
export type RenewalColumn = (typeof renewalColumns)[number];

/** An outlook that a list can be limited to; `none`: no outlook is stated. */
export type ExpectationAsked = Expectation | 'none';

export interface RenewalBoardFilter {
  csmId?: string;
  /** The month of the notice deadline. */
  month?: Month;
  outlook?: ExpectationAsked;
}

/** A mail about the term that failed, and that can be sent again. */
export interface FailedTermMail {
  id: string;
  kind: string;
  recipient: string;
}

/** A renewal with all that a CSM decides by. */
export interface RenewalCard extends RenewalAnswer {
  column: RenewalColumn;
  /** From today in the customer's zone to the last day for a notice. Negative when it is over. */
  daysToDeadline: number;
  daysToEnd: number;
  /** The minutes that expired, of a term that is over. */
  expiredMinutes: number;
  failedMail: FailedTermMail | null;
}

export interface RenewalBoardColumn {
  column: RenewalColumn;
  /** All renewals of the column. `cards` holds the first ones by deadline; of the terms that are over, the last ones. */
  count: number;
  cards: RenewalCard[];
}

/** The renewals whose deadline is in a month, and the minutes that are left of their terms. */
export interface RenewalMonth {
  month: Month;
  terms: Readonly<Record<Exclude<RenewalColumn, 'over'>, number>>;
  remainingMinutes: number;
}

/** A CSM with open renewals. */
export interface RenewalCsm {
  id: string;
  name: string;
}
