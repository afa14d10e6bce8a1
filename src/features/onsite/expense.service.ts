import { Injectable } from '@nestjs/common';
import { visibilityOf, type Actor, type Visibility } from '../../domain/access.js';
import { amountIn, currencyDecimals } from '../../domain/money.js';
import { accountingMonth } from '../../domain/period.js';
import { Refusal } from '../../domain/refusal.js';
import { Clock } from '../../platform/clock.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { page, readCursor, rowsToFetch, type PageQuery } from '../../platform/http/paging.js';
import { newId } from '../../platform/ids.js';
import { SubscriptionLockStore } from '../ledger/subscription-lock.store.js';
import { PeriodService } from '../periods/period.service.js';
import type { ExpenseAnswer, ExpenseList, NewExpense, NewExpenseReversal } from './expense.dto.js';
import { ExpenseStore, type Expense, type ExpenseReversal, type VisitOfExpense } from './expense.store.js';

/**
 * Travel expenses of visits (§8): included in the package, reported to finance, never charged. An expense counts in the month of the
 * visit's first day. If that month is closed, it counts in the first open month as an adjustment (§12).
 *
 * A receipt may arrive before the visit (a ticket) or long after it, and a cancelled visit may still have costs. Finance receives
 * all of them. Only the annulment of a contract depends on expenses, so an expense locks its subscription only against annulment.
 */
@Injectable()
export class ExpenseService {
  constructor(
    private readonly periods: PeriodService,
    private readonly store: ExpenseStore,
    private readonly locks: SubscriptionLockStore,
    private readonly clock: Clock,
  ) {}

  /** @throws Refusal `not-found`, `subscription-annulled`, `malformed-body` if the amount has more decimal places than the currency */
  async record(tx: Transaction, actor: Actor, visitId: string, asked: NewExpense): Promise<ExpenseAnswer> {
    const amount = amountOf(asked);
    await this.periods.hold(tx);
    const visit = await this.#lockedVisit(tx, visibilityOf(actor, 'expenses.write'), visitId);
    if (visit.subscriptionStatus === 'annulled') throw new Refusal('subscription-annulled');
    const { startsOn } = visit;
    const expense: Expense = {
      id: newId(),
      visitId,
      amount,
      currency: asked.currency,
      description: asked.description,
      ...accountingMonth(startsOn, await this.periods.closedThrough(tx)),
      recordedAt: this.clock.now(),
      recordedBy: actor.userId,
      reversal: null,
    };
    await this.store.insert(tx, expense);
    return expense;
  }

  /** @throws Refusal `not-found` */
  async list(tx: Transaction, actor: Actor, visitId: string, query: PageQuery): Promise<ExpenseList> {
    const startsOn = await this.store.visitStartsOn(tx, visibilityOf(actor, 'expenses.read'), visitId);
    if (startsOn === undefined) throw new Refusal('not-found');
    const [after = null] = readCursor(query.cursor, ['id']) ?? [];
    const expenses = await this.store.list(tx, visitId, { after, limit: rowsToFetch(query.limit) });
    return page(expenses, query.limit, ({ id }) => [id]);
  }

  /** The number of expenses of a subscription's visits, without reversed ones. */
  standing(tx: Transaction, subscriptionId: string): Promise<number> {
    return this.store.standing(tx, subscriptionId);
  }

  /**
   * Reverses an expense, once.
   * @throws Refusal `not-found`, `already-reversed`
   */
  async reverse(tx: Transaction, actor: Actor, id: string, { reason }: NewExpenseReversal): Promise<ExpenseAnswer> {
    await this.periods.hold(tx);
    const found = await this.store.find(tx, visibilityOf(actor, 'expenses.write'), id);
    if (found === undefined) throw new Refusal('not-found');
    const reversal: ExpenseReversal = {
      id: newId(),
      reason,
      ...accountingMonth(found.visitStartsOn, await this.periods.closedThrough(tx)),
      recordedAt: this.clock.now(),
      recordedBy: actor.userId,
    };
    if (!(await this.store.reverse(tx, id, reversal))) throw new Refusal('already-reversed', { expenseId: id });
    return { ...found.expense, reversal };
  }

  /** The subscription cannot be annulled until the end of the transaction. So the visit is read again under the lock. */
  async #lockedVisit(tx: Transaction, visibility: Visibility, visitId: string): Promise<VisitOfExpense> {
    const found = await this.store.visitOfExpense(tx, visibility, visitId);
    if (found === undefined) throw new Refusal('not-found');
    await this.locks.share(tx, found.subscriptionId);
    return (await this.store.visitOfExpense(tx, visibility, visitId))!;
  }
}

function amountOf({ amount, currency }: NewExpense): string {
  const exact = amountIn(currency, amount);
  if (exact !== undefined) return exact;
  const params = { currency, decimals: currencyDecimals(currency) };
  throw new Refusal('malformed-body', {}, { errors: [{ pointer: '/amount', code: 'amount-decimals', params }] });
}
