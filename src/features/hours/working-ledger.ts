import { visibilityOf, type Actor, type Permission } from '../../domain/access.js';
import { pairKey } from '../../domain/allocation.js';
import { dayAt, type Day, type Month } from '../../domain/calendar.js';
import { termOn, visitsTaking, type Assignments, type Contract, type ContractTerm } from '../../domain/contract.js';
import { equalityText } from '../../domain/equal-entries.js';
import { packageInForceOn } from '../../domain/entitlement.js';
import { post, remainingMinutes, reverseUse, useInTerm, type LedgerEntry } from '../../domain/ledger.js';
import { forecastWindow } from '../../domain/pace.js';
import { judgeFulfilment, type NamedSession } from '../../domain/planned-session.js';
import { accountingMonth } from '../../domain/period.js';
import { Refusal, refuseByRules } from '../../domain/refusal.js';
import type { ServiceRules } from '../../domain/service-rules.js';
import { judgeTimeEntry, type TimeEntry } from '../../domain/time-entry.js';
import { newId } from '../../platform/ids.js';
import type { TermBalanceRecord } from '../ledger/term-balance.js';
import type { BookedEntry, ReversalRow } from './booked-entry.js';
import type { ReversalReason } from './booking-item.js';
import { dayKey, type Writes } from './booking.store.js';

/** Facts that change only together with the contract. */
export interface KnownContract {
  contract: Contract;
  assignments: Assignments;
}

/** The facts about a batch, read after its transaction had locked them. */
export interface LockedFacts {
  /** Contracts by subscription. */
  known: ReadonlyMap<string, KnownContract>;
  /** The subscriptions that this transaction has rolled over. `known` has their new contracts, `balances` all their terms. */
  rolled: readonly string[];
  /** Balances by term. */
  balances: Map<string, TermBalanceRecord>;
  /** Minutes logged over all customers, by `dayKey`. */
  consultantDays: Map<string, number>;
  /** The entries that items reverse or correct, and the ids of the entries that are reversed already. */
  entries: ReadonlyMap<string, BookedEntry>;
  reversed: Set<string>;
  /** The planned sessions that items name, and those of the entries that they reverse or correct. */
  sessions: Map<string, NamedSession>;
  closedThrough: Month | null;
  /** Standing entries that may equal those to be logged, by `equalityText`. Undefined if the batch does not look for duplicates. */
  equalIds?: Map<string, string[]>;
}

/** An entry that was logged or reversed, and the balance of its term afterwards. */
export interface LoggedEntry {
  entry: BookedEntry;
  contract: Contract;
  term: ContractTerm;
  termBalance: TermBalanceRecord;
  today: Day;
  /** For a logged entry: an earlier equal one that stands. */
  equalId?: string;
}

/** An entry that was reversed, and its reversal. */
export interface ReversedEntry extends LoggedEntry {
  reversal: ReversalRow;
}

/**
 * The ledger of one batch, in memory. The rules judge each item against the balances that the items before it have left. `writes`
 * collects the accepted changes, which one statement writes. All methods are synchronous, so bookings cannot interleave.
 * `undoTo` undoes a dry run, or an atomic batch that was refused. With `undoable: false` nothing can be undone, and memory is saved.
 */
export class WorkingLedger {
  readonly #undo: (() => void)[] = [];
  #writes = nothingWritten();
  /** The days on which the forecast of a term looks back from today, by term. */
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

  /** Returns the writes that were accepted since the last call. They can no longer be undone, and later items are judged by them. */
  takeWrites(): Writes {
    const writes = this.#writes;
    this.#writes = nothingWritten();
    this.#undo.length = 0;
    return writes;
  }

  /**
   * Logs an entry (§5).
   * @throws Refusal with every broken rule, or `not-found` if the actor may not see the subscription
   */
  log(actor: Actor, subscriptionId: string, entry: TimeEntry, plannedSessionId: string | null = null): LoggedEntry {
    return this.#log(actor, this.#known(actor, subscriptionId), entry, { plannedSessionId });
  }

  /**
   * Logs forgotten work of a closed month, which counts in the first open month (§12).
   * @throws Refusal `period-not-closed`, `not-found`, or with every other broken rule
   */
  adjust(
    actor: Actor,
    {
      month,
      subscriptionId,
      reason,
      entry,
      plannedSessionId = null,
    }: { month: Month; subscriptionId: string; reason: string; entry: TimeEntry; plannedSessionId?: string | null },
  ): LoggedEntry {
    const known = this.#known(actor, subscriptionId, 'adjustments.write');
    const { closedThrough } = this.facts;
    if (closedThrough === null || month > closedThrough) throw new Refusal('period-not-closed', { month });
    return this.#log(actor, known, entry, { adjustmentReason: reason, plannedSessionId });
  }

  #log(
    actor: Actor,
    { contract, assignments }: KnownContract,
    requested: TimeEntry,
    {
      corrected,
      adjustmentReason = null,
      plannedSessionId,
    }: { corrected?: BookedEntry; adjustmentReason?: string | null; plannedSessionId: string | null },
  ): LoggedEntry {
    const { facts, rules } = this;
    const entry = withOnlyVisit(requested, assignments);
    const today = dayAt(this.now, contract.timeZone);
    const term = termOn(contract, entry.workDate);
    const termBalance = term && facts.balances.get(term.id);
    const key = dayKey(entry.consultantId, entry.workDate);
    const consultantDayMinutes = facts.consultantDays.get(key) ?? 0;
    const { closedThrough } = facts;
    const adjusting = adjustmentReason !== null;
    const violations = judgeTimeEntry(
      entry,
      { contract, assignments, termBalance, consultantDayMinutes, closedThrough, adjusting, today, rules },
      corrected,
    );
    if (plannedSessionId !== null) {
      const session = facts.sessions.get(plannedSessionId);
      violations.push(...judgeFulfilment(plannedSessionId, session, contract.subscriptionId));
    }
    if (violations.length > 0 || term === undefined || termBalance === undefined) throw refuseByRules(violations);
    // Spread last, here and below: V8 takes fifty times as long for fields that follow a spread.
    const booked: BookedEntry = {
      id: newId(),
      subscriptionId: contract.subscriptionId,
      termId: term.id,
      package: packageInForceOn(term.periods, entry.workDate).code,
      ...accountingMonth(entry.workDate, closedThrough),
      correctsEntryId: corrected?.id ?? null,
      plannedSessionId,
      adjustmentReason,
      recordedAt: this.now,
      recordedBy: actor.userId,
      ...entry,
    };
    this.#append(this.#writes.entries, booked);
    if (plannedSessionId !== null) this.#fulfil(plannedSessionId, booked.id);
    const equalId = this.#equalOf(booked);
    return { entry: booked, contract, term, today, termBalance: this.#move(booked, term, today, 1), equalId };
  }

  /** Finds a standing entry that equals this one (§14), and adds this one for the items that follow. */
  #equalOf(entry: BookedEntry): string | undefined {
    const { equalIds, reversed } = this.facts;
    if (equalIds === undefined) return undefined;
    const text = equalityText(entry.subscriptionId, entry);
    const ids = equalIds.get(text) ?? [];
    const found = ids.find((id) => !reversed.has(id));
    equalIds.set(text, ids);
    this.#append(ids, entry.id);
    return found;
  }

  /** @throws Refusal `not-found` if the actor may not book on the subscription */
  refuseUnseen(actor: Actor, subscriptionId: string): void {
    this.#known(actor, subscriptionId);
  }

  /**
   * Reverses an entry, once (§5): gives back its minutes, its onsite minutes, and its draw on the allocation,
   * and opens the planned session that it fulfilled.
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
    const { plannedSessionId } = entry;
    if (plannedSessionId !== null) this.#fulfil(plannedSessionId, null);
    const today = dayAt(this.now, contract.timeZone);
    const shown = plannedSessionId === null ? entry : { ...entry, plannedSessionId: null };
    return { entry: shown, reversal, contract, term, today, termBalance: this.#move(entry, term, today, -1) };
  }

  /**
   * Reverses an entry and logs another one on the same subscription, both or neither (§5). By default, the new entry fulfils the planned
   * session of the earlier one.
   * @throws Refusal as `reverse` and `log`
   */
  correct(
    actor: Actor,
    timeEntryId: string,
    why: ReversalReason,
    entry: TimeEntry,
    plannedSessionId = this.facts.entries.get(timeEntryId)?.plannedSessionId ?? null,
  ): { reversed: ReversedEntry; logged: LoggedEntry } {
    const { mark } = this;
    try {
      const reversed = this.reverse(actor, timeEntryId, why);
      const known = this.#known(actor, reversed.entry.subscriptionId);
      const logged = this.#log(actor, known, entry, { corrected: reversed.entry, plannedSessionId });
      return { reversed, logged };
    } catch (refusal) {
      this.undoTo(mark);
      throw refusal;
    }
  }

  /** @throws Refusal `not-found`, also if the actor may not see the subscription (§13) */
  #known(actor: Actor, subscriptionId: string, permission: Permission = 'time-entries.log'): KnownContract {
    const known = this.facts.known.get(subscriptionId);
    const visibility = visibilityOf(actor, permission);
    const seen = (csmId: string): boolean =>
      visibility.kind === 'all' || (visibility.kind === 'portfolio' && visibility.csmIds.includes(csmId));
    if (known === undefined || !seen(known.contract.csmId)) throw new Refusal('not-found');
    return known;
  }

  /** Adds minutes to use (1) or takes them away (−1): in the ledger, for the pair, and on the consultant's day. */
  #move(entry: BookedEntry, term: ContractTerm, today: Day, direction: 1 | -1): TermBalanceRecord {
    const { balances, consultantDays } = this.facts;
    const before = balances.get(term.id)!;
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
    const pairInTerm = `${term.id} ${key}`;
    const { pairs, newPairs } = this.#writes;
    if (pair === undefined) {
      newPairs.add(pairInTerm);
      if (this.options.undoable) this.#undo.push(() => newPairs.delete(pairInTerm));
    }
    this.#set(pairs, pairInTerm, { termId: term.id, consultantId, productLineId, workedMinutes });

    const dayId = dayKey(consultantId, entry.workDate);
    const minutes = (consultantDays.get(dayId) ?? 0) + change;
    this.#set(consultantDays, dayId, minutes);
    this.#set(this.#writes.days, dayId, { consultantId, day: entry.workDate, minutes });

    const recentUsedMinutes = before.recentUsedMinutes + (recent ? change : 0);
    const after = { ...before, balance, lastSequence, recentUsedMinutes };
    this.#set(balances, term.id, after);
    return after;
  }

  /** Sets the entry that fulfils a planned session; null opens the session again. */
  #fulfil(plannedSessionId: string, fulfilledByEntryId: string | null): void {
    const { sessions } = this.facts;
    this.#set(sessions, plannedSessionId, { ...sessions.get(plannedSessionId)!, fulfilledByEntryId });
    this.#set(this.#writes.fulfilments, plannedSessionId, fulfilledByEntryId);
  }

  #forecastWindow(term: ContractTerm, today: Day): ReturnType<typeof forecastWindow> {
    const known = this.#windows.get(term.id);
    if (known) return known;
    const window = forecastWindow(term.startsOn, today, this.rules.forecastDays);
    this.#windows.set(term.id, window);
    return window;
  }

  #post(
    before: TermBalanceRecord,
    drafts: readonly LedgerEntry[],
  ): Pick<TermBalanceRecord, 'balance' | 'lastSequence'> {
    let { balance, lastSequence } = before;
    for (const draft of drafts) {
      balance = post(balance, draft);
      this.#append(this.#writes.ledger, {
        id: newId(),
        termId: before.termId,
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

/** The writes of a batch that has accepted nothing yet. */
export const nothingWritten = (): Writes => ({
  entries: [],
  reversals: [],
  ledger: [],
  pairs: new Map(),
  newPairs: new Set(),
  days: new Map(),
  fulfilments: new Map(),
});

/** Onsite work without a visit belongs to the only visit that can take it, if there is exactly one (§8). */
function withOnlyVisit(entry: TimeEntry, { visits }: Assignments): TimeEntry {
  if (entry.delivery !== 'onsite' || entry.visitId !== null) return entry;
  const [found, ...others] = visitsTaking(visits, entry.workDate, entry.consultantId);
  return found === undefined || others.length > 0 ? entry : { ...entry, visitId: found.id };
}
