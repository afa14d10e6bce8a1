import { Injectable } from '@nestjs/common';
import type { Visibility } from '../../domain/access.js';
import type { Day } from '../../domain/calendar.js';
import type { Expectation } from '../../domain/outlook.js';
import type { PackageCode } from '../../domain/package.js';
import type { ForecastTerm } from '../../domain/renewal-forecast.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { visibilityCondition } from '../people/visibility.js';

/** An open term that may have an event in a stretch of time. */
export interface ForecastCandidate extends ForecastTerm {
  termId: string;
  subscriptionId: string;
}

/** What is shown of a term beside its dates. */
export interface ForecastSubject {
  subscriptionId: string;
  customerId: string;
  customerName: string;
  package: PackageCode;
  nextPackage: PackageCode | null;
  startsOn: Day;
  endsOn: Day;
  timeZone: string;
}

/** Open terms with the same last day, packages and outlook. */
export interface ExpectedTerms {
  endsOn: Day;
  package: PackageCode;
  nextPackage: PackageCode | null;
  expectation: Expectation | null;
  terms: number;
}

/** From the first instant (inclusive) to the second (exclusive). */
export interface Stretch {
  from: Date;
  before: Date;
}

/** SQL that finds the open terms of a forecast. The rules decide which events they have. */
@Injectable()
export class ForecastStore {
  /** When the first and the last of the open terms end; undefined if there is no open term. */
  async ends(tx: Transaction): Promise<{ first: Date; last: Date } | undefined> {
    const [row] = await tx.query<{ first: Date | null; last: Date | null }>(
      `select min(ends_at) as first, max(ends_at) as last from terms where status = 'open'`,
    );
    return row?.first && row.last ? { first: row.first, last: row.last } : undefined;
  }

  /**
   * Open terms that end in one of the stretches (which do not overlap), or lock in the stretch `locks`, or have
   * overdue work. Of terms that the rules treat alike, reads a limited number in the order of subscription ids,
   * beginning at `fromId`. More than that number cannot be on one page.
   */
  candidates(
    tx: Transaction,
    visibility: Visibility,
    wanted: {
      stretches: readonly Stretch[];
      locks: Stretch;
      overdueAt: Date | null;
      fromId: string;
      ofEachKind: number;
    },
  ): Promise<ForecastCandidate[]> {
    const values: unknown[] = [
      wanted.stretches.map(({ from }) => from),
      wanted.stretches.map(({ before }) => before),
      wanted.overdueAt,
      wanted.fromId,
      wanted.ofEachKind,
      wanted.locks.from,
      wanted.locks.before,
    ];
    return tx.query(
      `with wanted as (
         select t.id from unnest($1::timestamptz[], $2::timestamptz[]) as stretch (low, high)
         join terms t on t.status = 'open' and t.ends_at >= stretch.low and t.ends_at < stretch.high
         union
         select id from terms where renewal_state = 'open' and lock_at >= $6 and lock_at < $7
         union
         select id from terms where status = 'open' and ends_at <= $3
         union
         select id from terms where renewal_state = 'open' and lock_at <= $3
         union
         select id from terms where next_reminder_at is not null and next_reminder_at <= $3
       )
       select * from (
         select t.id as "termId", t.subscription_id as "subscriptionId", t.number, s.anchor_on as "anchorOn",
           t.ends_on as "endsOn", t.ends_at as "endsAt", t.lock_at as "lockAt", t.next_reminder_at as "nextReminderAt",
           t.renewal_state as "renewalState", c.time_zone as "timeZone",
           row_number() over (partition by t.ends_at, t.lock_at, t.next_reminder_at, t.renewal_state, t.number,
             s.anchor_on, c.time_zone, s.id >= $4 order by s.id) as place
         from wanted
         join terms t on t.id = wanted.id
         join subscriptions s on s.id = t.subscription_id
         join customers c on c.id = s.customer_id
         where ${visibilityCondition(visibility, 's', values)}
       ) alike where place <= $5`,
      values,
    );
  }

  /** The open terms that end before an instant and are not declined, counted by their present outlook. */
  expected(tx: Transaction, visibility: Visibility, before: Date): Promise<ExpectedTerms[]> {
    const values: unknown[] = [before];
    return tx.query(
      `select t.ends_on as "endsOn", t.package, s.next_package as "nextPackage", o.expectation,
         count(*)::integer as terms
       from terms t
       join subscriptions s on s.id = t.subscription_id
       left join lateral (select expectation from outlooks where term_id = t.id order by sequence desc limit 1) o on true
       where t.status = 'open' and t.renewal_state <> 'declined' and t.ends_at <= $1
         and ${visibilityCondition(visibility, 's', values)}
       group by t.ends_on, t.package, s.next_package, o.expectation`,
      values,
    );
  }

  /** What is shown of open terms, by their ids. */
  async subjects(tx: Transaction, termIds: readonly string[]): Promise<Map<string, ForecastSubject>> {
    const rows = await tx.query<ForecastSubject & { termId: string }>(
      `select t.id as "termId", s.id as "subscriptionId", c.id as "customerId", c.name as "customerName", t.package,
         s.next_package as "nextPackage", t.starts_on as "startsOn", t.ends_on as "endsOn", c.time_zone as "timeZone"
       from terms t
       join subscriptions s on s.id = t.subscription_id
       join customers c on c.id = s.customer_id
       where t.id = any($1::uuid[])`,
      [termIds],
    );
    return new Map(rows.map(({ termId, ...subject }) => [termId, subject]));
  }
}
