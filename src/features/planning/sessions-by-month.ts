import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Month } from '../../domain/calendar.js';
import { monthAfter } from '../../domain/period.js';
import type { Statement } from '../../platform/database/snapshot.js';
import { MonthSources, type ClosingFacts, type MonthSource } from '../periods/month-totals.js';

/** Planned sessions count in no month. The preview of a closing lists those that are still without an entry (§12). */
@Injectable()
export class SessionsByMonth implements MonthSource, OnModuleInit {
  constructor(private readonly sources: MonthSources) {}

  onModuleInit(): void {
    this.sources.register('planned-sessions', this);
  }

  unloggedSessions(first: Month, last: Month, most: number): Statement {
    return { sql: openSessions, values: [`${first}-01`, `${monthAfter(last)}-01`, most] };
  }

  closingFacts(): Promise<ClosingFacts> {
    return Promise.resolve({ facts: {} });
  }
}

const openSessions = `
select to_char(p.planned_on, 'YYYY-MM') as month, p.id as "plannedSessionId", p.planned_on as "plannedOn", p.minutes,
  s.id as "subscriptionId", c.id as "customerId", c.name as customer, u.id as "csmId", u.name as csm, count(*) over () as count
from planned_sessions p
join subscriptions s on s.id = p.subscription_id
join customers c on c.id = s.customer_id
join users u on u.id = s.csm_id
where p.planned_on >= $1 and p.planned_on < $2 and p.fulfilled_by_entry_id is null and p.cancelled_at is null
  and s.status <> 'annulled'
order by p.planned_on, c.name collate "C", p.id
limit $3`;
