import { Injectable } from '@nestjs/common';
import type { Visibility } from '../../domain/access.js';
import type { Day } from '../../domain/calendar.js';
import type { Expectation } from '../../domain/outlook.js';
import type { PackageCode } from '../../domain/package.js';
import type { RenewalState } from '../../domain/term.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { nameContains } from '../customers/name-lookup.js';
import { visibilityCondition } from '../people/visibility.js';
import type { PortfolioColumn, PortfolioCsm, PortfolioQuery } from './portfolio.dto.js';

/** A subscription with the facts by which the portfolio is filtered and sorted. */
export interface PortfolioEntry {
  id: string;
  customer: string;
  customerCode: string | null;
  csm: string;
  timeZone: string;
  anchorOn: Day;
  termId: string;
  /** From 0. */
  number: number;
  startsOn: Day;
  endsOn: Day;
  noticeDeadlineOn: Day;
  termStatus: 'open' | 'closed' | 'annulled';
  renewalState: RenewalState;
  package: PackageCode;
  /** Of the package with which the term opened. */
  soldMinutes: number;
  /** Whether the term has no upgrade and no top-up. Read only for the order by pace. */
  isPlain: boolean;
  usedMinutes: number;
  expiredMinutes: number;
  leftMinutes: number;
  onsiteUsedMinutes: number;
  visitsUsed: number;
  seatsUsed: number;
  outlook: Expectation | null;
  /** The last work day with a standing entry, in any term. Read only for the order by it. */
  lastEntryOn: Day | null;
  /** The last day to log work of a closed term with expired minutes, the earliest one that is not over everywhere. */
  lateEntriesUntilOn: Day | null;
}

/** The stored facts by which the order of attention needs no other. */
export type PortfolioKey = Pick<PortfolioEntry, 'id' | 'noticeDeadlineOn'>;

export type PortfolioFilter = Pick<PortfolioQuery, 'search' | 'package' | 'renewal' | 'outlook' | 'csm' | 'ended'>;

const isPlain = `not exists (select from term_packages n where n.term_id = t.id and n.sequence <> p.sequence)
  and not exists (select from top_ups n where n.term_id = t.id)`;

const lastEntry = `(select max(last.day) from terms w cross join lateral (
  select d.day from term_days d where d.term_id = w.id and d.used_minutes > 0 order by d.day desc limit 1) last
  where w.subscription_id = s.id)`;

const presentOutlook =
  'left join lateral (select expectation from outlooks where term_id = t.id order by sequence desc limit 1) o on true';

/** The conditions of a filter, for `subscriptions s`, `customers c`, `terms t` and the outlook `o`. Adds their parameters to `values`. */
function conditionsOf(visibility: Visibility, filter: PortfolioFilter, values: unknown[]): string[] {
  const conditions = [visibilityCondition(visibility, 's', values)];
  const where = (column: string, value: string | undefined): void => {
    if (value !== undefined) conditions.push(`${column} = $${values.push(value)}`);
  };
  where('s.status', filter.ended === 'yes' ? 'ended' : 'active');
  where('s.csm_id', filter.csm);
  where('t.package', filter.package);
  where('t.renewal_state', filter.renewal);
  if (filter.outlook === 'none') conditions.push('o.expectation is null');
  else where('o.expectation', filter.outlook);
  if (filter.search !== undefined) {
    const text = `$${values.push(filter.search)}::text`;
    const found = ['c.name', 'c.code', 's.contract_number'].map((column) => nameContains(column, text));
    conditions.push(`(${found.join(' or ')})`);
  }
  return conditions;
}

/** SQL of the subscriptions of a portfolio. It reads a few narrow rows of each, and no entries. */
@Injectable()
export class PortfolioStore {
  /** The CSMs of visible active subscriptions, by name. */
  csms(tx: Transaction, visibility: Visibility): Promise<PortfolioCsm[]> {
    const values: unknown[] = [];
    return tx.query(
      `select u.id, u.name from users u where exists (
         select from subscriptions s where s.csm_id = u.id and s.status = 'active' and ${visibilityCondition(visibility, 's', values)})
       order by u.name collate "C", u.id`,
      values,
    );
  }

  /** The visible subscriptions that a filter leaves, with what the order of attention needs: thousands of wide rows would cost more. */
  keys(tx: Transaction, visibility: Visibility, filter: PortfolioFilter): Promise<PortfolioKey[]> {
    const values: unknown[] = [];
    const conditions = conditionsOf(visibility, filter, values);
    return tx.query(
      `select s.id, t.notice_deadline_on as "noticeDeadlineOn"
       from subscriptions s
       join customers c on c.id = s.customer_id
       join terms t on t.id = s.current_term_id
       ${filter.outlook === undefined ? '' : presentOutlook}
       where ${conditions.join(' and ')}`,
      values,
    );
  }

  /** The visible subscriptions that a filter leaves, with the facts for the order by a column; only those among `ids` if it is given. No place on earth has a day before `earliestToday`. */
  entries(
    tx: Transaction,
    visibility: Visibility,
    filter: PortfolioFilter,
    column: PortfolioColumn,
    { lateEntryDays, earliestToday, ids }: { lateEntryDays: number; earliestToday: Day; ids?: readonly string[] },
  ): Promise<PortfolioEntry[]> {
    const values: unknown[] = [lateEntryDays, earliestToday];
    const conditions = conditionsOf(visibility, filter, values);
    if (ids !== undefined) conditions.push(`s.id = any($${values.push(ids)}::uuid[])`);
    return tx.query(
      `select s.id, c.name as customer, c.code as "customerCode", u.name as csm, c.time_zone as "timeZone",
         s.anchor_on as "anchorOn", t.id as "termId", t.number, t.starts_on as "startsOn", t.ends_on as "endsOn",
         t.notice_deadline_on as "noticeDeadlineOn", t.status as "termStatus", t.renewal_state as "renewalState", t.package,
         p.granted_minutes as "soldMinutes",
         ${column === 'pace' ? isPlain : 'false'} as "isPlain",
         b.used_minutes as "usedMinutes", b.expired_minutes as "expiredMinutes",
         b.granted_minutes - b.used_minutes - b.expired_minutes as "leftMinutes",
         b.onsite_used_minutes as "onsiteUsedMinutes", b.visits_used as "visitsUsed", b.seats_used as "seatsUsed",
         o.expectation as outlook,
         ${column === 'last-entry' ? lastEntry : 'null::date'} as "lastEntryOn",
         (select min(greatest(w.ends_on, s.entered_on) + $1::integer) from terms w join balances l on l.term_id = w.id
          where w.subscription_id = s.id and w.status = 'closed' and l.expired_minutes > 0
            and greatest(w.ends_on, s.entered_on) + $1::integer >= $2::date) as "lateEntriesUntilOn"
       from subscriptions s
       join customers c on c.id = s.customer_id
       join users u on u.id = s.csm_id
       join terms t on t.id = s.current_term_id
       join term_packages p on p.term_id = t.id and p.sequence = 0
       join balances b on b.term_id = t.id
       ${presentOutlook}
       where ${conditions.join(' and ')}`,
      values,
    );
  }
}
