import { Injectable } from '@nestjs/common';
import type { Day } from '../../domain/calendar.js';
import type { Deputyship, NamedDeputy, PossibleDeputy } from '../../domain/deputy.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { newId } from '../../platform/ids.js';

/** A deputy as it is stored, with the user's name. */
export interface StoredDeputy extends NamedDeputy {
  id: string;
  name: string;
}

/** A CSM whose deputy a user is. A CSM without a zone is in the zone of the house. */
export interface RepresentedCsm extends Deputyship {
  name: string;
  timeZone: string | null;
}

/** Deputies are one graph, as they must not form a circle: one transaction at a time changes it. */
const changeLockKey = 7_277_003;

const columns = `d.id, d.csm_id as "csmId", d.user_id as "userId", d.from_on as "from", d.to_on as "to"`;

/** SQL of `deputies`. */
@Injectable()
export class DeputyStore {
  async lockChanges(tx: Transaction): Promise<void> {
    await tx.query('select pg_advisory_xact_lock($1)', [changeLockKey]);
  }

  /** The deputies of a CSM whose last day is not before this day, by their first day. */
  ofCsm(tx: Transaction, csmId: string, today: Day): Promise<StoredDeputy[]> {
    return tx.query(
      `select ${columns}, u.name from deputies d join users u on u.id = d.user_id
       where d.csm_id = $1 and d.ended_at is null and d.to_on >= $2 order by d.from_on, d.to_on, d.id`,
      [csmId, today],
    );
  }

  /** The CSMs whose deputy a user is, on days that are not over before this day. */
  representedBy(tx: Transaction, userId: string, today: Day): Promise<RepresentedCsm[]> {
    return tx.query(
      `select ${columns}, u.name, u.time_zone as "timeZone" from deputies d join users u on u.id = d.csm_id
       where d.user_id = $1 and d.ended_at is null and d.to_on >= $2 order by d.from_on, d.to_on, d.id`,
      [userId, today],
    );
  }

  /** The deputies of all other CSMs whose last day is not before this day. */
  ofOthers(tx: Transaction, csmId: string, today: Day): Promise<Deputyship[]> {
    return tx.query(`select ${columns} from deputies d where d.csm_id <> $1 and d.ended_at is null and d.to_on >= $2`, [
      csmId,
      today,
    ]);
  }

  /** The users that are wanted as deputies. Their role stays until the end of the transaction. */
  async possible(tx: Transaction, ids: readonly string[]): Promise<Map<string, PossibleDeputy>> {
    const rows = await tx.query<PossibleDeputy & { id: string }>(
      'select id, role, active from users where id = any($1::uuid[]) order by id for share',
      [ids],
    );
    return new Map(rows.map(({ id, role, active }) => [id, { role, active }]));
  }

  /** The version of a CSM's list: each change names or ends at least one deputy, and no row is deleted. */
  async version(tx: Transaction, csmId: string): Promise<number> {
    const [row] = await tx.query<{ version: number }>(
      'select (count(*) + count(ended_at))::integer as version from deputies where csm_id = $1',
      [csmId],
    );
    return row!.version;
  }

  async name(
    tx: Transaction,
    csmId: string,
    deputies: readonly NamedDeputy[],
    by: { userId: string; at: Date },
  ): Promise<void> {
    await tx.query(
      `insert into deputies (id, csm_id, user_id, from_on, to_on, named_by, named_at)
       select d.id, $1, d.user_id, d.from_on, d.to_on, $2, $3
       from unnest($4::uuid[], $5::uuid[], $6::date[], $7::date[]) as d (id, user_id, from_on, to_on)`,
      [
        csmId,
        by.userId,
        by.at,
        deputies.map(() => newId()),
        deputies.map(({ userId }) => userId),
        deputies.map(({ from }) => from),
        deputies.map(({ to }) => to),
      ],
    );
  }

  async end(tx: Transaction, ids: readonly string[], by: { userId: string; at: Date }): Promise<void> {
    await tx.query('update deputies set ended_by = $2, ended_at = $3 where id = any($1::uuid[])', [
      ids,
      by.userId,
      by.at,
    ]);
  }
}
