import { Injectable } from '@nestjs/common';
import { visibilityOf, type Actor } from '../../domain/access.js';
import { dayAt, type Day } from '../../domain/calendar.js';
import { judgeUpgrade, type UpgradeChange } from '../../domain/entitlement.js';
import { upgrade } from '../../domain/ledger.js';
import { packageOn } from '../../domain/package.js';
import { Refusal, refuseByRules } from '../../domain/refusal.js';
import { Clock } from '../../platform/clock.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { PackageService } from '../packages/package.service.js';
import { ContractService } from './contract.service.js';
import { refuseEnded, type SubscriptionTerm } from './contract.js';
import { LedgerService } from '../ledger/ledger.service.js';
import { RenewalChanges } from './renewal-changes.js';
import { SubscriptionAnswers } from './subscription-answers.service.js';
import type { Upgrade, UpgradeAnswer } from './subscription.dto.js';
import { SubscriptionStore } from './subscription.store.js';
import { TermBalanceService } from '../ledger/term-balance.service.js';
import { TermStore } from './term.store.js';

/** Upgrades a term to a better package (§10). */
@Injectable()
export class UpgradeService {
  constructor(
    private readonly clock: Clock,
    private readonly contracts: ContractService,
    private readonly terms: TermStore,
    private readonly balances: TermBalanceService,
    private readonly subscriptions: SubscriptionStore,
    private readonly ledger: LedgerService,
    private readonly packages: PackageService,
    private readonly renewalChanges: RenewalChanges,
    private readonly answers: SubscriptionAnswers,
  ) {}

  /**
   * Upgrades the current term. With `dryRun` everything is done and rolled back, so that the preview is exact.
   * @throws Refusal `not-found`, `subscription-ended`, `term-not-open`, or by the rules
   */
  async upgrade(tx: Transaction, actor: Actor, id: string, asked: Upgrade, dryRun: boolean): Promise<UpgradeAnswer> {
    if (dryRun) tx.rollBackAtEnd();
    const now = this.clock.now();
    const contract = await this.contracts.openForChange(tx, visibilityOf(actor, 'upgrades.write'), id, now);
    refuseEnded(contract);
    const term = contract.terms.at(-1)!;
    const today = dayAt(now, contract.timeZone);
    if (today < term.startsOn) throw new Refusal('term-not-open', { startsOn: term.startsOn });

    const change = this.#judge(term, asked, today);
    const overtaken = this.renewalChanges.overtakenBy(contract, change);
    await this.#write(tx, term, change, asked.effectiveOn ?? today, now);
    const nextPackage = overtaken ? null : contract.nextPackage;
    if (overtaken) await this.subscriptions.setNextPackage(tx, id, null);
    else await this.subscriptions.raiseVersion(tx, id);
    await this.renewalChanges.announce(tx, contract, { package: change.to.code, nextPackage }, now, overtaken);
    const { currentTerm, balance } = await this.answers.one(tx, id, now);
    const { from, to, grantedBeforeMinutes, grantedAfterMinutes } = change;
    return {
      term: currentTerm,
      balance,
      change: {
        from: from.code,
        to: to.code,
        grantedBeforeMinutes,
        grantedAfterMinutes,
        droppedNextPackage: overtaken?.code ?? null,
      },
    };
  }

  #judge(term: SubscriptionTerm, asked: Upgrade, today: Day): UpgradeChange {
    const effectiveOn = asked.effectiveOn ?? today;
    const to = packageOn(this.packages.table, asked.package, effectiveOn);
    if (!to) throw new Refusal('package-not-offered', { package: asked.package, on: effectiveOn });
    const { violations, change } = judgeUpgrade({
      term,
      periods: term.periods,
      topUps: term.topUps,
      to,
      effectiveOn,
      today,
    });
    if (!change) throw refuseByRules(violations);
    return change;
  }

  async #write(
    tx: Transaction,
    term: SubscriptionTerm,
    { to, entitlement, grantedBeforeMinutes, grantedAfterMinutes }: UpgradeChange,
    effectiveOn: Day,
    now: Date,
  ): Promise<void> {
    const sequence = term.periods.length;
    await this.terms.upgrade(tx, { termId: term.id, sequence, package: to, effectiveOn });
    await this.balances.setLimits(tx, { ...entitlement, termId: term.id });
    const entries = [upgrade(grantedAfterMinutes - grantedBeforeMinutes, effectiveOn)];
    await this.ledger.post(tx, [{ termId: term.id, entries }], now);
  }
}
