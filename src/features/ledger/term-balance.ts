import { unallocatedMinutes } from '../../domain/allocation.js';
import type { Day } from '../../domain/calendar.js';
import type { ContractTerm } from '../../domain/contract.js';
import { leftOf, remainingMinutes } from '../../domain/ledger.js';
import { forecast, forecastWindow, pace, type Forecast, type ForecastBasis } from '../../domain/pace.js';
import type { ServiceRules } from '../../domain/service-rules.js';
import type { TermDates } from '../../domain/term.js';
import type { TermBalance } from '../../domain/time-entry.js';
import type { BalanceAnswer } from './balance.dto.js';

/** The hours, visits and seats of a term on a day. */
export interface TermBalanceRecord extends TermBalance {
  termId: string;
  /** The number of the last entry of its ledger. */
  lastSequence: number;
  visitsUsed: number;
  /** Null for any number. */
  maxVisits: number | null;
  seatsUsed: number;
  maxSeats: number;
  /** The use in the days that the forecast looks back on, within the term. */
  recentUsedMinutes: number;
}

/** The balance of a term at the end of a day, today or earlier. */
export type TermBalanceOnDay = Omit<TermBalanceRecord, 'closed' | 'lastSequence'>;

/**
 * What `GET …/balance` and every accepted booking answer; `on` is the day of the balance. The forecast continues the use of
 * `basis`: by default, the recent use.
 */
export function balanceAnswer(
  term: ContractTerm,
  balanceOnDay: TermBalanceOnDay,
  on: Day,
  rules: ServiceRules,
  basis = recentUse(term, balanceOnDay, on, rules),
): BalanceAnswer {
  const { grantedMinutes, usedMinutes, expiredMinutes, onsiteCapMinutes, onsiteUsedMinutes } = balanceOnDay.balance;
  return {
    termId: balanceOnDay.termId,
    asOf: on,
    grantedMinutes,
    usedMinutes,
    expiredMinutes,
    ...leftOf(remainingMinutes(balanceOnDay.balance)),
    // Allocations of a later grant can hold for an earlier day, and those of a closed term no longer limit its late work.
    unallocatedMinutes: Math.max(0, unallocatedMinutes(grantedMinutes, balanceOnDay.pairs.values())),
    onsite: {
      capMinutes: onsiteCapMinutes,
      usedMinutes: onsiteUsedMinutes,
      ...leftOf(onsiteCapMinutes - onsiteUsedMinutes),
      visitsUsed: balanceOnDay.visitsUsed,
      maxVisits: balanceOnDay.maxVisits,
    },
    seats: { used: balanceOnDay.seatsUsed, max: balanceOnDay.maxSeats },
    pace: pace(term.plan, usedMinutes, on),
    forecast: forecastOfTerm(term, balanceOnDay, on, basis),
  };
}

/** What will be left of a term's minutes at its end, and expire, if work goes on at the recent rate (§6). */
export function expiringMinutes(term: TermDates, balanceOnDay: TermBalanceOnDay, on: Day, rules: ServiceRules): number {
  return forecastOfTerm(term, balanceOnDay, on, recentUse(term, balanceOnDay, on, rules)).expiringMinutes;
}

function recentUse(
  { startsOn }: TermDates,
  { recentUsedMinutes }: TermBalanceOnDay,
  on: Day,
  { forecastDays }: ServiceRules,
): ForecastBasis {
  return { days: forecastWindow(startsOn, on, forecastDays).windowDays, minutes: recentUsedMinutes };
}

function forecastOfTerm(
  { endsOn }: TermDates,
  balanceOnDay: TermBalanceOnDay,
  on: Day,
  basis: ForecastBasis,
): Forecast {
  return forecast({
    remainingMinutes: leftOf(remainingMinutes(balanceOnDay.balance)).remainingMinutes,
    expiredMinutes: balanceOnDay.balance.expiredMinutes,
    usedMinutesInWindow: basis.minutes,
    windowDays: basis.days,
    on,
    endsOn,
  });
}
