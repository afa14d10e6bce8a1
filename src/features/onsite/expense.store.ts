import { Injectable } from '@nestjs/common';
import type { Visibility } from '../../domain/access.js';
import type { Day, Month } from '../../domain/calendar.js';
import type { SubscriptionStatus } from '../../domain/contract.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { visibilityCondition } from '../people/visibility.js';

export interface ExpenseReversal {
  id: string;
  reason: string;
  accountingMonth: Month;
  adjustsMonth: Month | null;
  recordedAt: Date;
  recordedBy: string;
}

/** A travel expense of a visit. The amount is exact, with all decimal places of its currency. */
export interface Expense {
  id: string;
  visitId: string;
  amount: string;
  currency: string;
  description: string;
  accountingMonth: Month;
  adjustsMonth: Month | null;
  recordedAt: Date;
  recordedBy: string;
  reversal: ExpenseReversal | null;
}

type ExpenseRow = Omit<Expense, 'reversal'> & {
  reversal: (Omit<ExpenseReversal, 'recordedAt'> & { recordedAt: string }) | null;
};

const columns = `e.id, e.visit_id as "visitId", e.amount, e.currency, e.description,
  e.accounting_month as "accountingMonth", e.adjusts_month as "adjustsMonth", e.recorded_at as "recordedAt",
  e.recorded_by as "recordedBy",
  case when r.id is not null then json_build_object('id', r.id, 'reason', r.reason, 'accountingMonth', r.accounting_month,
    'adjustsMonth', r.adjusts_month, 'recordedAt', r.recorded_at, 'recordedBy', r.recorded_by) end as reversal`;

const expenseOf = ({ reversal, ...row }: ExpenseRow): Expense => ({
  ...row,
  reversal: reversal && { ...reversal, recordedAt: new Date(reversal.recordedAt) },
});

/** A visit's first day, and the status of its subscription. */
export interface VisitOfExpense {
  subscriptionId: string;
  startsOn: Day;
  subscriptionStatus: SubscriptionStatus;
}

/** All SQL of the travel expenses. */
@Injectable()
export class ExpenseStore {
  /** The first day of a visit; undefined if it does not exist or is not visible. */
  async visitStartsOn(tx: Transaction, visibility: Visibility, visitId: string): Promise<Day | undefined> {
    const values = [visitId];
    const [row] = await tx.query<{ startsOn: Day }>(
      `select v.starts_on as "startsOn" from visits v join subscriptions s on s.id = v.subscription_id
       where v.id = $1 and ${visibilityCondition(visibility, 's', values)}`,
      values,
    );
    return row?.startsOn;
  }

  /** The visit of a new expense, with its subscription; undefined if it is missing or not visible. */
  async visitOfExpense(tx: Transaction, visibility: Visibility, visitId: string): Promise<VisitOfExpense | undefined> {
    const values = [visitId];
    const [row] = await tx.query<VisitOfExpense>(
      `select v.starts_on as "startsOn", s.id as "subscriptionId", s.status as "subscriptionStatus"
       from visits v join subscriptions s on s.id = v.subscription_id
       where v.id = $1 and ${visibilityCondition(visibility, 's', values)}`,
      values,
    );
    return row;
  }

  /** The latest accounting month in which an expense of a visit counts; null if the visit has none. */
  async latestMonth(tx: Transaction, visitId: string): Promise<Month | null> {
    const [row] = await tx.query<{ month: Month | null }>(
      `select max(e.accounting_month) as month from visit_expenses e where e.visit_id = $1
         and not exists (select from visit_expense_reversals r where r.expense_id = e.id and r.adjusts_month is null)`,
      [visitId],
    );
    return row!.month;
  }

  /** The number of expenses of a subscription's visits, without reversed ones. */
  async standing(tx: Transaction, subscriptionId: string): Promise<number> {
    const [row] = await tx.query<{ count: number }>(
      `select count(*)::integer as count from visit_expenses e join visits v on v.id = e.visit_id
       where v.subscription_id = $1 and not exists (select from visit_expense_reversals r where r.expense_id = e.id)`,
      [subscriptionId],
    );
    return row!.count;
  }

  /** A visible expense, with the first day of its visit. */
  async find(
    tx: Transaction,
    visibility: Visibility,
    id: string,
  ): Promise<{ expense: Expense; visitStartsOn: Day } | undefined> {
    const values = [id];
    const [row] = await tx.query<ExpenseRow & { visitStartsOn: Day }>(
      `select ${columns}, v.starts_on as "visitStartsOn"
       from visit_expenses e
       join visits v on v.id = e.visit_id
       join subscriptions s on s.id = v.subscription_id
       left join visit_expense_reversals r on r.expense_id = e.id
       where e.id = $1 and ${visibilityCondition(visibility, 's', values)}`,
      values,
    );
    if (row === undefined) return undefined;
    const { visitStartsOn, ...expense } = row;
    return { expense: expenseOf(expense), visitStartsOn };
  }

  /** Expenses of a visit in the order of creation, after `afterId`. */
  async list(
    tx: Transaction,
    visitId: string,
    { after, limit }: { after: string | null; limit: number },
  ): Promise<Expense[]> {
    const rows = await tx.query<ExpenseRow>(
      `select ${columns}
       from visit_expenses e left join visit_expense_reversals r on r.expense_id = e.id
       where e.visit_id = $1 and ($2::uuid is null or e.id > $2)
       order by e.id limit $3`,
      [visitId, after, limit],
    );
    return rows.map(expenseOf);
  }

  async insert(tx: Transaction, expense: Expense): Promise<void> {
    const { id, visitId, amount, currency, description, accountingMonth, adjustsMonth, recordedAt, recordedBy } =
      expense;
    await tx.query(
      `insert into visit_expenses
         (id, visit_id, amount, currency, description, accounting_month, adjusts_month, recorded_at, recorded_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [id, visitId, amount, currency, description, accountingMonth, adjustsMonth, recordedAt, recordedBy],
    );
  }

  /** Inserts a reversal. Returns false if the expense is already reversed. */
  async reverse(tx: Transaction, expenseId: string, reversal: ExpenseReversal): Promise<boolean> {
    const { id, reason, accountingMonth, adjustsMonth, recordedAt, recordedBy } = reversal;
    const written = await tx.query(
      `insert into visit_expense_reversals
         (id, expense_id, reason, accounting_month, adjusts_month, recorded_at, recorded_by)
       values ($1, $2, $3, $4, $5, $6, $7)
       on conflict on constraint visit_expense_reversals_one_per_expense do nothing
       returning id`,
      [id, expenseId, reason, accountingMonth, adjustsMonth, recordedAt, recordedBy],
    );
    return written.length > 0;
  }
}
