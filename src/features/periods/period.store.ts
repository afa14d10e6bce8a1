import { Injectable } from '@nestjs/common';
import type { Month } from '../../domain/calendar.js';
import type { Transaction } from '../../platform/database/transaction.js';
import type { Statement } from '../../platform/database/snapshot.js';
import type { ClosedFact, MonthTotals, Part } from './month-totals.js';

/** A month that is closed or was closed before. */
export interface PeriodRow {
  month: Month;
  status: 'open' | 'closed';
  closedAt: Date | null;
  closedBy: string | null;
  controlTotals: MonthTotals | null;
}

/** A closing or reopening of a month. Events are never deleted. */
export interface PeriodEvent {
  month: Month;
  event: 'closed' | 'reopened';
  /** The requested month. This month was closed or reopened together with it. */
  askedMonth: Month;
  at: Date;
  by: string;
  reason: string | null;
  controlTotals: MonthTotals | null;
}

const controlTotals = `case when counted_rows is not null then json_build_object('rows', counted_rows,
  'minutes', counted_minutes, 'onsiteMinutes', counted_onsite_minutes) end as "controlTotals"`;

/** Rows `{month, rows, minutes, onsiteMinutes}`: the totals stored when the months were closed. */
export const closedTotals: Statement = {
  sql: `select month, counted_rows as rows, counted_minutes as minutes, counted_onsite_minutes as "onsiteMinutes"
          from accounting_periods where status = 'closed'`,
  values: [],
};

/** `closedTotals` of a part. It reads only the rows of the part. */
export const closedTotalsOf = (part: Part): Statement => ({
  sql: `select month, sum(rows)::bigint as rows, sum(minutes)::bigint as minutes, sum(onsite_minutes)::bigint as "onsiteMinutes"
          from closed_hours where subscription_id = any(array(${part})) group by month`,
  values: [],
});

/** The table of each fact, and its columns by their names in the query's rows. */
const keptIn: Readonly<Record<ClosedFact, { table: string; columns: Readonly<Record<string, string>> }>> = {
  hours: {
    table: 'closed_hours',
    columns: { subscriptionId: 'subscription_id', rows: 'rows', minutes: 'minutes', onsiteMinutes: 'onsite_minutes' },
  },
  names: { table: 'closed_names', columns: { subjectId: 'subject_id', name: 'name', code: 'code' } },
  subscriptions: {
    table: 'closed_subscriptions',
    columns: { subscriptionId: 'subscription_id', csmId: 'csm_id', contractNumber: 'contract_number' },
  },
  terms: { table: 'closed_terms', columns: { termId: 'term_id', purchaseOrder: 'purchase_order' } },
  termEnds: { table: 'closed_term_ends', columns: { termId: 'term_id' } },
  visits: {
    table: 'closed_visits',
    columns: { visitId: 'visit_id', startsOn: 'starts_on', endsOn: 'ends_on', place: 'place', package: 'package' },
  },
  renewals: {
    table: 'closed_renewals',
    columns: {
      termId: 'term_id',
      package: 'package',
      nextPackage: 'next_package',
      renewalState: 'renewal_state',
      remainingMinutes: 'remaining_minutes',
      seatsInUse: 'seats_in_use',
    },
  },
};

/** All SQL of the accounting months, their events and their closed facts. */
@Injectable()
export class PeriodStore {
  /** The earliest month that was ever closed. */
  async firstMonth(tx: Transaction): Promise<Month | null> {
    const [row] = await tx.query<{ month: Month | null }>('select min(month) as month from accounting_periods');
    return row?.month ?? null;
  }

  async closedMonths(tx: Transaction): Promise<Month[]> {
    const rows = await tx.query<{ month: Month }>(
      `select month from accounting_periods where status = 'closed' order by month`,
    );
    return rows.map(({ month }) => month);
  }

  async rows(tx: Transaction, months: readonly Month[]): Promise<Map<Month, PeriodRow>> {
    const rows = await tx.query<PeriodRow>(
      `select month, status, closed_at as "closedAt", closed_by as "closedBy", ${controlTotals}
         from accounting_periods where month = any($1)`,
      [months],
    );
    return new Map(rows.map((row) => [row.month, row]));
  }

  /** The first closing that included this month; undefined if the month is open. */
  async closingOf(tx: Transaction, month: Month): Promise<Pick<PeriodRow, 'closedAt' | 'closedBy'> | undefined> {
    const [row] = await tx.query<Pick<PeriodRow, 'closedAt' | 'closedBy'>>(
      `select closed_at as "closedAt", closed_by as "closedBy" from accounting_periods
        where status = 'closed' and month >= $1 order by month limit 1`,
      [month],
    );
    return row;
  }

  /** The events of months, in order. */
  async events(tx: Transaction, months: readonly Month[]): Promise<PeriodEvent[]> {
    return tx.query<PeriodEvent>(
      `select month, event, asked_month as "askedMonth", happened_at as at, done_by as by, reason, ${controlTotals}
         from accounting_period_events where month = any($1) order by month, sequence`,
      [months],
    );
  }

  /** Inserts months that were never closed, as open. */
  async enter(tx: Transaction, months: readonly Month[]): Promise<void> {
    await tx.query(
      `insert into accounting_periods (month, status) select month, 'open' from unnest($1::text[]) as month
       on conflict (month) do nothing`,
      [months],
    );
  }

  /** Stores the rows of a query. If several rooms give the same fact, the first one is stored. */
  async keep(tx: Transaction, fact: ClosedFact, { sql, values }: Statement): Promise<void> {
    const { table, columns } = keptIn[fact];
    const names = Object.keys(columns).map((name) => `"${name}"`);
    await tx.query(
      `insert into ${table} (month, ${Object.values(columns).join(', ')})
       select month, ${names.join(', ')} from (${sql}) as found on conflict do nothing`,
      [...values],
    );
  }

  /** Deletes the facts of reopened months. */
  async forgetFacts(tx: Transaction, months: readonly Month[]): Promise<void> {
    for (const { table } of Object.values(keptIn))
      await tx.query(`delete from ${table} where month = any($1)`, [months]);
  }

  /** Writes events. A trigger updates the status of the months. */
  async append(tx: Transaction, events: readonly PeriodEvent[]): Promise<void> {
    await tx.query(
      `insert into accounting_period_events (month, sequence, event, asked_month, happened_at, done_by, reason, counted_rows,
         counted_minutes, counted_onsite_minutes)
       select e.month, (select count(*) + 1 from accounting_period_events b where b.month = e.month), e.event, e."askedMonth",
         e.at, e.by, e.reason, (e."controlTotals"->>'rows')::integer, (e."controlTotals"->>'minutes')::bigint,
         (e."controlTotals"->>'onsiteMinutes')::bigint
       from json_to_recordset($1::json) as e (month text, event text, "askedMonth" text, at timestamptz, by uuid, reason text,
         "controlTotals" json)`,
      [JSON.stringify(events)],
    );
  }
}
