import { Injectable } from '@nestjs/common';
import type { Visibility } from '../../domain/access.js';
import type { Day } from '../../domain/calendar.js';
import type { BookableSubscription } from '../../domain/quick-entry-draft.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { nameKey } from '../customers/name-lookup.js';
import { visibilityCondition } from '../people/visibility.js';

export interface BookableQuery {
  /** Each word is a part of the customer's name or code, or of the contract number. Without a word, every subscription fits. */
  words: readonly string[];
  /** Subscriptions that come first, whatever the words say. */
  ids: readonly string[];
  /** The work day. */
  day: Day;
  /** The user whose last entries count. */
  userId: string;
  /** Subscriptions that ended before this day take no more entries. */
  endedSince: Day;
  limit: number;
}

/** The user's last entry is looked for among at most this number of entries, of a subscription or of all. So no list reads more. */
const lastEntriesOfSubscription = 50;
const lastEntriesOfAll = 500;

/** SQL of the subscriptions that a line can mean. */
@Injectable()
export class QuickEntryStore {
  /** The visible subscriptions that the words or ids name, best match first, with all names that the rest of a line can mean. */
  bookable(
    tx: Transaction,
    visibility: Visibility,
    { words, ids, day, userId, endedSince, limit }: BookableQuery,
  ): Promise<BookableSubscription[]> {
    const values: unknown[] = [words, ids, day, userId, endedSince, limit];
    return tx.query(
      `with asked as materialized (
         select coalesce(array_agg(${nameKey('w.word')} order by w.place), '{}') as words
         from unnest($1::text[]) with ordinality w (word, place)
       ),
       found as materialized (
         select s.id, s.customer_id, s.contract_number, s.current_term_id, s.status,
           array_to_string(asked.words, '') in (k.name, k.code, k.number) as is_exact,
           starts_with(k.name, asked.words[1]) as begins
         from asked cross join subscriptions s join customers c on c.id = s.customer_id
         join terms t on t.id = s.current_term_id
         cross join lateral (select ${nameKey('c.name')} as name, lower(coalesce(c.code, '')) as code,
           lower(coalesce(s.contract_number, '')) as number offset 0) k
         where ${visibilityCondition(visibility, 's', values)}
           and (s.status = 'active' or s.status = 'ended' and t.ends_on >= $5)
           and (s.id = any($2::uuid[]) or not exists (select from unnest(asked.words) word
             where strpos(k.name, word) = 0 and strpos(k.code, word) = 0 and strpos(k.number, word) = 0))
         order by array_position($2::uuid[], s.id), is_exact desc, s.status, begins desc, k.name collate "C", s.id
         limit $6
       )
       select f.id, c.name as customer, c.code as "customerCode", f.contract_number as "contractNumber", t.package,
         c.time_zone as "timeZone", f.is_exact as "isExact",
         ${listOf(`'id', o.id, 'name', o.name, 'email', o.email`, 'o.place', consultants)} as consultants,
         ${listOf(`'id', l.id, 'code', l.code, 'name', l.name`, 'l.code', productLines)} as "productLines",
         ${listOf(`'consultantId', p.consultant_id, 'productLineId', p.product_line_id`, 'p.position', pairs)} as pairs,
         ${listOf(visit, 'v.starts_on, v.id', visits)} as visits,
         (select json_build_object('consultantId', e.consultant_id, 'productLineId', e.product_line_id, 'activity', e.activity,
            'delivery', e.delivery)
          from (select * from time_entries e where e.subscription_id = f.id order by e.work_date desc, e.id desc
            limit ${lastEntriesOfSubscription}) e
          where e.recorded_by = $4 order by e.recorded_at desc, e.id desc limit 1) as "lastEntry"
       from found f join customers c on c.id = f.customer_id join terms t on t.id = f.current_term_id
       order by array_position($2::uuid[], f.id), f.is_exact desc, f.status, f.begins desc, c.name collate "C", f.id`,
      values,
    );
  }

  /** The subscriptions of the user's last entries, newest work day first. */
  async recent(tx: Transaction, visibility: Visibility, userId: string, limit: number): Promise<string[]> {
    const values: unknown[] = [userId, limit];
    const rows = await tx.query<{ id: string }>(
      `select e.subscription_id as id
       from (select * from time_entries order by work_date desc, id desc limit ${lastEntriesOfAll}) e
       join subscriptions s on s.id = e.subscription_id
       where e.recorded_by = $1 and ${visibilityCondition(visibility, 's', values)}
       group by e.subscription_id order by max(e.recorded_at) desc, e.subscription_id limit $2`,
      values,
    );
    return rows.map(({ id }) => id);
  }
}

const listOf = (fields: string, order: string, from: string): string =>
  `(select coalesce(json_agg(json_build_object(${fields}) order by ${order}), '[]') from ${from})`;

/** The allocations that allow work on the day: the newest set of the current term, and the one in force on the day (§5). */
const pairs = `(
  select a.consultant_id, a.product_line_id, min(a.position) as position, bool_or(a.is_primary) as is_primary
  from allocations a where a.set_id in (
    (select x.id from allocation_sets x where x.term_id = f.current_term_id order by x.sequence desc limit 1),
    (select x.id from terms w join allocation_sets x on x.term_id = w.id
     where w.subscription_id = f.id and $3 between w.starts_on and w.ends_on and x.from_on <= $3
     order by x.sequence desc limit 1))
  group by a.consultant_id, a.product_line_id) p`;

const consultants = `(
  select o.id, o.name, o.email, min(case when p.is_primary then -1 else p.position end) as place
  from ${pairs} join consultants o on o.id = p.consultant_id group by o.id) o`;

const productLines = `enrolments e join product_lines l on l.id = e.product_line_id
  where e.subscription_id = f.id and e.from_on <= $3 and (e.until_on is null or e.until_on > $3)`;

const visit = `'id', v.id, 'startsOn', v.starts_on, 'endsOn', v.ends_on, 'place', v.place, 'status', v.status,
  'consultantIds', array(select m.consultant_id from visit_consultants m where m.visit_id = v.id order by m.position)`;

const visits = `visits v where v.subscription_id = f.id and v.status <> 'cancelled' and $3 between v.starts_on and v.ends_on`;
