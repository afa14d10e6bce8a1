import { Injectable } from '@nestjs/common';
import { visibilityOf, type Actor } from '../../domain/access.js';
import {
  closedPairs,
  drawnFromUnallocated,
  judgeAllocations,
  pairKey,
  settleAllocations,
  unallocatedMinutes,
  usedOfAllocation,
  type ProposedAllocation,
} from '../../domain/allocation.js';
import { dayAt } from '../../domain/calendar.js';
import {
  allocationSetOn,
  currentTerm,
  enrolledOn,
  leavingAfter,
  termOn,
  type ContractTerm,
  type DatedAllocationSet,
} from '../../domain/contract.js';
import { entitlementOf } from '../../domain/entitlement.js';
import { refuseByRules, type Violation } from '../../domain/refusal.js';
import { termNotFound } from '../../domain/time-entry.js';
import { Clock } from '../../platform/clock.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { refuseStale } from '../../platform/http/etag.js';
import { newId } from '../../platform/ids.js';
import { ConsultantService } from '../customers/consultant.service.js';
import { ProductLineService } from '../customers/product-line.service.js';
import { TermBalanceService } from '../ledger/term-balance.service.js';
import type { TermBalanceRecord } from '../ledger/term-balance.js';
import { refuseEnded } from '../subscriptions/contract.js';
import { ContractService } from '../subscriptions/contract.service.js';
import type { AllocationsAnswer, NewAllocations, AllocationsQuery } from './allocation.dto.js';
import { AllocationStore } from './allocation.store.js';

/** The allocations of a term's minutes to consultants and product lines (§7). */
@Injectable()
export class AllocationService {
  constructor(
    private readonly contracts: ContractService,
    private readonly balances: TermBalanceService,
    private readonly consultants: ConsultantService,
    private readonly productLines: ProductLineService,
    private readonly store: AllocationStore,
    private readonly clock: Clock,
  ) {}

  /**
   * The current set of the current term, or the set in force on a day. Its used minutes are always today's.
   * @throws Refusal `term-not-found` if no term contains the day
   */
  async read(
    tx: Transaction,
    actor: Actor,
    subscriptionId: string,
    { on }: AllocationsQuery,
  ): Promise<AllocationsAnswer> {
    const contract = await this.contracts.see(tx, visibilityOf(actor, 'allocations.read'), subscriptionId);
    const term = on === undefined ? currentTerm(contract) : termOn(contract, on);
    if (!term) throw refuseByRules([termNotFound(on ?? '', contract)]);
    const sets = (await this.store.setsOf(tx, [term.id])).get(term.id);
    return shown(on === undefined ? sets?.at(-1) : allocationSetOn(sets, on), await this.#balanceOf(tx, term));
  }

  /**
   * Replaces the set of the current term. The first set applies from the term's first day, later sets from today.
   * @throws Refusal all broken rules of §7, `reference-unknown`, `etag-stale`, `subscription-ended`
   */
  async replace(
    tx: Transaction,
    actor: Actor,
    subscriptionId: string,
    version: number,
    { allocations: asked }: NewAllocations,
  ): Promise<AllocationsAnswer> {
    const now = this.clock.now();
    const contract = await this.contracts.openForChange(
      tx,
      visibilityOf(actor, 'allocations.write'),
      subscriptionId,
      now,
    );
    refuseEnded(contract);
    const term = currentTerm(contract);
    const present = (await this.store.setsOf(tx, [term.id])).get(term.id)?.at(-1);
    refuseStale(present?.sequence ?? 0, version);
    await this.#refuseUnknown(tx, asked);
    const termBalance = await this.#balanceOf(tx, term);
    const today = dayAt(now, contract.timeZone);
    const on = today > term.startsOn ? today : term.startsOn;
    const currentSet = present?.allocations ?? [];
    const violations = judgeAllocations(asked, {
      grantedMinutes: termBalance.balance.grantedMinutes,
      maxConsultants: entitlementOf(term.periods, term, term.topUps).maxConsultants,
      worked: new Map([...termBalance.pairs].map(([key, { workedMinutes }]) => [key, workedMinutes])),
      currentSet,
      enrolledProductLineIds: new Set(enrolledOn(contract.enrolments, on)),
      leavingOn: leavingAfter(contract.enrolments, on),
      on,
    });
    if (violations.length > 0) throw refuseByRules(violations);
    const set = {
      sequence: (present?.sequence ?? 0) + 1,
      fromOn: present ? on : term.startsOn,
      allocations: settleAllocations(asked),
    };
    await this.store.insert(tx, [{ ...set, id: newId(), termId: term.id, setAt: now, setBy: actor.userId }]);
    const closed = closedPairs(currentSet, asked).map((pair) => ({ ...pair, minutes: 0 }));
    await this.balances.allocate(
      tx,
      [...set.allocations, ...closed].map((pair) => ({ ...pair, termId: term.id })),
    );
    return shown(set, await this.#balanceOf(tx, term));
  }

  /** All sets of each term, by sequence; the last one is current. Terms without a set are left out. */
  setsOf(tx: Transaction, termIds: readonly string[]): Promise<Map<string, DatedAllocationSet[]>> {
    return this.store.setsOf(tx, termIds);
  }

  async #balanceOf(tx: Transaction, { id, endsOn }: ContractTerm): Promise<TermBalanceRecord> {
    return (await this.balances.balances(tx, new Map([[id, endsOn]]))).get(id)!;
  }

  async #refuseUnknown(tx: Transaction, asked: readonly ProposedAllocation[]): Promise<void> {
    const consultants = await this.consultants.find(
      tx,
      asked.map(({ consultantId }) => consultantId),
    );
    const productLines = await this.productLines.find(
      tx,
      asked.map(({ productLineId }) => productLineId),
    );
    const known = {
      consultantId: new Set(consultants.map(({ id }) => id)),
      productLineId: new Set(productLines.map(({ id }) => id)),
    };
    const unknown = asked.flatMap((line, at) =>
      (['consultantId', 'productLineId'] as const)
        .filter((field) => !known[field].has(line[field]))
        .map((field): Violation => {
          const pointer = `/allocations/${at}/${field}`;
          return { code: 'reference-unknown', params: { field, id: line[field] }, pointer };
        }),
    );
    if (unknown.length > 0) throw refuseByRules(unknown);
  }
}

function shown(set: DatedAllocationSet | undefined, { termId, balance, pairs }: TermBalanceRecord): AllocationsAnswer {
  return {
    termId,
    fromOn: set?.fromOn ?? null,
    grantedMinutes: balance.grantedMinutes,
    // Late work in a closed term ignores allocations, because nobody can change them any more.
    unallocatedMinutes: Math.max(0, unallocatedMinutes(balance.grantedMinutes, pairs.values())),
    allocations: (set?.allocations ?? []).map((allocation) => {
      const workedMinutes = pairs.get(pairKey(allocation))?.workedMinutes ?? 0;
      const pair = { allocatedMinutes: allocation.minutes, workedMinutes };
      return {
        ...allocation,
        usedMinutes: usedOfAllocation(pair),
        drawnFromUnallocatedMinutes: drawnFromUnallocated(pair),
      };
    }),
    version: set?.sequence ?? 0,
  };
}
