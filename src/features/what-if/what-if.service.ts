import { Injectable } from '@nestjs/common';
import { visibilityOf, type Actor } from '../../domain/access.js';
import { dayAt, type Day } from '../../domain/calendar.js';
import { currentTerm } from '../../domain/contract.js';
import { packageOn } from '../../domain/package.js';
import { Refusal, refuseByRules } from '../../domain/refusal.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { termDates } from '../../domain/term.js';
import { evenUse, imagine, type ConsideredChanges, type Imagined } from '../../domain/what-if.js';
import { Clock } from '../../platform/clock.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { BalanceService } from '../balances/balance.service.js';
import type { BalanceAnswer } from '../ledger/balance.dto.js';
import type { TermBalanceRecord } from '../ledger/term-balance.js';
import { TermBalanceService } from '../ledger/term-balance.service.js';
import { stateOf } from '../notices/notice.js';
import { NoticeService } from '../notices/notice.service.js';
import { PackageService } from '../packages/package.service.js';
import { ComingMailsService, type ImaginedRenewal } from '../renewals/coming-mails.service.js';
import { refuseEnded, withPlan, type SubscriptionContract, type SubscriptionTerm } from '../subscriptions/contract.js';
import { ContractService } from '../subscriptions/contract.service.js';
import { RenewalChanges } from '../subscriptions/renewal-changes.js';
import { TopUpService } from '../top-ups/top-up.service.js';
import type { WhatIfAnswer, WhatIfQuestion, WhatIfRenewal } from './what-if.dto.js';

/** Answers what an upgrade, a top-up, a notice or another use would lead to (§6). It reads one snapshot and writes nothing. */
@Injectable()
export class WhatIfService {
  constructor(
    private readonly contracts: ContractService,
    private readonly balances: TermBalanceService,
    private readonly balanceAnswers: BalanceService,
    private readonly topUps: TopUpService,
    private readonly notices: NoticeService,
    private readonly packages: PackageService,
    private readonly renewalChanges: RenewalChanges,
    private readonly comingMails: ComingMailsService,
    private readonly rules: ServiceRules,
    private readonly clock: Clock,
  ) {}

  /**
   * Judges changes of the current term, each as if its day were today.
   * @throws Refusal `not-found`, `subscription-ended`, `subscription-annulled`, or by the rules of the changes
   */
  async answer(tx: Transaction, actor: Actor, id: string, asked: WhatIfQuestion): Promise<WhatIfAnswer> {
    const now = this.clock.now();
    const contract = await this.contracts.see(tx, visibilityOf(actor, 'what-if.read'), id);
    if (contract.status === 'annulled') throw new Refusal('subscription-annulled');
    refuseEnded(contract);
    const { timeZone } = contract;
    const term = currentTerm(contract);
    const today = dayAt(now, timeZone);
    const notices = (await this.notices.ofTerm(tx, term.id)).map(stateOf);
    const topUpsEntered = (await this.topUps.ofTerm(tx, term.id)).length;
    const considered = { term, topUpsEntered, notices, now, today, timeZone };
    const { violations, imagined } = imagine(considered, this.#considered(asked));
    if (!imagined) throw refuseByRules(violations);

    const renewal = this.#renewal(contract, imagined);
    const record = (await this.balances.balances(tx, new Map([[term.id, today]]))).get(term.id)!;
    const balance = await this.#balance(tx, contract, record, imagined, today, asked.monthlyMinutes);
    const mails = await this.comingMails.after(tx, id, imagined, renewal, now);
    const { notice, upgrade } = imagined;
    return {
      termId: term.id,
      package: (upgrade?.change.to ?? term.periods.at(-1)!.package).code,
      change: upgrade ? changeOf(upgrade, renewal) : null,
      notice: notice ? { effective: notice.effective, reason: notice.reason } : null,
      balance,
      deadline: { noticeDeadline: term.noticeDeadlineOn, passesAt: term.lockAt, timeZone: term.deadlineZone },
      renewal: renewalOf(contract, term, imagined, renewal),
      expiry: { on: term.endsOn, minutes: balance.forecast.expiringMinutes, seats: record.seatsUsed },
      mails: mails.map((mail) => ({ ...mail, on: dayAt(mail.at, timeZone) })),
    };
  }

  /** @throws Refusal `package-not-offered` */
  #considered({ upgrade, topUp, noticeOn }: WhatIfQuestion): ConsideredChanges {
    if (!upgrade) return { topUp, noticeOn };
    const { package: code, on } = upgrade;
    const to = packageOn(this.packages.table, code, on);
    if (!to) throw new Refusal('package-not-offered', { package: code, on });
    return { topUp, noticeOn, upgrade: { to, on } };
  }

  /** Under which package the term would renew before and after the upgrade. */
  #renewal(contract: SubscriptionContract, { upgrade }: Imagined): ImaginedRenewal {
    if (!upgrade) return { ...this.renewalChanges.renewsAs(contract, {}), overtaken: null };
    const { change } = upgrade;
    const overtaken = this.renewalChanges.overtakenBy(contract, change);
    const nextPackage = overtaken ? null : contract.nextPackage;
    return { ...this.renewalChanges.renewsAs(contract, { package: change.to.code, nextPackage }), overtaken };
  }

  /** Today's balance with the minutes and limits after the changes. */
  async #balance(
    tx: Transaction,
    { subscriptionId, anchorOn, terms }: SubscriptionContract,
    record: TermBalanceRecord,
    { periods, topUps, entitlement, addedMinutes }: Imagined,
    today: Day,
    monthlyMinutes: number | undefined,
  ): Promise<BalanceAnswer> {
    const term = currentTerm({ subscriptionId, terms });
    const basis = monthlyMinutes === undefined ? undefined : evenUse(term, monthlyMinutes);
    const { onsiteCapMinutes, maxVisits, learningSeats: maxSeats } = entitlement;
    const changed = { ...term, periods: [...periods], topUps: topUps.map((topUp) => ({ id: '', ...topUp })) };
    const grantedMinutes = record.balance.grantedMinutes + addedMinutes;
    const balance = { ...record.balance, grantedMinutes, onsiteCapMinutes };
    const imaginedTerm = withPlan(changed, anchorOn, this.rules.paceTolerancePercent);
    const imaginedRecord = { ...record, balance, maxVisits, maxSeats };
    return this.balanceAnswers.withPlans(tx, subscriptionId, imaginedTerm, imaginedRecord, {
      today,
      day: today,
      basis,
    });
  }
}

function changeOf(
  { change: { from, to, grantedBeforeMinutes, grantedAfterMinutes } }: NonNullable<Imagined['upgrade']>,
  { overtaken }: ImaginedRenewal,
): WhatIfAnswer['change'] {
  const droppedNextPackage = overtaken?.code ?? null;
  return { from: from.code, to: to.code, grantedBeforeMinutes, grantedAfterMinutes, droppedNextPackage };
}

function renewalOf(
  { anchorOn }: SubscriptionContract,
  { number }: SubscriptionTerm,
  { renewalState, renews }: Imagined,
  { after: { code, grantedMinutes } }: ImaginedRenewal,
): WhatIfRenewal {
  const next = renews ? { package: code, grantedMinutes, ...termDates(anchorOn, number + 1) } : null;
  return { renewalState, renews, next };
}
