import { Injectable } from '@nestjs/common';
import { dayAt, type Day } from '../../domain/calendar.js';
import { currentTerm } from '../../domain/contract.js';
import { pace, type Pace } from '../../domain/pace.js';
import { ServiceRules } from '../../domain/service-rules.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { CustomerService } from '../customers/customer.service.js';
import { TermBalanceService } from '../ledger/term-balance.service.js';
import { balanceAnswer, type TermBalanceRecord } from '../ledger/term-balance.js';
import { ContractStore } from './contract.store.js';
import type { SubscriptionContract } from './contract.js';
import type { SubscriptionAnswer } from './subscription.dto.js';
import { termAnswer } from './term-answer.js';

/** Makes the answers for subscriptions, each with its current term and balance. */
@Injectable()
export class SubscriptionAnswers {
  constructor(
    private readonly contracts: ContractStore,
    private readonly balances: TermBalanceService,
    private readonly customers: CustomerService,
    private readonly rules: ServiceRules,
  ) {}

  async one(tx: Transaction, subscriptionId: string, now: Date): Promise<SubscriptionAnswer> {
    const [answer] = await this.all(tx, [subscriptionId], now);
    return answer!;
  }

  /** In the order of the ids, in a fixed number of SQL statements. */
  async all(tx: Transaction, subscriptionIds: readonly string[], now: Date): Promise<SubscriptionAnswer[]> {
    const contracts = await this.contracts.load(tx, subscriptionIds);
    const days = [...contracts.values()].map((contract): [string, Day] => [
      currentTerm(contract).id,
      dayAt(now, contract.timeZone),
    ]);
    const termBalances = await this.balances.balances(tx, new Map(days));
    const customers = [...new Set([...contracts.values()].map(({ customerId }) => customerId))];
    const names = await this.customers.names(tx, customers);
    return subscriptionIds.map((id) => {
      const contract = contracts.get(id)!;
      const termBalance = termBalances.get(currentTerm(contract).id)!;
      return this.#show(contract, names.get(contract.customerId)!, termBalance, dayAt(now, contract.timeZone));
    });
  }

  /** Only `balance.pace` of the answers, by subscription id, in a fixed number of SQL statements. */
  async paces(tx: Transaction, subscriptionIds: readonly string[], now: Date): Promise<Map<string, Pace>> {
    const contracts = [...(await this.contracts.load(tx, subscriptionIds, 'current')).values()];
    const termIds = contracts.map((contract) => currentTerm(contract).id);
    const termBalances = await this.balances.balancesWithoutRecentUse(tx, termIds);
    return new Map(
      contracts.map((contract) => {
        const { id, plan } = currentTerm(contract);
        const { usedMinutes } = termBalances.get(id)!.balance;
        return [contract.subscriptionId, pace(plan, usedMinutes, dayAt(now, contract.timeZone))];
      }),
    );
  }

  #show(
    contract: SubscriptionContract,
    customerName: string,
    termBalance: TermBalanceRecord,
    today: Day,
  ): SubscriptionAnswer {
    const term = currentTerm(contract);
    return {
      id: contract.subscriptionId,
      customerId: contract.customerId,
      customerName,
      csmId: contract.csmId,
      contractNumber: contract.contractNumber,
      status: contract.status,
      package: term.periods.at(-1)!.package.code,
      nextPackage: contract.nextPackage,
      pacePolicy: contract.pacePolicy,
      startsOn: contract.anchorOn,
      purchasedAt: contract.purchasedAt,
      enteredAt: contract.enteredAt,
      productLines: contract.enrolments,
      currentTerm: termAnswer(term, today),
      balance: balanceAnswer(term, termBalance, today, this.rules),
      annulment: contract.annulment,
      version: contract.version,
    };
  }
}
