import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Month } from '../../domain/calendar.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { MonthSources, type MonthSource, type ClosingFacts } from '../periods/month-totals.js';

/** Expenses count in accounting months too (§12). A closing stores the facts that reports print beside them. */
@Injectable()
export class ExpensesByMonth implements MonthSource, OnModuleInit {
  constructor(private readonly sources: MonthSources) {}

  onModuleInit(): void {
    this.sources.register('travel-expenses', this);
  }

  /** There are few expenses, so they need no survey. The control totals are totals of hours, without expenses. */
  closingFacts(_tx: Transaction, first: Month, last: Month): Promise<ClosingFacts> {
    const facts = { names, subscriptions, terms, visits };
    const statements = Object.entries(facts).map(([fact, sql]) => [fact, { sql, values: [first, last] }]);
    return Promise.resolve({ facts: Object.fromEntries(statements) as ClosingFacts['facts'] });
  }
}

/** Expenses and reversals that count in the months, each with its visit. */
const booked = `
from (
  select id, recorded_by, accounting_month as month from visit_expenses
  union all
  select expense_id, recorded_by, accounting_month from visit_expense_reversals
) booked
join visit_expenses e on e.id = booked.id
join visits v on v.id = e.visit_id
join terms t on t.id = v.term_id
join subscriptions s on s.id = v.subscription_id
join customers c on c.id = s.customer_id
join users csm on csm.id = s.csm_id
join users recorder on recorder.id = booked.recorded_by
where booked.month between $1 and $2`;

const names = `
select booked.month, c.id as "subjectId", c.name, c.code ${booked}
union
select booked.month, csm.id, csm.name, null ${booked}
union
select booked.month, recorder.id, recorder.name, null ${booked}`;

const subscriptions = `
select distinct booked.month, s.id as "subscriptionId", s.csm_id as "csmId", s.contract_number as "contractNumber" ${booked}`;

const terms = `
select distinct booked.month, t.id as "termId", t.purchase_order as "purchaseOrder" ${booked}`;

const visits = `
select distinct booked.month, v.id as "visitId", v.starts_on as "startsOn", v.ends_on as "endsOn", v.place,
  (select package from term_packages where term_id = v.term_id and effective_on <= v.starts_on order by sequence desc limit 1) as package
${booked}`;
