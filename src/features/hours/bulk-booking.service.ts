import { Injectable } from '@nestjs/common';
import { ServiceRules } from '../../domain/service-rules.js';
import type { PipelinedTransaction } from '../../platform/database/transaction.js';
import { BookingFacts, type OpenedFacts } from './booking-facts.js';
import type { BookingItem } from './booking-item.js';
import { subscriptionsNeeding } from './booking-locks.js';
import { noEntries } from './booking.js';
import { BulkLedger } from './bulk-ledger.js';
import { BulkWriteStore } from './bulk-write.store.js';
import type { LockedFacts } from './working-ledger.js';

/** Books many entries in a transaction of the caller, under the same locks and rules as single bookings. */
@Injectable()
export class BulkBookingService {
  constructor(
    private readonly rules: ServiceRules,
    private readonly facts: BookingFacts,
    private readonly store: BulkWriteStore,
  ) {}

  /**
   * Locks what the items change, waiting for other transactions, and reads the facts. `countEqual` are the equality keys under which
   * to count standing entries. No item may reverse or correct an entry.
   */
  open(
    tx: PipelinedTransaction,
    items: readonly BookingItem[],
    now: Date,
    countEqual: readonly number[],
  ): Promise<OpenedFacts> {
    return this.facts.open(tx, items, noEntries, now, { locks: 'wait', recentUse: false, countEqual });
  }

  ledger(tx: PipelinedTransaction, facts: LockedFacts, now: Date): BulkLedger {
    return new BulkLedger(tx, facts, this.rules, now, this.store);
  }

  /** The subscriptions whose items need a lock that another transaction has now. */
  async busySubscriptions(tx: PipelinedTransaction, items: readonly BookingItem[]): Promise<Set<string>> {
    return subscriptionsNeeding(await this.facts.lockedElsewhere(tx, items), items);
  }
}
