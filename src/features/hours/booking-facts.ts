import { Injectable } from '@nestjs/common';
import { dayAt, type Day } from '../../domain/calendar.js';
import { currentTerm, termOn, type Contract } from '../../domain/contract.js';
import { Memo } from '../../domain/memo.js';
import type { NamedSession } from '../../domain/planned-session.js';
import { limitLockWaits } from '../../platform/database/database-errors.js';
import type { PipelinedTransaction, Transaction } from '../../platform/database/transaction.js';
import { AllocationService } from '../allocations/allocation.service.js';
import { FulfilmentService } from '../planning/fulfilment.service.js';
import { VisitService } from '../onsite/visit.service.js';
import { PeriodService } from '../periods/period.service.js';
import { TermBalanceService } from '../ledger/term-balance.service.js';
import type { TermBalanceRecord } from '../ledger/term-balance.js';
import { ContractService } from '../subscriptions/contract.service.js';
import { RollOverService } from '../subscriptions/roll-over.service.js';
import { equalityText } from '../../domain/equal-entries.js';
import { lockOfDay, lockOfMonths, lockOfSubscription, affectedBy, type AffectedPlace } from './booking-locks.js';
import type { BookingItem } from './booking-item.js';
import { noEntries, type NamedEntries } from './booking.js';
import { equalityKey } from './equality-key.js';
import type { LockedFacts, KnownContract } from './working-ledger.js';
import { dayKey, BookingStore } from './booking.store.js';
import { SubscriptionLockStore } from '../ledger/subscription-lock.store.js';

const noLocks: ReadonlySet<string> = new Set();

/** What a transaction has locked and read for some items. */
export interface OpenedFacts extends LockedFacts {
  /** How many equal entries stand, by `equalityText`. */
  equalCounts: ReadonlyMap<string, number>;
  /** The locks that other transactions hold (`booking-locks.ts`). The facts that they guard are missing here. */
  lockedElsewhere: ReadonlySet<string>;
}

export interface OpenOptions {
  /** `wait`: waits for locks of other transactions. `free-only`: does not wait, and names them in `lockedElsewhere`. */
  locks: 'wait' | 'free-only';
  /**
   * Whether to read the recent use, which only the forecast in an answer needs. The query reads many days of each term. If
   * false, `recentUsedMinutes` is 0.
   */
  recentUse: boolean;
  /** Whether to find the entries that equal those to be logged. */
  findEqual?: boolean;
  /** The equality keys under which to count standing entries. */
  countEqual?: readonly number[];
}

/** Locks what bookings change, and reads the facts that the rules need. */
@Injectable()
export class BookingFacts {
  /** Contracts as last read under a lock, by subscription. A contract is valid while the subscription's revision is the same. */
  readonly #remembered = new Memo<KnownContract>(2_500);

  constructor(
    private readonly store: BookingStore,
    private readonly periods: PeriodService,
    private readonly contracts: ContractService,
    private readonly locks: SubscriptionLockStore,
    private readonly balances: TermBalanceService,
    private readonly rollOver: RollOverService,
    private readonly allocations: AllocationService,
    private readonly visits: VisitService,
    private readonly fulfilments: FulfilmentService,
  ) {}

  /**
   * Locks what the items change, then reads the facts about it. All statements go out together, and PostgreSQL runs them in this
   * order, so everything is read under the locks. Which balances to read is guessed from the remembered contracts. If a contract
   * was not remembered, or has changed since, the balances are read again.
   */
  async open(
    tx: PipelinedTransaction,
    items: readonly BookingItem[],
    entries: NamedEntries,
    now: Date,
    { locks, recentUse, findEqual = false, countEqual = [] }: OpenOptions,
  ): Promise<OpenedFacts> {
    const { affected, ids, days } = affectedByAll(items, entries);
    const sessionIds = sessionsNamedBy(items, entries);
    const lock = locks === 'wait' ? this.#lock : this.#lockFree;
    // Copied before the locks: while this batch waits, another batch may remember a newer contract, which the guess did not use.
    const remembered = this.#rememberedOf(ids);
    const balancesOf = (terms: ReadonlyMap<string, Day>): Promise<Map<string, TermBalanceRecord>> =>
      recentUse ? this.balances.balances(tx, terms) : this.balances.balancesWithoutRecentUse(tx, [...terms.keys()]);

    const [
      monthsLocked,
      locked,
      daysTaken,
      ,
      closedThrough,
      consultantDays,
      reversed,
      sessions,
      equalIds,
      equalCounts,
      balancesGuessed,
    ] = await tx.together(
      () =>
        [
          ...lock.call(this, tx, ids, [...days.keys()].sort()),
          tx.identify(),
          this.periods.closedThrough(tx),
          this.store.days(tx, [...days.values()]),
          entries.size > 0 ? this.store.reversed(tx, [...entries.keys()]) : new Set<string>(),
          sessionIds.length > 0 ? this.fulfilments.named(tx, sessionIds) : new Map<string, NamedSession>(),
          findEqual ? this.#equalIds(tx, items, entries) : undefined,
          countEqual.length > 0 ? this.store.countEqual(tx, countEqual) : new Map<string, number>(),
          balancesOf(termsOf(affected, remembered, now)),
        ] as const,
    );
    const { known, rolled, asRemembered } = await this.#know(tx, locked, remembered, now);
    const balances = asRemembered
      ? balancesGuessed
      : await balancesOf(new Map([...termsOf(affected, known, now), ...allTermsOf(rolled, known, now)]));
    const lockedElsewhere = await this.#lockedElsewhere(tx, ids, monthsLocked, locked, daysTaken);
    const facts = { known, rolled, balances, consultantDays, entries, reversed, sessions, closedThrough };
    return { ...facts, equalIds, equalCounts, lockedElsewhere };
  }

  /** Waits up to `patienceMs` for each lock that the items need. After that it throws the driver's error (`isLockTimeout`). */
  async waitForLocks(
    tx: PipelinedTransaction,
    items: readonly BookingItem[],
    entries: NamedEntries,
    patienceMs: number,
  ): Promise<void> {
    const { ids, days } = affectedByAll(items, entries);
    await tx.together(() => [tx.query(limitLockWaits(patienceMs)), ...this.#lock(tx, ids, [...days.keys()].sort())]);
  }

  /** The names of the locks that the items need and another transaction holds. This locks the free ones. */
  async lockedElsewhere(tx: PipelinedTransaction, items: readonly BookingItem[]): Promise<ReadonlySet<string>> {
    const { ids, days } = affectedByAll(items, noEntries);
    const [monthsLocked, locked, daysTaken] = await tx.together(() => this.#lockFree(tx, ids, [...days.keys()].sort()));
    return this.#lockedElsewhere(tx, ids, monthsLocked, locked, daysTaken);
  }

  /** Locks months, subscriptions and days, in the one order of all locks. Waits for other transactions. */
  #lock(tx: Transaction, ids: readonly string[], days: readonly string[]) {
    return [
      this.periods.hold(tx).then(() => true),
      this.locks.lock(tx, ids),
      this.store.lockDays(tx, days).then((): readonly string[] => []),
    ] as const;
  }

  /** As `#lock`, without waiting. Returns whether the months are locked, which subscriptions are, and which days are not. */
  #lockFree(tx: Transaction, ids: readonly string[], days: readonly string[]) {
    return [this.periods.holdIfFree(tx), this.locks.lockFree(tx, ids), this.store.lockFreeDays(tx, days)] as const;
  }

  /** The names of the locks that were not free. A subscription without a lock may also be one that does not exist. */
  async #lockedElsewhere(
    tx: Transaction,
    ids: readonly string[],
    monthsLocked: boolean,
    locked: readonly { subscriptionId: string }[],
    daysTaken: readonly string[],
  ): Promise<ReadonlySet<string>> {
    if (monthsLocked && locked.length === ids.length && daysTaken.length === 0) return noLocks;
    const lockedIds = new Set(locked.map(({ subscriptionId }) => subscriptionId));
    const missing = ids.filter((id) => !lockedIds.has(id));
    const subscriptions = missing.length > 0 ? await this.contracts.existing(tx, missing) : [];
    return new Set([
      ...(monthsLocked ? [] : [lockOfMonths]),
      ...subscriptions.map(lockOfSubscription),
      ...daysTaken.map(lockOfDay),
    ]);
  }

  /** Standing entries that may equal those to be logged, including those that the same items may reverse. */
  async #equalIds(
    tx: Transaction,
    items: readonly BookingItem[],
    entries: NamedEntries,
  ): Promise<Map<string, string[]>> {
    const keys = new Set<number>();
    for (const item of items) {
      if (!('entry' in item)) continue;
      const subscriptionId =
        item.kind === 'correct' ? entries.get(item.timeEntryId)?.subscriptionId : item.subscriptionId;
      if (subscriptionId !== undefined) keys.add(equalityKey(equalityText(subscriptionId, item.entry)).key);
    }
    return keys.size > 0 ? this.store.equalEntries(tx, [...keys], 1 + entries.size) : new Map<string, string[]>();
  }

  /**
   * The contracts of locked subscriptions, from memory if the revision is the same. If a term has ended by the calendar, but the job
   * has not rolled it over yet, this transaction does that first (§5).
   */
  async #know(
    tx: Transaction,
    locked: readonly { subscriptionId: string; revision: number }[],
    remembered: ReadonlyMap<string, KnownContract>,
    now: Date,
  ): Promise<{ known: Map<string, KnownContract>; rolled: string[]; asRemembered: boolean }> {
    const known = new Map<string, KnownContract>();
    const unknown: string[] = [];
    for (const { subscriptionId, revision } of locked) {
      const before = remembered.get(subscriptionId);
      if (before?.contract.revision === revision) known.set(subscriptionId, before);
      else unknown.push(subscriptionId);
    }
    for (const [id, read] of await this.#read(tx, unknown)) {
      known.set(id, read);
      this.#remembered.set(id, read);
    }
    const rolled = [...known].filter(([, { contract }]) => isDue(contract, now)).map(([id]) => id);
    if (rolled.length > 0) {
      await this.rollOver.rollOver(tx, rolled, now);
      // Not remembered, because this transaction may still be rolled back.
      for (const [id, read] of await this.#read(tx, rolled)) known.set(id, read);
    }
    return { known, rolled, asRemembered: unknown.length === 0 && rolled.length === 0 };
  }

  async #read(tx: Transaction, ids: string[]): Promise<Map<string, KnownContract>> {
    if (ids.length === 0) return new Map();
    const contracts = await this.contracts.load(tx, ids);
    const sets = await this.allocations.setsOf(
      tx,
      [...contracts.values()].flatMap(({ terms }) => terms.map(({ id }) => id)),
    );
    const visits = await this.visits.ofSubscriptions(tx, ids);
    return new Map(
      [...contracts].map(([id, contract]) => {
        const ofTerms = contract.terms.flatMap((term) => {
          const found = sets.get(term.id);
          return found ? [[term.id, found] as const] : [];
        });
        return [id, { contract, assignments: { allocationSets: new Map(ofTerms), visits: visits.get(id) ?? [] } }];
      }),
    );
  }

  #rememberedOf(ids: readonly string[]): Map<string, KnownContract> {
    return new Map(
      ids.flatMap((id) => {
        const known = this.#remembered.get(id);
        return known ? [[id, known] as const] : [];
      }),
    );
  }
}

/** What items change: subscription ids in the order of locking, and days by `dayKey`. */
function affectedByAll(items: readonly BookingItem[], entries: NamedEntries) {
  const affected = items.flatMap((item) => affectedBy(item, entries));
  const ids = [...new Set(affected.map(({ subscriptionId }) => subscriptionId))].sort();
  const days = new Map(affected.map(({ consultantId, day }) => [dayKey(consultantId, day), { consultantId, day }]));
  return { affected, ids, days };
}

/** The planned sessions that items name, and those of the entries that they reverse or correct. */
function sessionsNamedBy(items: readonly BookingItem[], entries: NamedEntries): string[] {
  const ids: string[] = [];
  for (const item of items) {
    if ('plannedSessionId' in item && typeof item.plannedSessionId === 'string') ids.push(item.plannedSessionId);
  }
  for (const { plannedSessionId } of entries.values()) if (plannedSessionId !== null) ids.push(plannedSessionId);
  return ids;
}

/** The affected terms whose contracts are known, each with today in its customer's zone. */
function termsOf(
  affected: readonly AffectedPlace[],
  known: ReadonlyMap<string, KnownContract>,
  now: Date,
): Map<string, Day> {
  const terms = new Map<string, Day>();
  for (const { subscriptionId, day, termId } of affected) {
    const contract = known.get(subscriptionId)?.contract;
    if (contract === undefined) continue;
    const id = termId ?? termOn(contract, day)?.id;
    if (id !== undefined) terms.set(id, dayAt(now, contract.timeZone));
  }
  return terms;
}

/** All terms of these subscriptions, each with today in its customer's zone. */
function allTermsOf(ids: readonly string[], known: ReadonlyMap<string, KnownContract>, now: Date): [string, Day][] {
  return ids.flatMap((id) => {
    const { terms, timeZone } = known.get(id)!.contract;
    return terms.map((term): [string, Day] => [term.id, dayAt(now, timeZone)]);
  });
}

function isDue(contract: Contract, now: Date): boolean {
  const term = currentTerm(contract);
  return term.status === 'open' && term.endsAt <= now;
}
