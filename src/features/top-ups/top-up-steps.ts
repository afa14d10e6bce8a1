import { Injectable } from '@nestjs/common';
import { Contributions } from '../../platform/contributions.js';
import type { Transaction } from '../../platform/database/transaction.js';
import type { BalanceAnswer } from '../ledger/balance.dto.js';
import type { SubscriptionContract, SubscriptionTerm } from '../subscriptions/contract.js';
import type { TopUp } from './top-up.js';

/** A top-up that was entered or cancelled, with the state of its term afterwards. */
export interface TopUpChange {
  topUp: TopUp;
  contract: SubscriptionContract;
  term: SubscriptionTerm;
  balance: BalanceAnswer;
}

/** Everything that follows such a change. */
const topUpSteps = [
  // usage
  'mail-top-up',
] as const;
export type TopUpStepName = (typeof topUpSteps)[number];

/** Runs in the transaction of the change, after the change is written. */
export type TopUpStep = (tx: Transaction, change: TopUpChange, now: Date) => Promise<void>;

@Injectable()
export class TopUpSteps extends Contributions<TopUpStepName, TopUpStep> {
  constructor() {
    super(topUpSteps);
  }
}
