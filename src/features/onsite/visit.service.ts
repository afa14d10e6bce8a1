import { Injectable } from '@nestjs/common';
import { visibilityOf, type Actor } from '../../domain/access.js';
import { dayAt, monthOf, type Day } from '../../domain/calendar.js';
import { termOn, type Contract, type ContractTerm, type ContractVisit } from '../../domain/contract.js';
import { packageInForceOn } from '../../domain/entitlement.js';
import {
  judgeVisit,
  judgeVisitEntries,
  moveVisit,
  type VisitDates,
  type VisitEntry,
  type VisitEvent,
} from '../../domain/onsite.js';
import { Refusal, refuseByRules, type Violation } from '../../domain/refusal.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { lateEntryLastDay } from '../../domain/time-entry.js';
import { Clock } from '../../platform/clock.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { changesNothing, refuseStale } from '../../platform/http/etag.js';
import { page, readCursor, rowsToFetch, type PageQuery } from '../../platform/http/paging.js';
import { newId } from '../../platform/ids.js';
import { ConsultantService } from '../customers/consultant.service.js';
import { PeriodService } from '../periods/period.service.js';
import { TermBalanceService } from '../ledger/term-balance.service.js';
import { ContractService } from '../subscriptions/contract.service.js';
import type { NewVisit, VisitAnswer, VisitChange, VisitList } from './visit.dto.js';
import { ExpenseStore } from './expense.store.js';
import { VisitEntrySources } from './visit-entries.js';
import { VisitStore, type Visit } from './visit.store.js';

/** Onsite visits: planned, completed or cancelled (§8). */
@Injectable()
export class VisitService {
  constructor(
    private readonly contracts: ContractService,
    private readonly balances: TermBalanceService,
    private readonly consultants: ConsultantService,
    private readonly rules: ServiceRules,
    private readonly store: VisitStore,
    private readonly entrySources: VisitEntrySources,
    private readonly expenses: ExpenseStore,
    private readonly periods: PeriodService,
    private readonly clock: Clock,
  ) {}

  /**
   * Plans a visit in the term that contains its days. In a closed term this is possible as long as late entries are.
   * @throws Refusal all broken rules of §8, `reference-unknown`, `term-closed`
   */
  async plan(tx: Transaction, actor: Actor, subscriptionId: string, asked: NewVisit): Promise<VisitAnswer> {
    const now = this.clock.now();
    const contract = await this.contracts.openForChange(tx, visibilityOf(actor, 'visits.write'), subscriptionId, now);
    await this.#refuseUnknown(tx, asked.consultantIds);
    const term = termOn(contract, asked.startsOn);
    if (term) this.#refuseClosed(contract, term, now);
    const violations = await this.#judge(tx, term, asked);
    if (violations.length > 0 || !term) throw refuseByRules(violations);
    const visit: Visit = {
      id: newId(),
      subscriptionId,
      termId: term.id,
      startsOn: asked.startsOn,
      endsOn: asked.endsOn,
      place: asked.place,
      purpose: asked.purpose ?? null,
      consultantIds: asked.consultantIds,
      status: 'planned',
      createdAt: now,
      version: 1,
    };
    await this.store.insert(tx, visit, actor.userId);
    return visit;
  }

  async list(tx: Transaction, actor: Actor, subscriptionId: string, query: PageQuery): Promise<VisitList> {
    await this.contracts.see(tx, visibilityOf(actor, 'visits.read'), subscriptionId);
    const [after = null] = readCursor(query.cursor, ['id']) ?? [];
    const visits = await this.store.list(tx, subscriptionId, { after, limit: rowsToFetch(query.limit) });
    return page(visits, query.limit, ({ id }) => [id]);
  }

  /** @throws Refusal `not-found` */
  async read(tx: Transaction, actor: Actor, id: string): Promise<VisitAnswer> {
    const visit = await this.store.find(tx, id);
    if (!visit) throw new Refusal('not-found');
    await this.contracts.see(tx, visibilityOf(actor, 'visits.read'), visit.subscriptionId);
    return visit;
  }

  /**
   * Changes a visit within its term. Locks the subscription.
   * @throws Refusal `not-found`, `etag-stale`, `already-cancelled`, `term-closed`, or all broken rules of §8; one of these names the
   * entries that would lie outside the changed visit
   */
  async change(tx: Transaction, actor: Actor, id: string, version: number, change: VisitChange): Promise<VisitAnswer> {
    const now = this.clock.now();
    // Keeps months from closing. This lock comes before the subscription's.
    await this.periods.hold(tx);
    const { contract, visit, term } = await this.#open(tx, actor, id, now);
    refuseStale(visit.version, version);
    if (visit.status === 'cancelled') throw new Refusal('already-cancelled');
    this.#refuseClosed(contract, term, now);
    const changed: Visit = { ...visit, ...change };
    if (changesNothing(visit, changed)) return visit;
    await this.#refuseUnknown(tx, changed.consultantIds);
    const violations = [
      ...(await this.#judge(tx, term, changed, 'counted')),
      ...judgeVisitEntries(changed, await this.#entries(tx, id)),
      ...(await this.#expensesLeft(tx, visit, changed)),
    ];
    if (violations.length > 0) throw refuseByRules(violations);
    return { ...changed, version: await this.store.change(tx, changed) };
  }

  /**
   * Cancels a visit, which frees its place, or marks it as completed.
   * @throws Refusal `already-cancelled`, `already-completed`, `visit-has-entries`, `term-closed`
   */
  async move(tx: Transaction, actor: Actor, id: string, event: VisitEvent): Promise<VisitAnswer> {
    const now = this.clock.now();
    const { contract, visit, term } = await this.#open(tx, actor, id, now);
    const hasEntries = (await this.#entries(tx, id)).length > 0;
    const moved = moveVisit(visit.status, event, hasEntries);
    if ('refused' in moved) throw refuseByRules([{ code: moved.refused }]);
    this.#refuseClosed(contract, term, now);
    return { ...visit, status: moved.to, version: await this.store.move(tx, id, moved.to) };
  }

  /** All visits of each subscription, by first day, with cancelled ones. Subscriptions without a visit are left out. */
  ofSubscriptions(tx: Transaction, subscriptionIds: readonly string[]): Promise<Map<string, ContractVisit[]>> {
    return this.store.ofSubscriptions(tx, subscriptionIds);
  }

  /**
   * The number of visits of a term that were planned or had begun at the end of a day. `dayEndsAt` is the same moment. Cancelled
   * visits do not count.
   */
  usedOn(tx: Transaction, termId: string, on: Day, dayEndsAt: Date): Promise<number> {
    return this.store.usedOn(tx, termId, on, dayEndsAt);
  }

  /** A visit with its contract, locked for a change. */
  async #open(tx: Transaction, actor: Actor, id: string, now: Date) {
    const subscriptionId = (await this.store.find(tx, id))?.subscriptionId;
    if (subscriptionId === undefined) throw new Refusal('not-found');
    const contract = await this.contracts.openForChange(tx, visibilityOf(actor, 'visits.write'), subscriptionId, now);
    // Reads the visit again, because it may have changed before the lock.
    const visit = await this.store.find(tx, id);
    const term = contract.terms.find((candidate) => candidate.id === visit?.termId);
    if (!visit || !term) throw new Error(`Visit ${id} has lost its term`);
    return { contract, visit, term };
  }

  #entries(tx: Transaction, visitId: string): Promise<VisitEntry[]> {
    return this.entrySources.get('hours')(tx, visitId);
  }

  /** Expenses count in the month of the visit's first day, and a closed month also stores the visit's days and place (§12). */
  async #expensesLeft(tx: Transaction, visit: Visit, changed: Visit): Promise<Violation[]> {
    const month = await this.expenses.latestMonth(tx, visit.id);
    if (month === null) return [];
    const closedThrough = await this.periods.closedThrough(tx);
    const isClosed = closedThrough !== null && monthOf(visit.startsOn) <= closedThrough;
    const stays = isClosed
      ? changed.startsOn === visit.startsOn && changed.endsOn === visit.endsOn && changed.place === visit.place
      : monthOf(changed.startsOn) === monthOf(visit.startsOn);
    return stays ? [] : [{ code: 'visit-has-expenses', params: { month, closed: isClosed ? 'yes' : 'no' } }];
  }

  /** A visit that is being changed is already `counted` in the number of visits of its term. */
  async #judge(
    tx: Transaction,
    term: ContractTerm | undefined,
    asked: VisitDates,
    counted?: 'counted',
  ): Promise<Violation[]> {
    const sold = term && packageInForceOn(term.periods, asked.startsOn);
    const termBalance = term && (await this.balances.balances(tx, new Map([[term.id, asked.startsOn]]))).get(term.id);
    return judgeVisit(asked, {
      term,
      package: sold?.code ?? '',
      onsiteIncluded: sold?.onsite.included ?? false,
      visitsUsed: (termBalance?.visitsUsed ?? 0) - (counted ? 1 : 0),
      maxVisits: termBalance?.maxVisits ?? null,
    });
  }

  async #refuseUnknown(tx: Transaction, consultantIds: readonly string[]): Promise<void> {
    const known = new Set((await this.consultants.find(tx, consultantIds)).map(({ id }) => id));
    const unknown = consultantIds.flatMap((id, at): Violation[] => {
      const pointer = `/consultantIds/${at}`;
      return known.has(id) ? [] : [{ code: 'reference-unknown', params: { field: 'consultantIds', id }, pointer }];
    });
    if (unknown.length > 0) throw refuseByRules(unknown);
  }

  /** Visits of a closed term can be changed as long as late entries can be logged (§5). */
  #refuseClosed(contract: Contract, term: ContractTerm, now: Date): void {
    const isTooLate = dayAt(now, contract.timeZone) > lateEntryLastDay(term, contract, this.rules);
    if (term.status === 'closed' && isTooLate) throw new Refusal('term-closed');
  }
}
