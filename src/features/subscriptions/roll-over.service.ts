import { Injectable, type OnModuleInit } from '@nestjs/common';
import { addDays, dayAt } from '../../domain/calendar.js';
import { currentTerm } from '../../domain/contract.js';
import { packageAtRenewal } from '../../domain/package.js';
import { rollOver } from '../../domain/roll-over.js';
import { ServiceRules } from '../../domain/service-rules.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { PackageService } from '../packages/package.service.js';
import { ContractStore } from './contract.store.js';
import type { SubscriptionContract } from './contract.js';
import type { DueTerm } from '../due-work/due-terms.js';
import { LedgerService } from '../ledger/ledger.service.js';
import { TermBalanceService } from '../ledger/term-balance.service.js';
import { RollOverSteps, type RolledTerm } from './roll-over-steps.js';
import { RollOverStore, type EnrolmentEnd, type RolledSubscription } from './roll-over.store.js';
import type { ChunkResult, DueJob, TermEvent } from '../due-work/due-job.js';
import { TermService } from './term.service.js';

export interface RollOverResult {
  subscriptionId: string;
  closedTermId: string;
  outcome: 'renewed' | 'ended';
}

const nothingRolled = { rolled: 0, renewed: 0, ended: 0 };
export type RollOverCounts = typeof nothingRolled;

/**
 * Closes terms that have ended, and opens the next ones (§11). The job rolls every term that is due. A change of one
 * subscription rolls that subscription first, in the transaction of the change.
 */
@Injectable()
export class RollOverService implements OnModuleInit {
  /** Rolls over every term that has ended. */
  readonly job: DueJob<RollOverCounts>;

  constructor(
    private readonly steps: RollOverSteps,
    private readonly store: RollOverStore,
    private readonly contracts: ContractStore,
    private readonly terms: TermService,
    private readonly ledger: LedgerService,
    private readonly balances: TermBalanceService,
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

  onModuleInit(): void {
    this.steps.register('expire-unused-minutes', (tx, rolled, at) => this.#expire(tx, rolled, at));
    this.steps.register('close-terms', (tx, rolled, at) => this.#close(tx, rolled, at));
    this.steps.register('open-next-terms', (tx, rolled, at) => this.#openNext(tx, rolled, at));
    this.steps.register('update-subscriptions', (tx, rolled) => this.store.update(tx, rolled.map(rolledSubscription)));
    this.steps.register('end-enrolments', (tx, rolled) =>
      this.store.endEnrolments(tx, rolled.flatMap(enrolmentsEnding)),
    );
  }

  /**
   * Rolls every term that has ended by now. The caller has locked the subscriptions. After an outage of years, the first
   * missed terms of all subscriptions roll together, then their second ones, and so on.
   */
  async rollOver(tx: Transaction, subscriptionIds: readonly string[], now: Date): Promise<RollOverResult[]> {
    const results: RollOverResult[] = [];
    let due = await this.store.due(tx, subscriptionIds, now);
    while (due.length > 0) {
      for (const { contract, closed, outcome } of await this.#rollOne(tx, due, now)) {
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

  /** Rolls one term of each subscription. Each step is one statement or a few, however many terms roll. */
  async #rollOne(tx: Transaction, subscriptionIds: readonly string[], now: Date): Promise<RolledTerm[]> {
    const contracts = [...(await this.contracts.load(tx, subscriptionIds, 'open')).values()];
    const rolledTerms = await this.#decide(tx, contracts, now);
    for (const step of this.steps.inOrder()) await step(tx, rolledTerms, now);
    return rolledTerms;
  }

  async #decide(tx: Transaction, contracts: readonly SubscriptionContract[], now: Date): Promise<RolledTerm[]> {
    const totals = await this.balances.totals(
      tx,
      contracts.map((contract) => currentTerm(contract).id),
    );
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
          enrolments: contract.enrolments,
        },
        {
          nextPackage: packageAtRenewal(
            this.packages.table,
            { package: packageBefore.code, nextPackage: contract.nextPackage },
            dayAfter,
          ),
          noticeDays: this.rules.noticeDays,
          // The stored instant decides that the term has ended, even if the customer's zone has changed since.
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
        dropped: { consultantIds: [], productLineIds: [] },
        seatsDropped: 0,
        silent: closed.endsAt <= contract.enteredAt,
      };
    });
  }

  #expire(tx: Transaction, rolledTerms: readonly RolledTerm[], now: Date): Promise<void> {
    const postings = rolledTerms.flatMap(({ closed, decided: { expiry } }) =>
      expiry ? [{ termId: closed.id, entries: [expiry] }] : [],
    );
    return this.ledger.post(tx, postings, now);
  }

  #close(tx: Transaction, rolledTerms: readonly RolledTerm[], now: Date): Promise<void> {
    const terms = rolledTerms.map(({ closed, outcome }) => ({ id: closed.id, renewalState: outcome }));
    return this.terms.close(tx, terms, now);
  }

  async #openNext(tx: Transaction, rolledTerms: readonly RolledTerm[], now: Date): Promise<void> {
    const renewed = rolledTerms.filter(({ decided }) => decided.next !== undefined);
    const openings = renewed.map(({ contract: { subscriptionId, timeZone, anchorOn }, decided }) => ({
      ...decided.next!,
      subscriptionId,
      timeZone,
      anchorOn,
      purchaseOrder: null,
    }));
    const opened = await this.terms.open(tx, openings, now);
    for (const [at, rolled] of renewed.entries()) rolled.next = opened[at];
  }
}

function rolledSubscription({ contract, closed, next }: RolledTerm): RolledSubscription {
  return {
    subscriptionId: contract.subscriptionId,
    status: next ? 'active' : 'ended',
    currentTermId: (next ?? closed).id,
  };
}

/** The product lines for which the next package has no room leave on the first day of the next term. */
function enrolmentsEnding({ contract, next, dropped }: RolledTerm): EnrolmentEnd[] {
  if (!next) return [];
  return dropped.productLineIds.map((productLineId) => ({
    subscriptionId: contract.subscriptionId,
    productLineId,
    untilOn: next.startsOn,
  }));
}

const latest = (one: string, other: string): string => (one > other ? one : other);
