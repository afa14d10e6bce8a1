import { Injectable } from '@nestjs/common';
import { sightOf, type Actor } from '../../domain/access.js';
import { dayAt } from '../../domain/calendar.js';
import { termOn, type Contract, type ContractTerm, type ContractVisit } from '../../domain/contract.js';
import { packageInForceOn } from '../../domain/entitlement.js';
import { judgeVisit, moveVisit, type VisitEvent } from '../../domain/onsite.js';
import { Refusal, refuseByRules, type Violation } from '../../domain/refusals.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { lateEntryLastDay } from '../../domain/time-entry.js';
import { Clock } from '../../platform/clock.js';
import type { Transaction } from '../../platform/database.js';
import { page, readCursor, rowsToFetch, type PageQuery } from '../../platform/http/paging.js';
import { newId } from '../../platform/ids.js';
import { ConsultantService } from '../customers/consultant.service.js';
import { AccountService } from '../subscriptions/account.service.js';
import { ContractService } from '../subscriptions/contract.service.js';
import type { NewVisit, VisitAnswer, VisitList } from './visit.dto.js';
import { VisitStore, type Visit } from './visit.store.js';

/** Onsite stays: planned, done or cancelled (§8). */
@Injectable()
export class VisitService {
  constructor(
    private readonly contracts: ContractService,
    private readonly accounts: AccountService,
    private readonly consultants: ConsultantService,
    private readonly rules: ServiceRules,
    private readonly store: VisitStore,
    private readonly clock: Clock,
  ) {}

  /**
   * Plans a visit in the term in which its days lie. One of a closed term can be entered as long as its hours can.
   * @throws Refusal by all rules of §8 that say no, `reference-unknown`, `term-closed`
   */
  async plan(tx: Transaction, actor: Actor, subscriptionId: string, asked: NewVisit): Promise<VisitAnswer> {
    const now = this.clock.now();
    const contract = await this.contracts.openForChange(tx, sightOf(actor, 'visits.write'), subscriptionId, now);
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
    await this.contracts.see(tx, sightOf(actor, 'visits.read'), subscriptionId);
    const [after = null] = readCursor(query.cursor, ['id']) ?? [];
    const visits = await this.store.list(tx, subscriptionId, { after, limit: rowsToFetch(query.limit) });
    return page(visits, query.limit, ({ id }) => [id]);
  }

  /**
   * Cancels a visit, which frees it, or says that it has taken place.
   * @throws Refusal `already-cancelled`, `already-completed`, `visit-has-entries`, `term-closed`
   */
  async move(tx: Transaction, actor: Actor, id: string, event: VisitEvent): Promise<VisitAnswer> {
    const now = this.clock.now();
    const subscriptionId = (await this.store.find(tx, id))?.subscriptionId;
    if (subscriptionId === undefined) throw new Refusal('not-found');
    const contract = await this.contracts.openForChange(tx, sightOf(actor, 'visits.write'), subscriptionId, now);
    // Read again: what was found before the lock may have changed.
    const visit = await this.store.find(tx, id);
    const term = contract.terms.find((candidate) => candidate.id === visit?.termId);
    if (!visit || !term) throw new Error(`Visit ${id} has lost its term`);
    const moved = moveVisit(visit.status, event, await this.store.hasEntries(tx, id));
    if ('refused' in moved) throw refuseByRules([{ code: moved.refused }]);
    this.#refuseClosed(contract, term, now);
    return { ...visit, status: moved.to, version: await this.store.move(tx, id, moved.to) };
  }

  /** Every visit of each subscription, cancelled ones too, by first day. A subscription without any is left out. */
  ofSubscriptions(tx: Transaction, subscriptionIds: readonly string[]): Promise<Map<string, ContractVisit[]>> {
    return this.store.ofSubscriptions(tx, subscriptionIds);
  }

  async #judge(tx: Transaction, term: ContractTerm | undefined, asked: NewVisit): Promise<Violation[]> {
    const sold = term && packageInForceOn(term.periods, asked.startsOn);
    const account = term && (await this.accounts.accounts(tx, new Map([[term.id, asked.startsOn]]))).get(term.id);
    return judgeVisit(asked, {
      term,
      package: sold?.code ?? '',
      onsiteIncluded: sold?.onsite.included ?? false,
      visitsUsed: account?.visitsUsed ?? 0,
      maxVisits: account?.maxVisits ?? null,
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

  /** The visits of a closed term can be put in order as long as hours can still be logged on them (§5). */
  #refuseClosed(contract: Contract, term: ContractTerm, now: Date): void {
    const isTooLate = dayAt(now, contract.timeZone) > lateEntryLastDay(term, contract, this.rules);
    if (term.status === 'closed' && isTooLate) throw new Refusal('term-closed');
  }
}
