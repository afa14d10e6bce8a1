import { Injectable, type OnModuleInit } from '@nestjs/common';
import { carryAllocations } from '../../domain/allocation.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { newId } from '../../platform/ids.js';
import { RollOverSteps, type RolledTerm } from '../subscriptions/roll-over-steps.js';
import { TermBalanceService } from '../ledger/term-balance.service.js';
import { AllocationStore, type NewAllocationSet } from './allocation.store.js';

/** Copies the current set of each closed term into the next term, scaled by the rules (§11). */
@Injectable()
export class AllocationRollOver implements OnModuleInit {
  constructor(
    private readonly rollOverSteps: RollOverSteps,
    private readonly store: AllocationStore,
    private readonly balances: TermBalanceService,
  ) {}

  onModuleInit(): void {
    this.rollOverSteps.register('carry-allocations', (tx, rolledTerms, now) => this.#apply(tx, rolledTerms, now));
  }

  /**
   * The new set continues the sequence of the old term, so that an ETag of the old term never matches a set of the new one. A set that
   * is empty, or that the next package has no room for, is copied as an empty set. Without a set, the rules still decide which
   * product lines stay.
   */
  async #apply(tx: Transaction, rolledTerms: readonly RolledTerm[], now: Date): Promise<void> {
    const current = await this.store.currentSets(
      tx,
      rolledTerms.map(({ closed }) => closed.id),
    );
    const sets = rolledTerms.flatMap((rolled): NewAllocationSet[] => {
      const { closed, next, decided } = rolled;
      if (!next || !decided.next) return [];
      const present = current.get(closed.id);
      const carried = carryAllocations(present?.allocations ?? [], decided.next.carry);
      rolled.dropped = carried.dropped;
      if (!present) return [];
      const set = { termId: next.id, sequence: present.sequence + 1, fromOn: next.startsOn, setAt: now, setBy: null };
      return [{ ...set, id: newId(), allocations: carried.set }];
    });
    await this.store.insert(tx, sets);
    await this.balances.allocate(
      tx,
      sets.flatMap(({ termId, allocations }) => allocations.map((allocation) => ({ ...allocation, termId }))),
    );
  }
}
