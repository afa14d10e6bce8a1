import { setImmediate as turnOfOthers } from 'node:timers/promises';
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
import { addDays, addMonths, dayAt, monthOf, startOfDay, type Day } from '../../domain/calendar.js';
import { currentTerm, type Enrolment } from '../../domain/contract.js';
import { paceOfTerm, type PacePlan } from '../../domain/pace.js';
import { isUpgrade, packageAtRenewal } from '../../domain/package.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { isBusinessDay } from '../../platform/business-days.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { PackageService } from '../packages/package.service.js';
import { PlanningService, type OpenSession } from '../planning/planning.service.js';
import { ContractService } from '../subscriptions/contract.service.js';
import type { SubscriptionContract } from '../subscriptions/contract.js';
import { groupedByTerm } from '../subscriptions/grouped-by-term.js';
import {
  AttentionStore,
  type AttentionRow,
  type AttentionState,
  type ClosedTermRow,
  type Present,
} from './attention.store.js';

/** A subscription with the reasons that hold today. */
export interface SubscriptionAttention extends Attention {
  contract: SubscriptionContract;
  /** The name of the customer. */
  customer: string;
  /** The day in the customer's zone. */
  today: Day;
  /** The last work day with a standing entry, in any term. */
  lastEntryOn: Day | null;
}

/** The rows of one subscription. */
interface Rows {
  row: AttentionRow;
  today: Day;
  /** Of a subscription whose plan or next package does not follow from the row alone. */
  contract: SubscriptionContract | undefined;
  /** The closed terms whose entries can change a reason. */
  watchedTerms: readonly ClosedTermRow[];
  /** The watched terms that take late entries. */
  closedTerms: readonly ClosedTermRow[];
  withoutConsultant: readonly Enrolment[];
  usedDays: readonly UsedDay[];
  plannedSessions: readonly OpenSession[];
  loggedLastMonth: boolean;
  reminderFailedAt: Date | null;
}

/** No piece holds the event loop for more than some milliseconds. */
const pieceSize = 250;
/** For fewer rows, each statement would still read whole tables. */
const rowsAtOnce = 2_500;

/** Computes the attention of subscriptions from their present facts, in a fixed number of SQL statements for each piece. */
@Injectable()
export class SubscriptionAttentions {
  constructor(
    private readonly store: AttentionStore,
    private readonly contracts: ContractService,
    private readonly planning: PlanningService,
    private readonly packages: PackageService,
    private readonly rules: ServiceRules,
  ) {}

  /** With the contracts, by subscription id. */
  async compute(
    tx: Transaction,
    subscriptionIds: readonly string[],
    present: Present,
  ): Promise<Map<string, SubscriptionAttention>> {
    const found = new Map<string, SubscriptionAttention>();
    for await (const piece of this.#pieces(tx, subscriptionIds, present)) {
      const contracts = await this.contracts.load(
        tx,
        piece.map(({ row }) => row.subscriptionId),
      );
      for (const rows of piece) {
        const { subscriptionId, customer, lastEntryOn } = rows.row;
        const contract = contracts.get(subscriptionId)!;
        found.set(subscriptionId, {
          ...this.#attention(rows, present),
          contract,
          customer,
          today: rows.today,
          lastEntryOn,
        });
      }
    }
    return found;
  }

  /** The states of many subscriptions, piece by piece. Between the pieces, other requests have their turn. */
  async *states(
    tx: Transaction,
    subscriptionIds: readonly string[],
    present: Present,
  ): AsyncGenerator<readonly AttentionState[]> {
    for await (const found of this.#pieces(tx, subscriptionIds, present)) {
      for (let at = 0; at < found.length; at += pieceSize) {
        yield found.slice(at, at + pieceSize).map((rows) => stateOf(rows, this.#attention(rows, present), present));
        await turnOfOthers();
      }
    }
  }

  async *#pieces(tx: Transaction, subscriptionIds: readonly string[], present: Present): AsyncGenerator<Rows[]> {
    if (subscriptionIds.length === 0) return;
    const failed = await this.store.failedReminders(tx, present.reached);
    for (let at = 0; at < subscriptionIds.length; at += rowsAtOnce) {
      const found = await this.#rows(tx, subscriptionIds.slice(at, at + rowsAtOnce), present, failed);
      // The first look at the holidays of a country takes as long as many rows.
      for (const [country, today] of new Map(found.map(({ row, today }) => [row.country, today]))) {
        isBusinessDay(today, country);
        await turnOfOthers();
      }
      yield found;
    }
  }

  async #rows(
    tx: Transaction,
    ids: readonly string[],
    { now }: Present,
    failed: ReadonlyMap<string, Date>,
  ): Promise<Rows[]> {
    const { lateEntryDays } = this.rules;
    const found = (await this.store.facts(tx, ids)).map((row) => ({ row, today: dayAt(now, row.timeZone) }));
    // No zone is more than a day behind UTC.
    const on = addDays(dayAt(now, 'UTC'), -1);
    const watchedTerms = grouped(await this.store.closedTerms(tx, ids, { lateEntryDays, on }));
    const withoutConsultant = grouped(await this.store.withoutConsultant(tx, ids));
    const plannedSessions = await this.planning.openOf(tx, ids);
    const usedDays = await this.#usedDays(tx, found);
    const logged = await this.#loggedLastMonth(tx, found);
    const special = found.flatMap(({ row }) => (row.isPlain ? [] : [row.subscriptionId]));
    const contracts = special.length === 0 ? undefined : await this.contracts.load(tx, special);
    return found.map(({ row, today }) => {
      const { subscriptionId, termId, enteredOn } = row;
      const takesLateEntries = ({ endsOn }: ClosedTermRow): boolean =>
        today <= lastLateEntryOn(endsOn, enteredOn, this.rules);
      return {
        row,
        today,
        contract: contracts?.get(subscriptionId),
        watchedTerms: watchedTerms.get(subscriptionId) ?? [],
        closedTerms: watchedTerms.get(subscriptionId)?.filter(takesLateEntries) ?? [],
        withoutConsultant: withoutConsultant.get(subscriptionId) ?? [],
        usedDays: usedDays.get(termId) ?? [],
        plannedSessions: plannedSessions.get(termId) ?? [],
        loggedLastMonth: logged.has(subscriptionId),
        reminderFailedAt: failed.get(termId) ?? null,
      };
    });
  }

  async #usedDays(tx: Transaction, found: readonly Dated[]): Promise<Map<string, UsedDay[]>> {
    const fromOn = new Map<string, Day>();
    for (const { row, today } of found) {
      const from = usedDaysNeededFrom(row, today, this.rules);
      if (from !== undefined) fromOn.set(row.termId, from);
    }
    return fromOn.size === 0 ? new Map<string, UsedDay[]>() : groupedByTerm(await this.store.usedDays(tx, fromOn));
  }

  /** The last entry decides, unless it is after the last month. */
  async #loggedLastMonth(tx: Transaction, found: readonly Dated[]): Promise<Set<string>> {
    const logged = new Set<string>();
    const open = new Map<string, Day>();
    for (const { row, today } of found) {
      const { subscriptionId, lastEntryOn } = row;
      const monthOn = firstOfLastMonth(today);
      if (lastEntryOn === null || lastEntryOn < monthOn) continue;
      if (monthOf(lastEntryOn) === monthOf(monthOn)) logged.add(subscriptionId);
      else open.set(subscriptionId, monthOn);
    }
    if (open.size > 0) for (const id of await this.store.logged(tx, open)) logged.add(id);
    return logged;
  }

  #attention(rows: Rows, { closedThrough }: Present): Attention {
    const { row, today, closedTerms, loggedLastMonth } = rows;
    const { country } = row;
    const facts: AttentionFacts = {
      startsOn: row.anchorOn,
      enteredOn: row.enteredOn,
      term: row.status === 'open' ? this.#term(rows) : null,
      closedTerms,
      lastEntryOn: row.lastEntryOn,
      loggedLastMonth,
      closedThrough,
      isWorkingDay: (day) => isBusinessDay(day, country),
    };
    return attention(facts, today, this.rules);
  }

  #term(rows: Rows): AttentionTerm {
    const { row, contract, usedDays, withoutConsultant, plannedSessions, reminderFailedAt } = rows;
    const { allocatedFromOn, allocatedProductLines } = row;
    return {
      startsOn: row.startsOn,
      endsOn: row.endsOn,
      noticeDeadlineOn: row.noticeDeadlineOn,
      renewalState: row.renewalState,
      plan: contract ? currentTerm(contract).plan : this.#plainPlan(row),
      grantedMinutes: row.grantedMinutes,
      usedMinutes: row.usedMinutes,
      usedDays,
      maxVisits: row.maxVisits,
      visitsUsed: row.visitsUsed,
      maxSeats: row.maxSeats,
      seatsUsed: row.seatsUsed,
      allocations:
        allocatedFromOn === null
          ? null
          : { fromOn: allocatedFromOn, productLineIds: allocatedProductLines?.split(',') ?? [] },
      // The other product lines have a consultant, so they are no reason.
      enrolments: withoutConsultant,
      hasRenewalContact: row.hasRenewalContact,
      reminderFailedOn: reminderFailedAt && dayAt(reminderFailedAt, row.timeZone),
      downgrade: contract ? this.#downgrade(contract) : null,
      plannedSessions,
    };
  }

  /** Without upgrades and top-ups, the plan is that of the minutes with which the term opened. */
  #plainPlan({ anchorOn, number, soldMinutes }: AttentionRow): PacePlan {
    const { paceTolerancePercent } = this.rules;
    return paceOfTerm({
      anchor: anchorOn,
      number,
      baseMinutes: soldMinutes,
      additions: [],
      tolerancePercent: paceTolerancePercent,
    });
  }

  #downgrade(contract: SubscriptionContract): AttentionTerm['downgrade'] {
    const { nextPackage } = contract;
    const { periods, endsOn } = currentTerm(contract);
    const present = periods.at(-1)!.package;
    if (nextPackage === null || nextPackage === present.code) return null;
    const next = packageAtRenewal(this.packages.table, { package: present.code, nextPackage }, addDays(endsOn, 1));
    return isUpgrade(present, next) ? null : { from: present.code, to: next.code };
  }
}

type Dated = Pick<Rows, 'row' | 'today'>;

function stateOf(
  { row, today, watchedTerms, loggedLastMonth, reminderFailedAt }: Rows,
  { reasons, nextChangeOn }: Attention,
  { closedThrough, computedBy }: Present,
): AttentionState {
  const codes = reasons.map(({ code }) => code);
  const month = loggedLastMonth ? null : monthOf(firstOfLastMonth(today));
  const hasClosedTerms = watchedTerms.length > 0;
  return {
    subscriptionId: row.subscriptionId,
    codes,
    gravity: codes[0] === undefined ? null : attentionCodes.indexOf(codes[0]),
    deadlineOn: row.noticeDeadlineOn,
    computedBy,
    revision: row.revision,
    customerVersion: row.customerVersion,
    lastSequence: row.lastSequence,
    visitsUsed: row.visitsUsed,
    seatsUsed: row.seatsUsed,
    closedTermIds: hasClosedTerms ? watchedTerms.map(({ termId }) => termId) : null,
    closedSequence: hasClosedTerms ? watchedTerms.reduce((sum, { lastSequence }) => sum + lastSequence, 0) : null,
    reminderFailedAt,
    unloggedMonth: month,
    wasClosed: month !== null && closedThrough !== null && month <= closedThrough,
    validFrom: startOfDay(today, row.timeZone),
    validUntil: nextChangeOn === null ? null : startOfDay(nextChangeOn, row.timeZone),
  };
}

function grouped<Row extends { subscriptionId: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const bySubscription = new Map<string, Row[]>();
  for (const row of rows) {
    const known = bySubscription.get(row.subscriptionId);
    if (known) known.push(row);
    else bySubscription.set(row.subscriptionId, [row]);
  }
  return bySubscription;
}

const firstOfLastMonth = (today: Day): Day => addMonths(`${monthOf(today)}-01`, -1);
