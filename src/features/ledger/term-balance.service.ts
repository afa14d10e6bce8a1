import { Injectable } from '@nestjs/common';
import { pairKey } from '../../domain/allocation.js';
import { addDays, type Day } from '../../domain/calendar.js';
import type { LedgerTotals } from '../../domain/ledger.js';
import { ServiceRules } from '../../domain/service-rules.js';
import type { Transaction } from '../../platform/database/transaction.js';
import type { AllocatedPair, BalanceLimits, NewBalance } from './balance-changes.js';
import { TermBalanceStore, type PairRow, type TermBalanceRow, type TermSpan } from './term-balance.store.js';
import type { TermBalanceRecord } from './term-balance.js';

/** The balances of terms. A present balance is read in constant time. */
@Injectable()
export class TermBalanceService {
  constructor(
    private readonly store: TermBalanceStore,
    private readonly rules: ServiceRules,
  ) {}

  /** The balance of each term, by its id; `days` holds for each term the day up to which recent use is counted. */
  async balances(tx: Transaction, days: ReadonlyMap<string, Day>): Promise<Map<string, TermBalanceRecord>> {
    const termIds = [...days.keys()];
    const toOn = [...days.values()];
    const fromOn = toOn.map((on) => addDays(on, 1 - this.rules.forecastDays));
    const rows = await this.store.balances(tx, termIds, fromOn, toOn);
    return new Map(rows.map((row) => [row.termId, toRecord(row)]));
  }

  /** As `balances`, but `recentUsedMinutes` is 0, so that the days of the terms need not be read. */
  async balancesWithoutRecentUse(tx: Transaction, termIds: string[]): Promise<Map<string, TermBalanceRecord>> {
    const rows = await this.store.balancesAlone(tx, termIds);
    return new Map(rows.map((row) => [row.termId, toRecord({ ...row, recentUsedMinutes: 0 })]));
  }

  /** The minutes of each term's balance, by the term's id. */
  async totals(tx: Transaction, termIds: readonly string[]): Promise<Map<string, LedgerTotals>> {
    const rows = await this.store.totals(tx, termIds);
    return new Map(rows.map((row) => [row.termId, row]));
  }

  /** What a term's ledger added up to at the end of a day, and the minutes used from `recentFromOn` to that day. */
  totalsOn(
    tx: Transaction,
    termId: string,
    on: Day,
    recentFromOn: Day,
  ): Promise<LedgerTotals & { recentUsedMinutes: number }> {
    return this.store.totalsOn(tx, termId, on, recentFromOn);
  }

  /** The minutes, net of reversals, that were used in each span of days. It scans no entries. */
  async usedIn(tx: Transaction, spans: readonly TermSpan[]): Promise<number[]> {
    const used = spans.map(() => 0);
    if (spans.length > 0) for (const { at, minutes } of await this.store.usedIn(tx, spans)) used[at] = minutes;
    return used;
  }

  /** The used minutes, net of reversals, of each day of a term. */
  usedByDay(tx: Transaction, termId: string): Promise<{ workDate: Day; minutes: number }[]> {
    return this.store.usedByDay(tx, termId);
  }

  /** The allocated and worked minutes of each pair of consultant and product line in terms. */
  pairs(tx: Transaction, termIds: string[]): Promise<PairRow[]> {
    return this.store.pairs(tx, termIds);
  }

  /** Opens the balances of new terms. */
  open(tx: Transaction, balances: readonly NewBalance[]): Promise<void> {
    return this.store.open(tx, balances);
  }

  /** Sets the limits of a term that was upgraded. The minutes that the upgrade adds go through the ledger. */
  setLimits(tx: Transaction, limits: BalanceLimits): Promise<void> {
    return this.store.setLimits(tx, limits);
  }

  /** Closes balances that have no minutes left. */
  close(tx: Transaction, termIds: readonly string[]): Promise<void> {
    return this.store.close(tx, termIds);
  }

  /** Sets the used minutes from which a booking makes a check of the alerts worthwhile. */
  setAlertMinutes(tx: Transaction, terms: readonly { termId: string; fromMinutes: number | null }[]): Promise<void> {
    return this.store.setAlertMinutes(tx, terms);
  }

  /** Which of these terms have used as many minutes as `setAlertMinutes` set. */
  reachedAlertMinutes(tx: Transaction, termIds: readonly string[]): Promise<Set<string>> {
    return this.store.reachedAlertMinutes(tx, termIds);
  }

  /** Sets the allocated minutes of pairs. The worked minutes stay. */
  async allocate(tx: Transaction, pairs: readonly AllocatedPair[]): Promise<void> {
    if (pairs.length > 0) await this.store.allocate(tx, pairs);
  }
}

function toRecord({ pairs, ...row }: TermBalanceRow): TermBalanceRecord {
  const { grantedMinutes, usedMinutes, expiredMinutes, onsiteCapMinutes, onsiteUsedMinutes, ...others } = row;
  return {
    ...others,
    balance: { grantedMinutes, usedMinutes, expiredMinutes, onsiteCapMinutes, onsiteUsedMinutes },
    pairs: new Map(pairs.map((pair) => [pairKey(pair), pair])),
  };
}
