import { Injectable } from '@nestjs/common';
import { visibilityOf, type Actor } from '../../domain/access.js';
import { currentTerm } from '../../domain/contract.js';
import { entitlementOf } from '../../domain/entitlement.js';
import { Refusal, refuseByRules } from '../../domain/refusal.js';
import { judgeSeat } from '../../domain/seats.js';
import { Clock } from '../../platform/clock.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { page, readCursor, rowsToFetch } from '../../platform/http/paging.js';
import { newId } from '../../platform/ids.js';
import { refuseEnded } from '../subscriptions/contract.js';
import { ContractService } from '../subscriptions/contract.service.js';
import type { NewSeat, SeatAnswer, SeatList, SeatsQuery } from './seat.dto.js';
import { SeatStore, type Seat } from './seat.store.js';

/** Advantage Learning seats. A named learner holds a seat until the end of the term (§9). */
@Injectable()
export class SeatService {
  constructor(
    private readonly contracts: ContractService,
    private readonly store: SeatStore,
    private readonly clock: Clock,
  ) {}

  /**
   * Assigns a seat of the current term to a learner.
   * @throws Refusal `subscription-ended`, `seat-already-held`, `seats-exhausted`
   */
  async assign(tx: Transaction, actor: Actor, subscriptionId: string, asked: NewSeat): Promise<SeatAnswer> {
    const now = this.clock.now();
    const contract = await this.contracts.openForChange(tx, visibilityOf(actor, 'seats.assign'), subscriptionId, now);
    refuseEnded(contract);
    const term = currentTerm(contract);
    const violations = judgeSeat(asked, {
      inUse: await this.store.inUse(tx, term.id),
      max: entitlementOf(term.periods, term, term.topUps).learningSeats,
    });
    if (violations.length > 0) throw refuseByRules(violations);
    const seat = {
      id: newId(),
      subscriptionId,
      termId: term.id,
      learnerName: asked.learnerName,
      learnerEmail: asked.learnerEmail,
      assignedAt: now,
    };
    const sequence = await this.store.nextSequence(tx, term.id);
    await this.store.insert(tx, [{ ...seat, sequence, assignedBy: actor.userId }]);
    return shown({ ...seat, endedAt: null, endedBecause: null });
  }

  /** The seats in use, in the order of assignment; past seats on request. */
  async list(tx: Transaction, actor: Actor, subscriptionId: string, query: SeatsQuery): Promise<SeatList> {
    await this.contracts.see(tx, visibilityOf(actor, 'seats.read'), subscriptionId);
    const [after = null] = readCursor(query.cursor, ['id']) ?? [];
    const limit = rowsToFetch(query.limit);
    const seats = await this.store.list(tx, subscriptionId, { ended: query.includeEnded ?? false, after, limit });
    return page(seats, query.limit, ({ id }) => [id], shown);
  }

  /** @throws Refusal `not-found` */
  async read(tx: Transaction, actor: Actor, id: string): Promise<SeatAnswer> {
    const seat = await this.store.find(tx, id);
    if (!seat) throw new Refusal('not-found');
    await this.contracts.see(tx, visibilityOf(actor, 'seats.read'), seat.subscriptionId);
    return shown(seat);
  }

  /** The number of seats of a term that were in use at an instant. */
  usedAt(tx: Transaction, termId: string, at: Date): Promise<number> {
    return this.store.usedAt(tx, termId, at);
  }

  /**
   * Releases a seat immediately.
   * @throws Refusal `already-released`, `term-closed` if the seat expired with its term
   */
  async release(tx: Transaction, actor: Actor, id: string): Promise<void> {
    const now = this.clock.now();
    const subscriptionId = (await this.store.find(tx, id))?.subscriptionId;
    if (subscriptionId === undefined) throw new Refusal('not-found');
    await this.contracts.openForChange(tx, visibilityOf(actor, 'seats.assign'), subscriptionId, now);
    // Reads the seat again: it may have changed before the lock, and opening the subscription may have rolled the term over.
    const seat = await this.store.find(tx, id);
    if (seat?.endedBecause === 'released') throw new Refusal('already-released');
    if (seat?.endedBecause === 'expired') throw new Refusal('term-closed');
    await this.store.release(tx, id, now);
  }
}

function shown({ endedBecause, ...seat }: Seat): SeatAnswer {
  return { ...seat, status: endedBecause ?? 'in-use' };
}
