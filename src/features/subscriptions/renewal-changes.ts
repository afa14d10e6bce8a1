import { Injectable } from '@nestjs/common';
import { addDays } from '../../domain/calendar.js';
import { packageAtRenewal, type PackageCode, type PackageVersion } from '../../domain/package.js';
import type { Transaction } from '../../platform/database.js';
import { PackageService } from '../packages/package.service.js';
import type { SubscriptionContract, SubscriptionTerm } from './contract.js';

/** The current term would renew under another package than before. */
export interface RenewalChange {
  term: SubscriptionTerm;
  before: PackageVersion;
  /** Of the subscription after the change: each change has its own. */
  version: number;
}

/** Called in the transaction of the change, after it was written. */
export type RenewalChangeListener = (tx: Transaction, change: RenewalChange, now: Date) => Promise<void>;

/** Notices when another package will renew than before, and passes it on to the rooms that announced the renewal. */
@Injectable()
export class RenewalChanges {
  readonly #listeners: RenewalChangeListener[] = [];

  constructor(private readonly packages: PackageService) {}

  onChange(listener: RenewalChangeListener): void {
    this.#listeners.push(listener);
  }

  /** `contract` is the contract before the change, and `to` what the change set. */
  async announce(
    tx: Transaction,
    contract: SubscriptionContract,
    to: { package?: PackageCode; nextPackage?: PackageCode | null },
    now: Date,
  ): Promise<void> {
    const term = contract.terms.at(-1)!;
    const was = { package: term.periods.at(-1)!.package.code, nextPackage: contract.nextPackage };
    const startsOn = addDays(term.endsOn, 1);
    const before = packageAtRenewal(this.packages.table, was, startsOn);
    const after = packageAtRenewal(this.packages.table, { ...was, ...to }, startsOn);
    if (after.code === before.code) return;
    const change = { term, before, version: contract.version + 1 };
    for (const listener of this.#listeners) await listener(tx, change, now);
  }
}
