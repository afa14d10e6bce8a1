import { Injectable } from '@nestjs/common';
import type { Visibility } from '../../domain/access.js';
import type { AttentionCode, UsedDay } from '../../domain/attention.js';
import type { Day, Month } from '../../domain/calendar.js';
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

export interface AttentionTermRow {
  termId: string;
  grantedMinutes: number;
  usedMinutes: number;
  expiredMinutes: number;
  lastSequence: number;
  visitsUsed: number;
  maxVisits: number | null;
  seatsUsed: number;
  maxSeats: number;
  reminderFailedAt: Date | null;
}

export interface AttentionRow {
  subscriptionId: string;
  customer: string;
  country: string | null;
  customerVersion: number;
  hasRenewalContact: boolean;
  lastEntryOn: Day | null;
  loggedLastMonth: boolean;
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
   * The places of visible subscriptions with reasons, in the order of the list, and the ids of those whose stored state is
   * missing or stale. It reads a few narrow rows of each visible subscription.
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

  /** Stores states. In the order of ids, so that two readers that store the same states cannot wait for each other. */
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
           .join(', ')}`,
      [JSON.stringify(states.map(rowOf))],
    );
  }

  /** The facts of subscriptions; `lastMonths` holds for each the first day of the last month. */
  subscriptions(tx: Transaction, lastMonths: ReadonlyMap<string, Day>): Promise<AttentionRow[]> {
    return tx.prepared(
      'attention-subscriptions',
      `select s.id as "subscriptionId", c.name as customer, c.country, c.version as "customerVersion",
         c.contacts @> '[{"roles": ["renewal"]}]' as "hasRenewalContact",
         (select max(last.day) from terms t cross join lateral (
           select d.day from term_days d where d.term_id = t.id and d.used_minutes > 0 order by d.day desc limit 1) last
          where t.subscription_id = s.id) as "lastEntryOn",
         exists (select from terms t join term_days d on d.term_id = t.id
          where t.subscription_id = s.id and d.used_minutes > 0
            and d.day >= wanted.month_on and d.day < wanted.month_on + interval '1 month') as "loggedLastMonth"
       from unnest($1::uuid[], $2::date[]) as wanted (id, month_on)
       join subscriptions s on s.id = wanted.id
       join customers c on c.id = s.customer_id`,
      [[...lastMonths.keys()], [...lastMonths.values()]],
    );
  }

  /** The balances of terms, and when a reminder of each failed. */
  terms(tx: Transaction, termIds: readonly string[], reached: Present['reached']): Promise<AttentionTermRow[]> {
    return tx.query(
      `select b.term_id as "termId", b.granted_minutes as "grantedMinutes", b.used_minutes as "usedMinutes",
         b.expired_minutes as "expiredMinutes", b.last_sequence as "lastSequence", b.visits_used as "visitsUsed",
         b.max_visits as "maxVisits", b.seats_used as "seatsUsed", b.max_seats as "maxSeats", f.failed_at as "reminderFailedAt"
       from balances b left join (${failedReminders(reached)}) f on f.term_id = b.term_id
       where b.term_id = any($1::uuid[])`,
      [termIds],
    );
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
