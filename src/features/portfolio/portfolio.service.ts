import { Injectable } from '@nestjs/common';
import { visibilityOf, type Actor, type Visibility } from '../../domain/access.js';
import { addDays, dayAt, type Day } from '../../domain/calendar.js';
import { currentTerm } from '../../domain/contract.js';
import type { Language } from '../../domain/language.js';
import { burnDownOfMonths, forecast, forecastWindow, pace, paceOfTerm, type PacePlan } from '../../domain/pace.js';
import { Refusal } from '../../domain/refusal.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { nextDeadline, type NextDeadline } from '../../domain/today.js';
import { Clock } from '../../platform/clock.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { listAsked, page, readCursorOf } from '../../platform/http/paging.js';
import { attentionSentence } from '../attention/attention-words.js';
import { AttentionService } from '../attention/attention.service.js';
import type { SubscriptionAttention } from '../attention/subscription-attentions.js';
import { TermBalanceService } from '../ledger/term-balance.service.js';
import { balanceAnswer } from '../ledger/term-balance.js';
import { ContractService } from '../subscriptions/contract.service.js';
import { columnOf, PortfolioOrder, type RankedKey, type SortedEntry } from './portfolio-order.js';
import type { PortfolioColumn, PortfolioCsm, PortfolioPage, PortfolioQuery, PortfolioRow } from './portfolio.dto.js';
import { PortfolioStore, type PortfolioEntry, type PortfolioFilter } from './portfolio.store.js';

type DatedEntry = PortfolioEntry & { today: Day };

/**
 * The portfolio: the visible subscriptions with what decides the next call. One query reads the facts by which it is filtered and
 * sorted; the figures of the rows are computed for one page only.
 */
@Injectable()
export class PortfolioService {
  constructor(
    private readonly store: PortfolioStore,
    private readonly attentions: AttentionService,
    private readonly contracts: ContractService,
    private readonly balances: TermBalanceService,
    private readonly clock: Clock,
    private readonly rules: ServiceRules,
  ) {}

  /** @throws Refusal `invalid-cursor`, also for the cursor of another order or other filters */
  async list(tx: Transaction, actor: Actor, query: PortfolioQuery, language: Language): Promise<PortfolioPage> {
    const { limit, cursor, sort = 'attention', ...filter } = query;
    const asked = listAsked({ sort, ...filter });
    const parts = readCursorOf(asked, cursor, ['integer', 'text', 'id']);
    const pageOf = <Entry extends { id: string }>(order: PortfolioOrder<Entry>, found: readonly Entry[]) => {
      const last = parts && order.read(parts);
      if (parts && !last) throw new Refusal('invalid-cursor');
      return page(order.after(found, last), limit, (entry) => [asked, ...order.written(order.placeOf(entry))]);
    };
    if (columnOf(sort) === 'attention' && filter.deadline === undefined) {
      const keys = await this.#keys(tx, actor, filter);
      const { data, nextCursor } = pageOf(PortfolioOrder.ofKeys(sort), keys);
      return {
        data: await this.#rows(tx, await this.#ofKeys(tx, actor, filter, data), language),
        nextCursor,
        count: keys.length,
      };
    }
    const entries = await this.#entries(tx, actor, filter, columnOf(sort));
    const { data, nextCursor } = pageOf(PortfolioOrder.of(sort), entries);
    return { data: await this.#rows(tx, data, language), nextCursor, count: entries.length };
  }

  /** The CSMs whose active subscriptions the actor sees, by name. */
  csms(tx: Transaction, actor: Actor): Promise<PortfolioCsm[]> {
    return this.store.csms(tx, visibilityOf(actor, 'attention.read'));
  }

  /** What all filters leave, with what the order of attention needs. */
  async #keys(
    tx: Transaction,
    actor: Actor,
    { attention, reason, ...filter }: Omit<PortfolioQuery, 'limit' | 'cursor' | 'sort'>,
  ): Promise<RankedKey[]> {
    const gravities = await this.#gravities(tx, actor, { csmId: filter.csm, reason });
    const keys = await this.store.keys(tx, visibilityOf(actor, 'attention.read'), filter);
    return keys.flatMap((key) => {
      const gravity = gravities.get(key.id) ?? null;
      return gravity === null && (attention === 'yes' || reason !== undefined) ? [] : [Object.assign(key, { gravity })];
    });
  }

  /** The facts of these subscriptions, in their order. */
  async #ofKeys(
    tx: Transaction,
    actor: Actor,
    filter: PortfolioFilter,
    keys: readonly RankedKey[],
  ): Promise<DatedEntry[]> {
    const ids = keys.map(({ id }) => id);
    const found = await this.#dated(tx, visibilityOf(actor, 'attention.read'), filter, 'attention', ids);
    const byId = new Map(found.map((entry) => [entry.id, entry]));
    return ids.map((id) => byId.get(id)!);
  }

  /** What all filters leave, with the figures by which the list is sorted. */
  async #entries(
    tx: Transaction,
    actor: Actor,
    { attention, reason, deadline: range, ...filter }: Omit<PortfolioQuery, 'limit' | 'cursor' | 'sort'>,
    column: PortfolioColumn,
  ): Promise<SortedEntry[]> {
    const visibility = visibilityOf(actor, 'attention.read');
    const gravities = await this.#gravities(tx, actor, { csmId: filter.csm, reason });
    const found = (await this.#dated(tx, visibility, filter, column)).flatMap((entry) => {
      const gravity = gravities.get(entry.id) ?? null;
      if (gravity === null && (attention === 'yes' || reason !== undefined)) return [];
      // Only the rows of a page need their deadline, unless it decides about all.
      const deadline = column === 'deadline' || range !== undefined ? deadlineOf(entry) : null;
      if (range !== undefined && (deadline === null || deadline.daysLeft > Number(range))) return [];
      return [Object.assign(entry, { gravity, deadline, paceMinutes: 0, expiringMinutes: 0 })];
    });
    if (column === 'pace') await this.#setPaces(tx, found);
    if (column === 'expiring') await this.#setExpiring(tx, found);
    return found;
  }

  async #gravities(
    tx: Transaction,
    actor: Actor,
    filter: Parameters<AttentionService['places']>[2],
  ): Promise<Map<string, number>> {
    const places = await this.attentions.places(tx, actor, filter);
    return new Map(places.map(({ id, gravity }) => [id, gravity]));
  }

  async #dated(
    tx: Transaction,
    visibility: Visibility,
    filter: PortfolioFilter,
    column: PortfolioColumn,
    ids?: readonly string[],
  ): Promise<DatedEntry[]> {
    const now = this.clock.now();
    const days = new Map<string, Day>();
    const { lateEntryDays } = this.rules;
    // No zone is more than a day behind UTC.
    const earliestToday = addDays(dayAt(now, 'UTC'), -1);
    const entries = await this.store.entries(tx, visibility, filter, column, { lateEntryDays, earliestToday, ids });
    return entries.map((entry) => {
      let today = days.get(entry.timeZone);
      if (today === undefined) days.set(entry.timeZone, (today = dayAt(now, entry.timeZone)));
      // A copy of each of thousands of rows would be a third of the work of a page.
      return Object.assign(entry, { today });
    });
  }

  async #setPaces(tx: Transaction, entries: readonly SortedEntry[]): Promise<void> {
    const changed = entries.filter(({ isPlain }) => !isPlain).map(({ id }) => id);
    const contracts = changed.length === 0 ? undefined : await this.contracts.load(tx, changed);
    for (const entry of entries) {
      const contract = contracts?.get(entry.id);
      const plan = contract ? currentTerm(contract).plan : this.#plainPlan(entry);
      entry.paceMinutes = pace(plan, entry.usedMinutes, entry.today).differenceMinutes;
    }
  }

  /** Without upgrades and top-ups, the plan is that of the minutes with which the term opened. */
  #plainPlan({ anchorOn, number, soldMinutes }: PortfolioEntry): PacePlan {
    const { paceTolerancePercent: tolerancePercent } = this.rules;
    return paceOfTerm({ anchor: anchorOn, number, baseMinutes: soldMinutes, additions: [], tolerancePercent });
  }

  async #setExpiring(tx: Transaction, entries: readonly SortedEntry[]): Promise<void> {
    const windows = entries.map(({ startsOn, today }) => forecastWindow(startsOn, today, this.rules.forecastDays));
    const spans = entries.map(({ termId }, at) => ({ termId, ...windows[at]! }));
    const used = await this.balances.usedIn(tx, spans);
    entries.forEach((entry, at) => {
      entry.expiringMinutes = forecast({
        remainingMinutes: Math.max(0, entry.leftMinutes),
        expiredMinutes: entry.expiredMinutes,
        usedMinutesInWindow: used[at]!,
        windowDays: windows[at]!.windowDays,
        on: entry.today,
        endsOn: entry.endsOn,
      }).expiringMinutes;
    });
  }

  /** The rows of one page, in a fixed number of SQL statements. */
  async #rows(tx: Transaction, entries: readonly DatedEntry[], language: Language): Promise<PortfolioRow[]> {
    const found = await this.attentions.of(
      tx,
      entries.map(({ id }) => id),
    );
    const days = found.map(({ contract, today }): [string, Day] => [currentTerm(contract).id, today]);
    const balances = await this.balances.balances(tx, new Map(days));
    const used = await this.#usedByMonth(tx, found);
    return entries.map((entry, at) => {
      const { contract, today, reasons, lastEntryOn } = found[at]!;
      const term = currentTerm(contract);
      return {
        subscriptionId: entry.id,
        customerId: contract.customerId,
        customer: entry.customer,
        customerCode: entry.customerCode,
        contractNumber: contract.contractNumber,
        csmId: contract.csmId,
        csm: entry.csm,
        package: entry.package,
        termId: term.id,
        endsOn: term.endsOn,
        renewalState: term.renewalState,
        reasons: reasons.map((reason) => ({ ...reason, detail: attentionSentence(reason, language) })),
        balance: balanceAnswer(term, balances.get(term.id)!, today, this.rules),
        months: burnDownOfMonths(term.plan, used[at]!),
        deadline: deadlineOf(entry),
        outlook: entry.outlook,
        lastEntryOn,
      };
    });
  }

  /** The use of each service month of the current terms. */
  async #usedByMonth(tx: Transaction, found: readonly SubscriptionAttention[]): Promise<number[][]> {
    const terms = found.map(({ contract }) => currentTerm(contract));
    const spans = terms.flatMap(({ id, plan }) =>
      plan.months.map(({ startsOn, endsOn }) => ({ termId: id, from: startsOn, to: endsOn })),
    );
    const used = await this.balances.usedIn(tx, spans);
    let at = 0;
    return terms.map(({ plan }) => used.slice(at, (at += plan.months.length)));
  }
}

const deadlineOf = (entry: DatedEntry): NextDeadline | null =>
  nextDeadline(
    { term: entry.termStatus === 'open' ? entry : null, lateEntriesUntilOn: entry.lateEntriesUntilOn },
    entry.today,
  );
