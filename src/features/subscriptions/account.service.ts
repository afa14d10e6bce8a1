import { Injectable } from '@nestjs/common';
import { pairKey, type PairBalance } from '../../domain/allocation.js';
import { addDays, type Day } from '../../domain/calendar.js';
import { ServiceRules } from '../../domain/service-rules.js';
import type { Transaction } from '../../platform/database.js';
import { AccountStore, type PairRow } from './account.store.js';
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
    const balances = await this.store.balances(tx, termIds, fromOn, toOn);
    return new Map(
      balances.map((row) => {
        const {
          termId,
          closed,
          lastSequence,
          visitsUsed,
          maxVisits,
          seatsUsed,
          maxSeats,
          recentUsedMinutes,
          pairs,
          ...balance
        } = row;
        const account: TermAccount = {
          termId,
          balance,
          closed,
          lastSequence,
          visitsUsed,
          maxVisits,
          seatsUsed,
          maxSeats,
          recentUsedMinutes,
          pairs: new Map(pairs.map((pair): [string, PairBalance] => [pairKey(pair), amountsOf(pair)])),
        };
        return [termId, account];
      }),
    );
  }
}

const amountsOf = ({ allocatedMinutes, workedMinutes }: PairRow): PairBalance => ({ allocatedMinutes, workedMinutes });
