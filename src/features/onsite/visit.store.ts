import { Injectable } from '@nestjs/common';
import type { Day } from '../../domain/calendar.js';
import type { ContractVisit } from '../../domain/contract.js';
import type { VisitStatus } from '../../domain/onsite.js';
import type { Transaction } from '../../platform/database/transaction.js';

/** A visit with all its fields. */
export interface Visit extends ContractVisit {
  subscriptionId: string;
  termId: string;
  purpose: string | null;
  createdAt: Date;
  version: number;
}

const consultantIds = `array(
  select c.consultant_id from visit_consultants c where c.visit_id = v.id order by c.position) as "consultantIds"`;

const columns = `v.id, v.subscription_id as "subscriptionId", v.term_id as "termId", v.starts_on as "startsOn",
  v.ends_on as "endsOn", v.place, v.purpose, v.status, v.created_at as "createdAt", v.version, ${consultantIds}`;

/** All SQL of the visits and their participants. */
@Injectable()
export class VisitStore {
  async find(tx: Transaction, id: string): Promise<Visit | undefined> {
    const [visit] = await tx.query<Visit>(`select ${columns} from visits v where v.id = $1`, [id]);
    return visit;
  }

  /** Visits of a subscription in the order of creation, after `afterId`. */
  list(
    tx: Transaction,
    subscriptionId: string,
    { after, limit }: { after: string | null; limit: number },
  ): Promise<Visit[]> {
    return tx.query<Visit>(
      `select ${columns} from visits v
       where v.subscription_id = $1 and ($2::uuid is null or v.id > $2)
       order by v.id limit $3`,
      [subscriptionId, after, limit],
    );
  }

  async insert(tx: Transaction, visit: Visit, createdBy: string): Promise<void> {
    await tx.query(
      `insert into visits (id, subscription_id, term_id, starts_on, ends_on, place, purpose, status, version, created_at, created_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        visit.id,
        visit.subscriptionId,
        visit.termId,
        visit.startsOn,
        visit.endsOn,
        visit.place,
        visit.purpose,
        visit.status,
        visit.version,
        visit.createdAt,
        createdBy,
      ],
    );
    await this.#addConsultants(tx, visit.id, visit.consultantIds);
  }

  /** Updates the editable fields of a visit, and returns its new version. */
  async change(tx: Transaction, { id, startsOn, endsOn, place, purpose, consultantIds }: Visit): Promise<number> {
    await tx.query('delete from visit_consultants where visit_id = $1', [id]);
    await this.#addConsultants(tx, id, consultantIds);
    const [row] = await tx.query<{ version: number }>(
      `update visits set starts_on = $2, ends_on = $3, place = $4, purpose = $5, version = version + 1 where id = $1
       returning version`,
      [id, startsOn, endsOn, place, purpose],
    );
    return row!.version;
  }

  /** Changes the status of a visit, and returns its new version. */
  async move(tx: Transaction, id: string, to: VisitStatus): Promise<number> {
    const [row] = await tx.query<{ version: number }>(
      'update visits set status = $2, version = version + 1 where id = $1 returning version',
      [id, to],
    );
    return row!.version;
  }

  /**
   * The number of visits of a term that were planned or had begun at the end of a day. `dayEndsAt` is the same moment. Cancelled
   * visits do not count.
   */
  async usedOn(tx: Transaction, termId: string, on: Day, dayEndsAt: Date): Promise<number> {
    const [row] = await tx.query<{ count: number }>(
      `select count(*) as count from visits
       where term_id = $1 and status <> 'cancelled' and (created_at < $3 or starts_on <= $2)`,
      [termId, on, dayEndsAt],
    );
    return row!.count;
  }

  /** The visits of each subscription, by first day. Subscriptions without a visit are left out. */
  async ofSubscriptions(tx: Transaction, subscriptionIds: readonly string[]): Promise<Map<string, ContractVisit[]>> {
    const rows = await tx.prepared<ContractVisit & { subscriptionId: string }>(
      'visits-of-subscriptions',
      `select v.id, v.subscription_id as "subscriptionId", v.starts_on as "startsOn", v.ends_on as "endsOn", v.place, v.status,
         ${consultantIds}
       from visits v
       where v.subscription_id = any($1::uuid[])
       order by v.starts_on, v.id`,
      [subscriptionIds],
    );
    const visits = new Map<string, ContractVisit[]>();
    for (const { subscriptionId, ...visit } of rows) {
      const ofSubscription = visits.get(subscriptionId);
      if (ofSubscription) ofSubscription.push(visit);
      else visits.set(subscriptionId, [visit]);
    }
    return visits;
  }

  async #addConsultants(tx: Transaction, id: string, consultantIds: readonly string[]): Promise<void> {
    await tx.query(
      `insert into visit_consultants (visit_id, consultant_id, position)
       select $1, consultant_id, position from unnest($2::uuid[]) with ordinality as c (consultant_id, position)`,
      [id, consultantIds],
    );
  }
}
