import { Injectable } from '@nestjs/common';
import { pairKey } from '../../domain/allocation.js';
import { addDays, type Day } from '../../domain/calendar.js';
import { ServiceRules } from '../../domain/service-rules.js';
import type { Transaction } from '../../platform/database.js';
import { AccountStore, type AccountRow } from './account.store.js';
import type { TermAccount } from './account.js';

/** The present accounts of terms, each read in constant time. */
@Injectable()
export class AccountService {
  constructor(
    private readonly store: AccountStore,
    private readonly rules: ServiceRules,
  ) {}

  /** The account of each term, by its id; `days` names for each the day up to which recent use is counted. */
  async accounts(tx: Transaction, days: ReadonlyMap<string, Day>): Promise<Map<string, TermAccount>> {
    const termIds = [...days.keys()];
    const toOn = [...days.values()];
    const fromOn = toOn.map((on) => addDays(on, 1 - this.rules.forecastDays));
    const rows = await this.store.balances(tx, termIds, fromOn, toOn);
    return new Map(rows.map((row) => [row.termId, accountOf(row)]));
  }

  /** As `accounts`, without going through the days of the terms: `recentUsedMinutes` is 0. For whoever asks the rules alone. */
  async accountsWithoutRecentUse(tx: Transaction, termIds: string[]): Promise<Map<string, TermAccount>> {
    const rows = await this.store.balancesAlone(tx, termIds);
    return new Map(rows.map((row) => [row.termId, accountOf({ ...row, recentUsedMinutes: 0 })]));
  }
}

function accountOf({ pairs, ...row }: AccountRow): TermAccount {
  const { grantedMinutes, usedMinutes, expiredMinutes, onsiteCapMinutes, onsiteUsedMinutes, ...account } = row;
  return {
    ...account,
    balance: { grantedMinutes, usedMinutes, expiredMinutes, onsiteCapMinutes, onsiteUsedMinutes },
    pairs: new Map(pairs.map((pair) => [pairKey(pair), pair])),
  };
}
