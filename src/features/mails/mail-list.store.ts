import { Injectable } from '@nestjs/common';
import type { Sight } from '../../domain/access.js';
import type { Transaction } from '../../platform/database.js';
import { sightCondition } from '../subscriptions/sight.js';
import type { MailOutcome } from './mail-list.dto.js';

/** A mail in the list, and the customer that it is about. */
export interface ListedMail {
  id: string;
  queuedAt: Date;
  customerId: string | null;
  customer: string | null;
}

export interface MailFilter {
  id?: string;
  outcome?: MailOutcome;
  customerId?: string;
  /** The first moment, and the first moment after the last one. */
  from?: Date;
  before?: Date;
  /** The last mail of the page before. */
  after?: Pick<ListedMail, 'queuedAt' | 'id'>;
  limit: number;
}

const outcomeConditions: Readonly<Record<MailOutcome, string>> = {
  waiting: "m.status in ('queued', 'sending')",
  sent: "m.status = 'sent' and m.delivered",
  filed: "m.status = 'sent' and not m.delivered",
  failed: "m.status = 'failed'",
  uncertain: "m.status = 'uncertain'",
};

/** SQL of the list over all mails, in the sight of its reader. What a mail is, the queue answers. */
@Injectable()
export class MailListStore {
  /** Newest first. */
  list(tx: Transaction, sight: Sight, filter: MailFilter): Promise<ListedMail[]> {
    const values: unknown[] = [];
    const value = (one: unknown): string => `$${values.push(one)}`;
    const { id, outcome, customerId, from, before, after, limit } = filter;
    const conditions = [
      mailSight(sight, values),
      // A contract that was annulled leaves all lists; its mails can still be found by id.
      id === undefined ? `s.status is distinct from 'annulled'` : `m.id = ${value(id)}`,
      ...(outcome === undefined ? [] : [outcomeConditions[outcome]]),
      ...(customerId === undefined ? [] : [`coalesce(s.customer_id, r.customer_id) = ${value(customerId)}`]),
      ...(from === undefined ? [] : [`m.queued_at >= ${value(from)}`]),
      ...(before === undefined ? [] : [`m.queued_at < ${value(before)}`]),
      ...(after === undefined ? [] : [`(m.queued_at, m.id) < (${value(after.queuedAt)}, ${value(after.id)})`]),
    ];
    return tx.query(
      `select m.id, m.queued_at as "queuedAt", c.id as "customerId", c.name as customer
       from mails m
       left join subscriptions s on s.id = m.subscription_id
       left join report_schedules r on r.id = m.report_schedule_id
       left join customers c on c.id = coalesce(s.customer_id, r.customer_id)
       where ${conditions.join(' and ')}
       order by m.queued_at desc, m.id desc limit ${value(limit)}`,
      values,
    );
  }
}

/** A CSM sees mails about the own portfolio and the own reports; a customer those that its contacts get. */
function mailSight(sight: Sight, values: unknown[]): string {
  const ofSubscriptions = sightCondition(sight, 's', values);
  if (sight.kind === 'portfolio') return `(${ofSubscriptions} or r.owner_id = $${values.push(sight.csmId)})`;
  return sight.kind === 'own' ? `${ofSubscriptions} and m.recipient_role = 'customer'` : ofSubscriptions;
}
