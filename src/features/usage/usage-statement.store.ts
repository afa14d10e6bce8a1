import { Injectable } from '@nestjs/common';
import type { Day } from '../../domain/calendar.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { DueTerms } from '../due-work/due-terms.js';
import { groupedByTerm } from '../subscriptions/grouped-by-term.js';
import type { StatedEntry, StatedLine } from './usage-facts.js';

/** A service month whose statement is due. */
export interface MonthOfTerm {
  subscriptionId: string;
  termId: string;
  startsOn: Day;
  endsOn: Day;
  /** The first instant after its last day, in the customer's zone. */
  endsAt: Date;
}

/** The visits and seats in use at the end of a month. */
export interface LimitsUsed {
  termId: string;
  visitsUsed: number;
  seatsUsed: number;
}

const monthsWanted = `unnest($1::uuid[], $2::uuid[], $3::date[], $4::date[])
  as wanted (subscription_id, term_id, starts_on, ends_on)`;

/** The standing work of a month, without reversed entries. */
const workOfMonth = `e.subscription_id = wanted.subscription_id and e.work_date between wanted.starts_on and wanted.ends_on
  and not exists (select 1 from time_entry_reversals r where r.time_entry_id = e.id)`;

/**
 * SQL of the monthly statements: when the next one of each term is due (`terms.next_statement_at`), and the work of a
 * month.
 */
@Injectable()
export class UsageStatementStore {
  readonly statements = new DueTerms('next_statement_at');

  /** Hours of a month by product line and delivery, for each term. */
  async lines(tx: Transaction, months: readonly MonthOfTerm[]): Promise<Map<string, StatedLine[]>> {
    const rows = await tx.query<StatedLine & { termId: string }>(
      `select wanted.term_id as "termId", p.name as "productLine", e.delivery, sum(e.minutes)::integer as minutes
       from ${monthsWanted}
       join time_entries e on ${workOfMonth}
       join product_lines p on p.id = e.product_line_id
       group by wanted.term_id, p.id, p.name, e.delivery order by p.name, p.id, e.delivery desc`,
      columnsOf(months),
    );
    return groupedByTerm(rows);
  }

  /** The first entries of a month by day for each term, and their total number. */
  async entries(
    tx: Transaction,
    months: readonly MonthOfTerm[],
    limit: number,
  ): Promise<Map<string, (StatedEntry & { ofAll: number })[]>> {
    const rows = await tx.query<StatedEntry & { ofAll: number; termId: string }>(
      `select wanted.term_id as "termId", e.work_date as "workDate", c.name as consultant, p.name as "productLine",
         e.delivery, e.minutes, e.summary, e.of_all as "ofAll"
       from ${monthsWanted}
       cross join lateral (
         select e.*, count(*) over () as of_all from time_entries e where ${workOfMonth}
         order by e.work_date, e.id limit $5
       ) e
       join consultants c on c.id = e.consultant_id
       join product_lines p on p.id = e.product_line_id
       order by e.work_date, e.id`,
      [...columnsOf(months), limit],
    );
    return groupedByTerm(rows);
  }

  /** Seats that ended with the term were in use at its end. */
  async limitsUsed(tx: Transaction, months: readonly MonthOfTerm[]): Promise<Map<string, LimitsUsed>> {
    const rows = await tx.query<LimitsUsed>(
      `select wanted.term_id as "termId",
         (select count(*) from visits v where v.term_id = wanted.term_id and v.status <> 'cancelled'
            and (v.created_at < wanted.ends_at or v.starts_on <= wanted.ends_on)) as "visitsUsed",
         (select count(*) from seats s where s.term_id = wanted.term_id and s.assigned_at < wanted.ends_at
            and (s.ended_at is null or s.ended_at >= wanted.ends_at)) as "seatsUsed"
       from unnest($1::uuid[], $2::date[], $3::timestamptz[]) as wanted (term_id, ends_on, ends_at)`,
      [months.map(({ termId }) => termId), months.map(({ endsOn }) => endsOn), months.map(({ endsAt }) => endsAt)],
    );
    return new Map(rows.map((row) => [row.termId, row]));
  }
}

function columnsOf(months: readonly MonthOfTerm[]): unknown[] {
  return [
    months.map(({ subscriptionId }) => subscriptionId),
    months.map(({ termId }) => termId),
    months.map(({ startsOn }) => startsOn),
    months.map(({ endsOn }) => endsOn),
  ];
}
