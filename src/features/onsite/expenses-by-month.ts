import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Month } from '../../domain/calendar.js';
import type { Transaction } from '../../platform/database.js';
import type { MonthBooks, Settled } from '../periods/month-books.js';
import { PeriodService } from '../periods/period.service.js';

/** Expenses count in accounting months too (§12): a closed month goes on calling their customers as it did. */
@Injectable()
export class ExpensesByMonth implements MonthBooks, OnModuleInit {
  constructor(private readonly periods: PeriodService) {}

  onModuleInit(): void {
    this.periods.join(this);
  }

  /** Expenses are few: they are not counted beforehand, and are no part of the control totals of the hours. */
  settle(_tx: Transaction, first: Month, last: Month): Promise<Settled> {
    return Promise.resolve({ names: { sql: customers, values: [first, last] } });
  }
}

const customers = `
select distinct booked.month, c.id as "subjectId", c.name
from (
  select id, accounting_month as month from visit_expenses
  union all
  select expense_id, accounting_month from visit_expense_reversals
) booked
join visit_expenses e on e.id = booked.id
join visits v on v.id = e.visit_id
join subscriptions s on s.id = v.subscription_id
join customers c on c.id = s.customer_id
where booked.month between $1 and $2`;
