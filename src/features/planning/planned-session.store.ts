import { Injectable } from '@nestjs/common';
import type { Visibility } from '../../domain/access.js';
import type { Day } from '../../domain/calendar.js';
import type { NamedSession, PlannedSessionStatus, PlannedWork } from '../../domain/planned-session.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { visibilityCondition } from '../people/visibility.js';

/** A planned session as it is stored. */
export interface PlannedSession extends PlannedWork {
  id: string;
  subscriptionId: string;
  termId: string;
  seriesId: string | null;
  fulfilledByEntryId: string | null;
  cancelledAt: Date | null;
  createdAt: Date;
  changedAt: Date | null;
  version: number;
}

/** A session of a list, with the zone of its customer, which says what today is. */
export type ListedSession = PlannedSession & { timeZone: string };

export interface PlannedSessionFilter {
  subscriptionId?: string;
  from?: Day;
  to?: Day;
  consultantId?: string;
  status?: PlannedSessionStatus;
}

const columns = `p.id, p.subscription_id as "subscriptionId", p.term_id as "termId", p.series_id as "seriesId",
  p.planned_on as "plannedOn", p.minutes, p.consultant_id as "consultantId", p.product_line_id as "productLineId", p.activity,
  p.delivery, p.summary, p.fulfilled_by_entry_id as "fulfilledByEntryId", p.cancelled_at as "cancelledAt",
  p.created_at as "createdAt", p.changed_at as "changedAt", p.version`;

const isOpen = 'p.fulfilled_by_entry_id is null and p.cancelled_at is null';

/** The conditions of the statuses. `overdueTo` is the last day whose open sessions are overdue, in the zone of the customer. */
const conditions: Readonly<Record<PlannedSessionStatus, (overdueTo: () => string) => string>> = {
  open: (overdueTo) => `${isOpen} and p.planned_on > ${overdueTo()}`,
  overdue: (overdueTo) => `${isOpen} and p.planned_on <= ${overdueTo()}`,
  fulfilled: () => 'p.fulfilled_by_entry_id is not null',
  cancelled: () => 'p.cancelled_at is not null',
};

/** All SQL of the planned sessions. */
@Injectable()
export class PlannedSessionStore {
  async find(tx: Transaction, id: string): Promise<PlannedSession | undefined> {
    const [session] = await tx.query<PlannedSession>(`select ${columns} from planned_sessions p where p.id = $1`, [id]);
    return session;
  }

  named(tx: Transaction, ids: readonly string[]): Promise<NamedSession[]> {
    return tx.prepared(
      'planned-sessions-named',
      `select p.id, p.subscription_id as "subscriptionId", p.fulfilled_by_entry_id as "fulfilledByEntryId",
         p.cancelled_at as "cancelledAt"
       from planned_sessions p where p.id = any($1::uuid[])`,
      [ids],
    );
  }

  /** Visible sessions after a key, by day and id. `now` and `graceDays` say which open sessions are overdue. */
  list(
    tx: Transaction,
    visibility: Visibility,
    filter: PlannedSessionFilter,
    { now, graceDays }: { now: Date; graceDays: number },
    after: readonly string[] | undefined,
    limit: number,
  ): Promise<ListedSession[]> {
    const values: unknown[] = [];
    const place = (value: unknown): string => `$${values.push(value)}`;
    const { subscriptionId, from, to, consultantId, status } = filter;
    // The sessions of an annulled contract are listed only if the request names it.
    const listed = subscriptionId === undefined ? ` and s.status <> 'annulled'` : '';
    const seen = `${visibilityCondition(visibility, 's', values)}${listed}`;
    const where: string[] = [];
    if (from !== undefined) where.push(`p.planned_on >= ${place(from)}`);
    if (to !== undefined) where.push(`p.planned_on <= ${place(to)}`);
    if (consultantId !== undefined) where.push(`p.consultant_id = ${place(consultantId)}`);
    if (status !== undefined) {
      const overdueTo = (): string =>
        `(${place(now)}::timestamptz at time zone c.time_zone)::date - ${place(graceDays + 1)}::integer`;
      where.push(conditions[status](overdueTo));
    }
    if (after) where.push(`(p.planned_on, p.id) > (${place(after[0])}::date, ${place(after[1])}::uuid)`);
    if (subscriptionId !== undefined) where.push(`p.subscription_id = ${place(subscriptionId)}`);
    const first = `order by p.planned_on, p.id limit ${place(limit)}`;
    if (visibility.kind === 'all' || subscriptionId !== undefined) {
      return tx.query(
        `select ${columns}, c.time_zone as "timeZone"
         from planned_sessions p
         join subscriptions s on s.id = p.subscription_id
         join customers c on c.id = s.customer_id
         where ${[seen, ...where].join(' and ')} ${first}`,
        values,
      );
    }
    // For each visible subscription, an index returns its sessions in the order of the list.
    return tx.query(
      `select p.* from subscriptions s join customers c on c.id = s.customer_id cross join lateral (
         select ${columns}, c.time_zone as "timeZone" from planned_sessions p
         where ${['p.subscription_id = s.id', ...where].join(' and ')} ${first}) p
       where ${seen} order by p."plannedOn", p.id limit ${place(limit)}`,
      values,
    );
  }

  /** The number of sessions of a subscription from a day on that are neither fulfilled nor cancelled. */
  async countOpen(tx: Transaction, subscriptionId: string, from: Day): Promise<number> {
    const [row] = await tx.query<{ count: number }>(
      `select count(*)::integer as count from planned_sessions p
       where p.subscription_id = $1 and p.planned_on >= $2 and ${isOpen}`,
      [subscriptionId, from],
    );
    return row!.count;
  }

  /** The open sessions of subscriptions, by day. */
  openOf(
    tx: Transaction,
    subscriptionIds: readonly string[],
  ): Promise<Pick<PlannedSession, 'termId' | 'plannedOn' | 'minutes' | 'consultantId' | 'productLineId'>[]> {
    return tx.query(
      `select p.term_id as "termId", p.planned_on as "plannedOn", p.minutes, p.consultant_id as "consultantId",
         p.product_line_id as "productLineId"
       from planned_sessions p where p.subscription_id = any($1::uuid[]) and ${isOpen} order by p.planned_on, p.id`,
      [subscriptionIds],
    );
  }

  async insert(tx: Transaction, sessions: readonly PlannedSession[], createdBy: string): Promise<void> {
    await tx.query(
      `insert into planned_sessions (id, subscription_id, term_id, series_id, planned_on, minutes, consultant_id, product_line_id,
         activity, delivery, summary, created_at, created_by, version)
       select p.*, $2 as created_by, 1 as version from json_to_recordset($1::json) as p ("id" uuid, "subscriptionId" uuid,
         "termId" uuid, "seriesId" uuid, "plannedOn" date, "minutes" int, "consultantId" uuid, "productLineId" uuid,
         "activity" text, "delivery" text, "summary" text, "createdAt" timestamptz)`,
      [JSON.stringify(sessions), createdBy],
    );
  }

  /** Updates the editable fields of a session. */
  async change(tx: Transaction, session: PlannedSession): Promise<void> {
    const { id, termId, plannedOn, minutes, consultantId, productLineId, activity, delivery, summary } = session;
    await tx.query(
      `update planned_sessions set term_id = $2, planned_on = $3, minutes = $4, consultant_id = $5, product_line_id = $6,
         activity = $7, delivery = $8, summary = $9, changed_at = $10, version = $11 where id = $1`,
      [
        id,
        termId,
        plannedOn,
        minutes,
        consultantId,
        productLineId,
        activity,
        delivery,
        summary,
        session.changedAt,
        session.version,
      ],
    );
  }

  /** Sets for each of these sessions the entry that fulfils it, or null. */
  async fulfil(tx: Transaction, ids: readonly string[], entryIds: readonly (string | null)[]): Promise<void> {
    await tx.prepared(
      'planned-sessions-fulfil',
      `update planned_sessions p set fulfilled_by_entry_id = f.entry_id
       from unnest($1::uuid[], $2::uuid[]) as f (id, entry_id) where p.id = f.id`,
      [ids, entryIds],
    );
  }

  /** Cancels the open sessions of a subscription. */
  async cancelAll(tx: Transaction, subscriptionId: string, { at, by }: { at: Date; by: string }): Promise<void> {
    await tx.query(
      `update planned_sessions p set cancelled_at = $2, cancelled_by = $3, version = version + 1
       where p.subscription_id = $1 and ${isOpen}`,
      [subscriptionId, at, by],
    );
  }

  /** Cancels a session. With `following`, it also cancels the open sessions of its series on later days. */
  async cancel(
    tx: Transaction,
    { id, subscriptionId, seriesId, plannedOn }: PlannedSession,
    { following, at, by }: { following: boolean; at: Date; by: string },
  ): Promise<void> {
    await tx.query(
      `update planned_sessions p set cancelled_at = $5, cancelled_by = $6, version = version + 1
       where p.subscription_id = $2 and ${isOpen} and (p.id = $1 or ($7 and p.series_id = $3 and p.planned_on > $4))`,
      [id, subscriptionId, seriesId, plannedOn, at, by, following],
    );
  }
}
