import { lockKind, reminderKindPrefix } from './mail-kinds.js';
import { Injectable } from '@nestjs/common';
import type { Visibility } from '../../domain/access.js';
import type { Day } from '../../domain/calendar.js';
import type { PackageCode } from '../../domain/package.js';
import type { RenewalState } from '../../domain/term.js';
import type { Transaction } from '../../platform/database/transaction.js';
import type { Language } from '../../domain/language.js';
import { idBeforeAll } from '../../platform/ids.js';
import type { RecipientRole } from '../../platform/mail/mail.store.js';
import { identityColumns, type SubscriptionIdentity } from '../subscriptions/subscription-identity.js';
import { DueTerms } from '../due-work/due-terms.js';
import { csmContactColumns, type CsmContact } from '../people/csm-contact.js';
import { visibilityCondition } from '../people/visibility.js';
import type { ExpectationAsked } from './renewal-board.js';
import { presentExpectation } from './renewal-board.store.js';

/** The facts of a coming renewal, for mails and lists. */
export interface RenewalFacts extends SubscriptionIdentity, CsmContact {
  termId: string;
  subscriptionId: string;
  /** From 0. */
  number: number;
  anchorOn: Day;
  startsOn: Day;
  endsOn: Day;
  endsAt: Date;
  noticeDeadlineOn: Day;
  lockAt: Date;
  /** The zone in which `lockAt` was computed; it may differ from the customer's (§3). */
  deadlineZone: string;
  renewalState: RenewalState;
  /** When the next reminder is due; null if none is planned. */
  nextReminderAt: Date | null;
  package: PackageCode;
  /** The package set for the next renewal; null if the package stays. */
  nextPackage: PackageCode | null;
  grantedMinutes: number;
  usedMinutes: number;
  remainingMinutes: number;
  /** The number of the ledger's last entry that the minutes above include. */
  lastSequence: number;
  seatsInUse: number;
  maxSeats: number;
  /** When the contract was entered into the service. */
  enteredAt: Date;
  /** How many mails about the subscription were queued before. */
  mailsBefore: number;
  customerId: string;
  customerName: string;
  locale: Language;
  timeZone: string;
  /** The country (ISO 3166) for public holidays. */
  country: string | null;
  contacts: { name: string; email: string; roles: string[] }[];
  csmId: string;
}

/** A recipient of a mail about a renewal. */
export interface Recipient {
  role: RecipientRole;
  name: string;
  address: string;
  /** Null or absent: the language of the customer. */
  locale?: Language | null;
}

/** A coming renewal in a list. */
export type ComingRenewal = Pick<
  RenewalFacts,
  | 'termId'
  | 'subscriptionId'
  | 'number'
  | 'anchorOn'
  | 'startsOn'
  | 'endsOn'
  | 'noticeDeadlineOn'
  | 'renewalState'
  | 'package'
  | 'nextPackage'
  | 'remainingMinutes'
  | 'seatsInUse'
  | 'customerId'
  | 'customerName'
  | 'customerCode'
  | 'contractNumber'
  | 'csmId'
  | 'csmName'
  | 'timeZone'
> & { expiredMinutes: number };

/** Which coming renewals a list has. */
export interface ComingRange {
  from?: Day;
  to?: Day;
  endsFrom?: Day;
  endsTo?: Day;
  csmId?: string;
  outlook?: ExpectationAsked;
  after?: { noticeDeadlineOn: Day; termId: string };
  limit: number;
}

/** Reads the facts of renewals: of terms, their customers, and the mails that were queued. */
@Injectable()
export class RenewalStore {
  /** Terms whose last day for a notice is over. */
  readonly locks = new DueTerms('lock_at', "t.renewal_state = 'open'");

  readonly reminders = new DueTerms('next_reminder_at');

  /** The reminder of each term that was queued last, by its days before the end. Omits terms without reminders. */
  async lastReminders(tx: Transaction, termIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await tx.query<{ termId: string; daysBefore: number }>(
      `select term_id as "termId", min(substring(kind from ${reminderKindPrefix.length + 1})::integer) as "daysBefore"
       from mails where term_id = any($1::uuid[]) and starts_with(kind, '${reminderKindPrefix}') group by term_id`,
      [termIds],
    );
    return new Map(rows.map(({ termId, daysBefore }) => [termId, daysBefore]));
  }

  /** Terms without a reminder to the customer that was sent, or that a mail server took (`delivered`). */
  async withoutReminder(tx: Transaction, termIds: readonly string[], reached: 'sent' | 'delivered'): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      `select t.id from unnest($1::uuid[]) as t (id)
       where not exists (select 1 from mails m where m.term_id = t.id and starts_with(m.kind, '${reminderKindPrefix}')
         and m.recipient_role = 'customer' and ${reached === 'delivered' ? 'm.delivered' : "m.status = 'sent'"})`,
      [termIds],
    );
    return rows.map(({ id }) => id);
  }

  /** By term, the contacts of its reminders, and why the last reminder failed. Omits terms without reminders. */
  async undeliveredReminders(
    tx: Transaction,
    termIds: readonly string[],
  ): Promise<Map<string, { name: string; address: string; error: string | null }[]>> {
    const rows = await tx.query<{ termId: string; name: string; address: string; error: string | null }>(
      `select distinct on (term_id, lower(recipient_address)) term_id as "termId", recipient_name as name,
         recipient_address as address,
         case when status = 'sent' and not delivered then 'It became a file' else last_error end as error
       from mails
       where term_id = any($1::uuid[]) and starts_with(kind, '${reminderKindPrefix}') and recipient_role = 'customer'
       order by term_id, lower(recipient_address), queued_at desc`,
      [termIds],
    );
    const byTerm = new Map<string, { name: string; address: string; error: string | null }[]>();
    for (const { termId, ...contact } of rows) byTerm.set(termId, [...(byTerm.get(termId) ?? []), contact]);
    return byTerm;
  }

  /** All recipients of the mail about the lock, or of a mail about a withdrawal that led to the lock. */
  lockConfirmedTo(tx: Transaction, termId: string): Promise<Recipient[]> {
    return tx.query(
      `select distinct on (recipient_role, lower(recipient_address)) recipient_role as role, recipient_name as name,
         recipient_address as address, locale
       from mails
       where term_id = $1 and kind in ('${lockKind}', 'notice-withdrawn')
         and facts -> 'term' ->> 'renewalState' = 'locked' and status <> 'failed'
       order by recipient_role, lower(recipient_address), queued_at desc`,
      [termId],
    );
  }

  /** The zone in which the deadline of a term was computed. */
  async deadlineZone(tx: Transaction, termId: string): Promise<string> {
    const [term] = await tx.query<{ zone: string }>('select deadline_zone as zone from terms where id = $1', [termId]);
    return term!.zone;
  }

  /** The facts of a subscription's current term. */
  async factsOfSubscription(tx: Transaction, subscriptionId: string): Promise<RenewalFacts | undefined> {
    const [facts] = await tx.query<RenewalFacts>(`${factsOfTerms} where s.id = $1 and t.id = s.current_term_id`, [
      subscriptionId,
    ]);
    return facts;
  }

  async facts(tx: Transaction, termIds: readonly string[]): Promise<Map<string, RenewalFacts>> {
    const rows = await tx.query<RenewalFacts>(`${factsOfTerms} where t.id = any($1::uuid[])`, [termIds]);
    return new Map(rows.map((facts) => [facts.termId, facts]));
  }

  /** Open terms by their last day for a notice, in every state of the renewal. All ranges are inclusive. */
  coming(tx: Transaction, visibility: Visibility, range: ComingRange): Promise<ComingRenewal[]> {
    const values: unknown[] = [
      range.from ?? '-infinity',
      range.to ?? 'infinity',
      range.after?.noticeDeadlineOn ?? '-infinity',
      range.after?.termId ?? idBeforeAll,
      range.limit,
      range.endsFrom ?? '-infinity',
      range.endsTo ?? 'infinity',
    ];
    const ofCsm = range.csmId === undefined ? '' : `and s.csm_id = $${values.push(range.csmId)}`;
    const withOutlook =
      range.outlook === undefined
        ? ''
        : `and coalesce(${presentExpectation('t.id')}, 'none') = $${values.push(range.outlook)}`;
    return tx.query(
      `${comingTerms}
       where t.status = 'open' and t.notice_deadline_on between $1 and $2 and t.ends_on between $6 and $7
         and (t.notice_deadline_on, t.id) > ($3, $4) ${ofCsm} ${withOutlook}
         and ${visibilityCondition(visibility, 's', values)}
       order by t.notice_deadline_on, t.id limit $5`,
      values,
    );
  }

  /** Terms by their ids, also closed ones, for a caller that has checked the right to see them. */
  async termsShown(tx: Transaction, termIds: readonly string[]): Promise<Map<string, ComingRenewal>> {
    const rows = await tx.query<ComingRenewal>(`${comingTerms} where t.id = any($1::uuid[])`, [termIds]);
    return new Map(rows.map((row) => [row.termId, row]));
  }
}

const comingTerms = `
  select t.id as "termId", t.subscription_id as "subscriptionId", t.number, s.anchor_on as "anchorOn",
    t.starts_on as "startsOn", t.ends_on as "endsOn", t.notice_deadline_on as "noticeDeadlineOn",
    t.renewal_state as "renewalState", t.package, s.next_package as "nextPackage",
    b.granted_minutes - b.used_minutes - b.expired_minutes as "remainingMinutes", b.expired_minutes as "expiredMinutes",
    b.seats_used as "seatsInUse", c.id as "customerId", c.name as "customerName", c.code as "customerCode",
    c.time_zone as "timeZone", s.contract_number as "contractNumber", u.id as "csmId", u.name as "csmName"
  from terms t
  join subscriptions s on s.id = t.subscription_id
  join customers c on c.id = s.customer_id
  join users u on u.id = s.csm_id
  join balances b on b.term_id = t.id`;

const factsOfTerms = `
  select t.id as "termId", t.subscription_id as "subscriptionId", t.number, s.anchor_on as "anchorOn",
    t.starts_on as "startsOn", t.ends_on as "endsOn", t.ends_at as "endsAt",
    t.notice_deadline_on as "noticeDeadlineOn", t.lock_at as "lockAt", t.deadline_zone as "deadlineZone",
    t.renewal_state as "renewalState", t.next_reminder_at as "nextReminderAt", t.package, s.next_package as "nextPackage",
    b.granted_minutes as "grantedMinutes", b.used_minutes as "usedMinutes",
    b.granted_minutes - b.used_minutes - b.expired_minutes as "remainingMinutes",
    b.last_sequence as "lastSequence", b.seats_used as "seatsInUse", b.max_seats as "maxSeats",
    s.entered_at as "enteredAt", c.id as "customerId", c.name as "customerName", c.locale, c.time_zone as "timeZone",
    c.country, c.contacts,
    ${identityColumns},
    (select count(*)::integer from mails m where m.subscription_id = s.id) as "mailsBefore",
    u.id as "csmId", ${csmContactColumns}
  from terms t
  join subscriptions s on s.id = t.subscription_id
  join customers c on c.id = s.customer_id
  join users u on u.id = s.csm_id
  join balances b on b.term_id = t.id`;
