import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Transaction } from '../../platform/database/transaction.js';
import { newId } from '../../platform/ids.js';
import type { RolledTerm } from '../subscriptions/roll-over-steps.js';
import { RollOverService } from '../subscriptions/roll-over.service.js';
import { TermBalanceService } from '../ledger/term-balance.service.js';
import { AllocationStore, type NewAllocationSet } from './allocation.store.js';

/** Copies the current set of each closed term into the next term, scaled by the rules (§11). */
@Injectable()
export class AllocationRollOver implements OnModuleInit {
  constructor(
    private readonly rollOver: RollOverService,
    private readonly store: AllocationStore,
    private readonly balances: TermBalanceService,
  ) {}

  onModuleInit(): void {
    this.rollOver.register('carry-allocations', (tx, rolledTerms, now) => this.#apply(tx, rolledTerms, now));
  }

  /**
   * The new set continues the sequence of the old term, so that an ETag of the old term never matches a set of the new one. A set that
   * is empty, or that the next package has no room for, is copied as an empty set.
   */
  async #apply(tx: Transaction, rolledTerms: readonly RolledTerm[], now: Date): Promise<void> {
    const sequences = await this.store.lastSequences(
      tx,
      rolledTerms.map(({ closed }) => closed.id),
    );
    const sets = rolledTerms.flatMap(({ closed, next, decided }): NewAllocationSet[] => {
      const sequence = sequences.get(closed.id);
      if (!next || !decided.next || sequence === undefined) return [];
      const { allocations } = decided.next;
      const set = { termId: next.id, sequence: sequence + 1, fromOn: next.startsOn, setAt: now, setBy: null };
      return [{ ...set, id: newId(), allocations }];
    });
    await this.store.insert(tx, sets);
    await this.balances.allocate(
      tx,
      sets.flatMap(({ termId, allocations }) => allocations.map((allocation) => ({ ...allocation, termId }))),
    );
  }
}
