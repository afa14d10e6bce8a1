import { Injectable } from '@nestjs/common';
import { pairKey } from '../../domain/allocation.js';
import { addDays, type Day } from '../../domain/calendar.js';
import { ServiceRules } from '../../domain/service-rules.js';
import type { Transaction } from '../../platform/database/database.js';
import { TermBalanceStore, type PairRow, type TermBalanceRow } from './term-balance.store.js';
import type { TermBalanceRecord } from './term-balance.js';

/** The present accounts of terms, each read in constant time. */
@Injectable()
export class TermBalanceService {
  constructor(
    private readonly store: TermBalanceStore,
    private readonly rules: ServiceRules,
  ) {}

  /** The account of each term, by its id; `days` names for each the day up to which recent use is counted. */
  async balances(tx: Transaction, days: ReadonlyMap<string, Day>): Promise<Map<string, TermBalanceRecord>> {
    const termIds = [...days.keys()];
    const toOn = [...days.values()];
    const fromOn = toOn.map((on) => addDays(on, 1 - this.rules.forecastDays));
    const rows = await this.store.balances(tx, termIds, fromOn, toOn);
    return new Map(rows.map((row) => [row.termId, accountOf(row)]));
  }

  /** As `accounts`, without going through the days of the terms: `recentUsedMinutes` is 0. For whoever asks the rules alone. */
  async balancesWithoutRecentUse(tx: Transaction, termIds: string[]): Promise<Map<string, TermBalanceRecord>> {
    const rows = await this.store.balancesAlone(tx, termIds);
    return new Map(rows.map((row) => [row.termId, accountOf({ ...row, recentUsedMinutes: 0 })]));
  }

  /** The allocated and worked minutes of each pair of consultant and product line in terms. */
  pairs(tx: Transaction, termIds: string[]): Promise<PairRow[]> {
    return this.store.pairs(tx, termIds);
  }
}

function accountOf({ pairs, ...row }: TermBalanceRow): TermBalanceRecord {
  const { grantedMinutes, usedMinutes, expiredMinutes, onsiteCapMinutes, onsiteUsedMinutes, ...account } = row;
  return {
    ...account,
    balance: { grantedMinutes, usedMinutes, expiredMinutes, onsiteCapMinutes, onsiteUsedMinutes },
    pairs: new Map(pairs.map((pair) => [pairKey(pair), pair])),
  };
}
