import { Injectable } from '@nestjs/common';
import type { Visibility } from '../../domain/access.js';
import type { Month } from '../../domain/calendar.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { visibilityCondition } from '../people/visibility.js';
import type { FailedTermMail, RenewalBoardFilter, RenewalColumn, RenewalCsm } from './renewal-board.js';

/** The instants that divide the columns. */
export interface BoardTimes {
  now: Date;
  /** A deadline before this instant is near. */
  nearUntil: Date;
  /** Terms that ended before this instant are not shown. */
  overSince: Date;
}

/** A term in its column, and how many terms the column has. */
export interface BoardPlace {
  termId: string;
  column: RenewalColumn;
  count: number;
}

export interface MonthColumn {
  month: Month;
  column: Exclude<RenewalColumn, 'over'>;
  terms: number;
  remainingMinutes: number;
}

/** SQL of the board of renewals. The database puts each term into its column, so that only the shown terms are read in full. */
@Injectable()
export class RenewalBoardStore {
  /** The first terms of each column by deadline; of the terms that are over, those that ended last. */
  places(
    tx: Transaction,
    visibility: Visibility,
    filter: RenewalBoardFilter,
    times: BoardTimes,
    perColumn: number,
  ): Promise<BoardPlace[]> {
    const values: unknown[] = [];
    const listed = listedTerms(visibility, filter, times, values);
    return tx.query(
      `select id as "termId", "column", count::integer from (
         select id, "column", count(*) over (partition by "column") as count,
           row_number() over (partition by "column" order by
             case when "column" = 'over' then -extract(epoch from ends_at) else extract(epoch from lock_at) end, id) as place
         from (${listed}) listed) placed
       where place <= $${values.push(perColumn)} order by "column", place`,
      values,
    );
  }

  /** The open renewals by the month of their deadline and by column. */
  months(
    tx: Transaction,
    visibility: Visibility,
    filter: RenewalBoardFilter,
    times: BoardTimes,
  ): Promise<MonthColumn[]> {
    const values: unknown[] = [];
    const listed = listedTerms(visibility, filter, times, values);
    return tx.query(
      `select to_char(notice_deadline_on, 'YYYY-MM') as month, "column", count(*)::integer as terms,
         sum(b.granted_minutes - b.used_minutes - b.expired_minutes)::bigint as "remainingMinutes"
       from (${listed}) listed join balances b on b.term_id = listed.id
       where "column" <> 'over' group by 1, 2 order by 1, 2`,
      values,
    );
  }

  /** The CSMs of the visible subscriptions that are active, by name. */
  csms(tx: Transaction, visibility: Visibility): Promise<RenewalCsm[]> {
    const values: string[] = [];
    return tx.query(
      `select u.id, u.name from users u
       where exists (select from subscriptions s where s.csm_id = u.id and s.status = 'active'
         and ${visibilityCondition(visibility, 's', values)})
       order by u.name collate "C", u.id`,
      values,
    );
  }

  /** The last mail of each term that failed and can be sent again, by term. */
  async failedMails(tx: Transaction, termIds: readonly string[], now: Date): Promise<Map<string, FailedTermMail>> {
    const rows = await tx.query<FailedTermMail & { termId: string }>(
      `select distinct on (term_id) term_id as "termId", id, kind, recipient_name as recipient from mails
       where term_id = any($1::uuid[]) and status in ('failed', 'uncertain') and given_up_because is null
         and (valid_until is null or valid_until > $2)
       order by term_id, queued_at desc, id desc`,
      [termIds, now],
    );
    return new Map(rows.map(({ termId, ...mail }) => [termId, mail]));
  }
}

/** The visible terms under a filter, each with its column. The calendar decides, also before the job has locked a term. */
function listedTerms(
  visibility: Visibility,
  { csmId, month, outlook }: RenewalBoardFilter,
  { now, nearUntil, overSince }: BoardTimes,
  values: unknown[],
): string {
  const place = (value: unknown): string => `$${values.push(value)}`;
  const conditions = [
    `s.status <> 'annulled'`,
    `(t.status = 'open' or t.ends_at > ${place(overSince)})`,
    visibilityCondition(visibility, 's', values),
    ...(csmId === undefined ? [] : [`s.csm_id = ${place(csmId)}`]),
    ...(month === undefined ? [] : [`to_char(t.notice_deadline_on, 'YYYY-MM') = ${place(month)}`]),
    ...(outlook === undefined ? [] : [`coalesce(${presentExpectation('t.id')}, 'none') = ${place(outlook)}`]),
  ];
  return `select t.id, t.notice_deadline_on, t.lock_at, t.ends_at,
      case when t.status = 'closed' then 'over' when t.renewal_state <> 'open' then t.renewal_state
        when t.lock_at <= ${place(now)} then 'locked' when t.lock_at <= ${place(nearUntil)} then 'near' else 'far' end as "column"
    from terms t join subscriptions s on s.id = t.subscription_id
    where ${conditions.join(' and ')}`;
}

/** The expectation of the present outlook of a term, in SQL. */
export const presentExpectation = (termId: string): string =>
  `(select o.expectation from outlooks o where o.term_id = ${termId} order by o.sequence desc limit 1)`;
