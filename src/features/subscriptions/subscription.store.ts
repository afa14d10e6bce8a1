import { Injectable } from '@nestjs/common';
import type { Visibility } from '../../domain/access.js';
import type { Day, Month } from '../../domain/calendar.js';
import type { PacePolicy, SubscriptionStatus } from '../../domain/contract.js';
import type { PackageCode } from '../../domain/package.js';
import type { RenewalState } from '../../domain/term.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { findKey, matchOf, nameContains, nameKey } from '../customers/name-lookup.js';
import type { Annulment, VersionInUse } from './contract.js';
import { visibilityCondition } from '../people/visibility.js';

export interface NewSubscriptionRow {
  id: string;
  customerId: string;
  csmId: string;
  anchorOn: Day;
  purchasedAt: Date;
  enteredAt: Date;
  enteredOn: Day;
  enteredBy: string;
  pacePolicy: PacePolicy;
  contractNumber: string | null;
}

/** The editable fields of a subscription. */
export type SubscriptionEdit = Pick<NewSubscriptionRow, 'csmId' | 'pacePolicy' | 'contractNumber'>;

export interface SubscriptionFilter {
  customerId?: string;
  /** A part of the customer's name. */
  customerName?: string;
  csmId?: string;
  package?: PackageCode;
  status?: SubscriptionStatus;
  renewalState?: RenewalState;
  endsBefore?: Day;
}

/** A subscription in a list. */
export interface ListedSubscription {
  id: string;
  /** The sort key before the id: the start of the customer's name, normalised for capitals, widths and spaces. */
  key: string;
}

/** A subscription that the finder shows. */
export interface MatchedSubscription {
  id: string;
  customer: string;
  contractNumber: string | null;
  package: PackageCode;
  status: SubscriptionStatus;
  /** The last day of the current term. */
  endsOn: Day;
}

export interface SubscriptionOrder {
  by: 'entered' | 'customerName';
  descending: boolean;
}

/** The number of characters by which names are sorted, so that a cursor stays short. */
const sortedCharacters = 100;

/** SQL that is true if a CSM has a subscription of a customer, active or ended. Both arguments are SQL expressions. */
export const hasSubscription = (customerId: string, csmId: string): string =>
  `exists (select from subscriptions s
    where s.customer_id = ${customerId} and s.csm_id = ${csmId} and s.status <> 'annulled')`;

/** Writes the editable fields of subscriptions. Each change raises the version for `If-Match`. */
@Injectable()
export class SubscriptionStore {
  async insert(tx: Transaction, row: NewSubscriptionRow): Promise<void> {
    await tx.query(
      `insert into subscriptions (id, customer_id, csm_id, anchor_on, purchased_at, entered_at, entered_on, entered_by,
         status, pace_policy, contract_number)
       values ($1, $2, $3, $4, $5, $6, $7, $8, 'active', $9, $10)`,
      [
        row.id,
        row.customerId,
        row.csmId,
        row.anchorOn,
        row.purchasedAt,
        row.enteredAt,
        row.enteredOn,
        row.enteredBy,
        row.pacePolicy,
        row.contractNumber,
      ],
    );
  }

  async setCurrentTerm(tx: Transaction, id: string, termId: string): Promise<void> {
    await tx.query('update subscriptions set current_term_id = $2 where id = $1', [id, termId]);
  }

  /** Subscriptions in an order, after a given one. Without a limit, all of them. */
  async list(
    tx: Transaction,
    visibility: Visibility,
    filter: SubscriptionFilter,
    { by, descending }: SubscriptionOrder,
    after?: ListedSubscription,
    limit?: number,
  ): Promise<ListedSubscription[]> {
    const values: unknown[] = [];
    const conditions = [visibilityCondition(visibility, 's', values)];
    const where = (condition: string, value: unknown): void => {
      if (value !== undefined) conditions.push(`${condition} $${values.push(value)}`);
    };
    const name = `left(${nameKey('c.name')}, ${sortedCharacters}) collate "C"`;
    const [beyond, direction] = descending ? ['<', 'desc'] : ['>', 'asc'];
    if (after && by === 'entered') where(`s.id ${beyond}`, after.id);
    if (after && by === 'customerName') {
      conditions.push(`(${name}, s.id) ${beyond} ($${values.push(after.key)}, $${values.push(after.id)}::uuid)`);
    }
    if (filter.customerName !== undefined) {
      conditions.push(nameContains('c.name', `$${values.push(filter.customerName)}::text`));
    }
    where('s.customer_id =', filter.customerId);
    where('s.csm_id =', filter.csmId);
    where('s.status =', filter.status);
    if (filter.status === undefined) conditions.push(`s.status <> 'annulled'`);
    where('t.package =', filter.package);
    where('t.renewal_state =', filter.renewalState);
    where('t.ends_on <', filter.endsBefore);
    const order = by === 'entered' ? `s.id ${direction}` : `"key" ${direction}, s.id ${direction}`;
    return tx.query(
      `select s.id, ${by === 'entered' ? `''` : name} as "key"
       from subscriptions s join terms t on t.id = s.current_term_id join customers c on c.id = s.customer_id
       where ${conditions.join(' and ')} order by ${order} ${limit === undefined ? '' : `limit $${values.push(limit)}`}`,
      values,
    );
  }

  /** Visible subscriptions whose contract number or customer's name contains a text: best match first, active ones first. */
  matching(tx: Transaction, visibility: Visibility, text: string, limit: number): Promise<MatchedSubscription[]> {
    const values: unknown[] = [text, limit];
    return tx.query(
      // A customer's name is compared once, however many subscriptions the customer has.
      `with asked as materialized (select ${findKey('$1::text')} as key),
       named as materialized (
         select c.id, c.name, ${matchOf('k.name', 'asked.key')} as rank
         from asked cross join customers c cross join lateral (select ${findKey('c.name')} as name offset 0) k)
       select s.id, n.name as customer, s.contract_number as "contractNumber", t.package, s.status, t.ends_on as "endsOn"
       from asked cross join subscriptions s
       join named n on n.id = s.customer_id
       join terms t on t.id = s.current_term_id
       cross join lateral (
         select least(n.rank, ${matchOf('k.number', 'asked.key')}) as rank
         from (select ${findKey('s.contract_number')} as number offset 0) k offset 0) matched
       where ${visibilityCondition(visibility, 's', values)} and s.status <> 'annulled' and matched.rank is not null
       order by matched.rank, s.status <> 'active', n.name collate "C", s.id limit $2`,
      values,
    );
  }

  /** The number of open terms of each package and version. */
  versionsInUse(tx: Transaction): Promise<VersionInUse[]> {
    return tx.query(
      `select package, package_version as version, count(*)::integer as terms from terms where status = 'open' group by 1, 2`,
    );
  }

  /** The number of active subscriptions of a CSM. */
  async activeOf(tx: Transaction, csmId: string): Promise<number> {
    const [row] = await tx.query<{ count: number }>(
      `select count(*)::integer as count from subscriptions where csm_id = $1 and status = 'active'`,
      [csmId],
    );
    return row!.count;
  }

  async change(tx: Transaction, id: string, { csmId, pacePolicy, contractNumber }: SubscriptionEdit): Promise<void> {
    await tx.query(
      `update subscriptions set csm_id = $2, pace_policy = $3, contract_number = $4, version = version + 1
       where id = $1`,
      [id, csmId, pacePolicy, contractNumber],
    );
  }

  async setNextPackage(tx: Transaction, id: string, nextPackage: PackageCode | null): Promise<void> {
    await tx.query('update subscriptions set next_package = $2, version = version + 1 where id = $1', [
      id,
      nextPackage,
    ]);
  }

  /** Annuls a contract and its only term under the lock of the subscription. Nothing is due for it afterwards. */
  async annul(
    tx: Transaction,
    id: string,
    { reason, annulledAt, annulledBy }: Annulment,
    after: Month | null,
  ): Promise<void> {
    await tx.query(
      `with annulled as (
         update terms set status = 'annulled', renewal_state = 'ended', next_reminder_at = null, next_alert_at = null,
           next_statement_at = null
         where subscription_id = $1
       )
       update subscriptions set status = 'annulled', annulment_reason = $2, annulled_at = $3, annulled_by = $4,
         annulled_after_month = $5, next_package = null, version = version + 1 where id = $1`,
      [id, reason, annulledAt, annulledBy, after],
    );
  }

  async raiseVersion(tx: Transaction, id: string): Promise<void> {
    await tx.query('update subscriptions set version = version + 1 where id = $1', [id]);
  }
}
