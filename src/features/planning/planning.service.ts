import { Injectable } from '@nestjs/common';
import { visibilityOf, type Actor } from '../../domain/access.js';
import { dayAt, type Day } from '../../domain/calendar.js';
import { currentTerm, termOn, type DatedAllocationSet } from '../../domain/contract.js';
import type { Language } from '../../domain/language.js';
import {
  closedBecause,
  endOfSeries,
  judgePlannedWork,
  plannedSessionStatus,
  seriesDays,
  type PlannedWork,
  type SeriesDays,
} from '../../domain/planned-session.js';
import { Refusal, refuseByRules } from '../../domain/refusal.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { holidayOn } from '../../platform/business-days.js';
import { Clock } from '../../platform/clock.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { changesNothing, refuseStale } from '../../platform/http/etag.js';
import { page, readCursor, rowsToFetch } from '../../platform/http/paging.js';
import { newId } from '../../platform/ids.js';
import { AllocationService } from '../allocations/allocation.service.js';
import { AssignedNames, needsNames } from '../allocations/assigned-names.js';
import { CustomerService } from '../customers/customer.service.js';
import { ContractService } from '../subscriptions/contract.service.js';
import { groupedByTerm } from '../subscriptions/grouped-by-term.js';
import { refuseEnded, type SubscriptionContract } from '../subscriptions/contract.js';
import type {
  NamedPair,
  NamedPlannedSession,
  NewPlannedSession,
  NewSeries,
  PlannedSessionAnswer,
  PlannedSessionChange,
  PlannedSessionList,
  PlannedSessionsAnswer,
  PlannedSessionsQuery,
} from './planned-session.dto.js';
import { PlannedSessionStore, type PlannedSession } from './planned-session.store.js';

/** Enough for two sessions on each working day of a term. */
const mostOpenSessions = 500;

/** How a request plans sessions. */
export interface PlanningRequest {
  dryRun: boolean;
  /** The language of the names of holidays. */
  language: Language;
}

/** A session that is neither fulfilled nor cancelled. */
export type OpenSession = Pick<PlannedSession, 'plannedOn' | 'minutes' | 'consultantId' | 'productLineId'>;

/** A subscription that is locked for its plan. */
export interface OpenPlan {
  contract: SubscriptionContract;
  presentSet: DatedAllocationSet | undefined;
  now: Date;
  today: Day;
}

/** Planned sessions (§6): single ones and series, moved, changed and cancelled. They touch no ledger and limit nothing. */
@Injectable()
export class PlanningService {
  constructor(
    private readonly contracts: ContractService,
    private readonly allocations: AllocationService,
    private readonly assigned: AssignedNames,
    private readonly customers: CustomerService,
    private readonly store: PlannedSessionStore,
    private readonly rules: ServiceRules,
    private readonly clock: Clock,
  ) {}

  /**
   * Plans a session or a series: all or none.
   * @throws Refusal `not-found`, `subscription-ended`, `too-many-planned-sessions`, or by the rules of the first day that breaks one
   */
  async plan(
    tx: Transaction,
    actor: Actor,
    subscriptionId: string,
    { series, ...work }: NewPlannedSession,
    { dryRun, language }: PlanningRequest,
  ): Promise<PlannedSessionsAnswer> {
    if (dryRun) tx.rollBackAtEnd();
    const plan = await this.open(tx, actor, subscriptionId);
    refuseEnded(plan.contract);
    const { days, skipped } = series
      ? await this.#daysOf(tx, actor, plan, work.plannedOn, series, language)
      : { days: [work.plannedOn], skipped: [] };
    const works = days.map((plannedOn) => ({ ...work, plannedOn }));
    const shown = await this.add(tx, actor, plan, works, { asSeries: series !== undefined });
    return { ...shown[0]!, sessions: shown, skipped };
  }

  /**
   * Plans all of this work or none.
   * @throws Refusal `too-many-planned-sessions`, or by the rules of the first work that breaks one
   */
  async add(
    tx: Transaction,
    actor: Actor,
    plan: OpenPlan,
    works: readonly PlannedWork[],
    { asSeries }: { asSeries: boolean },
  ): Promise<PlannedSessionAnswer[]> {
    const { subscriptionId } = plan.contract;
    const seriesId = asSeries ? newId() : null;
    const sessions: PlannedSession[] = [];
    for (const work of works) sessions.push(await this.#judged(tx, plan, work, seriesId));
    // Sessions that were forgotten in closed terms leave the room for new ones.
    const open = await this.store.countOpen(tx, subscriptionId, currentTerm(plan.contract).startsOn);
    if (open + sessions.length > mostOpenSessions) {
      throw new Refusal('too-many-planned-sessions', { limit: mostOpenSessions, open, added: sessions.length });
    }
    await this.store.insert(tx, sessions, actor.userId);
    return sessions.map((session) => this.#shown(session, plan.today));
  }

  /** The visible sessions, of one subscription or of all, by day. */
  async list(
    tx: Transaction,
    actor: Actor,
    { limit, cursor, ...filter }: PlannedSessionsQuery,
    subscriptionId?: string,
  ): Promise<PlannedSessionList> {
    const visibility = visibilityOf(actor, 'planned-sessions.read');
    if (subscriptionId !== undefined) await this.contracts.see(tx, visibility, subscriptionId);
    const after = readCursor(cursor, ['day', 'id']);
    const now = this.clock.now();
    const overdue = { now, graceDays: this.rules.plannedSessionGraceDays };
    const rows = await this.store.list(
      tx,
      visibility,
      { ...filter, subscriptionId },
      overdue,
      after,
      rowsToFetch(limit),
    );
    return page(
      rows,
      limit,
      ({ plannedOn, id }) => [plannedOn, id],
      ({ timeZone, ...session }) => this.#shown(session, dayAt(now, timeZone)),
    );
  }

  /** Adds the names of customers, consultants and product lines. It does not check the visibility. */
  async named(tx: Transaction, sessions: readonly PlannedSessionAnswer[]): Promise<NamedPlannedSession[]> {
    const idsOf = (field: 'subscriptionId' | 'consultantId' | 'productLineId'): string[] => [
      ...new Set(sessions.map((session) => session[field])),
    ];
    const now = this.clock.now();
    const subscriptions = await this.contracts.names(tx, idsOf('subscriptionId'));
    const names = await this.assigned.names(tx, idsOf('consultantId'), idsOf('productLineId'));
    return sessions.map((session) => {
      const { customerId, customer, contractNumber, timeZone } = subscriptions.get(session.subscriptionId)!;
      return {
        ...session,
        customerId,
        customer,
        contractNumber,
        consultant: names.get(session.consultantId)!,
        productLine: names.get(session.productLineId)!,
        today: dayAt(now, timeZone),
      };
    });
  }

  /** @throws Refusal `not-found` */
  async read(tx: Transaction, actor: Actor, id: string): Promise<PlannedSessionAnswer> {
    const session = await this.#find(tx, id);
    const visibility = visibilityOf(actor, 'planned-sessions.read');
    const { timeZone } = await this.contracts.see(tx, visibility, session.subscriptionId);
    return this.#shown(session, dayAt(this.clock.now(), timeZone));
  }

  /**
   * Moves or changes an open session. An overdue one can only be moved to a day that has not passed.
   * @throws Refusal `not-found`, `etag-stale`, `subscription-ended`, `planned-session-fulfilled`, `planned-session-cancelled`, or by
   *   the rules
   */
  async change(
    tx: Transaction,
    actor: Actor,
    id: string,
    version: number,
    change: PlannedSessionChange,
  ): Promise<PlannedSessionAnswer> {
    const { plan, session } = await this.#openSession(tx, actor, id, version);
    refuseEnded(plan.contract);
    const changed: PlannedSession = { ...session, ...change };
    if (changesNothing(session, changed)) return this.#shown(session, plan.today);
    const { termId } = await this.#judged(tx, plan, changed, session.seriesId);
    const moved = { ...changed, termId, changedAt: plan.now, version: session.version + 1 };
    await this.store.change(tx, moved);
    return this.#shown(moved, plan.today);
  }

  /**
   * Cancels an open session; with `following` also the open sessions of its series on later days.
   * @throws Refusal `not-found`, `etag-stale`, `planned-session-fulfilled`, `planned-session-cancelled`
   */
  async cancel(
    tx: Transaction,
    actor: Actor,
    id: string,
    version: number,
    { following }: { following: boolean },
  ): Promise<void> {
    const { plan, session } = await this.#openSession(tx, actor, id, version);
    await this.store.cancel(tx, session, { following, at: plan.now, by: actor.userId });
  }

  /** Cancels the open sessions of a subscription that is annulled. The caller has locked the subscription. */
  cancelAll(tx: Transaction, actor: Actor, subscriptionId: string, at: Date): Promise<void> {
    return this.store.cancelAll(tx, subscriptionId, { at, by: actor.userId });
  }

  /** The open sessions of subscriptions in the order of their days, by the id of the term. */
  async openOf(tx: Transaction, subscriptionIds: readonly string[]): Promise<Map<string, OpenSession[]>> {
    return groupedByTerm(await this.store.openOf(tx, subscriptionIds));
  }

  /** The contract, locked for a change of its plan, with its present allocations. */
  async open(tx: Transaction, actor: Actor, subscriptionId: string): Promise<OpenPlan> {
    const now = this.clock.now();
    const visibility = visibilityOf(actor, 'planned-sessions.write');
    const contract = await this.contracts.openForChange(tx, visibility, subscriptionId, now);
    const { id } = currentTerm(contract);
    const presentSet = (await this.allocations.setsOf(tx, [id])).get(id)?.at(-1);
    return { contract, presentSet, now, today: dayAt(now, contract.timeZone) };
  }

  /** As `open`, without a lock and without a change. */
  async look(tx: Transaction, actor: Actor, subscriptionId: string): Promise<OpenPlan> {
    const now = this.clock.now();
    const contract = await this.contracts.see(tx, visibilityOf(actor, 'planned-sessions.read'), subscriptionId);
    const { id } = currentTerm(contract);
    const presentSet = (await this.allocations.setsOf(tx, [id])).get(id)?.at(-1);
    return { contract, presentSet, now, today: dayAt(now, contract.timeZone) };
  }

  /** Who can be planned on which product line, with names: the pairs of the present set of allocations. */
  async pairs(tx: Transaction, { presentSet }: OpenPlan): Promise<NamedPair[]> {
    const allocations = presentSet?.allocations ?? [];
    const names = await this.assigned.names(
      tx,
      allocations.map(({ consultantId }) => consultantId),
      allocations.map(({ productLineId }) => productLineId),
    );
    return allocations.map(({ consultantId, productLineId }) => ({
      consultantId,
      productLineId,
      consultant: names.get(consultantId)!,
      productLine: names.get(productLineId)!,
    }));
  }

  /** The customer of a contract that the actor sees. */
  async customerOf(
    tx: Transaction,
    actor: Actor,
    { customerId }: SubscriptionContract,
  ): Promise<{ country: string | null; locale: Language }> {
    const customer = await this.customers.find(tx, actor, customerId);
    if (!customer) throw new Error(`The customer ${customerId} of a visible subscription is not visible`);
    return customer;
  }

  /** An open session with its contract, locked for a change. */
  async #openSession(
    tx: Transaction,
    actor: Actor,
    id: string,
    version: number,
  ): Promise<{ plan: OpenPlan; session: PlannedSession }> {
    const { subscriptionId } = await this.#find(tx, id);
    const plan = await this.open(tx, actor, subscriptionId);
    // Reads the session again, because it may have changed before the lock.
    const session = await this.#find(tx, id);
    const closed = closedBecause(session);
    if (closed !== undefined) throw new Refusal(closed);
    refuseStale(session.version, version);
    return { plan, session };
  }

  async #find(tx: Transaction, id: string): Promise<PlannedSession> {
    const session = await this.store.find(tx, id);
    if (!session) throw new Refusal('not-found');
    return session;
  }

  /** @throws Refusal `series-without-days`, or by the rules for `until` */
  async #daysOf(
    tx: Transaction,
    actor: Actor,
    { contract }: OpenPlan,
    startsOn: Day,
    series: NewSeries,
    language: Language,
  ): Promise<SeriesDays> {
    const { until, violations } = endOfSeries({ startsOn, until: series.until }, contract);
    if (violations.length > 0) throw refuseByRules(violations);
    const { country } = await this.customerOf(tx, actor, contract);
    const found = seriesDays({ startsOn, everyWeeks: series.everyWeeks, until }, (day) =>
      holidayOn(day, country, language),
    );
    if (found.days.length === 0 && found.skipped.length > 0) throw new Refusal('series-without-days');
    return found;
  }

  /** A new session, if the rules accept its work. */
  async #judged(
    tx: Transaction,
    { contract, presentSet, now, today }: OpenPlan,
    work: PlannedWork,
    seriesId: string | null,
  ): Promise<PlannedSession> {
    const { plannedOn, minutes, consultantId, productLineId, activity, delivery, summary } = work;
    const violations = judgePlannedWork(work, { contract, presentSet, today });
    const term = termOn(contract, plannedOn);
    if (violations.length > 0 || term === undefined) {
      const refusal = refuseByRules(violations);
      throw needsNames(refusal) ? await this.assigned.named(tx, refusal) : refusal;
    }
    return {
      id: newId(),
      subscriptionId: contract.subscriptionId,
      termId: term.id,
      seriesId,
      plannedOn,
      minutes,
      consultantId,
      productLineId,
      activity,
      delivery,
      summary,
      fulfilledByEntryId: null,
      cancelledAt: null,
      createdAt: now,
      changedAt: null,
      version: 1,
    };
  }

  #shown(session: PlannedSession, today: Day): PlannedSessionAnswer {
    return { ...session, status: plannedSessionStatus(session, today, this.rules.plannedSessionGraceDays) };
  }
}
