import { Injectable } from '@nestjs/common';
import { visibilityOf, type Actor } from '../../domain/access.js';
import { judgeProductLines, pairKey } from '../../domain/allocation.js';
import { addDays, type Day } from '../../domain/calendar.js';
import { currentTerm, enrolledFrom, enrolledOn, type ContractTerm } from '../../domain/contract.js';
import { packageInForceOn } from '../../domain/entitlement.js';
import { refuseByRules, type Violation } from '../../domain/refusal.js';
import { Clock } from '../../platform/clock.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { refuseStale } from '../../platform/http/etag.js';
import { ProductLineService } from '../customers/product-line.service.js';
import { TermBalanceService } from '../ledger/term-balance.service.js';
import { ContractService } from './contract.service.js';
import { refuseEnded, type SubscriptionContract } from './contract.js';
import { EnrolmentStore } from './enrolment.store.js';
import { LastWorkDays } from './last-work-day.js';
import { SubscriptionAnswers } from './subscription-answers.service.js';
import type { ProductLinesChange, SubscriptionAnswer } from './subscription.dto.js';
import { SubscriptionStore } from './subscription.store.js';

/** Manages which product lines a subscription has support for (§7). */
@Injectable()
export class EnrolmentService {
  constructor(
    private readonly clock: Clock,
    private readonly store: EnrolmentStore,
    private readonly subscriptions: SubscriptionStore,
    private readonly contracts: ContractService,
    private readonly balances: TermBalanceService,
    private readonly productLines: ProductLineService,
    private readonly lastWorkDays: LastWorkDays,
    private readonly answers: SubscriptionAnswers,
  ) {}

  /** Enrols the first product lines of a new subscription. */
  enrol(tx: Transaction, subscriptionId: string, productLineIds: readonly string[], fromOn: Day): Promise<void> {
    return this.store.enrol(tx, subscriptionId, inOrder(productLineIds), fromOn);
  }

  /**
   * Enrols exactly these product lines from a day of the current term on. Earlier days do not change. Later product
   * lines and planned changes are replaced, so the rules check every day from then on: a product line that is removed
   * must have no unused allocated minutes and no work on these days.
   * @throws Refusal `not-found`, `etag-stale`, `subscription-ended`, or by the rules
   */
  async change(
    tx: Transaction,
    actor: Actor,
    subscriptionId: string,
    version: number,
    { effectiveOn, productLineIds }: ProductLinesChange,
  ): Promise<SubscriptionAnswer> {
    const now = this.clock.now();
    const visibility = visibilityOf(actor, 'subscriptions.write');
    const contract = await this.contracts.openForChange(tx, visibility, subscriptionId, now);
    refuseStale(contract.version, version);
    refuseEnded(contract);

    const violations = [
      ...(await this.#outOfRange(tx, contract, productLineIds, effectiveOn)),
      ...(await this.missing(tx, productLineIds)),
      ...(await this.#judge(tx, contract, productLineIds, effectiveOn)),
    ];
    if (violations.length > 0) throw refuseByRules(violations);

    const lines = inOrder(productLineIds);
    const before = enrolledOn(contract.enrolments, addDays(effectiveOn, -1));
    const leaving = before.filter((id) => !productLineIds.includes(id));
    const coming = lines.filter(({ productLineId }) => !before.includes(productLineId));
    await this.store.forgetFrom(tx, subscriptionId, effectiveOn);
    await this.store.leave(tx, subscriptionId, leaving, effectiveOn);
    await this.store.order(tx, subscriptionId, lines);
    await this.store.enrol(tx, subscriptionId, coming, effectiveOn);
    await this.subscriptions.raiseVersion(tx, subscriptionId);
    return this.answers.one(tx, subscriptionId, now);
  }

  /** Which of these product lines do not exist. */
  async missing(tx: Transaction, productLineIds: readonly string[]): Promise<Violation[]> {
    if (productLineIds.length === 0) return [];
    const known = new Set((await this.productLines.find(tx, productLineIds)).map(({ id }) => id));
    return productLineIds.flatMap((id, at) => {
      if (known.has(id)) return [];
      const pointer = `/productLineIds/${at}`;
      return [{ code: 'reference-unknown' as const, params: { field: pointer, id }, pointer }];
    });
  }

  /** A day of the current term after the last work on a product line that is removed. */
  async #outOfRange(
    tx: Transaction,
    contract: SubscriptionContract,
    productLineIds: readonly string[],
    effectiveOn: Day,
  ): Promise<Violation[]> {
    const term = currentTerm(contract);
    const { subscriptionId } = contract;
    const worked = await this.lastWorkDays.get('hours')(tx, { id: term.id, subscriptionId }, productLineIds);
    const earliest = worked === null ? term.startsOn : addDays(worked, 1);
    if (earliest <= effectiveOn && effectiveOn <= term.endsOn) return [];
    const params = { effectiveOn, earliest, latest: term.endsOn };
    return [{ code: 'effective-on-out-of-range', params, pointer: '/effectiveOn' }];
  }

  async #judge(
    tx: Transaction,
    contract: SubscriptionContract,
    productLineIds: readonly string[],
    effectiveOn: Day,
  ): Promise<Violation[]> {
    const term = currentTerm(contract);
    const pairs = await this.balances.pairs(tx, [term.id]);
    return judgeProductLines(productLineIds, {
      maxProductLines: linesAllowedFrom(term, effectiveOn),
      enrolledProductLineIds: enrolledFrom(contract.enrolments, effectiveOn),
      currentSet: pairs.map((pair) => ({ ...pair, minutes: pair.allocatedMinutes, primary: false })),
      worked: new Map(pairs.map((pair) => [pairKey(pair), pair.workedMinutes])),
    }).map((violation) => ({ ...violation, pointer: '/productLineIds' }));
  }
}

/** An upgrade never lowers a limit, so the package in force on the first day allows the fewest product lines. */
function linesAllowedFrom(term: ContractTerm, day: Day): number {
  return packageInForceOn(term.periods, day).maxProductLines;
}

function inOrder(productLineIds: readonly string[]): { productLineId: string; position: number }[] {
  return productLineIds.map((productLineId, position) => ({ productLineId, position }));
}
