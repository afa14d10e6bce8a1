import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Month } from '../../domain/calendar.js';
import type { Transaction } from '../../platform/database.js';
import type { MonthBooks, Settled } from '../periods/month-books.js';
import { PeriodService } from '../periods/period.service.js';

/** The statement of a term names its customer, worked or not: a closed month goes on calling it as it did (§12). */
@Injectable()
export class TermsByMonth implements MonthBooks, OnModuleInit {
  constructor(private readonly periods: PeriodService) {}

  onModuleInit(): void {
    this.periods.join(this);
  }

  settle(_tx: Transaction, first: Month, last: Month): Promise<Settled> {
    return Promise.resolve({ names: { sql: customers, values: [`${first}-01`, `${last}-01`] } });
  }
}

const customers = `
select distinct to_char(months.day, 'YYYY-MM') as month, c.id as "subjectId", c.name
from generate_series($1::date, $2::date, interval '1 month') as months (day)
join terms t on t.starts_on < months.day + interval '1 month' and t.ends_on >= months.day
join subscriptions s on s.id = t.subscription_id
join customers c on c.id = s.customer_id`;
