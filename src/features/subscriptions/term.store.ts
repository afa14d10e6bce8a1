import { Injectable } from '@nestjs/common';
import type { Day } from '../../domain/calendar.js';
import type { Entitlement } from '../../domain/entitlement.js';
import type { PackageVersion } from '../../domain/package.js';
import type { DeadlineMove, TermInstants, TermInZone } from '../../domain/term-instants.js';
import type { RenewalState, TermStatus } from '../../domain/term.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { newId } from '../../platform/ids.js';

export interface NewTerm extends TermInstants {
  id: string;
  subscriptionId: string;
  number: number;
  startsOn: Day;
  endsOn: Day;
  noticeDays: number;
  noticeDeadlineOn: Day;
  package: PackageVersion;
  entitlement: Entitlement;
  /** When its pace is checked first, and the used minutes from which a booking makes a check worthwhile. */
  nextAlertAt: Date;
  alertFromMinutes: number;
  /** When its first usage statement is due. */
  nextStatementAt: Date;
  purchaseOrder: string | null;
}

/** All moments of a term at which something is due. */
export interface TimedInstants extends TermInstants {
  nextAlertAt: Date | null;
  nextStatementAt: Date | null;
}

/** A term with its future moments, and the values from which they were computed. */
export interface TimedTerm extends TimedInstants, TermInZone {
  id: string;
  subscriptionId: string;
  anchorOn: Day;
  /** From 0. */
  number: number;
  deadlineAnnounced: boolean;
  status: TermStatus;
  renewalState: RenewalState;
}

export interface NewTermPackage {
  termId: string;
  /** From 0. A term opens with sequence 0, and each upgrade adds one. */
  sequence: number;
  package: PackageVersion;
  effectiveOn: Day;
}

/** Writes terms and their packages. */
@Injectable()
export class TermStore {
  /** Opens terms under their packages. */
  async open(tx: Transaction, terms: readonly NewTerm[]): Promise<void> {
    await tx.prepared(
      'terms-open',
      `insert into terms (id, subscription_id, number, starts_on, ends_on, starts_at, ends_at, notice_deadline_on, lock_at,
         next_reminder_at, package, package_version, next_alert_at, next_statement_at, deadline_zone, purchase_order,
         notice_days, status, renewal_state)
       select *, 'open', 'open' from unnest($1::uuid[], $2::uuid[], $3::integer[], $4::date[], $5::date[], $6::timestamptz[],
         $7::timestamptz[], $8::date[], $9::timestamptz[], $10::timestamptz[], $11::text[], $12::text[],
         $13::timestamptz[], $14::timestamptz[], $15::text[], $16::text[], $17::integer[])`,
      [
        terms.map(({ id }) => id),
        terms.map(({ subscriptionId }) => subscriptionId),
        terms.map(({ number }) => number),
        terms.map(({ startsOn }) => startsOn),
        terms.map(({ endsOn }) => endsOn),
        terms.map(({ startsAt }) => startsAt),
        terms.map(({ endsAt }) => endsAt),
        terms.map(({ noticeDeadlineOn }) => noticeDeadlineOn),
        terms.map(({ lockAt }) => lockAt),
        terms.map(({ nextReminderAt }) => nextReminderAt),
        terms.map(({ package: sold }) => sold.code),
        terms.map(({ package: sold }) => sold.version),
        terms.map(({ nextAlertAt }) => nextAlertAt),
        terms.map(({ nextStatementAt }) => nextStatementAt),
        terms.map(({ deadlineZone }) => deadlineZone),
        terms.map(({ purchaseOrder }) => purchaseOrder),
        terms.map(({ noticeDays }) => noticeDays),
      ],
    );
    await this.addPackages(
      tx,
      terms.map((term) => ({ termId: term.id, sequence: 0, package: term.package, effectiveOn: term.startsOn })),
    );
  }

  /** Sets the purchase order of a term, even a closed one, because orders often arrive late. */
  async setPurchaseOrder(tx: Transaction, id: string, purchaseOrder: string | null): Promise<void> {
    await tx.query('update terms set purchase_order = $2, version = version + 1 where id = $1', [id, purchaseOrder]);
  }

  /** Locks the renewals of a subscription whose last day for a notice has passed. */
  async lockPassed(tx: Transaction, subscriptionId: string, now: Date, to: RenewalState): Promise<void> {
    await tx.query(
      `update terms set renewal_state = $3 where subscription_id = $1 and renewal_state = 'open' and lock_at <= $2`,
      [subscriptionId, now, to],
    );
  }

  /** Sets the renewal state, and removes the next reminder. */
  async setRenewalState(tx: Transaction, id: string, to: RenewalState): Promise<void> {
    await tx.query('update terms set renewal_state = $2, next_reminder_at = null where id = $1', [id, to]);
  }

  async addPackages(tx: Transaction, packages: readonly NewTermPackage[]): Promise<void> {
    await tx.prepared(
      'term-packages-add',
      `insert into term_packages (term_id, sequence, package, package_version, effective_on, granted_minutes,
         onsite_cap_percent, max_visits, learning_seats, max_consultants, max_product_lines)
       select * from unnest($1::uuid[], $2::integer[], $3::text[], $4::text[], $5::date[], $6::integer[], $7::integer[],
         $8::integer[], $9::integer[], $10::integer[], $11::integer[])`,
      [
        packages.map(({ termId }) => termId),
        packages.map(({ sequence }) => sequence),
        packages.map(({ package: sold }) => sold.code),
        packages.map(({ package: sold }) => sold.version),
        packages.map(({ effectiveOn }) => effectiveOn),
        packages.map(({ package: sold }) => sold.grantedMinutes),
        packages.map(({ package: sold }) => sold.onsite.capPercent),
        packages.map(({ package: sold }) => sold.onsite.maxVisits),
        packages.map(({ package: sold }) => sold.learningSeats),
        packages.map(({ package: sold }) => sold.maxConsultants),
        packages.map(({ package: sold }) => sold.maxProductLines),
      ],
    );
  }

  /** Puts an open term under a better package. */
  async upgrade(tx: Transaction, added: NewTermPackage): Promise<void> {
    await this.addPackages(tx, [added]);
    const { termId, package: sold } = added;
    await tx.query('update terms set package = $2, package_version = $3 where id = $1', [
      termId,
      sold.code,
      sold.version,
    ]);
  }

  /** Moves the moments of open terms, because the customer's zone has changed. */
  async move(tx: Transaction, terms: readonly ({ id: string } & TermInstants)[]): Promise<void> {
    await tx.query(
      `update terms t set starts_at = m.starts_at, ends_at = m.ends_at, lock_at = m.lock_at,
         deadline_zone = m.deadline_zone, next_reminder_at = m.next_reminder_at
       from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::timestamptz[], $5::text[], $6::timestamptz[])
         as m (id, starts_at, ends_at, lock_at, deadline_zone, next_reminder_at)
       where t.id = m.id`,
      [
        terms.map(({ id }) => id),
        terms.map(({ startsAt }) => startsAt),
        terms.map(({ endsAt }) => endsAt),
        terms.map(({ lockAt }) => lockAt),
        terms.map(({ deadlineZone }) => deadlineZone),
        terms.map(({ nextReminderAt }) => nextReminderAt),
      ],
    );
  }

  /** Open terms, and closed terms whose last statement is not sent yet, with all their future moments, by id. */
  timed(tx: Transaction, { afterId, limit }: { afterId: string; limit: number }): Promise<TimedTerm[]> {
    return tx.query(`${timedTerms} and t.id > $1 order by t.id limit $2`, [afterId, limit]);
  }

  /** As `timed`, of these terms. */
  timedByIds(tx: Transaction, ids: readonly string[]): Promise<TimedTerm[]> {
    return tx.query(`${timedTerms} and t.id = any($1::uuid[]) order by t.id`, [ids]);
  }

  /** Sets the future moments of terms. */
  async setInstants(tx: Transaction, terms: readonly ({ id: string } & TimedInstants)[]): Promise<void> {
    await tx.query(
      `update terms t set starts_at = m."startsAt", ends_at = m."endsAt", lock_at = m."lockAt",
           next_reminder_at = m."nextReminderAt", next_alert_at = m."nextAlertAt", next_statement_at = m."nextStatementAt"
         from jsonb_to_recordset($1::jsonb) as m (id uuid, "startsAt" timestamptz, "endsAt" timestamptz,
           "lockAt" timestamptz, "nextReminderAt" timestamptz, "nextAlertAt" timestamptz, "nextStatementAt" timestamptz)
         where t.id = m.id`,
      [JSON.stringify(terms)],
    );
  }

  /** Records how a change of the customer's zone, or of a zone's rules, moved the deadlines of open terms. */
  async keepDeadlineMoves(tx: Transaction, moves: readonly (DeadlineMove & { termId: string })[]): Promise<void> {
    await tx.query(
      `insert into deadline_moves (id, term_id, moved_at, from_zone, to_zone, announced, lock_at_before, lock_at_after,
         deadline_zone_before, deadline_zone_after)
       select * from jsonb_to_recordset($1::jsonb) as m (id uuid, "termId" uuid, "movedAt" timestamptz, "fromZone" text,
         "toZone" text, announced boolean, "lockAtBefore" timestamptz, "lockAtAfter" timestamptz,
         "deadlineZoneBefore" text, "deadlineZoneAfter" text)`,
      [JSON.stringify(moves.map((move) => ({ id: newId(), ...move })))],
    );
  }

  /** The moves of a term's deadline, in order of time. */
  deadlineMoves(tx: Transaction, termId: string): Promise<DeadlineMove[]> {
    return tx.query(
      `select moved_at as "movedAt", from_zone as "fromZone", to_zone as "toZone", announced,
         lock_at_before as "lockAtBefore", lock_at_after as "lockAtAfter",
         deadline_zone_before as "deadlineZoneBefore", deadline_zone_after as "deadlineZoneAfter"
       from deadline_moves where term_id = $1 order by moved_at, id`,
      [termId],
    );
  }

  /** Closes terms whose unused minutes have expired. The statement of their last month is still to be sent. */
  async close(
    tx: Transaction,
    terms: readonly { id: string; renewalState: 'renewed' | 'ended' }[],
    closedAt: Date,
  ): Promise<void> {
    const ids = terms.map(({ id }) => id);
    await tx.prepared(
      'terms-close',
      `update terms t set status = 'closed', renewal_state = c.renewal_state, closed_at = $3, next_reminder_at = null,
         next_alert_at = null
       from unnest($1::uuid[], $2::text[]) as c (id, renewal_state) where t.id = c.id`,
      [ids, terms.map(({ renewalState }) => renewalState), closedAt],
    );
  }
}

const timedTerms = `
  select t.id, t.subscription_id as "subscriptionId", s.anchor_on as "anchorOn", t.number, t.starts_on as "startsOn",
    t.ends_on as "endsOn", t.notice_deadline_on as "noticeDeadlineOn", c.time_zone as "timeZone",
    t.starts_at as "startsAt", t.ends_at as "endsAt", t.lock_at as "lockAt", t.deadline_zone as "deadlineZone",
    t.deadline_announced as "deadlineAnnounced", t.next_reminder_at as "nextReminderAt",
    t.next_alert_at as "nextAlertAt", t.next_statement_at as "nextStatementAt", t.status, t.renewal_state as "renewalState"
  from terms t
  join subscriptions s on s.id = t.subscription_id
  join customers c on c.id = s.customer_id
  where (t.status = 'open' or t.next_statement_at is not null)`;
