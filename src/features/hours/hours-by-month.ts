import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Month } from '../../domain/calendar.js';
import { monthAfter } from '../../domain/period.js';
import type { Transaction } from '../../platform/database/transaction.js';
import type { Statement } from '../../platform/database/snapshot.js';
import {
  MonthSources,
  type BasisStatements,
  type ClosingFacts,
  type MonthSource,
  type Part,
} from '../periods/month-totals.js';
import { bookedHours, type BookedHours } from './booked-hours.js';

/**
 * Entries, and reversals with negative minutes, count in accounting months (§12). Unless a row adjusts a closed month, its work
 * day lies in its accounting month. So such rows are found by the index of work days; adjustments are few.
 */
@Injectable()
export class HoursByMonth implements MonthSource, OnModuleInit {
  readonly firstMonth: Statement = {
    sql: `select to_char(least((select min(anchor_on) from subscriptions), (select min(work_date) from time_entries))::timestamp,
      'YYYY-MM') as month`,
    values: [],
  };

  readonly bases: BasisStatements = {
    adjustments: { sql: adjustments, values: [] },
    annulled: { sql: ofAnnulled, values: [] },
    ledgers: { sql: `select coalesce(sum(used_minutes), 0)::bigint as minutes from balances`, values: [] },
  };

  constructor(private readonly sources: MonthSources) {}

  onModuleInit(): void {
    this.sources.register('hours', this);
  }

  totals(first: Month, last: Month, part?: Part): Statement {
    // PostgreSQL finds an array by the index of the subscriptions. It may turn a join into a scan of all entries.
    const further = part === undefined ? '' : `and e.subscription_id = any(array(${part}))`;
    const counted = countedIn(({ sign }) => `1 as rows, ${amounts(sign)}`, further);
    return { sql: addedUp(counted), values: spanOf(first, last) };
  }

  unlogged(first: Month, last: Month, most: number): Statement {
    return { sql: withoutEntry, values: [`${first}-01`, `${last}-01`, most] };
  }

  /** Counts every subscription. Before that it notes the position of each ledger, so that bookings during the count are noticed. */
  async survey(tx: Transaction, first: Month, last: Month): Promise<void> {
    await tx.query('drop table if exists pg_temp.surveyed_ledgers, pg_temp.surveyed_hours');
    await tx.query('create temporary table surveyed_ledgers (term_id uuid, last_sequence integer) on commit drop');
    await tx.query('insert into surveyed_ledgers select term_id, last_sequence from balances');
    await tx.query(
      `create temporary table surveyed_hours (month text, subscription_id uuid, term_id uuid, consultant_id uuid, product_line_id uuid,
         recorded_by uuid, rows bigint, minutes bigint, onsite_minutes bigint) on commit drop`,
    );
    await tx.query(`insert into surveyed_hours ${bySubject()}`, spanOf(first, last));
  }

  /** Counts again the subscriptions that were booked on since the survey, or that may have been annulled. */
  async closingFacts(tx: Transaction, first: Month, last: Month): Promise<ClosingFacts> {
    const booked = await tx.query<{ id: string }>(
      `select distinct t.subscription_id as id from balances b join terms t on t.id = b.term_id
         left join surveyed_ledgers s on s.term_id = b.term_id where s.last_sequence is distinct from b.last_sequence
       union select id from subscriptions where status = 'annulled'`,
    );
    if (booked.length > 0) {
      const ids = booked.map(({ id }) => id);
      await tx.query('delete from surveyed_hours where subscription_id = any($1)', [ids]);
      const again = bySubject('and e.subscription_id = any($5::uuid[])');
      await tx.query(`insert into surveyed_hours ${again}`, [...spanOf(first, last), ids]);
    }
    return {
      totals: { sql: addedUp('select month, rows, minutes, onsite_minutes from surveyed_hours'), values: [] },
      facts: {
        hours: { sql: hours, values: [] },
        names: { sql: names, values: [] },
        subscriptions: { sql: subscriptions, values: [] },
        terms: { sql: terms, values: [] },
      },
    };
  }
}

/** What an annulled contract still counts: entries of months that were closed by then, and their reversals (§14). */
const stillCounted = `not exists (select from subscriptions s where s.id = e.subscription_id and s.status = 'annulled'
  and (s.annulled_after_month is null or e.accounting_month > s.annulled_after_month))`;

/** The first day, the first day after the last one, and the months. */
const spanOf = (first: Month, last: Month): string[] => [`${first}-01`, `${monthAfter(last)}-01`, first, last];

/** What counts in the months of a span, for all subscriptions or under a further condition. */
function countedIn(columns: (booked: BookedHours) => string, further = ''): string {
  return bookedHours
    .map((booked) => {
      const { alias, tables } = booked;
      const counted = `select ${alias}.accounting_month as month, ${columns(booked)} from ${tables}`;
      return `
${counted} where e.work_date >= $1 and e.work_date < $2 and ${alias}.adjusts_month is null and ${stillCounted} ${further}
union all
${counted} where ${alias}.accounting_month between $3 and $4 and ${alias}.adjusts_month is not null and ${stillCounted}
  ${further}`;
    })
    .join('\nunion all');
}

const amounts = (sign: number): string =>
  `${sign} * e.minutes as minutes, case e.delivery when 'onsite' then ${sign} * e.minutes else 0 end as onsite_minutes`;

const addedUp = (counted: string, by = 'month'): string => `
select ${by}, sum(rows)::bigint as rows, sum(minutes)::bigint as minutes, sum(onsite_minutes)::bigint as "onsiteMinutes"
from (${counted}) as counted group by ${by}`;

/** The index of adjustments finds them: they are few. */
const adjustments = addedUp(
  bookedHours
    .map(
      ({ alias, sign, tables }) => `
select ${alias}.accounting_month as month, ${alias}.adjusts_month as "adjustsMonth", 1 as rows, ${amounts(sign)}
from ${tables} where ${alias}.adjusts_month is not null and ${stillCounted}`,
    )
    .join('\nunion all'),
  'month, "adjustsMonth"',
);

/** What closed months still count of annulled contracts, although the basis `corrected` leaves them out. */
const ofAnnulled = addedUp(
  bookedHours
    .map(
      ({ alias, sign, tables }) => `
select to_char(e.work_date::timestamp, 'YYYY-MM') as month, 1 as rows, ${amounts(sign)}
from ${tables} join subscriptions s on s.id = e.subscription_id
where s.status = 'annulled' and ${alias}.accounting_month <= s.annulled_after_month`,
    )
    .join('\nunion all'),
);

/** Grouped by everything that reports name: far fewer rows than entries. */
function bySubject(further?: string): string {
  const subjects = 'subscription_id, term_id, consultant_id, product_line_id, recorded_by';
  const columns = ({ alias, sign }: BookedHours): string =>
    `e.subscription_id, e.term_id, e.consultant_id, e.product_line_id, ${alias}.recorded_by, ${amounts(sign)}`;
  return `
select month, ${subjects}, count(*), sum(minutes), sum(onsite_minutes) from (${countedIn(columns, further)}) as counted
group by month, ${subjects}`;
}

/** Subscriptions with a term in a month, but no standing entry in it. */
const withoutEntry = `
select to_char(months.day, 'YYYY-MM') as month, s.id as "subscriptionId", c.id as "customerId", c.name as customer,
  u.id as "csmId", u.name as csm, count(*) over () as count
from generate_series($1::date, $2::date, interval '1 month') as months (day)
join subscriptions s on exists (select from terms t
  where t.subscription_id = s.id and t.starts_on < months.day + interval '1 month' and t.ends_on >= months.day)
join customers c on c.id = s.customer_id
join users u on u.id = s.csm_id
where s.status <> 'annulled' and not exists (select from time_entries e
  where e.subscription_id = s.id and e.work_date >= months.day and e.work_date < months.day + interval '1 month'
    and not exists (select from time_entry_reversals r where r.time_entry_id = e.id))
order by months.day, c.name collate "C", s.id
limit $3`;

/** The parts of the totals of each month. */
const hours = `
select month, subscription_id as "subscriptionId", sum(rows) as rows, sum(minutes) as minutes, sum(onsite_minutes) as "onsiteMinutes"
from surveyed_hours group by month, subscription_id`;

/** Customers, CSMs, consultants, product lines (by their code), and the users who recorded entries. */
const names = `
select distinct h.month, c.id as "subjectId", c.name, c.code from (select distinct month, subscription_id from surveyed_hours) as h
  join subscriptions s on s.id = h.subscription_id join customers c on c.id = s.customer_id
union all
select distinct h.month, u.id, u.name, null from (select distinct month, subscription_id from surveyed_hours) as h
  join subscriptions s on s.id = h.subscription_id join users u on u.id = s.csm_id
union all
select distinct h.month, c.id, c.name, null from surveyed_hours h join consultants c on c.id = h.consultant_id
union all
select distinct h.month, l.id, l.code, null from surveyed_hours h join product_lines l on l.id = h.product_line_id
union all
select distinct h.month, u.id, u.name, null from surveyed_hours h join users u on u.id = h.recorded_by`;

const subscriptions = `
select distinct h.month, s.id as "subscriptionId", s.csm_id as "csmId", s.contract_number as "contractNumber"
from surveyed_hours h join subscriptions s on s.id = h.subscription_id`;

const terms = `
select distinct h.month, t.id as "termId", t.purchase_order as "purchaseOrder"
from surveyed_hours h join terms t on t.id = h.term_id`;
