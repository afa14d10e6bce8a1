import { Injectable, type OnModuleInit } from '@nestjs/common';
import { dayAt } from '../../domain/calendar.js';
import { morningOf } from '../../domain/morning.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { termInstantsMoved, type DeadlineMove } from '../../domain/term-instants.js';
import { Clock } from '../../platform/clock.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { MailQueue } from '../../platform/mail/mail-queue.js';
import { TimeZoneSteps, type TimeZoneChange } from '../customers/time-zone-change.js';
import { ContractStore } from './contract.store.js';
import { TermStore } from './term.store.js';
import { SubscriptionLockStore } from '../ledger/subscription-lock.store.js';

/** Moves all future moments of a customer's terms when the customer moves to another time zone. */
@Injectable()
export class TimeZoneService implements OnModuleInit {
  constructor(
    private readonly clock: Clock,
    private readonly timeZoneSteps: TimeZoneSteps,
    private readonly contracts: ContractStore,
    private readonly locks: SubscriptionLockStore,
    private readonly terms: TermStore,
    private readonly mails: MailQueue,
    private readonly rules: ServiceRules,
  ) {}

  onModuleInit(): void {
    this.timeZoneSteps.register('move-terms', (tx, change) => this.#move(tx, change));
  }

  /** How changes of the customer's zone moved the deadline of a term, in order of time. */
  deadlineMoves(tx: Transaction, termId: string): Promise<DeadlineMove[]> {
    return this.terms.deadlineMoves(tx, termId);
  }

  async #move(tx: Transaction, { customerId, from, to }: TimeZoneChange): Promise<void> {
    const now = this.clock.now();
    const contracts = await this.contracts.load(tx, await this.locks.raiseOfCustomer(tx, customerId));
    const open = [...contracts.values()].flatMap(({ terms }) => terms.filter(({ status }) => status === 'open'));
    const moved = open.map((term) => ({ term, to: termInstantsMoved({ ...term, timeZone: to }, now, this.rules) }));
    await this.terms.move(
      tx,
      moved.map(({ term: { id }, to: instants }) => ({ id, ...instants })),
    );
    await this.terms.keepDeadlineMoves(
      tx,
      moved.map(({ term, to: { lockAt, deadlineZone } }) => ({
        termId: term.id,
        movedAt: now,
        fromZone: from,
        toZone: to,
        announced: term.deadlineAnnounced,
        lockAtBefore: term.lockAt,
        lockAtAfter: lockAt,
        deadlineZoneBefore: term.deadlineZone,
        deadlineZoneAfter: deadlineZone,
      })),
    );
    await this.mails.followZone(tx, {
      subscriptionIds: [...contracts.keys()],
      now,
      departure: (at) => morningOf(dayAt(at, from), to),
      // A waiting reminder is valid until the deadline, so it moves with it.
      validity: moved.map(({ term, to: { lockAt } }) => ({ termId: term.id, from: term.lockAt, to: lockAt })),
    });
  }
}
