import { Injectable } from '@nestjs/common';
import type { Visibility } from '../../domain/access.js';
import type { Day } from '../../domain/calendar.js';
import type { LoggedMinutes } from '../../domain/today.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { visibilityCondition } from '../people/visibility.js';
import type { DeadlineAnswer } from './today.dto.js';

/** The days from the first to the last one. */
export interface Days {
  from: Day;
  to: Day;
}

/** SQL of what a day starts with, as far as no other room lists it. */
@Injectable()
export class TodayStore {
  /** The minutes of the standing entries of visible subscriptions, by work day and customer. */
  logged(tx: Transaction, visibility: Visibility, { from, to }: Days): Promise<LoggedMinutes[]> {
    const values: string[] = [from, to];
    return tx.query(
      `select e.work_date as date, c.id as "customerId", c.name as customer, sum(e.minutes)::integer as minutes
       from subscriptions s join customers c on c.id = s.customer_id
       join time_entries e on e.subscription_id = s.id and e.work_date between $1 and $2
       where ${visibilityCondition(visibility, 's', values)} and s.status <> 'annulled'
         and not exists (select from time_entry_reversals r where r.time_entry_id = e.id)
       group by e.work_date, c.id, c.name`,
      values,
    );
  }

  /** The deadlines of visible subscriptions, in order. */
  deadlines(
    tx: Transaction,
    visibility: Visibility,
    { from, to }: Days,
    { lateEntryDays, limit }: { lateEntryDays: number; limit: number },
  ): Promise<DeadlineAnswer[]> {
    const values: (string | number)[] = [from, to, lateEntryDays, limit];
    const seen = visibilityCondition(visibility, 's', values);
    return tx.query(
      `select d.kind, d.date, s.id as "subscriptionId", t.id as "termId", c.id as "customerId", c.name as customer,
         s.contract_number as "contractNumber"
       from subscriptions s join customers c on c.id = s.customer_id
       join terms t on t.subscription_id = s.id join balances b on b.term_id = t.id
       cross join lateral (values
         ('notice', t.notice_deadline_on, t.status = 'open' and t.renewal_state = 'open'),
         ('term-end', t.ends_on, t.status = 'open'),
         ('late-entries', greatest(t.ends_on, s.entered_on) + $3::integer, t.status = 'closed' and b.expired_minutes > 0)
       ) as d (kind, date, applies)
       where ${seen} and s.status <> 'annulled' and d.applies and d.date between $1 and $2
       order by d.date, c.name collate "C", s.id, d.kind limit $4`,
      values,
    );
  }
}
