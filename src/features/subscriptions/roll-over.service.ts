import { Injectable, Logger } from '@nestjs/common';
import { addDays, dayAt } from '../../domain/calendar.js';
import { currentTerm } from '../../domain/contract.js';
import { packageAtRenewal, type PackageVersion } from '../../domain/package.js';
import { rollOver, type RollOver } from '../../domain/roll-over.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { Database, type Transaction } from '../../platform/database.js';
import { PackageService } from '../packages/package.service.js';
import { AccountService } from './account.service.js';
import { ContractStore } from './contract.store.js';
import type { SubscriptionContract, SubscriptionTerm } from './contract.js';
import { LedgerService } from './ledger.service.js';
import { RollOverStore, type DueTerm, type HeldSeat } from './roll-over.store.js';
import { TermService } from './term.service.js';

/** One term that has rolled over: what was before, what the rules decided, and what is now. */
export interface TermTurn {
  /** As it was before the roll-over. */
  contract: SubscriptionContract;
  /** The term that has closed, as it was while it was open. */
  closed: SubscriptionTerm;
  outcome: 'renewed' | 'ended';
  /** The term that has opened; undefined where the subscription has ended. */
  next?: SubscriptionTerm;
  packageBefore: PackageVersion;
  packageAfter?: PackageVersion;
  /** All that the rules decided: what expires, and which allocations and seats go on. */
  decided: RollOver<HeldSeat>;
  /** The term ended before the contract was entered into the service: nobody is told of it (§11). */
  silent: boolean;
}

/** What another room carries on when terms roll over; it joins in with `RollOverService.carry`. */
export interface RollOverCarrier {
  /** Carriers come one after the other, the lowest first. */
  readonly order: number;
  /** Writes what the turns mean for its tables, in the same transaction and under the same locks. */
  carry(tx: Transaction, turns: readonly TermTurn[], now: Date): Promise<void>;
}

export interface RollOverResult {
  subscriptionId: string;
  closedTermId: string;
  outcome: 'renewed' | 'ended';
}

export interface RollOverCounts {
  /** Terms, of which so many were renewed and so many ended. */
  rolled: number;
  renewed: number;
  ended: number;
  /** Subscriptions that could not be rolled; the log says why. */
  failed: number;
}

const defaultChunkSize = 1000;

/** What happens at a term's end (§11), for one subscription on its way to a change and for all that are due alike. */
@Injectable()
export class RollOverService {
  readonly #logger = new Logger(RollOverService.name);
  readonly #carriers: RollOverCarrier[] = [];

  constructor(
    private readonly database: Database,
    private readonly store: RollOverStore,
    private readonly contracts: ContractStore,
    private readonly accounts: AccountService,
    private readonly terms: TermService,
    private readonly ledger: LedgerService,
    private readonly packages: PackageService,
    private readonly rules: ServiceRules,
  ) {}

  /** Lets another room take part in every roll-over from now on. */
  carry(carrier: RollOverCarrier): void {
    this.#carriers.push(carrier);
    this.#carriers.sort((one, other) => one.order - other.order);
  }

  /**
   * Rolls every term that is over by now, of subscriptions that the caller has locked: after an outage of years each
   * missed term in turn, the first missed ones of all subscriptions together, then the second ones.
   */
  async rollOver(tx: Transaction, subscriptionIds: readonly string[], now: Date): Promise<RollOverResult[]> {
    const results: RollOverResult[] = [];
    let due = await this.store.due(tx, subscriptionIds, now);
    while (due.length > 0) {
      const turns = await this.#turn(tx, due, now);
      for (const { contract, closed, outcome } of turns) {
        results.push({ subscriptionId: contract.subscriptionId, closedTermId: closed.id, outcome });
      }
      due = await this.store.due(tx, due, now);
    }
    return results;
  }

  /**
   * Rolls everything that is over by now, a chunk in a transaction. What somebody is working on, or what failed with its
   * chunk, is taken up alone afterwards; what fails alone is logged and counted, and the others go on.
   */
  async runDue(now: Date, chunkSize = defaultChunkSize): Promise<RollOverCounts> {
    const counts: RollOverCounts = { rolled: 0, renewed: 0, ended: 0, failed: 0 };
    await this.#sweep(now, chunkSize, async (ids) => {
      const work = (tx: Transaction) => this.#rollFree(tx, ids, now);
      const results = await this.database.write(work).catch((error: unknown) => {
        this.#logger.warn(`A chunk of roll-overs failed and is taken one by one: ${String(error)}`);
        return [];
      });
      count(counts, results);
    });
    await this.#sweep(now, 1, async (ids) => {
      try {
        count(counts, await this.database.write((tx) => this.#rollLocked(tx, ids, now)));
      } catch (error) {
        counts.failed += 1;
        this.#logger.error(
          `Subscription ${ids.join()} cannot be rolled over`,
          error instanceof Error ? error.stack : error,
        );
      }
    });
    return counts;
  }

  /** When the next open term ends after an instant; undefined where none does. */
  nextDueAfter(tx: Transaction, instant: Date): Promise<Date | undefined> {
    return this.store.nextDueAfter(tx, instant);
  }

  /** Goes through the terms that are over, in the order in which they ended, by keyset: each is come by once. */
  async #sweep(now: Date, chunkSize: number, work: (subscriptionIds: string[]) => Promise<void>): Promise<void> {
    let last: DueTerm | undefined;
    for (;;) {
      const due = await this.database.read((tx) => this.store.dueAfter(tx, now, last, chunkSize));
      if (due.length === 0) return;
      await work(due.map(({ subscriptionId }) => subscriptionId));
      last = due.at(-1);
    }
  }

  async #rollFree(tx: Transaction, subscriptionIds: readonly string[], now: Date): Promise<RollOverResult[]> {
    return this.rollOver(tx, await this.store.lockFree(tx, subscriptionIds), now);
  }

  async #rollLocked(tx: Transaction, subscriptionIds: readonly string[], now: Date): Promise<RollOverResult[]> {
    await this.contracts.lock(tx, subscriptionIds);
    return this.rollOver(tx, subscriptionIds, now);
  }

  /** One term of each subscription: load, decide, one write a table. */
  async #turn(tx: Transaction, subscriptionIds: readonly string[], now: Date): Promise<TermTurn[]> {
    const contracts = [...(await this.contracts.load(tx, subscriptionIds)).values()];
    const turns = await this.#decide(tx, contracts, now);
    await this.ledger.post(
      tx,
      turns.flatMap(({ closed, decided }) =>
        decided.expiry ? [{ termId: closed.id, entries: [decided.expiry] }] : [],
      ),
      now,
    );
    await this.terms.close(
      tx,
      turns.map(({ closed, outcome }) => ({ id: closed.id, renewalState: outcome })),
      now,
    );
    const opened = await this.#openNext(tx, turns, now);
    await this.store.turn(
      tx,
      opened.map(({ contract, closed, next }) => ({
        subscriptionId: contract.subscriptionId,
        status: next ? 'active' : 'ended',
        currentTermId: (next ?? closed).id,
      })),
    );
    await this.store.leaveProductLines(tx, opened.flatMap(productLinesLeaving));
    for (const carrier of this.#carriers) await carrier.carry(tx, opened, now);
    return opened;
  }

  async #decide(tx: Transaction, contracts: readonly SubscriptionContract[], now: Date): Promise<TermTurn[]> {
    const termIds = contracts.map((contract) => currentTerm(contract).id);
    const accounts = await this.accounts.accounts(
      tx,
      new Map(contracts.map((contract) => [currentTerm(contract).id, currentTerm(contract).endsOn])),
    );
    const allocations = await this.store.allocations(tx, termIds);
    const seats = await this.store.seats(tx, termIds);
    return contracts.map((contract) => {
      const closed = contract.terms.at(-1)!;
      const { balance } = accounts.get(closed.id)!;
      const packageBefore = closed.periods.at(-1)!.package;
      const dayAfter = addDays(closed.endsOn, 1);
      const decided = rollOver(
        {
          number: closed.number,
          anchorOn: contract.anchorOn,
          endsOn: closed.endsOn,
          renewalState: closed.renewalState,
          balance,
          allocations: allocations.get(closed.id) ?? [],
          enrolments: contract.enrolments,
          seats: seats.get(closed.id) ?? [],
        },
        {
          nextPackage: packageAtRenewal(
            this.packages.table,
            { package: packageBefore.code, nextPackage: contract.nextPackage },
            dayAfter,
          ),
          noticeDays: this.rules.noticeDays,
          // The stored instant has decided that the term is over, also where the customer's zone has changed since.
          today: latest(dayAt(now, contract.timeZone), dayAfter),
        },
      );
      return {
        contract,
        closed,
        outcome: decided.renewalState,
        packageBefore,
        packageAfter: decided.next?.package,
        decided,
        silent: closed.endsAt <= contract.enteredAt,
      };
    });
  }

  async #openNext(tx: Transaction, turns: readonly TermTurn[], now: Date): Promise<TermTurn[]> {
    const openings = turns.flatMap(({ contract, decided }) => {
      const { subscriptionId, timeZone, anchorOn } = contract;
      return decided.next ? [{ ...decided.next, subscriptionId, timeZone, anchorOn }] : [];
    });
    const opened = await this.terms.open(tx, openings, now);
    const bySubscription = new Map(openings.map(({ subscriptionId }, at) => [subscriptionId, opened[at]]));
    return turns.map((turn) => ({ ...turn, next: bySubscription.get(turn.contract.subscriptionId) }));
  }
}

function productLinesLeaving({ contract, next, decided }: TermTurn) {
  if (!next || !decided.next) return [];
  return decided.next.dropped.productLineIds.map((productLineId) => ({
    subscriptionId: contract.subscriptionId,
    productLineId,
    untilOn: next.startsOn,
  }));
}

function count(counts: RollOverCounts, results: readonly RollOverResult[]): void {
  for (const { outcome } of results) {
    counts.rolled += 1;
    counts[outcome] += 1;
  }
}

const latest = (one: string, other: string): string => (one > other ? one : other);
