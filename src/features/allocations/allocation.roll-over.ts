import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Transaction } from '../../platform/database/database.js';
import { newId } from '../../platform/ids.js';
import { RollOverService, type RollOverStep, type RolledTerm } from '../subscriptions/roll-over.service.js';
import { AllocationStore, type NewAllocationSet } from './allocation.store.js';

/** Carries each present set on into the next term, scaled as the rules have decided (§11). */
@Injectable()
export class AllocationRollOver implements RollOverStep, OnModuleInit {
  readonly order = 10;

  constructor(
    private readonly rollOver: RollOverService,
    private readonly store: AllocationStore,
  ) {}

  onModuleInit(): void {
    this.rollOver.carry(this);
  }

  /**
   * The carried set goes on counting where the old term stopped, so that no ETag of the old term names a set of the new
   * one. A set that was emptied, or that the next package has no room for, is carried on as an empty one.
   */
  async apply(tx: Transaction, turns: readonly RolledTerm[], now: Date): Promise<void> {
    const sequences = await this.store.lastSequences(
      tx,
      turns.map(({ closed }) => closed.id),
    );
    const sets = turns.flatMap(({ closed, next, decided }): NewAllocationSet[] => {
      const sequence = sequences.get(closed.id);
      if (!next || !decided.next || sequence === undefined) return [];
      const { allocations } = decided.next;
      const set = { termId: next.id, sequence: sequence + 1, fromOn: next.startsOn, setAt: now, setBy: null };
      return [{ ...set, id: newId(), allocations }];
    });
    await this.store.insert(tx, sets);
    await this.store.allocate(
      tx,
      sets.flatMap(({ termId, allocations }) => allocations.map((allocation) => ({ ...allocation, termId }))),
    );
  }
}
