import { Injectable } from '@nestjs/common';
import type { Visibility } from '../../domain/access.js';
import type { Pair } from '../../domain/allocation.js';
import type { Day, Month } from '../../domain/calendar.js';
import type { VisitEntry } from '../../domain/onsite.js';
import { activities, deliveries } from '../../domain/time-entry.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { visibilityCondition } from '../people/visibility.js';
import type { BookedEntry, ReversalRow } from './booked-entry.js';
import { packageInForce } from './booked-hours.js';

/** An entry, with its reversal if it was reversed. */
export type EntryWithReversal = BookedEntry & {
  reversal: Pick<ReversalRow, 'id' | 'reason' | 'customerNote' | 'recordedAt' | 'recordedBy'> | null;
};

/** A reference of entries of one subscription, for example a case number. */
export interface MatchedReference {
  reference: string;
  subscriptionId: string;
  customerId: string;
}

export interface TimeEntryFilter {
  id?: string;
  subscriptionId?: string;
  from?: string;
  to?: string;
  consultantId?: string;
  productLineId?: string;
  delivery?: string;
  activity?: string;
  reference?: string;
}

/** The work of a calendar month that was not reversed. */
export interface WorkedMonth {
  month: Month;
  entries: number;
  minutes: number;
}
/** Width and case do not matter in a reference. The index `time_entries_reference` has the same expression. */
const referenceKey = (sql: string): string => `lower(normalize(${sql}, NFKC)) collate "C"`;

/** The columns of `time_entries` under the names of `BookedEntry`. */
const columns: Readonly<Record<Exclude<keyof BookedEntry, 'package' | 'plannedSessionId'>, string>> = {
  id: 'id',
  subscriptionId: 'subscription_id',
  termId: 'term_id',
  workDate: 'work_date',
  minutes: 'minutes',
  consultantId: 'consultant_id',
  productLineId: 'product_line_id',
  activity: 'activity',
  delivery: 'delivery',
  visitId: 'visit_id',
  summary: 'summary',
  reference: 'reference',
  severity: 'severity',
  accountingMonth: 'accounting_month',
  adjustsMonth: 'adjusts_month',
  correctsEntryId: 'corrects_entry_id',
  adjustmentReason: 'adjustment_reason',
  recordedAt: 'recorded_at',
  recordedBy: 'recorded_by',
};

/** A `BookedEntry` in SQL, with the package in force on the work day now, and the planned session that the entry fulfils. */
export const timeEntryColumns = (alias: string): string =>
  [
    ...Object.entries(columns).map(([name, column]) => `${alias}.${column} as "${name}"`),
    `${packageInForce(alias)} as package`,
    `(select p.id from planned_sessions p where p.fulfilled_by_entry_id = ${alias}.id) as "plannedSessionId"`,
  ].join(', ');

const conditions: Record<keyof TimeEntryFilter, (place: string) => string> = {
  id: (place) => `e.id = ${place}`,
  subscriptionId: (place) => `e.subscription_id = ${place}`,
  from: (place) => `e.work_date >= ${place}`,
  to: (place) => `e.work_date <= ${place}`,
  consultantId: (place) => `e.consultant_id = ${place}`,
  productLineId: (place) => `e.product_line_id = ${place}`,
  delivery: (place) => `e.delivery = ${place}`,
  activity: (place) => `e.activity = ${place}`,
  reference: (place) => `e.reference = ${place}`,
};

/** With more visible subscriptions than this, the search for references reads less of each. */
const manySubscriptions = 100;

/** The order of a list of entries by work day. */
export type EntryOrder = 'oldest-first' | 'newest-first';

/** Reads time entries. `BookingStore` writes them. */
@Injectable()
export class TimeEntryStore {
  /** Visible entries after a key, by work day and id. */
  async list(
    tx: Transaction,
    visibility: Visibility,
    filter: TimeEntryFilter,
    after: readonly string[] | undefined,
    limit: number,
    order: EntryOrder = 'oldest-first',
  ): Promise<EntryWithReversal[]> {
    const values: unknown[] = [];
    const place = (value: unknown): string => `$${values.push(value)}`;
    const { lanes, condition } = lanesOf(visibility, filter, values);
    const where = [condition];
    for (const [name, condition] of Object.entries(conditions)) {
      const value = filter[name as keyof TimeEntryFilter];
      if (value !== undefined) where.push(condition(place(value)));
    }
    const [follows, by] = order === 'oldest-first' ? ['>', ''] : ['<', ' desc'];
    if (after) where.push(`(e.work_date, e.id) ${follows} (${place(after[0])}::date, ${place(after[1])}::uuid)`);
    const inOrder = `order by e.work_date${by}, e.id${by}`;
    const first = `${inOrder} limit ${place(limit)}`;
    const rows = await tx.query<BookedEntry & { reversal: (ReversalRow & { recordedAt: string }) | null }>(
      `select ${timeEntryColumns('e')},
         case when r.id is not null then json_build_object('id', r.id, 'reason', r.reason, 'customerNote', r.customer_note,
           'recordedAt', r.recorded_at, 'recordedBy', r.recorded_by) end as reversal
         from (select e.* from (${lanes}) lane cross join lateral
           (select e.* from time_entries e where ${where.join(' and ')} ${first}) e ${first}) e
         left join time_entry_reversals r on r.time_entry_id = e.id
        ${inOrder}`,
      values,
    );
    return rows.map((row) => ({
      ...row,
      reversal: row.reversal && { ...row.reversal, recordedAt: new Date(row.reversal.recordedAt) },
    }));
  }

  /** The given ids whose entries equal another entry. Reversed entries equal nothing. */
  async repeated(tx: Transaction, ids: readonly string[]): Promise<Set<string>> {
    const stands = (entry: string) =>
      `not exists (select from time_entry_reversals r where r.time_entry_id = ${entry}.id)`;
    const rows = await tx.query<{ id: string }>(
      `select e.id from time_entries e
       where e.id = any($1::uuid[]) and ${stands('e')} and exists
         (select from time_entries o where o.equality_key = e.equality_key and o.id <> e.id and ${stands('o')})`,
      [ids],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** The number of entries of a subscription that were not reversed. */
  async standing(tx: Transaction, subscriptionId: string): Promise<number> {
    const [row] = await tx.query<{ count: number }>(
      `select count(*)::integer as count from time_entries e where e.subscription_id = $1
         and not exists (select from time_entry_reversals r where r.time_entry_id = e.id)`,
      [subscriptionId],
    );
    return row!.count;
  }

  /** The entries of a subscription and their minutes by the month of the work day, without reversed entries. */
  workedByMonth(
    tx: Transaction,
    subscriptionId: string,
    filter: Omit<TimeEntryFilter, 'id' | 'subscriptionId'>,
  ): Promise<WorkedMonth[]> {
    const values: unknown[] = [];
    const where = Object.entries({ ...filter, subscriptionId }).flatMap(([name, value]) =>
      value === undefined ? [] : [conditions[name as keyof TimeEntryFilter](`$${values.push(value)}`)],
    );
    return tx.query(
      `select to_char(e.work_date, 'YYYY-MM') as month, count(*)::integer as entries, sum(e.minutes)::bigint as minutes
       from time_entries e
       where ${where.join(' and ')} and not exists (select from time_entry_reversals r where r.time_entry_id = e.id)
       group by 1 order by 1`,
      values,
    );
  }

  /** The ids of the product lines with entries of a subscription, in no particular order. */
  async workedLines(tx: Transaction, subscriptionId: string): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      'select distinct e.product_line_id as id from time_entries e where e.subscription_id = $1',
      [subscriptionId],
    );
    return rows.map(({ id }) => id);
  }

  /** The minutes of a term up to a day by pair, without reversed entries. */
  workedByPair(
    tx: Transaction,
    subscriptionId: string,
    termId: string,
    throughOn: Day,
  ): Promise<(Pair & { minutes: number })[]> {
    return tx.query(
      `select e.consultant_id as "consultantId", e.product_line_id as "productLineId", sum(e.minutes) as minutes
       from time_entries e
       where e.subscription_id = $1 and e.term_id = $2 and e.work_date <= $3
         and not exists (select from time_entry_reversals r where r.time_entry_id = e.id)
       group by 1, 2`,
      [subscriptionId, termId, throughOn],
    );
  }

  /** The last day of a term with work on another product line than these; null if there is none. Reversed entries do not count. */
  async lastWorkDayBeside(
    tx: Transaction,
    { id, subscriptionId }: { id: string; subscriptionId: string },
    productLineIds: readonly string[],
  ): Promise<Day | null> {
    const [row] = await tx.query<{ workDate: Day | null }>(
      `select max(e.work_date) as "workDate"
       from time_entries e
       where e.subscription_id = $1 and e.term_id = $2 and e.product_line_id <> all($3::uuid[])
         and not exists (select from time_entry_reversals r where r.time_entry_id = e.id)`,
      [subscriptionId, id, productLineIds],
    );
    return row!.workDate;
  }

  /** The entries of a visit by work day, without reversed ones. */
  ofVisit(tx: Transaction, visitId: string): Promise<VisitEntry[]> {
    return tx.query(
      `select e.id, e.work_date as "workDate", e.consultant_id as "consultantId" from time_entries e
       where e.visit_id = $1 and not exists (select from time_entry_reversals r where r.time_entry_id = e.id)
       order by e.work_date, e.id`,
      [visitId],
    );
  }

  /**
   * The references of visible entries that begin with a text, the shortest first. The index returns up to `limit` rows of each visible
   * subscription. If there are many subscriptions, it returns one row of each: a short text then finds eight subscriptions, and a
   * longer one the rest.
   */
  references(tx: Transaction, visibility: Visibility, text: string, limit: number): Promise<MatchedReference[]> {
    const values: unknown[] = [text, limit];
    const visible = visibilityCondition(visibility, 's', values);
    const key = referenceKey('e.reference');
    return tx.query(
      `with asked as materialized (select ${referenceKey('$1::text')} as key),
       seen as materialized (select s.id, s.customer_id from subscriptions s where ${visible} and s.status <> 'annulled')
       select reference, "subscriptionId", "customerId" from (
         select distinct on (e.key, s.id) e.key, e.reference, s.id as "subscriptionId", s.customer_id as "customerId"
         from asked cross join seen s
         cross join lateral (
           select ${key} as key, e.reference from time_entries e
           where e.subscription_id = s.id and e.reference is not null
             and ${key} >= asked.key and ${key} < asked.key || chr(1114111)
           order by ${key} limit (select case when count(*) > ${manySubscriptions} then 1 else $2::integer end from seen)) e
         order by e.key, s.id
       ) found order by length(key), key, "subscriptionId" limit $2`,
      values,
    );
  }

  /** The given ids that belong to visible entries. */
  async known(tx: Transaction, visibility: Visibility, ids: readonly string[]): Promise<Set<string>> {
    const values: unknown[] = [ids];
    const rows = await tx.query<{ id: string }>(
      `select e.id from time_entries e join subscriptions s on s.id = e.subscription_id
       where e.id = any($1::uuid[]) and ${visibilityCondition(visibility, 's', values)}`,
      values,
    );
    return new Set(rows.map(({ id }) => id));
  }
}

/**
 * The sources of the entries of a list. For each row of `lanes`, an index returns the entries in the order of the list.
 * PostgreSQL reads at most one page of each lane, so it never scans all entries for a rare value or a small portfolio.
 */
function lanesOf(
  visibility: Visibility,
  filter: TimeEntryFilter,
  values: unknown[],
): { lanes: string; condition: string } {
  const place = (value: unknown): string => `$${values.push(value)}`;
  const { id, subscriptionId, consultantId, productLineId, activity, delivery } = filter;
  // The entries of an annulled contract are listed only if the request names it.
  const listed = id === undefined && subscriptionId === undefined ? ` and s.status <> 'annulled'` : '';
  const seen = `${visibilityCondition(visibility, 's', values)}${listed}`;
  // A subquery runs once a row and finds its subscription by key. PostgreSQL may turn a join into a scan of all subscriptions.
  const condition = `(select ${seen} from subscriptions s where s.id = e.subscription_id)`;

  if ((id ?? subscriptionId ?? consultantId) !== undefined) return { lanes: 'select', condition };
  if (visibility.kind !== 'all')
    return { lanes: `select s.id from subscriptions s where ${seen}`, condition: 'e.subscription_id = lane.id' };
  if ((productLineId ?? activity ?? delivery) === undefined) return { lanes: 'select', condition };
  const lanes = `select p.id as product_line_id, activity, delivery
    from ${productLineId === undefined ? 'product_lines p' : `(select ${place(productLineId)}::uuid as id) p`},
      unnest(${place(activity === undefined ? activities : [activity])}::text[]) activity,
      unnest(${place(delivery === undefined ? deliveries : [delivery])}::text[]) delivery`;
  const ofLane = ['product_line_id', 'activity', 'delivery'].map((column) => `e.${column} = lane.${column}`);
  return { lanes, condition: [condition, ...ofLane].join(' and ') };
}
