import { Injectable } from '@nestjs/common';
import type { Visibility } from '../../domain/access.js';
import { ServiceRules } from '../../domain/service-rules.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { PackageService } from '../packages/package.service.js';
import {
  contractsOf,
  type CoveredDays,
  type EnrolmentRow,
  type SubscriptionName,
  type SubscriptionContract,
  type SubscriptionRow,
  type TermPackageRow,
} from './contract.js';
import { visibilityCondition } from '../people/visibility.js';

/** Which terms of a contract to read, with the condition in SQL. */
const termsWanted = {
  all: 'true',
  open: "t.status = 'open'",
  current: 't.id = (select s.current_term_id from subscriptions s where s.id = t.subscription_id)',
};
type TermsWanted = keyof typeof termsWanted;

/** Reads contracts and puts them together from their rows. */
@Injectable()
export class ContractStore {
  constructor(
    private readonly packages: PackageService,
    private readonly rules: ServiceRules,
  ) {}

  /**
   * The contracts of subscriptions by their ids, in three SQL statements: with all terms, only the open ones, or only
   * the current one.
   */
  async load(
    tx: Transaction,
    ids: readonly string[],
    terms: TermsWanted = 'all',
  ): Promise<Map<string, SubscriptionContract>> {
    const rows = {
      subscriptions: await this.#subscriptions(tx, ids),
      termPackages: await this.#termPackages(tx, ids, terms),
      enrolments: await this.#enrolments(tx, ids),
    };
    return contractsOf(rows, { packages: this.packages.table, tolerancePercent: this.rules.paceTolerancePercent });
  }

  /** Which of these ids are subscriptions. */
  async existing(tx: Transaction, ids: readonly string[]): Promise<string[]> {
    const rows = await tx.prepared<{ id: string }>(
      'subscriptions-existing',
      'select id from subscriptions where id = any($1::uuid[])',
      [ids],
    );
    return rows.map(({ id }) => id);
  }

  async isVisible(tx: Transaction, visibility: Visibility, id: string): Promise<boolean> {
    const values: unknown[] = [id];
    const rows = await tx.query(
      `select 1 from subscriptions s where s.id = $1 and ${visibilityCondition(visibility, 's', values)}`,
      values,
    );
    return rows.length > 0;
  }

  /** The subscription of a term; undefined if the term is missing or not visible. */
  async subscriptionOfTerm(tx: Transaction, visibility: Visibility, termId: string): Promise<string | undefined> {
    const values = [termId];
    const [row] = await tx.query<{ subscriptionId: string }>(
      `select s.id as "subscriptionId" from terms t join subscriptions s on s.id = t.subscription_id
       where t.id = $1 and ${visibilityCondition(visibility, 's', values)}`,
      values,
    );
    return row?.subscriptionId;
  }

  /** Whose subscriptions these are. */
  names(tx: Transaction, ids: readonly string[]): Promise<SubscriptionName[]> {
    return tx.prepared(
      'contracts-names',
      `select s.id, c.id as "customerId", c.name as customer, c.code as "customerCode", c.time_zone as "timeZone",
         s.contract_number as "contractNumber", s.csm_id as "csmId"
       from subscriptions s join customers c on c.id = s.customer_id where s.id = any($1::uuid[])`,
      [ids],
    );
  }

  /** Visible active subscriptions, by the name of the customer. */
  async activeNames(tx: Transaction, visibility: Visibility, limit: number): Promise<SubscriptionName[]> {
    const values: unknown[] = [limit];
    return tx.query(
      `select s.id, c.id as "customerId", c.name as customer, c.code as "customerCode", c.time_zone as "timeZone",
         s.contract_number as "contractNumber", s.csm_id as "csmId"
       from subscriptions s join customers c on c.id = s.customer_id
       where s.status = 'active' and ${visibilityCondition(visibility, 's', values)}
       order by c.name collate "C", s.id limit $1`,
      values,
    );
  }

  /** Which of these subscriptions are visible. */
  async visible(tx: Transaction, visibility: Visibility, ids: readonly string[]): Promise<string[]> {
    const values: unknown[] = [ids];
    const rows = await tx.query<{ id: string }>(
      `select s.id from subscriptions s where s.id = any($1::uuid[]) and ${visibilityCondition(visibility, 's', values)}`,
      values,
    );
    return rows.map(({ id }) => id);
  }

  /** The days that the visible subscriptions of customers cover, without annulled ones. */
  coveredDays(tx: Transaction, visibility: Visibility, customerIds: readonly string[]): Promise<CoveredDays[]> {
    const values: unknown[] = [customerIds];
    return tx.query(
      `select s.customer_id as "customerId", s.id as "subscriptionId", min(t.starts_on) as "startsOn",
         case when s.status = 'ended' then max(t.ends_on) end as "endsOn",
         (select coalesce(json_agg(json_build_object('productLineId', e.product_line_id, 'fromOn', e.from_on,
             'untilOn', e.until_on)), '[]') from enrolments e where e.subscription_id = s.id) as enrolments
       from subscriptions s join terms t on t.subscription_id = s.id
       where s.customer_id = any($1::uuid[]) and s.status <> 'annulled' and ${visibilityCondition(visibility, 's', values)}
       group by s.id`,
      values,
    );
  }

  #subscriptions(tx: Transaction, ids: readonly string[]): Promise<SubscriptionRow[]> {
    return tx.prepared(
      'contracts-subscriptions',
      `select s.id as "subscriptionId", s.version, s.revision, s.customer_id as "customerId", s.csm_id as "csmId",
         c.time_zone as "timeZone", s.status, s.pace_policy as "pacePolicy", s.next_package as "nextPackage",
         s.contract_number as "contractNumber",
         s.anchor_on as "anchorOn", s.purchased_at as "purchasedAt", s.entered_at as "enteredAt", s.entered_on as "enteredOn",
         s.annulment_reason as "annulmentReason", s.annulled_at as "annulledAt", s.annulled_by as "annulledBy"
       from subscriptions s join customers c on c.id = s.customer_id
       where s.id = any($1::uuid[])`,
      [ids],
    );
  }

  /** By subscription, term number, and effective day of the package. */
  #termPackages(tx: Transaction, ids: readonly string[], terms: TermsWanted): Promise<TermPackageRow[]> {
    return tx.prepared(
      `contracts-${terms}-terms`,
      `select t.subscription_id as "subscriptionId", t.id, t.number, t.starts_on as "startsOn", t.ends_on as "endsOn",
         t.starts_at as "startsAt", t.ends_at as "endsAt", t.notice_days as "noticeDays", t.notice_deadline_on as "noticeDeadlineOn",
         t.lock_at as "lockAt", t.deadline_zone as "deadlineZone", t.deadline_announced as "deadlineAnnounced",
         t.next_reminder_at as "nextReminderAt",
         t.purchase_order as "purchaseOrder", t.version, t.status, t.renewal_state as "renewalState",
         p.package, p.package_version as "packageVersion", p.effective_on as "effectiveOn",
         p.granted_minutes as "grantedMinutes", p.onsite_cap_percent as "onsiteCapPercent", p.max_visits as "maxVisits",
         p.learning_seats as "learningSeats", p.max_consultants as "maxConsultants", p.max_product_lines as "maxProductLines",
         (select coalesce(json_agg(json_build_object('id', u.id, 'kind', u.kind, 'minutes', u.minutes - coalesce(u.cancelled_minutes, 0),
             'effectiveOn', u.effective_on) order by u.effective_on, u.sequence), '[]')
          from top_ups u where u.term_id = t.id and u.minutes > coalesce(u.cancelled_minutes, 0)) as "topUps"
       from terms t join term_packages p on p.term_id = t.id
       where t.subscription_id = any($1::uuid[]) and ${termsWanted[terms]}
       order by t.subscription_id, t.number, p.sequence`,
      [ids],
    );
  }

  /** In the order of the request. */
  #enrolments(tx: Transaction, ids: readonly string[]): Promise<EnrolmentRow[]> {
    return tx.prepared(
      'contracts-enrolments',
      `select subscription_id as "subscriptionId", product_line_id as "productLineId", from_on as "fromOn", until_on as "untilOn"
       from enrolments where subscription_id = any($1::uuid[]) order by subscription_id, position, from_on, id`,
      [ids],
    );
  }
}
