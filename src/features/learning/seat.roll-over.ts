import { Injectable, type OnModuleInit } from '@nestjs/common';
import { carrySeats } from '../../domain/seats.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { newId } from '../../platform/ids.js';
import { RollOverSteps, type RolledTerm } from '../subscriptions/roll-over-steps.js';
import { SeatStore, type NewSeatRow } from './seat.store.js';

/** Ends the seats of a closed term, and assigns seats of the next term to the same learners, as many as it has (§9). */
@Injectable()
export class SeatRollOver implements OnModuleInit {
  constructor(
    private readonly rollOverSteps: RollOverSteps,
    private readonly store: SeatStore,
  ) {}

  onModuleInit(): void {
    this.rollOverSteps.register('carry-seats', (tx, rolledTerms) => this.#apply(tx, rolledTerms));
  }

  async #apply(tx: Transaction, rolledTerms: readonly RolledTerm[]): Promise<void> {
    const expired = await this.store.expire(
      tx,
      rolledTerms.map(({ closed }) => ({ termId: closed.id, at: closed.endsAt })),
    );
    await this.store.insert(
      tx,
      rolledTerms.flatMap((rolled) => {
        const { contract, closed, next, decided } = rolled;
        const { kept, dropped } = carrySeats(
          expired.get(closed.id) ?? [],
          decided.next?.entitlement.learningSeats ?? 0,
        );
        rolled.seatsDropped = dropped.length;
        if (!next) return [];
        return kept.map(({ learnerName, learnerEmail }, at): NewSeatRow => ({
          id: newId(),
          subscriptionId: contract.subscriptionId,
          termId: next.id,
          sequence: at + 1,
          learnerName,
          learnerEmail,
          assignedAt: next.startsAt,
          assignedBy: null,
        }));
      }),
    );
  }
}
