import { Injectable } from '@nestjs/common';
import type { PackageVersion } from '../../domain/package.js';
import { Contributions } from '../../platform/contributions.js';
import type { Transaction } from '../../platform/database/transaction.js';
import type { SubscriptionTerm } from './contract.js';

/** A change of the package under which the current term would renew, or of the next package. */
export interface RenewalChange {
  term: SubscriptionTerm;
  /** The package that would have renewed before the change, and the one that would renew now. */
  before: PackageVersion;
  after: PackageVersion;
  /** The next package that an upgrade has made obsolete. */
  overtaken: PackageVersion | null;
  /** The subscription's version after the change, which identifies the change. */
  version: number;
}

/** Everything that follows such a change. */
const renewalChangeSteps = [
  // renewals
  'mail-renewal-change',
] as const;
export type RenewalChangeStepName = (typeof renewalChangeSteps)[number];

/** Runs in the transaction of the change, after the change is written. */
export type RenewalChangeStep = (tx: Transaction, change: RenewalChange, now: Date) => Promise<void>;

@Injectable()
export class RenewalChangeSteps extends Contributions<RenewalChangeStepName, RenewalChangeStep> {
  constructor() {
    super(renewalChangeSteps);
  }
}
