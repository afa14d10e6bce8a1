import { visibilityOf, type Actor, type Permission } from '../../domain/access.js';
import { pairKey } from '../../domain/allocation.js';
import { dayAt, type Day, type Month } from '../../domain/calendar.js';
import { termOn, visitsTaking, type Assignments, type Contract, type ContractTerm } from '../../domain/contract.js';
import { equalityText } from '../../domain/equal-entries.js';
import { packageInForceOn } from '../../domain/entitlement.js';
import { post, remainingMinutes, reverseUse, useInTerm, type LedgerEntry } from '../../domain/ledger.js';
import { forecastWindow } from '../../domain/pace.js';
import { accountingMonth } from '../../domain/period.js';
import { Refusal, refuseByRules } from '../../domain/refusal.js';
import type { ServiceRules } from '../../domain/service-rules.js';
import { judgeTimeEntry, type TimeEntry } from '../../domain/time-entry.js';
import { newId } from '../../platform/ids.js';
import type { TermBalanceRecord } from '../ledger/term-balance.js';
import type { BookedEntry, ReversalRow } from './booked-entry.js';
import { dayKey, type Writes } from './booking.store.js';

/** Why an entry is taken back: for staff, and for the customer where there is a note. */
export interface ReversalReason {
  reason: string;
  customerNote: string | null;
}

/** What changes only when the contract does. */
export interface KnownContract {
  contract: Contract;
  assignments: Assignments;
}

/** What was known of the subscriptions of a batch once its transaction had locked them. */
export interface LockedFacts {
  known: ReadonlyMap<string, KnownContract>;
  /** Those that this transaction has rolled over, known as they are then; of these all accounts are here. */
  rolled: readonly string[];
  accounts: Map<string, TermBalanceRecord>;
  /** Minutes logged over all customers, by `dayKey`. */
  consultantDays: Map<string, number>;
  /** The entries that are to be taken back, and which of them have been. */
  entries: ReadonlyMap<string, BookedEntry>;
  reversed: Set<string>;
  closedThrough: Month | null;
  /** Standing entries that may equal those to be logged, by `equalityText`; absent where nobody asks for duplicates. */
  equal?: Map<string, string[]>;
}

/** An entry that was logged or taken back, and the account after it. */
export interface LoggedEntry {
  entry: BookedEntry;
  contract: Contract;
  term: ContractTerm;
  account: TermBalanceRecord;
  today: Day;
  /** Of an entry that was logged: an equal one that stands in the books. */
  equalId?: string;
}

/** An entry that was taken back, with what did so. */
export interface ReversedEntry extends LoggedEntry {
  reversal: ReversalRow;
}

/**
 * The accounts of one batch, in memory: each line is judged by the rules against what the lines before it have left, and
 * what was accepted is written at once in the end. Nothing here waits for anything, so nobody comes in between.
 * What `undoTo` takes back (a dry run, a batch that is written whole or not at all) leaves no trace; where nothing will be
 * taken back, nothing is kept for it.
 */
export class WorkingLedger {
  readonly #undo: (() => void)[] = [];
  #writes = nothingWritten();
  /** By term: the days on which its forecast looks back from today. */
  readonly #windows = new Map<string, ReturnType<typeof forecastWindow>>();

  constructor(
    private readonly facts: LockedFacts,
    private readonly rules: ServiceRules,
    private readonly now: Date,
    private readonly options = { undoable: true },
  ) {}

  get mark(): number {
    return this.#undo.length;
  }

  undoTo(mark: number): void {
    while (this.#undo.length > mark) this.#undo.pop()!();
  }

  get writes(): Writes {
    return this.#writes;
  }

  /** All that is to be written since the last time; it stands, and what comes next is judged by it. */
  takeWrites(): Writes {
    const writes = this.#writes;
    this.#writes = nothingWritten();
    this.#undo.length = 0;
    return writes;
  }

  /**
   * Logs an entry (§5).
   * @throws Refusal with every rule that is broken, `not-found` where the actor may not see the subscription
   */
  log(actor: Actor, subscriptionId: string, entry: TimeEntry): LoggedEntry {
    return this.#log(actor, this.#known(actor, subscriptionId), entry);
  }

  /**
   * Logs forgotten work of a closed month, which counts in the first open month (§12).
   * @throws Refusal `period-not-closed`, `not-found`, or every other rule that is broken
   */
  adjust(
    actor: Actor,
    {
      month,
      subscriptionId,
      reason,
      entry,
    }: { month: Month; subscriptionId: string; reason: string; entry: TimeEntry },
  ): LoggedEntry {
    const known = this.#known(actor, subscriptionId, 'adjustments.write');
    const { closedThrough } = this.facts;
    if (closedThrough === null || month > closedThrough) throw new Refusal('period-not-closed', { month });
    return this.#log(actor, known, entry, { adjustmentReason: reason });
  }

  #log(
    actor: Actor,
    { contract, assignments }: KnownContract,
    asked: TimeEntry,
    { corrected, adjustmentReason = null }: { corrected?: BookedEntry; adjustmentReason?: string | null } = {},
  ): LoggedEntry {
    const { facts, rules } = this;
    const entry = withOnlyVisit(asked, assignments);
    const today = dayAt(this.now, contract.timeZone);
    const term = termOn(contract, entry.workDate);
    const account = term && facts.accounts.get(term.id);
    const key = dayKey(entry.consultantId, entry.workDate);
    const consultantDayMinutes = facts.consultantDays.get(key) ?? 0;
    const { closedThrough } = facts;
    const adjusting = adjustmentReason !== null;
    const violations = judgeTimeEntry(
      entry,
      { contract, assignments, termBalance: account, consultantDayMinutes, closedThrough, adjusting, today, rules },
      corrected,
    );
    if (violations.length > 0 || term === undefined || account === undefined) throw refuseByRules(violations);
    // What is spread comes last, here and below: fields added after it cost V8 fifty times as much.
    const booked: BookedEntry = {
      id: newId(),
      subscriptionId: contract.subscriptionId,
      termId: term.id,
      package: packageInForceOn(term.periods, entry.workDate).code,
      ...accountingMonth(entry.workDate, closedThrough),
      correctsEntryId: corrected?.id ?? null,
      adjustmentReason,
      recordedAt: this.now,
      recordedBy: actor.userId,
      ...entry,
    };
    this.#append(this.#writes.entries, booked);
    const equalId = this.#equalOf(booked);
    return { entry: booked, contract, term, today, account: this.#move(booked, term, today, 1), equalId };
  }

  /** An equal entry that stands (§14); from now on the entry itself is one for those that follow. */
  #equalOf(entry: BookedEntry): string | undefined {
    const { equal, reversed } = this.facts;
    if (equal === undefined) return undefined;
    const text = equalityText(entry.subscriptionId, entry);
    const ids = equal.get(text) ?? [];
    const found = ids.find((id) => !reversed.has(id));
    equal.set(text, ids);
    this.#append(ids, entry.id);
    return found;
  }

  /**
   * Finds out whether the actor may book on a subscription.
   * @throws Refusal `not-found`
   */
  see(actor: Actor, subscriptionId: string): void {
    this.#known(actor, subscriptionId);
  }

  /**
   * Takes an entry back, once (§5): its minutes, its onsite minutes, and what it drew from its allocation.
   * @throws Refusal `not-found`, `already-reversed`
   */
  reverse(actor: Actor, timeEntryId: string, { reason, customerNote }: ReversalReason): ReversedEntry {
    const entry = this.facts.entries.get(timeEntryId);
    if (entry === undefined) throw new Refusal('not-found');
    const { contract } = this.#known(actor, entry.subscriptionId);
    if (this.facts.reversed.has(timeEntryId)) throw new Refusal('already-reversed', { timeEntryId });
    const term = contract.terms.find(({ id }) => id === entry.termId)!;
    this.facts.reversed.add(timeEntryId);
    this.#undo.push(() => this.facts.reversed.delete(timeEntryId));
    const reversal: ReversalRow = {
      id: newId(),
      timeEntryId,
      reason,
      customerNote,
      ...accountingMonth(entry.workDate, this.facts.closedThrough),
      recordedAt: this.now,
      recordedBy: actor.userId,
    };
    this.#append(this.#writes.reversals, reversal);
    const today = dayAt(this.now, contract.timeZone);
    return { entry, reversal, contract, term, today, account: this.#move(entry, term, today, -1) };
  }

  /**
   * Takes an entry back and logs another in its place, both or neither (§5). The new one stays within the subscription.
   * @throws Refusal of either
   */
  correct(
    actor: Actor,
    timeEntryId: string,
    why: ReversalReason,
    entry: TimeEntry,
  ): { reversed: ReversedEntry; logged: LoggedEntry } {
    const { mark } = this;
    try {
      const reversed = this.reverse(actor, timeEntryId, why);
      const known = this.#known(actor, reversed.entry.subscriptionId);
      const logged = this.#log(actor, known, entry, { corrected: reversed.entry });
      return { reversed, logged };
    } catch (refusal) {
      this.undoTo(mark);
      throw refusal;
    }
  }

  /** The contract, where the actor may book on it; else it is as if it were not there (§13). */
  #known(actor: Actor, subscriptionId: string, permission: Permission = 'time-entries.log'): KnownContract {
    const known = this.facts.known.get(subscriptionId);
    const visibility = visibilityOf(actor, permission);
    const seen =
      visibility.kind === 'all' || (visibility.kind === 'portfolio' && known?.contract.csmId === visibility.csmId);
    if (known === undefined || !seen) throw new Refusal('not-found');
    return known;
  }

  /** Moves minutes into use (1) or out of it (−1): in the ledger, in the pair's work and on the consultant's day. */
  #move(entry: BookedEntry, term: ContractTerm, today: Day, direction: 1 | -1): TermBalanceRecord {
    const { accounts, consultantDays } = this.facts;
    const before = accounts.get(term.id)!;
    const work = {
      closed: before.closed,
      minutes: entry.minutes,
      onsiteMinutes: entry.delivery === 'onsite' ? entry.minutes : 0,
      workDate: entry.workDate,
      endsOn: term.endsOn,
      timeEntryId: entry.id,
    };
    const { balance, lastSequence } = this.#post(before, direction === 1 ? useInTerm(work) : reverseUse(work));
    const change = direction * entry.minutes;
    const { from, to } = this.#forecastWindow(term, today);
    const recent = from <= entry.workDate && entry.workDate <= to;

    const key = pairKey(entry);
    const pair = before.pairs.get(key);
    const workedMinutes = (pair?.workedMinutes ?? 0) + change;
    this.#set(before.pairs, key, { allocatedMinutes: pair?.allocatedMinutes ?? 0, workedMinutes });
    const { consultantId, productLineId } = entry;
    const ofTerm = `${term.id} ${key}`;
    const { pairs, newPairs } = this.#writes;
    if (pair === undefined) {
      newPairs.add(ofTerm);
      if (this.options.undoable) this.#undo.push(() => newPairs.delete(ofTerm));
    }
    this.#set(pairs, ofTerm, { termId: term.id, consultantId, productLineId, workedMinutes });

    const dayOf = dayKey(consultantId, entry.workDate);
    const minutes = (consultantDays.get(dayOf) ?? 0) + change;
    this.#set(consultantDays, dayOf, minutes);
    this.#set(this.#writes.days, dayOf, { consultantId, day: entry.workDate, minutes });

    const recentUsedMinutes = before.recentUsedMinutes + (recent ? change : 0);
    const after = { ...before, balance, lastSequence, recentUsedMinutes };
    this.#set(accounts, term.id, after);
    return after;
  }

  #forecastWindow(term: ContractTerm, today: Day): ReturnType<typeof forecastWindow> {
    const known = this.#windows.get(term.id);
    if (known) return known;
    const window = forecastWindow(term.startsOn, today, this.rules.forecastDays);
    this.#windows.set(term.id, window);
    return window;
  }

  #post(
    account: TermBalanceRecord,
    drafts: readonly LedgerEntry[],
  ): Pick<TermBalanceRecord, 'balance' | 'lastSequence'> {
    let { balance, lastSequence } = account;
    for (const draft of drafts) {
      balance = post(balance, draft);
      this.#append(this.#writes.ledger, {
        id: newId(),
        termId: account.termId,
        sequence: ++lastSequence,
        recordedAt: this.now,
        balanceAfterMinutes: remainingMinutes(balance),
        ...draft,
      });
    }
    return { balance, lastSequence };
  }

  #append<Row>(rows: Row[], row: Row): void {
    rows.push(row);
    if (this.options.undoable) this.#undo.push(() => rows.pop());
  }

  #set<Value>(map: Map<string, Value>, key: string, value: Value): void {
    const before = this.options.undoable ? map.get(key) : undefined;
    map.set(key, value);
    if (this.options.undoable) this.#undo.push(() => (before === undefined ? map.delete(key) : map.set(key, before)));
  }
}

const nothingWritten = (): Writes => ({
  entries: [],
  reversals: [],
  ledger: [],
  pairs: new Map(),
  newPairs: new Set(),
  days: new Map(),
});

/** Onsite work that names no visit belongs to the only one that can take it (§8). */
function withOnlyVisit(entry: TimeEntry, { visits }: Assignments): TimeEntry {
  if (entry.delivery !== 'onsite' || entry.visitId !== null) return entry;
  const [found, ...others] = visitsTaking(visits, entry.workDate, entry.consultantId);
  return found === undefined || others.length > 0 ? entry : { ...entry, visitId: found.id };
}
