import { Injectable, Logger } from '@nestjs/common';
import { visibilityOf, type Actor } from '../../domain/access.js';
import { entitlementOf } from '../../domain/entitlement.js';
import { differences } from '../../domain/ledger.js';
import { Database } from '../../platform/database/database.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { lockOf } from '../../platform/database/database-errors.js';
import { SubscriptionLockStore } from '../ledger/subscription-lock.store.js';
import { ContractService } from '../subscriptions/contract.service.js';
import type { SubscriptionTerm } from '../subscriptions/contract.js';
import type { VerificationAnswer } from './ledger.dto.js';
import {
  VerificationStore,
  type StoredDifference,
  type StoredAndRebuiltTerm,
  type TermLimits,
} from './verification.store.js';

export interface VerificationCounts {
  subscriptions: number;
  terms: number;
  /** The number of stored amounts that differ from the recomputed ones. */
  differences: number;
}

const chunkSize = 200;
/** One bug could affect every term. The first differences are enough. */
const mostLogged = 100;

/** Recomputes every balance from its entries, and reports each difference (§4). */
@Injectable()
export class VerificationService {
  readonly #logger = new Logger(VerificationService.name);

  constructor(
    private readonly store: VerificationStore,
    private readonly contracts: ContractService,
    private readonly locks: SubscriptionLockStore,
    private readonly database: Database,
  ) {}

  /** Verifies one subscription. Its bookings wait meanwhile. */
  async verify(tx: Transaction, actor: Actor, subscriptionId: string): Promise<VerificationAnswer> {
    await this.contracts.see(tx, visibilityOf(actor, 'ledger.verify'), subscriptionId);
    await lockOf(subscriptionId, this.locks.lock(tx, [subscriptionId]));
    const { found } = await this.#rebuild(tx, [subscriptionId]);
    return { consistent: found.length === 0, differences: found };
  }

  /** Verifies all subscriptions, each chunk on its own snapshot, so that bookings go on. Logs the first differences. */
  async verifyAll(): Promise<VerificationCounts> {
    const counts: VerificationCounts = { subscriptions: 0, terms: 0, differences: 0 };
    let last: string | undefined;
    for (;;) {
      const chunk = await this.database.read(async (tx) => {
        const ids = await this.store.subscriptionsAfter(tx, last, chunkSize);
        return { ids, ...(await this.#rebuild(tx, ids)) };
      });
      counts.subscriptions += chunk.ids.length;
      counts.terms += chunk.terms;
      chunk.found.slice(0, Math.max(0, mostLogged - counts.differences)).forEach((found) => this.#report(found));
      counts.differences += chunk.found.length;
      if (chunk.ids.length < chunkSize) return counts;
      last = chunk.ids.at(-1);
    }
  }

  #report({ termId, field, stored, rebuilt }: StoredDifference): void {
    this.#logger.error(`Term ${termId}: ${field} is stored as ${stored}, but the entries add up to ${rebuilt}`);
  }

  async #rebuild(tx: Transaction, ids: readonly string[]): Promise<{ terms: number; found: StoredDifference[] }> {
    const contracts = await this.contracts.load(tx, ids);
    const terms = new Map([...contracts.values()].flatMap((contract) => contract.terms.map((term) => [term.id, term])));
    const books = await this.store.books(tx, ids);
    const found = [
      ...books.flatMap((kept) => differencesOf(kept, terms.get(kept.termId)!)),
      ...(await this.store.pairDifferences(tx, ids)),
      ...(await this.store.dayDifferences(tx, ids)),
    ];
    return { terms: books.length, found };
  }
}

function differencesOf(
  { termId, stored, rebuilt, limits }: StoredAndRebuiltTerm,
  term: SubscriptionTerm,
): StoredDifference[] {
  return [...differences(stored, rebuilt), ...differences(limits, limitsOf(term))].map((difference) => ({
    termId,
    ...difference,
  }));
}

/** The limits that follow from a term's packages and supplements. */
function limitsOf(term: SubscriptionTerm): TermLimits {
  const { onsiteCapMinutes, maxVisits, learningSeats } = entitlementOf(term.periods, term, term.topUps);
  return { onsiteCapMinutes, maxVisits: maxVisits ?? -1, maxSeats: learningSeats };
}
