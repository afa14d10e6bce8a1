import type { Agreement, History, LedgerRow, StoredEntry, Violation } from './history.js';

/** The figures of a term at a position of its ledger. */
export interface Figures {
  grantedMinutes: number;
  usedMinutes: number;
  remainingMinutes: number;
  unallocatedMinutes: number;
  onsiteUsedMinutes: number;
}

export const pairOf = ({ consultantId, productLineId }: { consultantId: string; productLineId: string }): string =>
  `${consultantId} ${productLineId}`;
export const dayOf = ({ consultantId, workDate }: { consultantId: string; workDate: string }): string =>
  `${consultantId} ${workDate}`;

/**
 * The ledger of one term, replayed. A position is a number of rows: 0 is before the first row. This replay shares no code with the
 * service.
 */
export class Chain {
  readonly rows: readonly LedgerRow[];
  readonly violations: Violation[] = [];
  readonly #figures: Figures[] = [];
  /** The totals of pairs and of consultants' days, each with the position from which it holds. */
  readonly #totals = new Map<string, { from: number; minutes: number }[]>();
  readonly #positions = new Map<string, number>();
  readonly #uses = new Map<string, number>();
  readonly #reversals = new Map<string, number>();

  constructor(
    readonly agreement: Agreement,
    stored: History['stored'],
    private readonly entries: ReadonlyMap<string, StoredEntry>,
  ) {
    const { subscriptionId } = agreement;
    this.rows = stored.ledger
      .filter((row) => row.subscriptionId === subscriptionId)
      .sort((one, other) => one.sequence - other.sequence);
    let figures: Figures = {
      grantedMinutes: 0,
      usedMinutes: 0,
      remainingMinutes: 0,
      unallocatedMinutes: this.unallocated(0, 0),
      onsiteUsedMinutes: 0,
    };
    this.#figures.push(figures);
    for (const [at, row] of this.rows.entries()) {
      figures = this.#after(figures, row, at + 1);
      this.#figures.push(figures);
    }
    const balance = stored.balances.find((one) => one.subscriptionId === subscriptionId);
    const expected = [figures.usedMinutes, figures.onsiteUsedMinutes, this.length];
    const found = balance && [balance.usedMinutes, balance.onsiteUsedMinutes, balance.lastSequence];
    if (String(found) !== String(expected)) {
      this.#say(
        'the chain of balances has no gap',
        `the balance stores ${String(found)}, the ledger has ${String(expected)}`,
      );
    }
  }

  get length(): number {
    return this.rows.length;
  }

  at(position: number): Figures {
    return this.#figures[position]!;
  }

  /** The minutes of a pair or of a consultant's day, by `pairOf` or `dayOf`. */
  total(key: string, position: number): number {
    const totals = this.#totals.get(key) ?? [];
    return totals[countUpTo(totals, position) - 1]?.minutes ?? 0;
  }

  /** The different minutes of a consultant's day at the positions from `first` to `last`. */
  totalsBetween(key: string, first: number, last: number): Set<number> {
    const totals = this.#totals.get(key) ?? [];
    const between = totals.slice(countUpTo(totals, first), countUpTo(totals, last));
    return new Set([this.total(key, first), ...between.map(({ minutes }) => minutes)]);
  }

  /** The position from which a row of the ledger stands; undefined if there is no such row. */
  positionOf(rowId: string): number | undefined {
    return this.#positions.get(rowId);
  }

  /** The position from which an entry stands. */
  useOf(entryId: string): number | undefined {
    return this.#uses.get(entryId);
  }

  /** The position from which an entry is reversed. */
  reversalOf(entryId: string): number | undefined {
    return this.#reversals.get(entryId);
  }

  /** What neither allocations nor work have taken; `change` is added to the work of pairs. */
  unallocated(position: number, grantedMinutes: number, change: ReadonlyMap<string, number> = new Map()): number {
    let committed = 0;
    for (const allocation of this.agreement.allocations) {
      const pair = pairOf(allocation);
      committed += Math.max(allocation.minutes, this.total(pair, position) + (change.get(pair) ?? 0));
    }
    return grantedMinutes - committed;
  }

  #after(before: Figures, row: LedgerRow, position: number): Figures {
    const gap = 'the chain of balances has no gap';
    this.#positions.set(row.id, position);
    if (row.sequence !== position) this.#say(gap, `row ${position} has the sequence number ${row.sequence}`);
    const remainingMinutes = before.remainingMinutes + row.minutes;
    if (row.balanceAfterMinutes !== remainingMinutes) {
      this.#say(gap, `row ${position} has the balance ${row.balanceAfterMinutes} instead of ${remainingMinutes}`);
    }
    const grants = row.kind === 'grant';
    const grantedMinutes = before.grantedMinutes + (grants ? row.minutes : 0);
    const usedMinutes = before.usedMinutes - (grants ? 0 : row.minutes);
    const onsiteUsedMinutes = before.onsiteUsedMinutes - row.onsiteMinutes;
    if (!grants) this.#move(row, position);
    const unallocatedMinutes = this.unallocated(position, grantedMinutes);
    const { onsiteCapMinutes } = this.agreement;
    if (remainingMinutes < 0 || onsiteUsedMinutes > onsiteCapMinutes || (position > 1 && unallocatedMinutes < 0)) {
      const limits = `${remainingMinutes} remaining, ${onsiteUsedMinutes} onsite, ${unallocatedMinutes} unallocated`;
      this.#say('no limit is exceeded', `after row ${position}: ${limits}`);
    }
    return { grantedMinutes, usedMinutes, remainingMinutes, unallocatedMinutes, onsiteUsedMinutes };
  }

  /** Adds a use or a reversal to the totals of its pair and day. */
  #move(row: LedgerRow, position: number): void {
    const entry = row.timeEntryId === null ? undefined : this.entries.get(row.timeEntryId);
    const first = row.kind === 'use' ? this.#uses : row.kind === 'reversal' ? this.#reversals : undefined;
    if (entry === undefined || first === undefined || entry.subscriptionId !== row.subscriptionId) {
      this.#say(
        'all that stands was asked for',
        `row ${position} (${row.kind}) belongs to no entry of the subscription`,
      );
      return;
    }
    const minutes = row.kind === 'use' ? -entry.minutes : entry.minutes;
    const onsiteMinutes = entry.delivery === 'onsite' ? minutes : 0;
    if (row.minutes !== minutes || row.onsiteMinutes !== onsiteMinutes) {
      const found = `${row.minutes} (${row.onsiteMinutes} onsite)`;
      this.#say('the chain of balances has no gap', `row ${position} of ${entry.summary} moves ${found}`);
    }
    if (first.has(entry.id)) {
      const times = `${entry.summary} has a second row of kind ${row.kind} at ${position}`;
      this.#say('an acknowledged booking stands exactly once', times);
    }
    first.set(entry.id, position);
    for (const key of [pairOf(entry), dayOf(entry)]) {
      const totals = this.#totals.get(key) ?? [];
      totals.push({ from: position, minutes: (totals.at(-1)?.minutes ?? 0) - row.minutes });
      this.#totals.set(key, totals);
    }
  }

  #say(promise: Violation['promise'], found: string): void {
    this.violations.push({ promise, found: `${this.agreement.subscriptionId}: ${found}` });
  }
}

/** The number of totals that hold from a position up to this one; binary search, because the checker asks for every call. */
function countUpTo(totals: readonly { from: number }[], position: number): number {
  let [low, high] = [0, totals.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (totals[middle]!.from <= position) low = middle + 1;
    else high = middle;
  }
  return low;
}
