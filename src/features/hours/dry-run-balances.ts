import type { TermBalanceRecord } from '../ledger/term-balance.js';
import type { LockedFacts, KnownContract } from './working-ledger.js';

/**
 * What a dry run of a file carries in memory from chunk to chunk: the accounts and the consultants' days as they would be
 * had the rows so far been booked. Contracts that a booking would have rolled over first are carried too, as their new terms
 * are gone from the database with each chunk.
 */
export class DryRunBalances {
  readonly #accounts = new Map<string, TermBalanceRecord>();
  readonly #days = new Map<string, number>();
  readonly #rolled = new Map<string, KnownContract>();

  /** What was read for a chunk, as the rows before it would have left it. */
  goOnFrom<Read extends LockedFacts>(read: Read): Read {
    const known = new Map(read.known);
    for (const id of read.rolled) {
      if (!this.#rolled.has(id)) this.#rolled.set(id, read.known.get(id)!);
      known.set(id, this.#rolled.get(id)!);
    }
    keepFirst(this.#accounts, read.accounts);
    keepFirst(this.#days, read.consultantDays);
    return { ...read, known, accounts: this.#accounts, consultantDays: this.#days };
  }
}

function keepFirst<Value>(carried: Map<string, Value>, read: ReadonlyMap<string, Value>): void {
  for (const [key, value] of read) if (!carried.has(key)) carried.set(key, value);
}
