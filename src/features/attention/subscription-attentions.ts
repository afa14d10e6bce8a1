import { Injectable } from '@nestjs/common';
import {
  attention,
  attentionCodes,
  lastLateEntryOn,
  usedDaysNeededFrom,
  type Attention,
  type AttentionFacts,
  type AttentionTerm,
  type UsedDay,
} from '../../domain/attention.js';
import { addDays, addMonths, dayAt, monthOf, startOfDay, type Day, type Month } from '../../domain/calendar.js';
import { currentTerm, type DatedAllocationSet } from '../../domain/contract.js';
import { isUpgrade, packageAtRenewal } from '../../domain/package.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { isBusinessDay } from '../../platform/business-days.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { AllocationService } from '../allocations/allocation.service.js';
import { PackageService } from '../packages/package.service.js';
import { PlanningService, type OpenSession } from '../planning/planning.service.js';
import { ContractService } from '../subscriptions/contract.service.js';
import type { SubscriptionContract, SubscriptionTerm } from '../subscriptions/contract.js';
import {
  AttentionStore,
  type AttentionState,
  type Present,
  type AttentionRow,
  type AttentionTermRow,
} from './attention.store.js';

/** A subscription with the reasons that hold today. */
export interface SubscriptionAttention extends Attention {
  contract: SubscriptionContract;
  /** The name of the customer. */
  customer: string;
  /** The day in the customer's zone. */
  today: Day;
  state: AttentionState;
}

/** The rows of one subscription. */
interface Rows {
  contract: SubscriptionContract;
  today: Day;
  subscription: AttentionRow;
  term: AttentionTermRow;
  closedTerms: (SubscriptionTerm & AttentionTermRow)[];
  usedDays: readonly UsedDay[];
  allocationSet: DatedAllocationSet | undefined;
  plannedSessions: readonly OpenSession[];
}

/** Computes the attention of subscriptions from their present facts, in a fixed number of SQL statements. */
@Injectable()
export class SubscriptionAttentions {
  constructor(
    private readonly store: AttentionStore,
    private readonly contracts: ContractService,
    private readonly allocations: AllocationService,
    private readonly planning: PlanningService,
    private readonly packages: PackageService,
    private readonly rules: ServiceRules,
  ) {}

  /** By subscription id. */
  async compute(
    tx: Transaction,
    subscriptionIds: readonly string[],
    present: Present,
  ): Promise<Map<string, SubscriptionAttention>> {
    const rows = await this.#rows(tx, subscriptionIds, present);
    return new Map(rows.map((one) => [one.contract.subscriptionId, this.#attention(one, present)]));
  }

  async #rows(tx: Transaction, subscriptionIds: readonly string[], { now, reached }: Present): Promise<Rows[]> {
    const contracts = [...(await this.contracts.load(tx, subscriptionIds)).values()];
    const days = new Map(contracts.map((one) => [one.subscriptionId, dayAt(now, one.timeZone)]));
    const lastMonths = new Map([...days].map(([id, today]) => [id, firstOfLastMonth(today)]));
    const subscriptions = byKey(await this.store.subscriptions(tx, lastMonths), (row) => row.subscriptionId);
    const closedTerms = new Map(
      contracts.map((one) => [one.subscriptionId, this.#takingLateEntries(one, days.get(one.subscriptionId)!)]),
    );
    const termIds = contracts.flatMap((one) => [
      currentTerm(one).id,
      ...closedTerms.get(one.subscriptionId)!.map(({ id }) => id),
    ]);
    const terms = byKey(await this.store.terms(tx, [...new Set(termIds)], reached), (row) => row.termId);
    const currentIds = contracts.map((one) => currentTerm(one).id);
    const allocationSets = await this.allocations.setsOf(tx, currentIds);
    const usedDays = await this.#usedDays(tx, contracts, days, terms);
    const plannedSessions = await this.planning.openOf(tx, subscriptionIds);
    return contracts.map((contract) => {
      const { subscriptionId } = contract;
      const { id } = currentTerm(contract);
      return {
        contract,
        today: days.get(subscriptionId)!,
        subscription: subscriptions.get(subscriptionId)!,
        term: terms.get(id)!,
        closedTerms: closedTerms.get(subscriptionId)!.map((one) => ({ ...one, ...terms.get(one.id)! })),
        usedDays: usedDays.get(id) ?? [],
        allocationSet: allocationSets.get(id)?.at(-1),
        plannedSessions: plannedSessions.get(id) ?? [],
      };
    });
  }

  #takingLateEntries({ terms, enteredOn }: SubscriptionContract, today: Day): SubscriptionTerm[] {
    return terms.filter(
      ({ status, endsOn }) => status === 'closed' && today <= lastLateEntryOn(endsOn, enteredOn, this.rules),
    );
  }

  async #usedDays(
    tx: Transaction,
    contracts: readonly SubscriptionContract[],
    days: ReadonlyMap<string, Day>,
    terms: ReadonlyMap<string, AttentionTermRow>,
  ): Promise<Map<string, UsedDay[]>> {
    const fromOn = new Map<string, Day>();
    for (const contract of contracts) {
      const term = currentTerm(contract);
      const figures = { startsOn: term.startsOn, endsOn: term.endsOn, ...terms.get(term.id)! };
      const from = usedDaysNeededFrom(figures, days.get(contract.subscriptionId)!, this.rules);
      if (from !== undefined) fromOn.set(term.id, from);
    }
    const byTerm = new Map<string, UsedDay[]>();
    if (fromOn.size === 0) return byTerm;
    for (const { termId, day, minutes } of await this.store.usedDays(tx, fromOn)) {
      const used = byTerm.get(termId);
      if (used) used.push({ day, minutes });
      else byTerm.set(termId, [{ day, minutes }]);
    }
    return byTerm;
  }

  #attention(rows: Rows, { closedThrough, computedBy }: Present): SubscriptionAttention {
    const { contract, today, subscription, term, closedTerms } = rows;
    const found = attention(this.#facts(rows, closedThrough), today, this.rules);
    const codes = found.reasons.map(({ code }) => code);
    const month = subscription.loggedLastMonth ? null : monthOf(firstOfLastMonth(today));
    const hasClosedTerms = closedTerms.length > 0;
    return {
      ...found,
      contract,
      customer: subscription.customer,
      today,
      state: {
        subscriptionId: contract.subscriptionId,
        codes,
        gravity: codes[0] === undefined ? null : attentionCodes.indexOf(codes[0]),
        deadlineOn: currentTerm(contract).noticeDeadlineOn,
        computedBy,
        revision: contract.revision,
        customerVersion: subscription.customerVersion,
        lastSequence: term.lastSequence,
        visitsUsed: term.visitsUsed,
        seatsUsed: term.seatsUsed,
        closedTermIds: hasClosedTerms ? closedTerms.map(({ id }) => id) : null,
        closedSequence: hasClosedTerms ? closedTerms.reduce((sum, { lastSequence }) => sum + lastSequence, 0) : null,
        reminderFailedAt: term.reminderFailedAt,
        unloggedMonth: month,
        wasClosed: month !== null && closedThrough !== null && month <= closedThrough,
        validFrom: startOfDay(today, contract.timeZone),
        validUntil: found.nextChangeOn === null ? null : startOfDay(found.nextChangeOn, contract.timeZone),
      },
    };
  }

  #facts(rows: Rows, closedThrough: Month | null): AttentionFacts {
    const { contract, subscription, closedTerms } = rows;
    return {
      startsOn: contract.anchorOn,
      enteredOn: contract.enteredOn,
      term: currentTerm(contract).status === 'open' ? this.#term(rows) : null,
      closedTerms,
      lastEntryOn: subscription.lastEntryOn,
      loggedLastMonth: subscription.loggedLastMonth,
      closedThrough,
      isWorkingDay: (day) => isBusinessDay(day, subscription.country),
    };
  }

  #term({ contract, subscription, term: figures, usedDays, allocationSet, plannedSessions }: Rows): AttentionTerm {
    const term = currentTerm(contract);
    const { reminderFailedAt } = figures;
    return {
      startsOn: term.startsOn,
      endsOn: term.endsOn,
      noticeDeadlineOn: term.noticeDeadlineOn,
      renewalState: term.renewalState,
      plan: term.plan,
      grantedMinutes: figures.grantedMinutes,
      usedMinutes: figures.usedMinutes,
      usedDays,
      maxVisits: figures.maxVisits,
      visitsUsed: figures.visitsUsed,
      maxSeats: figures.maxSeats,
      seatsUsed: figures.seatsUsed,
      allocations: allocationSet
        ? {
            fromOn: allocationSet.fromOn,
            productLineIds: allocationSet.allocations.map(({ productLineId }) => productLineId),
          }
        : null,
      enrolments: contract.enrolments,
      hasRenewalContact: subscription.hasRenewalContact,
      reminderFailedOn: reminderFailedAt && dayAt(reminderFailedAt, contract.timeZone),
      downgrade: this.#downgrade(contract, term),
      plannedSessions,
    };
  }

  #downgrade({ nextPackage }: SubscriptionContract, { periods, endsOn }: SubscriptionTerm): AttentionTerm['downgrade'] {
    const present = periods.at(-1)!.package;
    if (nextPackage === null || nextPackage === present.code) return null;
    const next = packageAtRenewal(this.packages.table, { package: present.code, nextPackage }, addDays(endsOn, 1));
    return isUpgrade(present, next) ? null : { from: present.code, to: next.code };
  }
}

const firstOfLastMonth = (today: Day): Day => addMonths(`${monthOf(today)}-01`, -1);

function byKey<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row> {
  return new Map(rows.map((row) => [keyOf(row), row]));
}
