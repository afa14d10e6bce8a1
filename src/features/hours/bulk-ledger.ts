import type { Actor } from '../../domain/access.js';
import type { ServiceRules } from '../../domain/service-rules.js';
import type { TimeEntry } from '../../domain/time-entry.js';
import type { PipelinedTransaction } from '../../platform/database/transaction.js';
import type { Writes } from './booking.store.js';
import type { BulkWriteStore } from './bulk-write.store.js';
import { WorkingLedger, type LockedFacts } from './working-ledger.js';

/**
 * Logs many entries in one transaction. Entries are sent to the database in portions, so that it writes one portion while the rules
 * judge the next. The minutes that they use are sent once, at the end, so that each balance changes only once.
 */
export class BulkLedger {
  /** The entries that were sent. */
  readonly entryIds: string[] = [];
  readonly #ledger: WorkingLedger;
  readonly #used: Pick<Writes, 'ledger' | 'pairs' | 'days'> = { ledger: [], pairs: new Map(), days: new Map() };

  constructor(
    private readonly tx: PipelinedTransaction,
    facts: LockedFacts,
    rules: ServiceRules,
    now: Date,
    private readonly store: BulkWriteStore,
  ) {
    this.#ledger = new WorkingLedger(facts, rules, now, { undoable: false });
  }

  /** @throws Refusal with every broken rule, or `not-found` if the actor may not see the subscription */
  log(actor: Actor, subscriptionId: string, entry: TimeEntry): void {
    this.#ledger.log(actor, subscriptionId, entry);
  }

  /** @throws Refusal `not-found` if the actor may not book on the subscription */
  refuseUnseen(actor: Actor, subscriptionId: string): void {
    this.#ledger.refuseUnseen(actor, subscriptionId);
  }

  /** Sends the entries that were logged since the last call. */
  async sendEntries(): Promise<void> {
    const { entries, ledger, pairs, newPairs, days } = this.#ledger.takeWrites();
    if (entries.length === 0) return;
    for (const { id } of entries) this.entryIds.push(id);
    for (const row of ledger) this.#used.ledger.push(row);
    for (const [key, pair] of pairs) this.#used.pairs.set(key, pair);
    for (const [key, day] of days) this.#used.days.set(key, day);
    await this.store.entries(
      this.tx,
      entries,
      [...newPairs].map((key) => pairs.get(key)!),
    );
  }

  /** Drops the entries that were logged since the last call. A dry run never sends them, and they would fill the memory. */
  dropEntries(): void {
    this.#ledger.takeWrites();
  }

  /** Sends the minutes that the entries used. Call it once, after the last `sendEntries`. */
  async sendUse(): Promise<void> {
    if (this.entryIds.length > 0) await this.store.use(this.tx, this.#used);
  }
}
