import { unallocatedMinutes } from '../../domain/allocation.js';
import type { Day } from '../../domain/calendar.js';
import type { ContractTerm } from '../../domain/contract.js';
import { leftOf, remainingMinutes } from '../../domain/ledger.js';
import { forecast, forecastWindow, pace, type Forecast } from '../../domain/pace.js';
import type { ServiceRules } from '../../domain/service-rules.js';
import type { TermDates } from '../../domain/term.js';
import type { TermBalance } from '../../domain/time-entry.js';
import type { BalanceAnswer } from './balance.dto.js';

/** What a term's hours, visits and seats amount to on a day. */
export interface TermBalanceRecord extends TermBalance {
  termId: string;
  /** The number of the last entry of its ledger. */
  lastSequence: number;
  visitsUsed: number;
  /** Null for any number. */
  maxVisits: number | null;
  seatsUsed: number;
  maxSeats: number;
  /** Used in the days on which the forecast looks back: the last ones up to the day, as far as they lie in the term. */
  recentUsedMinutes: number;
}

/** The account of a term at the end of a day that may have passed. */
export type TermBalanceOnDay = Omit<TermBalanceRecord, 'closed' | 'lastSequence'>;

/** What `GET …/balance` and every accepted booking answer; `on` is the day of which the account tells. */
export function balanceAnswer(
  term: ContractTerm,
  account: TermBalanceOnDay,
  on: Day,
  rules: ServiceRules,
): BalanceAnswer {
  const { grantedMinutes, usedMinutes, expiredMinutes, onsiteCapMinutes, onsiteUsedMinutes } = account.balance;
  return {
    termId: account.termId,
    asOf: on,
    grantedMinutes,
    usedMinutes,
    expiredMinutes,
    ...leftOf(remainingMinutes(account.balance)),
    // Allocations of a later grant can hold for an earlier day, and those of a closed term no longer limit its late work.
    unallocatedMinutes: Math.max(0, unallocatedMinutes(grantedMinutes, account.pairs.values())),
    onsite: {
      capMinutes: onsiteCapMinutes,
      usedMinutes: onsiteUsedMinutes,
      ...leftOf(onsiteCapMinutes - onsiteUsedMinutes),
      visitsUsed: account.visitsUsed,
      maxVisits: account.maxVisits,
    },
    seats: { used: account.seatsUsed, max: account.maxSeats },
    pace: pace(term.plan, usedMinutes, on),
    forecast: accountForecast(term, account, on, rules),
  };
}

/** What will be left of a term's minutes at its end, and expire, if work goes on as of late (§6). */
export function expiringMinutes(term: TermDates, account: TermBalanceOnDay, on: Day, rules: ServiceRules): number {
  return accountForecast(term, account, on, rules).expiringMinutes;
}

function accountForecast(
  { startsOn, endsOn }: TermDates,
  account: TermBalanceOnDay,
  on: Day,
  rules: ServiceRules,
): Forecast {
  return forecast({
    remainingMinutes: leftOf(remainingMinutes(account.balance)).remainingMinutes,
    expiredMinutes: account.balance.expiredMinutes,
    usedMinutesInWindow: account.recentUsedMinutes,
    windowDays: forecastWindow(startsOn, on, rules.forecastDays).windowDays,
    on,
    endsOn,
  });
}
