import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Month } from '../../domain/calendar.js';
import { monthAfter } from '../../domain/period.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { MonthSources, type MonthSource, type ClosingFacts } from '../periods/month-totals.js';

/**
 * The facts of terms in accounting months (§12). A closed month keeps the customers' names. Grants and expiries stay
 * in the month with which they were closed; those booked later count in a later month.
 */
@Injectable()
export class TermsByMonth implements MonthSource, OnModuleInit {
  constructor(private readonly sources: MonthSources) {}

  onModuleInit(): void {
    this.sources.register('terms', this);
  }

  async closingFacts(tx: Transaction, first: Month, last: Month): Promise<ClosingFacts> {
    // The rows of months that were reopened since.
    await tx.query('delete from closed_ledger_entries where month >= $1', [first]);
    await tx.query(
      `insert into closed_ledger_entries (ledger_entry_id, month)
       select l.id, greatest(to_char(l.effective_on::timestamp, 'YYYY-MM'), $1) from ledger_entries l
       where l.time_entry_id is null and l.effective_on < $2
         and not exists (select from closed_ledger_entries c where c.ledger_entry_id = l.id)`,
      [first, `${monthAfter(last)}-01`],
    );
    const months = [`${first}-01`, `${last}-01`];
    const stated = [...months, first, last];
    return {
      facts: {
        names: { sql: names, values: stated },
        subscriptions: { sql: subscriptions, values: stated },
        terms: { sql: terms, values: stated },
        termEnds: { sql: termEnds, values: [first, `${monthAfter(last)}-01`] },
        renewals: { sql: renewals, values: [`${first}-01`, `${monthAfter(last)}-01`] },
      },
    };
  }
}

/** The months, and the terms that a statement of them can contain: by their days, their ledger, or their end. */
const stated = `
from (
  select to_char(months.day, 'YYYY-MM') as month, t.id as term_id
  from generate_series($1::date, $2::date, interval '1 month') as months (day)
  join terms t on t.starts_on < months.day + interval '1 month' and t.ends_on >= months.day
  union
  select counted.month, l.term_id
  from closed_ledger_entries counted join ledger_entries l on l.id = counted.ledger_entry_id
  where counted.month between $3 and $4
  union
  select $3, t.id from terms t
  where t.status = 'closed' and t.ends_on < $1::date and not exists (select from closed_term_ends c where c.term_id = t.id)
) stated
join terms t on t.id = stated.term_id
join subscriptions s on s.id = t.subscription_id
join customers c on c.id = s.customer_id
join users csm on csm.id = s.csm_id`;

const names = `
select stated.month, c.id as "subjectId", c.name, c.code ${stated}
union
select stated.month, csm.id, csm.name, null ${stated}`;

const subscriptions = `
select distinct stated.month, s.id as "subscriptionId", s.csm_id as "csmId", s.contract_number as "contractNumber" ${stated}`;

const terms = `
select stated.month, t.id as "termId", t.purchase_order as "purchaseOrder" ${stated}`;

/**
 * Closed terms whose end counts in no closed month yet: it counts in the month of its last day, or in the first open
 * one.
 */
const termEnds = `
select greatest(to_char(t.ends_on::timestamp, 'YYYY-MM'), $1) as month, t.id as "termId"
from terms t
where t.status = 'closed' and t.ends_on < $2::date and not exists (select from closed_term_ends c where c.term_id = t.id)`;

/** Open terms whose last day for a notice is in the months, in their present state. */
const renewals = `
select to_char(t.notice_deadline_on::timestamp, 'YYYY-MM') as month, t.id as "termId", t.package, s.next_package as "nextPackage",
  t.renewal_state as "renewalState", b.granted_minutes - b.used_minutes - b.expired_minutes as "remainingMinutes",
  b.seats_used as "seatsInUse"
from terms t
join subscriptions s on s.id = t.subscription_id
join balances b on b.term_id = t.id
where t.status = 'open' and t.notice_deadline_on >= $1::date and t.notice_deadline_on < $2::date`;
