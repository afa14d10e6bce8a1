import { Injectable } from '@nestjs/common';
import { addDays } from '../../domain/calendar.js';
import { isOvertaken, packageAtRenewal, type PackageCode, type PackageVersion } from '../../domain/package.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { PackageService } from '../packages/package.service.js';
import type { SubscriptionContract } from './contract.js';
import { RenewalChangeSteps } from './renewal-change.js';

/** Detects changes of what will renew, and passes them on to the rooms that announced the renewal. */
@Injectable()
export class RenewalChanges {
  constructor(
    private readonly steps: RenewalChangeSteps,
    private readonly packages: PackageService,
  ) {}

  /** The next package that an upgrade makes obsolete; null if there is none or it remains. */
  overtakenBy({ terms, nextPackage }: SubscriptionContract, upgrade: { from: PackageVersion; to: PackageVersion }) {
    if (nextPackage === null) return null;
    const startsOn = addDays(terms.at(-1)!.endsOn, 1);
    const next = packageAtRenewal(this.packages.table, { package: upgrade.from.code, nextPackage }, startsOn);
    return isOvertaken(next, upgrade) ? next : null;
  }

  /** The packages under which the current term would renew before and after a change. */
  renewsAs(
    { terms, nextPackage }: SubscriptionContract,
    to: { package?: PackageCode; nextPackage?: PackageCode | null },
  ): { before: PackageVersion; after: PackageVersion } {
    const term = terms.at(-1)!;
    const was = { package: term.periods.at(-1)!.package.code, nextPackage };
    const startsOn = addDays(term.endsOn, 1);
    return {
      before: packageAtRenewal(this.packages.table, was, startsOn),
      after: packageAtRenewal(this.packages.table, { ...was, ...to }, startsOn),
    };
  }

  /** `contract` is the contract before the change. `to` holds the changed values. */
  async announce(
    tx: Transaction,
    contract: SubscriptionContract,
    to: { package?: PackageCode; nextPackage?: PackageCode | null },
    now: Date,
    overtaken: PackageVersion | null = null,
  ): Promise<void> {
    const term = contract.terms.at(-1)!;
    const { before, after } = this.renewsAs(contract, to);
    if (after.code === before.code && overtaken === null) return;
    const change = { term, before, after, overtaken, version: contract.version + 1 };
    for (const step of this.steps.inOrder()) await step(tx, change, now);
  }
}
