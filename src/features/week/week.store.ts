import { Injectable } from '@nestjs/common';
import type { Visibility } from '../../domain/access.js';
import type { Day } from '../../domain/calendar.js';
import type { TimeEntry } from '../../domain/time-entry.js';
import type { KnownCustomer } from '../../domain/week-events.js';
import type { WeekEntry, WeekWork } from '../../domain/week-sheet.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { nameContains, nameKey } from '../customers/name-lookup.js';
import { visibilityCondition } from '../people/visibility.js';

/** The days from the first to the last one. */
export interface WeekRange {
  from: Day;
  to: Day;
}

export interface WeekFilter {
  consultantId?: string;
  /** A part of the customer's name. */
  customer?: string;
}

/** A standing entry with the fields that a correction must repeat. */
export type BookedWeekEntry = WeekEntry & Pick<TimeEntry, 'reference' | 'severity'>;

/** An open planned session. It names no visit. */
export interface WeekSession extends Omit<WeekWork, 'visitId'> {
  id: string;
  plannedOn: Day;
  minutes: number;
  summary: string;
}

/** A subscription with the names by which people know it. */
export interface FoundSubscription {
  subscriptionId: string;
  customerId: string;
  customer: string;
  code: string | null;
  country: string | null;
  contractNumber: string | null;
}

const namedColumns = `s.id as "subscriptionId", c.id as "customerId", c.name as customer, c.code, c.country,
  s.contract_number as "contractNumber"`;
const fromNamed = 'subscriptions s join customers c on c.id = s.customer_id';
const byName = 'c.name collate "C", s.id';

const stands = 'not exists (select from time_entry_reversals r where r.time_entry_id = e.id)';
const isOpen = 'p.fulfilled_by_entry_id is null and p.cancelled_at is null';

/** SQL of the week sheet. Every query reads a range of days of each subscription, so its cost does not grow with the years. */
@Injectable()
export class WeekStore {
  /** Visible subscriptions with an entry or an open session in the days, by the name of their customer. */
  busy(
    tx: Transaction,
    visibility: Visibility,
    { from, to }: WeekRange,
    { consultantId, customer }: WeekFilter,
    after: readonly string[] | undefined,
    limit: number,
  ): Promise<FoundSubscription[]> {
    const values: unknown[] = [from, to];
    const place = (value: unknown): string => `$${values.push(value)}`;
    const where = [visibilityCondition(visibility, 's', values), `s.status <> 'annulled'`];
    if (customer !== undefined) where.push(nameContains('c.name', `${place(customer)}::text`));
    if (after) where.push(`(c.name collate "C", s.id) > (${place(after[0])}, ${place(after[1])}::uuid)`);
    const by = consultantId === undefined ? undefined : place(consultantId);
    const of = (alias: string): string => (by === undefined ? '' : ` and ${alias}.consultant_id = ${by}`);
    // `offset 0` keeps PostgreSQL from looking at the work of all subscriptions before it sorts them: it stops when the page is full.
    return tx.query(
      `select s.* from (select ${namedColumns} from ${fromNamed} where ${where.join(' and ')} order by ${byName} offset 0) s
       where exists (select from time_entries e
           where e.subscription_id = s."subscriptionId" and e.work_date between $1 and $2${of('e')} and ${stands})
         or exists (select from planned_sessions p
           where p.subscription_id = s."subscriptionId" and p.planned_on between $1 and $2${of('p')} and ${isOpen})
       order by s.customer collate "C", s."subscriptionId" limit ${place(limit)}`,
      values,
    );
  }

  /** Visible subscriptions whose customer's name contains a text, or whose customer code or contract number it is. Ended ones come last. */
  find(tx: Transaction, visibility: Visibility, text: string, limit: number): Promise<FoundSubscription[]> {
    const values: unknown[] = [text, limit];
    return tx.query(
      `select ${namedColumns} from ${fromNamed}
       where ${visibilityCondition(visibility, 's', values)} and s.status <> 'annulled'
         and (${nameContains('c.name', '$1::text')} or ${nameKey('c.code')} = ${nameKey('$1::text')}
           or ${nameKey('s.contract_number')} = ${nameKey('$1::text')})
       order by s.status = 'ended', ${byName} limit $2`,
      values,
    );
  }

  /** The visible ones of these subscriptions. */
  named(tx: Transaction, visibility: Visibility, ids: readonly string[]): Promise<FoundSubscription[]> {
    const values: unknown[] = [ids];
    return tx.query(
      `select ${namedColumns} from ${fromNamed}
       where s.id = any($1::uuid[]) and ${visibilityCondition(visibility, 's', values)} order by ${byName}`,
      values,
    );
  }

  /** Visible subscriptions that are not over, by the name of their customer. */
  running(tx: Transaction, visibility: Visibility, limit: number): Promise<FoundSubscription[]> {
    const values: unknown[] = [limit];
    return tx.query(
      `select ${namedColumns} from ${fromNamed}
       where ${visibilityCondition(visibility, 's', values)} and s.status = 'active' order by ${byName} limit $1`,
      values,
    );
  }

  /** The subscriptions of customers that are visible and not over, by the name of their customer. */
  ofCustomers(tx: Transaction, visibility: Visibility, customerIds: readonly string[]): Promise<FoundSubscription[]> {
    const values: unknown[] = [customerIds];
    return tx.query(
      `select ${namedColumns} from ${fromNamed}
       where s.customer_id = any($1::uuid[]) and ${visibilityCondition(visibility, 's', values)} and s.status = 'active'
       order by ${byName}`,
      values,
    );
  }

  /** The customers of visible subscriptions that are not over, with what they can be recognised by. */
  knownCustomers(tx: Transaction, visibility: Visibility, limit: number): Promise<KnownCustomer[]> {
    const values: unknown[] = [limit];
    return tx.query(
      `select c.id as "customerId", c.name, c.code,
         array(select distinct lower(split_part(contact->>'email', '@', 2)) from jsonb_array_elements(c.contacts) contact) as domains
       from customers c
       where exists (select from subscriptions s
         where s.customer_id = c.id and s.status = 'active' and ${visibilityCondition(visibility, 's', values)})
       order by c.id limit $1`,
      values,
    );
  }

  /** The consultants who can log time for visible subscriptions, by name. */
  consultants(tx: Transaction, visibility: Visibility, limit: number): Promise<{ id: string; name: string }[]> {
    const values: unknown[] = [limit];
    return tx.query(
      `select k.id, k.name from consultants k
       where k.id in (select p.consultant_id from subscriptions s join pair_balances p on p.term_id = s.current_term_id
         where ${visibilityCondition(visibility, 's', values)} and s.status = 'active')
       order by k.name collate "C", k.id limit $1`,
      values,
    );
  }

  /** The standing entries of subscriptions in the days. */
  entries(
    tx: Transaction,
    subscriptionIds: readonly string[],
    { from, to }: WeekRange,
    consultantId?: string,
  ): Promise<BookedWeekEntry[]> {
    const values: unknown[] = [subscriptionIds, from, to];
    const by = consultantId === undefined ? '' : ` and e.consultant_id = $${values.push(consultantId)}`;
    return tx.query(
      `select e.id, e.subscription_id as "subscriptionId", e.work_date as "workDate", e.minutes, e.consultant_id as "consultantId",
         e.product_line_id as "productLineId", e.activity, e.delivery, e.visit_id as "visitId", e.summary, e.reference, e.severity,
         e.recorded_at as "recordedAt"
       from unnest($1::uuid[]) as wanted (id)
       join time_entries e on e.subscription_id = wanted.id and e.work_date between $2 and $3${by}
       where ${stands} order by e.work_date, e.id`,
      values,
    );
  }

  /** The open planned sessions of subscriptions in the days. */
  sessions(
    tx: Transaction,
    subscriptionIds: readonly string[],
    { from, to }: WeekRange,
    consultantId?: string,
  ): Promise<WeekSession[]> {
    const values: unknown[] = [subscriptionIds, from, to];
    const by = consultantId === undefined ? '' : ` and p.consultant_id = $${values.push(consultantId)}`;
    return tx.query(
      `select p.id, p.subscription_id as "subscriptionId", p.planned_on as "plannedOn", p.minutes,
         p.consultant_id as "consultantId", p.product_line_id as "productLineId", p.activity, p.delivery, p.summary
       from planned_sessions p
       where p.subscription_id = any($1::uuid[]) and p.planned_on between $2 and $3${by} and ${isOpen}
       order by p.planned_on, p.id`,
      values,
    );
  }
}
