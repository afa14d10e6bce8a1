import { Injectable } from '@nestjs/common';
import type { Day, Month } from '../../domain/calendar.js';
import type { Language } from '../../domain/language.js';
import type { LateEntryWindow } from '../../domain/nudge.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { identityColumns, type SubscriptionIdentity } from '../subscriptions/subscription-identity.js';

/** A user who is looked at, with the plan of the user's nudges. */
export interface NudgedUser {
  userId: string;
  name: string;
  email: string;
  locale: Language | null;
  timeZone: string;
  /** Whether the user gets nudges: an active user with a portfolio who has not switched them off. */
  isNudged: boolean;
  /** The last day that was handled; null before the first look. */
  doneThrough: Day | null;
}

export interface NudgePlan {
  userId: string;
  doneThrough: Day;
  nextAt: Date;
  timeZone: string;
  plannedAt: Date;
}

/** A term of a portfolio, with the facts by which a mail names its subscription. */
interface PortfolioTerm extends SubscriptionIdentity {
  subscriptionId: string;
  termId: string;
  customerName: string;
  customerLocale: Language;
  endsOn: Day;
}

export type IdentityRow = Pick<PortfolioTerm, 'subscriptionId' | 'customerLocale' | keyof SubscriptionIdentity>;

/** A term that has closed, or closes within two weeks. */
export type WindowTerm = PortfolioTerm & LateEntryWindow & { isClosed: boolean; expiredMinutes: number };

/** The newest term of a subscription that covers a day of a month without an entry. */
export interface UnloggedTerm extends PortfolioTerm {
  country: string | null;
  isClosed: boolean;
  lastDay: Day;
  /** The minutes that are left, or that expired as the term closed. */
  openMinutes: number;
}

/** An active user who can be a CSM, has a portfolio, and has not switched nudges off. */
const isNudged = `(u.active and u.nudges and u.role in ('csm', 'admin')
  and exists (select from subscriptions s where s.csm_id = u.id and s.status <> 'annulled'))`;

/** SQL: the user's zone. `$1` is that of the house. */
const zone = 'coalesce(u.time_zone, $1)';

/**
 * The users with a plan, and those who need one, with the moment at which they are looked at. A plan that no longer fits
 * its user is looked at at once: its moment is the one at which it was made.
 */
const looks = `
  select u.id as user_id, case
      when p.user_id is null then u.created_at
      when p.time_zone <> ${zone} or not ${isNudged} then p.planned_at
      else p.next_at end as due_at
  from users u left join nudge_plans p on p.user_id = u.id
  where p.user_id is not null or ${isNudged}`;

/** SQL of the plans, and of the facts for nudges. */
@Injectable()
export class NudgeStore {
  async nextDueAfter(tx: Transaction, instant: Date, houseTimeZone: string): Promise<Date | undefined> {
    const [row] = await tx.query<{ at: Date | null }>(
      `select min(due_at) as at from (${looks}) as looks where due_at > $2`,
      [houseTimeZone, instant],
    );
    return row?.at ?? undefined;
  }

  /** The users who are due by `now`, in order. */
  async dueBy(tx: Transaction, now: Date, houseTimeZone: string): Promise<string[]> {
    const due = await tx.query<{ id: string }>(
      `select user_id as id from (${looks}) as looks where due_at <= $2 order by due_at, user_id`,
      [houseTimeZone, now],
    );
    return due.map(({ id }) => id);
  }

  /** The user and the plan, which is locked. The values are read after the lock. */
  async lock(tx: Transaction, userId: string, houseTimeZone: string): Promise<NudgedUser> {
    await tx.query('select from nudge_plans where user_id = $1 for no key update', [userId]);
    const [user] = await tx.query<NudgedUser>(
      `select u.id as "userId", u.name, u.email, u.locale, ${zone} as "timeZone", ${isNudged} as "isNudged",
         p.done_through as "doneThrough"
       from users u left join nudge_plans p on p.user_id = u.id where u.id = $2`,
      [houseTimeZone, userId],
    );
    return user!;
  }

  async plan(tx: Transaction, { userId, doneThrough, nextAt, timeZone, plannedAt }: NudgePlan): Promise<void> {
    await tx.query(
      `insert into nudge_plans (user_id, done_through, next_at, time_zone, planned_at) values ($1, $2, $3, $4, $5)
       on conflict (user_id) do update set done_through = excluded.done_through, next_at = excluded.next_at,
         time_zone = excluded.time_zone, planned_at = excluded.planned_at`,
      [userId, doneThrough, nextAt, timeZone, plannedAt],
    );
  }

  /** Removes a plan. If the user gets nudges again later, no day before that is made up. */
  async forget(tx: Transaction, userId: string): Promise<void> {
    await tx.query('delete from nudge_plans where user_id = $1', [userId]);
  }

  /** The countries of the customers in a portfolio; null for customers without one. */
  async countries(tx: Transaction, csmId: string): Promise<(string | null)[]> {
    const rows = await tx.query<{ country: string | null }>(
      `select distinct c.country from subscriptions s join customers c on c.id = s.customer_id
       where s.csm_id = $1 and s.status <> 'annulled'`,
      [csmId],
    );
    return rows.map(({ country }) => country);
  }

  /** The terms of a portfolio whose work can still be logged on a day although they have closed, or close within two weeks. */
  windows(tx: Transaction, csmId: string, on: Day, lateEntryDays: number): Promise<WindowTerm[]> {
    return tx.query(
      `select ${termColumns}, t.status = 'closed' as "isClosed", greatest(t.ends_on, s.entered_on) + $3::integer as "lastDay",
         b.expired_minutes as "expiredMinutes"
       from ${portfolio} join terms t on t.subscription_id = s.id join balances b on b.term_id = t.id
       where s.csm_id = $1 and s.status <> 'annulled' and t.ends_on <= $2::date + 14
         and greatest(t.ends_on, s.entered_on) + $3::integer >= $2::date
       order by "lastDay", c.name collate "C", s.id`,
      [csmId, on, lateEntryDays],
    );
  }

  /** The subscriptions of a portfolio with a term in a month but no standing entry in it. */
  unlogged(tx: Transaction, csmId: string, month: Month, lateEntryDays: number): Promise<UnloggedTerm[]> {
    return tx.query(
      `select ${termColumns}, c.country, t.status = 'closed' as "isClosed",
         greatest(t.ends_on, s.entered_on) + $3::integer as "lastDay",
         case t.status when 'closed' then b.expired_minutes
           else b.granted_minutes - b.used_minutes - b.expired_minutes end as "openMinutes"
       from ${portfolio}
       cross join lateral (select * from terms t where t.subscription_id = s.id
           and t.starts_on < $2::date + interval '1 month' and t.ends_on >= $2::date order by t.number desc limit 1) t
       join balances b on b.term_id = t.id
       where s.csm_id = $1 and s.status <> 'annulled' and not exists (select from time_entries e
         where e.subscription_id = s.id and e.work_date >= $2::date and e.work_date < $2::date + interval '1 month'
           and not exists (select from time_entry_reversals r where r.time_entry_id = e.id))
       order by c.name collate "C", s.id`,
      [csmId, `${month}-01`, lateEntryDays],
    );
  }

  /** By what mails name subscriptions, with the language of their customers. */
  async identities(tx: Transaction, subscriptionIds: readonly string[]): Promise<Map<string, IdentityRow>> {
    const rows = await tx.query<IdentityRow>(
      `select s.id as "subscriptionId", c.locale as "customerLocale", ${identityColumns}
       from ${portfolio}
       cross join lateral (select * from terms t where t.subscription_id = s.id order by t.number desc limit 1) t
       where s.id = any($1::uuid[])`,
      [subscriptionIds],
    );
    return new Map(rows.map((row) => [row.subscriptionId, row]));
  }
}

const portfolio = 'subscriptions s join customers c on c.id = s.customer_id';

const termColumns = `s.id as "subscriptionId", t.id as "termId", c.name as "customerName", c.locale as "customerLocale",
  t.ends_on as "endsOn", ${identityColumns}`;
