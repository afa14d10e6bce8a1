import { Injectable } from '@nestjs/common';
import type { CarriedAllocations } from '../../domain/allocation.js';
import type { PackageVersion } from '../../domain/package.js';
import type { RollOver } from '../../domain/roll-over.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Contributions } from '../../platform/contributions.js';
import type { SubscriptionContract, SubscriptionTerm } from './contract.js';

/**
 * Everything that a roll-over does (§11), in this order and in one transaction. `end-enrolments` follows `carry-allocations`,
 * because the allocations decide which product lines stay.
 */
const rollOverSteps = [
  // subscriptions
  'expire-unused-minutes',
  'close-terms',
  'open-next-terms',
  'update-subscriptions',
  // allocations
  'carry-allocations',
  // subscriptions
  'end-enrolments',
  // learning
  'carry-seats',
  // usage, renewals: mails, which report what the steps above have written
  'mail-last-alerts',
  'mail-undelivered-reminders',
  'mail-roll-overs',
] as const;
export type RollOverStepName = (typeof rollOverSteps)[number];

/** One step, for the rolled terms of a chunk. It runs in the transaction of the roll-over, under the subscriptions' locks. */
export type RollOverStep = (tx: Transaction, rolledTerms: readonly RolledTerm[], now: Date) => Promise<void>;

@Injectable()
export class RollOverSteps extends Contributions<RollOverStepName, RollOverStep> {
  constructor() {
    super(rollOverSteps);
  }
}

/** One term that rolls over: the contract before it, what the rules decided, and the next term. */
export interface RolledTerm {
  /** The contract before the roll-over, without the terms that were closed by then. */
  contract: SubscriptionContract;
  /** The term that closes, as it was while it was open. */
  closed: SubscriptionTerm;
  outcome: 'renewed' | 'ended';
  /** Set by the step `open-next-terms`; undefined if the subscription ends. */
  next?: SubscriptionTerm;
  packageBefore: PackageVersion;
  packageAfter?: PackageVersion;
  /** The decision of the rules: which minutes expire, and what the next term grants. */
  decided: RollOver;
  /** The consultants and product lines above the limits of the next package. Set by the step `carry-allocations`. */
  dropped: CarriedAllocations['dropped'];
  /** The number of learners without a seat in the next term. Set by the step `carry-seats`. */
  seatsDropped: number;
  /** The term ended before the contract was entered into the service, so no mail reports it (§11). */
  silent: boolean;
}
