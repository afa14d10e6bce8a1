import { Injectable } from '@nestjs/common';
import type { Visibility } from '../../domain/access.js';
import type { AttentionCode, UsedDay } from '../../domain/attention.js';
import type { Day, Month } from '../../domain/calendar.js';
import type { Enrolment } from '../../domain/contract.js';
import type { RenewalState } from '../../domain/term.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { visibilityCondition } from '../people/visibility.js';
import { reminderKindPrefix } from '../renewals/mail-kinds.js';

/** The reasons of a subscription, and the versions of the facts from which they were computed. */
export interface AttentionState {
  subscriptionId: string;
  codes: AttentionCode[];
  /** The place of the gravest code in `attentionCodes`; null without a reason. */
  gravity: number | null;
  deadlineOn: Day;
  computedBy: string;
  revision: number;
  customerVersion: number;
  lastSequence: number;
  visitsUsed: number;
  seatsUsed: number;
  closedTermIds: string[] | null;
  closedSequence: number | null;
  reminderFailedAt: Date | null;
  unloggedMonth: Month | null;
  wasClosed: boolean;
  validFrom: Date;
  validUntil: Date | null;
}

/** The place of a subscription in the list. */
export interface AttentionPlace {
  gravity: number;
  deadlineOn: Day;
  id: string;
}

export interface AttentionFilter {
  csmId?: string;
  customerId?: string;
  reason?: AttentionCode;
  /** The last subscription of the previous page. */
  after?: AttentionPlace;
  /** Default: all. */
  limit?: number;
}

/** What decides whether a stored state is still true, apart from the versions in the database. */
export interface Present {
  now: Date;
  computedBy: string;
  closedThrough: Month | null;
  /** When a reminder counts as delivered: when it was sent, or when a mail server took it. */
  reached: 'sent' | 'delivered';
}

/** A subscription with its current term. */
export interface AttentionRow {
  subscriptionId: string;
  revision: number;
  anchorOn: Day;
  enteredOn: Day;
  customer: string;
  customerVersion: number;
  country: string | null;
  timeZone: string;
  hasRenewalContact: boolean;
  /** The last work day with a standing entry, in any term. */
  lastEntryOn: Day | null;
  termId: string;
  number: number;
  startsOn: Day;
  endsOn: Day;
  noticeDeadlineOn: Day;
  status: 'open' | 'closed' | 'annulled';
  renewalState: RenewalState;
  /** Of the package with which the term opened. */
  soldMinutes: number;
  /** Whether the term has no upgrade and no top-up, and the contract no next package. */
  isPlain: boolean;
  grantedMinutes: number;
  usedMinutes: number;
  lastSequence: number;
  visitsUsed: number;
  maxVisits: number | null;
  seatsUsed: number;
  maxSeats: number;
  /** The first day of the present set of allocations, and its product lines by comma; null before the first set. */
  allocatedFromOn: Day | null;
  allocatedProductLines: string | null;
}

/** A closed term whose entries can still change a reason. */
export interface ClosedTermRow {
  subscriptionId: string;
  termId: string;
  endsOn: Day;
  expiredMinutes: number;
  lastSequence: number;
}

/** Reminders that failed for good at a contact, by term, unless another reminder of the term was delivered. */
const failedReminders = (reached: Present['reached']): string => `
  select m.term_id, min(coalesce((select max(a.ended_at) from mail_attempts a where a.mail_id = m.id), m.queued_at)) as failed_at
  from mails m
  where m.status = 'failed' and m.recipient_role = 'customer' and starts_with(m.kind, '${reminderKindPrefix}')
    and not exists (select from mails d where d.term_id = m.term_id and d.recipient_role = 'customer'
      and starts_with(d.kind, '${reminderKindPrefix}') and ${reached === 'delivered' ? 'd.delivered' : "d.status = 'sent'"})
  group by m.term_id`;

/** SQL of the stored states, and of the facts that no service of another room gives for many subscriptions at once. */
@Injectable()
export class AttentionStore {
  /**
   * The places of visible subscriptions with reasons, in the order of the list, and the ids of the subscriptions whose
   * stored state is missing or stale. It reads a few narrow rows of each visible subscription.
   */
  async seen(
    tx: Transaction,
    visibility: Visibility,
    { csmId, customerId, reason, after, limit }: AttentionFilter,
    { now, computedBy, closedThrough, reached }: Present,
  ): Promise<{ places: AttentionPlace[]; stale: string[] }> {
    const values: unknown[] = [now, computedBy, closedThrough];
    const value = (one: unknown): string => `$${values.push(one)}`;
    const visible = [
      visibilityCondition(visibility, 's', values),
      "s.status <> 'annulled'",
      ...(csmId === undefined ? [] : [`s.csm_id = ${value(csmId)}`]),
      ...(customerId === undefined ? [] : [`s.customer_id = ${value(customerId)}`]),
    ].join(' and ');
    const wanted = [
      'gravity is not null',
      ...(reason === undefined ? [] : [`${value(reason)} = any(codes)`]),
      ...(after === undefined
        ? []
        : [
            `(gravity, deadline_on, id) > (${value(after.gravity)}::integer, ${value(after.deadlineOn)}::date, ${value(after.id)}::uuid)`,
          ]),
    ].join(' and ');
    const rows = await tx.query<{ id: string; gravity: number | null; deadlineOn: Day }>(
      `with failed as materialized (${failedReminders(reached)}),
       seen as materialized (
         select s.id, a.codes, a.gravity, a.deadline_on, coalesce(
           a.computed_by = $2 and a.valid_from <= $1 and (a.valid_until is null or a.valid_until > $1)
           and a.revision = s.revision and a.customer_version = c.version
           and a.last_sequence = b.last_sequence and a.visits_used = b.visits_used and a.seats_used = b.seats_used
           and (a.closed_term_ids is null or a.closed_sequence =
             (select sum(l.last_sequence) from balances l where l.term_id = any(a.closed_term_ids)))
           and a.reminder_failed_at is not distinct from f.failed_at
           and (a.unlogged_month is null or a.was_closed = coalesce(a.unlogged_month <= $3, false)), false) as is_current
         from subscriptions s
         join customers c on c.id = s.customer_id
         join balances b on b.term_id = s.current_term_id
         left join attention_states a on a.subscription_id = s.id
         left join failed f on f.term_id = s.current_term_id
         where ${visible}
       )
       (select id, null::integer as gravity, null::date as "deadlineOn" from seen where not is_current)
       union all
       (select id, gravity, deadline_on from seen where is_current and ${wanted}
        order by gravity, deadline_on, id limit ${value(limit ?? null)})`,
      values,
    );
    return {
      places: rows.flatMap(({ id, gravity, deadlineOn }) => (gravity === null ? [] : [{ id, gravity, deadlineOn }])),
      stale: rows.flatMap(({ id, gravity }) => (gravity === null ? [id] : [])),
    };
  }

  /**
   * Stores states. In the order of ids, so that two readers that store the same states cannot wait for each other. A state of an
   * older snapshot does not replace one of a newer: the versions of a subscription only rise.
   */
  async keep(tx: Transaction, states: readonly AttentionState[]): Promise<void> {
    await tx.query(
      `insert into attention_states as a (${columns.join(', ')})
       select ${columns.map((column) => `n.${column}`).join(', ')}
       from jsonb_to_recordset($1) as n (subscription_id uuid, codes text[], gravity smallint, deadline_on date,
         computed_by text, revision integer, customer_version integer, last_sequence integer, visits_used integer,
         seats_used integer, closed_term_ids uuid[], closed_sequence bigint, reminder_failed_at timestamptz,
         unlogged_month text, was_closed boolean, valid_from timestamptz, valid_until timestamptz)
       order by n.subscription_id
       on conflict (subscription_id) do update set
         ${columns
           .slice(1)
           .map((column) => `${column} = excluded.${column}`)
           .join(', ')}
       where (a.revision, a.customer_version, a.last_sequence)
         <= (excluded.revision, excluded.customer_version, excluded.last_sequence)`,
      [JSON.stringify(states.map(rowOf))],
    );
  }

  facts(tx: Transaction, subscriptionIds: readonly string[]): Promise<AttentionRow[]> {
    return tx.prepared(
      'attention-facts',
      `select s.id as "subscriptionId", s.revision, s.anchor_on as "anchorOn", s.entered_on as "enteredOn", c.name as customer,
         c.version as "customerVersion", c.country, c.time_zone as "timeZone",
         c.contacts @> '[{"roles": ["renewal"]}]' as "hasRenewalContact",
         (select max(last.day) from terms w cross join lateral (
           select d.day from term_days d where d.term_id = w.id and d.used_minutes > 0 order by d.day desc limit 1) last
          where w.subscription_id = s.id) as "lastEntryOn",
         t.id as "termId", t.number, t.starts_on as "startsOn", t.ends_on as "endsOn",
         t.notice_deadline_on as "noticeDeadlineOn", t.status, t.renewal_state as "renewalState",
         p.granted_minutes as "soldMinutes",
         s.next_package is null
           and not exists (select from term_packages u where u.term_id = t.id and u.sequence <> p.sequence)
           and not exists (select from top_ups u where u.term_id = t.id) as "isPlain",
         b.granted_minutes as "grantedMinutes", b.used_minutes as "usedMinutes", b.last_sequence as "lastSequence",
         b.visits_used as "visitsUsed", b.max_visits as "maxVisits", b.seats_used as "seatsUsed", b.max_seats as "maxSeats",
         a.from_on as "allocatedFromOn",
         (select string_agg(l.product_line_id::text, ',') from allocations l where l.set_id = a.id) as "allocatedProductLines"
       from subscriptions s
       join customers c on c.id = s.customer_id
       join terms t on t.id = s.current_term_id
       join balances b on b.term_id = t.id
       join term_packages p on p.term_id = t.id and p.sequence = 0
       left join lateral (select id, from_on from allocation_sets where term_id = t.id order by sequence desc limit 1) a on true
       where s.id = any($1::uuid[])`,
      [subscriptionIds],
    );
  }

  /**
   * The closed terms whose entries can change a reason on a day or later, by number: those that take late entries, those that reach into
   * the month before, and, until the next term, all terms before the contract was entered. A reversal is possible at any time.
   */
  closedTerms(
    tx: Transaction,
    subscriptionIds: readonly string[],
    { lateEntryDays, on }: { lateEntryDays: number; on: Day },
  ): Promise<ClosedTermRow[]> {
    return tx.prepared(
      'attention-closed-terms',
      `select t.subscription_id as "subscriptionId", t.id as "termId", t.ends_on as "endsOn",
         b.expired_minutes as "expiredMinutes", b.last_sequence as "lastSequence"
       from terms t join subscriptions s on s.id = t.subscription_id join balances b on b.term_id = t.id
       where t.subscription_id = any($1::uuid[]) and t.status = 'closed'
         and (greatest(t.ends_on, s.entered_on) + $2::integer >= $3::date
           or t.ends_on >= date_trunc('month', $3::date) - interval '1 month'
           or s.entered_on > (select present.starts_on from terms present where present.id = s.current_term_id))
       order by t.subscription_id, t.number`,
      [subscriptionIds, lateEntryDays, on],
    );
  }

  /** The product lines of subscriptions that have no consultant in the present set of allocations. */
  withoutConsultant(
    tx: Transaction,
    subscriptionIds: readonly string[],
  ): Promise<(Enrolment & { subscriptionId: string })[]> {
    return tx.prepared(
      'attention-without-consultant',
      `select s.id as "subscriptionId", e.product_line_id as "productLineId", e.from_on as "fromOn", e.until_on as "untilOn"
       from subscriptions s
       join lateral (
         select id from allocation_sets where term_id = s.current_term_id order by sequence desc limit 1) a on true
       join enrolments e on e.subscription_id = s.id
       where s.id = any($1::uuid[])
         and not exists (select from allocations l where l.set_id = a.id and l.product_line_id = e.product_line_id)
       order by s.id, e.position, e.from_on, e.id`,
      [subscriptionIds],
    );
  }

  /** When a reminder of a term first failed for good, by term. */
  async failedReminders(tx: Transaction, reached: Present['reached']): Promise<Map<string, Date>> {
    const rows = await tx.query<{ termId: string; failedAt: Date }>(
      `select f.term_id as "termId", f.failed_at as "failedAt" from (${failedReminders(reached)}) f`,
    );
    return new Map(rows.map(({ termId, failedAt }) => [termId, failedAt]));
  }

  /** Which of these subscriptions have a standing entry in a month; `months` holds for each the first day of the month. */
  async logged(tx: Transaction, months: ReadonlyMap<string, Day>): Promise<Set<string>> {
    const rows = await tx.prepared<{ id: string }>(
      'attention-logged',
      `select wanted.id from unnest($1::uuid[], $2::date[]) as wanted (id, month_on)
       where exists (select from terms t join term_days d on d.term_id = t.id
         where t.subscription_id = wanted.id and d.used_minutes > 0
           and d.day >= wanted.month_on and d.day < wanted.month_on + interval '1 month')`,
      [[...months.keys()], [...months.values()]],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** The used minutes of terms by day, from a day on for each. */
  usedDays(tx: Transaction, fromOn: ReadonlyMap<string, Day>): Promise<(UsedDay & { termId: string })[]> {
    return tx.prepared(
      'attention-used-days',
      `select d.term_id as "termId", d.day, d.used_minutes as minutes
       from unnest($1::uuid[], $2::date[]) as wanted (term_id, from_on)
       join term_days d on d.term_id = wanted.term_id and d.day >= wanted.from_on and d.used_minutes <> 0
       order by d.term_id, d.day`,
      [[...fromOn.keys()], [...fromOn.values()]],
    );
  }
}

const columns = [
  'subscription_id',
  'codes',
  'gravity',
  'deadline_on',
  'computed_by',
  'revision',
  'customer_version',
  'last_sequence',
  'visits_used',
  'seats_used',
  'closed_term_ids',
  'closed_sequence',
  'reminder_failed_at',
  'unlogged_month',
  'was_closed',
  'valid_from',
  'valid_until',
] as const;

function rowOf(state: AttentionState): Record<(typeof columns)[number], unknown> {
  return {
    subscription_id: state.subscriptionId,
    codes: state.codes,
    gravity: state.gravity,
    deadline_on: state.deadlineOn,
    computed_by: state.computedBy,
    revision: state.revision,
    customer_version: state.customerVersion,
    last_sequence: state.lastSequence,
    visits_used: state.visitsUsed,
    seats_used: state.seatsUsed,
    closed_term_ids: state.closedTermIds,
    closed_sequence: state.closedSequence,
    reminder_failed_at: state.reminderFailedAt,
    unlogged_month: state.unloggedMonth,
    was_closed: state.wasClosed,
    valid_from: state.validFrom,
    valid_until: state.validUntil,
  };
}
