import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Month } from '../../domain/calendar.js';
import { monthAfter } from '../../domain/period.js';
import type { Transaction } from '../../platform/database.js';
import type { MonthBooks, Settled } from '../periods/month-books.js';
import { PeriodService } from '../periods/period.service.js';

/**
 * The statement of a term names its customer, worked or not: a closed month goes on calling it as it did (§12). What was granted
 * and what expired stays in the month with which it was closed, and what is booked for it afterwards counts in a later one.
 */
@Injectable()
export class TermsByMonth implements MonthBooks, OnModuleInit {
  constructor(private readonly periods: PeriodService) {}

  onModuleInit(): void {
    this.periods.join(this);
  }

  async settle(tx: Transaction, first: Month, last: Month): Promise<Settled> {
    // What months counted that were reopened since.
    await tx.query('delete from closed_ledger_entries where month >= $1', [first]);
    await tx.query(
      `insert into closed_ledger_entries (ledger_entry_id, month)
       select l.id, greatest(to_char(l.effective_on::timestamp, 'YYYY-MM'), $1) from ledger_entries l
       where l.time_entry_id is null and l.effective_on < $2
         and not exists (select from closed_ledger_entries c where c.ledger_entry_id = l.id)`,
      [first, `${monthAfter(last)}-01`],
    );
    return { names: { sql: customers, values: [`${first}-01`, `${last}-01`, first, last] } };
  }
}

const customers = `
select distinct to_char(months.day, 'YYYY-MM') as month, c.id as "subjectId", c.name
from generate_series($1::date, $2::date, interval '1 month') as months (day)
join terms t on t.starts_on < months.day + interval '1 month' and t.ends_on >= months.day
join subscriptions s on s.id = t.subscription_id
join customers c on c.id = s.customer_id
union
select counted.month, c.id, c.name
from closed_ledger_entries counted
join ledger_entries l on l.id = counted.ledger_entry_id
join terms t on t.id = l.term_id
join subscriptions s on s.id = t.subscription_id
join customers c on c.id = s.customer_id
where counted.month between $3 and $4`;
