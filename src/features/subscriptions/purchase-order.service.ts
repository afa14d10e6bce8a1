import { Injectable } from '@nestjs/common';
import { visibilityOf, type Actor } from '../../domain/access.js';
import { dayAt } from '../../domain/calendar.js';
import { Clock } from '../../platform/clock.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { refuseStale } from '../../platform/http/etag.js';
import { ContractService } from './contract.service.js';
import type { SubscriptionContract } from './contract.js';
import { termAnswer, termNamed } from './term-answer.js';
import type { TermAnswer, TermChange } from './term.dto.js';
import { TermStore } from './term.store.js';

/** Manages the customer's purchase orders. Each belongs to one term, and a renewal starts without one (§2). */
@Injectable()
export class PurchaseOrderService {
  constructor(
    private readonly clock: Clock,
    private readonly contracts: ContractService,
    private readonly terms: TermStore,
  ) {}

  /** @throws Refusal `not-found` */
  async read(tx: Transaction, actor: Actor, termId: string): Promise<TermAnswer> {
    return this.#show(await this.contracts.seeByTerm(tx, visibilityOf(actor, 'terms.read'), termId), termId);
  }

  /** @throws Refusal `not-found`, `etag-stale` */
  async change(
    tx: Transaction,
    actor: Actor,
    termId: string,
    version: number,
    { purchaseOrder }: TermChange,
  ): Promise<TermAnswer> {
    const visibility = visibilityOf(actor, 'subscriptions.write');
    const { subscriptionId } = await this.contracts.seeByTerm(tx, visibility, termId);
    const contract = await this.contracts.openForChange(tx, visibility, subscriptionId, this.clock.now());
    const term = termNamed(contract, termId);
    refuseStale(term.version, version);
    if (purchaseOrder !== undefined && purchaseOrder !== term.purchaseOrder) {
      await this.terms.setPurchaseOrder(tx, termId, purchaseOrder);
    }
    return this.read(tx, actor, termId);
  }

  #show(contract: SubscriptionContract, termId: string): TermAnswer {
    return termAnswer(termNamed(contract, termId), dayAt(this.clock.now(), contract.timeZone));
  }
}
