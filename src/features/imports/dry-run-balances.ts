import type { TermBalanceRecord } from '../ledger/term-balance.js';
import type { LockedFacts, KnownContract } from '../hours/working-ledger.js';

/**
 * What a dry run carries in memory from chunk to chunk: the balances and the consultants' days as if the rows so far had been
 * booked. It also carries contracts that a booking would have rolled over, because each chunk rolls their new terms back.
 */
export class DryRunBalances {
  readonly #balances = new Map<string, TermBalanceRecord>();
  readonly #days = new Map<string, number>();
  readonly #rolled = new Map<string, KnownContract>();

  /** The facts that were read for a chunk, as the rows before it would have left them. */
  carriedTo<Read extends LockedFacts>(read: Read): Read {
    const known = new Map(read.known);
    for (const id of read.rolled) {
      if (!this.#rolled.has(id)) this.#rolled.set(id, read.known.get(id)!);
      known.set(id, this.#rolled.get(id)!);
    }
    keepFirst(this.#balances, read.balances);
    keepFirst(this.#days, read.consultantDays);
    return { ...read, known, balances: this.#balances, consultantDays: this.#days };
  }
}

function keepFirst<Value>(carried: Map<string, Value>, read: ReadonlyMap<string, Value>): void {
  for (const [key, value] of read) if (!carried.has(key)) carried.set(key, value);
}
