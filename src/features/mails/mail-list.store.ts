import { Injectable } from '@nestjs/common';
import type { Visibility } from '../../domain/access.js';
import type { Transaction } from '../../platform/database/transaction.js';
import type { Departure } from '../../platform/mail/mail.store.js';
import { isOneOf, visibilityCondition } from '../people/visibility.js';
import type { MailOutcome } from './mail-list.dto.js';

/** A mail in the list, with its customer. */
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
  /** `from` is the first moment of the range, `before` the first moment after it. */
  from?: Date;
  before?: Date;
  /** The last mail of the previous page. */
  after?: Pick<ListedMail, 'queuedAt' | 'id'>;
  limit: number;
}

/** The same expression as in the index `mails_outcome`. */
const outcomeOfMail = `case
  when m.status in ('queued', 'sending') then 'waiting'
  when m.status = 'sent' and not m.delivered then 'filed'
  else m.status end`;

/** A mail that waits for the morning in its customer's time zone. */
export interface WaitingMail extends Departure {
  timeZone: string;
}

/** SQL of the list of mails, limited to what the reader may see. `MailQueue` adds the content of each mail. */
@Injectable()
export class MailListStore {
  /** Newest first. */
  list(tx: Transaction, visibility: Visibility, filter: MailFilter): Promise<ListedMail[]> {
    const values: unknown[] = [];
    const value = (one: unknown): string => `$${values.push(one)}`;
    const { id, outcome, customerId, from, before, after, limit } = filter;
    const ofMail = [
      'true',
      ...(id === undefined ? [] : [`m.id = ${value(id)}`]),
      ...(outcome === undefined ? [] : [`${outcomeOfMail} = ${value(outcome)}`]),
      ...(from === undefined ? [] : [`m.queued_at >= ${value(from)}`]),
      ...(before === undefined ? [] : [`m.queued_at < ${value(before)}`]),
      ...(after === undefined ? [] : [`(m.queued_at, m.id) < (${value(after.queuedAt)}, ${value(after.id)})`]),
      ...(visibility.kind === 'own' ? ["m.recipient_role = 'customer'"] : []),
    ].join(' and ');
    const ofSubscription = [
      visibilityCondition(visibility, 's', values),
      // An annulled contract leaves all lists. Its mails can still be found by id.
      ...(id === undefined ? [`s.status <> 'annulled'`] : []),
      ...(customerId === undefined ? [] : [`s.customer_id = ${value(customerId)}`]),
    ].join(' and ');
    const ofReport = [
      reportVisibility(visibility, values),
      ...(customerId === undefined ? [] : [`r.customer_id = ${value(customerId)}`]),
    ].join(' and ');
    const ofNudge = [
      nudgeVisibility(visibility, values),
      // A nudge is about several customers.
      ...(customerId === undefined ? [] : ['false']),
    ].join(' and ');
    const first = `order by m.queued_at desc, m.id desc limit ${value(limit)}`;
    const mails = `select m.id, m.queued_at, m.subscription_id, m.report_schedule_id, m.user_id, m.recipient_role from mails m where ${ofMail}`;
    const everything = id !== undefined || (visibility.kind === 'all' && customerId === undefined);
    const found = everything
      ? `${mails} and case
           when m.user_id is not null then ${ofNudge}
           when m.report_schedule_id is null
           then (select ${ofSubscription} from subscriptions s where s.id = m.subscription_id)
           else (select ${ofReport} from report_schedules r where r.id = m.report_schedule_id) end`
      : // Each subscription and each report gives a page at most, so that mails of others are not gone through.
        `select m.* from (
           select m.* from subscriptions s
             cross join lateral (${mails} and m.subscription_id = s.id ${first}) m where ${ofSubscription}
           union all
           select m.* from report_schedules r
             cross join lateral (${mails} and m.report_schedule_id = r.id ${first}) m where ${ofReport}
           union all
           (${mails} and m.user_id is not null and ${ofNudge} ${first})) m`;
    return tx.query(
      `select m.id, m.queued_at as "queuedAt", c.id as "customerId", c.name as customer
       from (${found} ${first}) m
       left join subscriptions s on s.id = m.subscription_id
       left join report_schedules r on r.id = m.report_schedule_id
       left join customers c on c.id = coalesce(s.customer_id, r.customer_id)
       order by m.queued_at desc, m.id desc`,
      values,
    );
  }

  /** Mails without a delivery attempt that leave after an instant, by id. */
  waiting(
    tx: Transaction,
    instant: Date,
    { afterId, limit }: { afterId: string; limit: number },
  ): Promise<WaitingMail[]> {
    return tx.query(
      `select m.id, m.leaves_at as "leavesAt", c.time_zone as "timeZone"
       from mails m join subscriptions s on s.id = m.subscription_id join customers c on c.id = s.customer_id
       where m.status = 'queued' and m.attempts = 0 and m.next_attempt_at > $1 and m.leaves_at > $1 and m.id > $2
       order by m.id limit $3`,
      [instant, afterId, limit],
    );
  }
}

/**
 * A CSM sees the nudges of his or her own portfolio, and of the CSMs whose deputy he or she is today, but no mails about signing in.
 */
function nudgeVisibility(visibility: Visibility, values: unknown[]): string {
  if (visibility.kind === 'portfolio')
    return `(m.recipient_role = 'csm' and ${isOneOf('m.user_id', visibility.csmIds, values)})`;
  return String(visibility.kind === 'all');
}

/** A CSM sees mails of his or her own reports. A customer sees only mails about its subscriptions. */
function reportVisibility(visibility: Visibility, values: unknown[]): string {
  if (visibility.kind === 'portfolio') return isOneOf('r.owner_id', visibility.csmIds, values);
  return String(visibility.kind === 'all');
}
