import { Injectable } from '@nestjs/common';
import { addDays, dayAt } from '../../domain/calendar.js';
import { currentTerm } from '../../domain/contract.js';
import { packageAtRenewal, type PackageVersion } from '../../domain/package.js';
import { rollOver, type RollOver } from '../../domain/roll-over.js';
import { ServiceRules } from '../../domain/service-rules.js';
import type { Transaction } from '../../platform/database/database.js';
import { PackageService } from '../packages/package.service.js';
import { ContractStore } from './contract.store.js';
import type { SubscriptionContract, SubscriptionTerm } from './contract.js';
import type { DueTerm } from '../due-work/due-terms.js';
import { LedgerService } from '../ledger/ledger.service.js';
import { RollOverStore, type HeldSeat } from './roll-over.store.js';
import type { ChunkResult, DueJob, TermEvent } from '../due-work/due-job.js';
import { TermService } from './term.service.js';

/** One term that has rolled over: what was before, what the rules decided, and what is now. */
export interface RolledTerm {
  /** As it was before the roll-over, without the terms that had closed by then. */
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
export interface RollOverStep {
  /** Carriers come one after the other, the lowest first. */
  readonly order: number;
  /** Writes what the turns mean for its tables, in the same transaction and under the same locks. */
  apply(tx: Transaction, turns: readonly RolledTerm[], now: Date): Promise<void>;
}

export interface RollOverResult {
  subscriptionId: string;
  closedTermId: string;
  outcome: 'renewed' | 'ended';
}

/** Terms, of which so many were renewed and so many ended. */
const nothingRolled = { rolled: 0, renewed: 0, ended: 0 };
export type RollOverCounts = typeof nothingRolled;

/** What happens at a term's end (§11), for one subscription on its way to a change and for all that are due alike. */
@Injectable()
export class RollOverService {
  readonly #carriers: RollOverStep[] = [];
  /** Rolls over every term that has ended. */
  readonly job: DueJob<RollOverCounts>;

  constructor(
    private readonly store: RollOverStore,
    private readonly contracts: ContractStore,
    private readonly terms: TermService,
    private readonly ledger: LedgerService,
    private readonly packages: PackageService,
    private readonly rules: ServiceRules,
  ) {
    this.job = {
      name: 'term-roll-over',
      chunkSize: 500,
      nothing: nothingRolled,
      due: this.store.over,
      work: (tx, due, now) => this.#rollDue(tx, due, now),
    };
  }

  /** Lets another room take part in every roll-over from now on. */
  carry(carrier: RollOverStep): void {
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

  async #rollDue(tx: Transaction, due: readonly DueTerm[], now: Date): Promise<ChunkResult<RollOverCounts>> {
    const results = await this.rollOver(
      tx,
      due.map(({ subscriptionId }) => subscriptionId),
      now,
    );
    const counts = { ...nothingRolled };
    const happened = results.map(({ subscriptionId, closedTermId, outcome }): TermEvent => {
      counts.rolled += 1;
      counts[outcome] += 1;
      return { subscriptionId, termId: closedTermId, what: outcome };
    });
    return { counts, happened };
  }

  /** One term of each subscription: load, decide, one write a table. */
  async #turn(tx: Transaction, subscriptionIds: readonly string[], now: Date): Promise<RolledTerm[]> {
    const contracts = [...(await this.contracts.load(tx, subscriptionIds, 'open')).values()];
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
    for (const carrier of this.#carriers) await carrier.apply(tx, opened, now);
    return opened;
  }

  async #decide(tx: Transaction, contracts: readonly SubscriptionContract[], now: Date): Promise<RolledTerm[]> {
    const termIds = contracts.map((contract) => currentTerm(contract).id);
    const totals = await this.store.totals(tx, termIds);
    const allocations = await this.store.allocations(tx, termIds);
    const seats = await this.store.seats(tx, termIds);
    return contracts.map((contract) => {
      const closed = contract.terms.at(-1)!;
      const packageBefore = closed.periods.at(-1)!.package;
      const dayAfter = addDays(closed.endsOn, 1);
      const decided = rollOver(
        {
          number: closed.number,
          anchorOn: contract.anchorOn,
          endsOn: closed.endsOn,
          renewalState: closed.renewalState,
          balance: totals.get(closed.id)!,
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

  async #openNext(tx: Transaction, turns: readonly RolledTerm[], now: Date): Promise<RolledTerm[]> {
    const openings = turns.flatMap(({ contract, decided }) => {
      const { subscriptionId, timeZone, anchorOn } = contract;
      return decided.next ? [{ ...decided.next, subscriptionId, timeZone, anchorOn, purchaseOrder: null }] : [];
    });
    const opened = await this.terms.open(tx, openings, now);
    const bySubscription = new Map(openings.map(({ subscriptionId }, at) => [subscriptionId, opened[at]]));
    return turns.map((turn) => ({ ...turn, next: bySubscription.get(turn.contract.subscriptionId) }));
  }
}

function productLinesLeaving({ contract, next, decided }: RolledTerm) {
  if (!next || !decided.next) return [];
  return decided.next.dropped.productLineIds.map((productLineId) => ({
    subscriptionId: contract.subscriptionId,
    productLineId,
    untilOn: next.startsOn,
  }));
}

const latest = (one: string, other: string): string => (one > other ? one : other);
