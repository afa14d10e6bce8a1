import { Injectable } from '@nestjs/common';
import { dayAt, type Day } from '../../domain/calendar.js';
import { currentTerm, termOn, type Contract } from '../../domain/contract.js';
import { Memo } from '../../domain/memo.js';
import { limitLockWaits } from '../../platform/database/database-errors.js';
import type { PipelinedTransaction, Transaction } from '../../platform/database/database.js';
import { AllocationService } from '../allocations/allocation.service.js';
import { VisitService } from '../onsite/visit.service.js';
import { PeriodService } from '../periods/period.service.js';
import { TermBalanceService } from '../ledger/term-balance.service.js';
import type { TermBalanceRecord } from '../ledger/term-balance.js';
import { ContractService } from '../subscriptions/contract.service.js';
import { RollOverService } from '../subscriptions/roll-over.service.js';
import type { BookedEntry } from './booked-entry.js';
import { lockOfDay, lockOfMonths, lockOfSubscription, affectedBy, type AffectedPlace } from './booking-locks.js';
import type { BookingItem } from './booking-item.js';
import type { LockedFacts, KnownContract } from './working-ledger.js';
import { dayKey, BookingStore } from './booking.store.js';
import { SubscriptionLockStore } from '../ledger/subscription-lock.store.js';

const noLocks: ReadonlySet<string> = new Set();

/** Locks what bookings touch, and reads what the rules need to know of it. */
@Injectable()
export class BookingFacts {
  /** By subscription: contracts as last read under a lock. One is right as long as the subscription's revision is the same. */
  readonly #remembered = new Memo<KnownContract>(2_500);

  constructor(
    private readonly store: BookingStore,
    private readonly periods: PeriodService,
    private readonly contracts: ContractService,
    private readonly locks: SubscriptionLockStore,
    private readonly accounts: TermBalanceService,
    private readonly rollOver: RollOverService,
    private readonly allocations: AllocationService,
    private readonly visits: VisitService,
  ) {}

  /**
   * Locks what the lines touch and reads what the rules need to know. The statements go out together and are worked on in
   * this order, so whatever is read is read under the locks. Which terms to read is guessed from the contracts that are
   * remembered before; where one has changed since, or was not among them, they are read again.
   *
   * `recentUse` is the use that an answer's forecast looks back on, for which the days of each term are gone through; the
   * rules do not ask for it, and without it all accounts say 0. `alsoRead` sends a statement of the caller behind
   * the locks; it is given the entries that the lines name.
   *
   * Where somebody else holds a lock, `othersLocks` says whether to wait for it, or to leave it: then nothing is known of what
   * it guards, and `taken` names it (`booking-locks.ts`).
   */
  async open<Also>(
    tx: PipelinedTransaction,
    lines: readonly BookingItem[],
    now: Date,
    {
      othersLocks,
      recentUse,
      alsoRead,
    }: {
      othersLocks: 'wait' | 'leave';
      recentUse: boolean;
      alsoRead: (entries: ReadonlyMap<string, BookedEntry>) => Promise<Also>;
    },
  ): Promise<LockedFacts & { also: Also; taken: ReadonlySet<string> }> {
    const { named, entries, touched, ids, days } = await this.#touched(tx, lines);
    const lock = othersLocks === 'wait' ? this.#lock : this.#lockFree;
    // What others come to remember while these lines wait for their locks was no part of the guess.
    const remembered = this.#rememberedOf(ids);
    const accountsOf = (terms: ReadonlyMap<string, Day>): Promise<Map<string, TermBalanceRecord>> =>
      recentUse ? this.accounts.balances(tx, terms) : this.accounts.balancesWithoutRecentUse(tx, [...terms.keys()]);

    const [monthsHeld, locked, daysTaken, , closedThrough, consultantDays, reversed, also, accountsGuessed] =
      await tx.together(
        () =>
          [
            ...lock.call(this, tx, ids, [...days.keys()].sort()),
            tx.identify(),
            this.periods.closedThrough(tx),
            this.store.days(tx, [...days.values()]),
            named.length > 0 ? this.store.reversed(tx, named) : new Set<string>(),
            alsoRead(entries),
            accountsOf(termsOf(touched, remembered, now)),
          ] as const,
      );
    const { known, rolled, asRemembered } = await this.#know(tx, locked, remembered, now);
    const accounts = asRemembered
      ? accountsGuessed
      : await accountsOf(new Map([...termsOf(touched, known, now), ...allTermsOf(rolled, known, now)]));
    const taken = await this.#taken(tx, ids, monthsHeld, locked, daysTaken);
    return { known, rolled, accounts, consultantDays, entries, reversed, closedThrough, also, taken };
  }

  /** Waits for the locks that lines need, for each up to `patienceMs`. Throws the driver's error (`isLockTimeout`) after that. */
  async waitForLocks(tx: PipelinedTransaction, lines: readonly BookingItem[], patienceMs: number): Promise<void> {
    const { ids, days } = await this.#touched(tx, lines);
    await tx.together(() => [tx.query(limitLockWaits(patienceMs)), ...this.#lock(tx, ids, [...days.keys()].sort())]);
  }

  /** The names of the locks that lines need and somebody else holds now. */
  async lockedElsewhere(tx: PipelinedTransaction, lines: readonly BookingItem[]): Promise<ReadonlySet<string>> {
    const { ids, days } = await this.#touched(tx, lines);
    const [monthsHeld, locked, daysTaken] = await tx.together(() => this.#lockFree(tx, ids, [...days.keys()].sort()));
    return this.#taken(tx, ids, monthsHeld, locked, daysTaken);
  }

  /** What lines touch: the entries that they name, subscriptions in the order in which they are locked, and days by `dayKey`. */
  async #touched(tx: Transaction, lines: readonly BookingItem[]) {
    const named = lines.flatMap((line) => ('timeEntryId' in line ? [line.timeEntryId] : []));
    const entries = named.length > 0 ? await this.store.entries(tx, named) : new Map<string, BookedEntry>();
    const touched = lines.flatMap((line) => affectedBy(line, entries));
    const ids = [...new Set(touched.map(({ subscriptionId }) => subscriptionId))].sort();
    const days = new Map(touched.map(({ consultantId, day }) => [dayKey(consultantId, day), { consultantId, day }]));
    return { named, entries, touched, ids, days };
  }

  /** Sends what locks months, subscriptions and days, in the one order of all locks, and waits for others. */
  #lock(tx: Transaction, ids: readonly string[], days: readonly string[]) {
    return [
      this.periods.hold(tx).then(() => true),
      this.locks.lock(tx, ids),
      this.store.lockDays(tx, days).then((): readonly string[] => []),
    ] as const;
  }

  /** The same without waiting: answers whether the months are held, the subscriptions that are, and the days that are not. */
  #lockFree(tx: Transaction, ids: readonly string[], days: readonly string[]) {
    return [this.periods.holdIfFree(tx), this.locks.lockFree(tx, ids), this.store.lockFreeDays(tx, days)] as const;
  }

  /** The names of the locks that were not to be had. A subscription without a lock may also be one that does not exist. */
  async #taken(
    tx: Transaction,
    ids: readonly string[],
    monthsHeld: boolean,
    locked: readonly { subscriptionId: string }[],
    daysTaken: readonly string[],
  ): Promise<ReadonlySet<string>> {
    if (monthsHeld && locked.length === ids.length && daysTaken.length === 0) return noLocks;
    const held = new Set(locked.map(({ subscriptionId }) => subscriptionId));
    const missing = ids.filter((id) => !held.has(id));
    const subscriptions = missing.length > 0 ? await this.contracts.existing(tx, missing) : [];
    return new Set([
      ...(monthsHeld ? [] : [lockOfMonths]),
      ...subscriptions.map(lockOfSubscription),
      ...daysTaken.map(lockOfDay),
    ]);
  }

  /**
   * The contracts of locked subscriptions: from memory where the revision is still the same. Where a term has ended by the
   * calendar and the job has not come by yet, the subscription is rolled first (§5).
   */
  async #know(
    tx: Transaction,
    locked: readonly { subscriptionId: string; revision: number }[],
    before: ReadonlyMap<string, KnownContract>,
    now: Date,
  ): Promise<{ known: Map<string, KnownContract>; rolled: string[]; asRemembered: boolean }> {
    const known = new Map<string, KnownContract>();
    const unknown: string[] = [];
    for (const { subscriptionId, revision } of locked) {
      const remembered = before.get(subscriptionId);
      if (remembered?.contract.revision === revision) known.set(subscriptionId, remembered);
      else unknown.push(subscriptionId);
    }
    for (const [id, read] of await this.#read(tx, unknown)) {
      known.set(id, read);
      this.#remembered.set(id, read);
    }
    const rolled = [...known].filter(([, { contract }]) => isDue(contract, now)).map(([id]) => id);
    if (rolled.length > 0) {
      await this.rollOver.rollOver(tx, rolled, now);
      // Not remembered: this transaction may yet be undone.
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

/** The terms that are touched, each with today in its customer's zone, as far as their contracts are known. */
function termsOf(
  touched: readonly AffectedPlace[],
  known: ReadonlyMap<string, KnownContract>,
  now: Date,
): Map<string, Day> {
  const terms = new Map<string, Day>();
  for (const { subscriptionId, day, termId } of touched) {
    const contract = known.get(subscriptionId)?.contract;
    if (contract === undefined) continue;
    const id = termId ?? termOn(contract, day)?.id;
    if (id !== undefined) terms.set(id, dayAt(now, contract.timeZone));
  }
  return terms;
}

/** All terms of some of the subscriptions, each with today in its customer's zone. */
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
